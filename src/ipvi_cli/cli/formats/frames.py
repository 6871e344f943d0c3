"""All findings as rows, accepted ones marked."""

from __future__ import annotations

from ipvi_cli.cli.console import machine_bytes
from ipvi_cli.cli.formats.report import Report


def csv(report: Report) -> bytes:
    """Write CSV that no spreadsheet runs."""
    return machine_bytes(report.findings, "csv")


def json(report: Report) -> bytes:
    """Write one list."""
    return machine_bytes(report.findings, "json")


def ndjson(report: Report) -> bytes:
    """Write one object a line."""
    return machine_bytes(report.findings, "ndjson")
