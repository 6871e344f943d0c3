"""The tables that a person reads."""

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from helpers_summarize import case, figures

from ipvi_cli.summarize import audit_tables

TOWN = {
    "intimate_partner": 3, "other_family": 1, "other_domestic": 0, "known_not_domestic": 0, "stranger": 0,
    "undetermined": 3, "denominator": 7, "not_applicable": 1, "lead": "none",
}  # fmt: skip
SHARES = ["share", "lower", "upper"]


def headline(**changes: Any) -> SimpleNamespace:
    return SimpleNamespace(**(TOWN | changes))


@pytest.fixture(scope="module")
def town() -> dict[str, pl.DataFrame]:
    return audit_tables(figures(case("town")), headline())


@pytest.fixture(scope="module")
def boroughs() -> dict[str, pl.DataFrame]:
    return audit_tables(figures(case("boroughs")))


def test_ages_stand_in_order(town: dict[str, pl.DataFrame]) -> None:
    assert town["Incidents by age of the victim"]["victim_age"].to_list() == [
        "0-12", "13-17", "18-24", "25-34", "45-54", "65+", "unknown",
    ]  # fmt: skip


def rows(table: pl.DataFrame) -> list[tuple[Any, ...]]:
    return table.rows()


def test_the_tables_of_a_delivery_of_incidents(town: dict[str, pl.DataFrame]) -> None:
    assert list(town) == [
        "Incidents by class", "Incidents by year", "Incidents by agency", "Incidents by month",
        "Incidents by district", "Incidents by sex of the victim", "Incidents by age of the victim",
        "Why ties are undetermined", "Ties of intimate partners", "Offences between partners",
        "Share under other definitions", "Share by what is counted", "Counts in total",
        "Shares in total", "Columns that are missing",
    ]  # fmt: skip


def test_the_tables_of_a_delivery_of_counts(boroughs: dict[str, pl.DataFrame]) -> None:
    assert list(boroughs) == [
        "Published counts by year", "Change of published counts", "Incident reports by borough",
        "Felony assaults by borough", "Rapes by borough", "Districts with most reports",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["town", "boroughs", "whole_export"])
def test_a_title_is_short_enough_for_a_sheet_of_a_workbook(name: str) -> None:
    tables = audit_tables(figures(case(name)), None if name == "boroughs" else headline())
    assert max(len(title) for title in tables) <= 31
    assert min(table.height for table in tables.values()) > 0


def test_a_share_is_printed_only_where_enough_is_known(town: dict[str, pl.DataFrame]) -> None:
    assert rows(town["Incidents by agency"]) == [
        ("A", 2, 5, 2, None, 2 / 5, 4 / 5),
        ("B", 1, 2, 1, None, 1 / 2, 1),
    ]
    assert town["Incidents by district"].row(0) == ("A/1", 2, 3, 0, 2 / 3, 2 / 3, 2 / 3)


def test_districts_stand_in_the_order_of_their_incidents(town: dict[str, pl.DataFrame]) -> None:
    table = town["Incidents by district"]
    assert table["district"].to_list() == ["A/1", "B/1", "A/2", "A/unknown"]


def test_classes_when_too_much_is_undetermined(town: dict[str, pl.DataFrame]) -> None:
    assert rows(town["Incidents by class"]) == [
        ("intimate_partner", 3, None, 3 / 7, 6 / 7),
        ("other_family", 1, None, 1 / 7, 4 / 7),
        ("other_domestic", 0, None, 0, 3 / 7),
        ("known_not_domestic", 0, None, 0, 3 / 7),
        ("stranger", 0, None, 0, 3 / 7),
        ("undetermined", 3, 3 / 7, None, None),
        ("not_applicable", 1, None, None, None),
    ]


def test_classes_when_enough_is_known() -> None:
    head = headline(undetermined=1, denominator=5, lead="range")
    table = audit_tables(figures(case("town")), head)["Incidents by class"]
    assert table.row(0) == ("intimate_partner", 3, 3 / 4, 3 / 5, 4 / 5)
    assert table.row(1) == ("other_family", 1, 1 / 4, 1 / 5, 2 / 5)


def test_classes_of_no_incidents_have_no_shares() -> None:
    nothing = dict.fromkeys(("intimate_partner", "other_family", "undetermined", "denominator"), 0)
    head = headline(**nothing, lead="known_only")
    table = audit_tables(figures(case("town")), head)["Incidents by class"]
    assert table.select(SHARES).null_count().row(0) == (table.height,) * 3


def test_reasons_ties_and_offences_the_most_frequent_first(town: dict[str, pl.DataFrame]) -> None:
    assert rows(town["Why ties are undetermined"]) == [
        ("missing", 1, 1 / 9),
        ("no_offender", 1, 1 / 9),
        ("unmapped", 1, 1 / 9),
    ]
    assert town["Ties of intimate partners"]["pairs"].to_list() == [1, 1, 1, 1]
    assert rows(town["Offences between partners"]) == [
        ("13A", 1, None),
        ("13B", 1, None),
        ("290", 1, None),
    ]


def test_totals_of_counts_and_of_shares(town: dict[str, pl.DataFrame]) -> None:
    assert rows(town["Counts in total"]) == [
        ("B07", "Domestic incidents", 7, 0),
        ("B08", "Intimate partner incidents", 3, 3),
        ("C13", "Hour and weekday", 3, 0),
        ("C15", "Under 18", 3, 1),
        ("F01", "Homicides by class", 0, None),
    ]
    shares = {row["id"]: row for row in town["Shares in total"].iter_rows(named=True)}
    assert {"C01", "C11"}.isdisjoint(shares)
    assert [shares["A03"][name] for name in ("count", "of", "share")] == [6, 9, 2 / 3]
    assert [shares["B09"][name] for name in SHARES] == [None, 3 / 7, 6 / 7]


@pytest.mark.parametrize("name", ["town", "whole_export"])
def test_numbers_leave_room_for_words_on_a_narrow_terminal(name: str) -> None:
    for title, table in audit_tables(figures(case(name)), headline()).items():
        numbers = [column for column in table.columns if table[column].dtype.is_numeric()]
        room = 80 - sum(max(len(column), 7) + 3 for column in numbers)
        assert room >= 8, title


def test_what_is_missing_is_listed_by_column() -> None:
    given = case("town")
    for row in given["victim"]:
        row.pop("injury_codes", None)
    del given["period"]
    table = audit_tables(figures(given), headline())["Columns that are missing"]
    listed = dict(rows(table))
    assert listed["victim.injury_raw, which is blank or not understood in every row"] == "C05, C06"
    assert listed["jurisdiction.period"] == "A02, E08"
    assert listed["call.call_type_raw"].startswith("B01, B02")


def test_without_a_relationship_the_number_of_incidents_is_shown() -> None:
    given = case("town")
    given["value"] = [{"count": 9, "reason": "missing"}]
    given["pair"] = [
        {**row, "class": "undetermined", "reason": "missing", "tie": None} for row in given["pair"]
    ]
    tables = audit_tables(figures(given), headline())
    assert tables["Domestic incidents by agency"].columns == ["agency", "incidents", "undetermined"]
    assert rows(tables["Domestic incidents by agency"]) == [("A", 5, 0), ("B", 2, 0)]
    assert "Incidents by agency" not in tables
    assert tables["Columns that are missing"]["missing"][0].startswith("relationship.")


def test_published_counts(boroughs: dict[str, pl.DataFrame]) -> None:
    assert rows(boroughs["Published counts by year"]) == [
        ("2020", "incident reports", 190, None, None),
        ("2020", "incident reports, same districts", 180, 300, 0.6),
        ("2020", "felony assaults", 20, 31, 20 / 31),
        ("2020", "rapes", 3, 8, 3 / 8),
        ("2021", "incident reports", 262, None, None),
        ("2021", "incident reports, same districts", 120, 200, 0.6),
        ("2021", "felony assaults", 27, 43, 27 / 43),
        ("2021", "rapes", 4, 8, 0.5),
    ]
    assert boroughs["Felony assaults by borough"].row(0) == ("2020", "East", 5, 6, 5 / 6)
    assert rows(boroughs["Change of published counts"])[0][:4] == ("2021", "ipv_dir", 180, 193)


def test_the_districts_with_most_reports_are_those_of_the_last_year(
    boroughs: dict[str, pl.DataFrame],
) -> None:
    table = boroughs["Districts with most reports"]
    assert table.select("borough", "district", "intimate_partner").rows() == [
        ("North", "1", 120),
        ("East", "2", 60),
        ("North", "2", 40),
        ("East", "1", 33),
        ("North", "9", 9),
    ]
    assert table["change_percent"].to_list() == pytest.approx([20, None, -20, 10, None])


def test_the_intimate_partner_file_alone_still_gives_reports_by_borough() -> None:
    given = case("boroughs")
    given["tally"] = [row for row in given["tally"] if "ipv_dir" in row]
    tables = audit_tables(figures(given))
    assert tables["Incident reports by borough"].row(0) == ("2020", "East", 33, None, None)
    assert rows(tables["Columns that are missing"]) == [("tally.family_dir or tally.dv_dir", "T02")]
