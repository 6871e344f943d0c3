"""Complementary suppression: what must be withheld besides, so that nothing withheld can be worked out."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from ipvi_cli.publish.audit import narrow
from ipvi_cli.publish.system import Relation, System

_RANK: Final = {"total": 2, "year": 1}
"""What is withheld late: years, then totals."""
_LAST: Final = 3


class Complement:
    """Chooses what is withheld, until no range that a reader can work out is too narrow.

    Args:
        system: Counts and what holds between them.
        hidden: Unknowns that are withheld in any case.
        known: Unknowns that readers have from elsewhere, withheld or not.
        blank: Unknowns that stand only in tables that are withheld as a whole.
        width: Narrowest range that is allowed.
        last: Unknowns that are withheld only where nothing else is left.
        some: Unknowns of tables in which nothing is 0.
    """

    def __init__(
        self,
        system: System,
        *,
        hidden: Collection[int],
        known: Collection[int],
        blank: Collection[int],
        width: int,
        last: Collection[int] = (),
        some: Collection[int] = (),
    ) -> None:
        self.values = system.values
        self.relations = system.relations
        self.keys = system.keys
        self.known = frozenset(known)
        self.width = width
        self.some = frozenset(some)
        self.in_figures = {one for row in system.cells for one in row if one >= 0}
        self.blank = set(blank)
        self.hidden = (set(hidden) | self.blank) & self.in_figures
        self.unknown = (self.hidden | set(range(len(self.values))) - self.in_figures) - self.known
        # A great count of a table that is withheld as a whole tells of nobody.
        great = {one for one in self.blank if self.values[one] > width}
        found = (self.hidden | system.small) - self.known - great
        self.goals = {one for one in found if self.values[one] > 0}
        self.of: list[list[int]] = [[] for _ in self.values]
        for number, relation in enumerate(self.relations):
            for one in relation:
                self.of[one].append(number)
        self.last = self._bound(last)
        self.audits = 0

    def _bound(self, last: Collection[int]) -> frozenset[int]:
        """Add to some unknowns what is equal to them as long as zeros are shown: withheld, it takes them with it."""
        bound, waiting = set(last), list(last)
        while waiting:
            for number in self.of[waiting.pop()]:
                some = [one for one in self.relations[number] if self.values[one]]
                if len(some) == 2:
                    waiting += set(some) - bound
                    bound.update(some)
        return frozenset(bound)

    def chosen(self) -> set[int]:
        """Give all unknowns that are withheld."""
        self._within(deque(range(len(self.relations))))
        wide: set[int] = set()
        while True:
            looked_at = self.goals - wide
            found = self._narrow(looked_at)
            wide |= looked_at - set(found)
            if not found:
                return self.hidden
            self.audits += 1
            more = 2 ** (self.audits - 1)
            chosen = {one for cell in found for one in self._around(cell, more)}
            if not chosen:
                return self.hidden
            for one in sorted(chosen):
                self._hide(one)
                self._within(deque(self.of[one]))

    def _narrow(self, goals: Iterable[int]) -> list[int]:
        least = {one: self._least(one) for one in self.unknown}
        return narrow(self.values, least, self.relations, goals, self.width)

    def _least(self, one: int) -> int:
        """Give the least that a reader can take a count for.

        A 0 is shown, unless its table is withheld or it would tell that those without the property are few; the
        reader is taken to know which it is. Of a part that does not occur a table has no row.
        """
        surely = one not in self.blank or one in self.some
        return int(one in self.hidden and surely and self.values[one] > 0)

    def _room(self, one: int) -> int:
        return self.values[one] - self._least(one)

    def _hide(self, one: int) -> None:
        self.hidden.add(one)
        self.unknown.add(one)
        self.goals.add(one)

    def _within(self, waiting: deque[int]) -> None:
        """Withhold more wherever a single relation leaves too narrow a range."""
        while waiting:
            relation = self.relations[waiting.popleft()]
            while (short := self._shortage(relation)) is not None:
                one = self._cheapest(relation, *short)
                if one is None:
                    break
                self._hide(one)
                waiting.extend(self.of[one])

    def _shortage(self, relation: Relation) -> tuple[int, int] | None:
        """Look for a count of which a relation leaves too narrow a range.

        Returns:
            Its sign, and how much room is lacking; ``None`` where every range is wide enough.
        """
        unknown = [one for one in relation if one in self.unknown]
        room = {1: 0, -1: 0}
        number = {1: 0, -1: 0}
        for one in unknown:
            sign = 1 if relation[one] > 0 else -1
            room[sign] += self._room(one)
            number[sign] += 1
        for one in unknown:
            if one not in self.goals:
                continue
            sign = 1 if relation[one] > 0 else -1
            own = self._room(one)
            up = self.width if number[-sign] else room[sign] - own
            down = own if number[sign] > 1 else min(own, room[-sign])
            if up + down < self.width:
                return sign, self.width - up - down
        return None

    def _free(self, cells: Iterable[int]) -> list[int]:
        """Give those of some counts that are shown and could be withheld."""
        return [
            one
            for one in cells
            if one in self.in_figures
            and one not in self.hidden
            and one not in self.known
            and self.values[one] > 0
        ]

    def _cheapest(self, relation: Relation, sign: int, lack: int) -> int | None:
        """Choose the smallest count of a relation that gives enough room, else the one that gives most."""
        free = self._free(relation)
        # One that is withheld besides may be no less than 1.
        enough = [one for one in free if relation[one] * sign < 0 or self.values[one] > lack]
        if enough:
            return min(enough, key=self._cost)
        return max(free, key=lambda one: (self.values[one], -one), default=None)

    def _cost(self, one: int) -> tuple[int, int, int]:
        key = self.keys[one]
        rank = _RANK.get(key.place, 0) if key and not key.part else 0
        return _LAST if one in self.last else rank, self.values[one], one

    def _around(self, cell: int, number: int) -> Sequence[int]:
        """Choose the smallest counts in the relations of one, or of the withheld ones around it.

        Where nothing is left to choose, what is withheld hangs together with nothing that is shown but zeros, and
        all of it may be any number of times as great.
        """
        seen, edge = {cell}, [cell]
        late: list[int] = []
        while edge:
            numbers = dict.fromkeys(number for one in edge for number in self.of[one])
            around = dict.fromkeys(one for number in numbers for one in self.relations[number])
            free = self._free(around)
            early = [one for one in free if one not in self.last]
            if early:
                return sorted(early, key=self._cost)[:number]
            late = late or free
            edge = [one for one in around if one in self.unknown and one not in seen]
            seen.update(edge)
        return sorted(late, key=self._cost)[:number]
