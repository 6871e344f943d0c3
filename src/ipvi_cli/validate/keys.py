"""Identifiers as 64-bit hashes, so that ten million of them are compared in a few hundred megabytes.

Two different identifiers share a hash with a probability of about 3 in a million at that size.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

KEY: Final = "_key"


def hashed(*columns: str) -> pl.Expr:
    """Hash identifier columns into one key, null where any of them is null."""
    one = pl.col(columns[0]) if len(columns) == 1 else pl.struct(columns)
    whole = pl.all_horizontal(pl.col(name).is_not_null() for name in columns)
    return pl.when(whole).then(one.hash()).alias(KEY)


def collect_keys(frame: pl.LazyFrame, *columns: str) -> pl.Series:
    """Collect the keys of a frame, without nulls, in no particular order."""
    keys = frame.select(hashed(*columns)).drop_nulls()
    return keys.collect(engine="streaming").to_series()


def repeated(keys: pl.Series) -> pl.Series:
    """Give the keys that occur more than once, each once, in order."""
    values = np.sort(keys.to_numpy())
    again = values[1:][values[1:] == values[:-1]]
    return pl.Series(KEY, np.unique(again), dtype=pl.UInt64)


def missing_from(keys: pl.Series, known: pl.Series) -> pl.Series:
    """Give the keys that are not among the known ones, each once, in order.

    Extracts lie mostly in one order in all tables: what runs in step is compared first and costs nothing.
    """
    wanted, have = np.unique(keys.to_numpy()), np.unique(known.to_numpy())
    if wanted.size == have.size and np.array_equal(wanted, have):
        return pl.Series(KEY, [], dtype=pl.UInt64)
    return pl.Series(KEY, np.setdiff1d(wanted, have, assume_unique=True), dtype=pl.UInt64)


def rows_with(frame: pl.LazyFrame, keys: pl.Series, *columns: str) -> pl.LazyFrame:
    """Keep the rows whose key is among the given ones."""
    wanted = keys.to_frame(KEY).lazy()
    return frame.with_columns(hashed(*columns)).join(wanted, on=KEY, how="semi")
