"""Counts by whole month, and the terms of a model of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from ipvi_cli.model.errors import InputError

LEAST_MONTHS: Final = 12
"""Fewest whole months on each side of the start."""

LEAST_MEAN: Final = 5
"""Fewest events in a month, on average, with which a series is modelled."""

LONG: Final = 48
"""Months from which on each month of the year has a term of its own; below, two pairs of harmonics stand for them."""

_EDGE: Final = 3
"""Fewest months before and after a known change with which it is told apart."""


@dataclass(frozen=True)
class Terms:
    """The terms of one series.

    Attributes:
        months: First day of each month that is modelled.
        names: Names of the terms.
        values: One row for each month, one column for each term.
        after: Whether each month is after the start.
    """

    months: list[date]
    names: tuple[str, ...]
    values: Any
    after: Any


def whole_months(since: date, until: date) -> pl.Series:
    """Give the first days of the months that lie wholly within a period."""
    first = since if since.day == 1 else _next(since)
    beyond = _next(until)
    last = _previous(beyond) if (beyond - until).days == 1 else _previous(_previous(beyond))
    if last < first:
        return pl.Series("month", [], dtype=pl.Date)
    return pl.date_range(first, last, "1mo", eager=True).alias("month")


def _next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _previous(day: date) -> date:
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def monthly(days: pl.Series, months: pl.Series) -> pl.DataFrame:
    """Count days by month, months without any included.

    Args:
        days: Day of each event.
        months: First days of the months to count in.

    Returns:
        ``month`` and ``count``.
    """
    counts = (
        days.drop_nulls()
        .dt.truncate("1mo")
        .alias("month")
        .to_frame()
        .group_by("month")
        .len("count")
    )
    return (
        months.to_frame("month")
        .join(counts, on="month", how="left", maintain_order="left")
        .with_columns(pl.col("count").fill_null(0).cast(pl.Int64))
    )


def without_start(series: pl.DataFrame, start: date) -> pl.DataFrame:
    """Leave out the month in which the start falls, unless on its first day: it is neither before nor after."""
    if start.day == 1:
        return series
    return series.filter(pl.col("month") != start.replace(day=1))


def terms(months: Sequence[date], start: date, changes: Sequence[date] = ()) -> Terms:
    """Write down the terms: level, slope, step, slope change, season, and known changes as steps.

    Args:
        months: Months that are modelled, in order.
        start: When the intervention began.
        changes: Days of known changes of recording.

    Returns:
        The terms; ``slope`` and ``slope_change`` are per month, the latter from the first month after the start on.
    """
    import numpy as np

    first = months[0]
    place = np.array([(m.year - first.year) * 12 + m.month - first.month for m in months], float)
    after = np.array([m >= start for m in months])
    since = np.where(after, place - place[after].min(), 0.0) if after.any() else place * 0
    columns: dict[str, Any] = {
        "level": np.ones(len(months)),
        "slope": (place - place.mean()) / 12,
        "step": after.astype(float),
        "slope_change": since,
    }
    of_year = np.array([m.month for m in months])
    if len(months) >= LONG:
        for month in range(2, 13):
            columns[f"month {month}"] = (of_year == month).astype(float)
    else:
        for cycle in (1, 2):
            angle = 2 * np.pi * cycle * of_year / 12
            columns[f"season sin {cycle}"] = np.sin(angle)
            columns[f"season cos {cycle}"] = np.cos(angle)
    for day in told_apart(months, start, changes)[0]:
        columns[f"change {day}"] = np.array([m >= day for m in months], float)
    return Terms(list(months), tuple(columns), np.column_stack(list(columns.values())), after)


def told_apart(
    months: Sequence[date], start: date, changes: Sequence[date]
) -> tuple[list[date], list[date]]:
    """Split known changes into those that have months enough on each side, away from the start, and the others.

    Returns:
        Changes that become terms, and changes within the series or at its start that cannot.
    """
    used: list[date] = []
    unusable: list[date] = []
    for day in sorted(set(changes)):
        if day <= months[0] or day > months[-1]:
            continue
        before = sum(m < day for m in months)
        near = sum(min(day, start) <= m < max(day, start) for m in months) < _EDGE
        enough = min(before, len(months) - before) >= _EDGE
        (used if enough and not near else unusable).append(day)
    return used, unusable


def parse_series(content: bytes, where: str) -> pl.DataFrame:
    """Read a comparison series: CSV with ``month`` (as ``2018-01``) and ``count``.

    Args:
        content: The file.
        where: Its name, for messages.

    Returns:
        ``month`` (first day) and ``count``, by month.

    Raises:
        InputError: It holds something else.
    """
    mend = "Write month (as 2018-01) and count, one line for each month."
    try:
        frame = pl.read_csv(content, infer_schema=False, truncate_ragged_lines=True)
    except Exception:
        raise InputError("cannot be read as CSV.", where=where, mend=mend) from None
    missing = sorted({"month", "count"} - set(frame.columns))
    if missing:
        raise InputError(f"lacks the column {missing[0]}.", where=where, mend=mend)
    made = frame.select(
        (pl.col("month") + "-01").str.to_date("%Y-%m-%d", strict=False).alias("month"),
        pl.col("count").cast(pl.Int64, strict=False),
    ).with_row_index("line", offset=2)
    bad = made.filter(pl.any_horizontal(pl.all().is_null()) | (pl.col("count") < 0))
    if bad.height:
        line = bad["line"][0]
        raise InputError(f"line {line} holds no month or no count.", where=where, mend=mend)
    if made["month"].is_duplicated().any():
        raise InputError("holds a month twice.", where=where, mend=mend)
    return made.drop("line").sort("month")
