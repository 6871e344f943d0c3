"""Which tables are given away at all: of one that would be mostly holes only the total stays."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.publish.primary import COUNTS

_ALWAYS: Final = ("total", "year")
"""Breakdowns that are judged cell by cell alone."""

_MOSTLY: Final = 0.5
"""A breakdown is withheld as a whole when a greater share of its rows has a count that is too small."""


def withheld_tables(figures: pl.DataFrame, hidden: pl.DataFrame) -> pl.Series:
    """Say which rows belong to a breakdown of a figure that is withheld as a whole.

    Args:
        figures: ``FIGURE_SCHEMA``.
        hidden: A flag for each of ``COUNTS``, row by row: too small to be shown.

    Returns:
        A flag for each row; never of a total or a year.
    """
    flagged = figures.select(
        "figure_id",
        "by",
        pl.any_horizontal(pl.col(name).fill_null(0) > 0 for name in COUNTS).alias("_some"),
        hidden.select(pl.any_horizontal(COUNTS)).to_series().alias("_small"),
    )
    of_table = ("figure_id", "by")
    share = pl.col("_small").sum().over(of_table) / pl.col("_some").sum().over(of_table)
    mostly = (share > _MOSTLY) & ~pl.col("by").is_in(_ALWAYS)
    return flagged.select(mostly.fill_null(False).alias("_table")).to_series()
