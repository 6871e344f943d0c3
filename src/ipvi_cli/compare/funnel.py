"""Which places lie further from the pooled value than chance alone puts a place of their size.

Control limits and overdispersion after Spiegelhalter 2005, Funnel plots for comparing institutional performance,
Statistics in Medicine 24:1185-1202.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from ipvi_cli.compare.peers import PER

FUNNEL_SCHEMA: Final[dict[str, pl.DataType]] = {
    "figure_id": pl.String(),
    "title": pl.String(),
    "kind": pl.String(),
    "jurisdiction": pl.String(),
    "size": pl.Int64(),
    "value": pl.Float64(),
    "pooled": pl.Float64(),
    "low_95": pl.Float64(),
    "high_95": pl.Float64(),
    "low_998": pl.Float64(),
    "high_998": pl.Float64(),
    "outside": pl.String(),
    "places": pl.Int64(),
    "dispersion": pl.Float64(),
    "overdispersed": pl.Boolean(),
}
"""One row for each figure and jurisdiction. ``size`` is what the value is a share of (those of whom it is known), or
the persons of a rate. ``outside`` is ``no``, ``95 %`` or ``99.8 %``. ``dispersion`` is the mean square of the
standardised distances, about 1 where there is nothing but chance; ``overdispersed`` says whether it is more than chance
allows (chi-square test, 5 %)."""

FEWEST: Final = 3
"""Fewest places from which a value is pooled: from the sum over two, each could work out the other."""

LIMITS: Final = (0.025, 0.975, 0.001, 0.999)
"""Probabilities below the limits of 95 % and of 99.8 %."""

_CHANCE: Final = 0.05


def funnels(frame: pl.DataFrame) -> pl.DataFrame:
    """Hold each place against the limits around the pooled value.

    Args:
        frame: ``PEER_SCHEMA``.

    Returns:
        ``FUNNEL_SCHEMA``, in the order of ``frame``; of each share and rate, in total, that is shown and comparable in
        at least ``FEWEST`` places.
    """
    shown = _poolable(frame)
    parts = [_held(rows) for _, rows in shown.group_by("figure_id", maintain_order=True)]
    whole = [part for part in parts if part is not None]
    return pl.concat(whole) if whole else pl.DataFrame(schema=FUNNEL_SCHEMA)


def has_funnel(frame: pl.DataFrame) -> bool:
    """Say whether there is anything to pool.

    Args:
        frame: ``PEER_SCHEMA``.
    """
    return not _poolable(frame).is_empty()


def limits(sizes: Sequence[float], pooled: float, kind: str) -> list[list[float]]:
    """Give the control limits for places of given sizes.

    Exact quantiles of the binomial (of a share) or Poisson (of a rate) count, interpolated between whole counts
    (Spiegelhalter 2005, appendix A.1.1).

    Args:
        sizes: What the share is of, or the persons of the rate.
        pooled: The pooled share, or the rate for each of ``PER``.
        kind: ``share`` or ``rate``.

    Returns:
        For each of ``LIMITS``, the limit at each size, in the unit of ``pooled``.
    """
    import numpy as np
    from scipy.stats import binom, poisson

    size = np.asarray(sizes, dtype=float)
    chance: Any = binom(size, pooled) if kind == "share" else poisson(size * pooled / PER)
    scale = size if kind == "share" else size / PER
    found = []
    for probability in LIMITS:
        count = chance.ppf(probability)
        beyond = (chance.cdf(count) - probability) / chance.pmf(count)
        most = 1.0 if kind == "share" else np.inf
        found.append(np.clip((count - beyond) / scale, 0.0, most).tolist())
    return found


def _poolable(frame: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("denominator") - pl.when(pl.col("kind") == "share").then(
        pl.col("undetermined").fill_null(0)
    ).otherwise(0)
    shown = frame.filter(
        "comparable", pl.col("by") == "total", pl.col("kind").is_in(["share", "rate"])
    ).with_columns(known.alias("size"))
    shown = shown.filter(pl.col("numerator").is_not_null() & (pl.col("size") > 0))
    return shown.filter(pl.len().over("figure_id") >= FEWEST)


def _held(rows: pl.DataFrame) -> pl.DataFrame | None:
    from scipy.stats import chi2

    kind = rows["kind"][0]
    per = 1 if kind == "share" else PER
    pooled = float(rows["numerator"].sum()) / float(rows["size"].sum()) * per
    if pooled == 0 or (kind == "share" and pooled == 1):
        return None
    low, high, lowest, highest = limits(rows["size"].to_list(), pooled, kind)
    spread = pooled * (1 - pooled) if kind == "share" else pooled * per
    distance = (pl.col("value") - pooled) ** 2 * pl.col("size") / spread
    held = rows.with_columns(
        pl.lit(pooled).alias("pooled"),
        pl.Series("low_95", low), pl.Series("high_95", high),
        pl.Series("low_998", lowest), pl.Series("high_998", highest),
        pl.lit(rows.height).alias("places"), distance.alias("distance"),
    )  # fmt: skip
    total = float(held["distance"].sum())
    beyond = {
        name: ~pl.col("value").is_between(f"low_{name}", f"high_{name}") for name in ("95", "998")
    }
    return held.with_columns(
        pl.when(beyond["998"]).then(pl.lit("99.8 %"))
        .when(beyond["95"]).then(pl.lit("95 %")).otherwise(pl.lit("no")).alias("outside"),
        pl.lit(total / rows.height).alias("dispersion"),
        pl.lit(bool(chi2.sf(total, rows.height - 1) < _CHANCE)).alias("overdispersed"),
    ).select(pl.col(name).cast(dtype) for name, dtype in FUNNEL_SCHEMA.items())  # fmt: skip
