"""Survival estimates against published values, and fixed windows against a worked example."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.evaluate.charts import shown_counts, shown_steps
from ipvi_cli.evaluate.notices import FOLLOW_SCHEMA, followed
from ipvi_cli.evaluate.outcomes import OUTCOME_SCHEMA
from ipvi_cli.evaluate.recidivism import recidivism
from ipvi_cli.evaluate.survival import (
    cumulative_incidence,
    kaplan_meier,
    log_rank,
    spells,
    survival,
)

# Weeks in remission, Freireich et al. 1963, Blood 21:699; the values are those of textbooks.
MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"

# Weeks in remission of acute myelogenous leukemia, Miller 1981, Survival Analysis, page 49; the values are those that
# R's package survival prints of its data set aml.
MAINTAINED = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+"
NOT_MAINTAINED = "5 5 8 8 12 16+ 23 27 30 33 43 45"

# Days to death of myelomatosis by treatment, Peto et al. 1977, British Journal of Cancer 35:1; the test's value is that
# of Allison 1995, Survival Analysis Using the SAS System, chapter 3.
TREATED = "8 852+ 52 220 63 8 1976+ 1296+ 1460+ 63 1328+ 365+"
OTHERWISE_TREATED = "180 632 2240+ 195 76 70 13 1990+ 18 700 210 1296 23"


def read(text: str) -> tuple[list[float], list[bool]]:
    words = text.split()
    return [float(word.rstrip("+")) for word in words], [not word.endswith("+") for word in words]


def test_kaplan_meier_gives_the_published_values() -> None:
    curve = kaplan_meier(*read(MERCAPTOPURINE))

    assert curve["time"].to_list() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].to_list() == [21, 17, 15, 12, 11, 7, 6]
    assert curve["survival"].to_list() == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert curve["se"].to_list() == pytest.approx(
        [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5
    )


def test_intervals_are_those_that_stata_and_sas_print() -> None:
    curve = kaplan_meier(*read(MERCAPTOPURINE))

    assert curve["ci_lower"].to_list() == pytest.approx(
        [0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881], abs=6e-5
    )
    assert curve["ci_upper"].to_list() == pytest.approx(
        [0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801], abs=6e-5
    )


def test_kaplan_meier_gives_what_r_prints_of_aml() -> None:
    curve = kaplan_meier(*read(MAINTAINED))

    assert curve["time"].to_list() == [9, 13, 18, 23, 31, 34, 48]
    assert curve["at_risk"].to_list() == [11, 10, 8, 7, 5, 4, 2]
    assert curve["survival"].to_list() == pytest.approx(
        [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184], abs=5e-4
    )
    assert curve["se"].to_list() == pytest.approx(
        [0.0867, 0.1163, 0.1397, 0.1526, 0.1642, 0.1627, 0.1535], abs=5e-5
    )


@pytest.mark.parametrize(
    ("one", "other", "published", "p_published"),
    [
        (MERCAPTOPURINE, PLACEBO, 16.79, 0.0),
        (MAINTAINED, NOT_MAINTAINED, 3.40, 0.0653),
        (TREATED, OTHERWISE_TREATED, 1.3126, 0.2519),
    ],
    ids=["remission", "aml", "myelomatosis"],
)
def test_log_rank_gives_the_published_values(
    one: str, other: str, published: float, p_published: float
) -> None:
    first, second = read(one), read(other)
    groups = ["one"] * len(first[0]) + ["other"] * len(second[0])

    chi2, degrees, p = log_rank(first[0] + second[0], first[1] + second[1], groups)

    decimals = len(str(published).split(".")[1])
    assert chi2 == pytest.approx(published, abs=0.51 * 10**-decimals)
    assert degrees == 1
    assert p == pytest.approx(p_published, abs=1e-4)


def test_competing_ends_take_from_the_share_with_the_event() -> None:
    found = cumulative_incidence([1, 2, 3, 4], [1, 2, 0, 1])
    assert found["incidence"].to_list() == pytest.approx([0.25, 0.25, 0.25, 0.75])


def follow(*rows: tuple[str, date, date | None, date | None]) -> pl.DataFrame:
    named = [
        {"person_id": person, "level": "C", "index_on": index, "left_on": left, "left_how": "moved",
         "prison_on": prison}
        for person, index, left, prison in rows
    ]  # fmt: skip
    return pl.DataFrame(named, schema=FOLLOW_SCHEMA)


def happened(*rows: tuple[str, date], began: date | None = None) -> pl.DataFrame:
    named = [
        {"person_id": person, "outcome": "ipv_arrest", "event": f"E{day}", "date": day, "began": began or day}
        for person, day in rows
    ]  # fmt: skip
    return pl.DataFrame(named, schema=OUTCOME_SCHEMA)


WORKED = follow(
    ("a", date(2019, 1, 1), None, None),
    ("b", date(2019, 9, 1), None, None),
    ("c", date(2019, 1, 1), None, None),
    ("d", date(2019, 4, 1), None, None),
    ("e", date(2019, 1, 1), None, None),
)
"""Seen for 12, 4, 12, 9 and 12 months until the first of January; a and c have an outcome after 2 and 5."""
END = date(2020, 1, 1)


def test_a_fixed_window_holds_who_can_be_seen_through_it() -> None:
    outcomes = happened(("a", date(2019, 3, 1)), ("c", date(2019, 6, 1)))

    half = recidivism(WORKED, outcomes, "ipv_arrest", END).row(0, named=True)

    assert (half["numerator"], half["denominator"], half["value"]) == (2, 4, 0.5)
    assert half["note"] == "1 too recent"
    curve = kaplan_meier([2, 4, 5, 9, 12], [True, False, True, False, False])
    assert curve["survival"].to_list() == pytest.approx([0.8, 0.8 * 2 / 3])


def test_a_failure_with_too_short_a_time_is_out_too() -> None:
    outcomes = happened(("a", date(2019, 3, 1)), ("b", date(2019, 9, 20)))
    half = recidivism(WORKED, outcomes, "ipv_arrest", END).row(0, named=True)
    assert (half["numerator"], half["denominator"]) == (1, 4)


@pytest.mark.parametrize(
    ("left", "prison", "failed", "expected"),
    [
        (date(2019, 3, 1), None, None, (0, 0)),
        (date(2019, 3, 1), None, date(2019, 2, 1), (1, 1)),
        (date(2019, 8, 1), None, None, (0, 1)),
        (None, date(2019, 2, 1), None, (0, 1)),
        (None, None, date(2019, 7, 1), (1, 1)),
        (None, None, date(2019, 7, 2), (0, 1)),
        (None, None, date(2019, 1, 1), (0, 1)),
    ],
)
def test_who_left_before_any_outcome_is_out_and_prison_is_not(
    left: date | None, prison: date | None, failed: date | None, expected: tuple[int, int]
) -> None:
    outcomes = happened(*([("a", failed)] if failed else []))
    rows = recidivism(
        follow(("a", date(2019, 1, 1), left, prison)), outcomes, "ipv_arrest", date(2020, 6, 1)
    )
    assert rows.row(0, named=True)["numerator"] == expected[0]
    assert rows.row(0, named=True)["denominator"] == expected[1]


def test_an_arrest_for_what_was_done_before_is_no_new_event() -> None:
    outcomes = happened(("a", date(2019, 3, 1)), began=date(2018, 12, 1))
    half = recidivism(WORKED, outcomes, "ipv_arrest", END).row(0, named=True)
    assert half["numerator"] == 0


def test_the_first_delivered_notice_is_the_index() -> None:
    notices = pl.DataFrame(
        {
            "record_id": [1, 2, 3, 4],
            "person_id": ["a", "a", "a", "b"],
            "linked": [True, True, True, True],
            "level": ["D", "C", "B", "D"],
            "notified_on": [date(2019, 1, 1), date(2019, 2, 1), date(2019, 3, 1), date(2019, 1, 1)],
            "delivered": [False, True, True, None],
            "exit_on": [None, None, date(2019, 9, 1), None],
            "exit_kind": [None, None, "death", None],
        }
    )
    row = followed(notices).row(0, named=True)
    assert (row["person_id"], row["level"], row["index_on"]) == ("a", "C", date(2019, 2, 1))
    assert (row["left_on"], row["left_how"]) == (date(2019, 9, 1), "death")
    assert followed(notices).height == 1


def test_levels_are_compared_only_with_enough_outcomes() -> None:
    members = WORKED.with_columns(level=pl.Series(["C", "C", "D", "D", "D"]))
    spent = spells(members, happened(("a", date(2019, 3, 1))), "ipv_arrest", END)

    rows = survival(spent, "ipv_arrest")

    refused = rows.filter(pl.col("part") == "refused")
    assert refused["note"].to_list() == [
        "levels are not compared: 1 outcomes, at least 11 are needed"
    ]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60),
    st.integers(1, 12),
)
def test_no_step_rests_on_small_counts(rows: list[tuple[int, bool]], threshold: int) -> None:
    curve = kaplan_meier([float(time) for time, _ in rows], [event for _, event in rows])
    shown = shown_steps(curve, threshold)

    before = 0.0
    for time in shown["time"].to_list()[1:]:
        assert sum(event and before < at <= time for at, event in rows) > threshold
        assert sum(at >= time and not (event and at == time) for at, event in rows) > threshold
        before = time


def test_small_monthly_counts_are_not_drawn() -> None:
    months = pl.DataFrame({"count": [0, 1, 10, 11]})
    assert shown_counts(months, 10)["count"].to_list() == [0, None, None, 11]
