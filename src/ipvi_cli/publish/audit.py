"""What a reader could work out of withheld counts: linear programs over all that is shown and known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_ROUNDS: Final = 16
"""How often, at most, all counts of a component are pushed up or down at once, at random."""

_IDLE: Final = 2
"""After so many rounds that widened no range enough, there is little to hope for."""

_NEAR: Final = 3
"""At first no count moves further than so many thresholds: more is not asked, and keeps none from moving."""

_FAR: Final = 1000
"""Later a count may move so many thresholds, so that there is always a least and a most."""

_FAR_ROUNDS: Final = 6

_ALONE: Final = 20_000
"""Up to so many counts that are left, times those of their component, each is looked at alone at the end."""

_EPSILON: Final = 1e-6


def narrow(
    values: Sequence[int],
    least: Mapping[int, int],
    relations: Iterable[Mapping[int, int]],
    wanted: Iterable[int],
    width: int,
) -> list[int]:
    """Find the counts of which the range that a reader can work out is narrower than allowed.

    Args:
        values: True counts.
        least: What a reader does not know, and the least that each can be.
        relations: What holds between counts.
        wanted: Those of the unknown that are looked at.
        width: Narrowest range that is allowed.
    """
    goals = set(wanted)
    found: list[int] = []
    rows_left = _telling(relations, least, goals)
    for unknown, rows in _components(least, rows_left):
        targets = [place for place, one in enumerate(unknown) if one in goals]
        if targets and rows:
            component = _component(values, least, unknown, rows)
            found += [unknown[place] for place in component.narrow(targets, width)]
    return sorted(found)


def _telling(
    relations: Iterable[Mapping[int, int]], least: Mapping[int, int], goals: Collection[int]
) -> list[dict[int, int]]:
    """Give the unknowns of each relation that tells anything.

    A sum that stands in no other relation is what its parts make it, and tells nothing of them.
    """
    kept = [relation for relation in relations if not least.keys().isdisjoint(relation)]
    often = Counter(one for relation in kept for one in relation)
    free = {one for one, low in least.items() if often[one] == 1 and not low} - set(goals)
    return [
        {one: sign for one, sign in relation.items() if one in least}
        for relation in kept
        if not _is_sum(relation, free)
    ]


def _is_sum(relation: Mapping[int, int], free: Collection[int]) -> bool:
    """Say whether all but one that is free are added up in a relation."""
    for one, sign in relation.items():
        if one in free:
            others = [other for place, other in relation.items() if place != one]
            if all((other > 0) != (sign > 0) for other in others):
                return True
    return False


def _components(
    least: Mapping[int, int], relations: Sequence[dict[int, int]]
) -> Iterable[tuple[list[int], list[dict[int, int]]]]:
    """Give the unknowns that hang together, and their relations."""
    parent = {one: one for one in least}

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for row in relations:
        tops = sorted({root(one) for one in row})
        for top in tops[1:]:
            parent[top] = tops[0]
    unknown: dict[int, list[int]] = {}
    for one in sorted(least):
        unknown.setdefault(root(one), []).append(one)
    rows: dict[int, list[dict[int, int]]] = {top: [] for top in unknown}
    for row in relations:
        rows[root(next(iter(row)))].append(row)
    return [(unknown[top], rows[top]) for top in sorted(unknown)]


def _component(
    values: Sequence[int],
    least: Mapping[int, int],
    unknown: Sequence[int],
    rows: Sequence[Mapping[int, int]],
) -> _Component:
    from scipy.sparse import csr_matrix

    place = {one: number for number, one in enumerate(unknown)}
    row_of = [number for number, row in enumerate(rows) for _ in row]
    column = [place[one] for row in rows for one in row]
    factors = [float(sign) for row in rows for sign in row.values()]
    matrix = csr_matrix((factors, (row_of, column)), shape=(len(rows), len(unknown)))
    truth = np.array([values[one] for one in unknown], float)
    low = np.array([least[one] for one in unknown], float)
    return _Component(matrix, matrix @ truth, truth, low)


@dataclass(frozen=True)
class _Component:
    """Counts that hang together: ``matrix`` times them gives ``sums``."""

    matrix: csr_matrix
    sums: np.ndarray
    truth: np.ndarray
    least: np.ndarray

    def narrow(self, targets: Sequence[int], width: int) -> list[int]:
        """Give the targets whose range is narrower than allowed, as far as pushing them about can tell.

        Whatever is not in the answer was seen to have a range that is wide enough; of what is, a few may have one.
        """
        low, high = self.truth.copy(), self.truth.copy()
        random = np.random.default_rng(0)
        left = np.array(targets)
        for reach, rounds in ((_NEAR, _ROUNDS), (_FAR, _FAR_ROUNDS)):
            least = np.maximum(self.least, self.truth - reach * width)
            bounds = np.stack([least, self.truth + reach * width], axis=1)
            idle = 0
            for _ in range(rounds):
                if not len(left) or idle == _IDLE:
                    break
                goal = np.zeros(len(self.truth))
                goal[left] = random.choice((-1.0, 1.0), len(left))
                for sign in (1, -1):
                    self._reach(sign * goal, bounds, low, high)
                wide = (high - low)[left] >= width - _EPSILON
                idle = 0 if wide.any() else idle + 1
                left = left[~wide]
        found = [int(one) for one in left]
        if len(found) * len(self.truth) > _ALONE:
            return found
        far = np.stack([self.least, self.truth + _FAR * width], axis=1)
        return [one for one in found if not self._wide(one, far, low, high, width)]

    def _wide(
        self, one: int, bounds: np.ndarray, low: np.ndarray, high: np.ndarray, width: int
    ) -> bool:
        """Say whether the range of a count is wide enough, by its most and its least."""
        goal = np.zeros(len(self.truth))
        for sign in (-1.0, 1.0):
            goal[one] = sign
            self._reach(goal, bounds, low, high)
            if high[one] - low[one] >= width - _EPSILON:
                return True
        return False

    def _reach(
        self, goal: np.ndarray, bounds: np.ndarray, low: np.ndarray, high: np.ndarray
    ) -> None:
        """Widen the ranges by the counts for which a goal is least; one that is not found widens nothing."""
        from scipy.optimize import linprog

        solved = linprog(goal, A_eq=self.matrix, b_eq=self.sums, bounds=bounds, method="highs")
        if solved.status == 0:
            np.minimum(low, solved.x, out=low)
            np.maximum(high, solved.x, out=high)
