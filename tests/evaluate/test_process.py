"""Enforcement: a violated order counts as answered when an arrest of the same person follows in time."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from ipvi_cli.evaluate.notices import FOLLOW_SCHEMA, doubtful
from ipvi_cli.evaluate.outcomes import OUTCOME_SCHEMA
from ipvi_cli.evaluate.process import process
from ipvi_cli.model.tables import polars_schema

INDEX, UNTIL = date(2019, 1, 10), date(2019, 12, 31)


def enforced(violated: date, arrested: tuple[str, date]) -> pl.DataFrame:
    blank = dict.fromkeys(FOLLOW_SCHEMA)
    follow = pl.DataFrame(
        [blank | {"person_id": "p", "level": "C", "index_on": INDEX}], schema=FOLLOW_SCHEMA
    )
    outcomes = pl.DataFrame(
        [
            ("p", "order_violation", "O-1", violated, violated),
            (arrested[0], "any_arrest", "A-1", arrested[1], arrested[1]),
        ],
        schema=OUTCOME_SCHEMA, orient="row",
    )  # fmt: skip
    rows = process(_notices(), follow, outcomes, UNTIL)
    return rows.filter(pl.col("measure") == "violation_arrest")


def _notices() -> pl.DataFrame:
    schema = polars_schema("notification") | {
        "person_id": pl.String,
        "linked": pl.Boolean,
    }
    row = dict.fromkeys(schema)
    return pl.DataFrame(
        [
            row
            | {
                "person_id": "p",
                "level": "C",
                "notified_on": INDEX,
                "delivered": True,
                "linked": True,
            }
        ],
        schema=schema,
    )


@pytest.mark.parametrize(
    ("who", "days", "answered"),
    [("p", 0, 1), ("p", 30, 1), ("p", 31, 0), ("p", -1, 0), ("q", 3, 0)],
)
def test_an_arrest_within_thirty_days_answers_a_violation(
    who: str, days: int, answered: int
) -> None:
    violated = date(2019, 6, 1)
    row = enforced(violated, (who, violated + timedelta(days=days))).row(0, named=True)
    assert (row["numerator"], row["denominator"]) == (answered, 1)


@pytest.mark.parametrize("violated", [INDEX, UNTIL - timedelta(days=3)])
def test_what_came_before_the_notice_or_was_not_seen_for_thirty_days_is_not_in_it(
    violated: date,
) -> None:
    row = enforced(violated, ("p", violated)).row(0, named=True)
    assert (row["numerator"], row["denominator"]) == (0, 0)


def test_dates_that_cannot_be_and_persons_seen_nowhere_else_are_told() -> None:
    one = _notices()
    rows = pl.concat(
        [
            one,
            one.with_columns(person_id=pl.lit("q"), notified_on=UNTIL + timedelta(days=1)),
            one.with_columns(person_id=pl.lit("r"), qualified_on=INDEX + timedelta(days=1)),
        ]
    )
    told = doubtful(rows, pl.DataFrame({"person_id": ["p", "r"]}), UNTIL)

    assert [line.split(":")[0].split(",")[0] for line in told] == [
        "1 of 3 delivered notices are dated after the end of the data",
        "1 of 3 delivered notices are dated before the day that qualified the person",
        "1 of 3 notified persons are in no other record. Either the records were not found to be theirs",
    ]
    assert doubtful(one, pl.DataFrame({"person_id": ["p"]}), UNTIL) == []
