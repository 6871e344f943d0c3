"""Small deliveries whose figures were computed by hand; the case files hold both."""

import random
from typing import Any

import polars as pl
import pytest
from helpers_summarize import CASES, case, expected, figures, number
from polars.testing import assert_frame_equal

# Histories of persons have a test of their own.
NAMES = sorted(path.stem for path in CASES.glob("*.csv") if path.stem != "careers")
COUNTS = ("numerator", "denominator", "undetermined")
SHARES = ("value", "lower", "upper")


def groups() -> list[Any]:
    seen = {(name, row["figure_id"], row["by"]): None for name in NAMES for row in expected(name)}
    return [pytest.param(*key, id="-".join(key)) for key in seen]


@pytest.fixture(scope="module")
def made() -> dict[str, pl.DataFrame]:
    return {name: figures(case(name)) for name in NAMES}


@pytest.mark.parametrize(("name", "figure", "by"), groups())
def test_a_figure_is_what_was_computed_by_hand(
    name: str, figure: str, by: str, made: dict[str, pl.DataFrame]
) -> None:
    rows = made[name].filter(pl.col("figure_id") == figure, pl.col("by") == by)
    wanted = [row for row in expected(name) if (row["figure_id"], row["by"]) == (figure, by)]
    types = dict.fromkeys(COUNTS, pl.Int64) | dict.fromkeys(SHARES, pl.Float64)
    table = pl.DataFrame(
        [{"group": row["group"]} | {key: number(row[key]) for key in types} for row in wanted],
        schema={"group": pl.String} | dict.fromkeys(types, pl.Float64),
    ).cast(types)
    assert_frame_equal(rows.select(table.columns), table, check_row_order=False)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_rows_changes_nothing(name: str, made: dict[str, pl.DataFrame]) -> None:
    for seed in range(5):
        assert_frame_equal(figures(case(name), shuffle=random.Random(seed)), made[name])
