"""``ipvi explain``: what a code means, or why a record got its class."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from ipvi_cli.cli import completing, options
from ipvi_cli.cli.command import Panel, command
from ipvi_cli.cli.commands.crosswalk import CodeSystem, Direction


class ExplainFormat(StrEnum):
    """How an explanation is printed."""

    TABLE = "table"
    JSON = "json"


@command(
    Panel.LOOK_UP,
    0,
    "ipvi explain rule:IPVI-401",
    "ipvi explain class:undetermined",
    "ipvi explain finding:IPVI-609 city.audit",
    "ipvi explain 'value:EX GIRLFRIEND' --direction victim-to-offender",
    "ipvi explain ZZ0020000:2017-000026 city.audit --format json",
)
def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="rule:, figure:, finding:, class:, tie:, basis:, conflict:, reason:, level: or definition: and a code;"
            " value: and a word; a code that only one of them has; or an incident or pair id.",
            autocompletion=completing.codes,
        ),
    ],
    path: options.Workspace = None,
    code_system: Annotated[
        CodeSystem, typer.Option("--code-system", help="Code system of a word.", show_default=True)
    ] = CodeSystem.TEXT,
    direction: Annotated[
        Direction,
        typer.Option("--direction", help="Whose tie to whom a word states.", show_default=True),
    ] = Direction.UNDECLARED,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            metavar="FILE",
            help="Profile whose own words a word is looked up in first.",
        ),
    ] = None,
    format: Annotated[
        ExplainFormat, typer.Option("--format", help="How to print it.", show_default=True)
    ] = ExplainFormat.TABLE,
    out: options.FileOut = None,
    show_values: options.ShowValues = False,
    quiet: options.Quiet = False,
) -> int:
    """Say what a code means and where it comes from, or why a record got its class, step by step.

    For an incident or a pair: what the record said, what each step of the evidence found and made of it, which rule
    decided and its source, whether the incident counts and why, and the rows of the files behind it.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.explain_view import explanation_parts
    from ipvi_cli.pipeline import explaining

    screen = Screen(format.value, out, quiet=quiet)
    told = explaining.explain(
        what,
        path,
        code_system=code_system.value,
        direction=direction.value.replace("-", "_"),
        profile=profile,
        show_values=show_values,
    )
    if screen.for_people:
        screen.show(*explanation_parts(told))
    else:
        screen.put(f"{json.dumps(told.as_object(), ensure_ascii=False)}\n".encode())
    return 0
