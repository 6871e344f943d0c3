"""Figures of concentration that are no plain counts, beside the same worked out from lists of persons."""

from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from helpers_careers import with_careers
from helpers_figures_sql import delivery, persons
from helpers_summarize import figures_of, frames

LAST = date(2021, 6, 30)


@pytest.fixture(scope="module")
def made() -> tuple[pl.DataFrame, dict[str, list[Any]]]:
    given = delivery(4)
    tables = with_careers(frames(given), persons(given))
    counted = pl.col("left_out").is_null() | (pl.col("left_out") == "age_unknown")
    mine = tables["events"].filter(
        counted, pl.col("kind") == "incident", pl.col("role") == "offender",
        pl.col("relationship_class") == "intimate_partner",
    )  # fmt: skip
    dates: dict[str, list[Any]] = {}
    for person, day in mine.select("person_id", "date").rows():
        dates.setdefault(person, []).append(day)
    return figures_of(given, tables), dates


def _rows(figures: pl.DataFrame, figure: str, by: str) -> dict[str, dict[str, Any]]:
    rows = figures.filter(pl.col("figure_id") == figure, pl.col("by") == by)
    return {row["group"]: row for row in rows.iter_rows(named=True)}


def test_the_gini_coefficient_is_half_the_mean_difference(
    made: tuple[pl.DataFrame, dict[str, list[Any]]],
) -> None:
    figures, dates = made
    numbers = [len(days) for days in dates.values()]
    row = _rows(figures, "D08", "total")["total"]
    apart = sum(abs(one - other) for one in numbers for other in numbers)
    assert (row["numerator"], row["denominator"]) == (len(numbers), sum(numbers))
    assert row["value"] == pytest.approx(apart / (2 * len(numbers) * sum(numbers)), abs=1e-8)
    assert row["ci_method"] == "bootstrap"
    assert row["ci_lower"] <= row["value"] <= row["ci_upper"] + 0.05
    assert set(_rows(figures, "D08", "link")) == {"strict", "loose"}


def test_the_curve_ends_where_the_top_begins(
    made: tuple[pl.DataFrame, dict[str, list[Any]]],
) -> None:
    figures, dates = made
    numbers = sorted(len(days) for days in dates.values())
    curve = _rows(figures, "D07", "people")
    assert len(curve) == 19
    assert curve["50 %"]["value"] == pytest.approx(
        (sum(numbers[: len(numbers) // 2]) + (len(numbers) % 2) * numbers[len(numbers) // 2] / 2)
        / sum(numbers)
    )
    values = [curve[group]["value"] for group in sorted(curve)]
    assert values == sorted(values)


def test_the_days_between_incidents_are_those_of_the_dates(
    made: tuple[pl.DataFrame, dict[str, list[Any]]],
) -> None:
    figures, dates = made
    gaps, starts = [], 0
    for days in dates.values():
        known = sorted({day for day in days if day is not None and day <= LAST})
        starts += len(known)
        gaps += [(after - day).days for day, after in pairwise(known)]
    row = _rows(figures, "D09", "total")["total"]
    assert row["value"] == pl.Series(gaps).median()
    assert (row["numerator"], row["denominator"], row["undetermined"]) == (
        len(gaps), starts, starts - len(gaps),
    )  # fmt: skip


def test_a_note_names_persons_period_and_rule(
    made: tuple[pl.DataFrame, dict[str, list[Any]]],
) -> None:
    strict, loose = (_rows(made[0], "D02", "link")[link]["note"] for link in ("strict", "loose"))
    assert strict.endswith(
        "fewer than 11 persons from 2019-01-01 to 2021-06-30, linked at 0.95 or more"
    )
    assert loose.endswith("linked at 0.5 or more")
