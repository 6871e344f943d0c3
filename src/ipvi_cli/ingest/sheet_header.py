"""The header of a sheet: one row, or a row under a row of merged group titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.ingest.raw import SOURCE_ROW, Note, column_names, find_header
from ipvi_cli.ingest.workbook_parts import Merge
from ipvi_cli.model.header_names import plain_header

SEARCHED: Final = 60
"""Rows among which the header is looked for."""

Row = list[str | None]


@dataclass(frozen=True)
class Header:
    """Where the header of a sheet is.

    Attributes:
        row: Index of its (lower) row; -1 when the sheet has none.
        cells: Names as read or put together.
        group_row: Index of the row of group titles, if the names were put together.
    """

    row: int
    cells: Row
    group_row: int | None = None


def choose_header(rows: list[Row], merges: list[Merge], expected: frozenset[str]) -> Header:
    """Find the header of a sheet.

    A row under group titles becomes ``Group Sub`` where the workbook says which titles are merged over which
    columns; where it does not (``.xls``), only if the names put together hold more expected columns than any row.

    Args:
        rows: The first rows, cells as read.
        merges: Merged areas.
        expected: Source columns that the profile maps.

    Returns:
        The header.
    """
    candidates: list[Header] = []
    for index, row in enumerate(rows):
        below = _joined(rows, index + 1, merges) if index + 1 < len(rows) else None
        if below is not None:
            candidates.append(Header(index + 1, below, group_row=index))
        candidates.append(Header(index, row))
    chosen = candidates[find_header([one.cells for one in candidates], expected)]
    guesses = [
        Header(index, _spread(rows[index - 1], rows[index]), group_row=index - 1)
        for index in range(1, len(rows))
    ]
    best = max(guesses, key=lambda one: hits(one.cells, expected), default=chosen)
    return best if hits(best.cells, expected) > hits(chosen.cells, expected) else chosen


def join_given(
    rows: list[Row], index: int, merges: list[Merge], expected: frozenset[str]
) -> Header:
    """Take the header from the row that the profile names.

    Args:
        rows: The first rows, cells as read.
        index: Index of that row.
        merges: Merged areas.
        expected: Source columns that the profile maps.

    Returns:
        The header, with group titles where these are certain and no expected column is lost by it.
    """
    simple = Header(index, rows[index])
    joined = _joined(rows, index, merges) if index else None
    if joined is None or hits(joined, expected) < hits(simple.cells, expected):
        return simple
    return Header(index, joined, group_row=index - 1)


def hits(cells: Row, expected: frozenset[str]) -> int:
    """Count the expected columns among header cells, compared without case and blanks.

    Args:
        cells: Header cells.
        expected: Source columns that the profile maps.

    Returns:
        Their number.
    """
    return len(
        {plain_header(name) for name in expected} & {plain_header(cell) for cell in cells if cell}
    )


def name_columns(header: Header, rows: pl.DataFrame) -> dict[str, str]:
    """Name the columns of a sheet.

    Args:
        header: The header.
        rows: ``source_row`` and the sheet's columns, records only.

    Returns:
        Names by the sheet's columns; columns with neither a name nor a value are left out.
    """
    sheet_columns = [name for name in rows.columns if name != SOURCE_ROW]
    cells = (header.cells + [None] * len(sheet_columns))[: len(sheet_columns)]
    names = column_names(cells)
    filled = rows.select(pl.exclude(SOURCE_ROW).str.contains(r"\S").any()).row(0)
    return {
        column: name
        for column, name, cell, holds in zip(sheet_columns, names, cells, filled, strict=True)
        if holds or (cell and cell.strip())
    }


def header_notes(header: Header, names: dict[str, str]) -> Iterator[Note]:
    """Tell what is noticed of a header: names put together, given twice, or missing.

    Args:
        header: The header.
        names: Names by the sheet's columns.

    Yields:
        Notes.
    """
    row = header.row + 1 or None
    if header.group_row is not None:
        said = "names of columns were put together from two rows"
        yield Note("IPVI-120", said, source_row=header.group_row + 1)
    for column, name in names.items():
        position = int(column.removeprefix("c"))
        cell = header.cells[position] if position < len(header.cells) else None
        title = " ".join((cell or "").split())
        if not title:
            yield Note("IPVI-106", "a column without a name", name, row)
        elif title not in (name, SOURCE_ROW):
            yield Note("IPVI-105", "a column whose name another column has", name, row)


def _joined(rows: list[Row], index: int, merges: list[Merge]) -> Row | None:
    """Names of a row under merged titles; nothing unless every title is merged or stands alone."""
    upper, lower = rows[index - 1], rows[index]
    across = {
        column: merge
        for merge in merges
        if merge.top == merge.bottom == index - 1 and merge.right > merge.left
        for column in range(merge.left, merge.right + 1)
    }
    down = {
        column
        for merge in merges
        if merge.top <= index - 1 and merge.bottom == index
        for column in range(merge.left, merge.right + 1)
    }
    titled = [column for column, cell in enumerate(upper) if cell]
    if not across or len(titled) < 2:
        return None
    names: Row = []
    for column, sub in enumerate(lower):
        merge = across.get(column)
        group = upper[merge.left] if merge and merge.left < len(upper) else None
        alone = upper[column] if column < len(upper) else None
        if merge is None and alone and sub and column not in down:
            return None
        if merge is not None and not sub:
            return None
        names.append(f"{group} {sub}" if group and sub else sub or alone)
    return names


def _spread(upper: Row, lower: Row) -> Row:
    """Names under titles that reach to the next title."""
    names: Row = []
    group: str | None = None
    for title, sub in zip(upper, lower, strict=True):
        group = title or group
        names.append(f"{group} {sub}" if group and sub else sub or title)
    return names
