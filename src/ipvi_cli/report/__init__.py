"""The report room: figures give a page, a workbook and plain text, by question."""

from ipvi_cli.report.boundaries import boundaries
from ipvi_cli.report.build import DEFINED, build
from ipvi_cli.report.content import Boundaries, Facts, Report
from ipvi_cli.report.page import page
from ipvi_cli.report.plain import markdown
from ipvi_cli.report.sheets import PERCENT, sheets

__all__ = [
    "DEFINED",
    "PERCENT",
    "Boundaries",
    "Facts",
    "Report",
    "boundaries",
    "build",
    "markdown",
    "page",
    "sheets",
]
