"""Mapped cells: what cannot be read is null and said with its row; unmapped words are listed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from helpers_ingest import HEAD, Delivery, deliver


def read_column(
    folder: Path, table: str, column: str, mapped: str, cells: list[str], head: str = HEAD
) -> Delivery:
    """Read one column of one table; the first cell stands in row 2 of the file."""
    sources = f"""
[[sources]]
name = "s"
files = "s.csv"
keys = {{ incident_number = "No" }}
[[sources.tables]]
table = "incident"
[[sources.tables]]
table = "{table}"
columns = {{ {column} = {mapped} }}
"""
    if table == "incident":
        sources = sources.replace('table = "incident"\n[[sources.tables]]\n', "", 1)
    rows = "".join(f'{number},"{cell}"\n' for number, cell in enumerate(cells, start=1))
    return deliver(folder, {"s.csv": f"No,Cell\n{rows}"}, sources, head)


@pytest.mark.parametrize(
    ("table", "column", "mapped", "cells", "expected", "code", "rows"),
    [
        ("incident", "dv_flag", '"Cell"', ["Y", "no", "maybe", ""], [True, False, None, None], "IPVI-204", [4]),
        (
            "incident", "dv_flag", '{ column = "Cell", yes = "DV", otherwise = "no" }',
            ["DV", "other", ""], [True, False, None], None, [],
        ),
        ("victim", "age_years", '"Cell"', ["30", "30s", "unk", "NN"], [30, None, None, 0], "IPVI-203", [3]),
        ("victim", "sex", '"Cell"', ["f", "Male", "G", "unknown"], ["F", "M", None, "U"], "IPVI-301", [4]),
        (
            "victim", "sex", '{ column = "Cell", codes = { "mujer x" = "F", V = "M" } }',
            ["MUJER X", "v", "F", "Z"], ["F", "M", "F", None], "IPVI-301", [5],
        ),
        ("victim", "victim_number", '"Cell"', ["1", "1,000", "-1", "one"], [1, 1000, None, None], "IPVI-203", [4, 5]),
        (
            "incident", "reported_on", '"Cell"', ["2019-05-01", "30/02/2019", "43586"],
            [dt.date(2019, 5, 1), None, None], "IPVI-201", [3, 4],
        ),
        (
            "incident", "occurred_time", '"Cell"', ["1330", "2019-05-01", "2019-05-01 25:00", "noon"],
            [dt.time(13, 30), None, None, None], "IPVI-205", [4, 5],
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_null_and_a_problem_of_its_row(
    tmp_path: Path, table: str, column: str, mapped: str, cells: list[str], expected: list[object],
    code: str | None, rows: list[int],
) -> None:  # fmt: skip
    made = read_column(tmp_path, table, column, mapped, cells)

    read = made.table("incident").select("incident_id")
    if table == "incident":
        found = made.column(table, column)
    else:
        joined = read.join(made.table(table), on="incident_id", how="left", maintain_order="left")
        found = joined[column].to_list()
    assert found == expected
    assert made.codes == ([code] if code else [])
    if code:
        assert made.rows_of(code) == rows
        problems = made.ingested.problems
        assert problems["column"].unique().to_list() == [column]
        assert problems["table"].unique().to_list() == [table]
        assert all("'Cell'" in said for said in problems["message"])
    assert made.account() == (len(cells), len(cells), 0)


def test_a_day_number_is_hinted_at(tmp_path: Path) -> None:
    made = read_column(tmp_path, "incident", "occurred_on", '"Cell"', ["43586.5"])
    assert "excel" in made.ingested.problems["message"][0]


def test_words_become_codes_and_unmapped_ones_are_listed_with_their_count(tmp_path: Path) -> None:
    cells = ["assault", "Arson", "ARSON", "Arson", "threat", ""]
    made = read_column(tmp_path, "offense", "offense_raw", '"Cell"', cells)
    assert made.column("offense", "offense_code") == ["13B", None, None, None, "13C"]
    assert made.column("offense", "offense_raw") == cells[:-1]
    assert made.rows_of("IPVI-302") == [3, 4, 5]
    assert made.ingested.unmapped.rows() == [("offense", "Arson", 2), ("offense", "ARSON", 1)]


def test_a_list_of_words_becomes_a_list_of_codes(tmp_path: Path) -> None:
    mapped = '{ column = "Cell", split = ";", codes = { "Steak knife" = "KNIFE" } }'
    cells = ["Steak knife; hands", "hands;HANDS", "rope", "rope; knife", ";"]
    made = read_column(tmp_path, "offense", "weapon_raw", mapped, cells)
    assert made.column("offense", "weapon_codes") == [["20", "40"], ["40"], None, ["20"], None]
    assert made.column("offense", "weapon_raw") == cells
    assert made.rows_of("IPVI-303") == [4, 5]
    assert made.ingested.unmapped.rows() == [("weapon", "rope", 2)]


def test_code_lists_translate_words_before_they_are_looked_up(tmp_path: Path) -> None:
    head = HEAD + '[code_lists.crimes]\n"PC 240" = "assault"\n'
    mapped = '{ column = "Cell", codes = "crimes" }'
    made = read_column(tmp_path, "offense", "offense_raw", mapped, ["pc 240", "threat"], head)
    assert made.column("offense", "offense_code") == ["13B", "13C"]
    assert made.column("offense", "offense_raw") == ["pc 240", "threat"]


def test_constants_state_no_person_unless_the_profile_maps_nothing_else(tmp_path: Path) -> None:
    sources = """
[[sources]]
name = "s"
files = "s.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
[[sources.tables]]
table = "victim"
columns = { victim_type = { constant = "I" }, sex = "Sex" }
[[sources.tables]]
table = "offender"
columns = { sex = { constant = "M" } }
"""
    made = deliver(tmp_path, {"s.csv": "No,Sex\n1,F\n2,\n"}, sources)
    assert made.column("victim", "incident_id") == ["TOWN:1"]
    assert made.column("offender", "incident_id") == ["TOWN:1", "TOWN:2"]


def test_rare_names_of_districts_are_kept_apart(tmp_path: Path) -> None:
    cells = [*["Harbour side"] * 11, "Smiths yard", "P4", "12", "OLD TOWN"]
    made = read_column(
        tmp_path, "incident", "district", '"Cell"', cells, 'districts = ["OLD TOWN"]\n' + HEAD
    )
    shown = [None if cell == "Smiths yard" else cell for cell in cells]
    assert made.column("incident", "district") == shown
    assert made.table("incident")["district_raw"].drop_nulls().to_list() == ["Smiths yard"]
    assert made.rows_of("IPVI-307") == [13]


def test_a_district_is_one_however_its_capitals_are_written(tmp_path: Path) -> None:
    cells = ["A1", "a1", "A1", *["harbour side"] * 4, *["Harbour Side"] * 7, "Old Town"]
    made = read_column(
        tmp_path, "incident", "district", '"Cell"', cells, 'districts = ["OLD TOWN"]\n' + HEAD
    )
    shown = [*["A1"] * 3, *["Harbour Side"] * 11, "OLD TOWN"]
    assert made.column("incident", "district") == shown


def test_messages_hold_no_cell(tmp_path: Path) -> None:
    cells = ["CANARYX", "CANARYX 2", "CANARYX-3"]
    made = read_column(tmp_path, "victim", "age_years", '"Cell"', cells)
    assert (
        not made.ingested.problems.select(pl.all().cast(pl.String).str.contains("CANARYX").any())
        .row(0)
        .count(True)
    )
