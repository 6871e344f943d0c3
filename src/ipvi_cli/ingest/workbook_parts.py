"""What an .xlsx tells beside the values of its cells: merged areas, its date system, how much it unpacks to."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Final
from xml.etree import ElementTree

from ipvi_cli.ingest.containers import DEFAULT_LIMITS, Guard, Limits
from ipvi_cli.model.errors import InputError

MOST_CELLS: Final = 150_000_000
"""Cells in the used area of a sheet; one stray cell in its far corner spans 17 thousand million."""

_BLOCK = 1 << 20
_OVERLAP = 256
_LOST = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_WIDE_CELL = re.compile(rb' r="([A-Z]{2,3})[0-9]')
_LAST_ROW = re.compile(rb' r="[A-Z]{0,3}([0-9]{1,7})"')
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_CELLS_TAG = re.compile(rb"sheetData>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Merge:
    """A merged area; rows and columns count from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class WorkbookParts:
    """What was found.

    Attributes:
        merges: Merged areas of a sheet, by its place among the sheets.
        date_1904: Whether days count from 1904.
    """

    merges: dict[int, list[Merge]] = field(default_factory=dict)
    date_1904: bool = False


def look_through(content: bytes, file: str, limits: Limits = DEFAULT_LIMITS) -> WorkbookParts:
    """Unpack every part of a workbook once, a block at a time, without keeping it.

    Args:
        content: The workbook.
        file: Its name in messages.
        limits: How far it may unpack.

    Returns:
        What the parts tell; nothing for workbooks that are no ZIP file.

    Raises:
        InputError: A part is damaged, unpacks beyond the limits, or spans more cells than can be held.
    """
    if not content.startswith(b"PK"):
        return WorkbookParts()
    guard = Guard(file, len(content), limits)
    try:
        with zipfile.ZipFile(BytesIO(content)) as workbook:
            merges = {}
            for info in workbook.infolist():
                with workbook.open(info) as part:
                    tail = _read_through(part, guard, file)
                if found := _merges(tail):
                    merges[info.filename] = found
            return _described(workbook, merges)
    except _LOST:
        raise InputError(
            "the workbook is damaged or cut short.",
            where=file,
            mend="Open it in Excel and save it anew, or ask for the file again.",
        ) from None


def _read_through(part: IO[bytes], guard: Guard, file: str) -> bytes:
    """Count a part's bytes and the area of its cells; give what follows the cells of a sheet."""
    tail = bytearray()
    before = b""
    width = last_row = 0
    while block := part.read(_BLOCK):
        guard.count(len(block))
        if tail:
            tail += block
            continue
        text = before + block
        width = max([width, *(_number(one) for one in set(_WIDE_CELL.findall(text)))])
        end = _end_of_cells(text)
        rows = _LAST_ROW.findall(text, max(0, (len(text) if end is None else end) - 4096))
        last_row = max([last_row, *map(int, rows)]) if rows else last_row
        if end is not None:
            tail += text[end:]
        before = text[-_OVERLAP:]
    if width * last_row > MOST_CELLS:
        raise InputError(
            f"a sheet spans {last_row:,} rows and {width + 1:,} columns, most of them empty.",
            where=file,
            mend="Delete stray cells beside and below the table in Excel, and save it anew.",
        )
    return bytes(tail)


def _end_of_cells(text: bytes) -> int | None:
    for tag in _CELLS_TAG.finditer(text):
        if text[max(0, tag.start() - 30) : tag.start()].rpartition(b"<")[2].startswith(b"/"):
            return tag.start()
    return None


def _merges(tail: bytes) -> list[Merge]:
    return [
        Merge(int(top) - 1, _number(left), int(bottom) - 1, _number(right))
        for left, top, right, bottom in _MERGE.findall(tail)
    ]


def _described(workbook: zipfile.ZipFile, merges: dict[str, list[Merge]]) -> WorkbookParts:
    """Sort what was found by the sheets' places; a workbook in the binary form tells nothing here."""
    try:
        book = ElementTree.fromstring(workbook.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(workbook.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return WorkbookParts()
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    sheets = [one for one in book.iter() if one.tag.endswith("}sheet")]
    system = next((one for one in book.iter() if one.tag.endswith("}workbookPr")), None)
    by_place = {}
    for place, sheet in enumerate(sheets):
        target = targets.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        by_place[place] = merges.get(part, [])
    date_1904 = system is not None and system.get("date1904") in ("1", "true")
    return WorkbookParts(by_place, date_1904)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
