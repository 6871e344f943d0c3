"""Which incident a row is of: declared normalisation, refused numbers, known agencies."""

from __future__ import annotations

import polars as pl
import pytest

from ipvi_cli.ingest.keys import (
    MISSING,
    SUSPECT,
    UNKNOWN_AGENCY,
    agency_words,
    normalised,
    rare_words,
    read_keys,
)
from ipvi_cli.model.profile_sections import Agency, IncidentNumber
from ipvi_cli.model.profile_sources import ColumnMap


def normal(number: str | None, **rule: object) -> str | None:
    frame = pl.DataFrame({"cell": [number]}, schema={"cell": pl.String})
    return frame.select(normalised(IncidentNumber(**rule))).item()


@pytest.mark.parametrize(
    ("number", "rule", "expected"),
    [
        ("19-00123", {}, "19-00123"),
        ("19-123", {}, "19-123"),
        (" ab-1 ", {}, "AB-1"),
        (" ab-1 ", {"upper": False}, "ab-1"),
        ("19-123", {"pad": 5}, "19-00123"),
        ("19-00123", {"pad": 5}, "19-00123"),
        ("19-000123", {"pad": 5}, "19-000123"),
        ("19-123A", {"pad": 5}, "19-123A"),
        ("#19-123", {"strip": "#"}, "19-123"),
        ("19 123.4", {"strip": " ."}, "191234"),
        ("19^1]2-3", {"strip": "^]-"}, "19123"),
        ("19-123", {"century": 20}, "2019-123"),
        ("2019-123", {"century": 20}, "2019-123"),
        ("190123", {"century": 20}, "190123"),
        ("#19-123", {"strip": "#-", "century": 20, "pad": 6}, "2019123"),
        ("19-000123", {"strip": "-", "century": 20}, "2019000123"),
        ("##", {"strip": "#"}, None),
        ("", {}, None),
        (None, {"pad": 3}, None),
    ],
)
def test_only_what_is_declared_is_changed(
    number: str | None, rule: dict[str, object], expected: str | None
) -> None:
    assert normal(number, **rule) == expected


def keyed(
    numbers: list[str | None], agencies: list[str | None] | None = None, **more: object
) -> pl.DataFrame:
    listed = more.pop("listed", [Agency(id="TOWN", aliases=["Town  Police"])])
    required = more.pop("required", True)
    usual = more.pop("usual", frozenset())
    frame = pl.DataFrame(
        {"n": numbers, "a": agencies or [None] * len(numbers)},
        schema={"n": pl.String, "a": pl.String},
    )
    return read_keys(
        frame,
        agency=None if agencies is None else ColumnMap(column="a"),
        number=ColumnMap(column="n"),
        words=agency_words(listed),
        rule=IncidentNumber(**more),
        nulls=frozenset({"NULL"}),
        usual_words=usual,
        required=pl.repeat(required, frame.height, dtype=pl.Boolean, eager=True),
    )


def test_a_keyed_row_names_agency_and_number() -> None:
    assert keyed(["19-1"]).row(0) == ("TOWN:19-1", "TOWN", "19-1", None)


@pytest.mark.parametrize("number", [None, "", "  ", "NULL"])
def test_a_row_without_number_is_refused_where_one_is_needed(number: str | None) -> None:
    assert keyed([number]).row(0) == (None, None, None, MISSING)
    assert keyed([number], required=False).row(0) == (None, "TOWN", None, None)


@pytest.mark.parametrize(
    "number",
    [
        "see report 19-5", "SAME AS ABOVE", "pending", "12/1/2019", "2.01E+11", "2e11", "19-Jan", "Jan-19",
        "1-Feb-2019", "1" * 41, "19-1\n19-2", "19-SMITH-1", "--",
    ],
)  # fmt: skip
def test_what_does_not_look_like_a_number_is_refused(number: str) -> None:
    assert keyed([number])["refusal"].to_list() == [SUSPECT]


@pytest.mark.parametrize(
    "number", ["19-MAY-0012", "I19-00012", "2019/00012", "DV 19 12", "E19", "12E1"]
)
def test_unusual_numbers_are_taken(number: str) -> None:
    assert keyed([number])["refusal"].to_list() == [None]


def test_a_word_that_all_numbers_hold_is_no_note() -> None:
    refusals = keyed(["POLICE-19-1", "SMITHS-19-2"], usual=frozenset({"POLICE"}))["refusal"]
    assert refusals.to_list() == [None, SUSPECT]


def test_a_declared_pattern_decides_alone() -> None:
    refusals = keyed(["19-1", "NOTE ON 19-1", "1"], pattern=r"^\d\d-\d+$|^NOTE")["refusal"]
    assert refusals.to_list() == [None, None, SUSPECT]


def test_agencies_are_known_by_their_words_or_their_identifier() -> None:
    words = ["town", "TOWN  police ", "NY0123400", "Elsewhere", None]
    found = keyed(["1"] * 5, words)
    assert found["agency"].to_list() == ["TOWN", "TOWN", "NY0123400", None, "TOWN"]
    assert found["refusal"].to_list() == [None, None, None, UNKNOWN_AGENCY, None]


def test_a_blank_agency_is_refused_where_there_are_several() -> None:
    several = [Agency(id="A"), Agency(id="B")]
    assert keyed(["1", "1"], ["b", None], listed=several)["refusal"].to_list() == [
        None,
        UNKNOWN_AGENCY,
    ]


def test_long_letter_runs_are_counted() -> None:
    numbers = pl.Series(["POLICE-1", "POLICE-2", "AB-3", None])
    assert rare_words(numbers) == {"POLICE": 2}
    assert rare_words(numbers.clear()) == {}
