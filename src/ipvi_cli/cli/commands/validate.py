"""``ipvi validate``: findings, and an exit code for a pipeline that checks extracts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.STAGES,
    2,
    "ipvi validate DELIVERY",
    "ipvi validate DELIVERY --fail-on warning --format concise",
    "ipvi validate city.audit --format csv --out findings.csv",
)
def validate(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            help="A delivery or a workspace; by default the only *.audit here.",
            show_default=False,
        ),
    ] = None,
    profile: options.ProfileName = None,
    out: options.FileOut = None,
    format: options.PrintedFindings = options.FindingFormat.TABLE,
    fail_on: options.Threshold = options.FailOn.ERROR,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Check a delivery, leaving nothing behind, or renew the findings of a workspace.

    Exits 1 when there are findings of the severity that --fail-on names.
    """
    from ipvi_cli import pipeline
    from ipvi_cli.cli.audit_view import row_parts, severity_counts
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.findings_view import concise_lines, findings_parts
    from ipvi_cli.cli.text import plural
    from ipvi_cli.cli.verdict import verdict

    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = pipeline.validate(path, profile=profile, progress=progress)
    assert done.findings is not None
    assert done.grouped is not None
    if screen.for_people:
        screen.show(*findings_parts(done.grouped), *row_parts(done))
    elif format is options.FindingFormat.CONCISE:
        screen.put(concise_lines(done.findings).encode())
    else:
        screen.put_frame(done.findings)
    counts = severity_counts(done.findings)
    screen.say(", ".join(plural(number, name) for name, number in counts.items()))
    return verdict(done, fail_on)
