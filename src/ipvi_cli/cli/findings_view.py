"""Findings as people and machines read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.options import FailOn
from ipvi_cli.cli.tables import heading, plain_table
from ipvi_cli.cli.text import visible, whole
from ipvi_cli.model.finding import SEVERITIES

_COLOURS: Final = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def findings_parts(grouped: pl.DataFrame) -> Iterator[RenderableType]:
    """Lay out findings by rule.

    Args:
        grouped: ``code``, ``severity``, ``title``, ``count``, ``accepted``, ``first_rows`` and ``mend``, in the order
            to be shown.
    """
    if not grouped.height:
        yield heading("Findings: none")
        return
    yield heading("Findings by rule")
    known = bool(grouped["accepted"].sum())
    numbers = ("new", "accepted") if known else ("count",)
    table = plain_table(
        "severity", "code", *numbers, "what, first rows, how to mend", right=frozenset(numbers)
    )
    for row in grouped.iter_rows(named=True):
        words = Text(visible(row["title"]))
        if row["first_rows"]:
            words.append(f"\n{visible(_joined(row['first_rows']))}", style="dim")
        words.append(f"\n{visible(row['mend'])}")
        severity = row["severity"]
        table.add_row(
            Text(severity, style=_COLOURS.get(severity, "")),
            row["code"],
            whole(row["count"] - row["accepted"]),
            *([whole(row["accepted"])] if known else []),
            words,
        )
    yield table


def concise_lines(findings: pl.DataFrame) -> str:
    """Write one line for each finding: ``file:row: severity code column: message``."""
    place = (
        pl.when(pl.col("source_row").is_null())
        .then(pl.col("source_file").fill_null("-"))
        .otherwise(pl.format("{}:{}", pl.col("source_file").fill_null("-"), "source_row"))
    )
    named = (
        pl.when(pl.col("column").is_null()).then(pl.lit("")).otherwise(pl.format(" {}", "column"))
    )
    lines = findings.select(
        pl.format(
            "{}: {} {}{}: {}", place, "severity", "code", named, pl.col("message").fill_null("")
        )
    ).to_series()
    return "".join(f"{visible(line)}\n" for line in lines)


def outstanding(findings: pl.DataFrame) -> pl.DataFrame:
    """Leave out the findings that are accepted."""
    return findings.filter(~pl.col("accepted").fill_null(False))


def reaches(findings: pl.DataFrame | None, threshold: FailOn) -> bool:
    """Say whether a finding that is not accepted is of the severity or above it."""
    if findings is None or threshold is FailOn.NEVER:
        return False
    counted = SEVERITIES[: SEVERITIES.index(threshold.value) + 1]
    return outstanding(findings)["severity"].is_in(counted).any()


def _joined(rows: object) -> str:
    return ", ".join(map(str, rows)) if isinstance(rows, list) else str(rows)
