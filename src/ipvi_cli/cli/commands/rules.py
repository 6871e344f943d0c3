"""``ipvi rules``: what is declared."""

from __future__ import annotations

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(Panel.LOOK_UP, 3, "ipvi rules", "ipvi rules --format csv")
def rules(
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
) -> int:
    """List every rule: code, severity, title and source."""
    from ipvi_cli import pipeline
    from ipvi_cli.cli.console import Screen

    Screen(format.value, out, quiet=quiet).list_frame(pipeline.rules())
    return 0
