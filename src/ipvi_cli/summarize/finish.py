"""From counts to figures: value, bounds, sampling interval, and what must be known with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.model.intervals import WILSON, wilson
from ipvi_cli.summarize.cells import UNKNOWN
from ipvi_cli.summarize.figure import CANNOT_BE_MADE, COUNTS, Figure
from ipvi_cli.summarize.scene import Scene

_part, _whole, _doubt = (pl.col(name) for name in ("numerator", "denominator", "undetermined"))

_RANGE_ONLY: Final = "too much is undetermined for a single figure: the range only"


def finished(figures: Sequence[Figure], scene: Scene) -> pl.DataFrame:
    """Make figures.

    Args:
        figures: Their declarations.
        scene: What they may look at.

    Returns:
        ``FIGURE_SCHEMA``, in the order of the figures, of their breakdowns and of the groups; a single row with a note
        for one that cannot be made.
    """
    counts = pl.concat(
        _counted(figure, scene).with_columns(pl.lit(place, pl.Int32).alias("place"))
        for place, figure in enumerate(figures)
    )
    own = pl.when(_part.is_not_null()).then("own_note")
    told = counts.join(_declared(figures), on="place", how="left").with_columns(
        _said([own, "note", _period_note(scene)])
    )
    valued = told.with_columns(_values(scene.profile.limits.range))
    ordered = valued.join(_breakdowns(figures), on=["place", "by"], how="left")
    return ordered.sort("place", pl.col("nth").fill_null(-1), "group").select(
        pl.col(name).cast(dtype) for name, dtype in FIGURE_SCHEMA.items()
    )


def _counted(figure: Figure, scene: Scene) -> pl.DataFrame:
    missing = scene.missing(figure.needs)
    if missing:
        return _nothing(_cannot_be_made(missing, scene))
    made = figure.make(scene, figure)
    return _nothing("nothing to count") if made.is_empty() else made.select(*COUNTS)


def _nothing(note: str) -> pl.DataFrame:
    return pl.DataFrame([{"by": "total", "group": "total", "note": note}], schema=COUNTS)


def _declared(figures: Sequence[Figure]) -> pl.DataFrame:
    """Give what each figure says of itself, by its place."""
    rows = [
        (place, one.figure_id, one.title, one.unit, one.kind, one.interval, one.note or None)
        for place, one in enumerate(figures)
    ]
    schema = {
        "place": pl.Int32,
        **dict.fromkeys(("figure_id", "title", "counting_unit", "kind"), pl.String),
        "interval": pl.Boolean,
        "own_note": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _breakdowns(figures: Sequence[Figure]) -> pl.DataFrame:
    """Give the order in which the breakdowns of each figure are printed."""
    rows = [
        (place, by, nth)
        for place, figure in enumerate(figures)
        for nth, by in enumerate(figure.breakdowns)
    ]
    schema = {"place": pl.Int32, "by": pl.String, "nth": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _values(limit: float) -> list[pl.Expr]:
    """Give value, bounds and interval by the kind of the figure; no value where too much is in doubt."""
    whole = pl.when(_whole > 0).then(_whole)
    known = pl.when(_whole > _doubt.fill_null(0)).then(_whole - _doubt.fill_null(0))
    count, share = (pl.col("kind") == kind for kind in ("count", "share"))
    unclear = share & (_doubt / whole > limit).fill_null(False)
    value = pl.when(count).then(_part).when(share).then(_part / known).otherwise(_part / whole - 1)
    lower = pl.when(count).then(_part).when(share).then(_part / whole)
    upper = pl.when(count).then(_part + _doubt).when(share).then((_part + _doubt) / whole)
    start, end = wilson(_part, known)
    meant = pl.col("interval") & ~unclear & (pl.col("by") != "total") & known.is_not_null()
    return [
        pl.when(~unclear).then(value).alias("value"),
        pl.when(_doubt.is_not_null()).then(lower).alias("lower"),
        upper.alias("upper"),
        pl.when(meant).then(start).alias("ci_lower"),
        pl.when(meant).then(end).alias("ci_upper"),
        pl.when(meant).then(pl.lit(WILSON)).alias("ci_method"),
        pl.lit(False).alias("suppressed"),
        _said(["note", pl.when(unclear).then(pl.lit(_RANGE_ONLY))]),
    ]


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
