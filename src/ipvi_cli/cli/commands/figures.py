"""``ipvi figures``: what is declared."""

from __future__ import annotations

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(Panel.LOOK_UP, 4, "ipvi figures", "ipvi figures --format csv")
def figures(
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
) -> int:
    """List every figure: code, counting unit, title and source."""
    from ipvi_cli import pipeline
    from ipvi_cli.cli.console import Screen

    Screen(format.value, out, quiet=quiet).list_frame(pipeline.figures())
    return 0
