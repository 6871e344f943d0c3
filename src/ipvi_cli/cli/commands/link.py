"""``ipvi link``: records to persons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command

if TYPE_CHECKING:
    from ipvi_cli.cli.console import Screen


@command(
    Panel.STAGES,
    5,
    "ipvi link city.audit",
    "ipvi link city.audit --key /secure/person_key --format json",
    "ipvi link --records sample.csv --labels person",
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
    review: Annotated[
        bool,
        typer.Option(
            "--review",
            help="Write the doubtful pairs side by side to restricted/link_review.csv, for a person to decide.",
        ),
    ] = False,
    apply: Annotated[
        Path | None,
        typer.Option(
            "--apply", metavar="FILE", help="Take the decisions of a filled review file back."
        ),
    ] = None,
    records: Annotated[
        list[Path] | None,
        typer.Option(
            "--records",
            metavar="FILE",
            help="Try linking on a CSV of person records instead (twice: between two files); nothing is kept.",
            show_default=False,
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            "--labels",
            metavar="FILE|COLUMN",
            help="Whose the records are: precision, recall and F1 with intervals.",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="FIELD=COLUMN",
            help="What a column of the records holds, where its name does not say.",
            show_default=False,
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
    In the review file write same or different into decision, and who decided; --apply keeps it for later runs too.
    """
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.link_view import link_parts
    from ipvi_cli.model.errors import UsageError
    from ipvi_cli.model.linked import QUALITY_SCHEMA
    from ipvi_cli.pipeline import linking
    from ipvi_cli.pipeline.link_review import ASKED

    if records is None and (labels is not None or column):
        raise UsageError("--labels and --column go with --records.", mend="Leave them out.")
    if records is not None and (review or apply is not None or key is not None):
        raise UsageError(
            "--records goes with neither --review, --apply nor --key.", mend="Do one at a time."
        )
    if records is not None:
        files = [*records, *([path] if path is not None else [])]
        return _tried(
            Screen(format.value, out, quiet=quiet, verbose=verbose), files, labels, column, model
        )
    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        run = linking.link(
            path, key=key, model=model, review=review, apply=apply, progress=progress
        )
    if screen.for_people:
        screen.show(*link_parts(run))
    else:
        import polars as pl

        quality = pl.DataFrame(schema=QUALITY_SCHEMA) if run.quality is None else run.quality
        screen.put_frame(quality)
    if run.asked is not None:
        screen.say(f"Written (confidential): {run.workspace / ASKED} ({run.asked} pairs to decide)")
    return 0


def _tried(
    screen: Screen,
    files: list[Path],
    labels: str | None,
    column: list[str] | None,
    model: Path | None,
) -> int:
    """Try linking on plain records, and show how it did."""
    from ipvi_cli.cli.link_view import checked_parts
    from ipvi_cli.model.errors import UsageError
    from ipvi_cli.pipeline.link_check import check_linking

    named = dict(each.partition("=")[::2] for each in column or [])
    if len(files) > 2 or not all(named.values()):
        raise UsageError(
            "--records takes one or two files, --column FIELD=COLUMN.", mend="See --help."
        )
    with screen.progress() as progress:
        done = check_linking(files, labels=labels, columns=named, model=model, progress=progress)
    if screen.for_people:
        screen.show(*checked_parts(done))
    else:
        screen.put_frame(done.quality if done.agreement is None else done.agreement)
    if done.ignored:
        screen.say(f"Columns not used: {', '.join(done.ignored)}.")
    return 0
