"""All counts of a set of figures as unknowns, and everything that is declared to hold between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import polars as pl

from ipvi_cli.model.disclosure import PLACES, SAME, Counted, Side
from ipvi_cli.publish.primary import COUNTS, of_persons, parts_of_whole

SIDES: Final[tuple[Side, ...]] = ("numerator", "denominator", "undetermined")

Relation = dict[int, int]
"""Unknown to coefficient: the products add up to 0."""


class Key(NamedTuple):
    """What a count adds up; two counts of the same key are one."""

    level: str
    measure: str
    part_name: str
    place: str
    group: str
    part: str

    @property
    def family(self) -> tuple[str, str, str]:
        """Give what is counted, whatever the group."""
        return self[:3]


@dataclass
class System:
    """Counts and what holds between them.

    Attributes:
        values: True count of each unknown.
        keys: What each unknown adds up; those that stand in no figure have none.
        cells: Unknown of each figure row and each of ``COUNTS``; -1 where there is no count of persons.
        relations: What holds between the unknowns.
        small: Unknowns in no figure that are too small to be worked out.
        contradicted: Declared relations that do not hold in the figures, which no reader can use.
    """

    values: list[int] = field(default_factory=list)
    keys: list[Key | None] = field(default_factory=list)
    cells: list[list[int]] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    small: set[int] = field(default_factory=set)
    contradicted: list[tuple[Key | None, ...]] = field(default_factory=list)
    at: dict[Key, int] = field(default_factory=dict)
    _seen: set[frozenset[tuple[int, int]]] = field(default_factory=set)

    def add(self, value: int, key: Key | None = None) -> int:
        """Take in an unknown."""
        self.values.append(value)
        self.keys.append(key)
        number = len(self.values) - 1
        if key is not None:
            self.at[key] = number
        return number

    def equal(self, plus: Iterable[int], minus: Iterable[int]) -> None:
        """Take in that two sums are equal."""
        relation: Relation = defaultdict(int)
        for sign, several in ((1, plus), (-1, minus)):
            for one in several:
                relation[one] += sign
        relation = {one: sign for one, sign in relation.items() if sign}
        if not relation:
            return
        if sum(sign * self.values[one] for one, sign in relation.items()):
            self.contradicted.append(tuple(self.keys[one] for one in relation))
            return
        first = relation[min(relation)]
        seen = frozenset((one, sign * first) for one, sign in relation.items())
        if seen not in self._seen:
            self._seen.add(seen)
            self.relations.append(relation)

    def at_most(self, small: Sequence[int], big: Sequence[int]) -> int | None:
        """Take in that a sum is no more than another; give the unknown that stands for the difference."""
        rest = sum(self.values[one] for one in big) - sum(self.values[one] for one in small)
        if rest < 0:
            self.contradicted.append(tuple(self.keys[one] for one in (*small, *big)))
            return None
        added = self.add(rest)
        self.equal([*small, added], big)
        return added


def merged(made: System) -> System:
    """Make one unknown of those that are equal by a relation.

    Args:
        made: Counts and what holds between them.

    Returns:
        The same with fewer unknowns. Of several keys the one nearest to a total stands for all.
    """
    parent = list(range(len(made.values)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for relation in made.relations:
        if sorted(relation.values()) == [-1, 1]:
            one, other = (root(each) for each in relation)
            parent[max(one, other)] = min(one, other)
    tops = sorted({root(one) for one in parent})
    place = {top: number for number, top in enumerate(tops)}
    new = [place[root(one)] for one in range(len(parent))]
    fewer = System(
        values=[made.values[top] for top in tops],
        keys=[None] * len(tops),
        cells=[[new[one] if one >= 0 else one for one in row] for row in made.cells],
        small={new[one] for one in made.small},
        contradicted=made.contradicted,
        at={key: new[number] for key, number in made.at.items()},
    )
    for number, key in enumerate(made.keys):
        held = fewer.keys[new[number]]
        if key is not None and (held is None or _rank(key) < _rank(held)):
            fewer.keys[new[number]] = key
    for relation in made.relations:
        plus = [new[one] for one, sign in relation.items() for _ in range(sign)]
        minus = [new[one] for one, sign in relation.items() for _ in range(-sign)]
        fewer.equal(plus, minus)
    return fewer if len(fewer.values) == len(made.values) else merged(fewer)


def _rank(key: Key) -> int:
    return PLACES.index(key.place) + len(PLACES) * bool(key.part)


def collected(figures: pl.DataFrame, counted: Iterable[Counted], threshold: int) -> System:
    """Number the counts of figures, and take in what holds within each row.

    Args:
        figures: ``FIGURE_SCHEMA``, with nothing withheld.
        counted: What the counts add up.
        threshold: Counts from 1 to this are too small.
    """
    told: dict[tuple[str, str, str], Counted] = {
        (one.figure_id, one.by, one.side): one for one in counted
    }
    rows = figures.select(
        "figure_id", "by", "group", *COUNTS, of_persons().alias("_persons"),
        parts_of_whole().fill_null(False).alias("_whole"),
    )  # fmt: skip
    made = System()
    triples: set[tuple[int, ...]] = set()
    for figure_id, by, group, *counts, persons, whole in rows.iter_rows():
        cells = [-1, -1, -1]
        for place, (side, value) in enumerate(zip(SIDES, counts, strict=True)):
            if value is not None and persons:
                key = _key(figure_id, by, group, side, told)
                cells[place] = _numbered(made, key, value, figure_id)
        made.cells.append(cells)
        part, denominator, doubt = cells
        if whole and part >= 0 and denominator >= 0 and tuple(cells) not in triples:
            triples.add(tuple(cells))
            rest = made.at_most([one for one in (part, doubt) if one >= 0], [denominator])
            if rest is not None and 1 <= made.values[rest] <= threshold:
                made.small.add(rest)
    return made


def canonical(key: Key) -> Key:
    """Give the key that stands for a count, of the two that it may have."""
    if not key.part and (own := SAME.get((key.level, key.measure))):
        return Key(*own, "", key.place, key.group, "")
    return key


def _key(
    figure_id: str, by: str, group: str, side: Side, told: Mapping[tuple[str, str, str], Counted]
) -> Key:
    one = told.get((figure_id, by, side)) or _for_itself(figure_id, by, side)
    place, part = _split(group, one)
    if one.whole:
        return canonical(Key(one.level, one.measure, "", one.place, place, ""))
    return canonical(Key(one.level, one.measure, one.part, one.place, place, part))


def _for_itself(figure_id: str, by: str, side: Side) -> Counted:
    place, _, part = by.partition("/")
    if place not in PLACES:
        place, part = "total", by
    return Counted(figure_id, by, side, figure_id, side, place, part)


def _split(group: str, one: Counted) -> tuple[str, str]:
    """Split the group of a row into its place and its part."""
    if not one.part:
        return group, ""
    if one.place == "total":
        return "total", group
    if one.place == "district":
        # The district of one of several agencies is named with its agency.
        pieces = group.rsplit("/", one.part.count("/") + 1)
        return pieces[0], "/".join(pieces[1:])
    place, _, part = group.partition("/")
    return place, part


def _numbered(made: System, key: Key, value: int, figure_id: str) -> int:
    number = made.at.get(key)
    if number is not None and made.values[number] != value:
        # Two counts that ought to be one and are not: each for itself.
        key = key._replace(level=f"{figure_id}:{key.level}")
        number = made.at.get(key)
    return made.add(value, key) if number is None else number
