"""Who may become a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from ipvi_cli.link.gather import gather, names_anybody
from ipvi_cli.model.tables import polars_schema


def table(name: str, *rows: dict[str, Any]) -> pl.LazyFrame:
    traced = [
        {"record_id": number, "source_file": "a.csv", "source_row": number + 2, "row_fate": "new", **row}
        for number, row in enumerate(rows)
    ]  # fmt: skip
    return pl.DataFrame(traced, schema=polars_schema(name)).lazy()


INCIDENT = {"incident_id": "A:1", "occurred_on": date(2019, 5, 1)}


@pytest.mark.parametrize(
    ("name", "row", "kept"),
    [
        ("offender", {"incident_id": "A:1", "name": "SAMPLE, JON", "age_years": 17}, False),
        ("offender", {"incident_id": "A:1", "name": "SAMPLE, JON", "age_years": 18}, True),
        ("offender", {"incident_id": "A:1", "name": "SAMPLE, JON"}, True),
        ("offender", {"incident_id": "A:1", "name": "SAMPLE, JON", "birth_date": date(2001, 5, 2)}, False),
        ("offender", {"incident_id": "A:1", "name": "SAMPLE, JON", "birth_date": date(2001, 5, 1)}, True),
        ("offender", {"incident_id": "A:1", "name": "SAMPLE, JON", "row_fate": "duplicate"}, False),
        ("offender", {"incident_id": "A:1", "sex": "M"}, False),
        ("victim", {"incident_id": "A:1", "name": "SAMPLE, ANA", "age_years": 9}, True),
        ("arrest", {"name": "SAMPLE, JON", "sealed": True}, False),
        ("charge", {"state_id": "S1", "sealed": False}, True),
        ("history", {"name": "SAMPLE, JON", "happened_on": date(2019, 1, 1), "birth_date": date(2002, 1, 1)}, False),
        ("order", {"protected_name": "SAMPLE, ANA"}, True),
    ],
)  # fmt: skip
def test_sealed_records_and_young_actors_never_reach_persons(
    name: str, row: dict[str, Any], kept: bool
) -> None:
    tables = {"incident": table("incident", INCIDENT), name: table(name, row)}
    assert bool(gather(tables).records.height) is kept


def test_an_order_names_two_persons() -> None:
    row = {
        "agency": "A", "respondent_name": "SAMPLE, JON", "respondent_birth_date": date(1980, 2, 3),
        "protected_name": "SAMPLE, ANA", "protected_person_number": "7",
    }  # fmt: skip
    found = gather({"order": table("order", row)}).records
    assert found.select("role", "name", "birth", "person_number").rows() == [
        ("respondent", "SAMPLE, JON", "1980-02-03", None),
        ("protected", "SAMPLE, ANA", None, "7"),
    ]


def test_an_arrest_without_a_name_stays_with_its_offender() -> None:
    tables = {
        "offender": table("offender", {"incident_id": "A:1", "offender_id": "A:1:O1", "name": "X"}),
        "arrest": table(
            "arrest",
            {"incident_id": "A:1", "offender_id": "A:1:O1"},
            {"incident_id": "A:2", "offender_id": "A:2:O1"},
        ),
    }
    found = gather(tables)
    assert found.records.select("record_table", "record_id").rows() == [
        ("offender", 0),
        ("arrest", 0),
    ]
    assert found.left_out["not identified"] == 1


def test_a_workspace_of_codes_names_nobody() -> None:
    tables = {"offender": table("offender", {"incident_id": "A:1", "sex": "M", "age_years": 30})}
    assert not names_anybody(tables)
    assert not names_anybody({})
    assert names_anybody({"history": table("history", {"fbi_number": "F1"})})
