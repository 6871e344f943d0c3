"""Chance that can be repeated: everything drawn comes from one seed, the same on every machine.

Only ``Random.random`` is used, because Python promises its sequence for all versions; ``choice`` and ``shuffle``
carry no such promise.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of draws of its own for each purpose, so that more of one thing changes nothing else.

    Args:
        seed: Seed of the sample.
        purpose: What is drawn.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        self._draw = random.Random(f"{seed}/{purpose}").random

    def hit(self, share: float) -> bool:
        """Say yes in this share of the draws."""
        return self._draw() < share

    def between(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + int(self._draw() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of several, each as likely."""
        return options[int(self._draw() * len(options))]

    def weighted(self, options: Sequence[tuple[T, int]]) -> T:
        """Draw one of several by weight."""
        mark = self._draw() * sum(weight for _, weight in options)
        for option, weight in options:
            mark -= weight
            if mark < 0:
                return option
        return options[-1][0]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Give the items in an order drawn at random."""
        marks = sorted((self._draw(), place) for place in range(len(items)))
        return [items[place] for _, place in marks]


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Split a number into whole parts in given proportions, so that the parts add up to it.

    Args:
        total: Number to split.
        weights: Proportions, not all zero.

    Returns:
        One part for each weight; what rounding leaves goes to the largest remainders, the first of equals first.
    """
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(one) for one in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts
