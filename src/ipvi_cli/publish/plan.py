"""Which tables are given away at all: of one that would be mostly holes only the total stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from ipvi_cli.model.disclosure import (
    DISTRIBUTION,
    KEPT_INSIDE,
    LINKED,
    OF_LINKED,
    OF_WHOLE_DISTRIBUTION,
)
from ipvi_cli.publish.primary import COUNTS

_ALWAYS: Final = ("total", "year")
"""Breakdowns that are judged cell by cell alone."""

UNKNOWN: Final = "unknown"
"""Group of those without a date."""

_MOSTLY: Final = 0.5
"""A breakdown is withheld as a whole when a greater share of its rows has a count that is too small."""


def withheld_tables(figures: pl.DataFrame, hidden: pl.DataFrame) -> pl.Series:
    """Say which rows belong to a breakdown of a figure that is withheld as a whole.

    Args:
        figures: ``FIGURE_SCHEMA``.
        hidden: A flag for each of ``COUNTS``, row by row: too small to be shown.

    Returns:
        A flag for each row; never of a total, and of years where there is a single one beside a few without a date:
        it would give those away, and repeats the total.
    """
    flagged = figures.select(
        "figure_id",
        "by",
        "group",
        pl.any_horizontal(pl.col(name).fill_null(0) > 0 for name in COUNTS).alias("_some"),
        hidden.select(pl.any_horizontal(COUNTS)).to_series().alias("_small"),
    )
    of_table = ("figure_id", "by")
    share = pl.col("_small").sum().over(of_table) / pl.col("_some").sum().over(of_table)
    mostly = (share > _MOSTLY) & ~pl.col("by").is_in(_ALWAYS)
    named = (pl.col("group") != UNKNOWN) & pl.col("_some")
    single = (
        (pl.col("by") == "year")
        & (named.sum().over(of_table) == 1)
        & pl.col("_small").any().over(of_table)
    )
    return flagged.select((mostly | single).fill_null(False).alias("_table")).to_series()


def nothing_is_zero(figures: pl.DataFrame) -> pl.DataFrame:
    """Say which counts stand in a breakdown that has no 0; of a part that does not occur there is no row.

    Args:
        figures: ``FIGURE_SCHEMA``.

    Returns:
        A flag for each of ``COUNTS``, row by row.
    """
    return figures.select(
        (pl.col(name).min().over("figure_id", "by") > 0).fill_null(False).alias(name)
        for name in COUNTS
    )


def never_shown(figures: pl.DataFrame) -> pl.Series:
    """Say which rows are shown to nobody outside: not all that they have to do with others is declared.

    Args:
        figures: ``FIGURE_SCHEMA``.
    """
    code = pl.col("figure_id")
    linked = pl.any_horizontal(code.str.starts_with(one) for one in LINKED)
    shown = _breakdowns({**OF_LINKED, **OF_WHOLE_DISTRIBUTION})
    return figures.select((linked & ~shown) | code.is_in(KEPT_INSIDE)).to_series()


def of_distribution(figures: pl.DataFrame, flags: pl.DataFrame) -> pl.Series:
    """Say which rows are worked out from numbers of offenders of which some are withheld.

    Args:
        figures: ``FIGURE_SCHEMA``.
        flags: A flag for each of ``COUNTS``, row by row: it is withheld.
    """
    made = figures.select("figure_id", "by").with_columns(
        flags.select(pl.any_horizontal(COUNTS).alias("gone"))
    )
    source = pl.any_horizontal(
        (pl.col("figure_id") == code) & (pl.col("by") == by) for code, by in DISTRIBUTION
    )
    if not made.select((source & pl.col("gone")).any()).item():
        return pl.repeat(False, figures.height, eager=True)
    return figures.select(_breakdowns(OF_WHOLE_DISTRIBUTION)).to_series()


def _breakdowns(of: Mapping[str, Collection[str]]) -> pl.Expr:
    return pl.any_horizontal(
        (pl.col("figure_id") == code) & pl.col("by").is_in(list(by)) for code, by in of.items()
    )
