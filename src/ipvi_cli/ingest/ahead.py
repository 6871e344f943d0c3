"""Work on the next part while the one before is being used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Part = TypeVar("_Part")


def ahead(parts: Iterable[_Part]) -> Iterator[_Part]:
    """Make each part in a thread of its own while the one before is being used.

    Args:
        parts: Parts that cost time to make; two are held at once.

    Yields:
        The parts in order. An error in making one is raised where it would have come.
    """
    making = iter(parts)
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(_next, making)
        while made := pending.result():
            pending = pool.submit(_next, making)
            yield made[0]


def _next(making: Iterator[_Part]) -> tuple[_Part] | None:
    """Make a part; a generator's end cannot be told through a thread."""
    for part in making:
        return (part,)
    return None
