"""Figures as they may be shown to others: small counts are withheld, and whatever else would give them away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from ipvi_cli.publish.complement import Complement
from ipvi_cli.publish.earlier import stands_from_before
from ipvi_cli.publish.plan import never_shown, nothing_is_zero, of_distribution, withheld_tables
from ipvi_cli.publish.primary import COUNTS, primary
from ipvi_cli.publish.relations import relate
from ipvi_cli.publish.settings import Disclosure
from ipvi_cli.publish.system import System, collected, merged

WITHHELD: Final = "withheld: a count of it is too small, or would give one away that is"
"""Note of a row of which something is withheld; in place of the row's own, which may tell of the counts."""

TABLE_WITHHELD: Final = "withheld: most counts of this breakdown are too small; see the total"
"""Note of a row of a breakdown that is withheld as a whole."""

KEPT_INSIDE: Final = "withheld: shown inside the agency alone, since small counts follow from it"
"""Note of a row of a breakdown that is never shown to others, or not beside what is withheld."""

HEADLINE: Final = ("B07", "B08", "B09", "T01", "T02")
"""Figures whose totals are what a release is for; they are withheld only where nothing else is left."""

_RATES: Final = ("value", "lower", "upper", "ci_lower", "ci_upper", "ci_method")
"""All that is made from the counts of a row."""


def suppress(figures: pl.DataFrame, settings: Disclosure) -> pl.DataFrame:
    """Withhold small counts, and what else would let a reader work one out.

    Args:
        figures: ``FIGURE_SCHEMA``, with nothing withheld.
        settings: How far figures are withheld, what their counts add up, and what was shown before.

    Returns:
        The same rows in the same order. Where a count is withheld it is null, and with it everything that is made of
        it; ``suppressed`` is true and the note says so. Of any count that is withheld in a breakdown that is shown,
        and of any other that is shown nowhere, a reader can work out no range narrower than the threshold.
    """
    small = primary(figures, settings.threshold)
    hidden, known = stands_from_before(figures, small, settings)
    never = never_shown(figures)
    tables = withheld_tables(figures, small) | never
    system = collected(figures, settings.counted, settings.threshold)
    relate(system)
    system = merged(system)
    headline = pl.col("figure_id").is_in(HEADLINE) & (pl.col("by") == "total")
    head = figures.select(headline.fill_null(False)).to_series()
    last = _cells(system, ((row,) * len(COUNTS) for row in head))
    some = _cells(system, nothing_is_zero(figures).iter_rows())
    flags = _withheld(system, small, hidden, known, tables, settings.threshold, last, some)
    inside = never | of_distribution(figures, flags)
    return blanked(figures, flags, tables, inside)


def _withheld(
    system: System,
    small: pl.DataFrame,
    hidden: pl.DataFrame,
    known: pl.DataFrame,
    tables: pl.Series,
    width: int,
    last: set[int],
    some: set[int],
) -> pl.DataFrame:
    """Say of each count whether it is withheld."""
    flags = list(hidden.select(COUNTS).iter_rows())
    out = tables.to_list()
    before = _cells(system, known.select(COUNTS).iter_rows())
    # What was withheld in one breakdown and shown in another is not withheld for its smallness.
    first = _cells(system, small.select(COUNTS).iter_rows()) | (_cells(system, flags) - before)
    shown = _cells(system, ((not gone,) * len(COUNTS) for gone in out))
    every = {cell for cells in system.cells for cell in cells if cell >= 0}
    chosen = Complement(
        system,
        hidden=first,
        known=before,
        blank=every - shown,
        width=width,
        last=last,
        some=some,
    ).chosen()
    return pl.DataFrame(
        [
            tuple(gone or flag or cell in chosen for cell, flag in zip(cells, row, strict=True))
            for cells, row, gone in zip(system.cells, flags, out, strict=True)
        ],
        schema=dict.fromkeys(COUNTS, pl.Boolean),
        orient="row",
    )


def _cells(system: System, flags: Iterable[tuple[bool, ...]]) -> set[int]:
    """Give the unknowns of which any count is flagged."""
    return {
        cell
        for cells, row in zip(system.cells, flags, strict=True)
        for cell, flag in zip(cells, row, strict=True)
        if flag and cell >= 0
    }


def blanked(
    figures: pl.DataFrame, hidden: pl.DataFrame, tables: pl.Series, inside: pl.Series
) -> pl.DataFrame:
    """Blank the counts that are flagged.

    Args:
        figures: ``FIGURE_SCHEMA``.
        hidden: A flag for each of ``COUNTS``, row by row.
        tables: Which rows belong to a breakdown that is withheld as a whole.
        inside: Which rows are shown inside the agency alone.
    """
    flags = figures.with_columns(
        *((hidden[name] | inside).alias(f"_hide_{name}") for name in COUNTS),
        tables.alias("_table"),
        inside.alias("_inside"),
    )
    there = [pl.col(f"_hide_{name}") & pl.col(name).is_not_null() for name in COUNTS]
    any_of = pl.any_horizontal(there)
    note = (
        pl.when("_inside")
        .then(pl.lit(KEPT_INSIDE))
        .when("_table")
        .then(pl.lit(TABLE_WITHHELD))
        .otherwise(pl.lit(WITHHELD))
    )
    return flags.with_columns(
        *(pl.when(~pl.col(f"_hide_{name}")).then(name).alias(name) for name in COUNTS),
        *(pl.when(~any_of).then(name).alias(name) for name in _RATES),
        any_of.alias("suppressed"),
        pl.when(any_of).then(note).otherwise("note").alias("note"),
    ).select(figures.columns)
