"""How most figures make their counts: from a level, whole or by what it is made of."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ipvi_cli.summarize.cells import PART, UNKNOWN
from ipvi_cli.summarize.figure import COUNTS, Figure, Make
from ipvi_cli.summarize.scene import Scene

_NUMBERS = ("numerator", "denominator", "undetermined")


def of_level(
    level: str,
    numerator: str,
    denominator: str | None = None,
    undetermined: str | None = None,
    *,
    by: tuple[str, ...] | None = None,
) -> Make:
    """Count what a level measures.

    Args:
        level: Name of the level.
        numerator: Measure of the level.
        denominator: Measure of the level; none for a plain count.
        undetermined: Measure of the level, part of the denominator; none where nothing is in doubt.
        by: Breakdowns; by default those of the figure.
    """

    def make(scene: Scene, figure: Figure) -> pl.DataFrame:
        cells = scene.levels[level]
        measures = (numerator, denominator, undetermined)
        return _stacked(
            cells.by(breakdown).select(
                pl.lit(breakdown).alias("by"), "group", *_named(measures)
            )
            for breakdown in by or figure.breakdowns
            if scene.breaks_down(breakdown)
        )  # fmt: skip

    return make


def of_mix(
    mix: str,
    numerator: str,
    *,
    part: str | None = None,
    level: str | None = None,
    denominator: str | None = None,
    undetermined: str | None = None,
    by: tuple[str, ...] | None = None,
) -> Make:
    """Count what a level is made of, or one level against another.

    Args:
        mix: Name of the level of the numerator.
        numerator: Measure of the mix.
        part: What the parts are that the mix is kept apart by, as the breakdown names them; ``agency/offense`` is by
            both.
        level: Name of the level that the denominator is of; none for plain counts.
        denominator: Measure of that level.
        undetermined: Measure of that level, or of the mix where there is no such level.
        by: Breakdowns; by default those of the figure.
    """

    def make(scene: Scene, figure: Figure) -> pl.DataFrame:
        return _stacked(
            _parts_of(scene, breakdown)
            for breakdown in by or figure.breakdowns
            if scene.breaks_down(_place(breakdown))
        )

    def _place(breakdown: str) -> str:
        return breakdown.removesuffix(part or "").removesuffix("/") or "total"

    def _parts_of(scene: Scene, breakdown: str) -> pl.DataFrame:
        place = _place(breakdown)
        in_parts = place != breakdown
        counted = scene.levels[mix].by(place, in_parts=in_parts)
        measures: tuple[str | None, ...] = (numerator, None, undetermined)
        if level is not None:
            measures = (numerator, "_of", "_doubt" if undetermined else None)
            wanted = {"_of": denominator, "_doubt": undetermined}
            whole = scene.levels[level].by(place).select(
                "group", *(pl.col(column).alias(name) for name, column in wanted.items() if column)
            )  # fmt: skip
            # A group of which nothing is counted is a true zero; a part of it that does not occur is left out.
            counted = counted.join(
                whole,
                on="group",
                how="left" if in_parts else "right",
                maintain_order="left_right",
            )
        label = pl.col("group")
        if in_parts:
            label = pl.col(PART).fill_null(UNKNOWN)
            if place != "total":
                label = pl.concat_str("group", pl.lit("/"), label)
        return counted.select(
            pl.lit(breakdown).alias("by"), label.alias("group"), *_named(measures)
        )

    return make


def _named(measures: tuple[str | None, ...]) -> Iterable[pl.Expr]:
    return (
        (pl.lit(None) if measure is None else pl.col(measure).fill_null(0))
        .cast(pl.Int64)
        .alias(name)
        for name, measure in zip(_NUMBERS, measures, strict=True)
    )


def _stacked(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    counts = pl.concat([pl.DataFrame(schema=COUNTS).drop("note"), *frames])
    # A count of nothing is told, a share of nothing is not.
    told = pl.col("denominator").is_null() | (pl.col("denominator") > 0)
    return counts.filter(told | (pl.col("by") == "total")).with_columns(
        pl.lit(None, pl.String).alias("note")
    )
