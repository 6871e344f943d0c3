"""The partner checklist: the workbook to fill in, and what the answers come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli import assess as assessing
from ipvi_cli.model.errors import InputError, OutputError
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.profile import parse_profile
from ipvi_cli.pipeline.stages import KEPT_PROFILE, Audit, again
from ipvi_cli.workspace import Staging, Workspace, open_workspace
from ipvi_cli.workspace.files import write_output
from ipvi_cli.workspace.spreadsheet import xlsx_bytes

WORKBOOK: Final = "checklist.xlsx"
ASSESSMENT: Final = "assessment.parquet"
CAPACITY: Final = "capacity.parquet"
OFFENDERS: Final = "offenders.parquet"
FIGURES: Final = "figures.parquet"
YEARLY: Final = "intimate partner incidents in a year"


@dataclass(frozen=True)
class Assessed:
    """What a filled checklist comes to.

    Attributes:
        answers: One row for each agency and item.
        areas: Answers counted by agency and area.
        gaps: The gaps that hold the next step back.
        disagreements: Items that agencies answer otherwise.
        unknown: Items of which no agency knows.
        capacity: Numbers of each agency.
        volumes: What the agencies have against what an audit counted; ``None`` without a workspace.
    """

    answers: pl.DataFrame
    areas: pl.DataFrame
    gaps: pl.DataFrame
    disagreements: pl.DataFrame
    unknown: pl.DataFrame
    capacity: pl.DataFrame
    volumes: pl.DataFrame | None = field(default=None)


def new_checklist(folder: Path, agencies: Sequence[str] = ()) -> Path:
    """Write the workbook that the agencies fill in.

    Args:
        folder: Where it goes; made if it is not there.
        agencies: ``NAME=ROLE`` or ``NAME``; nothing: a sheet for each role.

    Returns:
        The workbook.

    Raises:
        UsageError: There is no such role.
        OutputError: There is a checklist already, which somebody may be filling in.
    """
    blank = assessing.blank(assessing.agency_roles(agencies))
    path = folder / WORKBOOK
    if path.exists():
        raise OutputError(
            "there is a checklist already, which somebody may be filling in.",
            where=str(path),
            mend="Name another folder.",
        )
    title = "Partner checklist: answer yes, partly, no or unknown"
    content = xlsx_bytes(
        blank.sheets,
        title=title,
        choices=blank.choices,
        mark="FOR THE PARTNERS: NO NAMES OF CLIENTS",
    )
    write_output(path, content)
    return path


def assess(file: Path, workspace: Path | None = None) -> Assessed:
    """Check a filled checklist and say what it comes to.

    Args:
        file: The workbook.
        workspace: An audit whose volumes the capacity is held against, and which keeps the answers for its report.

    Raises:
        InputError: The workbook cannot be read, or cells of it cannot be meant so.
    """
    try:
        content = file.read_bytes()
    except OSError:
        raise InputError("cannot be read.", where=str(file), mend="Check the path.") from None
    filled = assessing.read_filled(content, str(file))
    volumes = None
    if workspace is not None:
        opened = open_workspace(workspace)
        volumes = assessing.against_volumes(filled.capacity, counted(opened))
        _keep(opened, filled)
    return Assessed(
        answers=filled.answers,
        areas=assessing.by_area(filled.answers),
        gaps=assessing.gaps(filled.answers),
        disagreements=assessing.disagreements(filled.answers),
        unknown=assessing.not_known(filled.answers),
        capacity=assessing.capacities(filled.capacity),
        volumes=volumes,
    )


def counted(workspace: Workspace) -> dict[str, int]:
    """Give the volumes of an audit that partners' capacity is held against, as far as it has them.

    Args:
        workspace: The audit.

    Returns:
        Persons by level, repeat victims, and intimate partner incidents of the last whole year.
    """
    found: dict[str, int] = {}
    if workspace.has(OFFENDERS):
        levels = workspace.scan_output(OFFENDERS).group_by("level").len().collect()
        sizes = dict(levels.iter_rows())
        found = {f"level {level}": sizes.get(level, 0) for level in "ABCD"}
        found["levels A to D"] = sum(found.values())
    if workspace.has(FIGURES):
        figures = (
            workspace.scan_output(FIGURES).filter(~pl.col("suppressed").fill_null(False)).collect()
        )
        yearly = _rows(figures, "B08", "year").filter(
            pl.col("group").is_in(_whole_years(workspace))
        )
        for name, rows in (("repeat victims", _rows(figures, "D01", "total")), (YEARLY, yearly)):
            if rows.height:
                found[name] = int(rows["numerator"][-1])
    return found


def _rows(figures: pl.DataFrame, figure: str, by: str) -> pl.DataFrame:
    rows = figures.filter((pl.col("figure_id") == figure) & (pl.col("by") == by))
    return rows.drop_nulls("numerator").sort("group")


def _whole_years(workspace: Workspace) -> list[str]:
    """Name the years that the declared period covers from end to end."""
    profile = parse_profile(workspace.read_text(KEPT_PROFILE), where=KEPT_PROFILE)
    period = profile.jurisdiction.period
    if period is None:
        return []
    years = range(period.start.year, period.end.year + 1)
    return [
        str(year)
        for year in years
        if period.start <= date(year, 1, 1) and date(year, 12, 31) <= period.end
    ]


def _keep(workspace: Workspace, filled: assessing.Filled) -> None:
    def step(_workspace: Workspace, staging: Staging, done: Audit, _told: Progress | None) -> Audit:
        staging.write_frame(ASSESSMENT, filled.answers)
        staging.write_frame(CAPACITY, filled.capacity)
        return done

    again(workspace.path, step, None)
