"""The header of a sheet: one row, or a row under a row of merged group titles."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from xml.etree import ElementTree

from ipvi_cli.ingest.raw import find_header

SEARCHED: Final = 60
"""Rows among which the header is looked for."""

_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+)(\d+):([A-Z]+)(\d+)\"")
_FILLED_CELL = rb'<(?:\w+:)?c r="%s\d+"[^>]*[^/]>\s*<(?:\w+:)?[vi]'
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Row = list[str | None]


@dataclass(frozen=True)
class Merge:
    """A merged area; rows and columns count from 0, the columns from the sheet's first used one."""

    top: int
    left: int
    bottom: int
    right: int


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


def join_given(rows: list[Row], index: int, merges: list[Merge], expected: frozenset[str]) -> Header:
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
    return len({plain(name) for name in expected} & {plain(cell) for cell in cells if cell})


def plain(name: str) -> str:
    """Reduce a name to what is compared.

    Args:
        name: A column's name.

    Returns:
        It without case and blanks.
    """
    return "".join(name.split()).casefold()


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


def merged_areas(content: bytes, position: int) -> list[Merge]:
    """Read the merged areas of a sheet from an .xlsx workbook.

    Args:
        content: The workbook.
        position: Place of the sheet among the sheets.

    Returns:
        The areas; none for other kinds of workbook, which are not looked into.
    """
    if not content.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(BytesIO(content)) as workbook:
            xml = workbook.read(_sheet_part(workbook, position))
    except (zipfile.BadZipFile, ElementTree.ParseError, LookupError, TypeError):
        return []
    found = _MERGE.findall(xml)
    if not found:
        return []
    shift = _first_column(xml)
    return [
        Merge(int(top) - 1, _number(left) - shift, int(bottom) - 1, _number(right) - shift)
        for left, top, right, bottom in found
    ]


def _sheet_part(workbook: zipfile.ZipFile, position: int) -> str:
    sheets = [
        element
        for element in ElementTree.fromstring(workbook.read("xl/workbook.xml")).iter()
        if element.tag.endswith("}sheet")
    ]
    wanted = sheets[position].get(_OFFICE)
    relations = ElementTree.fromstring(workbook.read("xl/_rels/workbook.xml.rels"))
    target = next(one.get("Target", "") for one in relations if one.get("Id") == wanted)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _first_column(xml: bytes) -> int:
    """The first column that holds a value; the reader of cells counts from there."""
    for column in range(256):
        if re.search(_FILLED_CELL % _letters(column).encode(), xml):
            return column
    return 0


def _letters(column: int) -> str:
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
