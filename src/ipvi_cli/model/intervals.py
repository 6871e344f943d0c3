"""Sampling intervals of shares, counts and changes, for comparison between groups; a whole count needs none."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import polars as pl

_Z: Final = 1.959963984540054
"""Normal quantile of 97.5 %."""

WILSON: Final = "wilson"
POISSON: Final = "poisson_exact"
BYAR: Final = "poisson_byar"
RATIO: Final = "wilson_ratio"
"""Names of the methods in ``ci_method``."""

EXACT_UP_TO: Final = 100
"""Largest count whose exact interval is looked for; above it Byar's formula differs by less than 0.1 %."""


def wilson(part: pl.Expr, whole: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Give the 95 % score interval of a share (Wilson 1927, JASA 22:209).

    Args:
        part: Count of those that have the property.
        whole: Count of all of whom it is known.

    Returns:
        Lower and upper end between 0 and 1; null where ``whole`` is 0 or null.
    """
    size = pl.when(whole > 0).then(whole).cast(pl.Float64)
    share = part / size
    scale = 1 + _Z**2 / size
    middle = share + _Z**2 / (2 * size)
    spread = _Z * (share * (1 - share) / size + _Z**2 / (4 * size**2)).sqrt()
    # At the ends the formula gives the end itself, but for the last bits.
    lower = pl.when(part == 0).then(size * 0).otherwise(((middle - spread) / scale).clip(0, 1))
    upper = (
        pl.when(part == whole).then(size * 0 + 1).otherwise(((middle + spread) / scale).clip(0, 1))
    )
    return lower, upper


@cache
def poisson(count: int) -> tuple[float, float]:
    """Give the 95 % interval of the mean of a count (Garwood 1936, Biometrika 28:437).

    Above ``EXACT_UP_TO`` by Byar's formula (Breslow and Day 1987, IARC Scientific Publications 82, page 69).

    Args:
        count: What was counted.

    Returns:
        Lower and upper end, in the unit of the count.
    """
    if count > EXACT_UP_TO:
        upper = count + 1
        return (
            count * (1 - 1 / (9 * count) - _Z / (3 * math.sqrt(count))) ** 3,
            upper * (1 - 1 / (9 * upper) + _Z / (3 * math.sqrt(upper))) ** 3,
        )
    lower = 0.0 if count == 0 else _mean_where_up_to(count - 1, 0.975)
    return lower, _mean_where_up_to(count, 0.025)


def _mean_where_up_to(count: int, probability: float) -> float:
    """Find the mean for which a Poisson count is at most ``count`` with the given probability, by halving."""
    least, most = 0.0, 3.0 * count + 20
    for _ in range(80):
        mean = (least + most) / 2
        terms = (math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(count + 1))
        if math.fsum(terms) > probability:
            least = mean
        else:
            most = mean
    return (least + most) / 2
