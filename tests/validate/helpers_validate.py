"""Small deliveries for the rules, written from case files."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from ipvi_cli.model.finding import PROBLEM_SCHEMA
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.tables import TABLES, polars_schema
from ipvi_cli.validate import validate

CASES = Path(__file__).parent / "cases"
KINDS = ("fail", "pass", "null")

TEXT = pl.String()
PAIRS: dict[str, Any] = {
    "pair_id": TEXT, "incident_id": TEXT, "victim_id": TEXT, "offender_id": TEXT, "relationship_raw": TEXT,
    "relationship_class": TEXT, "tie": TEXT, "partner_status": TEXT, "basis": TEXT, "rule": TEXT, "reason": TEXT,
    "candidates": pl.List(pl.String), "evidence": pl.List(pl.String), "conflict": pl.List(pl.String),
    "nibrs_code": TEXT, "victim_under_18": pl.Boolean(), "offender_under_18": pl.Boolean(),
}  # fmt: skip
INCIDENTS: dict[str, Any] = {
    "incident_id": TEXT, "agency": TEXT, "incident_number": TEXT, "incident_class": TEXT, "reason": TEXT,
    "in_denominator": pl.Boolean(), "mixed": pl.Boolean(), "pairs": pl.Int64(), "dv_flag": pl.Boolean(),
    "undetermined_unflagged": pl.Boolean(),
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """The account of one input."""

    file: str
    rows_read: int


def cases() -> list[tuple[str, str, int, dict[str, Any]]]:
    """Give code, kind, number and content of every case."""
    found = []
    for path in sorted(CASES.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        for kind, several in document.items():
            found.extend((path.stem, kind, n, case) for n, case in enumerate(several))
    return found


def profile(case: dict[str, Any]) -> Profile:
    """Make the profile that a case declares."""
    jurisdiction: dict[str, Any] = {
        "name": "Test",
        "population": case.get("population", "domestic"),
    }
    if "period" in case:
        jurisdiction["period"] = dict(zip(("start", "end"), case["period"], strict=True))
    if "extract_date" in case:
        jurisdiction["extract_date"] = case["extract_date"]
    columns: dict[str, dict[str, str]] = {"incident": {"incident_number": "n", "agency": "a"}}
    for mapped in case.get("mapped", []):
        table, column = mapped.split(".")
        columns.setdefault(table, {"incident_number": "n", "agency": "a"})[column] = column
    return Profile.model_validate(
        {
            "jurisdiction": jurisdiction,
            "agencies": [{"id": name} for name in case.get("agencies", ["A"])],
            "control": case.get("control", {}),
            "sources": [
                {
                    "name": "all",
                    "files": "*.csv",
                    "tables": [
                        {"table": table, "columns": mapped} for table, mapped in columns.items()
                    ],
                }
            ],
        }
    )


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Write the rows of a case as a canonical table, ``pairs`` or ``incidents``.

    ``i`` is the incident's number, ``times`` repeats a row for incidents in a row; an empty text means null.
    """
    schema = {"pairs": PAIRS, "incidents": INCIDENTS}.get(name) or polars_schema(name)
    written: list[dict[str, Any]] = []
    for given in rows:
        for step in range(given.get("times", 1)):
            agency, number = given.get("agency", "A"), given.get("i", 1) + step
            incident = f"{agency}:{number}"
            victim, offender = (
                given.get(long, given.get(short, 1))
                for long, short in (("victim_number", "v"), ("offender_number", "o"))
            )
            row = {
                "record_id": len(written) + 1, "source_file": f"{name}.csv", "source_row": len(written) + 2,
                "row_fate": "total" if given.get("area_kind") == "total" else "new", "incident_id": incident,
                "agency": agency, "incident_number": str(number), "victim_id": f"{incident}:V{victim}",
                "offender_id": f"{incident}:O{offender}", "pair_id": f"{incident}:V{victim}:O{offender}",
                "area_kind": "district",
            }  # fmt: skip
            if name == "arrest":
                row["offender_id"] = None
            unknown = set(given) - set(schema) - {"i", "v", "o", "times", "agency"}
            assert not unknown, f"{name} has no column {unknown}"
            row |= given
            written.append({column: row.get(column) for column in schema})
            written[-1] = {
                column: None if value == "" else value for column, value in written[-1].items()
            }
    return pl.DataFrame(written, schema=schema)


def mixed(rows: pl.DataFrame, shuffle: random.Random | None) -> pl.DataFrame:
    """Give the rows in a random order."""
    order = list(range(rows.height))
    if shuffle is not None:
        shuffle.shuffle(order)
    return rows[order] if order else rows


def findings(case: dict[str, Any], *, shuffle: random.Random | None = None) -> pl.DataFrame:
    """Validate the delivery of a case, its rows in their order or in a random one."""
    frames = {
        name: mixed(frame(name, case[name]), shuffle).lazy()
        for name in (*TABLES, "pairs", "incidents")
        if isinstance(case.get(name), list)
    }
    pairs, incidents = frames.pop("pairs", None), frames.pop("incidents", None)
    inputs = [Read("a.csv", case["rows_read"])] if "rows_read" in case else []
    return validate(
        frames,
        profile(case),
        problems=pl.DataFrame(schema=PROBLEM_SCHEMA),
        pairs=pairs,
        incidents=incidents,
        inputs=inputs,
    )


def places(found: pl.DataFrame) -> list[str]:
    """Write where findings are: ``file:row``, or ``whole`` with the agency they are about."""
    return sorted(
        f"{file}:{row}" if row is not None else "whole" + (f":{agency}" if agency else "")
        for file, row, agency in found.select("source_file", "source_row", "agency").iter_rows()
    )
