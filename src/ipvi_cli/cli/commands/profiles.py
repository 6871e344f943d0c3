"""``ipvi profiles``: what is declared."""

from __future__ import annotations

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(Panel.LOOK_UP, 5, "ipvi profiles", "ipvi profiles --format csv")
def profiles(
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
) -> int:
    """List every shipped profile: the name that --profile takes."""
    from ipvi_cli import pipeline
    from ipvi_cli.cli.console import Screen

    Screen(format.value, out, quiet=quiet).list_frame(pipeline.profiles())
    return 0
