"""Sampling intervals of shares, for comparison between groups; a whole count needs none."""

from __future__ import annotations

from typing import Final

import polars as pl

_Z: Final = 1.959963984540054
"""Normal quantile of 97.5 %."""

WILSON: Final = "wilson"
"""Name of the method in ``ci_method``."""


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
