"""Findings: what is wrong or doubtful in the data, never a failure of the tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

import polars as pl

Severity = Literal["error", "warning", "info"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")

PROBLEM_SCHEMA: Final[dict[str, pl.DataType]] = {
    "code": pl.String(),
    "table": pl.String(),
    "column": pl.String(),
    "agency": pl.String(),
    "incident_id": pl.String(),
    "source_file": pl.String(),
    "source_row": pl.Int64(),
    "message": pl.String(),
}
"""What a room noticed, by rule code; the registry of rules adds the severity."""

FINDING_SCHEMA: Final[dict[str, pl.DataType]] = {
    "code": pl.String(),
    "severity": pl.String(),
    **{name: dtype for name, dtype in PROBLEM_SCHEMA.items() if name != "code"},
    "finding_id": pl.String(),
    "accepted": pl.Boolean(),
}
"""Columns of ``findings.parquet``; ``message`` never holds a cell's value."""

BASELINE_SCHEMA: Final[dict[str, pl.DataType]] = {
    "finding_id": pl.String(),
    "code": pl.String(),
    "table": pl.String(),
    "column": pl.String(),
    "source_file": pl.String(),
    "note": pl.String(),
}
"""Columns of a list of accepted findings: ``finding_id`` decides, ``note`` is for people, the rest tells where."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

Frames = Mapping[str, pl.LazyFrame]
"""Canonical tables by name; a table that no source feeds is absent."""


def problem(
    code: str,
    message: str,
    *,
    table: str | None = None,
    column: str | None = None,
    source_file: str | None = None,
    source_row: int | None = None,
) -> pl.DataFrame:
    """Make one problem about a whole input or column.

    Args:
        code: Rule code.
        message: What was noticed, without any cell's value.
        table: Canonical table concerned.
        column: Column concerned.
        source_file: Input concerned.
        source_row: First row concerned.

    Returns:
        A frame of one row, ``PROBLEM_SCHEMA``.
    """
    row = {
        "code": code, "table": table, "column": column, "agency": None, "incident_id": None,
        "source_file": source_file, "source_row": source_row, "message": message,
    }  # fmt: skip
    return pl.DataFrame([row], schema=PROBLEM_SCHEMA)
