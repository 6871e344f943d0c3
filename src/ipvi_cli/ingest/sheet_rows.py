"""Which rows of a sheet are records, and which are titles, blank lines, repeated headers and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.ingest.raw import FOOTER, SOURCE_ROW, Note
from ipvi_cli.ingest.sheet_header import Header

_LAST: Final = 60
_TOTAL: Final = re.compile(r"\s*(grand |sub)?totals?\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]{2}")
_WIDE_TABLE: Final = 4
"""Columns from which a row of a label and a figure cannot be a record."""


@dataclass(frozen=True)
class Body:
    """The records of a sheet, and how many other rows there are.

    Attributes:
        rows: ``source_row`` and the columns of the sheet; records only.
        skipped: Rows that are neither records nor header.
        notes: What was noticed about the rows that were skipped.
    """

    rows: pl.DataFrame
    skipped: int
    notes: tuple[Note, ...]


def blank() -> pl.Expr:
    """Whether no cell of a row holds anything but blanks."""
    return ~pl.any_horizontal(pl.exclude(SOURCE_ROW).str.contains(r"\S").fill_null(value=False))


def find_records(frame: pl.DataFrame, header: Header) -> Body:
    """Tell the records of a sheet from its other rows.

    A footer is read from the bottom up: rows that start with the words of a note, a sentence by itself under a blank
    row, and a lone total under a table of at least four columns. A total with figures in three or more cells is a
    record, because tables of counts are made of such rows.

    Args:
        frame: The sheet's columns as text, its first row at index 0.
        header: Where its header is.

    Returns:
        The records under the numbers of their rows, from 1.
    """
    numbered = frame.with_row_index(SOURCE_ROW, offset=1).cast({SOURCE_ROW: pl.Int64})
    first = header.row if header.group_row is None else header.group_row
    above = numbered.head(max(first, 0)).filter(~blank()).height
    below = numbered.slice(header.row + 1)
    filled = below.filter(~blank())
    again = filled.filter(_equal(frame, header.row)) if header.row >= 0 else filled.clear()
    records = filled.join(again, on=SOURCE_ROW, how="anti") if again.height else filled
    footer = _footer(records)
    notes = [
        *_noted("IPVI-103", above, "lines above the header were skipped", 1),
        *_noted("IPVI-109", again.height, "lines repeat the header and were skipped", again),
        *_noted("IPVI-104", footer, "lines below the last record were skipped", records),
    ]
    kept = records.head(records.height - footer)
    return Body(kept, max(first, 0) + below.height - kept.height, tuple(notes))


def _noted(code: str, count: int, words: str, first: int | pl.DataFrame) -> Iterator[Note]:
    if count:
        row = first if isinstance(first, int) else int(first[SOURCE_ROW][-count])
        yield Note(code, f"{count} {words}", source_row=row)


def _equal(frame: pl.DataFrame, row: int) -> pl.Expr:
    cells = zip(frame.columns, frame.row(row), strict=True)
    return pl.all_horizontal(pl.col(name).eq_missing(pl.lit(cell)) for name, cell in cells)


def _footer(records: pl.DataFrame) -> int:
    """How many of the last rows are no records."""
    tail = records.tail(_LAST).rows()
    notes = 0
    for position in range(len(tail) - 1, -1, -1):
        number, *cells = tail[position]
        apart = position > 0 and number > tail[position - 1][0] + 1
        sentence = _is_sentence(cells)
        if _is_note(cells) or (sentence and apart):
            notes = len(tail) - position
        elif not sentence:
            break
    return notes


def _is_note(cells: list[str | None]) -> bool:
    filled = [cell for cell in cells if cell and cell.strip()]
    if len(filled) > 2 or len(cells) < 2:
        return False
    if _TOTAL.match(filled[0]):
        return len(cells) >= _WIDE_TABLE
    return FOOTER.match(filled[0]) is not None


def _is_sentence(cells: list[str | None]) -> bool:
    """Whether a row holds words in its first cell and nothing beside them."""
    first, *others = cells
    alone = bool(others) and not any(cell and cell.strip() for cell in others)
    return alone and len((first or "").split()) > 1 and _WORD.search(first or "") is not None
