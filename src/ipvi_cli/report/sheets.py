"""A report as the sheets of a workbook: one for each question, the findings, and the definitions."""

from __future__ import annotations

import polars as pl

from ipvi_cli.report.build import PERCENT
from ipvi_cli.report.content import Report, Table

__all__ = ["PERCENT", "sheets"]


def sheets(report: Report) -> dict[str, pl.DataFrame]:
    """Lay out the workbook.

    Args:
        report: What it holds.

    Returns:
        Frames by name of the sheet; ``PERCENT`` names the columns that hold shares.
    """
    made = {"The answer": _first(report)}
    for section in report.sections:
        if section.numbers.height:
            made[section.title.rstrip("?")] = _filled(section.numbers)
    missing = [
        row for section in report.sections if section.missing for row in section.missing.rows
    ]
    if missing:
        made["What cannot be told yet"] = _frame(Table("", ("figure", "needs"), tuple(missing)))
    if report.findings is not None:
        made["Findings"] = _frame(report.findings)
    made["Definitions"] = report.definitions
    made["Words"] = report.glossary
    return made


def _first(report: Report) -> pl.DataFrame:
    head = report.headline
    lines = [("The answer", " ".join(part for part in (head.big, head.small, head.text) if part))]
    lines += [("", line) for line in head.more]
    if head.view is not None:
        lines += [(row[0], ", ".join(row[1:])) for row in head.view.table.rows]
    for doubt in report.doubts:
        lines.append((doubt.title, doubt.text))
        lines += [("", item) for item in doubt.items]
    return pl.DataFrame(lines, schema={"about": pl.String, "what": pl.String}, orient="row")


def _filled(numbers: pl.DataFrame) -> pl.DataFrame:
    """Leave out the columns in which nothing stands."""
    return numbers.select(
        name for name in numbers.columns if numbers[name].null_count() < numbers.height
    )


def _frame(table: Table) -> pl.DataFrame:
    return pl.DataFrame(table.rows, schema=dict.fromkeys(table.headers, pl.String), orient="row")
