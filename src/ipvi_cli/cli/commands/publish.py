"""``ipvi publish``: the folder that may be sent."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


class Layout(StrEnum):
    """Layouts of others in which figures can be given."""

    NYC_SNAPSHOT = "nyc-snapshot"


@command(
    Panel.JOB,
    4,
    "ipvi publish city.audit",
    "ipvi publish city.audit --out city_2019/ --previous city_2018/",
    "ipvi publish city.audit --like nyc-snapshot --out snapshot/",
)
def publish(
    path: options.Workspace = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The folder; by default <workspace>.published."),
    ] = None,
    like: Annotated[
        Layout | None,
        typer.Option(
            "--like", help="Only a yearly snapshot by district, in the layout of New York City's."
        ),
    ] = None,
    previous: Annotated[
        list[Path] | None,
        typer.Option(
            "--previous",
            metavar="DIR",
            help="A folder published before, from elsewhere; its own the workspace remembers. May be repeated.",
            show_default=False,
        ),
    ] = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Write a folder that is safe to send: aggregate figures, small counts withheld, described and hashed.

    Nothing about a single person, incident or file goes in. What was given away before is kept in mind, so that no
    difference of two releases tells of a few.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.text import plural
    from ipvi_cli.pipeline import releasing

    screen = Screen(quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = releasing.publish(
            path,
            out=out,
            like=like.value if like else None,
            previous=tuple(previous or ()),
            progress=progress,
        )
    screen.say(
        f"Written: {done.folder} ({plural(len(done.files), 'file')}, {plural(done.rows, 'row')})"
    )
    screen.say(f"Withheld, small or giving a small count away: {done.withheld:,}.")
    if done.earlier:
        screen.say(f"Held against {plural(done.earlier, 'earlier release')}.")
    return 0
