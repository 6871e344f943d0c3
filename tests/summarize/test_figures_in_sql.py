"""Every figure beside the same number counted in plain SQL by another engine."""

from typing import Any

import polars as pl
import pytest
from helpers_careers import with_careers, worked
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
    "D07": "the points of a curve; test_concentration.py compares them with another computation",
    "D08": "a coefficient; test_concentration.py compares it with another computation",
    "D09": "quartiles and an estimator; test_concentration.py compares them with another computation",
    **dict.fromkeys(
        (*(f"E{number:02}" for number in range(1, 12)), *(f"H{number:02}" for number in range(1, 7)), "J01", "J02"),
        "histories and levels are rules of the room of offenders; worked out by hand in careers.csv",
    ),
}  # fmt: skip
"""Figures without a query, and why."""


@pytest.fixture(scope="module", params=[4, 6])
def both(request: Any) -> tuple[pl.DataFrame, Any]:
    given = delivery(request.param)
    made = with_careers(frames(given), persons(given))
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


@pytest.mark.parametrize(
    ("figure_id", "days"),
    [
        ("G02", "SELECT agency, date_diff('day', day, arrested_on) AS n FROM ar WHERE partner"),
        (
            "G10",
            "SELECT agency, date_diff('day', arrested_on, decided_on) AS n FROM oc"
            " WHERE outcome NOT IN ('open', 'not filed', 'no charge')",
        ),
    ],
)
def test_a_median_is_what_sql_finds(
    figure_id: str, days: str, both: tuple[pl.DataFrame, Any]
) -> None:
    made, con = both
    rows = made.filter(pl.col("figure_id") == figure_id)
    quartiles = {"lower quartile": 0.25, "median": 0.5, "upper quartile": 0.75}
    wanted = {
        ("quartile", name): con.execute(
            f"SELECT quantile_cont(n, {share}) FROM ({days}) WHERE n >= 0"
        ).fetchone()[0]
        for name, share in quartiles.items()
    }
    by_agency = f"SELECT agency, quantile_cont(n, 0.5) FROM ({days}) WHERE n >= 0 GROUP BY agency"
    wanted |= {("agency", agency): value for agency, value in con.execute(by_agency).fetchall()}
    wanted["total", "total"] = wanted["quartile", "median"]
    found = {(by, group): value for by, group, value in rows.select("by", "group", "value").rows()}
    assert {key: found[key] for key in wanted} == wanted


def test_every_figure_is_counted_in_sql_or_says_why_not() -> None:
    assert set(CASES) | set(NOT_IN_SQL) == set(BY_ID)
    assert not set(CASES) & set(NOT_IN_SQL)


def test_every_figure_has_something_to_count() -> None:
    given = delivery(6)
    made = figures_of(given, with_careers(frames(given), persons(given)))
    counted_ones = pl.concat([made, worked()]).filter(pl.col("numerator") > 0)["figure_id"].unique()
    assert set(BY_ID) - set(counted_ones) == {"A01", "E07"}
