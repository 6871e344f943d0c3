"""Incidents by month, agency and district with what is counted in them: one pass for rules on volumes and shares."""

from __future__ import annotations

from collections.abc import Sequence
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


def places_of(scope: Scope) -> pl.Series:
    """Give the key of the cell in the cube of each incident, in their order."""
    opened = scope.opened
    if opened is None:
        return pl.Series("place", dtype=pl.UInt64)
    with_month = opened.with_columns(_month.alias("month"))
    return with_month.select(_place().alias("place")).collect(engine="streaming").to_series()


def _sorted_places(scope: Scope) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Give the key of each incident, ascending, and beside it the key of its cell in the cube."""
    opened = scope.opened
    if opened is None:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    keys = opened.select(KEY).collect(engine="streaming").to_series().to_numpy()
    order = np.argsort(keys)
    return keys[order], scope.once(places_of).to_numpy()[order]


def count_by_cell(scope: Scope, table: str, marks: Sequence[pl.Expr]) -> pl.DataFrame:
    """Count the incidents of each cell of the cube, in its order, that have a marked row.

    Args:
        scope: The delivery.
        table: Table, or ``pairs``, whose rows are marked; of the incidents the first rows alone.
        marks: Conditions that are true for a marked row, 16 at most.

    Returns:
        A column for each mark, ``0``, ``1``, ....
    """
    rows = scope.opened if table == "incident" else scope.table(table)
    if rows is None or scope.opened is None:
        return pl.DataFrame(schema={str(bit): pl.Int64 for bit in range(len(marks))})
    # One bit for each mark, so that the rows of a table are looked up once.
    bits = pl.sum_horizontal(
        mark.cast(pl.UInt16) * (1 << bit) for bit, mark in enumerate(marks)
    ).alias("bits")
    if table == "incident" or scope.lies_alike(table):
        marked = rows.select(bits).collect(engine="streaming")
        marked = marked.with_columns(scope.once(places_of)).filter(pl.col("bits") > 0)
    else:
        keyed = scope.keyed(table).select(KEY, bits).filter(pl.col("bits") > 0).drop_nulls()
        marked = _placed(scope, keyed.collect(engine="streaming"))
    # The streaming engine groups a million rows in a fifth of the time that the other takes.
    counts = (
        marked.lazy()
        .group_by("place")
        .agg(
            ((pl.col("bits") & (1 << bit)) != 0).sum().cast(pl.Int64).alias(str(bit))
            for bit in range(len(marks))
        )
        .collect(engine="streaming")
    )
    own = scope.once(cube).select(_place().alias("place"))
    return own.join(counts, on="place", how="left", maintain_order="left").select(
        pl.col(str(bit)).fill_null(0) for bit in range(len(marks))
    )


def _placed(scope: Scope, marked: pl.DataFrame) -> pl.DataFrame:
    """Bring the marks of each incident together and say in which cell it is; incidents that are not there are lost."""
    incidents, places = scope.once(_sorted_places)
    keys, bits = marked[KEY].to_numpy(), marked["bits"].to_numpy()
    if not incidents.size or not keys.size:
        return pl.DataFrame(schema={"place": pl.UInt64, "bits": pl.UInt16})
    order = np.argsort(keys)
    keys, bits = keys[order], bits[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    keys, bits = keys[starts], np.bitwise_or.reduceat(bits, starts)
    at = np.searchsorted(incidents, keys)
    at[at == incidents.size] = 0
    there = incidents[at] == keys
    return pl.DataFrame({"place": places[at[there]], "bits": bits[there]})
