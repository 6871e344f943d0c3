"""Published counts: totals are never counted, an area is counted once, labels that may name somebody are withheld."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from helpers_ingest import Delivery, deliver, made_profile

from ipvi_cli.validate import validate

HEAD = """
districts = ["Bronx", "Queens"]
[jurisdiction]
name = "Made-up city"
population = "domestic"
"""
SOURCE = """
[[sources]]
name = "counts"
files = "counts*.csv"
[[sources.tables]]
table = "tally"
columns = { year = "Year", borough = "Boro", district = "District", ipv_dir = "IPV", dv_rape = "DV_Rape" }
"""
COLUMNS = "Year,Boro ,District,IPV ,DV_Rape \n"


def read(folder: Path, *files: str, source: str = SOURCE) -> Delivery:
    texts = {f"counts_{place}.csv": COLUMNS + text for place, text in enumerate(files)}
    return deliver(folder, texts, source, HEAD)


def counted(made: Delivery) -> int:
    return int(made.counted("tally")["ipv_dir"].sum())


def test_totals_are_kept_and_not_counted(tmp_path: Path) -> None:
    made = read(tmp_path, "2018,Bronx,1,10,1\n2018,Bronx,2,20,2\n2018,Bronx,Total,30,3\n")
    assert made.fates("counts_0.csv") == {"new": 2, "total": 1}
    assert made.account() == (3, 3, 0)
    assert counted(made) == 30


@pytest.mark.parametrize(
    ("boro", "district", "kind"),
    [
        ("Bronx", "1", "district"), ("Bronx", "BXJIA", "joint_interest"), ("Bronx", "Unknown", "unknown"),
        ("Bronx", "", "unknown"), ("Bronx", "total ", "total"), ("Citywide", "", "total"),
        ("Total", "Total", "total"), ("Queens", "JFK", "district"), ("bronx", "1", "district"),
        ("Smith House", "1", "unknown"), ("Smith House", "Total", "total"), ("Bronx", "Smith House", "unknown"),
    ],
)  # fmt: skip
def test_areas_are_told_apart(tmp_path: Path, boro: str, district: str, kind: str) -> None:
    made = read(tmp_path, f"2018,{boro},{district},10,1\n")
    assert made.column("tally", "area_kind") == [kind]
    withheld = "Smith House" in (boro, district)
    assert ("IPVI-310" in made.codes) is withheld
    shown = made.table("tally").select("borough", "district").row(0)
    assert "Smith House" not in shown


def test_without_a_district_column_the_borough_tells_the_total(tmp_path: Path) -> None:
    source = SOURCE.replace(', district = "District"', "")
    made = read(tmp_path, "2018,Bronx,,10,1\n2018,Queens,,20,1\n2018,Total,,30,2\n", source=source)
    assert counted(made) == 30


def test_areas_that_are_withheld_stay_apart(tmp_path: Path) -> None:
    made = read(tmp_path, "2018,Bronx,Ann House,10,1\n2018,Bronx,Bob House,20,1\n")
    assert made.fates("counts_0.csv") == {"new": 2}
    assert counted(made) == 30


def test_the_same_counts_delivered_twice_count_once(tmp_path: Path) -> None:
    rows = "2018,Bronx,1,10,1\n2018,Bronx,2,20,2\n2018,Bronx,Total,30,3\n"
    made = read(
        tmp_path, rows, rows + "2019,Bronx,1,5,1\n", "2018,BRONX ,1,10,1\n2018,Bronx,2,21,2\n"
    )
    assert made.fates("counts_1.csv") == {"new": 1, "duplicate": 3}
    assert made.fates("counts_2.csv") == {"duplicate": 1, "superseded": 1}
    assert made.rows_of("IPVI-312") == [3]
    assert counted(made) == 35
    assert made.account() == (9, 9, 0)


def test_sources_with_other_measures_add_columns_and_take_nothing_away(tmp_path: Path) -> None:
    second = SOURCE.replace('"counts"', '"family"').replace("counts*", "family*")
    second = second.replace("ipv_dir", "family_dir")
    files = {
        "counts.csv": COLUMNS + "2018,Bronx,1,10,1\n",
        "family.csv": COLUMNS + "2018,Bronx,1,8,1\n",
    }
    made = deliver(tmp_path, files, SOURCE + second, HEAD)
    assert made.counted("tally").select("ipv_dir", "family_dir").rows() == [(10, None), (None, 8)]


def test_a_year_comes_from_the_profile_or_is_asked_for(tmp_path: Path) -> None:
    rows = "ignored,Bronx,1,10,1\n"
    constant = SOURCE.replace('year = "Year"', "year = { constant = 2017 }")
    made = read(tmp_path / "a", rows, source=constant)
    assert made.column("tally", "year") == [2017]
    assert "IPVI-311" not in made.codes
    without = read(tmp_path / "b", rows, source=SOURCE.replace('year = "Year", ', ""))
    assert without.rows_of("IPVI-311") == [2]


def test_counts_below_nought_and_counts_that_are_none_are_unknown(tmp_path: Path) -> None:
    made = read(tmp_path, '2018,Bronx,1,-1,"1,234"\n2018,Bronx,2,<5,2\n')
    assert made.column("tally", "ipv_dir") == [None, None]
    assert made.column("tally", "dv_rape") == [1234, 2]
    assert made.rows_of("IPVI-906") == [2]
    assert made.rows_of("IPVI-203") == [3]


def test_a_row_that_feeds_two_years_has_one_fate(tmp_path: Path) -> None:
    source = """
[[sources]]
name = "wide"
files = "counts*.csv"
[[sources.tables]]
table = "tally"
columns = { year = { constant = 2017 }, borough = "Boro", district = "District", ipv_dir = "IPV" }
[[sources.tables]]
table = "tally"
columns = { year = { constant = 2018 }, borough = "Boro", district = "District", ipv_dir = "DV_Rape" }
"""
    made = read(tmp_path, "x,Bronx,1,10,5\nx,Bronx,Total,10,5\n", source=source)
    assert made.fates("counts_0.csv") == {"new": 1, "total": 1}
    assert made.counted("tally").select("year", "ipv_dir").rows() == [(2017, 10), (2018, 5)]


def test_rows_that_feed_no_count_are_accounted_for(tmp_path: Path) -> None:
    source = SOURCE.replace('table = "tally"', 'table = "tally"\nwhere = { Year = "2018" }')
    made = read(tmp_path, "2018,Bronx,1,10,1\n2019,Bronx,1,10,1\n", source=source)
    assert made.account() == (2, 2, 0)
    assert counted(made) == 10


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("2018,Bronx,Total,30,3\n", None),
        ("2018,Queens,Total,30,3\n", "IPVI-904"),
        ("2018,Bronx,Total,31,3\n", "IPVI-905"),
    ],
)
def test_a_total_is_held_to_the_rows_that_it_repeats(
    tmp_path: Path, total: str, code: str | None
) -> None:
    rows = "2018,Bronx,1,10,1\n2018,Bronx,2,20,2\n2018,Queens,1,7,0\n"
    made = read(tmp_path, rows + total)

    findings = validate(
        {"tally": made.table("tally").lazy()},
        made_profile(SOURCE, HEAD),
        problems=made.ingested.problems,
        inputs=made.ingested.inputs,
    )

    found = findings.filter(pl.col("code").is_in(["IPVI-904", "IPVI-905"]))
    assert found["code"].to_list() == ([code] if code else [])
    assert found["severity"].to_list() == (
        [] if code is None else ["warning" if code == "IPVI-904" else "error"]
    )
    assert counted(made) == 37
