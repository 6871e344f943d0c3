"""Other ways of making counts: medians, ranks, rates, changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.summarize.cells import PART, UNKNOWN
from ipvi_cli.summarize.figure import COUNTS, VALUED, Figure
from ipvi_cli.summarize.scene import Scene

QUARTERS: Final = {"lower quartile": 0.25, "median": 0.5, "upper quartile": 0.75}

_IN_PART: Final = "one of the two years is only in part within the declared period: no change"


@dataclass(frozen=True)
class OfMedian:
    """Gives the median of a level whose parts are numbers.

    Attributes:
        mix: Name of that level, with ``n``.
        level: Name of the level of which it is told how many were measured.
        known: Measure of that level: of which the number is known.
        unknown: Measure of that level: of which it is not.
    """

    mix: str
    level: str
    known: str
    unknown: str

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``VALUED``; the quartiles stand under ``quartile``, between two values in proportion."""
        frames = [pl.DataFrame(schema=VALUED)]
        for breakdown in figure.breakdowns:
            place = "total" if breakdown == "quartile" else breakdown
            if scene.breaks_down(place, figure.of):
                frames.append(self._of(scene, breakdown, place))
        return pl.concat(frames)

    def _of(self, scene: Scene, breakdown: str, place: str) -> pl.DataFrame:
        of = scene.cells(self.level).by(place)
        histograms = scene.cells(self.mix).by(place, in_parts=True)
        rows = []
        for group, known, unknown in of.select("group", self.known, self.unknown).iter_rows():
            bins = histograms.filter(pl.col("group") == group).sort(PART)
            for name, share in QUARTERS.items():
                if known + unknown and (breakdown == "quartile" or name == "median"):
                    label = name if breakdown == "quartile" else group
                    value = quantile(bins, share)
                    rows.append((breakdown, label, known, known + unknown, unknown, None, value))
        return pl.DataFrame(rows, schema=VALUED, orient="row")


def quantile(bins: pl.DataFrame, share: float) -> float | None:
    """Give the number below which a share of all lies, between two neighbours in proportion.

    Args:
        bins: Numbers ``PART``, ascending, and how often each occurs, ``n``.
        share: Between 0 and 1.
    """
    size = int(bins["n"].sum())
    if not size:
        return None
    place = (size - 1) * share
    reached = bins["n"].cum_sum()
    below, above = (
        float(bins[PART][int((reached <= step).sum())]) for step in (int(place), -int(-place // 1))
    )
    return below + (above - below) * (place - int(place))


@dataclass(frozen=True)
class Rank:
    """Ranks some calls among the types of call other than domestic.

    Attributes:
        measure: Calls that are ranked.
        more: Calls that may be of them.
    """

    measure: str
    more: str

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``; nothing where there is no call to rank."""
        return pl.concat(
            [
                pl.DataFrame(schema=COUNTS),
                *(
                    self._of(scene, breakdown)
                    for breakdown in figure.breakdowns
                    if scene.breaks_down(breakdown, figure.of)
                ),
            ]
        )

    def _of(self, scene: Scene, breakdown: str) -> pl.DataFrame:
        types = scene.cells("call_type").by(breakdown, in_parts=True)
        others = types.filter(pl.col(PART) != "domestic").select("group", "n")
        own = scene.cells("call").by(breakdown).filter(pl.col(self.measure) > 0)
        both = own.join(others, on="group", how="left", maintain_order="left_right")
        least = pl.col(self.measure)
        return (
            both.group_by("group", maintain_order=True)
            .agg(
                numerator=(pl.col("n") > least).sum() + 1,
                best=(pl.col("n") > least + pl.col(self.more)).sum() + 1,
                denominator=pl.col("n").count() + 1,
            )
            .select(
                pl.lit(breakdown).alias("by"),
                "group",
                pl.col("numerator", "denominator"),
                (pl.col("numerator").cast(pl.Int64) - pl.col("best")).alias("undetermined"),
                pl.lit(None).alias("note"),
            )
            .cast(pl.Schema(COUNTS))
        )


def changes(scene: Scene, _figure: Figure) -> pl.DataFrame:
    """Set the counts of each year against those of the year before."""
    measures = {"domestic_incidents": ("incident", "domestic")}
    if scene.pairs is not None:
        measures["partner_incidents"] = ("incident", "partner")
    if scene.has("call.call_type_raw") and scene.has("call.received_on"):
        measures["domestic_calls"] = ("call", "domestic")
    frames = [_change(scene, name, *of) for name, of in measures.items()]
    year = pl.col("year")
    in_part = [int(period) for period in scene.partial if len(period) == len("2019")]
    comparable = ~(year.is_in(in_part) | (year - 1).is_in(in_part))
    return pl.concat(frames).select(
        pl.lit("year/measure").alias("by"),
        pl.format("{}/{}", "year", "measure").alias("group"),
        pl.col("numerator").cast(pl.Int64),
        pl.when(comparable).then("earlier").cast(pl.Int64).alias("denominator"),
        pl.lit(None, pl.Int64).alias("undetermined"),
        pl.when(~comparable).then(pl.lit(_IN_PART)).alias("note"),
    )


def _change(scene: Scene, name: str, level: str, measure: str) -> pl.DataFrame:
    years = scene.cells(level).by("year").filter(pl.col("group") != UNKNOWN)
    now = years.select(pl.col("group").cast(pl.Int64).alias("year"), numerator=measure)
    before = now.select(pl.col("year") + 1, earlier="numerator")
    return now.join(before, on="year", how="inner").with_columns(measure=pl.lit(name))


def rates(scene: Scene, figure: Figure) -> pl.DataFrame:
    """Set adult victims of partners against adult residents, of the years and districts of which both are told."""
    cells = scene.cells("resident")
    year = (pl.col("month") // 12).cast(pl.Int64).alias("year")
    by_district = not cells.several_agencies
    counts = cells.places.with_columns(year)
    residents = scene.tables["population"].filter(pl.col("adults").is_not_null()).collect()
    whole = residents.filter(pl.col("district").is_null())
    if whole.is_empty():
        whole = residents
    adults = whole.group_by("year").agg(pl.col("adults").sum())
    of_years = counts.group_by("year").agg(pl.col("adult", "adult_open").sum())
    both = of_years.join(adults, on="year")
    frames = [
        _rate(both, "total", pl.lit("total")),
        _rate(both, "year", pl.col("year").cast(pl.String)),
    ]
    if by_district and "district" in figure.breakdowns:
        areas = residents.filter(pl.col("district").is_not_null())
        keys = ["year", "district"]
        adults = areas.group_by(keys).agg(pl.col("adults").sum())
        placed = counts.group_by(keys).agg(pl.col("adult", "adult_open").sum())
        frames.append(_rate(placed.join(adults, on=keys), "district", pl.col("district")))
    return pl.concat(frames)


def _rate(rows: pl.DataFrame, by: str, label: pl.Expr) -> pl.DataFrame:
    return (
        rows.group_by(label.alias("group"))
        .agg(
            pl.col("adult").sum().alias("numerator"),
            pl.col("adults").sum().alias("denominator"),
            pl.col("adult_open").sum().alias("undetermined"),
        )
        .sort("group")
        .with_columns(by=pl.lit(by), note=None)
        .select(pl.col(name).cast(dtype) for name, dtype in COUNTS.items())
    )
