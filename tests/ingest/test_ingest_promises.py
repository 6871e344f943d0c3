"""Promises over generated deliveries: every row is accounted for, and no order of rows or files changes a count."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import polars as pl
from helpers_ingest import HEAD, Delivery, deliver
from hypothesis import given, settings
from hypothesis import strategies as st

SOURCES = """
[[sources]]
name = "dir"
files = "dir*.csv"
keys = { incident_number = "No", agency = "Agency" }
[[sources.tables]]
table = "incident"
columns = { occurred_on = "Date" }
[[sources.tables]]
table = "victim"
repeat = 2
columns = { person_number = "V{n}", age_years = "Age {n}" }
[[sources.tables]]
table = "offender"
where = { "Kind" = ["S", "SUSPECT"] }
columns = { person_number = "O" }
[[sources.tables]]
table = "relationship"
columns = { relationship_raw = "Tie" }
"""
TWO = HEAD.replace('id = "TOWN"', 'id = "HILL"\n[[agencies]]\nid = "TOWN"')
NUMBER = TWO + "[incident_number]\npad = 3\npattern = '^19-\\d+$'\n"
COLUMNS = "No,Agency,Date,V1,Age 1,V2,Age 2,Kind,O,Tie"

NUMBERS = st.sampled_from(["19-1", "19-001", "19-2", "19-3", "19-4", "", "NULL", "see 19-1", "191"])
ROW = st.tuples(
    NUMBERS, st.sampled_from(["TOWN", "town police", "HILL", "", "Elsewhere"]),
    st.sampled_from(["2019-05-01", "1/2/2019", "13/2/2019", "", "soon"]),
    st.sampled_from(["", "1", "2"]), st.sampled_from(["", "30", "30s"]),
    st.sampled_from(["", "1", "3"]), st.sampled_from(["", "9"]),
    st.sampled_from(["S", "suspect ", "W", ""]), st.sampled_from(["", "7", "8"]),
    st.sampled_from(["", "Wife", "Son "]),
)  # fmt: skip
FILES = st.lists(st.lists(ROW, max_size=12), min_size=1, max_size=3)


def read(files: list[list[tuple[str, ...]]]) -> Delivery:
    texts = {
        f"dir_{place}.csv": "\n".join([COLUMNS, *(",".join(row) for row in rows), ""])
        for place, rows in enumerate(files)
    }
    with tempfile.TemporaryDirectory() as folder:
        return deliver(Path(folder), texts, SOURCES, NUMBER)


def counts(made: Delivery) -> dict[str, object]:
    """What a reader counts: incidents, the persons of each by what tells who they are, ties, refusals."""
    return {
        "incidents": sorted(set(made.counted("incident")["incident_id"])),
        "opened": made.table("incident").filter(pl.col("row_fate") == "new").height,
        "victims": sorted(
            made.counted("victim")
            .drop_nulls("person_number")
            .select("incident_id", "person_number")
            .rows()
        ),
        "offenders": sorted(
            made.counted("offender")
            .drop_nulls("person_number")
            .select("incident_id", "person_number")
            .rows()
        ),
        "ties": sorted(
            made.counted("relationship")
            .select("incident_id", pl.col("relationship_raw").fill_null(""))
            .rows()
        ),
        "account": made.account(),
        "refused": sorted(
            code for kept in made.ingested.quarantine.values() for code in kept["reason_code"]
        ),
    }


@settings(derandomize=True, deadline=None, max_examples=20)
@given(FILES)
def test_every_row_is_accepted_or_quarantined_and_has_one_fate(
    files: list[list[tuple[str, ...]]],
) -> None:
    made = read(files)

    read_rows, accepted, quarantined = made.account()
    filled = [row for rows in files for row in rows if any(row)]
    assert read_rows == len(filled)
    refused = [
        row
        for row in filled
        if row[0] not in ("19-1", "19-001", "19-2", "19-3", "19-4") or row[1] in ("", "Elsewhere")
    ]
    assert (accepted, quarantined) == (len(filled) - len(refused), len(refused))
    incident = made.table("incident")
    assert incident.height == accepted
    opened = incident.filter(pl.col("row_fate") == "new")["incident_id"]
    assert opened.is_unique().all()
    assert set(opened) == set(incident["incident_id"])
    for table in ("victim", "offender"):
        assert made.counted(table)[f"{table}_id"].is_unique().all()
        assert set(made.table("relationship")[f"{table}_id"].drop_nulls()) <= set(
            made.table(table)[f"{table}_id"]
        )


@settings(derandomize=True, deadline=None, max_examples=12)
@given(FILES, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_changes_no_count(
    files: list[list[tuple[str, ...]]], chance: random.Random
) -> None:
    turned = [chance.sample(rows, len(rows)) for rows in chance.sample(files, len(files))]
    assert counts(read(turned)) == counts(read(files))


@settings(derandomize=True, deadline=None, max_examples=10)
@given(st.lists(ROW, max_size=12), st.integers(0, 12))
def test_overlapping_files_count_what_one_file_counts(
    rows: list[tuple[str, ...]], cut: int
) -> None:
    once, twice = counts(read([rows])), counts(read([rows[:cut], rows]))
    for what in ("incidents", "opened", "victims", "offenders", "ties"):
        assert twice[what] == once[what]
