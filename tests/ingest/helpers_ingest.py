"""Whole small deliveries read into tables that are kept in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from polars import selectors

from ipvi_cli.ingest.run import Ingested, ingest
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.model.tables import polars_schema

CODES = {
    "offense": {"ASSAULT": "13B", "THREAT": "13C", "13A": "13A"},
    "weapon": {"KNIFE": "20", "HANDS": "40"},
    "injury": {"BRUISE": "M", "NONE": "N"},
    "disposition": {"GUILTY": "convicted"},
    "call": {"DOMESTIC": "domestic"},
}
"""What the words of the made files mean."""

HEAD = """
[jurisdiction]
name = "Made-up town"
population = "domestic"
extract_date = 2020-01-31
[[agencies]]
id = "TOWN"
aliases = ["Town Police"]
"""


FLAT = """
[[sources]]
name = "dir"
files = "dir*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
columns = { occurred_on = "Date", occurred_time = "Date", dv_flag = "DV" }
[[sources.tables]]
table = "victim"
columns = { name = "Victim", birth_date = "V DOB", sex = "V Sex", age_years = "V Age" }
[[sources.tables]]
table = "offender"
columns = { name = "Suspect", birth_date = "S DOB", sex = "S Sex" }
[[sources.tables]]
table = "relationship"
columns = { relationship_raw = { column = "Tie", direction = "offender_to_victim" } }
"""
FLAT_HEAD = "No,Date,DV,Victim,V DOB,V Sex,V Age,Suspect,S DOB,S Sex,Tie\n"
ROW_1 = "19-1,2019-05-01 13:00,Y,Ann A,1990-01-31,F,,Bob B,1988-06-01,M,Husband\n"
ROW_2 = "19-2,2019-05-02,N,Cid C,1980-01-01,male,39,Dee D,1981-01-01,F,Sister\n"

NORMAL = """
[[sources]]
name = "ties"
files = "ties.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "relationship"
columns = { victim_person_number = "V", offender_person_number = "O", relationship_raw = "Tie" }
[[sources]]
name = "persons"
files = "persons*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "victim"
where = { "Role" = "V" }
columns = { person_number = "PID", birth_date = "DOB" }
[[sources.tables]]
table = "offender"
where = { "Role" = "O" }
columns = { person_number = "PID", birth_date = "DOB" }
[[sources]]
name = "incidents"
files = "incidents.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
columns = { occurred_on = "Date" }
[[sources]]
name = "arrests"
files = "arrests.csv"
required = false
keys = { incident_number = "No" }
[[sources.tables]]
table = "arrest"
columns = { person_number = "PID", arrested_on = "Date" }
"""
NORMAL_FILES = {
    "incidents.csv": "No,Date\n1,2019-06-01\n2,2019-06-02\n",
    "persons.csv": "No,Role,PID,DOB\n1,V,10,2000-06-02\n1,O,11,\n1,O,12,\n1,O,12,\n2,V,10,2000-06-02\n2,O,11,\n",
    "ties.csv": "No,V,O,Tie\n1,10,12,Wife\n2,10,11,Ex\n2,10,99,Ex\n,10,11,Ex\n",
    "arrests.csv": "No,PID,Date\n1,12,2019-06-03\n1,10,2019-06-03\n,12,2019-06-04\n",
}


def coder(kind: str, words: list[str], system: str) -> dict[str, str | None]:
    return {word: CODES[kind].get(word.upper()) for word in words}


class Kept:
    """A table that is kept in memory."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.frames: list[pl.DataFrame] = []
        self.closed = False

    def write(self, rows: pl.DataFrame) -> None:
        texts = rows.cast({selectors.enum(): pl.String})
        assert texts.schema == pl.Schema(polars_schema(self.table))
        self.frames.append(texts)

    def close(self) -> None:
        self.closed = True


class Shelf:
    """A store that keeps its tables in memory."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.kept: dict[str, Kept] = {}

    def table_writer(self, table: str) -> Kept:
        self.kept[table] = Kept(table)
        return self.kept[table]


@dataclass
class Delivery:
    """What reading a made delivery gave."""

    ingested: Ingested
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pl.DataFrame:
        return self.tables.get(name, pl.DataFrame(schema=polars_schema(name)))

    def counted(self, name: str) -> pl.DataFrame:
        return self.table(name).filter(pl.col("row_fate").is_in(["new", "merged"]))

    def column(self, table: str, column: str) -> list[object]:
        return self.table(table)[column].to_list()

    @property
    def codes(self) -> list[str]:
        return sorted(self.ingested.problems["code"].unique())

    def rows_of(self, code: str) -> list[int | None]:
        found = self.ingested.problems.filter(pl.col("code") == code)
        return sorted(found["source_row"].to_list(), key=lambda row: -1 if row is None else row)

    def fates(self, file: str) -> dict[str, int]:
        record = next(one for one in self.ingested.inputs if one.file == file)
        return {fate: count for fate, count in record.row_fates.items() if count}

    def account(self) -> tuple[int, int, int]:
        """Rows read, accepted and quarantined; each input keeps its own equation."""
        for record in self.ingested.inputs:
            assert record.rows_read == record.rows_accepted + record.rows_quarantined, record
            assert record.rows_accepted == sum(record.row_fates.values()), record
            kept = self.ingested.quarantine.get(record.file)
            assert (0 if kept is None else kept.height) == record.rows_quarantined, record
        inputs = self.ingested.inputs
        return (
            sum(one.rows_read for one in inputs),
            sum(one.rows_accepted for one in inputs),
            sum(one.rows_quarantined for one in inputs),
        )


def made_profile(sources: str, head: str = HEAD) -> Profile:
    return parse_profile(head + sources, where="jurisdiction.toml")


def deliver(
    folder: Path, files: Mapping[str, str | bytes], sources: str, head: str = HEAD
) -> Delivery:
    """Write files, and read them as a profile says."""
    place = folder / "delivery"
    place.mkdir(parents=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (place / name).write_bytes(data)
    shelf = Shelf(folder / "scratch")
    shelf.scratch.mkdir()
    ingested = ingest(place, made_profile(sources, head), shelf, coder)
    assert all(kept.closed for kept in shelf.kept.values())
    tables = {name: pl.concat(kept.frames) for name, kept in shelf.kept.items() if kept.frames}
    assert set(tables) == set(ingested.tables)
    for table in tables.values():
        assert table["record_id"].is_unique().all()
    return Delivery(ingested, tables)
