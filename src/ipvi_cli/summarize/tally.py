"""Figures of counts that arrive already aggregated, by year and area."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.summarize.cells import UNKNOWN
from ipvi_cli.summarize.figure import COUNTS, PROBLEM_ANALYSIS, Figure, Make
from ipvi_cli.summarize.scene import Scene

_AREA: Final = ("year", "borough", "district")
_BY: Final = ("year", "year/borough", "year/borough/district")
_MEASURES: Final = ("dir", "felony_assault", "rape")
_SAME: Final = (
    "districts of which both counts are known; joint-interest and unknown ones are left out"
)
_IN_PART: Final = "one of the two years is only in part within the declared period: no change"


def _areas(scene: Scene, measure: str) -> pl.DataFrame:
    """Bring the rows of all files together by area.

    Returns:
        ``year``, ``borough``, ``district``, ``area_kind``, ``ipv`` and ``dv``: the domestic count that the
        intimate-partner file itself gives, else intimate partner and other family together, else that of another file.
    """
    assert scene.tally is not None
    ipv, family, dv = (pl.col(f"{scope}_{measure}") for scope in ("ipv", "family", "dv"))

    def total(column: pl.Expr) -> pl.Expr:
        return pl.when(column.count() > 0).then(column.sum())

    return (
        scene.tally.group_by(*_AREA, "area_kind", maintain_order=True)
        .agg(
            total(ipv).alias("ipv"),
            total(family).alias("family"),
            total(dv.filter(ipv.is_not_null())).alias("own"),
            total(dv.filter(ipv.is_null())).alias("other"),
        )
        .with_columns(pl.coalesce("own", pl.col("ipv") + pl.col("family"), "other").alias("dv"))
        .filter(pl.col("ipv").is_not_null())
    )


def _count(scene: Scene, figure: Figure) -> pl.DataFrame:
    return _by_area(_areas(scene, "dir"), figure, numerator="ipv")


def _same_districts_share(scene: Scene, figure: Figure) -> pl.DataFrame:
    both = _areas(scene, "dir").filter(
        (pl.col("area_kind") == "district") & pl.col("dv").is_not_null()
    )
    return _by_area(both, figure, numerator="ipv", denominator="dv")


def _share_of(measure: str) -> Make:
    def make(scene: Scene, figure: Figure) -> pl.DataFrame:
        known = _areas(scene, measure).filter(pl.col("dv").is_not_null())
        return _by_area(known, figure, numerator="ipv", denominator="dv")

    return make


def _change(scene: Scene, figure: Figure) -> pl.DataFrame:
    frames = []
    for measure in _MEASURES:
        same = (pl.col("area_kind") == "district") & pl.col("year").is_not_null()
        now = _areas(scene, measure).filter(same)
        before = now.select(pl.col("year") + 1, "borough", "district", earlier="ipv")
        both = now.join(before, on=list(_AREA), how="inner", nulls_equal=True)
        if measure == "dir":
            frames.append(_by_area(both, figure, numerator="ipv", denominator="earlier"))
        label = pl.format("{}/{}", "year", pl.lit(f"ipv_{measure}"))
        frames.append(_summed(both, "year/measure", label, "ipv", "earlier"))
    year = pl.col("group").str.split("/").list.first().cast(pl.Int64)
    in_part = [int(period) for period in scene.partial if len(period) == len("2019")]
    comparable = ~(year.is_in(in_part) | (year - 1).is_in(in_part))
    why = pl.when(~comparable).then(pl.lit(_IN_PART))
    return pl.concat(frames).with_columns(
        pl.when(comparable).then("denominator").alias("denominator"), why.alias("note")
    )


def _by_area(
    areas: pl.DataFrame, figure: Figure, *, numerator: str, denominator: str | None = None
) -> pl.DataFrame:
    names = [pl.col(name).cast(pl.String).fill_null(UNKNOWN) for name in _AREA]
    return pl.concat(
        _summed(areas, by, pl.concat_str(names[: depth + 1], separator="/"), numerator, denominator)
        for depth, by in enumerate(_BY)
        if by in figure.breakdowns
    )


def _summed(
    areas: pl.DataFrame, by: str, label: pl.Expr, numerator: str, denominator: str | None
) -> pl.DataFrame:
    whole = pl.col(denominator).sum() if denominator else pl.lit(None)
    return (
        areas.group_by(label.alias("group"))
        .agg(pl.col(numerator).sum().alias("numerator"), whole.alias("denominator"))
        .sort("group")
        .with_columns(by=pl.lit(by), undetermined=None, note=None)
        .select(pl.col(name).cast(dtype) for name, dtype in COUNTS.items())
    )


FIGURES: Final = (
    Figure(
        "T01", "Intimate partner incident reports", "incidents", "published counts, totals left out", "count",
        ("tally.ipv_dir",), PROBLEM_ANALYSIS, _BY, _count, suppress=True,
    ),
    Figure(
        "T02", "Intimate partner share of domestic incident reports", "incidents",
        "intimate partner / intimate partner and other family, same districts", "share",
        ("tally.ipv_dir", "tally.family_dir|tally.dv_dir"), PROBLEM_ANALYSIS, _BY, _same_districts_share,
        interval=True, note=_SAME,
    ),
    Figure(
        "T03", "Intimate partner share of domestic felony assaults", "incidents",
        "intimate partner / domestic, of the areas that the intimate-partner file holds", "share",
        ("tally.ipv_felony_assault", "tally.dv_felony_assault|tally.family_felony_assault"), PROBLEM_ANALYSIS, _BY,
        _share_of("felony_assault"), suppress=True, interval=True,
    ),
    Figure(
        "T04", "Intimate partner share of domestic rapes", "incidents",
        "intimate partner / domestic, of the areas that the intimate-partner file holds", "share",
        ("tally.ipv_rape", "tally.dv_rape|tally.family_rape"), PROBLEM_ANALYSIS, _BY, _share_of("rape"),
        suppress=True, interval=True,
    ),
    Figure(
        "T05", "Change from the year before", "incidents",
        "intimate partner incident reports of the year / those of the year before - 1, same districts", "change",
        ("tally.ipv_dir|tally.ipv_felony_assault|tally.ipv_rape", "tally.year", "a second tally.year"),
        PROBLEM_ANALYSIS, (*_BY, "year/measure"), _change,
        suppress=True, interval=True, note=_SAME,
    ),
)  # fmt: skip
"""Figures T01 to T05."""
