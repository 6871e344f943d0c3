"""Pairs to persons: links are taken from the strongest to the weakest, and none is taken that would make a chain.

The usual way, all records that links connect are one person, lets one false link join two persons with everything
that belongs to each. Here a link is refused where the two groups that it would join speak against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

LARGEST_PERSON: Final = 1_000
"""Records that compared links may give one person; more is a habit of writing and no person."""

_FEW: Final = 3
_LEAST_LINKED: Final = 0.1
"""Of the pairs between two groups of at least ``_FEW`` records, the share that must be links by themselves."""


@dataclass(frozen=True)
class Clusters:
    """Persons at two thresholds.

    Attributes:
        strict: Lowest record of each record's person.
        strict_probability: The weakest link on the best way to that record; 1 for a record alone.
        loose: The same at the loose threshold; every strict person lies within one loose person.
        loose_probability: As above.
        refused: Links that were refused, by reason.
    """

    strict: np.ndarray
    strict_probability: np.ndarray
    loose: np.ndarray
    loose_probability: np.ndarray
    refused: dict[str, int]


@dataclass
class _Persons:
    """Persons in the making."""

    births: Sequence[str | None]
    apart: dict[int, set[int]]
    crowded: frozenset[int]
    root: list[int] = field(default_factory=list)
    members: list[list[int]] = field(default_factory=list)
    weakest: list[float] = field(default_factory=list)
    linked: dict[int, dict[int, float]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self.births)
        self.root = list(range(count))
        self.members = [[number] for number in range(count)]
        self.weakest = [1.0] * count

    def join(self, a: int, b: int, probability: float, *, checked: bool) -> None:
        """Make one person of two, unless something speaks against it."""
        first, second = sorted((self.root[a], self.root[b]))
        if first == second:
            return
        reason = self._against(first, second, checked=checked)
        if reason is not None:
            self.refused[reason] = self.refused.get(reason, 0) + 1
            return
        if len(self.members[first]) == 1:
            self.weakest[first] = probability
        for member in self.members[second]:
            self.root[member] = first
            self.weakest[member] = probability
        self.members[first] += self.members[second]
        self.members[second] = []

    def _against(self, first: int, second: int, *, checked: bool) -> str | None:
        one, other = self.members[first], self.members[second]
        if self.apart and any(
            not self.apart[member].isdisjoint(other) for member in one if member in self.apart
        ):
            return "decided or known to be apart"
        if not checked:
            return None
        if len(one) + len(other) > LARGEST_PERSON:
            return "too many records"
        births = [(member, self.births[member]) for member in one if self.births[member]]
        for member in other:
            born = self.births[member]
            for there, its in births:
                if not born or not its or born == its or not differ(born, its):
                    continue
                crowded = member in self.crowded or there in self.crowded
                if within_a_year(born, its) and not crowded:
                    continue
                if there not in self.linked.get(member, {}):
                    return "two dates of birth"
        if min(len(one), len(other)) >= _FEW:
            within = set(one)
            links = sum(len(within.intersection(self.linked.get(each, ()))) for each in other)
            if links < _LEAST_LINKED * len(one) * len(other):
                return "a chain"
        return None


def differ(one: str, other: str) -> bool:
    """Say whether two dates of birth, ``YYYY-MM-DD``, are more than a slip of the pen apart.

    They are not where two of day, month and year agree, where day and month are exchanged, or where at most two digits
    differ.
    """
    a, b = one.split("-"), other.split("-")
    if sum(x == y for x, y in zip(a, b, strict=True)) >= 2 or (a[0], a[1]) == (b[0], b[2]):
        return False
    return sum(x != y for x, y in zip(one, other, strict=True)) > 2


def within_a_year(one: str, other: str) -> bool:
    """Say whether two dates of birth lie within about a year, as they do where clerks reckon them from an age."""
    return abs(int(one[:4]) - int(other[:4])) <= 1


def joined(pairs: Iterable[tuple[int, int]], records: int) -> list[int]:
    """Give the lowest record of each record's group, when all that the pairs connect is one."""
    persons = _Persons([None] * records, {}, frozenset())
    for a, b in pairs:
        persons.join(a, b, 1.0, checked=False)
    return persons.root


def make_persons(
    births: Sequence[str | None],
    pairs: pl.DataFrame,
    *,
    strict: float,
    loose: float,
    decided: Iterable[tuple[int, int]] = (),
    exact: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
    crowded: Iterable[int] = (),
) -> Clusters:
    """Make persons of records.

    Args:
        births: Full date of birth of each record, ``YYYY-MM-DD``.
        pairs: ``a``, ``b``, ``probability`` and ``evidence`` of compared pairs.
        strict: Least probability of a link at the strict threshold.
        loose: Least probability at the loose one.
        decided: Pairs that a person decided to be one.
        exact: Pairs that share a number of one person, or that the agency itself ties together.
        apart: Pairs that are never one person.
        crowded: Records of a name with so many dates of birth that two within a year are no slip of the pen.
    """
    kept = pairs.filter(pl.col("probability") >= loose).sort(
        "probability", "evidence", "a", "b", descending=[True, True, False, False]
    )
    forbidden: dict[int, set[int]] = {}
    for a, b in apart:
        forbidden.setdefault(a, set()).add(b)
        forbidden.setdefault(b, set()).add(a)
    persons = _Persons(births, forbidden, frozenset(crowded))
    rows = list(kept.select("a", "b", "probability").iter_rows())
    for a, b, probability in rows:
        persons.linked.setdefault(a, {})[b] = probability
        persons.linked.setdefault(b, {})[a] = probability
    for a, b in (*decided, *exact):
        persons.join(a, b, 1.0, checked=False)
    start = 0
    snapshots = []
    for least in (strict, loose):
        while start < len(rows) and rows[start][2] >= least:
            persons.join(*rows[start], checked=True)
            start += 1
        snapshots.append((np.array(persons.root), np.array(persons.weakest)))
    (one, one_weak), (other, other_weak) = snapshots
    return Clusters(one, one_weak, other, other_weak, persons.refused)
