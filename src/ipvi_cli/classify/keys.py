"""Rows of several tables brought together by position, so that ten million of them take a few hundred megabytes.

Identifiers are compared as 64-bit hashes: two different ones share a hash with a probability of about 3 in a million
at ten million incidents. Tables of one export mostly lie in the same order; where they do, nothing is searched.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

_FEW: Final = 65_536
"""Keys that stay near the processor."""

_SPARSE: Final = 8
"""Times the codes at hand that their range may be, so that a table of the whole range is cheaper than sorting them."""


def hashed(column: str, name: str = "") -> pl.Expr:
    """Hash an identifier column, null where it is null."""
    return pl.when(pl.col(column).is_not_null()).then(pl.col(column).hash()).alias(name or column)


def positions(wanted: pl.Series, base: pl.Series) -> pl.Series:
    """Find keys again.

    Args:
        wanted: Keys, nulls allowed.
        base: Keys; of equal ones the first is found.

    Returns:
        For each wanted key its position in the base, null where it is not there.
    """
    if same(wanted, base):
        return pl.int_range(base.len(), dtype=pl.UInt32, eager=True).alias("position")
    if 0 < base.len() <= _FEW and not base.null_count() and not wanted.null_count():
        return _among_few(wanted, base)
    places = base.to_frame("key").with_row_index("position").drop_nulls()
    if not alone(base):
        places = places.unique("key", keep="first")
    found = wanted.to_frame("key").lazy().join(
        places.lazy(), on="key", how="left", maintain_order="left"
    )  # fmt: skip
    return found.select(pl.col("position").cast(pl.UInt32)).collect(engine="streaming").to_series()


def _among_few(wanted: pl.Series, base: pl.Series) -> pl.Series:
    """Find keys among a few, which needs no table of those that are looked for."""
    first = base.arg_unique().cast(pl.UInt32)
    return wanted.replace_strict(
        base.gather(first), first, default=None, return_dtype=pl.UInt32
    ).alias("position")


def numbered(codes: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Number the codes that occur, smallest first.

    Args:
        codes: Whole numbers from nought on, without nulls.

    Returns:
        The codes that occur, ascending, and for each code its position among them.
    """
    values = codes.to_numpy()
    size = int(values.max(initial=0)) + 1
    if size > _SPARSE * max(values.size, _FEW):
        kinds, places = np.unique(values, return_inverse=True)
        return pl.Series(codes.name, kinds), pl.Series("position", places.astype(np.uint32))
    marks = np.zeros(size, dtype=bool)
    marks[values] = True
    there = np.flatnonzero(marks)
    place = np.zeros(size, dtype=np.uint32)
    place[there] = np.arange(there.size, dtype=np.uint32)
    return pl.Series(codes.name, there), pl.Series("position", place[values])


def distinct(items: Iterable[Hashable]) -> tuple[list[Any], pl.Series]:
    """Give the different ones of some items in the order in which they occur first, and for each item its position."""
    known: dict[Hashable, int] = {}
    places = [known.setdefault(one, len(known)) for one in items]
    return [*known], pl.Series("position", places, dtype=pl.UInt32)


def same(left: pl.Series, right: pl.Series) -> bool:
    """Say whether two columns without nulls are equal as they lie."""
    return (
        left.len() == right.len()
        and not left.null_count()
        and not right.null_count()
        and bool((left == right).all())
    )


def alone(keys: pl.Series) -> bool:
    """Say whether no key occurs twice; sorting takes a tenth of the memory of a hash table."""
    ordered = np.sort(keys.drop_nulls().to_numpy())
    return not bool((ordered[1:] == ordered[:-1]).any())


def ascending(places: pl.Series, *, strictly: bool = False) -> bool:
    """Say whether positions lie in order."""
    values: NDArray[np.uint64] = places.to_numpy()
    below = values[1:] <= values[:-1] if strictly else values[1:] < values[:-1]
    return not bool(below.any())


def gathered(values: pl.Series, places: pl.Series) -> pl.Series:
    """Give the values at some places; where these are all of them in order, as they lie."""
    if places.len() == values.len() and ascending(places, strictly=True):
        return values
    return values.gather(places)


def pair_key() -> pl.Expr:
    """Put the positions of a victim and an offender into one number."""
    return (pl.col("victim").cast(pl.UInt64) * 2**32 + pl.col("offender")).alias("pair")
