"""Small deliveries for the figures, written from case files."""

from __future__ import annotations

import csv
import random
import tomllib
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from ipvi_cli.model.careers import Careers
from ipvi_cli.model.classified import INCIDENT_SCHEMA, PAIR_SCHEMA
from ipvi_cli.model.finding import FINDING_SCHEMA
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.tables import polars_schema
from ipvi_cli.summarize import summarize

CASES = Path(__file__).parent / "cases"
TABLES = (
    "incident", "offense", "victim", "offender", "relationship", "arrest", "charge", "call", "order", "history",
    "supervision", "population", "tally",
)  # fmt: skip
_GIVEN_AS = {"population": "residents"}
"""Tables whose rows a case gives under another name; ``population`` is what is declared of the incidents."""
AGES = "IPVI-999"
"""Code that stands for the rules on the ages of a pair."""

_VALUES = {"value": pl.String(), "count": pl.Int64(), "reason": pl.String()}


@dataclass(frozen=True)
class Read:
    """The account of one input."""

    file: str
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    row_fates: dict[str, int] = field(default_factory=dict)


def case(name: str) -> dict[str, Any]:
    """Read the delivery of a case."""
    return tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))


def expected(name: str) -> list[dict[str, str]]:
    """Read what was computed by hand for a case."""
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    """Read a number or a fraction such as ``2/3``; blank is null."""
    return float(Fraction(text)) if text else None


def profile(given: dict[str, Any]) -> Profile:
    """Make the profile of a case: every table that it has is fed, and what it lists under ``mapped`` is mapped."""
    jurisdiction = {"name": "Town", "population": given.get("population", "domestic")}
    if "period" in given:
        jurisdiction["period"] = dict(zip(("start", "end"), given["period"], strict=True))
    if "extract_date" in given:
        jurisdiction["extract_date"] = given["extract_date"]
    keys = {"incident_number": "n", "agency": "a"}
    tables: dict[str, dict[str, str]] = {
        name: {"year": "y"} if name in ("tally", "population") else dict(keys)
        for name in _tables(given)
    }
    for mapped in given.get("mapped", []):
        table, column = mapped.split(".")
        tables.setdefault(table, dict(keys))[column] = column
    return Profile.model_validate(
        {
            "jurisdiction": jurisdiction,
            "agencies": [{"id": name} for name in given.get("agencies", ["A"])],
            "sources": [
                {
                    "name": "all",
                    "files": "*.csv",
                    "tables": [{"table": name, "columns": columns} for name, columns in tables.items()],
                }
            ],
        }
    )  # fmt: skip


def frames(given: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """Write the rows of a case as canonical tables, ``pairs`` and ``incidents``."""
    made = {name: _table(name, rows) for name, rows in _tables(given).items()}
    if "incident" in given:
        made["incidents"] = _incidents(given["incident"])
        made["pairs"] = _pairs(given)
    return made


def figures(given: dict[str, Any], *, shuffle: random.Random | None = None) -> pl.DataFrame:
    """Make the figures of a case, its rows in their order or in a random one."""
    return figures_of(given, frames(given), shuffle=shuffle)


def figures_of(
    given: dict[str, Any], made: dict[str, pl.DataFrame], *, shuffle: random.Random | None = None
) -> pl.DataFrame:
    """Make the figures of frames, with everything else from a case."""
    lazy = {name: _mixed(df, shuffle).lazy() for name, df in made.items()}
    pairs, incidents, persons = (lazy.pop(name, None) for name in ("pairs", "incidents", "persons"))
    histories = [lazy.pop(name, None) for name in ("offenders", "events", "couples")]
    known = all(frame is not None for frame in histories)
    words = given.get("value")
    return summarize(
        lazy,
        pairs=pairs,
        incidents=incidents,
        values=None if words is None else _mixed(pl.DataFrame(words, schema=_VALUES), shuffle),
        findings=_mixed(_findings(given), shuffle),
        inputs=[Read(**item) for item in given.get("input", [])],
        profile=profile(given),
        plausibility_codes=(AGES,),
        persons=persons,
        careers=Careers(*histories, "made up", None, (0.95, 0.5)) if known else None,
    )


def cells(made: pl.DataFrame, figure: str, by: str) -> dict[str, tuple[int | None, ...]]:
    """Give the counts of a figure: group to numerator, denominator, undetermined."""
    rows = made.filter(pl.col("figure_id") == figure, pl.col("by") == by)
    counts = rows.select("group", "numerator", "denominator", "undetermined")
    return {group: tuple(rest) for group, *rest in counts.iter_rows()}


def one(made: pl.DataFrame, figure: str, by: str = "total", group: str = "total") -> dict[str, Any]:
    """Give the one row of a figure for a group."""
    return made.row(
        by_predicate=(pl.col("figure_id") == figure)
        & (pl.col("by") == by)
        & (pl.col("group") == group),
        named=True,
    )


def _tables(given: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    named = {name: _GIVEN_AS.get(name, name) for name in TABLES}
    return {name: given[key] for name, key in named.items() if key in given}


def _table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = polars_schema(name)
    written = []
    for place, given in enumerate(rows, start=1):
        incident = _incident(given)
        row = {
            "record_id": place, "source_file": f"{name}.csv", "source_row": place + 1,
            "row_fate": "total" if given.get("area_kind") == "total" else "new",
            "incident_id": None if given.get("i") is None else incident,
            "agency": given.get("agency", "A"), "incident_number": str(given.get("i")),
            "victim_id": f"{incident}:V{given.get('v', 1)}", "offender_id": f"{incident}:O{given.get('o', 1)}",
            "area_kind": "district", **given,
        }  # fmt: skip
        written.append({column: row.get(column) for column in schema})
    return pl.DataFrame(written, schema=schema)


def _incidents(rows: list[dict[str, Any]]) -> pl.DataFrame:
    once = {_incident(row): row for row in reversed(rows) if row.get("row_fate", "new") == "new"}
    written = [
        {
            "incident_id": incident,
            "agency": row.get("agency", "A"),
            "incident_number": str(row["i"]),
            "incident_class": row["class"],
            "in_denominator": row.get("counted", row["class"] != "not_applicable"),
            "undetermined_unflagged": row.get("unflagged", False),
            "dv_flag": row.get("dv_flag"),
            "mixed": False,
            "pairs": 1,
        }
        for incident, row in once.items()
    ]
    return pl.DataFrame(written, schema=INCIDENT_SCHEMA)


def _pairs(given: dict[str, Any]) -> pl.DataFrame:
    ages = {
        role: {
            (_incident(row), row.get(role[0], 1)): row.get("age_years") for row in given.get(role, [])
        }
        for role in ("victim", "offender")
    }  # fmt: skip
    written = []
    for row in given.get("pair", []):
        incident = _incident(row)
        made = {"relationship_class": row["class"], "nibrs_code": row.get("code"), **row}
        for role, known in ages.items():
            who = row.get(role[0], 1)
            age = known.get((incident, who))
            made[f"{role}_id"] = f"{incident}:{role[0].upper()}{who}"
            made[f"{role}_under_18"] = None if age is None else age < 18
        made["incident_id"] = incident
        made["relationship_raw"] = row.get("tie")
        made["pair_id"] = f"{made['victim_id']}:{made['offender_id']}"
        written.append({column: made.get(column) for column in PAIR_SCHEMA})
    return pl.DataFrame(written, schema=PAIR_SCHEMA)


def _findings(given: dict[str, Any]) -> pl.DataFrame:
    rows = [
        {"severity": "warning", "message": "m", **row, "incident_id": _incident(row)}
        for row in given.get("finding", [])
    ]
    written = [{column: row.get(column) for column in FINDING_SCHEMA} for row in rows]
    return pl.DataFrame(written, schema=FINDING_SCHEMA)


def _incident(row: dict[str, Any]) -> str:
    return f"{row.get('agency') or 'A'}:{row.get('i')}"


def _mixed(rows: pl.DataFrame, shuffle: random.Random | None) -> pl.DataFrame:
    order = list(range(rows.height))
    if shuffle is not None:
        shuffle.shuffle(order)
    return rows[order] if order else rows
