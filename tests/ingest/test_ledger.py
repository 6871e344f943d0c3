"""Fates and numbers of rows, from their hashes alone."""

from __future__ import annotations

import polars as pl
import pytest

from ipvi_cli.ingest.feeds import Feed
from ipvi_cli.ingest.ledger import (
    HASHES,
    Account,
    all_new,
    each_apart,
    repeated_files,
    settle,
)
from ipvi_cli.ingest.mentions import Mentions

NOBODY = pl.Series(dtype=pl.UInt64)


def rows(*told: tuple[int, int | None, bool, bool, int]) -> pl.DataFrame:
    """Rows of row hash, incident hash, refused, opens, input."""
    return pl.DataFrame(told, schema=HASHES, orient="row")


def fates(account: Account) -> list[str]:
    return account.fates(slice(0, account.codes.len())).to_list()


@pytest.mark.parametrize(
    ("told", "seen", "expected"),
    [
        ([(1, 7, False, True, 0), (2, 7, False, True, 0)], [], ["new", "merged"]),
        ([(1, 7, False, True, 0), (1, 7, False, True, 1)], [], ["new", "duplicate"]),
        ([(1, 7, False, True, 0), (2, 8, False, True, 0)], [7], ["merged", "new"]),
        ([(1, 7, False, False, 0), (2, 7, False, True, 0)], [], ["merged", "new"]),
        ([(1, 7, False, False, 0), (2, 8, False, True, 0)], [], ["new", "new"]),
        ([(1, 7, False, False, 0), (2, 8, False, True, 0)], [7], ["merged", "new"]),
        ([(1, 7, False, False, 0), (2, 7, False, False, 0)], [7], ["new", "new"]),
        ([(1, None, True, True, 0), (1, None, True, True, 0)], [], ["new", "new"]),
        ([(1, None, False, False, 0), (1, None, False, False, 0)], [], ["new", "duplicate"]),
        ([], [], []),
    ],
)
def test_fates(
    told: list[tuple[int, int | None, bool, bool, int]], seen: list[int], expected: list[str]
) -> None:
    account = settle(rows(*told), [], seen=pl.Series(seen, dtype=pl.UInt64))
    assert fates(account) == expected


def test_rows_are_numbered_within_their_incident_duplicates_left_out() -> None:
    told = rows(
        (1, 7, False, True, 0), (2, 8, False, True, 0), (1, 7, False, True, 0),
        (3, 7, False, True, 0), (4, 7, False, True, 1),
    )  # fmt: skip
    account = settle(told, [], seen=NOBODY)
    assert account.ordinals.to_list() == [0, 0, 0, 1, 2]


def test_incidents_of_several_inputs_are_counted_by_the_later_input() -> None:
    told = rows(
        (1, 7, False, True, 0), (2, 8, False, True, 0), (1, 7, False, True, 1),
        (3, 8, False, True, 1), (4, 9, False, True, 1), (5, 9, False, True, 2),
    )  # fmt: skip
    assert settle(told, [], seen=NOBODY).overlaps == {1: 2, 2: 1}


def test_persons_known_again_keep_their_number_across_groups_and_rows() -> None:
    told = rows((1, 7, False, True, 0), (2, 8, False, True, 0), (3, 7, False, True, 0))
    groups = [Feed("victim", {}, {}, {}, None, group, group, 2, 1) for group in (0, 1)]
    mentions = [
        Mentions(0, groups[0], pl.Series([50, 60, 70], dtype=pl.UInt64), apart=False),
        Mentions(1, groups[1], pl.Series([None, 61, 50], dtype=pl.UInt64), apart=False),
    ]
    account = settle(told, mentions, seen=NOBODY)
    # Rows of incidents with one row need no numbers of their own.
    assert account.mentioned(0, slice(0, 3)).rows() == [(0, 0, 1, True), (2, 0, 3, True)]
    assert account.mentioned(1, slice(0, 3)).rows() == [(0, 0, 2, True), (2, 0, 1, False)]
    assert account.mentioned(1, slice(1, 3)).rows() == [(1, 0, 1, False)]
    assert account.mentioned(5, slice(0, 3)).is_empty()


def test_numbers_given_twice_in_one_input_are_two_persons_and_in_two_inputs_one() -> None:
    told = rows((1, 7, False, False, 0), (2, 7, False, False, 0), (3, 7, False, False, 1))
    feed = Feed("victim", {}, {}, {}, None, 0, 0, 1, 1)
    hashes = pl.Series([50, 50, 50], dtype=pl.UInt64)
    account = settle(told, [Mentions(0, feed, hashes, apart=True)], seen=NOBODY)
    assert account.mentioned(0, slice(0, 3))["_first"].to_list() == [True, True, False]


def test_files_of_the_same_bytes_are_found() -> None:
    hashes = [("a", "1"), ("b", "2"), ("c", "1"), ("d", "1")]
    assert repeated_files(hashes) == {"c": "a", "d": "a"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(1, 7, False, True, 0), (2, 8, False, True, 1)], True),
        ([(1, 7, False, True, 0), (2, 7, False, True, 0)], False),
        ([(1, 7, False, True, 0), (2, 8, False, False, 0)], False),
        ([(1, 7, False, True, 0), (2, 8, True, True, 0)], False),
        ([(1, 7, False, True, 0), (2, None, False, True, 0)], False),
        ([], True),
    ],
)
def test_rows_that_each_open_an_incident_need_no_settling(
    told: list[tuple[int, int | None, bool, bool, int]], expected: bool
) -> None:
    assert each_apart(rows(*told)) is expected
    if expected:
        settled, plain = settle(rows(*told), [], seen=NOBODY), all_new(len(told))
        assert settled.codes.equals(plain.codes)
        assert settled.ordinals.equals(plain.ordinals)
