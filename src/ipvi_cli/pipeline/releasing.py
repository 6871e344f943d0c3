"""A workspace gives a folder that may be sent."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli import publish as publishing
from ipvi_cli import summarize as summarizing
from ipvi_cli.model.errors import InputError, OutputError
from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.outputs import OUTPUTS
from ipvi_cli.model.provenance import Provenance
from ipvi_cli.model.tables import TABLES
from ipvi_cli.pipeline.publishing import FIGURES, given_away, suppressed
from ipvi_cli.pipeline.stages import RELEASES, Audit, again
from ipvi_cli.workspace import Staging, Workspace, csv_bytes
from ipvi_cli.workspace.files import write_tree

NYC_SNAPSHOT: Final = "nyc-snapshot"
_NAMES: Final = ("name", "other_names", "phone", "narrative")
"""Identifying columns of free text; a group of a figure is never called as a cell of theirs is."""
_LEAST_NAME: Final = 4


@dataclass(frozen=True)
class Released:
    """What was given away.

    Attributes:
        folder: Where the package lies.
        files: Names of its files.
        rows: Rows of figures, or of the snapshot.
        withheld: Rows of which something is withheld.
        earlier: Earlier releases that were looked at.
    """

    folder: Path
    files: tuple[str, ...]
    rows: int
    withheld: int
    earlier: int


def publish(
    path: Path | None = None,
    *,
    out: Path | None = None,
    like: str | None = None,
    previous: tuple[Path, ...] = (),
    progress: Progress | None = None,
) -> Released:
    """Write the folder that may be sent, and remember in the workspace what was given away.

    Args:
        path: The workspace; ``None`` for the only one in the current folder.
        out: The folder; by default named after the workspace, ``.published`` in place of ``.audit``.
        like: ``nyc-snapshot`` for a yearly snapshot by district alone.
        previous: Folders published before, from elsewhere; what this workspace published it remembers itself.
        progress: Told what is being done.

    Returns:
        What was given away.

    Raises:
        InputError: The workspace holds no figures, an earlier folder is none, or something identifying would go in.
        OutputError: The folder is there already, or cannot be written.
    """
    told: list[Released] = []

    def step(workspace: Workspace, staging: Staging, done: Audit, said: Progress | None) -> Audit:
        folder = out or workspace.path.with_suffix(".published")
        if folder.exists():
            raise OutputError(
                "is there already and is never replaced.",
                where=str(folder),
                mend="Choose another folder with --out, or move it away.",
            )
        if said is not None:
            said("withholding small counts", 0, 1)
        if like == NYC_SNAPSHOT:
            files, rows, withheld = _snapshot(workspace, done)
            earlier = 0
        else:
            shown, earlier = _figures(workspace, staging, done, previous)
            files, rows = _package(workspace, done, shown), shown.height
            withheld = int(shown["suppressed"].fill_null(False).sum())
        write_tree(folder, files)
        told.append(Released(folder, tuple(sorted(files)), rows, withheld, earlier))
        return done

    again(path, step, progress)
    return told[0]


def _figures(
    workspace: Workspace, staging: Staging, done: Audit, previous: tuple[Path, ...]
) -> tuple[pl.DataFrame, int]:
    """Withhold what has to be withheld, also in view of what was given away before, and remember what is given now."""
    figures = publishing.public(workspace.scan_output(FIGURES).collect())
    for table, column, names in _texts(workspace):
        publishing.refuse_names(figures, names, f"{table}.{column}")
    before = tuple(read_release(folder) for folder in previous)
    shown = suppressed(figures, done.profile, workspace.path, before)
    kept = len(given_away(workspace.path))
    staging.write_frame(f"{RELEASES}/{kept + 1:04d}/{FIGURES}", shown)
    return shown, len(before) + kept


def _package(workspace: Workspace, done: Audit, shown: pl.DataFrame) -> dict[str, bytes]:
    release = publishing.Release(
        jurisdiction=done.jurisdiction,
        period=done.period,
        denominator=f"of {done.denominator_words}",
        threshold=done.profile.publish.threshold,
        licence=done.profile.publish.licence,
        citation=done.profile.publish.citation,
        meanings=OUTPUTS["figures"].meanings,
        version=version("ipvi-cli"),
        made_on=datetime.now(UTC).date(),
        hashes={name: workspace.manifest[name] for name in ("profile_sha256", "rules_sha256")},
        provenance=provenance(done),
    )
    return publishing.package(
        shown,
        summarizing.definitions_frame().rename({"counting_unit": "unit"}),
        release,
        as_csv=csv_bytes,
        as_parquet=_parquet_bytes,
    )


def provenance(done: Audit) -> Provenance:
    """Say what the figures of an audit were counted from.

    Args:
        done: The audit.
    """
    limits = done.profile.limits
    return Provenance(
        jurisdiction=done.jurisdiction,
        population=done.profile.jurisdiction.population,
        period=done.period,
        denominator=done.denominator_words,
        complete=done.complete,
        known_only=limits.known_only,
        range=limits.range,
    )


def _snapshot(workspace: Workspace, done: Audit) -> tuple[dict[str, bytes], int, int]:
    """Make the snapshot: New York's layout, and the same with clear names."""
    if "incident" in workspace.tables:
        tables: dict[str, pl.LazyFrame] = {
            name: workspace.scan(name, identity=False)
            for name in ("incident", "offense")
            if name in workspace.tables
        }
        period = (done.period[0].year, done.period[1].year) if done.period else None
        incidents = workspace.scan_output("incidents.parquet")
        counts = publishing.of_incidents(tables, incidents, period)
    elif "tally" in workspace.tables:
        counts = publishing.of_tallies(workspace.scan("tally", identity=False))
    else:
        raise InputError(
            "holds neither incidents nor counts by area.",
            where=str(workspace.path),
            mend="Audit a delivery of them.",
        )
    threshold = done.profile.publish.threshold
    shown = publishing.withhold(counts, threshold)
    theirs = publishing.in_layout(shown)
    withheld = sum(
        int((counts[name].is_not_null() & shown[name].is_null()).sum())
        for name in publishing.MEANINGS
    )
    meanings = {
        "year": "year",
        "borough": "agency or larger area",
        "district": "district",
        **publishing.MEANINGS,
    }
    notes = "\n".join(
        f"| `{name}` | `{publishing.LAYOUT[name]}` | {said} |" for name, said in meanings.items()
    )
    readme = f"""# Yearly snapshot by district: {done.jurisdiction}

`snapshot.csv` and `snapshot.json` have the column names of New York City's published snapshots (several end in a
blank), `snapshot_clear.csv` has clear ones. Counts of 1 to {threshold} are withheld (blank), and with them as many
further counts as it takes that a year's total gives none away. Counts are of {done.denominator_words}.

| clear name | as New York has it | what |
|---|---|---|
{notes}
"""
    files = {
        "snapshot.csv": csv_bytes(theirs),
        "snapshot.json": f"{json.dumps(theirs.to_dicts(), ensure_ascii=False)}\n".encode(),
        "snapshot_clear.csv": csv_bytes(shown),
        "README.md": readme.encode(),
    }
    return files, shown.height, withheld


def _texts(workspace: Workspace) -> list[tuple[str, str, pl.Series]]:
    """Give the texts of the delivery that name or describe somebody, by table and column."""
    found: list[tuple[str, str, pl.Series]] = []
    for table in workspace.tables:
        for column in _NAMES:
            if column in TABLES[table].columns():
                cells = workspace.scan(table).select(pl.col(column).drop_nulls().unique())
                texts = cells.collect(engine="streaming").to_series()
                found.append((table, column, texts.filter(texts.str.len_chars() >= _LEAST_NAME)))
    return found


def read_release(folder: Path) -> pl.DataFrame:
    """Read the figures of a package that was given away.

    Args:
        folder: The package.

    Raises:
        InputError: It holds no figures that can be read.
    """
    try:
        figures = pl.read_parquet(folder / FIGURES)
    except (OSError, pl.exceptions.PolarsError):
        raise InputError(
            f"has no {FIGURES} that can be read.",
            where=str(folder),
            mend="Name a folder that `ipvi publish` wrote.",
        ) from None
    if dict(figures.schema) != FIGURE_SCHEMA:
        raise InputError(
            f"{FIGURES} has not the columns of figures.",
            where=str(folder),
            mend="Name a folder that `ipvi publish` wrote.",
        )
    return figures


def _parquet_bytes(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
