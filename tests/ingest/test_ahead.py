"""Parts that are made in a thread while the one before is being used."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from ipvi_cli.ingest.ahead import ahead


def test_the_next_part_is_made_while_one_is_used() -> None:
    second = Event()

    def parts() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    seen = []
    for part in ahead(parts()):
        assert second.wait(10)
        seen.append(part)
    assert seen == [1, 2]


@pytest.mark.parametrize("parts", [[], [None], [0, None, 1]])
def test_all_parts_come_in_order(parts: list[int | None]) -> None:
    assert list(ahead(parts)) == parts


def test_an_error_is_raised_after_the_parts_before_it() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise KeyError

    made = ahead(parts())
    assert next(made) == 1
    with pytest.raises(KeyError):
        next(made)


def test_an_unfinished_use_ends_the_thread() -> None:
    made = ahead(iter(range(10**6)))
    assert next(made) == 0
    made.close()  # type: ignore[attr-defined]
    assert list(made) == []
