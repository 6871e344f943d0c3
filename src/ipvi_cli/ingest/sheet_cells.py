"""What the kinds of cells in a sheet tell: errors, numbers kept as text, digits and zeros that are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from ipvi_cli.ingest.raw import SOURCE_ROW, Note

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
_DAY_NUMBER = r"^[1-7][0-9]{4}(\.[0-9]+)?$"
_EPOCH = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
_DIGITS = r"^[0-9]+$"
_KEPT = 15
_LONG_ID = 5


def mixed_columns(frame: pl.DataFrame) -> list[str]:
    """Name the columns of which it matters whether a cell is a number or text.

    Args:
        frame: Rows of a sheet, every column as text.

    Returns:
        Names of the columns of which at least half of the filled cells look like a number, or at least half are dates
        and some are numbers.
    """
    numbers = frame.select(pl.all().str.contains(_NUMBER).mean()).row(0)
    dates = frame.select(pl.all().str.contains(_DATE).mean()).row(0)
    return [
        name
        for name, number, day in zip(frame.columns, numbers, dates, strict=True)
        if number and (number >= 0.5 or (day or 0) >= 0.5)
    ]


def read_day_numbers(
    text: pl.DataFrame, numeric: pl.DataFrame, names: dict[str, str], *, date_1904: bool
) -> tuple[pl.DataFrame, list[Note]]:
    """Write day numbers as dates in columns of which at least half of the filled cells are dates.

    A cell in such a column that is a number and not text is a date whose format was lost. Only numbers of five digits
    are taken (1927 to 2119), which are neither a year nor a date written without separators.

    Args:
        text: ``source_row`` and the columns as text.
        numeric: Whether each cell is a number rather than text, some of the columns, same rows.
        names: Name of each column in messages.
        date_1904: Whether days count from 1904.

    Returns:
        The columns with dates like ``2019-05-01 00:00:00``, and a note for each column concerned.
    """
    notes = []
    for column in numeric.columns:
        cells = text[column]
        dates = cells.str.contains(_DATE).mean()
        which = numeric[column] & cells.str.contains(_DAY_NUMBER)
        if not isinstance(dates, float) or dates < 0.5 or not which.any():
            continue
        seconds = cells.filter(which).cast(pl.Float64) * 86_400
        days = seconds.round().cast(pl.Int64).alias("s").to_frame()
        stamp = pl.lit(_EPOCH[date_1904]).cast(pl.Datetime("us")) + pl.duration(seconds="s")
        read = days.select(stamp.dt.to_string("%Y-%m-%d %H:%M:%S")).to_series()
        text = text.with_columns(cells.scatter(which.arg_true(), read))
        first = text[SOURCE_ROW].filter(which)[0]
        said = f"{read.len()} cells hold a day number without a date format and were read as dates"
        notes.append(Note("IPVI-128", said, names[column], first))
    return text, notes


def number_notes(
    text: pl.DataFrame, numeric: pl.DataFrame, names: dict[str, str]
) -> Iterator[Note]:
    """Tell what is noticed of columns of numbers.

    Zeros are taken to be lost where a column keeps its identifiers as text of one length, with leading zeros or of at
    least five digits, and holds numbers that are shorter.

    Args:
        text: ``source_row`` and the columns as text.
        numeric: Whether each cell is a number rather than text, some of the columns, same rows.
        names: Name of each column in messages.

    Yields:
        Notes, column by column.
    """
    for column in numeric.columns:
        name = names[column]
        cells = pl.DataFrame(
            {SOURCE_ROW: text[SOURCE_ROW], "text": text[column], "numeric": numeric[column]}
        ).filter(pl.col("text").str.contains(_NUMBER))
        cells = cells.with_columns(pl.col("text").str.len_bytes().alias("length"))
        yield from _zeros(cells.filter(pl.col("text").str.contains(_DIGITS)), name)
        numbers, texts = cells.filter("numeric"), cells.filter(~pl.col("numeric"))
        if numbers.height and texts.height:
            said = f"{texts.height} cells hold a number as text, {numbers.height} as a number"
            yield Note("IPVI-124", said, name, texts[SOURCE_ROW][0])
        long = numbers.filter(pl.col("text").str.contains(rf"^-?[0-9]{{{_KEPT + 1},}}$"))
        if long.height:
            said = (
                f"{long.height} numbers have more than {_KEPT} digits, of which Excel keeps {_KEPT}"
            )
            yield Note("IPVI-127", said, name, long[SOURCE_ROW][0])


def _zeros(cells: pl.DataFrame, name: str) -> Iterator[Note]:
    texts = cells.filter(~pl.col("numeric"))
    lengths = texts["length"].unique().to_list()
    if len(lengths) != 1:
        return
    marked = texts["text"].str.starts_with("0").any() or lengths[0] >= _LONG_ID
    short = cells.filter(pl.col("numeric") & (pl.col("length") < lengths[0]))
    if marked and lengths[0] > 1 and short.height:
        said = f"{short.height} numbers are shorter than the {lengths[0]} digits of the cells kept as text"
        yield Note("IPVI-123", said, name, short[SOURCE_ROW][0])


def error_notes(
    cells: Iterable[tuple[int, int]], kept: dict[int, str], first_row: int
) -> Iterator[Note]:
    """Tell of cells that hold a formula error, column by column.

    Args:
        cells: Row and column of each, from 0.
        kept: Name of each column that is kept, by its place.
        first_row: Index of the first row under the header.

    Yields:
        Notes in the order of the columns.
    """
    found = sorted((column, row) for row, column in cells if row >= first_row and column in kept)
    counts = Counter(column for column, _ in found)
    for column, count in counts.items():
        first = next(row for at, row in found if at == column)
        said = f"{count} cells hold a formula error and are read as empty"
        yield Note("IPVI-121", said, kept[column], first + 1)
