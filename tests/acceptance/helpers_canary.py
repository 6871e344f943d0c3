"""A delivery in which every cell that could identify someone is marked, and nothing else is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

MARK = "QZXCANARY"
"""Part of every marked text; no word of the tool or of the profile holds it."""

BIRTHS = ("1907-03-0", "03/0")
"""How the marked births begin, in the two ways in which they are written."""

ROWS = 40

_PROFILE = """
[jurisdiction]
name = "Canary"
population = "domestic"
period = {{ start = 2019-01-01, end = 2019-12-31 }}

[[agencies]]
id = "ZZ9"

{sources}
"""

_FLAT = """
[[sources]]
name = "reports"
files = "reports.csv"
[sources.keys]
incident_number = "No"
[[sources.tables]]
table = "incident"
[sources.tables.columns]
occurred_on = "Occurred"
reported_on = "Reported"
occurred_time = "Time"
district = "Beat"
address = "Address"
narrative = "Narrative"
dv_flag = "Flag"
clearance = "Clearance"
[[sources.tables]]
table = "victim"
[sources.tables.columns]
name = "Victim"
birth_date = "Victim Born"
age_years = "Victim Age"
sex = "Victim Sex"
race = "Victim Race"
address = "Victim Address"
phone = "Victim Phone"
person_number = "Victim Number"
injury_raw = "Injury"
[[sources.tables]]
table = "offender"
[sources.tables.columns]
name = "Suspect"
birth_date = "Suspect Born"
address = "Suspect Address"
phone = "Suspect Phone"
person_number = "Suspect Number"
[[sources.tables]]
table = "relationship"
[sources.tables.columns]
relationship_raw = {{ column = "Relation", direction = "victim_to_offender" }}
child_in_common = "Child"
[[sources.tables]]
table = "offense"
[sources.tables.columns]
offense_raw = "Offense"
statute = "Statute"
weapon_raw = "Weapon"
[[sources.tables]]
table = "arrest"
[sources.tables.columns]
arrested_on = "Arrested"
arrest_number = "Arrest Number"
person_number = "Suspect Number"
name = "Suspect"
birth_date = "Suspect Born"
[[sources.tables]]
table = "charge"
[sources.tables.columns]
offense_raw = "Offense"
statute = "Statute"
disposition_raw = "Disposition"
arrest_number = "Arrest Number"
"""

_CALLS = """
[[sources]]
name = "calls"
files = "calls.*"
[sources.keys]
incident_number = "No"
[[sources.tables]]
table = "call"
[sources.tables.columns]
received_on = "Received"
received_time = "Received"
call_type_raw = "Nature"
call_number = "Event"
address = "Place"
district = "Beat"
"""


FORMS = ("csv", "xlsx", "json", "ndjson", "parquet")


def write_delivery(folder: Path, form: str = "csv") -> None:
    """Write the delivery with its profile, the reports in one of ``FORMS``.

    A mark stands in every identifying column; as the value of columns where it cannot be understood (a date, an age,
    a flag, a code); in words that no crosswalk has; in columns that the profile does not map; in rows that are
    refused (too long, too short, a blank or unfit number); and in lines above and below the table.
    """
    folder.mkdir()
    header = [
        "No", "Occurred", "Reported", "Time", "Beat", "Address", "Narrative", "Flag", "Clearance", "Victim",
        "Victim Born", "Victim Age", "Victim Sex", "Victim Race", "Victim Address", "Victim Phone", "Victim Number",
        "Injury", "Suspect", "Suspect Born", "Suspect Address", "Suspect Phone", "Suspect Number", "Relation",
        "Child", "Offense", "Statute", "Weapon", "Arrested", "Arrest Number", "Disposition", "Notes not mapped",
    ]  # fmt: skip
    rows = [[_cell(name, number) for name in header] for number in range(ROWS)]
    rows += [[f"{MARK}-NUMBER", *rows[3][1:]], ["", *rows[4][1:]], [*rows[5], f"{MARK}-LONG"]]
    rows += [[f"19-{900 + number}", f"{MARK}-SHORT"] for number in range(2)]
    rows.append([*rows[6]])
    _write_reports(folder / f"reports.{form}", header, rows)
    calls = [["No", "Received", "Nature", "Event", "Place", "Beat"]]
    calls += [
        [
            f"19-{number:03}", f"2019-02-{number + 1:02} 04:05", f"{MARK}-NATURE{number}", f"{MARK}-EVENT",
            f"{MARK}-PLACE", f"{MARK} BEAT",
        ]
        for number in range(9)
    ]  # fmt: skip
    (folder / "calls.csv").write_text(_written(calls), encoding="utf-8")
    profile = _PROFILE.format(sources=_FLAT.format() + _CALLS.format())
    profile = profile.replace("reports.csv", f"reports.{form}")
    (folder / "jurisdiction.toml").write_text(profile, encoding="utf-8")


def _write_reports(path: Path, header: list[str], rows: list[list[str]]) -> None:
    match path.suffix:
        case ".csv":
            above = f"Report drawn by {MARK}-CLERK\n\n"
            below = f"End of report for {MARK}-CHIEF\n"
            path.write_text(above + _written([header, *rows]) + below, encoding="utf-8")
        case ".xlsx":
            _write_book(path, [[f"Report drawn by {MARK}-CLERK"], [], header, *rows])
        case ".parquet":
            width = len(header)
            even = [(row + [""] * width)[:width] for row in rows]
            df = pl.DataFrame(even, schema=header, orient="row")
            # A type of its own in each of these columns.
            df = df.with_columns(
                pl.struct("Victim", "Victim Sex").alias("Victim"),
                pl.col("Narrative").cast(pl.Binary),
                pl.concat_list("Weapon", "Statute").alias("Weapon"),
                pl.col("Victim Race").cast(pl.Categorical),
            )
            df.write_parquet(path)
        case form:
            items: list[Any] = [
                {
                    **dict(zip(header, row, strict=False)),
                    "Parts": {"first": row[-1], "all": [row[-1]]},
                }
                for row in rows
            ]
            items += [MARK, [MARK], {"No": {"part": MARK}}, {"No": [MARK]}]
            lines = [json.dumps(item) for item in items]
            broken = f'{{"No": "{MARK}'
            path.write_text(
                "\n".join([*lines, broken]) if form == ".ndjson" else f"[{','.join(lines)}]",
                encoding="utf-8",
            )


def _write_book(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"author": f"{MARK}-AUTHOR"})
        sheet = book.add_worksheet("Reports")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
        sheet.write_comment(5, 5, f"{MARK}-COMMENT")
        sheet.write_formula(6, 10, f'="{MARK}"', value=f"{MARK}-FORMULA")


def _cell(name: str, number: int) -> str:
    wrong = number % 4 == 0
    match name:
        case "No":
            return f"19-{number:03}"
        case "Occurred" | "Reported" | "Arrested":
            return f"{MARK} {name}" if wrong else f"2019-03-{number % 27 + 1:02}"
        case "Time":
            return f"{MARK} {name}" if wrong else "13:05"
        case "Victim Born" | "Suspect Born":
            return f"{MARK} {name}" if wrong else f"{BIRTHS[0]}{number % 9 + 1}"
        case "Victim Age":
            return f"{MARK} {name}" if wrong else "112"
        case "Relation":
            return ("WIFE", "BOYFRIEND", f"{MARK} SMITHS WIFE", f"{MARK}{number}")[number % 4]
        case "Offense":
            return f"{MARK} OFFENSE" if wrong else "SIMPLE ASSAULT"
        case _:
            return f"{MARK} {name} {number}"


def _written(rows: Iterable[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
