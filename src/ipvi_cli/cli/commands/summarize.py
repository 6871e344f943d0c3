"""``ipvi summarize``: the figures."""

from __future__ import annotations

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.STAGES,
    7,
    "ipvi summarize",
    "ipvi summarize city.audit --xlsx --format csv --out figures.csv",
)
def summarize(
    path: options.Workspace = None,
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    xlsx: options.Xlsx = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Make the figures and audit tables of a workspace anew."""
    from ipvi_cli import pipeline
    from ipvi_cli.cli.audit_view import headline_parts, next_parts
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.tables import frame_tables
    from ipvi_cli.cli.verdict import verdict

    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = pipeline.summarize(path, xlsx=xlsx, progress=progress)
    if screen.for_people:
        screen.show(*headline_parts(done), *frame_tables(done.tables or {}), *next_parts(done))
    else:
        screen.put_figures(done.figures)
    return verdict(done, options.FailOn.NEVER)
