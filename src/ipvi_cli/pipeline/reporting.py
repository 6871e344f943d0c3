"""A workspace gives its report: a page, a workbook, plain text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli import report as reporting
from ipvi_cli import summarize as summarizing
from ipvi_cli import validate as validating
from ipvi_cli.evaluate.withheld import as_is, withheld
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.model.finding import Progress
from ipvi_cli.pipeline.evaluating import EVALUATION
from ipvi_cli.pipeline.publishing import suppressed
from ipvi_cli.pipeline.stages import Audit, again, audit_of
from ipvi_cli.workspace import Staging, Workspace, csv_bytes, find_workspace
from ipvi_cli.workspace.files import write_output
from ipvi_cli.workspace.spreadsheet import CONFIDENTIAL, xlsx_bytes

SHARED_MARK: Final = "Small counts are withheld"
"""What every sheet of a report says from which nothing small can be read."""

_NAME: Final = "report"
_INTO_WORKSPACE: Final = (".html", ".xlsx")
_SUFFIXES: Final = (".html", ".xlsx", ".md")


@dataclass(frozen=True)
class Reported:
    """What was written.

    Attributes:
        audit: The audit that the report tells of.
        files: Where it lies.
        internal: Whether nothing is withheld.
        withheld: Number of figures of which something is withheld.
    """

    audit: Audit
    files: tuple[Path, ...]
    internal: bool
    withheld: int


@dataclass(frozen=True)
class Outlines:
    """A file with the outlines of districts.

    Attributes:
        file: GeoJSON.
        key: Property that holds the name of the district.
    """

    file: Path
    key: str


def report(
    path: Path | None = None,
    *,
    internal: bool = False,
    out: Path | None = None,
    outlines: Outlines | None = None,
    progress: Progress | None = None,
) -> Reported:
    """Write the report of a workspace.

    Args:
        path: The workspace; ``None`` for the only one in the current folder.
        internal: Whether nothing is withheld; every page and sheet is then marked confidential.
        out: A file that takes the report in place of the workspace; its ending says what is written: ``.html``,
            ``.xlsx`` or ``.md``.
        outlines: Outlines of districts, for a map.
        progress: Told what is being done.

    Returns:
        What was written; into a workspace ``report.html`` and ``report.xlsx``.

    Raises:
        UsageError: The ending of ``out`` is none of these.
        InputError: The workspace holds no figures, or the outlines cannot be used.
        OutputError: It cannot be written.
    """
    if out is not None and out.suffix not in _SUFFIXES:
        raise UsageError(
            f"--out ends in none of {', '.join(_SUFFIXES)}.",
            mend="Name a file such as report.html.",
        )
    areas = None if outlines is None else _boundaries(outlines)
    if out is not None:
        workspace = find_workspace(path)
        audit = audit_of(workspace)
        made, withheld = _made(workspace, audit, internal, areas, progress)
        write_output(out, _content(made, out.suffix))
        return Reported(audit, (out,), internal, withheld)
    counted = [0]

    def step(workspace: Workspace, staging: Staging, done: Audit, told: Progress | None) -> Audit:
        made, counted[0] = _made(workspace, done, internal, areas, told)
        for suffix in _INTO_WORKSPACE:
            staging.write_bytes(f"{_NAME}{suffix}", _content(made, suffix))
        return done

    audit = again(path, step, progress)
    assert audit.workspace is not None
    files = tuple(audit.workspace / f"{_NAME}{suffix}" for suffix in _INTO_WORKSPACE)
    return Reported(audit, files, internal, counted[0])


def _made(
    workspace: Workspace,
    audit: Audit,
    internal: bool,
    areas: reporting.Boundaries | None,
    progress: Progress | None,
) -> tuple[reporting.Report, int]:
    figures = workspace.scan_output("figures.parquet").collect()
    findings = validating.grouped(workspace.scan_output("findings.parquet").collect())
    if progress is not None:
        progress("drawing the report", 0, 1)
    shown = figures if internal else suppressed(figures, audit.profile, workspace.path)
    facts = reporting.Facts(
        jurisdiction=audit.jurisdiction,
        period=audit.period,
        denominator=audit.denominator_words,
        version=version("ipvi-cli"),
        complete=audit.complete,
        failures=audit.failures,
        read=audit.rows["read"],
        quarantined=audit.rows["quarantined"],
        findings=findings.filter(pl.col("count") > pl.col("accepted")),
        known_only=audit.profile.limits.known_only,
        range_=audit.profile.limits.range,
        threshold=audit.profile.publish.threshold,
        internal=internal,
        boundaries=areas,
        evaluation=_evaluation(workspace, internal, audit.profile.publish.threshold),
    )
    return reporting.build(shown, summarizing.definitions_frame(), facts), int(
        shown["suppressed"].sum()
    )


def _evaluation(workspace: Workspace, internal: bool, threshold: int) -> pl.DataFrame | None:
    if not workspace.has(EVALUATION):
        return None
    rows = workspace.scan_output(EVALUATION).collect()
    return as_is(rows) if internal else withheld(rows, threshold)


def _content(made: reporting.Report, suffix: str) -> bytes:
    if suffix == ".html":
        return reporting.page(made, csv_bytes).encode()
    if suffix == ".md":
        return reporting.markdown(made).encode()
    return xlsx_bytes(
        reporting.sheets(made),
        title=f"Intimate partner violence: {made.facts.jurisdiction}",
        percent=reporting.PERCENT,
        mark=CONFIDENTIAL if made.facts.internal else SHARED_MARK,
    )


def _boundaries(outlines: Outlines) -> reporting.Boundaries:
    where = str(outlines.file)
    try:
        document: Any = json.loads(outlines.file.read_text(encoding="utf-8-sig"))
    except OSError:
        raise InputError("cannot be read.", where=where, mend="Check the path.") from None
    except ValueError:
        raise InputError(
            "is no JSON.", where=where, mend="Export the districts as GeoJSON."
        ) from None
    return reporting.boundaries(document, outlines.key, where=where)
