"""``ipvi crosswalk``: what site words map to, and why."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


class Kind(StrEnum):
    """Kinds of site words."""

    RELATIONSHIP = "relationship"
    OFFENSE = "offense"
    WEAPON = "weapon"
    INJURY = "injury"
    DISPOSITION = "disposition"
    CALL = "call"


class Direction(StrEnum):
    """Whose tie to whom a relationship word states."""

    VICTIM_TO_OFFENDER = "victim-to-offender"
    OFFENDER_TO_VICTIM = "offender-to-victim"
    SYMMETRIC = "symmetric"
    UNDECLARED = "undeclared"


class CodeSystem(StrEnum):
    """Code systems of site words."""

    TEXT = "text"
    NIBRS = "nibrs"
    SHR = "shr"
    NCIC = "ncic"
    NDEX = "ndex"
    CIBRS = "cibrs"
    LIBRS = "librs"
    SITE = "site"


@command(
    Panel.LOOK_UP,
    2,
    "ipvi crosswalk words.csv",
    "ipvi crosswalk words.csv --column RELATION --direction victim-to-offender --format csv",
    "ipvi crosswalk - --kind offense < words.csv",
)
def crosswalk(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV with a header; - for standard input.")
    ],
    column: Annotated[
        str, typer.Option("--column", help="Column that holds the words.", show_default=True)
    ] = "value",
    kind: Annotated[
        Kind, typer.Option("--kind", help="Kind of words.", show_default=True)
    ] = Kind.RELATIONSHIP,
    code_system: Annotated[
        CodeSystem,
        typer.Option("--code-system", help="Code system of the words.", show_default=True),
    ] = CodeSystem.TEXT,
    direction: Annotated[
        Direction,
        typer.Option("--direction", help="Whose tie to whom they state.", show_default=True),
    ] = Direction.UNDECLARED,
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
) -> int:
    """Say for each word of a list what it maps to, and by which rule.

    One row for each row of the list, in its order. CSV output keeps the words byte for byte: open it in a spreadsheet
    only if you trust the list.
    """
    from ipvi_cli import pipeline
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.crosswalk_view import crosswalk_frame
    from ipvi_cli.cli.word_list import read_words

    screen = Screen(format.value, out, quiet=quiet)
    words = read_words(None if file == "-" else Path(file), column, screen.say)
    mapped = pipeline.crosswalk(
        words,
        kind=kind.value,
        code_system=code_system.value,
        direction=direction.value.replace("-", "_"),
    )
    shown = crosswalk_frame(mapped) if screen.for_people else mapped
    screen.list_frame(shown, keep=("value",))
    return 0
