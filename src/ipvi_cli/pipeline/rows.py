"""The incidents, files and rows behind a number of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli import pipeline
from ipvi_cli import summarize as summarizing
from ipvi_cli import validate as validating
from ipvi_cli.model.errors import UsageError
from ipvi_cli.model.finding import FINDING_SCHEMA, Progress
from ipvi_cli.model.tables import TABLES
from ipvi_cli.pipeline import Audit
from ipvi_cli.workspace import Staging, Workspace
from ipvi_cli.workspace.files import safe_name

FOLDER: Final = "restricted/rows"
"""Where the lists lie in a workspace."""


@dataclass(frozen=True)
class Listed:
    """What lies behind a number.

    Attributes:
        title: Title of the figure.
        number: What the list adds up to: the number of the figure.
        unit: What is counted.
        units: Things that are listed.
        incidents: Incidents that they belong to.
        files: Rows by ``table``, ``source_file`` and ``row_fate``.
        file: The list, confidential.
    """

    title: str
    number: int
    unit: str
    units: int
    incidents: int
    files: pl.DataFrame
    file: Path


def rows(
    figure_id: str,
    path: Path | None = None,
    *,
    group: str | None = None,
    side: summarizing.Side = "numerator",
    parquet: bool = False,
    progress: Progress | None = None,
) -> Listed:
    """List the rows behind a number into ``restricted/`` of the workspace.

    Args:
        figure_id: The figure.
        path: A workspace; ``None`` for the only one in the current folder.
        group: Breakdown and group of it, as ``agency=ZZ0010000`` or ``agency/offense=ZZ0010000/13A``; ``None`` for the
            total.
        side: Which of the counts.
        parquet: Whether the list is Parquet and not CSV.
        progress: Told how far it is.

    Returns:
        The counts, and where the list lies.

    Raises:
        UsageError: There is no such figure, it is no count of rows, or it is not broken down so.
        InputError: The workspace cannot be used.
    """
    figure = _figure(figure_id)
    by, name = _group(group)
    found: list[Listed] = []

    def step(
        workspace: Workspace, staging: Staging, done: Audit, progress: Progress | None
    ) -> Audit:
        _told(workspace, figure.figure_id, by, name)
        listed = summarizing.behind(
            _scene(workspace, staging, done, progress), figure, by, name, side
        )
        label = safe_name("_".join((figure.figure_id, side, by, name)).replace("/", "-"))
        file = f"{FOLDER}/{label}.{'parquet' if parquet else 'csv'}"
        if parquet:
            staging.write_frame(file, listed)
        else:
            staging.write_csv(file, listed)
        files = listed.group_by("table", "source_file", "row_fate").agg(rows=pl.len())
        found.append(
            Listed(
                title=figure.title,
                number=int(listed["adds"].sum()),
                unit=figure.unit,
                units=listed["unit"].n_unique(),
                incidents=listed["incident_id"].drop_nulls().n_unique(),
                files=files.sort("table", "source_file", "row_fate"),
                file=workspace.path / file,
            )
        )
        return done

    pipeline.again(path, step, progress)
    return found[0]


def _figure(figure_id: str) -> summarizing.Figure:
    known = {figure.figure_id: figure for figure in summarizing.figures()}
    if figure_id.upper() not in known:
        raise UsageError(f"there is no figure {figure_id}.", mend="`ipvi figures` lists them all.")
    return known[figure_id.upper()]


def _group(group: str | None) -> tuple[str, str]:
    if group is None:
        return "total", "total"
    by, equals, name = group.partition("=")
    if not equals or not by or not name:
        raise UsageError(
            "--group needs a breakdown and a group.", mend="Write it as agency=ZZ0010000."
        )
    return by.strip(), name


def _told(workspace: Workspace, figure_id: str, by: str, name: str) -> None:
    """Refuse a group that the figure does not have."""
    known = pl.col("figure_id") == figure_id, pl.col("by") == by
    groups = workspace.scan_output("figures.parquet").filter(*known).collect()["group"]
    if groups.len() and name not in groups:
        raise UsageError(
            f"{figure_id} has no such group by {by}.",
            mend="`ipvi summarize --format csv` prints every group.",
        )


def _scene(
    workspace: Workspace, staging: Staging, done: Audit, progress: Progress | None
) -> summarizing.Scene:
    def output(name: str) -> pl.LazyFrame | None:
        return workspace.scan_output(name) if workspace.has(name) else None

    findings = output("findings.parquet")
    values = output(pipeline.KEPT_VALUES)
    return summarizing.Scene(
        tables={name: staging.scan(name) for name in TABLES if name in workspace.tables},
        pairs=output("pairs.parquet"),
        incidents=output("incidents.parquet"),
        values=None if values is None else values.collect(),
        findings=pl.DataFrame(schema=FINDING_SCHEMA) if findings is None else findings.collect(),
        inputs=done.inputs,
        profile=done.profile,
        plausibility_codes=validating.PLAUSIBILITY_CODES,
        progress=progress,
        persons=output("persons.parquet"),
        careers=pipeline.careers_of(workspace.path, done),
    )
