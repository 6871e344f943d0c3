"""Made-up reports for the FBI's edits: one that passes all of them, and cases that change it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import polars as pl

from ipvi_cli.ingest.nibrs.judge import Judge
from ipvi_cli.ingest.nibrs.segments import Account, Submission, segment_schema

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "nibrs_edits.toml").read_text(encoding="utf-8")
)["case"]

PERSON = {"age": "30", "sex": "F", "race": "W", "ethnicity": "N"}
ARREST = {
    "arrestee_number": "01", "arrest_type": "O", "armed_with": ["01"], "resident": "R", **PERSON,
}  # fmt: skip
SOUND: dict[str, dict[str, Any]] = {
    "zero": {"report_month": "03", "report_year": "2020", "incident_number": None},
    "incident": {"occurred_on": "20200401", "hour": "07", "clearance": "N"},
    "offense": {
        "offense_code": "13A", "attempted": "C", "suspected_use": ["N"], "bias": ["88"], "location": "20",
        "activities": ["N"], "weapons": ["40"],
    },
    "victim": {
        "victim_number": "001", "offense_codes": ["13A"], "victim_type": "I", **PERSON, "resident": "R",
        "circumstances": ["06"], "injuries": ["M"], "offender_numbers": ["01"], "relationships": ["BG"],
    },
    "offender": {"offender_number": "01", **PERSON, "sex": "M"},
    "arrestee": {
        **ARREST, "arrest_number": "A1", "arrested_on": "20200402", "multiple_arrests": "N",
        "offense_code": "13A",
    },
    "group_b_arrest": {
        **ARREST, "arrest_number": "B1", "arrested_on": "20200403", "offense_code": "90Z",
        "incident_number": None,
    },
}  # fmt: skip
APART = 100
"""Reports that are judged together are so many segments apart."""
KEYS = {
    "row_fate": "new", "report": 0, "action": "I", "submission_month": "04", "submission_year": "2020",
    "ori": "NY0130100", "incident_number": "20-0001",
}  # fmt: skip


def report(changes: dict[str, Any], blank: str = "") -> dict[str, pl.DataFrame]:
    """Make the segment frames of a report: the sound one, with the changes that a case declares.

    A level's changes are a table, or several for as many segments; ``blank`` is a ``level.element`` to be null.
    """
    frames = {}
    row = 0
    empty_level, _, element = blank.partition(".")
    for level, cells in SOUND.items():
        given = changes.get(level, {})
        rows = []
        for change in given if isinstance(given, list) else [given]:
            row += 1
            of_level = {**KEYS, "source_file": level, "source_row": row, **cells, **change}
            if level == empty_level:
                of_level[element] = None
            rows.append({name: None if cell == "" else cell for name, cell in of_level.items()})
        schema = segment_schema(level)
        frames[level] = pl.DataFrame(
            [{name: one.get(name) for name in schema} for one in rows], schema=schema
        )
    return frames


def submission(*, published: bool = False, problems: pl.DataFrame | None = None) -> Submission:
    """Make a submission whose frames are given to the judge by hand."""
    one = Submission(
        (Account("all", 0, 0),),
        pl.DataFrame(),
        lambda: iter(()),
        "made up",
        ("NY0130100",),
        published=published,
    )
    return one if problems is None else Submission(**{**vars(one), "problems": problems})


def judged(frames: dict[str, pl.DataFrame], of: Submission | None = None) -> pl.DataFrame:
    """Judge one batch of segments."""
    judge = Judge(of or submission())
    aside = pl.DataFrame(schema={"source_file": pl.String(), "source_row": pl.Int64()})
    judge.look(frames, frames, aside)
    return judge.problems()


def judged_together(reports: list[dict[str, pl.DataFrame]]) -> list[set[tuple[str, str, str]]]:
    """Judge several reports in one batch, and give what was found in each."""
    apart = [
        {
            level: frame.with_columns(
                report=pl.lit(n, pl.Int64), source_row=pl.col("source_row") + n * APART
            )
            for level, frame in frames.items()
        }
        for n, frames in enumerate(reports)
    ]
    found = judged({level: pl.concat([one[level] for one in apart]) for level in SOUND})
    place = pl.col("source_row") // APART
    return [told(found.filter(place == n)) for n in range(len(reports))]


def told(found: pl.DataFrame) -> set[tuple[str, str, str]]:
    """Give rule, edit and level of what was found."""
    return {
        (code, edit, file)
        for code, file, message in found.select("code", "source_file", "message").iter_rows()
        for edit in re.findall(r"\b\d{3}\b", message.rpartition("(FBI edit ")[2])
    }
