"""Figures as they may be shown to others: counts that are small are withheld, and rates made of them."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.publish.primary import COUNTS, primary
from ipvi_cli.publish.settings import Disclosure

WITHHELD: Final = "withheld: a count of it is too small"
"""Note of a row of which something is withheld; in place of the row's own, which may tell of the counts."""

_RATES: Final = ("value", "lower", "upper", "ci_lower", "ci_upper", "ci_method")
"""All that is made from the counts of a row."""


def suppress(figures: pl.DataFrame, settings: Disclosure) -> pl.DataFrame:
    """Withhold small counts.

    Each row is looked at by itself. A single withheld group among others that are shown can still be worked out from
    their total, and a count from an earlier release: whoever gives figures away has to look at that.

    Args:
        figures: ``FIGURE_SCHEMA``, with nothing withheld.
        settings: How far figures are withheld.

    Returns:
        The same rows in the same order. Where a count is withheld it is null, and with it everything that is made of
        it; ``suppressed`` is true and the note says so.
    """
    return blanked(figures, primary(figures, settings.threshold))


def blanked(figures: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """Blank the counts that are flagged.

    Args:
        figures: ``FIGURE_SCHEMA``.
        hidden: A flag for each of ``COUNTS``, row by row.
    """
    flags = figures.with_columns(hidden.select(pl.all().name.prefix("_hide_")))
    any_of = pl.any_horizontal(f"_hide_{name}" for name in COUNTS)
    return flags.with_columns(
        *(pl.when(~pl.col(f"_hide_{name}")).then(name).alias(name) for name in COUNTS),
        *(pl.when(~any_of).then(name).alias(name) for name in _RATES),
        any_of.alias("suppressed"),
        pl.when(any_of).then(pl.lit(WITHHELD)).otherwise("note").alias("note"),
    ).select(figures.columns)
