"""A reader who wants to know what was withheld: linear programs over what is shown and what counts mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

SIDES = ("numerator", "denominator", "undetermined")
NOTED = "most counts of this breakdown"
NO_SHARES = ("B02", "B06", "B10", "B11", "B12", "I05", "T05")
NOT_ADDED_UP = (
    "A01",
    "A02",
    "A05",
    "A12",
    "B02",
    "B10",
    "B11",
    "B12",
    "I05",
    "S01",
    "S02",
    "S03",
    "S04",
)
NOBODY = ("months", "days", "agencies", "files", "columns")
ONE_OF_EACH = {
    "A04": "reason",
    "C11": "tie",
    "G11": "kind",
    "G16": "outcome",
    "F01": "class",
    "X01": "kind",
}
"""Figures of which each thing is one of the parts."""
SAME = (
    ("B08.numerator", "B09.numerator"), ("B08.undetermined", "B09.undetermined"),
    ("C01.denominator", "C07.denominator"), ("C07.denominator", "C08.denominator"),
    ("C07.undetermined", "C08.undetermined"), ("B08.numerator", "C07.denominator"),
    ("C05.denominator", "C06.denominator"), ("C05.undetermined", "C06.undetermined"),
    ("A03.denominator", "A04.denominator"), ("A03.denominator", "A08.denominator"),
    ("C11.denominator", "C12.denominator"), ("A07.denominator", "A10.denominator"),
    ("C04.denominator", "C07.denominator"), ("C09.denominator", "C07.denominator"),
    ("C10.denominator", "C07.denominator"), ("C14.denominator", "C07.denominator"),
    ("A03.denominator", "J03.denominator"), ("A04.numerator", "J03.numerator"),
)  # fmt: skip
SUMS = (
    (("B07.numerator", "B07.undetermined"), "B09.denominator"),
    (("A03.numerator", "A04.numerator"), "A03.denominator"),
    (("C13.numerator", "C13.undetermined"), "B08.numerator"),
)
INSIDE = (("C06.numerator", "C05.numerator"), ("C08.numerator", "C07.numerator"))

Cell = tuple[str, str, str, str]
"""Figure, breakdown, group and side."""


class Attacker:
    """Reads a release.

    Args:
        shown: Figures as they are given away.
        true: The same with nothing withheld: to see which cells hold a count, and later what was found.
    """

    def __init__(self, shown: pl.DataFrame, true: pl.DataFrame) -> None:
        self.told: dict[Cell, int] = {}
        self.hidden: dict[Cell, int] = {}
        self.least: list[float] = []
        self.truth: list[int] = []
        self.whole_table: set[Cell] = set()
        self.tables: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.rows: list[tuple[dict[int, float], float]] = []
        self.at_most: list[tuple[dict[int, float], float]] = []
        for seen, real in zip(shown.iter_rows(named=True), true.iter_rows(named=True), strict=True):
            if real["counting_unit"] in NOBODY or real["figure_id"] in ("B02", "B11"):
                continue
            self.tables[real["figure_id"], real["by"]].append(real["group"])
            for side in SIDES:
                if real[side] is None:
                    continue
                cell = (real["figure_id"], real["by"], real["group"], side)
                if seen[side] is not None:
                    self.told[cell] = seen[side]
                    continue
                gone = NOTED in (seen["note"] or "")
                # A 0 is shown, but for one next to few without the property; which it is, the reader is taken to know.
                sure = not gone and real[side] > 0
                self.hidden[cell] = len(self.least)
                self.least.append(float(sure))
                self.truth.append(real[side])
                if gone:
                    self.whole_table.add(cell)
        self._know()

    def exposed(self, width: int) -> list[Cell]:
        """Name the withheld cells that are bounded more narrowly than allowed.

        Great counts of tables that are withheld as a whole, and zeros, tell of nobody.
        """
        size = len(self.least)
        equal, most = self._matrix(self.rows), self._matrix(self.at_most)
        wanted = {
            place: cell
            for cell, place in self.hidden.items()
            if self.truth[place] > 0
            and (cell not in self.whole_table or self.truth[place] <= width)
        }
        low, high = np.array(self.truth, float), np.array(self.truth, float)

        def push(goal: np.ndarray, limit: np.ndarray) -> None:
            bounds = np.stack([np.array(self.least), limit], axis=1)
            solved = linprog(
                goal, A_eq=equal[0], b_eq=equal[1], A_ub=most[0], b_ub=most[1], bounds=bounds, method="highs"
            )  # fmt: skip
            assert solved.status == 0, solved.message
            np.minimum(low, solved.x, out=low)
            np.maximum(high, solved.x, out=high)

        near, far = (np.array(self.truth, float) + reach for reach in (40, 10_000))
        random = np.random.default_rng(7)
        left = list(wanted)
        for _ in range(10):
            if left:
                goal = np.zeros(size)
                goal[left] = random.choice((-1.0, 1.0), len(left))
                push(goal, near)
                push(-goal, near)
                left = [one for one in left if high[one] - low[one] < width - 1e-6]
        for one in left:
            goal = np.zeros(size)
            for sign in (1.0, -1.0):
                goal[one] = sign
                push(goal, far)
        return sorted(wanted[one] for one in left if high[one] - low[one] < width - 1e-6)

    def _matrix(self, rows: Sequence[tuple[dict[int, float], float]]):  # type: ignore[no-untyped-def]
        if not rows:
            return None, None
        where = [
            (number, place, factor)
            for number, (row, _) in enumerate(rows)
            for place, factor in row.items()
        ]
        number, place, factor = zip(*where, strict=True)
        shape = (len(rows), len(self.least))
        return coo_matrix((factor, (number, place)), shape=shape).tocsr(), [
            rest for _, rest in rows
        ]

    def _take(self, plus: Iterable[Cell], minus: Iterable[Cell], *, at_most: bool = False) -> None:
        """Know that two sums are equal, or that the first is no more; a cell that is not there counts nothing."""
        row: dict[int, float] = defaultdict(float)
        rest = 0.0
        for sign, cells in ((1.0, plus), (-1.0, minus)):
            for cell in cells:
                if cell in self.hidden:
                    row[self.hidden[cell]] += sign
                else:
                    rest -= sign * self.told.get(cell, 0)
        row = {place: factor for place, factor in row.items() if factor}
        if row:
            (self.at_most if at_most else self.rows).append((row, rest))

    def _there(self, cell: Cell) -> bool:
        return cell in self.told or cell in self.hidden

    def _know(self) -> None:
        for (figure, by), groups in self.tables.items():
            for group in groups:
                cells = {side: (figure, by, group, side) for side in SIDES}
                if figure not in NO_SHARES and self._there(cells["denominator"]):
                    parts = [cells["numerator"], cells["undetermined"]]
                    self._take(parts, [cells["denominator"]], at_most=True)
            if figure not in NOT_ADDED_UP and not figure.startswith(("T", "I")):
                self._know_places(figure, by, groups)
                self._know_parts(figure, by, groups)
            if figure.startswith("T") and figure != "T05" and by.startswith("year/"):
                above = by.rpartition("/")[0]
                self._under(figure, by, groups, above, lambda group: group.rpartition("/")[0])
        self._know_repeated()

    def _under(self, figure, by, groups, above, name, sides=SIDES) -> None:  # type: ignore[no-untyped-def]
        if (figure, above) not in self.tables:
            return
        families = defaultdict(list)
        for group in groups:
            families[name(group)].append(group)
        for whole, members in families.items():
            for side in sides:
                parts = [(figure, by, group, side) for group in members]
                if self._there((figure, above, whole, side)) and any(map(self._there, parts)):
                    self._take(parts, [(figure, above, whole, side)])

    def _know_places(self, figure: str, by: str, groups: list[str]) -> None:
        place, _, part = by.partition("/")
        if place not in ("year", "month", "agency", "district"):
            return
        sides = SIDES if not part else ("numerator",)
        size = part.count("/") + 1 if part else 0

        def tail(group: str) -> str:
            return "/".join(group.split("/")[-size:]) if size else "total"

        self._under(figure, by, groups, part or "total", tail, sides)
        if place == "month":
            under = "year/" + part if part else "year"
            self._under(figure, by, groups, under, lambda group: group[:4] + group[7:] if group[:4].isdigit()
                        else group, sides)  # fmt: skip

    def _know_parts(self, figure: str, by: str, groups: list[str]) -> None:
        part = ONE_OF_EACH.get(figure)
        if part is None or not (by == part or by.endswith(f"/{part}")):
            return
        place = by.removesuffix(part).removesuffix("/") or "total"
        of = (
            (lambda group: group.rpartition("/")[0])
            if place != "total"
            else (lambda _group: "total")
        )
        if figure == "C11":
            for group in groups:
                self._take(
                    [(figure, by, group, "denominator")], [("C12", place, of(group), "denominator")]
                )
            families = defaultdict(list)
            for group in groups:
                families[of(group)].append(group)
            for whole, members in families.items():
                if self._there(("C12", place, whole, "denominator")):
                    parts = [(figure, by, group, "numerator") for group in members]
                    self._take(parts, [("C12", place, whole, "denominator")])
        else:
            self._under(figure, by, groups, place, of, ("numerator",))

    def _know_repeated(self) -> None:
        def pairs(names: Sequence[str]) -> Iterable[list[Cell]]:
            split = [name.split(".") for name in names]
            for (figure, by), groups in self.tables.items():
                if figure == split[0][0]:
                    for group in groups:
                        cells = [(other, by, group, side) for other, side in split]
                        if all(map(self._there, cells)):
                            yield cells

        for one, other in SAME:
            for left, right in pairs((one, other)):
                self._take([left], [right])
        for parts, whole in SUMS:
            for cells in pairs((whole, *parts)):
                self._take(cells[1:], cells[:1])
        for small, big in INSIDE:
            for left, right in pairs((small, big)):
                self._take([left], [right], at_most=True)
