"""``ipvi diff``: what changed from one delivery to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.SIDE_BY_SIDE,
    1,
    "ipvi diff march/ april/ --profile jurisdiction.toml",
    "ipvi diff city.audit april/ --format csv --out changes.csv",
)
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier delivery or workspace.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later delivery or workspace.")],
    profile: options.ProfileName = None,
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    show_values: options.ShowValues = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Say what changed between two deliveries: columns, incidents, words, distributions, months, headline.

    Exits 1 when a change is beyond a threshold of the profile's [diff]. A records system that was changed overnight, so
    that BOYFRIEND became OTHER, shows here first.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.diff_view import difference_parts
    from ipvi_cli.cli.exits import Exit
    from ipvi_cli.pipeline import comparing

    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = comparing.diff(old, new, profile=profile, show_values=show_values, progress=progress)
    if screen.for_people:
        screen.show(*difference_parts(done.differences))
    else:
        screen.put_frame(done.differences)
    if done.unread is not None:
        raise done.unread
    return Exit.FINDINGS if done.drift else Exit.CLEAN
