"""From counts to figures: value, bounds, sampling interval, and what must be known with them."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.model.intervals import WILSON, wilson
from ipvi_cli.summarize.cells import UNKNOWN
from ipvi_cli.summarize.figure import CANNOT_BE_MADE, COUNTS, Figure
from ipvi_cli.summarize.scene import Scene

_part, _whole, _doubt = (pl.col(name) for name in ("numerator", "denominator", "undetermined"))

_RANGE_ONLY: Final = "too much is undetermined for a single figure: the range only"


def finished(figure: Figure, scene: Scene) -> pl.DataFrame:
    """Make a figure.

    Args:
        figure: Its declaration.
        scene: What it may look at.

    Returns:
        Its rows, ``FIGURE_SCHEMA``; a single one with a note where it cannot be made.
    """
    missing = scene.missing(figure.needs)
    if missing:
        counts = _nothing(_cannot_be_made(missing, scene))
    else:
        made = figure.make(scene, figure)
        note = pl.when(_part.is_not_null()).then(pl.lit(figure.note or None, pl.String))
        notes: list[pl.Expr | str] = [note, "note", _period_note(scene)]
        if made.is_empty():
            made = _nothing("nothing to count")
        counts = made.with_columns(_said(notes))
    return _valued(counts, figure, scene.profile.limits.range).select(
        pl.col(name).cast(dtype) for name, dtype in FIGURE_SCHEMA.items()
    )


def _nothing(note: str) -> pl.DataFrame:
    return pl.DataFrame([{"by": "total", "group": "total", "note": note}], schema=COUNTS)


def _valued(counts: pl.DataFrame, figure: Figure, limit: float) -> pl.DataFrame:
    whole = pl.when(_whole > 0).then(_whole)
    known = pl.when(_whole > _doubt.fill_null(0)).then(_whole - _doubt.fill_null(0))
    unclear = pl.lit(False)
    none = pl.lit(None, pl.Float64)
    match figure.kind:
        case "count":
            value, lower, upper = _part.cast(pl.Float64), _part, _part + _doubt
        case "change":
            value, lower, upper = _part / whole - 1, none, none
        case "share":
            value, lower, upper = _part / known, _part / whole, (_part + _doubt) / whole
            unclear = (_doubt / whole > limit).fill_null(False)
    start, end = wilson(_part, known)
    meant = pl.lit(figure.interval) & ~unclear & (pl.col("by") != "total") & known.is_not_null()
    return counts.with_columns(
        pl.lit(figure.figure_id).alias("figure_id"),
        pl.lit(figure.title).alias("title"),
        pl.lit(figure.unit).alias("counting_unit"),
        pl.when(~unclear).then(value).alias("value"),
        pl.when(_doubt.is_not_null()).then(lower).alias("lower"),
        upper.alias("upper"),
        pl.when(meant).then(start).alias("ci_lower"),
        pl.when(meant).then(end).alias("ci_upper"),
        pl.when(meant).then(pl.lit(WILSON)).alias("ci_method"),
        pl.lit(False).alias("suppressed"),
        _said(["note", pl.when(unclear).then(pl.lit(_RANGE_ONLY))]),
    )


def _said(notes: list[pl.Expr | str]) -> pl.Expr:
    return pl.concat_str(notes, separator="; ", ignore_nulls=True).replace("", None).alias("note")


def _cannot_be_made(missing: tuple[str, ...], scene: Scene) -> str:
    words = []
    for need in missing:
        names = need.split("|")
        blank = any(scene.maps(name) for name in names)
        word = " or ".join(names)
        words.append(f"{word}, which is blank or not understood in every row" if blank else word)
    return f"{CANNOT_BE_MADE}{'; '.join(words)}"


def _period_note(scene: Scene) -> pl.Expr:
    """Say of a month or a year that it lies outside the declared period or is not whole in it."""
    if scene.window is None:
        return pl.lit(None, pl.String)
    first, last = (str(day) for day in scene.window)
    timed = pl.col("by").str.split("/").list.first().is_in(["month", "year"])
    period = pl.when(timed).then(pl.col("group").str.split("/").list.first())
    size = period.str.len_chars()
    before = period < pl.lit(first).str.head(size)
    outside = (before | (period > pl.lit(last).str.head(size))) & (period != UNKNOWN)
    return (
        pl.when(outside)
        .then(pl.lit("outside the declared period"))
        .when(period.is_in(sorted(scene.partial)))
        .then(pl.lit("only in part within the declared period: not to be set against a whole one"))
    )
