"""Small files to read, made in the tests, and what readers give of them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import xlwt

from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA, RawInput
from ipvi_cli.model.errors import InputError

Sheets = Mapping[str, Sequence[Sequence[Any]]]
"""Rows of cells by the sheet's name."""

Edit = Callable[[openpyxl.Workbook], None]


def make_xlsx(path: Path, sheets: Sheets, edit: Edit | None = None) -> Path:
    """Write an .xlsx; ``edit`` changes the workbook before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row, start=1):
                if cell is not None:
                    sheet.cell(number, column, cell)
    if edit is not None:
        edit(book)
    book.save(path)
    return path


def make_xls(path: Path, sheets: Sheets, edit: Callable[[Any], None] | None = None) -> Path:
    """Write an .xls of the same cells."""
    book = xlwt.Workbook()
    shown = {
        dt.datetime: xlwt.easyxf(num_format_str="YYYY-MM-DD hh:mm:ss"),
        dt.time: xlwt.easyxf(num_format_str="hh:mm:ss"),
    }
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(
                        number, column, cell, shown.get(type(cell), xlwt.Style.default_style)
                    )
    if edit is not None:
        edit(book)
    book.save(str(path))
    return path


def make_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write an archive whose members lie under exactly these names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def rows_of(raw: RawInput) -> list[tuple[Any, ...]]:
    """Give the accepted records, after checking what every reader promises."""
    frame = pl.read_parquet(raw.data)
    assert frame.columns == ["source_row", *raw.columns]
    assert frame.schema["source_row"] == pl.Int64
    assert set(frame.dtypes[1:]) <= {pl.String}
    assert frame["source_row"].is_sorted()
    assert frame["source_row"].is_unique().all()
    assert frame.height == raw.rows_accepted == raw.rows_read - raw.rows_quarantined
    assert raw.quarantine.schema == QUARANTINE_SCHEMA
    assert not any("" in row for row in frame.rows())
    return frame.rows()


def codes(raw: RawInput) -> list[str]:
    """Name the rules of what a reader noticed."""
    return [note.code for note in raw.notes]


def assert_tells(error: InputError, where: str, what: str) -> None:
    """Check that a refusal says what, where and how to mend it, and nothing of a library or a cell."""
    assert error.where.startswith(where), error
    assert re.search(what, error.what), error
    assert error.what.endswith("."), error
    assert error.mend.endswith("."), error
    assert "\n" not in error.line()
    assert not re.search(r"Error|Exception|polars|calamine|SECRET|0x|None|codec", error.line()), (
        error
    )
