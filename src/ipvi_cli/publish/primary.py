"""Primary suppression: which counts are too small to be shown as they are."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.model.disclosure import NO_COUNTS

COUNTS: Final = ("numerator", "denominator", "undetermined")

NOT_OF_PERSONS: Final = ("months", "days", "agencies", "files", "columns")
"""Counting units of which a small number tells nothing about anyone."""

_AREAS: Final = r"(^|/)(agency|district|borough|area|beat|sector|precinct|place)(/|$)"
_HOMICIDE: Final = "F"
"""Homicides are too few and too well known for a table by area (figures F01 to F07)."""


def of_persons() -> pl.Expr:
    """Say whether a row counts something that belongs to persons."""
    nobody = pl.col("counting_unit").is_in(NOT_OF_PERSONS)
    return ~(nobody.fill_null(False) | pl.col("figure_id").is_in(NO_COUNTS))


def homicide_by_area() -> pl.Expr:
    """Say whether a row tells of homicides by area, which is never shown."""
    return pl.col("figure_id").str.starts_with(_HOMICIDE) & pl.col("by").str.contains(_AREAS)


def parts_of_whole() -> pl.Expr:
    """Say whether the numerator and what is undetermined are parts of the denominator, over all rows of a figure.

    In a change from an earlier count to a later one they are not.
    """
    inside = pl.col("numerator") + pl.col("undetermined").fill_null(0) <= pl.col("denominator")
    return inside.all().over("figure_id")


def remainder() -> pl.Expr:
    """Give the count that anyone can work out: those of the denominator without the property, null where none is."""
    rest = pl.col("denominator") - pl.col("numerator") - pl.col("undetermined").fill_null(0)
    return pl.when(parts_of_whole()).then(rest)


def too_small(count: pl.Expr, threshold: int) -> pl.Expr:
    """Say whether a count is from 1 to the threshold; 0 is shown."""
    return count.is_between(1, threshold).fill_null(False)


def primary(figures: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Say which counts must not be shown, whatever else is.

    Args:
        figures: ``FIGURE_SCHEMA``.
        threshold: Counts from 1 to this are too small.

    Returns:
        One row for each figure row with a flag for each of ``COUNTS``: it is too small itself, it would give away
        that those without the property are few (then the numerator goes), or it is of homicides by area.
    """
    small = {name: too_small(pl.col(name), threshold) for name in COUNTS}
    small["numerator"] |= too_small(remainder(), threshold)
    # With the denominator, and the other of the two, each of these gives the numerator away.
    return figures.select(
        ((flag & of_persons()) | (homicide_by_area() & pl.col(name).is_not_null())).alias(name)
        for name, flag in small.items()
    )
