"""Excel workbooks, .xlsx and .xls: every cell as text, every row under the number that a person sees."""

from __future__ import annotations

import fnmatch
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import fastexcel
import polars as pl

from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA, SOURCE_ROW, Note, RawInput, ReadOptions
from ipvi_cli.ingest.sheet_cells import error_notes, mixed_columns, number_notes, read_day_numbers
from ipvi_cli.ingest.sheet_header import (
    SEARCHED,
    Header,
    choose_header,
    header_notes,
    hits,
    join_given,
    name_columns,
)
from ipvi_cli.ingest.sheet_rows import blank, find_records
from ipvi_cli.ingest.workbook_parts import Merge, WorkbookParts, look_through
from ipvi_cli.model.errors import InputError

for _logger in ("calamine", "fastexcel"):
    logging.getLogger(_logger).addHandler(logging.NullHandler())
    logging.getLogger(_logger).propagate = False

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LOCKED_XLS: Final = re.compile(
    rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)
"""A workbook stream that opens with the record FILEPASS, after an optional WRITEPROTECT (MS-XLS, 2.1.7.20)."""
_TIME_ALONE: Final = {
    False: r"^1899-12-31 ([0-9]{2}:[0-9]{2}:[0-9]{2}.*)$",
    True: r"^1904-01-01 ([0-9]{2}:[0-9]{2}:[0-9]{2}.*)$",
}
"""A time of day without a date is shown on the first day of the workbook's date system (1904 or not)."""
_UNFIT_FOR_LABEL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f/\\]")


def read_excel(path: Path, file: str, options: ReadOptions, out_dir: Path) -> list[RawInput]:
    """Read the sheets of a workbook into clean Parquet.

    Values are text as fastexcel gives them: whole numbers without ``.0``, dates ``2019-05-01 00:00:00``, times of day
    ``13:05:00``, yes and no ``true`` and ``false``, formulas their last value. A day number (``43586``) becomes a date
    where the other cells of its column are dates, and stays as it is elsewhere (``date_formats = ["excel"]`` reads
    it). Formula errors are null, with a note. Number formats that only show zeros (``00000``) leave no zeros here.
    Hidden rows and columns are read like others.

    Args:
        path: The workbook; its name does not matter.
        file: Its name in messages and the manifest.
        options: ``sheet`` is a name or glob without case; without it every sheet with the expected columns is read,
            or the only one that is not empty, or where nothing is expected all that are not. ``header_row``,
            ``header_names`` and ``expected`` are used too.
        out_dir: Existing folder for one Parquet file a sheet.

    Returns:
        One input a sheet, ``book.xlsx#Sheet1``, in the workbook's order; ``source_row`` is the sheet's row. Nothing
        is quarantined, because a sheet's cells always fit its columns. A hidden sheet is read only by its full name.

    Raises:
        InputError: The workbook is protected or damaged, no sheet fits, or the header row is not there.
    """
    content = path.read_bytes()
    if _is_locked(content):
        raise _protected(file)
    parts = look_through(content, file)
    sheets = _load(_open(content, file), parts, file, options.sheet)
    headers = {one.position: _header(one, options) for one in sheets}
    chosen, skipped = _choose(sheets, headers, file, options)
    first, *others = [_read(one, headers[one.position], file, out_dir) for one in chosen]
    return [replace(first, notes=(*first.notes, *skipped)), *others]


@dataclass(frozen=True, eq=False)
class _Sheet:
    """A sheet as loaded: ``c0``, ``c1`` ... as text, its first row at index 0.

    Attributes:
        name: Its name.
        position: Its place among the sheets.
        hidden: Whether it is hidden.
        frame: Its cells.
        shift: Columns beside its first used one.
        errors: Row and column, from 0, of the cells that hold a formula error.
        merges: Merged areas, their columns counted as in ``frame``.
        date_1904: Whether days count from 1904.
        reader: The workbook, to look at the kinds of its cells.
    """

    name: str
    position: int
    hidden: bool
    frame: pl.DataFrame
    shift: int
    errors: tuple[tuple[int, int], ...]
    merges: list[Merge]
    date_1904: bool
    reader: Any


def _protected(file: str) -> InputError:
    return InputError(
        "the workbook is protected by a password.",
        where=file,
        mend="Open it in Excel, save it without a password, and put that file here.",
    )


def _is_locked(content: bytes) -> bool:
    if content.startswith(b"PK"):
        return False
    return _ENCRYPTED in content or _LOCKED_XLS.search(content) is not None


def _damaged(file: str) -> InputError:
    return InputError(
        "the workbook is damaged or cut short.",
        where=file,
        mend="Open it in Excel and save it anew, or ask for the file again.",
    )


def _open(content: bytes, file: str) -> Any:
    try:
        return fastexcel.read_excel(content)
    except fastexcel.FastExcelError:
        raise _damaged(file) from None


def _load(reader: Any, parts: WorkbookParts, file: str, wanted: str | None) -> list[_Sheet]:
    """Load the sheets that a glob names, or all, except empty ones and charts."""
    loaded = []
    for position, name in enumerate(reader.sheet_names):
        if wanted is not None and not fnmatch.fnmatchcase(name.casefold(), wanted.casefold()):
            continue
        try:
            sheet = reader.load_sheet(position, header_row=None, skip_rows=0, dtypes="string")
            if not sheet.height:
                continue
            batch, errors = sheet.to_arrow_with_errors()
            shift = sheet.available_columns()[0].absolute_index
        except fastexcel.FastExcelError:
            raise _damaged(file) from None
        frame = _as_text(batch, date_1904=parts.date_1904)
        if frame.select(blank().all()).item():
            continue
        lost = tuple(one.position for one in errors.errors) if errors else ()
        merges = [
            Merge(one.top, one.left - shift, one.bottom, one.right - shift)
            for one in parts.merges.get(position, ())
            if one.top < SEARCHED
        ]
        hidden = sheet.visible != "visible"
        loaded.append(
            _Sheet(name, position, hidden, frame, shift, lost, merges, parts.date_1904, reader)
        )
    return loaded


def _as_text(batch: Any, *, date_1904: bool) -> pl.DataFrame:
    frame = pl.DataFrame(pl.from_arrow(batch))
    frame.columns = [f"c{column}" for column in range(frame.width)]
    text = pl.all().str.replace(_TIME_ALONE[date_1904], "$1")
    return frame.with_columns(text.replace("", None))


def _header(sheet: _Sheet, options: ReadOptions) -> Header:
    if options.header_row == 0:
        return Header(-1, list(options.header_names))
    if options.header_row is None:
        rows = [list(row) for row in sheet.frame.head(SEARCHED).rows()]
        return choose_header(rows, sheet.merges, options.expected)
    rows = [list(row) for row in sheet.frame.head(options.header_row).rows()]
    if len(rows) < options.header_row:
        return Header(options.header_row - 1, [])
    return join_given(rows, options.header_row - 1, sheet.merges, options.expected)


def _choose(
    sheets: list[_Sheet], headers: dict[int, Header], file: str, options: ReadOptions
) -> tuple[list[_Sheet], list[Note]]:
    if options.sheet is not None:
        wanted = options.sheet.casefold()
        chosen = [one for one in sheets if not one.hidden or one.name.casefold() == wanted]
    else:
        chosen = [one for one in sheets if not one.hidden]
        if len(chosen) > 1 and options.expected:
            counts = [hits(headers[one.position].cells, options.expected) for one in chosen]
            most = max(*counts, 1)
            chosen = [one for one, count in zip(chosen, counts, strict=True) if count == most]
    if not chosen:
        raise _no_sheet(sheets, file, options)
    return chosen, list(_skipped(sheets, chosen))


def _no_sheet(sheets: list[_Sheet], file: str, options: ReadOptions) -> InputError:
    names = ", ".join(one.name for one in sheets)
    if options.sheet is not None:
        return InputError(
            f"no sheet that holds data has the name '{options.sheet}'.",
            where=file,
            mend="Correct 'sheet' in the profile; a hidden sheet must be named in full.",
        )
    if not sheets:
        return InputError("every sheet is empty.", where=file, mend="Ask for the file again.")
    return InputError(
        "no visible sheet holds the columns that the profile maps.",
        where=file,
        mend=f"Set 'sheet' in the profile to one of: {names}.",
    )


def _skipped(sheets: list[_Sheet], chosen: list[_Sheet]) -> Iterator[Note]:
    for sheet in sheets:
        if sheet in chosen:
            continue
        if sheet.hidden:
            yield Note("IPVI-122", f"hidden sheet {sheet.name} was not read")
        else:
            said = f"sheet {sheet.name} holds fewer of the expected columns and was not read"
            yield Note("IPVI-126", said)


def _read(sheet: _Sheet, header: Header, file: str, out_dir: Path) -> RawInput:
    label = f"{file}#{_UNFIT_FOR_LABEL.sub('_', sheet.name)}"
    if header.row >= sheet.frame.height:
        raise InputError(
            f"the sheet has no row {header.row + 1}.",
            where=label,
            mend="Correct 'header_row' in the profile.",
        )
    more = [f"c{at}" for at in range(sheet.frame.width, len(header.cells))]
    frame = sheet.frame.with_columns(pl.lit(None, pl.String).alias(name) for name in more)
    body = find_records(frame, header)
    names = name_columns(header, body.rows)
    text, cell_notes = _look_at_cells(sheet, header, body.rows, names)
    out = out_dir / f"sheet{sheet.position:03d}.parquet"
    text.select(SOURCE_ROW, *(pl.col(old).alias(new) for old, new in names.items())).write_parquet(
        out, compression="zstd"
    )
    empty = [] if text.height else [Note("IPVI-108", "the sheet holds no data row")]
    return RawInput(
        file=label,
        data=out,
        columns=tuple(names.values()),
        rows_read=text.height,
        lines_skipped=body.skipped,
        quarantine=pl.DataFrame(schema=QUARANTINE_SCHEMA),
        notes=(*header_notes(header, names), *body.notes, *cell_notes, *empty),
    )


def _look_at_cells(
    sheet: _Sheet, header: Header, rows: pl.DataFrame, names: dict[str, str]
) -> tuple[pl.DataFrame, list[Note]]:
    """Read day numbers as dates, and note what the kinds of cells tell."""
    text = rows.select(SOURCE_ROW, *names)
    mixed = mixed_columns(text.select(*names))
    numeric = _numeric(sheet, mixed, text[SOURCE_ROW])
    text, notes = read_day_numbers(text, numeric, names, date_1904=sheet.date_1904)
    kept = {int(column.removeprefix("c")): name for column, name in names.items()}
    errors = error_notes(sheet.errors, kept, header.row + 1)
    return text, [*notes, *number_notes(text, numeric, names), *errors]


def _numeric(sheet: _Sheet, columns: list[str], rows: pl.Series) -> pl.DataFrame:
    """Whether cells are numbers: read as yes or no, a number is one of them and text is nothing."""
    if not columns:
        return pl.DataFrame()
    places = [sheet.shift + int(column.removeprefix("c")) for column in columns]
    loaded = sheet.reader.load_sheet(
        sheet.position, header_row=None, skip_rows=0, use_columns=places, dtypes="boolean"
    )
    frame = pl.DataFrame(pl.from_arrow(loaded.to_arrow_with_errors()[0]))
    frame.columns = columns
    return frame.select(pl.all().is_not_null())[rows - 1]
