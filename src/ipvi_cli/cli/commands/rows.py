"""``ipvi rows``: from a number to the rows behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command

if TYPE_CHECKING:
    from ipvi_cli.summarize import Side


@command(
    Panel.LOOK_UP,
    1,
    "ipvi rows B08 city.audit",
    "ipvi rows B09 city.audit --group year=2023 --undetermined",
    "ipvi rows C01 city.audit --group offense=13A --parquet",
)
def rows(
    figure: Annotated[
        str, typer.Argument(metavar="FIGURE", help="Code of a figure; `ipvi figures` lists them.")
    ],
    path: options.Workspace = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="BY=VALUE",
            help="Breakdown and group, as agency=ZZ0010000; by default the total.",
        ),
    ] = None,
    numerator: Annotated[
        bool, typer.Option("--numerator", help="Those that have the property; the default.")
    ] = False,
    denominator: Annotated[bool, typer.Option("--denominator", help="All looked at.")] = False,
    undetermined: Annotated[
        bool, typer.Option("--undetermined", help="Those of which it is not known.")
    ] = False,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write Parquet and not CSV.")] = False,
    format: options.Printed = options.Format.TABLE,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """List the incidents, files and rows behind a number: counts here, the rows into restricted/ of the workspace.

    The list names each thing that is counted, its incident and every row that tells of it. Its column adds holds what
    the thing adds to the number, once for each thing, so that it adds up to the figure.
    """
    import polars as pl

    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.tables import frame_tables
    from ipvi_cli.model.errors import UsageError
    from ipvi_cli.pipeline import rows as listing

    if numerator + denominator + undetermined > 1:
        raise UsageError(
            "--numerator, --denominator and --undetermined exclude one another.", mend="Choose one."
        )
    side: Side = "denominator" if denominator else "undetermined" if undetermined else "numerator"
    screen = Screen(format.value, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        listed = listing.rows(
            figure, path, group=group, side=side, parquet=parquet, progress=progress
        )
    counts = pl.DataFrame(
        {
            "figure": [figure.upper()],
            "count": [side],
            "number": [listed.number],
            "units": [listed.units],
            "incidents": [listed.incidents],
            "rows": [int(listed.files["rows"].sum())],
        }
    )
    if screen.for_people:
        screen.show(
            *frame_tables({f"{listed.title} ({listed.unit})": counts, "Rows": listed.files})
        )
    else:
        screen.put_frame(counts)
    screen.say(f"Written (confidential): {listed.file}")
    return 0
