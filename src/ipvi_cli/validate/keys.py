"""Identifiers as 64-bit hashes, so that ten million of them are compared in a few hundred megabytes.

Two different identifiers share a hash with a probability of about 3 in a million at that size.
"""

from __future__ import annotations

import operator
from functools import reduce
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

KEY: Final = "_key"

Keys = NDArray[np.uint64]
"""Keys, each once, in ascending order."""


def hashed(*columns: str) -> pl.Expr:
    """Hash identifier columns into one key, null where any of them is null."""
    one = pl.col(columns[0]) if len(columns) == 1 else pl.struct(columns)
    whole = pl.all_horizontal(pl.col(name).is_not_null() for name in columns)
    return pl.when(whole).then(one.hash()).alias(KEY)


def joined(*columns: str) -> pl.Expr:
    """Hash identifier columns into one key as ``hashed`` does, but not into the same one.

    Hashes of different seeds, put together bit by bit, cost a third of the hash of a struct.
    """
    whole = pl.all_horizontal(pl.col(name).is_not_null() for name in columns)
    parts = (pl.col(name).hash(seed) for seed, name in enumerate(columns))
    return pl.when(whole).then(reduce(operator.xor, parts)).alias(KEY)


def keys_in_order(frame: pl.LazyFrame, *columns: str) -> NDArray[np.uint64]:
    """Collect the keys of a frame in the order of its rows, without nulls."""
    keys = frame.select(hashed(*columns)).drop_nulls().collect(engine="streaming")
    return keys.to_series().to_numpy()


def collect_keys(frame: pl.LazyFrame, *columns: str) -> NDArray[np.uint64]:
    """Collect the keys of a frame in ascending order, repeated ones repeated, without nulls."""
    return np.sort(keys_in_order(frame, *columns))


def distinct(keys: NDArray[np.uint64]) -> Keys:
    """Keep each of the ascending keys once."""
    again = keys[1:] == keys[:-1]
    return keys[np.concatenate(([True], ~again))] if again.any() else keys


def repeated(keys: NDArray[np.uint64]) -> Keys:
    """Give those of the ascending keys that occur more than once."""
    return distinct(keys[1:][keys[1:] == keys[:-1]])


def differences(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> tuple[Keys, Keys]:
    """Give what only the left and what only the right holds, of keys in any order.

    Tables of one export mostly lie in the same order: what is equal as it lies need not be sorted.
    """
    if np.array_equal(left, right):
        return left[:0], right[:0]
    return apart(distinct(np.sort(left)), distinct(np.sort(right)))


def apart(left: Keys, right: Keys) -> tuple[Keys, Keys]:
    """Give what only the left and what only the right holds."""
    if np.array_equal(left, right):
        return left[:0], right[:0]
    both = np.sort(np.concatenate((left, right)))
    lonely = np.ones(both.size, dtype=bool)
    lonely[1:] &= both[1:] != both[:-1]
    lonely[:-1] &= both[1:] != both[:-1]
    single = both[lonely]
    at = np.searchsorted(left, single)
    of_left = np.zeros(single.size, dtype=bool)
    inside = at < left.size
    of_left[inside] = left[at[inside]] == single[inside]
    return single[of_left], single[~of_left]


def rows_with(frame: pl.LazyFrame, keys: Keys, *columns: str) -> pl.LazyFrame:
    """Keep the rows whose key is among the given ones."""
    return frame.with_columns(hashed(*columns)).filter(among(KEY, pl.Series(keys)))


def among(column: str, keys: pl.Series) -> pl.Expr:
    """Say whether a key is among the given ones; a set held once takes a third of the memory of a join."""
    return pl.col(column).is_in(keys.cast(pl.UInt64).unique().implode())


def compact(rows: pl.DataFrame) -> pl.DataFrame:
    """Copy the texts of a few rows, which would else keep those of the whole table in memory."""
    return rows.with_columns(pl.col(pl.String) + "")
