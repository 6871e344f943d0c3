"""``ipvi assess``: what is in place among the partners, and what holds the next step back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.SIDE_BY_SIDE,
    3,
    "ipvi assess --new partners/",
    "ipvi assess --new partners/ --agency 'City Police=police' --agency 'Safe Harbor=advocacy'",
    "ipvi assess partners/checklist.xlsx --workspace city.audit",
)
def assess(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The filled workbook.", show_default=False),
    ] = None,
    new: Annotated[
        Path | None,
        typer.Option(
            "--new", metavar="DIR", help="Write the workbook to fill in into this folder."
        ),
    ] = None,
    agency: Annotated[
        list[str] | None,
        typer.Option(
            "--agency",
            metavar="NAME=ROLE",
            help="With --new: an agency and its role (dispatch, police, prosecution, supervision, courts, jail,"
            " advocacy, services, evaluation); may be repeated. By default a sheet for each role.",
            show_default=False,
        ),
    ] = None,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace",
            metavar="PATH",
            help="Audit whose volumes the capacity is held against; it keeps the answers for its report.",
        ),
    ] = None,
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
) -> int:
    """Say what is in place, partial, missing or unknown among the partner agencies; there is no total mark.

    Unknown never counts as no. Data formats give one row for each agency and item.
    """
    from ipvi_cli.cli.assess_view import assessment_parts
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.model.errors import UsageError
    from ipvi_cli.pipeline import assessing

    screen = Screen(format.value, out, quiet=quiet)
    if (file is None) == (new is None):
        raise UsageError(
            "give a filled workbook, or --new DIR for an empty one.",
            mend="See `ipvi assess --help`.",
        )
    if new is not None:
        screen.say(f"Written: {assessing.new_checklist(new, agency or ())}")
        return 0
    assert file is not None
    done = assessing.assess(file, workspace)
    if screen.for_people:
        screen.show(*assessment_parts(done))
    else:
        screen.put_frame(done.answers)
    return 0
