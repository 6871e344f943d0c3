"""One row per incident, whatever number of source rows told of it."""

from __future__ import annotations

import datetime as dt

import polars as pl

from ipvi_cli.model.incidents import one_per_incident
from ipvi_cli.model.tables import polars_schema

DAYS = [dt.date(2019, 1, day) for day in range(1, 4)]


def incidents(*rows: dict[str, object]) -> pl.DataFrame:
    """Make the table, rolled up."""
    numbered = [{"record_id": number, **row} for number, row in enumerate(rows, start=1)]
    frame = pl.DataFrame(numbered, schema=polars_schema("incident"))
    return one_per_incident(frame.lazy()).collect()


def test_what_the_first_row_leaves_blank_comes_from_later_ones() -> None:
    found = incidents(
        {"incident_id": "A:1", "row_fate": "new", "district": None, "occurred_on": DAYS[0]},
        {"incident_id": "A:1", "row_fate": "merged", "district": None, "occurred_on": DAYS[1]},
        {"incident_id": "A:1", "row_fate": "merged", "district": "N", "reported_on": DAYS[2]},
    )
    row = found.row(0, named=True)
    assert found.height == 1
    assert (row["district"], row["occurred_on"], row["reported_on"]) == ("N", DAYS[0], DAYS[2])


def test_an_incident_is_flagged_when_any_row_says_so() -> None:
    found = incidents(
        {"incident_id": "A:1", "row_fate": "new", "dv_flag": False},
        {"incident_id": "A:1", "row_fate": "merged", "dv_flag": True},
        {"incident_id": "A:2", "row_fate": "new", "dv_flag": None},
        {"incident_id": "A:2", "row_fate": "merged", "dv_flag": False},
        {"incident_id": "A:3", "row_fate": "new", "dv_flag": None},
    )
    assert found["dv_flag"].to_list() == [True, False, None]


def test_duplicates_add_nothing() -> None:
    found = incidents(
        {"incident_id": "A:1", "row_fate": "new"},
        {"incident_id": "A:1", "row_fate": "duplicate", "district": "N"},
        {"incident_id": "A:1", "row_fate": "superseded", "dv_flag": True},
    )
    assert found.select("district", "dv_flag").row(0) == (None, None)


def test_identifying_columns_are_left_out() -> None:
    assert not {"address", "narrative", "district_raw"} & set(incidents().columns)
