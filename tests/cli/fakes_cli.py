"""Results as the pipeline gives them, made up, and a way to run the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl

from ipvi_cli.model.finding import FINDING_SCHEMA

MAIN = "from ipvi_cli.cli.exits import main; main()"


def headline(**counts: Any) -> SimpleNamespace:
    """Make a headline whose shares follow from its counts."""
    known = {
        "intimate_partner": 465,
        "other_family": 80,
        "other_domestic": 15,
        "known_not_domestic": 0,
        "stranger": 0,
        "undetermined": 0,
    } | {key: value for key, value in counts.items() if key not in {"not_applicable", "unflagged"}}
    total = sum(known.values())
    undetermined, intimate = known["undetermined"], known["intimate_partner"]
    doubt = undetermined / total if total else 0
    lead = "known_only" if doubt <= 0.10 else "range" if doubt <= 0.25 else "none"
    decided = total - undetermined
    return SimpleNamespace(
        incidents=total + counts.get("not_applicable", 0),
        denominator=total,
        **known,
        not_applicable=counts.get("not_applicable", 0),
        undetermined_unflagged=counts.get("unflagged", 0),
        share=intimate / decided if decided and lead != "none" else None,
        share_lower=intimate / total if total else None,
        share_upper=(intimate + undetermined) / total if total else None,
        lead=lead,
    )


def finding(code: str, severity: str, row: int | None = 7) -> dict[str, Any]:
    """Make one finding about a row of a file."""
    return {
        "code": code,
        "severity": severity,
        "table": "incident",
        "column": "reported_on",
        "agency": "PD",
        "incident_id": "PD:1",
        "source_file": "dir.csv",
        "source_row": row,
        "message": "The report is dated before the occurrence.",
        "finding_id": f"{code[-3:]}{row or 0:013}",
        "accepted": False,
    }


FINDINGS = pl.DataFrame(
    [
        finding("IPVI-401", "error"),
        finding("IPVI-401", "error", 19),
        finding("IPVI-302", "warning", None),
        finding("IPVI-103", "info"),
    ],
    schema=FINDING_SCHEMA,
)

GROUPED = pl.DataFrame(
    {
        "code": ["IPVI-401", "IPVI-302", "IPVI-103"],
        "severity": ["error", "warning", "info"],
        "title": ["Report before occurrence", "Offence not mapped", "Lines above the header"],
        "count": [2, 1_234, 1],
        "accepted": [0, 0, 0],
        "first_rows": [["dir.csv:7", "dir.csv:19"], ["dir.csv"], []],
        "mend": ["Ask which of the two dates is right.", "Map it in [site_words].", "Nothing."],
    }
)

RULES = pl.DataFrame(
    {
        "code": ["IPVI-103", "IPVI-302", "IPVI-401", "IPVI-402"],
        "name": [
            "preamble-skipped",
            "offence-unmapped",
            "report-before-occurrence",
            "arrest-first",
        ],
        "severity": ["info", "warning", "error", "error"],
        "group": ["structure", "code-list", "chronology", "chronology"],
        "title": [
            "Lines above the header were skipped.",
            "An offence is not mapped.",
            "A report is dated before the occurrence.",
            "An arrest is dated before the occurrence.",
        ],
        "why": [
            "They state the period.",
            "It cannot be counted.",
            "One is wrong.",
            "One is wrong.",
        ],
        "mend": ["Read them.", "Map it.", "Ask which is right.", "Ask which is right."],
        "source": ["A rule of our own."] * 4,
    }
)

VALUES = pl.DataFrame(
    {
        "value": ["BF/GF", "JOHN SMITHS WIFE", "ONE COUPLE", "SPOUSE"],
        "count": [40, 2, 30, 400],
        "incidents": [39, 2, 1, 390],
        "relationship_class": ["undetermined", "undetermined", "undetermined", "intimate_partner"],
        "reason": ["unmapped", "unmapped", "unmapped", None],
    }
)

FIGURES = pl.DataFrame(
    {"figure_id": ["B08"], "title": ["=Share"], "value": [0.8304], "group": ["total"]}
)


def an_audit(**changes: Any) -> SimpleNamespace:
    """Make the result of an audit."""
    made = {
        "jurisdiction": "Poughkeepsie",
        "period": (date(2019, 1, 1), date(2019, 12, 31)),
        "complete": True,
        "population": "domestic",
        "denominator_words": "domestic incidents",
        "headline": headline(),
        "linked": 0,
        "findings": FINDINGS,
        "grouped": GROUPED,
        "values": VALUES,
        "figures": FIGURES,
        "tables": {
            "By month": pl.DataFrame({"month": ["2019-01"], "share": [0.83], "year": [2019]})
        },
        "control": pl.DataFrame(
            {"what": ["rows"], "stated": [1000], "seen": [999], "difference": [-1]}
        ),
        "asks": ("the first and last day that the extract covers",),
        "failures": (),
        "taken_for": (),
        "rows": {"read": 1010, "accepted": 1000, "quarantined": 10},
        "inputs": (
            SimpleNamespace(
                file="dir.csv",
                rows_read=1010,
                rows_accepted=1000,
                rows_quarantined=10,
                row_fates={"new": 560, "merged": 438, "duplicate": 2, "superseded": 0, "total": 0},
                lines_skipped=3,
            ),
        ),
        "workspace": Path("poughkeepsie.audit"),
        "profile": SimpleNamespace(findings=SimpleNamespace(severity={})),
        "accepted": None,
    }
    return SimpleNamespace(**{**made, **changes})


def ipvi(
    *arguments: str, given: str = "", environment: dict[str, str] | None = None, **more: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own.

    Args:
        *arguments: The command line.
        given: Python that runs first, with ``pipeline`` a stand-in for the pipeline's module.
        environment: Changes to the environment.
        **more: For ``subprocess.run``.
    """
    more = {"capture_output": True, "timeout": 60, **more}
    command = child(*arguments, given=given)
    return subprocess.run(command, env=surroundings(environment), check=False, **more)


def child(*arguments: str, given: str = "") -> list[str]:
    """Give the command line of a process that runs the command."""
    stand_in = (
        "import sys, types\n"
        "pipeline = types.ModuleType('ipvi_cli.pipeline')\n"
        "sys.modules['ipvi_cli.pipeline'] = pipeline\n"
    )
    code = f"{stand_in if given else ''}{textwrap.dedent(given)}\n{MAIN}"
    return [sys.executable, "-c", code, *arguments]


def surroundings(changes: dict[str, str] | None = None) -> dict[str, str]:
    """Give an environment in which nothing of ours depends on who runs the tests."""
    here = str(Path(__file__).parent)
    return {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONPATH": here, **(changes or {})}
