"""An evaluation as a person reads it: plain sentences, then tables, then what is not printed and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

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
    "harm": "What may do harm",
    "series": "Monthly counts before and after the start",
    "plan": "What could be seen, and by when",
}
_PLAIN: Final = ("days_to_delivery", "between levels", "per_victim")
_OF: Final = ("process", "recidivism", "comparison", "harm", "series", "plan")
"""Parts in which the numerator is counted in the denominator, or compared with it."""


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
            yield frame_table(_shown(rows), lines=None)
            yield from _notes(rows)
    if done.refused:
        yield heading("Not printed")
        for line in done.refused:
            yield Text(f"- {visible(line)}")
    if done.cautions:
        yield heading("What must be known with it")
        for line in done.cautions:
            yield Text(f"- {visible(line)}")


def _notes(rows: pl.DataFrame) -> Iterator[RenderableType]:
    """Say what must be known with the rows, of a measure once for all its groups."""
    noted = rows.drop_nulls("note").unique(["measure", "window"], keep="first", maintain_order=True)
    said = noted.group_by("measure", "note", maintain_order=True).agg("window")
    for measure, note, windows in said.iter_rows():
        when = ", ".join(window for window in windows if window)
        yield Text(visible(f"{measure}{f', {when}' if when else ''}: {note}"), style="dim")


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    """Write counts as one column, shares in per cent, days and test values as numbers; leave out what is all blank."""

    def count(row: dict[str, Any]) -> str | None:
        part, whole = row["numerator"], row["denominator"]
        if part is None or whole is None:
            return (
                None if part is None and whole is None else f"{part if whole is None else whole:,}"
            )
        if row["part"] == "series":
            return f"{part:,} against {whole:,}"
        if row["measure"] == "per_victim":
            return f"{part:,} for {whole:,}"
        return f"{part:,} of {whole:,}" if row["part"] in _OF else f"{part:,}; {whole:,}"

    def written(row: dict[str, Any], name: str) -> str | None:
        value = row[name]
        if value is None:
            return None
        plain = row["measure"] in _PLAIN or row["group"] in _PLAIN
        if plain:
            return f"{value:.2f}"
        if row["group"] == "difference":
            return f"{_sign(value)}{abs(value) * 100:.1f} points"
        sign = _sign(value) if row["part"] == "series" else "−" if value < 0 else ""
        return f"{sign}{percent(abs(value))}".replace(" %", "%")

    def interval(row: dict[str, Any]) -> str | None:
        low, high = (written(row, name) for name in ("ci_lower", "ci_upper"))
        return None if low is None or high is None else f"{low.removesuffix(' points')} to {high}"

    told = rows.to_dicts()
    of_risk = not set(rows["part"].unique()) <= set(_OF)
    laid = pl.DataFrame(
        {
            "measure": rows["measure"],
            "group": rows["group"],
            "window": rows["window"],
            "events; at risk" if of_risk else "count": [count(row) for row in told],
            "figure": [written(row, "value") for row in told],
            "95 % interval": [interval(row) for row in told],
        },
        schema_overrides=dict.fromkeys(("figure", "95 % interval"), pl.String),
    )
    return laid.select(name for name in laid.columns if laid[name].null_count() < laid.height)


def _sign(share: float) -> str:
    """Give the sign of a share as it is written, with one decimal of a per cent."""
    shown = round(share, 3)
    return "+" if shown > 0 else "−" if shown < 0 else ""
