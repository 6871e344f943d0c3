"""Excel workbooks, .xlsx and .xls: every cell as text, every row under the number that a person sees."""

from __future__ import annotations

import fnmatch
import logging
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import fastexcel
import polars as pl

from ipvi_cli.ingest.containers import DEFAULT_LIMITS, Guard, Limits
from ipvi_cli.ingest.raw import (
    QUARANTINE_SCHEMA,
    SOURCE_ROW,
    Note,
    RawInput,
    ReadOptions,
    column_names,
)
from ipvi_cli.ingest.sheet_cells import error_notes, number_columns, number_notes
from ipvi_cli.ingest.sheet_header import (
    SEARCHED,
    Header,
    Merge,
    choose_header,
    hits,
    join_given,
    merged_areas,
)
from ipvi_cli.model.errors import InputError

logging.getLogger("calamine").addHandler(logging.NullHandler())

_BLOCK = 1 << 20
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_TIME = r"^1899-12-31 ([0-9]{2}:[0-9]{2}:[0-9]{2}.*)$"
_FOOTER = (
    r"(?i)^[\s*]*(source|notes?|disclaimer|confidential|end of|page [0-9]+|prepared by|printed|generated|"
    r"report (date|generated|run)|run (date|on|by)|(data )?as of|data (source|from|provided)|"
    r"(number|count|total number) of (rows|records)|(total |row |record )(rows|records|count)|"
    r"[0-9,]+ (rows|records))\b"
)
"""Words that only a note under a table starts with; a lone ``Total`` is data, and the profile's affair."""


def read_excel(path: Path, file: str, options: ReadOptions, out_dir: Path) -> list[RawInput]:
    """Read the sheets of a workbook into clean Parquet.

    Values are text as fastexcel gives them: whole numbers without ``.0``, dates ``2019-05-01 00:00:00``, times of day
    ``13:05:00``, yes and no ``true`` and ``false``, a date that was never formatted as its serial ``43586``.
    Formula errors are null, with a note. Number formats that only show zeros (``00000``) leave no zeros here.

    Args:
        path: The workbook; its name does not matter.
        file: Its name in messages and the manifest.
        options: ``sheet`` is a name or glob without case; without it every sheet with the expected columns is read,
            or the only one that is not empty. ``header_row``, ``header_names`` and ``expected`` are used too.
        out_dir: Existing folder for one Parquet file a sheet.

    Returns:
        One input a sheet, ``book.xlsx#Sheet1``, in the workbook's order; ``source_row`` is the sheet's row. Nothing
        is quarantined, because a sheet's cells always fit its columns. A hidden sheet is read only by its full name.

    Raises:
        InputError: The workbook is protected or damaged, no sheet fits, or the header row is not there.
    """
    content = path.read_bytes()
    sheets = _load(_open(content, file), file)
    chosen, skipped = _choose(sheets, content, file, options)
    inputs = [_read(sheet, file, content, options, out_dir) for sheet in chosen]
    first = inputs[0]
    noted = RawInput(**{**vars(first), "notes": (*first.notes, *skipped)})
    return [noted, *inputs[1:]]


@dataclass(frozen=True)
class _Sheet:
    """A sheet as loaded: ``c0``, ``c1`` ... as text, its first row at index 0."""

    name: str
    position: int
    hidden: bool
    frame: pl.DataFrame
    errors: tuple[tuple[int, int], ...]
    reader: Any

    def first_rows(self) -> list[list[str | None]]:
        return [list(row) for row in self.frame.head(SEARCHED).rows()]


def _protected(file: str) -> InputError:
    return InputError(
        "the workbook is protected by a password.",
        where=file,
        mend="Open it in Excel, save it without a password, and put that file here.",
    )


def _damaged(file: str) -> InputError:
    return InputError(
        "the workbook is damaged or cut short.",
        where=file,
        mend="Open it in Excel and save it anew, or ask for the file again.",
    )


def _open(content: bytes, file: str, limits: Limits = DEFAULT_LIMITS) -> Any:
    if not content.startswith(b"PK") and _ENCRYPTED in content:
        raise _protected(file)
    if content.startswith(b"PK"):
        _check_size(content, file, limits)
    try:
        return fastexcel.read_excel(content)
    except fastexcel.FastExcelError as error:
        raise (_protected if "password" in str(error).lower() else _damaged)(file) from None


def _check_size(content: bytes, file: str, limits: Limits) -> None:
    """Unpack every part once without keeping it: a workbook can be a bomb like any archive."""
    guard = Guard(file, len(content), limits)
    try:
        with zipfile.ZipFile(BytesIO(content)) as workbook:
            for info in workbook.infolist():
                with workbook.open(info) as part:
                    while block := part.read(_BLOCK):
                        guard.count(len(block))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise _damaged(file) from None


def _load(reader: Any, file: str) -> list[_Sheet]:
    loaded = []
    for position, name in enumerate(reader.sheet_names):
        try:
            sheet = reader.load_sheet(position, header_row=None, skip_rows=0, dtypes="string")
            if not sheet.height:
                continue
            batch, errors = sheet.to_arrow_with_errors()
        except fastexcel.FastExcelError:
            raise _damaged(file) from None
        frame = pl.DataFrame(pl.from_arrow(batch))
        frame.columns = [f"c{column}" for column in range(frame.width)]
        frame = frame.with_columns(
            pl.all().replace("", None).str.replace(_TIME, "$1"),
        )
        lost = tuple(one.position for one in errors.errors) if errors else ()
        hidden = sheet.visible != "visible"
        loaded.append(_Sheet(name, position, hidden, frame, lost, reader))
    return [sheet for sheet in loaded if sheet.frame.select(~_blank().all()).item()]


def _blank() -> pl.Expr:
    """Whether no cell of the row holds anything but blanks."""
    return ~pl.any_horizontal(pl.all().str.contains(r"\S").fill_null(value=False))


def _choose(
    sheets: list[_Sheet], content: bytes, file: str, options: ReadOptions
) -> tuple[list[_Sheet], list[Note]]:
    if not sheets:
        raise InputError("every sheet is empty.", where=file, mend="Ask for the file again.")
    skipped = []
    if options.sheet is not None:
        wanted = options.sheet.casefold()
        named = [one for one in sheets if fnmatch.fnmatchcase(one.name.casefold(), wanted)]
        chosen = [one for one in named if not one.hidden or one.name.casefold() == wanted]
    else:
        shown = [one for one in sheets if not one.hidden]
        chosen = _holding(shown, content, options) if len(shown) > 1 else shown
        skipped = [
            Note("IPVI-126", f"sheet {one.name} does not hold the expected columns; it was not read")
            for one in shown
            if one not in chosen
        ]
    if not chosen:
        raise InputError(
            "no sheet has this name."
            if options.sheet is not None
            else "several sheets hold data and none holds the expected columns, or all are hidden.",
            where=file if options.sheet is None else f"{file}, sheet {options.sheet}",
            mend=f"Name one in the profile: {', '.join(one.name for one in sheets)}.",
        )
    return chosen, [*skipped, *_hidden_notes(sheets, chosen)]


def _hidden_notes(sheets: list[_Sheet], chosen: list[_Sheet]) -> Iterator[Note]:
    for sheet in sheets:
        if sheet.hidden and sheet not in chosen:
            yield Note("IPVI-122", f"hidden sheet {sheet.name} was not read")


def _holding(sheets: list[_Sheet], content: bytes, options: ReadOptions) -> list[_Sheet]:
    """The sheets with all expected columns; failing these, the ones with most of them."""
    counts = [hits(_header(one, content, options).cells, options.expected) for one in sheets]
    most = max(counts)
    return [one for one, count in zip(sheets, counts, strict=True) if count == most and most]


def _header(sheet: _Sheet, content: bytes, options: ReadOptions) -> Header:
    if options.header_row == 0:
        return Header(-1, list(options.header_names))
    merges: list[Merge] = merged_areas(content, sheet.position)
    if options.header_row is None:
        return choose_header(sheet.first_rows(), merges, options.expected)
    rows = [list(row) for row in sheet.frame.head(options.header_row).rows()]
    if len(rows) < options.header_row:
        return Header(options.header_row - 1, [])
    return join_given(rows, options.header_row - 1, merges, options.expected)


def _read(
    sheet: _Sheet, file: str, content: bytes, options: ReadOptions, out_dir: Path
) -> RawInput:
    label = f"{file}#{re.sub(r'[\x00-\x1f/\\]', '_', sheet.name)}"
    header = _header(sheet, content, options)
    if header.row >= sheet.frame.height:
        raise InputError(
            f"the sheet has no row {header.row + 1}.",
            where=label,
            mend="Correct 'header_row' in the profile.",
        )
    numbered = sheet.frame.with_row_index(SOURCE_ROW, offset=1).cast({SOURCE_ROW: pl.Int64})
    body, below = _body(numbered, header)
    columns = _columns(sheet.frame, header, body)
    names = dict(zip(columns, column_names(list(columns.values())), strict=True))
    out = out_dir / f"sheet{sheet.position:03d}.parquet"
    body.select(SOURCE_ROW, *(pl.col(old).alias(new) for old, new in names.items())).write_parquet(
        out, compression="zstd"
    )
    above = sheet.frame.height - below.counted - body.height
    notes = [
        *_header_notes(sheet.frame, header, columns, names),
        *below.notes,
        *_cell_notes(sheet, header, body, names),
    ]
    if not body.height:
        notes.append(Note("IPVI-108", "the sheet holds no data row"))
    return RawInput(
        file=label,
        data=out,
        columns=tuple(names.values()),
        rows_read=body.height,
        lines_skipped=above + below.skipped,
        quarantine=pl.DataFrame(schema=QUARANTINE_SCHEMA),
        notes=tuple(notes),
    )
