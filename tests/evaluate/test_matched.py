"""Notified persons beside the not yet notified: no effect where none is planted, though every count falls."""

from __future__ import annotations

from datetime import date

import polars as pl
from helpers_evaluate import LAST, Lives, lives

from ipvi_cli.evaluate.matched import compare, comparison_rows, match


def matched(told: Lives) -> pl.DataFrame:
    return match(told.follow, told.reports, told.reports.clear(), LAST)


def test_a_planted_zero_shows_none_though_everyone_falls() -> None:
    told = lives(11, persons=500)
    found = compare(matched(told), told.reports)

    assert found.difference is not None
    assert found.difference[1] < 0 < found.difference[2]
    # Regression to the mean: all had a report in the year before, far from all in the year after.
    assert found.before == (1.0, 1.0)
    assert max(found.after) < 0.75
    assert "no difference" in comparison_rows(found, "ipv_report")["note"][-1]


def test_a_planted_fall_is_seen() -> None:
    told = lives(12, persons=500, ratio=0.1)
    found = compare(matched(told), told.reports)
    assert found.difference is not None
    assert found.difference[2] < 0


def test_controls_enter_on_the_day_of_the_case_not_yet_notified_and_leave_when_notified() -> None:
    told = lives(13, persons=300)
    rows = matched(told)

    others = rows.filter(~pl.col("notified")).join(
        told.follow.select("person_id", own="index_on"), on="person_id", how="left"
    )
    assert others.height > 20
    assert (others["own"].is_null() | (others["own"] > others["index_on"])).all()
    assert (others["own"].is_null() | (others["ends_on"] <= others["own"])).all()
    assert (others["person_id"] != others["case"]).all()
    per_case = others.group_by("case").agg(pl.col("weight").sum())
    assert ((per_case["weight"] - 1).abs() < 1e-9).all()


def test_with_too_few_it_is_said_how_many_are_needed() -> None:
    told = lives(1, persons=60)
    rows = comparison_rows(compare(matched(told), told.reports), "ipv_report")
    assert rows["part"].to_list() == ["refused"]
    assert "Needed are 30 persons" in rows["note"][0]


def test_nobody_notified_is_no_failure() -> None:
    told = Lives(
        pl.DataFrame({"person_id": ["P"], "date": [date(2016, 1, 1)]}),
        pl.DataFrame(schema={"person_id": pl.String, "date": pl.Date}),
    )
    assert comparison_rows(compare(matched(told), told.reports), "x")["part"][0] == "refused"
