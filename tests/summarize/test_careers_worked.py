"""Figures of priors and levels beside those worked out by hand."""

from typing import Any

import polars as pl
import pytest
from helpers_careers import worked
from helpers_summarize import expected, number, one

EXPECTED = expected("careers")


@pytest.fixture(scope="module")
def made() -> pl.DataFrame:
    return worked()


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['figure']}-{row['group']}")
def test_a_figure_is_as_worked_by_hand(row: dict[str, str], made: pl.DataFrame) -> None:
    found = one(made, row["figure"], row["by"], row["group"])
    for name in ("numerator", "denominator", "undetermined"):
        assert found[name] == (int(row[name]) if row[name] else None)
    assert found["value"] == pytest.approx(number(row["value"]), abs=1e-4)


def test_the_breakdowns_have_no_other_groups(made: pl.DataFrame) -> None:
    counted = made.filter(pl.col("figure_id").str.contains("^H|^E03|^E04"), pl.col("numerator") > 0)
    groups = counted.filter(~pl.col("by").str.starts_with("link"), pl.col("by") != "total")
    known = {(row["figure"], row["group"]) for row in EXPECTED}
    of: Any = groups.filter(~pl.col("group").str.contains("floor")).select("figure_id", "group")
    assert set(of.rows()) <= known | {("H03", "D")}


def test_a_ratio_has_an_interval_around_it(made: pl.DataFrame) -> None:
    row = one(made, "J02", "against/race", "incidents/W")
    assert row["ci_lower"] < row["value"] < row["ci_upper"]
    assert row["ci_method"] == "log_ratio"
