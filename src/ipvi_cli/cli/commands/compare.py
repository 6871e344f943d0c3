"""``ipvi compare``: several jurisdictions side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.SIDE_BY_SIDE,
    2,
    "ipvi compare ours.audit theirs.published/",
    "ipvi compare *.published/ --figures B09,B10,C --out peers/",
    "ipvi compare a.audit b.audit --format csv",
)
def compare(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER",
            help="Workspaces, or folders that `ipvi publish` wrote; two or more.",
            show_default=False,
        ),
    ],
    figures: Annotated[
        list[str] | None,
        typer.Option(
            "--figures",
            metavar="CODES",
            help="Figures or the beginnings of their codes, separated by commas; by default those first asked for.",
            show_default=False,
        ),
    ] = None,
    format: options.Printed = options.Format.TABLE,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Write the tables (CSV) and a funnel plot of each figure (SVG) there too.",
        ),
    ] = None,
    internal: Annotated[
        bool,
        typer.Option("--internal", help="Show small counts of the workspaces too: CONFIDENTIAL."),
    ] = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Set figures of several jurisdictions side by side, and say which can be compared and why others cannot.

    Small counts are withheld first, so peers need share no records. Three places or more are held against the limits
    that chance alone allows around their pooled value (a funnel, no ranking).
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.peers_view import peer_parts
    from ipvi_cli.cli.text import plural
    from ipvi_cli.pipeline import peers

    screen = Screen(format.value, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = peers.compare_peers(
            folders, figures=figures or (), internal=internal, progress=progress
        )
    if out is not None:
        written = peers.write_side_by_side(done, out)
        screen.say(f"Written: {out} ({plural(len(written), 'file')})")
    if screen.for_people:
        screen.show(*peer_parts(done))
    else:
        screen.put_frame(done.figures)
    return 0
