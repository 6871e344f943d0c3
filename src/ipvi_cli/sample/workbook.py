"""A workbook whose bytes depend on nothing but its cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import xlsxwriter

Cell = str | int | date

_MADE = datetime(2020, 1, 15)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_NOTE = "This workbook is synthetic. The sheet Arrests holds the records; nobody in it exists."


def write_workbook(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Write a sheet ``Arrests`` with a title above its header, and a sheet of notes.

    Args:
        title: First row.
        header: Third row; the second is empty.
        rows: Rows below it; dates become real dates.

    Returns:
        The file. Its parts are stored, not packed, because packing differs from machine to machine.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _MADE, "title": title})
    sheet = book.add_worksheet("Arrests")
    day = book.add_format({"num_format": "mm/dd/yyyy"})
    sheet.write_string(0, 0, title)
    sheet.write_row(2, 0, header)
    for number, cells in enumerate(rows, start=3):
        for place, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(number, place, cell)
            else:
                sheet.write_string(number, place, cell)
    book.add_worksheet("Notes").write_string(0, 0, _NOTE)
    book.close()
    return _stored(buffer)


def _stored(packed: io.BytesIO) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name))
    return out.getvalue()
