"""The watch for harm: what it sets beside what, when it speaks up, and when there is too little to tell."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from ipvi_cli.evaluate.harm import (
    INCIDENT_SCHEMA,
    VICTIM_SCHEMA,
    alarms,
    around_start,
    soon_after,
    spans,
)
from ipvi_cli.evaluate.notices import FOLLOW_SCHEMA

START, SINCE, UNTIL = date(2018, 3, 1), date(2016, 1, 1), date(2020, 12, 31)
NO_INCIDENTS = pl.DataFrame(schema=INCIDENT_SCHEMA)
NO_VICTIMS = pl.DataFrame(schema=VICTIM_SCHEMA)


def incidents(
    before: tuple[int, int], after: tuple[int, int], *, column: str = "injured"
) -> pl.DataFrame:
    """Make incidents of one day a side: how many of how many have it."""
    rows = []
    for day, (part, whole) in ((date(2017, 5, 2), before), (date(2018, 5, 2), after)):
        rows += [(f"{day}-{n}", day, n < part) for n in range(whole)]
    made = pl.DataFrame(rows, schema=["incident_id", "date", column], orient="row")
    blank = pl.lit(None)
    return made.with_columns(
        *(blank.alias(name) for name in INCIDENT_SCHEMA if name not in made.columns)
    ).select(pl.col(name).cast(kind) for name, kind in INCIDENT_SCHEMA.items())


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2016, 1, 1), date(2020, 12, 31), (date(2016, 3, 1), date(2020, 3, 1), 2)),
        (date(2017, 3, 1), date(2019, 2, 28), (date(2017, 3, 1), date(2019, 3, 1), 1)),
        (date(2017, 3, 2), date(2020, 12, 31), (START, START, 0)),
        (date(2016, 1, 1), date(2019, 2, 27), (START, START, 0)),
    ],
)
def test_as_many_whole_years_stand_on_both_sides(
    since: date, until: date, expected: tuple[date, date, int]
) -> None:
    assert spans(START, since, until) == expected


def test_shares_before_and_after_agree_with_a_published_difference() -> None:
    # Newcombe 1998, table II, example (a): 56/70 less 48/80, method 10, 0.0524 to 0.3339.
    rows = around_start(incidents((48, 80), (56, 70)), NO_VICTIMS, START, SINCE, UNTIL)

    injured = rows.filter(pl.col("measure") == "injured")
    assert injured["group"].to_list() == ["before", "after", "difference"]
    assert injured["numerator"].to_list() == [48, 56, None]
    difference = injured.row(2, named=True)
    assert difference["value"] == pytest.approx(0.2)
    assert difference["ci_lower"] == pytest.approx(0.0524, abs=5e-5)
    assert difference["ci_upper"] == pytest.approx(0.3339, abs=5e-5)


@pytest.mark.parametrize(
    ("after", "fewer", "said"),
    [
        ((56, 70), True, "victims may call less"),
        ((56, 70), False, "rose beyond chance"),
        ((42, 70), True, None),
        ((2, 70), True, None),
    ],
)
def test_a_greater_share_injured_is_said_and_fewer_reports_with_it(
    after: tuple[int, int], fewer: bool, said: str | None
) -> None:
    rows = around_start(incidents((48, 80), after), NO_VICTIMS, START, SINCE, UNTIL)
    told = alarms(rows, fewer)
    assert (said is None) == (not told)
    assert said is None or said in told[0]


def test_both_arrested_is_said() -> None:
    made = incidents((1, 90), (20, 90), column="both_arrested")
    rows = around_start(made, NO_VICTIMS, START, SINCE, UNTIL)
    assert "both partners were arrested" in alarms(rows, False)[0]


def test_too_little_is_told_with_how_much_is_needed() -> None:
    rows = around_start(incidents((4, 20), (9, 70)), NO_VICTIMS, START, SINCE, UNTIL)
    assert set(rows["part"]) == {"refused"}
    assert rows["note"].str.contains("at least 30 are needed").all()
    short = around_start(NO_INCIDENTS, NO_VICTIMS, START, START, UNTIL)
    assert "a whole year" in short["note"][0]


def followed(persons: int) -> pl.DataFrame:
    rows = pl.DataFrame({"person_id": [f"p{n}" for n in range(persons)], "index_on": START})
    blank = [pl.lit(None).alias(name) for name in FOLLOW_SCHEMA if name not in rows.columns]
    return rows.with_columns(blank).select(pl.col(n).cast(k) for n, k in FOLLOW_SCHEMA.items())


@pytest.mark.parametrize(("day", "counts", "alarmed"), [(30, [20, 0], True), (31, [0, 20], False)])
def test_the_first_thirty_days_stand_beside_the_next(
    day: int, counts: list[int], alarmed: bool
) -> None:
    people = followed(40)
    again = people.head(20).select("person_id", date=START + timedelta(days=day))

    rows = soon_after(people, again, people.select("person_id"), UNTIL)

    assert rows["numerator"].to_list() == counts
    assert rows["denominator"].to_list() == [40, 40]
    assert bool(alarms(rows, False)) == alarmed


def test_who_left_or_was_seen_too_shortly_is_not_in_it() -> None:
    people = followed(40).with_columns(
        left_on=pl.when(pl.col("person_id") == "p0").then(START + timedelta(days=9))
    )
    nobody = pl.DataFrame(schema={"person_id": pl.String, "date": pl.Date})
    whom = people.select("person_id")
    assert soon_after(people, nobody, whom, UNTIL)["denominator"].to_list() == [39, 39]
    short = soon_after(people, nobody, whom, START + timedelta(days=59))
    assert short["part"].to_list() == ["refused"]
