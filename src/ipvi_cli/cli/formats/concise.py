"""One line for each finding that is not accepted."""

from __future__ import annotations

from ipvi_cli.cli.findings_view import concise_lines
from ipvi_cli.cli.formats.report import Report


def concise(report: Report) -> bytes:
    """Write ``file:row: severity code column: message``."""
    return concise_lines(report.new).encode()
