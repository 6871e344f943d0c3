"""``ipvi audit``: everything, in one go."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.JOB,
    2,
    "ipvi audit sample_data/poughkeepsie",
    "ipvi audit DELIVERY --profile jurisdiction.toml --out city.audit --xlsx",
    "ipvi audit submission.txt",
    "ipvi audit DELIVERY --format json",
)
def audit(
    delivery: options.Delivery,
    profile: options.ProfileName = None,
    format_in: options.ReadAs = None,
    out: options.WorkspaceOut = None,
    format: options.Printed = options.Format.TABLE,
    xlsx: options.Xlsx = False,
    link: Annotated[
        bool | None,
        typer.Option(
            "--link/--no-link",
            help="Whether to link records to persons; by default where 20,000 or fewer name them.",
            show_default=False,
        ),
    ] = None,
    fail_on: options.Threshold = options.FailOn.NEVER,
    show_values: options.ShowValues = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Read a delivery, check it, classify every pair, link persons, count, and keep it all in a workspace.

    Prints the headline, the classes, the words that are not mapped, the findings and what became of every row. As
    JSON it prints one object; as CSV or NDJSON the figures.
    """
    from ipvi_cli import pipeline
    from ipvi_cli.cli.audit_view import audit_json, audit_parts
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.verdict import verdict

    screen = Screen(format.value, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = pipeline.audit(
            delivery,
            profile=profile,
            out=out,
            xlsx=xlsx,
            format_in=format_in,
            link=link,
            progress=progress,
        )
    screen.say_all(done.taken_for)
    if screen.for_people:
        screen.show(*audit_parts(done, show_values=show_values))
    elif format is options.Format.JSON:
        screen.put(f"{json.dumps(audit_json(done), ensure_ascii=False)}\n".encode())
    else:
        screen.put_figures(done.figures)
    return verdict(done, fail_on)
