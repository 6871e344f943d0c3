"""``ipvi report``: the figures as pages that people read together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.JOB,
    3,
    "ipvi report city.audit",
    "ipvi report city.audit --internal",
    "ipvi report city.audit --out report.md",
    "ipvi report city.audit --boundaries districts.geojson --boundary-key NAME",
)
def report(
    path: options.Workspace = None,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Withhold nothing; every page and sheet is marked CONFIDENTIAL.",
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="One file, .html, .xlsx or .md; by default report.html and report.xlsx in the workspace.",
        ),
    ] = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(
            "--boundaries", metavar="FILE", help="Outlines of districts (GeoJSON), for a map."
        ),
    ] = None,
    boundary_key: Annotated[
        str | None,
        typer.Option(
            "--boundary-key",
            metavar="NAME",
            help="Property of the outlines that holds the district's name.",
        ),
    ] = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Write the report: one page that opens anywhere, offline, and a workbook.

    It says first what share was between intimate partners and what to doubt, then answers questions with charts,
    tables and downloads. Small counts are withheld, unless with --internal.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.text import plural
    from ipvi_cli.cli.verdict import verdict
    from ipvi_cli.model.errors import UsageError
    from ipvi_cli.pipeline import reporting

    if (boundaries is None) != (boundary_key is None):
        raise UsageError("--boundaries and --boundary-key go together.", mend="Give both.")
    outlines = None
    if boundaries is not None and boundary_key is not None:
        outlines = reporting.Outlines(boundaries, boundary_key)
    screen = Screen(quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = reporting.report(
            path, internal=internal, out=out, outlines=outlines, progress=progress
        )
    mark = " (confidential, nothing withheld)" if internal else ""
    for file in done.files:
        screen.say(f"Written{mark}: {file}")
    if done.withheld:
        screen.say(f"Withheld because a count is small: {plural(done.withheld, 'figure')}.")
    return verdict(done.audit, options.FailOn.NEVER)
