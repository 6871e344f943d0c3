"""Options that several commands share, each declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import completing


class Format(StrEnum):
    """How data is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"


class FindingFormat(StrEnum):
    """How findings are printed."""

    TABLE = "table"
    CONCISE = "concise"
    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"


class FailOn(StrEnum):
    """From which severity on findings make the command exit 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class FormatIn(StrEnum):
    """Formats that need no profile."""

    NIBRS_FLAT = "nibrs-flat"
    NIBRS_XML = "nibrs-xml"
    NIBRS_CDE = "nibrs-cde"


Delivery = Annotated[
    Path,
    typer.Argument(
        metavar="DELIVERY", help="Folder or file that the jurisdiction sent.", show_default=False
    ),
]
Workspace = Annotated[
    Path | None,
    typer.Argument(
        metavar="PATH",
        help="Workspace; by default the only *.audit here.",
        show_default=False,
        envvar="IPVI_WORKSPACE",
    ),
]
Printed = Annotated[
    Format, typer.Option("--format", help="How to print the data.", show_default=True)
]
PrintedFindings = Annotated[
    FindingFormat, typer.Option("--format", help="How to print the findings.", show_default=True)
]
ProfileName = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="FILE",
        help="Profile, or the name of a shipped one; by default jurisdiction.toml in or beside the delivery.",
        envvar="IPVI_PROFILE",
        autocompletion=completing.profile_names,
    ),
]
ReadAs = Annotated[
    FormatIn | None,
    typer.Option(
        "--format-in",
        help="Read a delivery without a profile as this format; by default told by its content.",
        show_default=False,
    ),
]
WorkspaceOut = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="The workspace to make; by default ./<profile name>.audit."
    ),
]
FileOut = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write to this file, not to standard output."),
]
Threshold = Annotated[
    FailOn,
    typer.Option(
        "--fail-on",
        help="Exit 1 for findings of this severity or above.",
        show_default=True,
        envvar="IPVI_FAIL_ON",
    ),
]
Selected = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="CODES",
        help="Only these rules: codes or their beginnings, as IPVI-4, separated by commas.",
        show_default=False,
        autocompletion=completing.rule_codes,
    ),
]
Ignored = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="CODES",
        help="Without these rules, even where selected.",
        show_default=False,
        autocompletion=completing.rule_codes,
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="List of accepted findings, which do not fail the check; by default the profile's.",
    ),
]
WriteBaseline = Annotated[
    Path | None,
    typer.Option(
        "--write-baseline", metavar="FILE", help="Accept what is found: write the list anew."
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="No messages and no progress, only data and errors.",
        envvar="IPVI_QUIET",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say each step that is begun.")]
ShowValues = Annotated[
    bool, typer.Option("--show-values", help="Show site words that are rare and may name someone.")
]
Xlsx = Annotated[
    bool, typer.Option("--xlsx", help="Write the tables as a workbook into the workspace too.")
]
