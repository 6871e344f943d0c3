"""Every figure beside the same number counted in plain SQL by another engine."""

from typing import Any

import polars as pl
import pytest
from helpers_figures_sql import cases, counted, database, delivery, persons
from helpers_summarize import figures_of, frames

from ipvi_cli.summarize import figures as declared

CASES = cases()
BY_ID = {figure.figure_id: figure for figure in declared()}
NOT_IN_SQL = {
    "A01": "counts rows of inputs, refused ones among them, which are in no table",
    **dict.fromkeys(
        ("S01", "S02", "S03", "S04"), "definitions are rules in Python; counted by hand in definitions.csv"
    ),
}  # fmt: skip
"""Figures without a query, and why."""


@pytest.fixture(scope="module", params=[1, 2])
def both(request: Any) -> tuple[pl.DataFrame, Any]:
    given = delivery(request.param)
    made = frames(given) | {"persons": persons(given)}
    values = pl.DataFrame(
        given["value"], schema={"value": pl.String, "count": pl.Int64, "reason": pl.String}
    )
    return figures_of(given, made), database(given, made, values)


@pytest.mark.parametrize("figure_id", sorted(CASES))
def test_a_figure_is_what_sql_counts(figure_id: str, both: tuple[pl.DataFrame, Any]) -> None:
    made, con = both
    rows = made.filter(pl.col("figure_id") == figure_id)
    found = {
        (by, group): rest
        for by, group, *rest in rows.select(
            "by", "group", "numerator", "denominator", "undetermined"
        ).iter_rows()
    }
    for case in CASES[figure_id]:
        wanted = counted(con, case, BY_ID[figure_id].breakdowns)
        assert wanted
        breakdowns = {by for by, _ in wanted}
        mine = {key: tuple(counts) for key, counts in found.items() if key[0] in breakdowns}
        assert mine == wanted


def test_every_figure_is_counted_in_sql_or_says_why_not() -> None:
    assert set(CASES) | set(NOT_IN_SQL) == set(BY_ID)
    assert not set(CASES) & set(NOT_IN_SQL)
