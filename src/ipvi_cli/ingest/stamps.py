"""Dates and times as extracts write them; the day/month order is decided per column, never per row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

SERIAL: Final = "excel"
"""Declared format of a spreadsheet's day number (43586)."""

_NUMERIC = r"^(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})$"
_SHORT_FIRST = r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}\b"
_CLOCK = (
    r"(?i)^(?:(.*?)[T ,]+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_NAMED: Final = (
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%Y %b %d",
    "%b %d %Y",
    "%d%b%Y",
    "%Y%m%d",
)
_EPOCH_1900 = date(1899, 12, 30)
_EARLIEST_YEAR = 1800


@dataclass(frozen=True)
class StampPlan:
    """How the cells of one column are read, decided over all its values.

    Attributes:
        formats: Declared formats, tried in order.
        day_first: Whether 03/04 is the third of April; ``None`` leaves such cells unread.
        hours: Whether bare numbers of a time column are whole hours, not hours and minutes.
        zone: Zone to which stamps with an offset are converted.
        pivot: Largest two-digit year of this century (POSIX strptime has 68); births lie before the extract.
    """

    formats: tuple[str, ...] = ()
    day_first: bool | None = None
    hours: bool = False
    zone: str | None = None
    pivot: int = 68


def order_evidence(column: str) -> list[pl.Expr]:
    """Aggregates that decide the day/month order and the kind of bare times of a column.

    Args:
        column: Source column, as text.

    Returns:
        Expressions ``<column>|first``, ``|second`` (largest leading numbers of short dates), ``|slashed`` (how many
        there are) and ``|digits`` (longest bare number).
    """
    cell = pl.col(column)
    first = cell.str.extract(_SHORT_FIRST, 1).cast(pl.Int32)
    second = cell.str.extract(_SHORT_FIRST, 2).cast(pl.Int32)
    bare = cell.str.extract(r"^\s*(\d{1,4})\s*$", 1)
    return [
        first.max().alias(f"{column}|first"),
        second.max().alias(f"{column}|second"),
        first.count().alias(f"{column}|slashed"),
        bare.str.len_chars().max().alias(f"{column}|digits"),
    ]


def decide_order(first: int | None, second: int | None) -> tuple[bool | None, bool]:
    """Decide the day/month order from the largest leading numbers of a column's short dates.

    Args:
        first: Largest first number.
        second: Largest second number.

    Returns:
        Whether the day comes first (``None``: undecided), and whether both orders occur.
    """
    day_first, month_first = (first or 0) > 12, (second or 0) > 12
    if day_first and month_first:
        return None, True
    return (day_first if day_first or month_first else None), False


def read_stamps(cells: pl.Series, plan: StampPlan) -> pl.DataFrame:
    """Read dates and times of day from text; what cannot be read is null.

    Args:
        cells: Text cells.
        plan: How the column is read.

    Returns:
        Columns ``date`` and ``time`` (null where the cell states no time), aligned with ``cells``.
    """
    distinct = cells.drop_nulls().unique()
    if distinct.len() * 2 > cells.len():
        return _read(cells, plan)
    read = _read(distinct, plan).with_columns(distinct.alias("cell"))
    joined = cells.alias("cell").to_frame().join(read, on="cell", how="left", maintain_order="left")
    return joined.select("date", "time")


def _read(cells: pl.Series, plan: StampPlan) -> pl.DataFrame:
    text = cells.str.strip_chars().str.replace_all(r"\s+", " ").alias("text")
    date_part, time_part = _declared(text, plan)
    open_ = text.is_not_null() & date_part.is_null()
    if open_.any():
        late_date, late_time = _split(text.filter(open_), plan)
        where = open_.arg_true()
        date_part = date_part.scatter(where, late_date)
        time_part = time_part.scatter(where, late_time)
    return pl.DataFrame({"date": date_part, "time": time_part})


def _declared(text: pl.Series, plan: StampPlan) -> tuple[pl.Series, pl.Series]:
    dates, times = _nothing(pl.Date(), text.len()), _nothing(pl.Time(), text.len())
    for form in plan.formats:
        open_ = text.is_not_null() & dates.is_null()
        if not open_.any():
            break
        left = text if open_.all() else text.filter(open_)
        if form == SERIAL:
            read_date, read_time = _serials(left)
        else:
            stamp = left.str.strptime(pl.Datetime("us"), form, strict=False)
            # chrono's %Y reads "19" as the year 19: such a cell is not of this format.
            stamp = stamp.set(stamp.dt.year() < _EARLIEST_YEAR, None)
            read_date = stamp.dt.date()
            timed = "%H" in form or "%I" in form or "%T" in form
            read_time = stamp.dt.time() if timed else _nothing(pl.Time(), left.len())
        if open_.all():
            dates, times = read_date, read_time
        else:
            where = open_.arg_true()
            dates = dates.scatter(where, read_date)
            times = times.scatter(where, read_time)
    return dates, times


def _nothing(dtype: pl.DataType, length: int) -> pl.Series:
    return pl.repeat(None, length, dtype=dtype, eager=True)


def _split(text: pl.Series, plan: StampPlan) -> tuple[pl.Series, pl.Series]:
    """Read cells that no declared format fits: ISO, named months, numeric dates in the decided order."""
    frame = text.to_frame("text").with_columns(
        pl.col("text").str.extract_groups(_CLOCK).alias("parts")
    )
    part = pl.col("parts").struct.field
    hour, minute = part("2").cast(pl.Int32, strict=False), part("3").cast(pl.Int32, strict=False)
    second = part("4").cast(pl.Int32, strict=False).fill_null(0)
    half = part("5").str.to_lowercase().str.slice(0, 1)
    on_24 = (
        pl.when(half.is_null())
        .then(hour)
        .when(~hour.is_between(1, 12))
        .then(None)
        .when(half == "p")
        .then(hour % 12 + 12)
        .otherwise(hour % 12)
    )
    frame = frame.with_columns(
        on_24.alias("hour"), minute.alias("minute"), second.alias("second"), part("6").alias("off"),
        pl.when(part("2").is_null()).then(pl.col("text")).otherwise(part("1")).alias("day"),
    )  # fmt: skip
    valid = (pl.col("hour") < 24) & (pl.col("minute") < 60) & (pl.col("second") < 60)
    frame = frame.with_columns(
        pl.when(valid)
        .then(pl.time(pl.col("hour") % 24, pl.col("minute") % 60, pl.col("second") % 60))
        .alias("time")
    )
    days = frame["day"].str.strip_chars(" ,")
    frame = frame.with_columns(_days(days, plan).alias("date"))
    if plan.zone is not None and frame["off"].is_not_null().any():
        frame = _to_zone(frame, plan.zone)
    return frame["date"], frame["time"]


def _days(days: pl.Series, plan: StampPlan) -> pl.Series:
    parts = days.to_frame("day").select(
        pl.col("day").str.extract_groups(_NUMERIC).alias("p")
    )["p"].struct.unnest()  # fmt: skip
    a, b, c = (
        parts.to_series(i).cast(pl.Int32, strict=False).alias(n) for i, n in enumerate("abc")
    )
    frame = pl.DataFrame([a, b, c]).with_columns(parts.to_series(0).str.len_chars().alias("wide"))
    first, second, third = pl.col("a"), pl.col("b"), pl.col("c")
    year = (
        pl.when(third >= 100)
        .then(third)
        .when(third > plan.pivot)
        .then(third + 1900)
        .otherwise(third + 2000)
    )
    order = {True: pl.lit(True), False: pl.lit(False), None: pl.lit(None, pl.Boolean)}[
        plan.day_first
    ]
    sure = pl.when(first > 12).then(True).when((second > 12) | (first == second)).then(False)
    day_first = pl.coalesce(order, sure)
    month = pl.when(day_first).then(second).when(~day_first).then(first)
    day = pl.when(day_first).then(first).when(~day_first).then(second)
    iso = pl.col("wide") == 4
    read = frame.select(
        _calendar(
            pl.when(iso).then(first).otherwise(year),
            pl.when(iso).then(second).otherwise(month),
            pl.when(iso).then(third).otherwise(day),
        )
    ).to_series()
    for form in (*plan.formats, *_NAMED):
        open_ = days.is_not_null() & read.is_null() & (days != "")
        if not open_.any():
            break
        if form != SERIAL:
            late = days.filter(open_).str.strptime(pl.Date, form, strict=False)
            late = late.set(late.dt.year() < _EARLIEST_YEAR, None)
            read = read.scatter(open_.arg_true(), late)
    return read


def _calendar(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A date of its parts, null where the calendar has none."""
    text = pl.concat_str(
        year.cast(pl.String).str.zfill(4), month.cast(pl.String).str.zfill(2),
        day.cast(pl.String).str.zfill(2), separator="-",
    )  # fmt: skip
    read = text.str.strptime(pl.Date, "%Y-%m-%d", strict=False)
    return pl.when(read.dt.year() >= _EARLIEST_YEAR).then(read)


def _to_zone(frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    sign = pl.when(pl.col("off").str.starts_with("-")).then(-1).otherwise(1)
    digits = pl.col("off").str.replace_all(r"\D", "")
    minutes = sign * (
        digits.str.slice(0, 2).cast(pl.Int64, strict=False).fill_null(0) * 60
        + digits.str.slice(2, 2).cast(pl.Int64, strict=False).fill_null(0)
    )
    local = (
        (pl.col("date").dt.combine(pl.col("time")) - pl.duration(minutes=minutes))
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone(zone)
        .dt.replace_time_zone(None)
    )
    shifted = pl.col("off").is_not_null() & pl.col("time").is_not_null()
    return frame.with_columns(
        pl.when(shifted).then(local.dt.date()).otherwise("date").alias("date"),
        pl.when(shifted).then(local.dt.time()).otherwise("time").alias("time"),
    )


def _serials(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    number = text.cast(pl.Float64, strict=False)
    days = number.floor()
    frame = pl.DataFrame({"days": days, "rest": number - days}).select(
        (pl.lit(_EPOCH_1900) + pl.duration(days=pl.col("days").cast(pl.Int64))).alias("date"),
        (pl.col("rest") * 86_400_000_000_000).round().cast(pl.Int64).cast(pl.Time).alias("time"),
        (pl.col("rest") > 0).alias("timed"),
    )
    return frame["date"], frame.select(pl.when("timed").then("time")).to_series()


def read_times(cells: pl.Series, plan: StampPlan) -> pl.Series:
    """Read times of day, also bare numbers (``100`` is 01:00, ``19`` an hour where the column holds hours).

    Args:
        cells: Text cells.
        plan: How the column is read.

    Returns:
        Times, null where none can be read.
    """
    bare = cells.str.strip_chars().str.extract(r"^(\d{1,4})(?:\.0+)?$", 1).cast(pl.Int32)
    number = bare * 100 if plan.hours else bare
    clock = number.to_frame("n").select(
        pl.when((pl.col("n") // 100 < 24) & (pl.col("n") % 100 < 60)).then(
            pl.time((pl.col("n") // 100) % 24, (pl.col("n") % 100) % 60)
        )
    ).to_series()  # fmt: skip
    open_ = cells.is_not_null() & bare.is_null()
    if not open_.any():
        return clock
    stamps = read_stamps(cells.filter(open_), plan)["time"]
    return clock.scatter(open_.arg_true(), stamps)
