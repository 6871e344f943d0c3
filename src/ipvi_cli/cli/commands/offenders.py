"""``ipvi offenders``: histories and candidate levels."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.STAGES,
    6,
    "ipvi offenders city.audit",
    "ipvi offenders city.audit --as-of 2019-06-30",
    "ipvi offenders --explain --out criteria.toml",
    'ipvi offenders city.audit --criteria criteria.toml --restricted --purpose "team review, March"',
)
def offenders(
    path: options.Workspace = None,
    criteria: Annotated[
        str,
        typer.Option(
            "--criteria", metavar="FILE", help="Criteria file, or a shipped set.", show_default=True
        ),
    ] = "high-point-style",
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say what the criteria are, and stop; --out writes them."),
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", metavar="DATE", formats=["%Y-%m-%d"], help="Know nothing after this day."
        ),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(
            "--weights", metavar="FILE", help="Harm weights: offence, weight, unit, source."
        ),
    ] = None,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Write the named list into restricted/.")
    ] = False,
    purpose: Annotated[
        str | None,
        typer.Option("--purpose", metavar="TEXT", help="What the list is for; kept on record."),
    ] = None,
    encrypt_to: Annotated[
        list[str] | None,
        typer.Option(
            "--encrypt-to",
            metavar="RECIPIENT",
            help="Encrypt the list to this age public key.",
            show_default=False,
        ),
    ] = None,
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Bring each person's history together and count candidate levels A to D; nobody is named on screen.

    Writes offenders.parquet, events.parquet and couples.parquet, which hold pseudonyms. Names are written only with
    --restricted and --purpose, for a team to review: a level is a candidate, never a verdict.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.offenders_view import criteria_parts, placed_object, placed_parts
    from ipvi_cli.model.errors import UsageError
    from ipvi_cli.pipeline import offending

    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    if explain:
        rules, text = offending.load_criteria(criteria)
        if out is not None:
            screen.put(text.encode())
        else:
            screen.show(*criteria_parts(rules))
        return 0
    if restricted != bool(purpose and purpose.strip()):
        raise UsageError(
            "--restricted and --purpose go together.", mend="Say what the named list is for."
        )
    if encrypt_to and not restricted:
        raise UsageError("--encrypt-to goes with --restricted.", mend="Leave it out.")
    asked = (
        offending.ListAsked((purpose or "").strip(), tuple(encrypt_to or ()))
        if restricted
        else None
    )
    with screen.progress() as progress:
        placed = offending.offenders(
            path,
            criteria=criteria,
            as_of=None if as_of is None else as_of.date(),
            weights=weights,
            asked=asked,
            progress=progress,
        )
    if screen.for_people:
        screen.show(*placed_parts(placed))
    elif format == options.Format.JSON:
        screen.put(f"{json.dumps(placed_object(placed), ensure_ascii=False)}\n".encode())
    else:
        screen.put_frame(placed.tables["Candidate levels"])
    for file in placed.list_files:
        screen.say(f"Written (confidential, for team review; not evidence): {file}")
    return 0
