"""Cells read as the types of canonical columns."""

from __future__ import annotations

import polars as pl
import pytest

from ipvi_cli.ingest.values import cells, read_age, read_whole, read_yes_no, replace
from ipvi_cli.model.profile_sources import ColumnMap

NULLS = frozenset({"NULL"})


def texts(*values: str | None) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


@pytest.mark.parametrize(
    ("mapped", "expected"),
    [
        (ColumnMap(column="a"), ["x", None, None, "p-q", "UNK"]),
        (ColumnMap(column="a", null_words=["UNK"]), ["x", None, None, "p-q", None]),
        (ColumnMap(column="a", split="-", part=2), [None, None, None, "q", None]),
        (ColumnMap(column="a", split="-", part=-1), ["x", None, None, "q", "UNK"]),
        (ColumnMap(columns=["a", "b"], join="/"), ["x/1", "2", None, "p-q", "UNK/NULLS"]),
        (ColumnMap(columns=["b", "a"], split=" ", part=1), ["1", "2", None, "p-q", "NULLS"]),
        (ColumnMap(constant=2018), ["2018"] * 5),
        (ColumnMap(constant=True), ["True"] * 5),
    ],
)
def test_cells_of_a_mapped_column(mapped: ColumnMap, expected: list[str | None]) -> None:
    frame = pl.DataFrame(
        {"a": [" x ", "NULL", "  ", "p-q", "UNK"], "b": ["1", "2", None, "NULL", "NULLS"]}
    )
    assert cells(frame, mapped, NULLS).to_list() == expected


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12), ("1,234", 1234), ("1,234,567", 1234567), ("12.0", 12), ("12.", 12), ("+5", 5),
        ("-5", -5), ("1,23", None), ("12.5", None), ("1e3", None), ("12 rows", None), ("", None),
        ("99999999999999999999", None), (None, None),
    ],
)  # fmt: skip
def test_whole_numbers(cell: str | None, number: int | None) -> None:
    assert read_whole(texts(cell)).to_list() == [number]


@pytest.mark.parametrize(
    ("cell", "age", "bad"),
    [
        ("30", 30, False), ("007", 7, False), ("30.0", 30, False), ("17 YRS", 17, False), ("17yo", 17, False),
        ("age 12", 12, False), ("00", 0, False), ("99", 99, False), ("NN", 0, False), ("nb", 0, False),
        ("BB", 0, False), ("6 months", 0, False), ("18 MO", 1, False), ("10 days", 0, False),
        ("60 weeks", 1, False), ("unknown", None, False), ("30s", None, True), ("25-30", None, True),
        ("18+", None, True), ("-3", None, True), ("about 30", None, True), ("1975", None, True),
        (None, None, False),
    ],
)  # fmt: skip
def test_ages(cell: str | None, age: int | None, bad: bool) -> None:
    ages, unread = read_age(texts(cell), nibrs=False)
    assert (ages.to_list(), unread.to_list()) == ([age], [bad])


def test_nibrs_age_00_is_unknown_and_no_fault() -> None:
    ages, unread = read_age(texts("00", "01"), nibrs=True)
    assert (ages.to_list(), unread.to_list()) == ([None, 1], [False, False])


@pytest.mark.parametrize(
    ("mapped", "expected"),
    [
        (ColumnMap(column="c"), [True, False, None, None]),
        (ColumnMap(column="c", otherwise="no"), [True, False, False, None]),
        (ColumnMap(column="c", otherwise="yes"), [True, False, True, None]),
        (ColumnMap(column="c", yes=["n"]), [None, True, None, None]),
        (ColumnMap(column="c", yes=["maybe"], no=["Y"]), [False, None, True, None]),
        (ColumnMap(column="c", yes=["maybe"], otherwise="unknown"), [None, False, True, None]),
    ],
)
def test_yes_and_no_words(mapped: ColumnMap, expected: list[bool | None]) -> None:
    assert read_yes_no(texts("y", "N", "Maybe", None), mapped).to_list() == expected


def test_a_list_is_a_yes_when_any_part_is() -> None:
    mapped = ColumnMap(column="c", split="||", yes=["Domestic"], no=["Other"])
    read = read_yes_no(texts("a || DOMESTIC", "Other||a", "a", "Other||domestic"), mapped)
    assert read.to_list() == [True, False, None, True]


def test_words_that_are_not_listed_become_null() -> None:
    assert replace(texts("a", "b", None), {"a": "1"}, pl.String()).to_list() == ["1", None, None]
    assert replace(texts("a"), {}, pl.String()).to_list() == [None]
