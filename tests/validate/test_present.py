"""Findings as they are printed and sent back."""

from __future__ import annotations

import polars as pl
from helpers_validate import findings

from ipvi_cli.validate import fix_lists, grouped


def delivery() -> pl.DataFrame:
    rows = [
        {"i": 9, "agency": "A"}, {"i": 2, "agency": "A"}, {"i": 3, "agency": "A"}, {"i": 4, "agency": "A"},
        {"i": 1, "agency": "B"}, {"i": 5, "agency": "B", "occurred_on": None},
    ]  # fmt: skip
    victims = [
        {**row, "birth_date": None, "injury_codes": ["N", "M"], "sex": "F"} for row in rows[:5]
    ]
    return findings({"agencies": ["A", "B"], "incident": rows, "victim": victims})


def test_grouped_counts_and_names_first_rows() -> None:
    shown = grouped(delivery())

    row = shown.row(by_predicate=pl.col("code") == "IPVI-615", named=True)
    assert row["count"] == 5
    assert row["first_rows"] == "victim.csv:2, victim.csv:3, victim.csv:4"
    assert row["title"] == "A victim has no injury and an injury at once."
    assert row["mend"] == "Correct the injuries."
    assert row["message"] == "injury_codes hold none beside another injury"
    order = {"error": 0, "warning": 1, "info": 2}
    assert [order[one] for one in shown["severity"]] == sorted(order[one] for one in shown["severity"])  # fmt: skip


def test_grouped_of_nothing() -> None:
    assert grouped(delivery().clear()).is_empty()


def test_fix_lists_are_by_agency_and_incident_number() -> None:
    lists = fix_lists(delivery())

    assert list(lists) == ["A", "B"]
    own = lists["A"].filter(pl.col("code") == "IPVI-615")
    assert own["incident_number"].to_list() == ["2", "3", "4", "9"]
    assert own.columns == [
        "incident_number", "source_file", "source_row", "code", "column", "what", "mend",
    ]  # fmt: skip
    assert set(own["mend"]) == {"Correct the injuries."}
