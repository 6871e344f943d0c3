"""``ipvi evaluate``: was it carried out, what came after notices, and what changed in the jurisdiction."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.SIDE_BY_SIDE,
    4,
    "ipvi evaluate city.audit",
    "ipvi evaluate city.audit --start 2021-03-01 --comparison other_family",
    "ipvi evaluate city.audit --plan",
)
def evaluate(
    path: options.Workspace = None,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Say which change could be seen with these volumes by when."),
    ] = False,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--start",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="When the intervention began; by default the first delivered notice.",
        ),
    ] = None,
    comparison: Annotated[
        str | None,
        typer.Option(
            "--comparison",
            metavar="WHAT",
            help="What the intervention does not reach: a class of incidents, as other_family, or a CSV file with"
            " month and count.",
        ),
    ] = None,
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Evaluate an intervention: how it was carried out, outcomes after notices, and monthly counts before and after.

    Writes evaluation.parquet and pictures in evaluation/. What the data are too few for is not printed, and the
    reason is. Needs the extra: pip install "ipvi-cli[evaluate]".
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.evaluate_view import evaluation_parts
    from ipvi_cli.pipeline import evaluating

    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = evaluating.evaluate(
            path,
            start=None if start is None else start.date(),
            comparison=comparison,
            planned=plan,
            progress=progress,
        )
    if screen.for_people:
        screen.show(*evaluation_parts(done))
    else:
        screen.put_frame(done.rows)
    for file in done.files:
        screen.say(f"Written: {file}")
    return 0
