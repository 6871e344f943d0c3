"""The formats of findings that are not the table: each is a function from one report to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ipvi_cli.cli.formats.concise import concise
from ipvi_cli.cli.formats.frames import csv, json, ndjson
from ipvi_cli.cli.formats.github import github
from ipvi_cli.cli.formats.junit import junit
from ipvi_cli.cli.formats.report import Report
from ipvi_cli.cli.formats.sarif import sarif
from ipvi_cli.cli.options import FindingFormat

RENDERERS: Final[Mapping[FindingFormat, Callable[[Report], bytes]]] = {
    FindingFormat.CONCISE: concise,
    FindingFormat.JSON: json,
    FindingFormat.CSV: csv,
    FindingFormat.NDJSON: ndjson,
    FindingFormat.SARIF: sarif,
    FindingFormat.JUNIT: junit,
    FindingFormat.GITHUB: github,
}
"""What writes each format; the table for people is laid out by ``findings_view``."""

__all__ = ["RENDERERS", "Report"]
