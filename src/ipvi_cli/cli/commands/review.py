"""``ipvi review``: what only a person can decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command

if TYPE_CHECKING:
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.pipeline.review_loop import Applied


@command(
    Panel.STAGES,
    4,
    "ipvi review city.audit",
    "ipvi review city.audit --out to_decide.xlsx",
    "ipvi review city.audit --apply to_decide.xlsx",
    "ipvi review city.audit --sample 200 --seed 7",
)
def review(
    path: options.Workspace = None,
    apply: Annotated[
        Path | None,
        typer.Option("--apply", metavar="FILE", help="Take the decisions of a filled file back."),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(
            "--sample", metavar="N", min=1, help="Draw N pairs to be coded by hand, unseen."
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Seed of the sample.", show_default=True)
    ] = 1,
    profile: Annotated[
        Path | None,
        typer.Option(
            "--profile",
            metavar="FILE",
            help="Profile that takes decided words; by default the one that the workspace was read with.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="File to be filled in, .csv or .xlsx with drop-downs; by default in restricted/ of the workspace.",
        ),
    ] = None,
    format: options.Printed = options.Format.TABLE,
    show_values: options.ShowValues = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Write the undecided words and pairs into one file for a person, and take the decisions back with --apply.

    Fill in decision (a class, class:tie or a NIBRS code; a code of its kind for other words) and decided_by, as many
    rows as you like. Words go into the profile and pairs into the workspace; both hold for the next audit into it.
    With --sample, --apply tells instead how far whoever coded the sample agrees, and what that does to the share.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.review_view import asked_parts
    from ipvi_cli.model.errors import UsageError
    from ipvi_cli.pipeline import review_loop

    if apply is not None and (sample is not None or out is not None):
        raise UsageError("--apply goes with neither --sample nor --out.", mend="Do one at a time.")
    if profile is not None and apply is None:
        raise UsageError("--profile goes with --apply.", mend="Leave it out.")
    screen = Screen(format.value, quiet=quiet, verbose=verbose)
    if apply is not None:
        with screen.progress() as progress:
            done = review_loop.apply_review(path, apply, profile=profile, progress=progress)
        return _applied(screen, done)
    with screen.progress() as progress:
        if sample is None:
            asked = review_loop.review(path, out=out, progress=progress)
        else:
            asked = review_loop.draw_sample(
                path, size=sample, seed=seed, out=out, progress=progress
            )
    if screen.for_people:
        screen.show(*asked_parts(asked, show_values=show_values))
    else:
        screen.put_frame(asked.counts)
    screen.say(f"Written (confidential): {asked.file}")
    return 0


def _applied(screen: Screen, done: Applied) -> int:
    """Show what became of a filled file."""
    from ipvi_cli.cli.audit_view import class_frame, class_parts, headline_parts
    from ipvi_cli.cli.review_view import agreement_frame, agreement_parts, applied_lines
    from ipvi_cli.cli.verdict import verdict

    if done.agreement is not None:
        if screen.for_people:
            screen.show(*agreement_parts(done.agreement))
        else:
            screen.put_frame(agreement_frame(done.agreement))
        return 0
    assert done.audit is not None
    if screen.for_people:
        screen.show(*headline_parts(done.audit), *class_parts(done.audit))
    else:
        screen.put_frame(class_frame(done.audit))
    for line in applied_lines(done):
        screen.say(line)
    return verdict(done.audit, options.FailOn.NEVER)
