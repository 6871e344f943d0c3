"""An evaluation as a person reads it: plain sentences, then tables, then what is not printed and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.tables import frame_table, heading
from ipvi_cli.cli.text import percent, visible

if TYPE_CHECKING:
    from ipvi_cli.pipeline.evaluating import Evaluated

_HEADINGS: Final = {
    "process": "How it was carried out",
    "recidivism": "Outcomes after the first delivered notice, in fixed windows",
    "survival": "Time to the main outcome",
    "comparison": "Beside persons with the same history who were not yet notified",
    "series": "Monthly counts before and after the start",
    "plan": "What could be seen, and by when",
}
_PLAIN: Final = ("days_to_delivery", "between levels")
_NOTED: Final = "recidivism"
"""Part whose rows each have a note of their own; those of others stand below the table."""


def evaluation_parts(done: Evaluated) -> Iterator[RenderableType]:
    """Lay out an evaluation.

    Args:
        done: What it comes to.
    """
    for sentence in done.sentences:
        yield Text(visible(sentence), style="bold")
    for part, title in _HEADINGS.items():
        rows = done.rows.filter(
            (pl.col("part") == part) & ~(pl.col("window") == "month").fill_null(False)
        )
        if rows.height:
            yield heading(title)
            yield frame_table(_shown(rows, noted=part == _NOTED), lines=None)
            if part != _NOTED:
                noted = (
                    rows.drop_nulls("note").select("measure", "note").unique(maintain_order=True)
                )
                for measure, note in noted.iter_rows():
                    yield Text(f"{visible(measure)}: {visible(note)}", style="dim")
    if done.refused:
        yield heading("Not printed")
        for line in done.refused:
            yield Text(f"- {visible(line)}")
    if done.cautions:
        yield heading("What must be known with it")
        for line in done.cautions:
            yield Text(f"- {visible(line)}")


def _shown(rows: pl.DataFrame, *, noted: bool) -> pl.DataFrame:
    """Write shares in per cent, days and test values as numbers, and leave out what is all blank."""
    plain = pl.any_horizontal(
        pl.col(name).is_in(_PLAIN).fill_null(False) for name in ("measure", "group")
    )
    marked = rows.with_columns(plain.alias("plain")).to_dicts()

    def written(row: dict[str, object], name: str) -> str | None:
        value = row[name]
        if not isinstance(value, float):
            return None
        return f"{value:.2f}" if row["plain"] else percent(value).replace("-", "−")

    def interval(row: dict[str, object]) -> str | None:
        low, high = (written(row, name) for name in ("ci_lower", "ci_upper"))
        return None if low is None or high is None else f"{low} to {high}"

    columns = ["measure", "group", "window", "numerator", "denominator", "undetermined"]
    laid = rows.select(columns).with_columns(
        pl.Series("figure", [written(row, "value") for row in marked], dtype=pl.String),
        pl.Series("interval", [interval(row) for row in marked], dtype=pl.String),
    )
    if noted:
        laid = laid.with_columns(rows["note"])
    return laid.select(name for name in laid.columns if laid[name].null_count() < laid.height)
