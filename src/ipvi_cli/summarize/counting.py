"""How most figures make their counts: from a level, whole or by what it is made of; the same says what lies behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import polars as pl

from ipvi_cli.summarize.cells import PART, UNKNOWN
from ipvi_cli.summarize.figure import COUNTS, Figure, Make
from ipvi_cli.summarize.scene import Scene

Side = Literal["numerator", "denominator", "undetermined"]
"""Which of the three counts of a row of figures."""

SIDES: tuple[Side, ...] = ("numerator", "denominator", "undetermined")


@dataclass(frozen=True)
class Behind:
    """What a count adds up.

    Attributes:
        level: Name of the level.
        measure: Measure of the level.
        place: Breakdown of the level, without the part.
        in_parts: Whether the things are kept apart by the part that the group ends with.
        whole: Whether they are all of what the group names before its part.
    """

    level: str
    measure: str
    place: str
    in_parts: bool = False
    whole: bool = False


@runtime_checkable
class Countable(Protocol):
    """Makes counts that can be followed to the rows behind them."""

    def behind(self, figure: Figure, breakdown: str) -> Mapping[Side, Sequence[Behind]]:
        """Say what the counts of a breakdown add up; a count that is not made is absent."""


@dataclass(frozen=True)
class OfLevel:
    """Counts what a level measures.

    Attributes:
        level: Name of the level.
        numerator: Measure of the level.
        denominator: Measure of the level; none for a plain count.
        undetermined: Measure of the level, part of the denominator; none where nothing is in doubt.
        by: Breakdowns; by default those of the figure.
    """

    level: str
    numerator: str
    denominator: str | None = None
    undetermined: str | None = None
    by: tuple[str, ...] | None = None

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``."""
        cells = scene.cells(self.level)
        measures = (self.numerator, self.denominator, self.undetermined)
        return _stacked(
            cells.by(breakdown).select(
                pl.lit(breakdown).alias("by"), "group", *_named(measures)
            )
            for breakdown in self.by or figure.breakdowns
            if scene.breaks_down(breakdown, figure.of)
        )  # fmt: skip

    def behind(self, figure: Figure, breakdown: str) -> Mapping[Side, Sequence[Behind]]:
        """Say what the counts of a breakdown add up."""
        if breakdown not in (self.by or figure.breakdowns):
            return {}
        measures = (self.numerator, self.denominator, self.undetermined)
        return {
            side: [Behind(self.level, measure, breakdown)]
            for side, measure in zip(SIDES, measures, strict=True)
            if measure is not None
        }


@dataclass(frozen=True)
class OfMix:
    """Counts what a level is made of, or one level against another.

    Attributes:
        mix: Name of the level of the numerator.
        numerator: Measure of the mix.
        part: What the parts are that the mix is kept apart by, as the breakdown names them; ``agency/offense`` is by
            both.
        level: Name of the level that the denominator is of; none for plain counts, and for a share within each part.
        denominator: Measure of that level, or of the mix where there is no such level.
        undetermined: Measure of that level, or of the mix where there is no such level.
        by: Breakdowns; by default those of the figure.
    """

    mix: str
    numerator: str
    part: str | None = None
    level: str | None = None
    denominator: str | None = None
    undetermined: str | None = None
    by: tuple[str, ...] | None = None

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``."""
        return _stacked(
            self._parts_of(scene, breakdown)
            for breakdown in self.by or figure.breakdowns
            if scene.breaks_down(self._place(breakdown), figure.of)
        )

    def behind(self, figure: Figure, breakdown: str) -> Mapping[Side, Sequence[Behind]]:
        """Say what the counts of a breakdown add up."""
        if breakdown not in (self.by or figure.breakdowns):
            return {}
        place = self._place(breakdown)
        in_parts = place != breakdown
        found: dict[Side, Sequence[Behind]] = {
            "numerator": [Behind(self.mix, self.numerator, place, in_parts)]
        }
        measures: dict[Side, str | None] = {
            "denominator": self.denominator,
            "undetermined": self.undetermined,
        }
        for side, measure in measures.items():
            if measure is not None and self.level is None:
                found[side] = [Behind(self.mix, measure, place, in_parts)]
            elif measure is not None and self.level is not None:
                found[side] = [Behind(self.level, measure, place, whole=in_parts)]
        return found

    def _place(self, breakdown: str) -> str:
        return breakdown.removesuffix(self.part or "").removesuffix("/") or "total"

    def _parts_of(self, scene: Scene, breakdown: str) -> pl.DataFrame:
        place = self._place(breakdown)
        in_parts = place != breakdown
        counted = scene.cells(self.mix).by(place, in_parts=in_parts)
        measures: tuple[str | None, ...] = (self.numerator, self.denominator, self.undetermined)
        if self.level is not None:
            measures = (self.numerator, "_of", "_doubt" if self.undetermined else None)
            wanted = {"_of": self.denominator, "_doubt": self.undetermined}
            whole = scene.cells(self.level).by(place).select(
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


@dataclass(frozen=True)
class Together:
    """Several ways of counting that make one figure, each with its own breakdowns."""

    makes: tuple[Make, ...]

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``."""
        return pl.concat([make(scene, figure) for make in self.makes])

    def behind(self, figure: Figure, breakdown: str) -> Mapping[Side, Sequence[Behind]]:
        """Say what the counts of a breakdown add up."""
        found: dict[Side, list[Behind]] = {}
        for make in self.makes:
            if isinstance(make, Countable):
                for side, parts in make.behind(figure, breakdown).items():
                    found.setdefault(side, []).extend(parts)
        return found


def _named(measures: tuple[str | None, ...]) -> Iterable[pl.Expr]:
    return (
        (pl.lit(None) if measure is None else pl.col(measure).fill_null(0))
        .cast(pl.Int64)
        .alias(name)
        for name, measure in zip(SIDES, measures, strict=True)
    )


def _stacked(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    counts = pl.concat([pl.DataFrame(schema=COUNTS).drop("note"), *frames])
    # A count of nothing is told, a share of nothing is not.
    told = pl.col("denominator").is_null() | (pl.col("denominator") > 0)
    return counts.filter(told | (pl.col("by") == "total")).with_columns(
        pl.lit(None, pl.String).alias("note")
    )
