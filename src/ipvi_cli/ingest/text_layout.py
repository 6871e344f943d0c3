"""Where the table lies in a delimited text: its delimiter, its header, what stands above it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ipvi_cli.ingest.raw import Note, ReadOptions, column_names, find_header
from ipvi_cli.ingest.text_fields import Fields, is_blank
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.header_names import plain_header

HEAD: Final = 1 << 20
"""Bytes of a text in which the header is looked for."""

_CANDIDATES: Final = (b",", b";", b"\t", b"|", b"^", b"~")
_SEARCHED: Final = 60
_LOOKED_AT: Final = 200
_LINE_END = re.compile(rb"\r\n|\r|\n")
_SEP_LINE = re.compile(rb'"?sep=(.)"?[ \t]*(?=[\r\n])', re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Where the table lies.

    Attributes:
        delimiter: One byte.
        header: Header cells as read.
        columns: Names made of them.
        fields: Fields of most records: as many as columns, or more where records end in empty fields.
        body: Offset of the first line after the header.
        line: Physical line of it, from 1.
        skipped: Lines above the header, and one of dashes under it.
        notes: What was noticed.
    """

    delimiter: bytes
    header: tuple[str, ...]
    columns: tuple[str, ...]
    fields: int
    body: int
    line: int
    skipped: int
    notes: tuple[Note, ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.columns)


@dataclass(frozen=True)
class _Row:
    line: int
    end_line: int
    end: int
    cells: list[str | None]


def find_layout(head: bytes, *, complete: bool, file: str, options: ReadOptions) -> Layout:
    """Find the table in the first bytes of a text.

    Args:
        head: The first bytes, in UTF-8.
        complete: Whether this is the whole text.
        file: Name of the input in messages.
        options: ``delimiter``, ``header_row``, ``header_names`` and ``expected`` are used.

    Returns:
        The layout.

    Raises:
        InputError: The text is blank, has no such header row, or the delimiter is no single byte.
    """
    said = _SEP_LINE.match(head)
    if options.delimiter is not None:
        candidates: tuple[bytes, ...] = (_one_byte(options.delimiter, file),)
    else:
        candidates = (said.group(1),) if said else _CANDIDATES
    best: tuple[tuple[int, float, int], bytes, list[_Row], int] | None = None
    for delimiter in candidates:
        rows = list(_rows(head, Fields(delimiter), complete=complete))
        if said:
            rows = [row for row in rows if row.line > 1]
        if not rows:
            raise _nothing(file, complete=complete)
        index = _header_index(rows, options, file)
        names = options.header_names if index < 0 else ()
        score = _score(rows, index, options.expected, len(names))
        if best is None or score > best[0]:
            best = (score, delimiter, rows, index)
    assert best is not None
    _, delimiter, rows, index = best
    return _laid_out(delimiter, rows, index, options)


def _nothing(file: str, *, complete: bool) -> InputError:
    what = "the file holds only blanks." if complete else "the first line has no end."
    return InputError(what, where=file, mend="Ask for the file again.")


def _one_byte(delimiter: str, file: str) -> bytes:
    if not delimiter.isascii() or len(delimiter) != 1 or delimiter in '"\r\n':
        raise InputError(
            "the delimiter must be one plain character.",
            where=file,
            mend="Correct the source's delimiter in the profile.",
        )
    return delimiter.encode()


def _rows(head: bytes, fields: Fields, *, complete: bool) -> Iterator[_Row]:
    """The first records that are not blank."""
    at, line, found = 0, 1, 0
    while at < len(head) and found < _LOOKED_AT:
        record = fields.split(head, at, len(head))
        ending = _LINE_END.match(head, record.end)
        end = ending.end() if ending else len(head)
        if end == len(head) and not complete:
            return
        lines = len(_LINE_END.findall(head, at, end)) or 1
        if not is_blank(b"".join(record.cells)):
            found += 1
            cells = [_cell(cell) for cell in record.cells]
            yield _Row(line, line + lines, end, cells)
        at, line = end, line + lines


def _cell(cell: bytes) -> str | None:
    return cell.decode("utf-8", "replace").replace("\x00", "").strip("\ufeff") or None


def _header_index(rows: list[_Row], options: ReadOptions, file: str) -> int:
    if options.header_row == 0:
        return -1
    if options.header_row is None:
        return find_header([row.cells for row in rows[:_SEARCHED]], options.expected)
    for index, row in enumerate(rows):
        if row.line <= options.header_row < row.end_line:
            return index
    raise InputError(
        f"there is no header on line {options.header_row}.",
        where=file,
        mend="Correct 'header_row' in the profile.",
    )


def _score(
    rows: list[_Row], index: int, expected: frozenset[str], names: int
) -> tuple[int, float, int]:
    """Rate a delimiter: expected columns found, share of records of the header's width, width."""
    header = rows[max(index, 0)].cells
    wanted = {plain_header(name) for name in expected}
    hits = len(wanted & {plain_header(cell) for cell in header if cell})
    body = rows[index + 1 :]
    width = names or len(header)
    agreeing = sum(len(row.cells) == width for row in body) / len(body) if body else 1.0
    return hits, agreeing if width > 1 else 0.0, width


def _laid_out(delimiter: bytes, rows: list[_Row], index: int, options: ReadOptions) -> Layout:
    body = rows[index + 1 :]
    counts = Counter(len(row.cells) for row in body)
    usual = counts.most_common(1)[0][0] if counts else 0
    notes: list[Note] = []
    if index < 0:
        header: list[str | None] = list(options.header_names) or [None] * usual
        end, line, skipped = 0, 1, 0
    else:
        row = rows[index]
        header, end, line, skipped = row.cells, row.end, row.end_line, row.line - 1
        if 0 < usual < len(header) and not any(header[usual:]):
            header = header[:usual]
        if row.line > 1:
            notes.append(Note("IPVI-103", f"lines skipped above the header: {row.line - 1}"))
    columns = column_names(header)
    if index >= 0:
        notes.extend(_header_notes(header, columns, line - 1))
        if body and _dashes(body[0].cells, len(columns)):
            notes.append(Note("IPVI-103", "a line of dashes under the header was skipped"))
            skipped += body[0].end_line - line
            end, line = body[0].end, body[0].end_line
    width = len(columns)
    beyond = [row for row in body if len(row.cells) == usual]
    trailing = usual > width and not any(any(row.cells[width:]) for row in beyond)
    return Layout(
        delimiter,
        tuple(cell or "" for cell in header),
        columns,
        usual if trailing else width,
        end,
        line,
        skipped,
        tuple(notes),
    )


def _dashes(cells: list[str | None], width: int) -> bool:
    return len(cells) == width and all(cell and not cell.strip("-= ") for cell in cells)


def _header_notes(header: list[str | None], columns: tuple[str, ...], line: int) -> Iterator[Note]:
    seen: set[str] = set()
    for cell, name in zip(header, columns, strict=True):
        plain = " ".join((cell or "").split())
        if not plain:
            yield Note("IPVI-106", "a column without a name", column=name, source_row=line)
        elif plain in seen:
            yield Note("IPVI-105", "a column whose name another has", column=name, source_row=line)
        seen.add(plain)
