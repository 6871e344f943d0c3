"""Identifiers of persons within their incident, and their age at it."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from ipvi_cli.ingest.feeds import Feed
from ipvi_cli.ingest.persons import ages_at, number_persons
from ipvi_cli.model.profile_sources import ColumnMap

KEYS = pl.DataFrame({"_ordinal": [0, 1]}, schema={"_ordinal": pl.UInt32})
KNOWN = pl.DataFrame(
    schema={"_row": pl.Int64, "_item": pl.Int64, "_number": pl.Int64, "_first": pl.Boolean}
)


def rows(**more: list[object]) -> pl.DataFrame:
    told = {"_row": [0, 1], "_item": [0, 0], "_stated": [True, True], "incident_id": ["A:1", "A:1"]}
    return pl.DataFrame({**told, **more}, strict=False)


def numbered(
    feed: Feed, fed: int = 0, known: pl.DataFrame = KNOWN, **more: list[object]
) -> pl.DataFrame:
    return number_persons(rows(**more), feed, KEYS, known, fed)


def feed(
    table: str = "victim", *, group: int = 0, total: int = 1, step: int = 1, **columns: str
) -> Feed:
    mapped = {name: ColumnMap(column=column) for name, column in columns.items()}
    return Feed(table, mapped, {}, {}, None, group, group, total, step)


def test_persons_are_counted_within_the_incident() -> None:
    assert numbered(feed())["victim_id"].to_list() == ["A:1:V1", "A:1:V2"]
    assert numbered(feed(group=1, total=3))["victim_id"].to_list() == ["A:1:V2", "A:1:V5"]


def test_persons_of_a_second_source_stay_apart() -> None:
    assert numbered(feed("offender"), fed=1)["offender_id"].to_list() == ["A:1:O2.1", "A:1:O2.2"]


def test_known_persons_keep_their_number() -> None:
    known = pl.DataFrame([(1, 0, 1, False)], schema=KNOWN.schema, orient="row")
    found = numbered(feed(), known=known)
    assert found.select("victim_id", "_first").rows() == [("A:1:V1", True), ("A:1:V1", False)]


@pytest.mark.parametrize("fed", [0, 1])
def test_numbers_of_the_source_name_the_person(fed: int) -> None:
    found = numbered(feed("offender", offender_number="n"), fed, offender_number=[0, None])
    counted = "O1002" if fed == 0 else "O2.1002"
    assert found["offender_id"].to_list() == ["A:1:O0", f"A:1:{counted}"]
    assert found["offender_unknown"].to_list() == [True, False]


def test_rows_that_state_nobody_are_left_out() -> None:
    assert numbered(feed(), _stated=[False, True])["victim_id"].to_list() == ["A:1:V2"]


@pytest.mark.parametrize(
    ("birth", "day", "stated", "age"),
    [
        (dt.date(1990, 5, 2), dt.date(2019, 5, 1), None, 28),
        (dt.date(1990, 5, 1), dt.date(2019, 5, 1), None, 29),
        (dt.date(2000, 2, 29), dt.date(2019, 2, 28), None, 18),
        (dt.date(2000, 2, 29), dt.date(2019, 3, 1), None, 19),
        (dt.date(2019, 5, 1), dt.date(2019, 5, 1), None, 0),
        (dt.date(2019, 5, 2), dt.date(2019, 5, 1), None, None),
        (dt.date(1990, 5, 1), dt.date(2019, 5, 1), 40, 40),
        (None, dt.date(2019, 5, 1), None, None),
        (dt.date(1990, 5, 1), None, None, None),
    ],
)
def test_age_at_the_incident(
    birth: dt.date | None, day: dt.date | None, stated: int | None, age: int | None
) -> None:
    persons = pl.DataFrame(
        {"_row": [0], "birth_date": [birth], "age_years": [stated]},
        schema={"_row": pl.Int64, "birth_date": pl.Date, "age_years": pl.Int64},
    )
    occurred = pl.DataFrame(
        {"_row": [0], "occurred_on": [day]}, schema={"_row": pl.Int64, "occurred_on": pl.Date}
    )
    assert ages_at(persons, occurred)["age_years"].to_list() == [age]


def test_without_births_or_dates_nothing_changes() -> None:
    persons = pl.DataFrame({"_row": [0], "age_years": [3]})
    assert ages_at(persons, None).equals(persons)
