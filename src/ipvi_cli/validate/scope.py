"""What a rule may look at: the counted rows of each table, joined views, the classified pairs, the profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ipvi_cli.model.finding import Frames
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.validate.keys import (
    KEY,
    Keys,
    among,
    compact,
    differences,
    hashed,
    joined,
    keys_in_order,
)

PLACE: Final = ("source_file", "source_row")
"""Where a person finds a row."""

PART: Final = 2_000_000
"""Incidents that are joined at once: some 300 MB."""

ELDERS: Final = ("PA", "GP")
YOUNGERS: Final = ("CH", "GC")


Made = TypeVar("Made")


class InputLike(Protocol):
    """What the control totals need to know of an input."""

    @property
    def file(self) -> str:
        """Name of the input."""

    @property
    def rows_read(self) -> int:
        """Rows read from it."""


class Scope:
    """The delivery as the rules see it; what several rules need is computed once.

    Args:
        tables: Canonical tables by name, all columns.
        profile: What the columns mean.
        pairs: Classified pairs, or ``None``.
        incidents: Classified incidents, or ``None``.
        inputs: The account of every input.
    """

    def __init__(
        self,
        tables: Frames,
        profile: Profile,
        pairs: pl.LazyFrame | None,
        incidents: pl.LazyFrame | None,
        inputs: Sequence[InputLike],
    ) -> None:
        self.every_row = dict(tables)
        self.profile = profile
        self.inputs = tuple(inputs)
        self.filled: dict[tuple[str, str], int] = {}
        self.heights: dict[str, int] = {}
        self._keys: dict[tuple[str, str], NDArray[np.uint64]] = {}
        self._compared: dict[str, tuple[Keys, Keys]] = {}
        self._made: dict[object, object] = {}
        self._tables = dict(tables)
        self._all_new = False
        self._lies_alike: dict[str, bool] = {}
        self._look_at_fates()
        self._classified = {"pairs": pairs, "incidents": incidents}
        self._columns = {name: set(table.collect_schema()) for name, table in self._tables.items()}
        for name, frame in self._classified.items():
            if frame is not None:
                self._columns[name] = set(frame.collect_schema())

    def _look_at_fates(self) -> None:
        """Leave out the rows that feed no counts; to look whether there are any spares each reading a filter."""
        fate = pl.col("row_fate")
        seen = pl.collect_all(
            [
                table.select(
                    pl.len(), fate.is_in(_fates(name)).sum().alias("counted"),
                    (fate == "new").sum().alias("new"),
                )
                for name, table in self._tables.items()
            ],
            engine="streaming",
        )  # fmt: skip
        for name, counts in zip(list(self._tables), seen, strict=True):
            rows, counted, new = counts.row(0)
            self.heights[name] = counted
            if counted < rows:
                self._tables[name] = self._tables[name].filter(fate.is_in(_fates(name)))
            if name == "incident":
                self._all_new = counted == new

    def table(self, name: str) -> pl.LazyFrame | None:
        """Give the counted rows of a canonical table, ``pairs`` or ``incidents``; ``None`` where there is none."""
        return self._classified[name] if name in self._classified else self._tables.get(name)

    def has(self, name: str, *columns: str) -> bool:
        """Say whether a table is there with these columns, none of them known to be blank throughout."""
        return (
            name in self._columns
            and set(columns) <= self._columns[name]
            and all(self.filled.get((name, column), 1) for column in columns)
        )

    def rows(self, name: str) -> int:
        """Count the rows of a table that feed counts."""
        if name not in self.heights:
            frame = self.table(name)
            rows = 0 if frame is None else frame.select(pl.len()).collect(engine="streaming").item()
            self.heights[name] = rows
        return self.heights[name]

    def view(self, name: str) -> tuple[pl.LazyFrame, ...]:
        """Give the rows that a row rule is evaluated on, a table or one of ``VIEWS``, in one or several parts."""
        if name in VIEWS:
            return VIEWS[name][1](self)
        frame = self.table(name)
        return () if frame is None else (frame,)

    @cached_property
    def opened(self) -> pl.LazyFrame | None:
        """The first row of each incident, keyed."""
        incident = self.table("incident")
        if incident is None:
            return None
        if self._all_new:
            return self.keyed("incident")
        return incident.filter(pl.col("row_fate") == "new").with_columns(hashed("incident_id"))

    def keyed(self, table: str) -> pl.LazyFrame:
        """Give the counted rows of a table with the key of their incident.

        Where they lie as the incidents do, the keys of these are laid beside them, and no identifier is read again.
        """
        frame = self.table(table)
        assert frame is not None
        if self.lies_alike(table):
            keys = pl.DataFrame({KEY: self.keys("incident", "incident_id")})
            return pl.concat([frame, keys.lazy()], how="horizontal")
        return frame.with_columns(hashed("incident_id"))

    @property
    def merges(self) -> bool:
        """Whether an incident has further rows besides its first one."""
        return not self._all_new

    def once(self, make: Callable[[Scope], Made]) -> Made:
        """Give what a function makes of the delivery, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[return-value]

    @cached_property
    def flagged(self) -> int:
        """Number of incident rows with the domestic violence flag."""
        incident = self.table("incident")
        if incident is None:
            return 0
        return int(incident.select(pl.col("dv_flag").sum()).collect(engine="streaming").item())

    def keys(self, table: str, column: str) -> NDArray[np.uint64]:
        """Give the keys of an identifier column in the order of the counted rows, without nulls."""
        if (table, column) not in self._keys:
            frame = self.table(table)
            assert frame is not None
            self._keys[table, column] = keys_in_order(frame, column)
        return self._keys[table, column]

    def compared(self, table: str) -> tuple[Keys, Keys]:
        """Give the keys of incidents that a table names and that are not there, and of those that it does not name."""
        if table not in self._compared:
            named, there = self._named(table), self.keys("incident", "incident_id")
            self._compared[table] = differences(named, there)
        return self._compared[table]

    def lies_alike(self, table: str) -> bool:
        """Say whether a table has one row for each incident, in the order in which the incidents lie."""
        if table not in self._lies_alike:
            if not self.has(table) or not self.has("incident"):
                return False
            self._named(table)
        return self._lies_alike[table]

    def _named(self, table: str) -> NDArray[np.uint64]:
        """Give the keys of the incidents that a table names, in the order of its rows, without nulls."""
        there = self.keys("incident", "incident_id")
        if self._lies_alike.get(table):
            return there
        frame = self.table(table)
        assert frame is not None
        named = there if table == "incident" else keys_in_order(frame, "incident_id")
        self._lies_alike[table] = (
            self._all_new
            and named.size == self.rows(table) == self.rows("incident")
            and np.array_equal(named, there)
        )
        return named


@dataclass(frozen=True)
class Aged:
    """Pairs with the ages of both.

    Attributes:
        rows: Pairs that an age rule may refuse, with ``victim_age`` and ``offender_age``.
        checkable: Pairs of parent and child or grandparent and grandchild with both ages, refused or not.
    """

    rows: pl.DataFrame
    checkable: int


View = Callable[[Scope], tuple[pl.LazyFrame, ...]]
"""Gives the rows of a joined view in parts, so that no join holds more than ``PART`` incidents in memory."""


def _fates(table: str) -> tuple[str, ...]:
    return (*COUNTED_FATES, "total") if table == "tally" else COUNTED_FATES


def _beside_incident(table: str) -> View:
    def joined(scope: Scope) -> tuple[pl.LazyFrame, ...]:
        rows, incident = scope.table(table), scope.opened
        if rows is None or incident is None:
            return ()
        dates = incident.select(KEY, "occurred_on", "reported_on", "clearance", "cleared_on")
        keyed = rows.with_columns(hashed("incident_id"))
        parts = -(-scope.rows("incident") // PART) or 1
        return tuple(
            keyed.filter(of_part).join(dates.filter(of_part), on=KEY, how="inner")
            for of_part in (pl.col(KEY) % parts == part for part in range(parts))
        )

    return joined


def _aged(scope: Scope) -> tuple[pl.LazyFrame, ...]:
    doubtful = scope.once(aged_pairs)
    return () if doubtful is None else (doubtful.rows.lazy(),)


def aged_pairs(scope: Scope) -> Aged | None:
    """Set the ages of both beside the pairs whose tie says something about ages.

    Pairs are told apart by the keys of victim and offender until only those are left that a rule may refuse.
    """
    pairs, victim, offender = (scope.table(name) for name in ("pairs", "victim", "offender"))
    if pairs is None or victim is None or offender is None:
        return None
    code = pl.col("nibrs_code")
    generation = code.is_in([*ELDERS, *YOUNGERS]).fill_null(False)
    young = pl.any_horizontal("victim_under_18", "offender_under_18").fill_null(False)
    partners = pl.col("relationship_class") == "intimate_partner"
    keyed = pairs.with_columns(
        hashed(f"{name}_id").alias(f"{name}_key") for name in ("victim", "offender")
    )
    rows = (
        keyed.filter((young & partners) | generation)
        .select("victim_key", "offender_key", code)
        .collect(engine="streaming")
    )
    for name, persons in (("victim", victim), ("offender", offender)):
        key = f"{name}_key"
        ages = (
            persons.select(
                hashed(f"{name}_id").alias(key), pl.col("age_years").alias(f"{name}_age")
            )
            .filter(among(key, rows[key]))
            .group_by(key)
            .agg(pl.col(f"{name}_age").min())
            .collect(engine="streaming")
        )
        rows = rows.join(ages, on=key, how="left")
    victim_age, offender_age = pl.col("victim_age"), pl.col("offender_age")
    in_order = (code.is_in(ELDERS) & (victim_age > offender_age)) | (
        code.is_in(YOUNGERS) & (victim_age < offender_age)
    )
    both = victim_age.is_not_null() & offender_age.is_not_null()
    checkable = int(rows.select((generation & both).sum()).item())
    rows = rows.filter((generation & both & ~in_order) | ~generation).drop("nibrs_code").unique()
    near = keyed.filter(among("victim_key", rows["victim_key"]))
    back = near.join(rows.lazy(), on=["victim_key", "offender_key"], how="inner")
    kept = ("incident_id", "victim_id", "offender_id", "relationship_class", "nibrs_code")
    doubtful = back.select(*kept, "victim_age", "offender_age").collect(engine="streaming")
    return Aged(compact(doubtful), checkable)


VIEWS: Final[dict[str, tuple[str, View]]] = {
    **{
        f"{name}+incident": (name, _beside_incident(name))
        for name in ("victim", "offender", "arrest", "charge", "call")
    },
    "pairs+ages": ("pairs", _aged),
}  # fmt: skip
"""Joined views by name, with the table whose rows they hold."""


def base(view: str) -> str:
    """Name the table whose rows a view holds."""
    return VIEWS[view][0] if view in VIEWS else view


def pair_columns(scope: Scope) -> tuple[str, ...]:
    """Name the columns besides the incident that it takes to find the row that states the tie of a pair."""
    return () if scope.lies_alike("relationship") else ("victim_id", "offender_id")


def locate(scope: Scope, rows: pl.DataFrame, of: str) -> pl.DataFrame:
    """Say in which file and row the incidents or pairs are found.

    Args:
        scope: The delivery.
        rows: Rows with ``incident_id`` and, for pairs, ``pair_columns``.
        of: Table, ``pairs`` or ``incidents`` that the rows are among.

    Returns:
        The same rows in the same order with ``source_file`` and ``source_row``: the row that states the pair's tie,
        else the first one of the incident; null where neither is known.
    """
    if set(PLACE) <= set(rows.columns):
        return rows
    pair = [name for name in pair_columns(scope) if of == "pairs"]
    rest = rows.with_row_index("_row").select("_row", "incident_id", *pair)
    index = {"_row": rest.schema["_row"], "source_file": pl.String(), "source_row": pl.Int64()}
    tries = [("relationship", ["incident_id", *pair]), ("relationship", ["incident_id"])]
    found: list[pl.DataFrame] = []
    for name, columns in [*(tries if of == "pairs" else ()), ("incident", ["incident_id"])]:
        table = scope.table(name)
        if table is None or not rest.height:
            continue
        if columns == ["incident_id"]:
            wanted, keyed = rest.select("_row", hashed(*columns)), scope.keyed(name)
        else:
            wanted, keyed = (
                rest.select("_row", joined(*columns)),
                table.with_columns(joined(*columns)),
            )
        near = keyed.select(KEY, *PLACE).filter(among(KEY, wanted[KEY]))
        first = near.collect(engine="streaming")
        if first[KEY].is_duplicated().any():
            first = first.sort(KEY, *PLACE).unique(KEY, keep="first", maintain_order=True)
        placed = wanted.join(first, on=KEY, how="inner").select("_row", *PLACE)
        found.append(placed)
        rest = rest.join(placed, on="_row", how="anti")
    places = pl.concat([pl.DataFrame(schema=index), *found])
    located = rows.with_row_index("_row").join(places, on="_row", how="left", maintain_order="left")
    return compact(located.drop("_row"))


def agency_of(incident_id: str = "incident_id") -> pl.Expr:
    """Give the agency of an incident: what stands before the first colon of its identifier."""
    return (
        pl.col(incident_id)
        .str.splitn(":", 2)
        .struct.rename_fields(["agency", "number"])
        .struct.field("agency")
    )
