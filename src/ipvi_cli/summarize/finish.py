"""From counts to figures: value, bounds, sampling interval, and what must be known with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.model.intervals import (
    BYAR,
    EXACT_UP_TO,
    POISSON,
    RATIO,
    WILSON,
    poisson,
    wilson,
)
from ipvi_cli.summarize.cells import UNKNOWN
from ipvi_cli.summarize.figure import CANNOT_BE_MADE, MEASURED, Figure, Kind
from ipvi_cli.summarize.scene import Scene

_part, _whole, _doubt = (pl.col(name) for name in ("numerator", "denominator", "undetermined"))

PER: Final = 10_000
"""Persons that a rate is given for."""

FEWEST_TOLD: Final = 11
"""Persons from whom their number is told in a note."""

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
        _said([own, "note", _period_note(scene), _link_note(scene)])
    )
    valued = told.with_columns(_values(told, scene.profile.limits.range))
    ordered = valued.join(_breakdowns(figures), on=["place", "by"], how="left")
    return ordered.sort("place", pl.col("nth").fill_null(-1), "group").select(
        pl.col(name).cast(dtype) for name, dtype in FIGURE_SCHEMA.items()
    )


def _counted(figure: Figure, scene: Scene) -> pl.DataFrame:
    missing = scene.missing(figure.needs)
    if missing:
        return _nothing(_cannot_be_made(missing, scene))
    made = figure.make(scene, figure)
    if made.is_empty():
        return _nothing("nothing to count")
    return made.select(
        (pl.col(name) if name in made.columns else pl.lit(None, dtype)).alias(name)
        for name, dtype in MEASURED.items()
    )


def _nothing(note: str) -> pl.DataFrame:
    return pl.DataFrame([{"by": "total", "group": "total", "note": note}], schema=MEASURED)


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


def _values(told: pl.DataFrame, limit: float) -> list[pl.Expr]:
    """Give value, bounds and interval by the kind of the figure; no value where too much is in doubt."""
    whole = pl.when(_whole > 0).then(_whole)
    known = pl.when(_whole > _doubt.fill_null(0)).then(_whole - _doubt.fill_null(0))
    count, share, rate, rank = (_of_kind(kind) for kind in ("count", "share", "rate", "rank"))
    unclear = (share & (_doubt / whole > limit)) | (rate & (_doubt / (_part + _doubt) > limit))
    value = (
        pl.when(count | rank)
        .then(_part)
        .when(share)
        .then(_part / known)
        .when(rate)
        .then(_part / whole * PER)
        .when(_of_kind("change"))
        .then(_part / whole - 1)
        .when(_of_kind("ratio"))
        .then(_part / whole)
        .when(_of_kind("hours"))
        .then(_part / 60)
        .otherwise("value")
    )
    lower = (
        pl.when(count)
        .then(_part)
        .when(share)
        .then(_part / whole)
        .when(rate)
        .then(_part / whole * PER)
        .when(rank)
        .then(_part - _doubt)
    )
    upper = (
        pl.when(count)
        .then(_part + _doubt)
        .when(share)
        .then((_part + _doubt) / whole)
        .when(rate)
        .then((_part + _doubt) / whole * PER)
        .when(rank)
        .then(_part)
    )
    start, end, method = _interval(told, known, whole)
    unclear = unclear.fill_null(False)
    meant = pl.col("interval") & ~unclear & (pl.col("by") != "total") & known.is_not_null()
    return [
        pl.when(~unclear).then(value).alias("value"),
        pl.when(_doubt.is_not_null()).then(lower).alias("lower"),
        pl.when(_doubt.is_not_null()).then(upper).alias("upper"),
        pl.when(meant).then(start).otherwise("ci_lower").alias("ci_lower"),
        pl.when(meant).then(end).otherwise("ci_upper").alias("ci_upper"),
        pl.when(meant & start.is_not_null()).then(method).otherwise("ci_method").alias("ci_method"),
        pl.lit(False).alias("suppressed"),
        _said(["note", pl.when(unclear).then(pl.lit(_RANGE_ONLY))]),
    ]  # fmt: skip


def _of_kind(kind: Kind) -> pl.Expr:
    return pl.col("kind") == kind


def _interval(
    told: pl.DataFrame, known: pl.Expr, whole: pl.Expr
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Give the ends of the sampling interval, and the name of its method."""
    numbers = told.filter(_of_kind("rate"))["numerator"].drop_nulls().unique().to_list()
    least, most = (
        _part.replace_strict(
            numbers, [poisson(n)[side] for n in numbers], default=None, return_dtype=pl.Float64
        )
        / whole
        * PER
        for side in (0, 1)
    )
    # Of two counts together the later one's share is binomial, whatever their size (Przyborowski, Wilenski 1940).
    below, above = wilson(_part, _part + whole)
    start, end = wilson(_part, known)
    rate, change = _of_kind("rate"), _of_kind("change")
    later = pl.when(above < 1).then(above / (1 - above) - 1)
    return (
        pl.when(rate).then(least).when(change).then(below / (1 - below) - 1).otherwise(start),
        pl.when(rate).then(most).when(change).then(later).otherwise(end),
        pl.when(rate & (_part <= EXACT_UP_TO)).then(pl.lit(POISSON))
        .when(rate).then(pl.lit(BYAR)).when(change).then(pl.lit(RATIO)).otherwise(pl.lit(WILSON)),
    )  # fmt: skip


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


def _link_note(scene: Scene) -> pl.Expr:
    """Say of figures of linked persons how many there are, of which period, and by which rule they were linked."""
    if scene.careers is None or scene.careers.thresholds is None:
        return pl.lit(None, pl.String)
    strict, loose = scene.careers.thresholds
    number = int(scene.careers.offenders.select(pl.len()).collect().item())
    persons = f"{number:,}" if number >= FEWEST_TOLD else f"fewer than {FEWEST_TOLD}"
    days = scene.window
    period = "of no declared period" if days is None else f"from {days[0]} to {days[1]}"
    if scene.careers.as_of is not None:
        period = f"{period}, as of {scene.careers.as_of}"
    text = f"{persons} persons {period}, linked at {{}} or more"
    loosely = pl.col("by").str.starts_with("link") & pl.col("group").str.starts_with("loose")
    rule = pl.when(loosely).then(pl.lit(text.format(loose))).otherwise(pl.lit(text.format(strict)))
    return pl.when(pl.col("figure_id").str.contains("^[DEH]"), _part.is_not_null()).then(rule)


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
