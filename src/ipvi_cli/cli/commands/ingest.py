"""``ipvi ingest``: files to canonical tables."""

from __future__ import annotations

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(Panel.STAGES, 1, "ipvi ingest DELIVERY --out city.audit")
def ingest(
    delivery: options.Delivery,
    profile: options.ProfileName = None,
    format_in: options.ReadAs = None,
    out: options.WorkspaceOut = None,
    format: options.Printed = options.Format.TABLE,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Read a delivery into canonical tables, with its refused rows and a manifest; no row is lost."""
    from ipvi_cli import pipeline
    from ipvi_cli.cli.audit_view import next_parts, row_frame, row_parts
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.verdict import verdict

    screen = Screen(format.value, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = pipeline.ingest(
            delivery, profile=profile, out=out, format_in=format_in, progress=progress
        )
    screen.say_all(done.taken_for)
    if screen.for_people:
        screen.show(*row_parts(done), *next_parts(done))
    else:
        screen.put_frame(row_frame(done))
    return verdict(done, options.FailOn.NEVER)
