"""Dates and times as extracts write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from ipvi_cli.ingest.stamp_plan import BARE, SERIAL, StampPlan, is_clock

_NUMERIC = r"^(\d{4}|\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{1,2})$"
_CLOCK = (
    r"(?i)^(?:(.*?)[T ,]+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_MILITARY = r"^(\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4})[ T](\d{2})(\d{2})$"
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
_ZONED = re.compile(r"%[:#]*[zZ+]")
_EPOCH_1900 = date(1899, 12, 30)
_SERIAL_NUMBER = r"^\d{1,7}(?:\.\d*)?$|^\.\d+$"
_SERIALS = (61, 2_958_465)
"""1 March 1900, before which spreadsheets count a day that never was, to 31 December 9999."""
_SECONDS = 86_400
_YEARS = (1800, 9999)


def read_stamps(cells: pl.Series, plan: StampPlan) -> pl.DataFrame:
    """Read dates and times of day from text; what cannot be read is null.

    Args:
        cells: Text cells.
        plan: How the column is read.

    Returns:
        Columns ``date``, ``time`` (null where the cell states no time) and ``clock`` (whether the cell states a time
        of day, legible or not), aligned with ``cells``.
    """
    distinct = cells.drop_nulls().unique()
    if distinct.len() * 2 > cells.len():
        return _read(cells, plan)
    read = _read(distinct, plan).with_columns(distinct.alias("cell"))
    joined = cells.alias("cell").to_frame().join(read, on="cell", how="left", maintain_order="left")
    return joined.select("date", "time", pl.col("clock").fill_null(False))


def read_times(cells: pl.Series, plan: StampPlan) -> pl.Series:
    """Read times of day, also bare numbers (``100`` is 01:00, ``19`` an hour where the column holds hours).

    Args:
        cells: Text cells.
        plan: How the column is read.

    Returns:
        Times, null where none can be read.
    """
    text = cells.str.strip_chars()
    bare = text.str.extract(BARE, 1).cast(pl.Int32)
    number = bare * 100 if plan.hours else bare
    times = number.to_frame("n").select(
        pl.when((pl.col("n") // 100 < 24) & (pl.col("n") % 100 < 60)).then(
            pl.time((pl.col("n") // 100) % 24, (pl.col("n") % 100) % 60)
        )
    ).to_series()  # fmt: skip
    for form in filter(is_clock, plan.formats):
        times = _fill(times, text, bare, partial(_clock_times, form=form))
    if SERIAL in plan.formats:
        times = _fill(times, text, bare, lambda left: _serials(left)[1])
    return _fill(times, text, bare, lambda left: read_stamps(left, plan)["time"])


def _clock_times(text: pl.Series, form: str) -> pl.Series:
    return text.str.strptime(pl.Time, form, strict=False)


def _fill(
    times: pl.Series, text: pl.Series, bare: pl.Series, read: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """Read what is still open; a bare number has been judged already."""
    open_ = text.is_not_null() & bare.is_null() & times.is_null()
    if not open_.any():
        return times
    return times.scatter(open_.arg_true(), read(text.filter(open_)))


def _read(cells: pl.Series, plan: StampPlan) -> pl.DataFrame:
    text = cells.str.strip_chars().str.replace_all(r"\s+", " ").alias("text")
    dates, times, clock = _declared(text, plan)
    open_ = text.is_not_null() & dates.is_null()
    if open_.any():
        where = open_.arg_true()
        late = _split(text.filter(open_), plan)
        dates, times, clock = (
            early.scatter(where, late[name])
            for early, name in ((dates, "date"), (times, "time"), (clock, "clock"))
        )
    return pl.DataFrame({"date": dates, "time": times, "clock": clock})


def _declared(text: pl.Series, plan: StampPlan) -> tuple[pl.Series, pl.Series, pl.Series]:
    dates, times = _nothing(pl.Date(), text.len()), _nothing(pl.Time(), text.len())
    clock = pl.repeat(False, text.len(), dtype=pl.Boolean, eager=True)
    for form in plan.formats:
        # A time alone is no date, and stamps with an offset are read with it, whatever their format.
        if is_clock(form) or _ZONED.search(form):
            continue
        open_ = text.is_not_null() & dates.is_null()
        if not open_.any():
            break
        left = text if open_.all() else text.filter(open_)
        if form == SERIAL:
            read_date, read_time = _serials(left)
        else:
            stamp = _strptime(left, form, plan.pivot)
            read_date = stamp.dt.date()
            timed = any(code in form for code in ("%H", "%I", "%T", "%R"))
            read_time = stamp.dt.time() if timed else _nothing(pl.Time(), left.len())
        if open_.all():
            dates, times, clock = read_date, read_time, read_time.is_not_null()
        else:
            where = open_.arg_true()
            dates = dates.scatter(where, read_date)
            times = times.scatter(where, read_time)
            clock = clock.scatter(where, read_time.is_not_null())
    return dates, times, clock


def _strptime(text: pl.Series, form: str, pivot: int) -> pl.Series:
    stamp = text.str.strptime(pl.Datetime("us"), form, strict=False).alias("s")
    # %Y reads "19" as the year 19: such a cell is not of this format.
    sound: pl.Expr = pl.when(pl.col("s").dt.year().is_between(*_YEARS)).then("s")
    if "%y" in form:
        late = pl.col("s").dt.year() > 2000 + pivot
        sound = pl.when(late).then(pl.col("s").dt.offset_by("-100y")).otherwise(sound)
    return stamp.to_frame().select(sound).to_series()


def _nothing(dtype: pl.DataType, length: int) -> pl.Series:
    return pl.repeat(None, length, dtype=dtype, eager=True)


def _split(text: pl.Series, plan: StampPlan) -> pl.DataFrame:
    """Read cells that no declared format fits: ISO, named months, numeric dates in the decided order."""
    spaced = pl.col("text").str.replace(_MILITARY, "$1 $2:$3")
    frame = text.to_frame("text").select(spaced, spaced.str.extract_groups(_CLOCK).alias("parts"))
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
        part("2").is_not_null().alias("clock"),
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
    return frame.select("date", "time", "clock")


def _days(days: pl.Series, plan: StampPlan) -> pl.Series:
    read = _numeric(days, plan)
    dated = [form for form in plan.formats if form != SERIAL and not is_clock(form)]
    for form in (*dated, *_NAMED):
        open_ = days.is_not_null() & read.is_null() & (days != "")
        if not open_.any():
            break
        late = _strptime(days.filter(open_), form, plan.pivot).dt.date()
        read = read.scatter(open_.arg_true(), late)
    return read


def _numeric(days: pl.Series, plan: StampPlan) -> pl.Series:
    parts = days.to_frame("day").select(
        pl.col("day").str.extract_groups(_NUMERIC).alias("p")
    )["p"].struct.unnest()  # fmt: skip
    numbers = [
        parts.to_series(i).cast(pl.Int32, strict=False).alias(n) for i, n in enumerate("abc")
    ]
    wide = [parts.to_series(i).str.len_chars().alias(n) for i, n in ((0, "wide"), (2, "width"))]
    first, second, third = pl.col("a"), pl.col("b"), pl.col("c")
    year = (
        pl.when(pl.col("width") == 4)
        .then(third)
        .when(pl.col("width") == 2)
        .then(pl.when(third > plan.pivot).then(third + 1900).otherwise(third + 2000))
    )
    sure = pl.when(first > 12).then(True).when((second > 12) | (first == second)).then(False)
    day_first = pl.coalesce(pl.lit(plan.day_first, pl.Boolean), sure)
    month = pl.when(day_first).then(second).when(~day_first).then(first)
    day = pl.when(day_first).then(first).when(~day_first).then(second)
    iso = pl.col("wide") == 4
    short = pl.col("width") <= 2
    return (
        pl.DataFrame([*numbers, *wide])
        .select(
            _calendar(
                pl.when(iso & short).then(first).when(~iso).then(year),
                pl.when(iso).then(second).otherwise(month),
                pl.when(iso).then(third).otherwise(day),
            )
        )
        .to_series()
    )


def _calendar(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A date of its parts, null where the calendar has none."""
    text = pl.concat_str(
        year.cast(pl.String).str.zfill(4), month.cast(pl.String).str.zfill(2),
        day.cast(pl.String).str.zfill(2), separator="-",
    )  # fmt: skip
    read = text.str.strptime(pl.Date, "%Y-%m-%d", strict=False)
    return pl.when(read.dt.year() >= _YEARS[0]).then(read)


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
    shifted = (
        pl.col("off").is_not_null() & pl.col("date").is_not_null() & pl.col("time").is_not_null()
    )
    return frame.with_columns(
        pl.when(shifted).then(local.dt.date()).otherwise("date").alias("date"),
        pl.when(shifted).then(local.dt.time()).otherwise("time").alias("time"),
    )


def _serials(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read day numbers; below the first sound one only the time of day is read."""
    number = pl.when(pl.col("t").str.contains(_SERIAL_NUMBER)).then(
        pl.col("t").cast(pl.Float64, strict=False)
    )
    seconds = (number * _SECONDS).round().cast(pl.Int64)
    days, rest = seconds // _SECONDS, seconds % _SECONDS
    frame = text.to_frame("t").select(
        pl.when(days.is_between(*_SERIALS))
        .then(pl.lit(_EPOCH_1900) + pl.duration(days=days))
        .alias("date"),
        pl.when(rest > 0).then((rest * 1_000_000_000).cast(pl.Time)).alias("time"),
    )
    return frame["date"], frame["time"]
