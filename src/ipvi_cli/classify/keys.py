"""Rows of several tables brought together by position, so that ten million of them take a few hundred megabytes.

Identifiers are compared as 64-bit hashes: two different ones share a hash with a probability of about 3 in a million
at ten million incidents.
"""

from __future__ import annotations

import polars as pl


def hashed(column: str, name: str = "") -> pl.Expr:
    """Hash an identifier column, null where it is null."""
    return pl.when(pl.col(column).is_not_null()).then(pl.col(column).hash()).alias(name or column)


def positions(wanted: pl.Series, base: pl.Series) -> pl.Series:
    """Find keys again; tables of one export mostly lie in the same order, and then there is nothing to search.

    Args:
        wanted: Keys, nulls allowed.
        base: Keys; of equal ones the first is found.

    Returns:
        For each wanted key its position in the base, null where it is not there.
    """
    if wanted.len() == base.len() and not wanted.null_count() and bool((wanted == base).all()):
        return arange(base.len())
    places = base.to_frame("key").with_row_index("position").unique("key", keep="first")
    found = wanted.to_frame("key").lazy().join(
        places.lazy(), on="key", how="left", maintain_order="left"
    )  # fmt: skip
    return found.select("position").collect(engine="streaming").to_series()


def arange(length: int) -> pl.Series:
    """Give the positions from zero."""
    return pl.int_range(length, dtype=pl.UInt32, eager=True).alias("position")


def pair_key(victim: str = "victim", offender: str = "offender") -> pl.Expr:
    """Put two positions into one number."""
    return (pl.col(victim).cast(pl.UInt64) * 2**32 + pl.col(offender)).alias("pair")
