"""What is declared of every figure, and that every figure is there or says what is missing."""

from typing import Any

import polars as pl
import pytest
from helpers_careers import with_careers, worked
from helpers_figures_sql import delivery, persons
from helpers_summarize import AGES, case, cells, figures, figures_of, frames, one

from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.summarize import figures as declared
from ipvi_cli.summarize import figures_frame
from ipvi_cli.summarize.figure import CANNOT_BE_MADE

IDS = [
    *(f"A{number:02}" for number in range(1, 15)),
    *(f"B{number:02}" for number in range(1, 13)),
    *(f"C{number:02}" for number in range(1, 17)),
    *(f"D{number:02}" for number in range(1, 13)),
    *(f"E{number:02}" for number in range(1, 12)),
    *(f"F{number:02}" for number in range(1, 8)),
    *(f"G{number:02}" for number in range(1, 17)),
    *(f"H{number:02}" for number in range(1, 7)),
    "I01", "I02", "I03", "I04", "I05", "J01", "J02", "J03", "S01", "S02", "S03", "S04",
    "T01", "T02", "T03", "T04", "T05",
]  # fmt: skip
EMPTY: dict[str, Any] = {
    "mapped": ["incident.incident_number"],
    "incident": [{"i": 1, "class": "undetermined"}, {"i": 2, "class": "undetermined"}],
    "pair": [{"i": i, "class": "undetermined", "reason": "missing"} for i in (1, 2)],
    "value": [{"count": 2, "reason": "missing"}],
}
"""Two incidents of which nothing is told."""


def test_the_figures_are_these_and_each_once() -> None:
    assert [figure.figure_id for figure in declared()] == IDS


@pytest.mark.parametrize("figure", declared(), ids=lambda figure: figure.figure_id)
def test_a_figure_says_all_about_itself(figure: Any) -> None:
    for words in (figure.title, figure.unit, figure.formula, figure.source):
        assert words == words.strip() != ""
    assert figure.title[0].isupper()
    assert len(set(figure.breakdowns)) == len(figure.breakdowns) > 0
    assert figure.needs or figure.figure_id == "A01"
    if figure.kind == "share":
        assert "/" in figure.formula or "share" in figure.title
    assert not figure.interval or figure.kind in ("share", "rate", "change")


@pytest.mark.parametrize("column", ["counting_unit", "title", "formula", "needs", "by", "source"])
def test_the_list_of_figures_has_no_gaps(column: str) -> None:
    listed = figures_frame()
    assert listed["figure_id"].to_list() == IDS
    assert listed[column].str.len_chars().min() > 0


@pytest.mark.parametrize("name", ["town", "boroughs", "whole_export"])
def test_every_figure_is_there_or_says_what_is_missing(name: str) -> None:
    made = figures(case(name))
    assert dict(made.schema) == FIGURE_SCHEMA
    assert made["figure_id"].unique(maintain_order=True).to_list() == IDS
    assert not made.select("figure_id", "by", "group").is_duplicated().any()
    assert made["note"].filter(made["numerator"].is_null()).str.starts_with(CANNOT_BE_MADE).all()
    breakdowns = {figure.figure_id: {"total", *figure.breakdowns} for figure in declared()}
    for figure, by in made.select("figure_id", "by").unique().iter_rows():
        assert by in breakdowns[figure]


def test_every_breakdown_is_made_of_a_delivery_that_has_all() -> None:
    given = delivery(1)
    one_agency = {table: _of_agency_a(rows) for table, rows in given.items()} | {"agencies": ["A"]}
    made: set[tuple[str, str]] = set()
    for has_all in (given, one_agency):
        tables = with_careers(frames(has_all), persons(has_all))
        made |= {*figures_of(has_all, tables).select("figure_id", "by").iter_rows()}
    for more in (figures(case("town")), worked()):
        made |= {*more.select("figure_id", "by").iter_rows()}
    wanted = {(figure.figure_id, by) for figure in declared() for by in figure.breakdowns}
    assert made >= wanted


def _of_agency_a(rows: Any) -> Any:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return rows
    return [row for row in rows if row.get("agency", "A") == "A"]


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("A02", "jurisdiction.period; incident.occurred_on or incident.reported_on"),
        ("A03", "relationship.relationship_raw or relationship.child_in_common"),
        ("A05", "relationship.relationship_raw"),
        ("A07", "offender.offender_number"),
        ("B09", "relationship.relationship_raw or relationship.child_in_common"),
        ("C01", "relationship.relationship_raw or relationship.child_in_common; offense.offense_raw"),
        ("C05", "relationship.relationship_raw or relationship.child_in_common; victim.injury_raw"),
        ("C07", "relationship.relationship_raw or relationship.child_in_common; offense.weapon_raw"),
        ("T01", "tally.ipv_dir"),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_made_has_one_row_without_a_value(figure: str, words: str) -> None:
    rows = figures(EMPTY).filter(pl.col("figure_id") == figure)
    assert rows.height == 1
    row = rows.row(0, named=True)
    assert row["note"] == f"cannot be made: needs {words}"
    assert (row["by"], row["group"]) == ("total", "total")
    for column in ("numerator", "denominator", "undetermined", "value", "lower", "upper"):
        assert row[column] is None


def test_without_a_relationship_domestic_incidents_are_still_counted() -> None:
    made = figures(EMPTY)
    assert cells(made, "B07", "total") == {"total": (2, None, 0)}
    assert one(made, "B08")["value"] is None
    assert one(made, "A10")["numerator"] == 0


def test_a_whole_export_without_a_flag_or_a_tie_has_no_domestic_incidents_to_count() -> None:
    note = one(figures(EMPTY | {"population": "all"}), "B07")["note"]
    assert note.startswith(
        "cannot be made: needs incident.dv_flag or relationship.relationship_raw"
    )


def test_a_column_that_is_mapped_and_blank_is_said_to_be_blank() -> None:
    given = case("town")
    for row in given["victim"]:
        row.pop("injury_codes", None)
    assert one(figures(given), "C05")["note"] == (
        "cannot be made: needs victim.injury_raw, which is blank or not understood in every row"
    )


def test_ages_of_one_role_make_the_figure_of_that_role_only() -> None:
    given = case("town")
    for row in given["offender"]:
        row.pop("age_years", None)
    made = figures(given)
    assert cells(made, "C15", "role") == {"offender": (None, None, None), "victim": (2, None, 0)}
    assert one(made, "C15", "role", "offender")["note"] == (
        "cannot be made: needs offender.age_years"
    )
    assert one(made, "C15")["numerator"] == 2


def test_nothing_is_broken_down_by_what_the_delivery_lacks() -> None:
    made = figures(EMPTY).filter(pl.col("figure_id") == "B07")
    assert made["by"].to_list() == ["total", "agency"]


def test_without_a_finding_on_ages_the_figure_is_zero_and_not_missing() -> None:
    given = case("town")
    given["finding"] = [{"code": "IPVI-401", "i": 1}]
    assert AGES not in {row["code"] for row in given["finding"]}
    assert cells(figures(given), "A13", "total") == {"total": (0, 9, None)}


def test_a_delivery_without_rows_has_every_figure() -> None:
    given = {"incident": [], "pair": [], "victim": [], "mapped": ["victim.sex"]}
    made = figures(given)
    assert made["figure_id"].unique(maintain_order=True).to_list() == IDS
    assert cells(made, "B07", "total") == {"total": (0, None, 0)}


def test_a_delivery_of_counts_only_has_no_incidents() -> None:
    made = figures(case("boroughs"))
    of_incidents = made.filter(
        ~pl.col("figure_id").str.starts_with("T"), pl.col("figure_id") != "A01"
    )
    assert of_incidents["numerator"].null_count() == of_incidents.height == len(IDS) - 6
