"""``ipvi link``: records to persons."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(
    Panel.STAGES,
    3,
    "ipvi link city.audit",
    "ipvi link city.audit --key /secure/person_key --format json",
    "ipvi link city.audit --model last_year.audit/restricted/link_model.json",
)
def link(
    path: options.Workspace = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="The agency's secret behind the person ids; by default IPVI_PERSON_KEY, else the workspace's own.",
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model", metavar="FILE", help="Weights that an earlier run stored; none are learned."
        ),
    ] = None,
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Link offender, victim, arrest, charge, order and partner records to persons: persons.parquet, with pseudonyms.

    Shared person numbers link unless they were given to several persons; the rest is compared by name, birth, sex,
    address and telephone with weights learned from the records. Sealed records and offenders under 18 stay out.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.link_view import link_parts
    from ipvi_cli.model.linked import QUALITY_SCHEMA
    from ipvi_cli.pipeline import linking

    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        run = linking.link(path, key=key, model=model, progress=progress)
    if screen.for_people:
        screen.show(*link_parts(run))
    else:
        import polars as pl

        quality = pl.DataFrame(schema=QUALITY_SCHEMA) if run.quality is None else run.quality
        screen.put_frame(quality)
    return 0
