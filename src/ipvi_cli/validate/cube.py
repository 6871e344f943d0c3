"""Incidents by month, agency and district with what is counted in them: one pass for rules on volumes and shares."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ipvi_cli.validate.keys import KEY
from ipvi_cli.validate.scope import Scope

DIMENSIONS: Final = ("month", "agency", "district")
"""``month`` counts from January of year 0, so that neighbours differ by one."""

LATE_DAYS: Final = 30
"""Days after the occurrence from which a report is late."""

_day = pl.col("occurred_on")
_time = pl.col("occurred_time")
_month = (_day.dt.year() * 12 + _day.dt.month() - 1).cast(pl.Int32)
_lag = pl.col("reported_on") - _day


def cube(scope: Scope) -> pl.DataFrame:
    """Count the incidents by month of occurrence, agency and district.

    Args:
        scope: The delivery.

    Returns:
        One row for each cell, sorted: ``month``, ``agency``, ``district``, ``incidents`` and the numbers of them that
        are dated, timed, at 00:00, on the first of a month, on 1 January, ... ; empty without incidents.
    """
    opened = scope.opened
    if opened is None:
        return pl.DataFrame(schema=dict.fromkeys(DIMENSIONS, pl.String) | {"incidents": pl.UInt32})
    return (
        opened.group_by(_month.alias("month"), "agency", "district")
        .agg(
            pl.len().alias("incidents"),
            _day.count().alias("dated"),
            _day.min().alias("first"),
            _day.max().alias("last"),
            (_day.dt.day() == 1).sum().alias("on_first"),
            (_day.dt.ordinal_day() == 1).sum().alias("on_new_year"),
            _time.count().alias("timed"),
            (_time == pl.time(0, 0)).sum().alias("at_midnight"),
            _lag.count().alias("lags"),
            (_lag > pl.duration(days=LATE_DAYS)).sum().alias("late"),
            (_lag == pl.duration(days=0)).sum().alias("same_day"),
            pl.col("dv_flag").count().alias("flags"),
            pl.col("dv_flag").sum().alias("flagged"),
        )
        .collect(engine="streaming")
        .sort(DIMENSIONS)
    )


def total(scope: Scope, column: str) -> int:
    """Add up a count over all cells."""
    cells = scope.once(cube)
    return int(cells[column].sum()) if column in cells.columns else 0


def by_agency_month(scope: Scope) -> pl.DataFrame:
    """Count dated incidents by agency and month: ``agency``, ``month``, ``incidents``, ``last``."""
    cells = scope.once(cube)
    if "dated" not in cells.columns:
        return pl.DataFrame(
            schema={"agency": pl.String, "month": pl.Int32, "incidents": pl.Int64, "last": pl.Date}
        )
    return (
        cells.drop_nulls("month")
        .group_by("agency", "month")
        .agg(pl.col("incidents").sum().cast(pl.Int64), pl.col("last").max())
        .sort("agency", "month")
    )


def month_name(month: int) -> str:
    """Write a month as ``2019-03``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _place() -> pl.Expr:
    # Hashes of different seeds, put together bit by bit, stand for the cell: a join on three columns costs the triple.
    return pl.col("month").hash(1) ^ pl.col("agency").hash(2) ^ pl.col("district").hash(3)


def places_of(scope: Scope) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Give the key of each incident, ascending, and beside it the key of its cell in the cube."""
    opened = scope.opened
    if opened is None:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    with_month = opened.with_columns(_month.alias("month"))
    frame = with_month.select(KEY, _place().alias("place")).collect(engine="streaming")
    keys = frame[KEY].to_numpy()
    order = np.argsort(keys)
    return keys[order], frame["place"].to_numpy()[order]


def count_by_cell(
    scope: Scope, keys: NDArray[np.uint64], bits: NDArray[np.uint16], number: int
) -> list[NDArray[np.int64]]:
    """Count incidents in each cell of the cube, in its order, for each of several marks.

    Args:
        scope: The delivery.
        keys: Incident key of each marked row, in any order.
        bits: Marks of each row, one bit each.
        number: Number of marks.
    """
    height = scope.once(cube).height
    incidents, places = scope.once(places_of)
    if not incidents.size or not keys.size:
        return [np.zeros(height, np.int64)] * number
    order = np.argsort(keys)
    keys, bits = keys[order], bits[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    keys, bits = keys[starts], np.bitwise_or.reduceat(bits, starts)
    at = np.searchsorted(incidents, keys)
    at[at == incidents.size] = 0
    there = incidents[at] == keys
    bits, found = bits[there], places[at[there]]
    own = scope.once(cube).select(_place()).to_series().to_numpy()
    by_place = np.argsort(own)
    cells = by_place[np.searchsorted(own[by_place], found)]
    return [np.bincount(cells[(bits >> bit) & 1 == 1], minlength=height) for bit in range(number)]
