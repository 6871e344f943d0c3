"""``ipvi init``: an unknown delivery to a drafted profile."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.JOB,
    1,
    "ipvi init DELIVERY",
    "ipvi init DELIVERY --out city.toml --no-input",
    "ipvi init DELIVERY --from neighbour.toml --force",
    "ipvi init DELIVERY --format csv > columns.csv",
)
def init(
    delivery: options.Delivery,
    like: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Adapt this profile, a neighbour's or a vendor's, or the shipped one of this name.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="The profile to write; by default jurisdiction.toml in or beside the delivery.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an earlier profile and data request.")
    ] = False,
    no_input: Annotated[
        bool,
        typer.Option("--no-input", help="Ask nothing, also on a terminal; questions stay marked."),
    ] = False,
    format: options.Printed = options.Format.TABLE,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Look at files that nobody has described yet, and draft their profile.

    Writes jurisdiction.toml, in which every mapping stands with its evidence and every question that only the site can
    answer is marked "# ASK:", and data_request.md beside it: what to ask the jurisdiction for. On a terminal the first
    of these questions are asked at once. Exits 0 whatever could not be mapped.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.init_view import init_json, init_parts
    from ipvi_cli.cli.prompt import asker
    from ipvi_cli.pipeline import onboarding

    screen = Screen(format.value, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        drafted = onboarding.look(delivery, out=out, like=like, force=force, progress=progress)
    done = onboarding.draft(drafted, ask=None if no_input or quiet else asker())
    if screen.for_people:
        screen.show(*init_parts(done))
    elif format is options.Format.JSON:
        screen.put(init_json(done))
    else:
        screen.put_frame(done.study.guesses)
    screen.say(f"Written: {done.profile}")
    screen.say(f"Written: {done.letter}")
    if done.usable:
        profile = "" if done.beside else f" --profile {done.profile}"
        screen.say(f"Next: answer the lines marked # ASK:, then ipvi audit {delivery}{profile}")
    return 0
