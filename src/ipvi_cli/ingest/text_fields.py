"""The fields of one record of delimited text, read leniently where quotation marks stand out of place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

QUOTE = b'"'
_MEANT = re.compile(rb'["\r\n]')


@dataclass(frozen=True)
class Record:
    """The fields of a record.

    Attributes:
        cells: Text of each field; a field whose quotation marks are out of place is kept as it stands.
        end: Offset after the last field, before the line end.
        stray: Whether a field starts with a quotation mark that does not enclose it.
        unclosed: Whether such a mark is never closed.
    """

    cells: list[bytes]
    end: int
    stray: bool
    unclosed: bool


class Fields:
    """Splits records at one delimiter.

    Args:
        delimiter: The delimiter, one byte.
    """

    def __init__(self, delimiter: bytes) -> None:
        self.delimiter = delimiter
        d = re.escape(delimiter)
        self._field = re.compile(
            rb'"([^"]*(?:""[^"]*)*)"(?=[' + d + rb"\r\n]|\Z)|([^" + d + rb"\r\n]*)"
        )
        whole = rb'(?:"[^"]*(?:""[^"]*)*"|[^"' + d + rb"\r\n]*)"
        self._in_place = re.compile(whole + rb"(?:" + d + whole + rb")*[\r\n]*")
        self._open = re.compile(rb"(?:" + whole + d + rb')*"[^"]*(?:""[^"]*)*')

    def split(self, text: bytes, start: int, stop: int) -> Record:
        """Split one record.

        Args:
            text: Bytes that hold it.
            start: Where it starts.
            stop: Where it ends at the latest.

        Returns:
            Its fields, up to the first line end outside quotation marks.
        """
        cells: list[bytes] = []
        stray = unclosed = False
        at = start
        while True:
            match = self._field.match(text, at, stop)
            assert match is not None  # the second branch matches nothing too
            quoted, plain = match.groups()
            if quoted is not None:
                cells.append(quoted.replace(b'""', QUOTE))
            else:
                if plain.startswith(QUOTE):
                    stray = True
                    unclosed = unclosed or plain.count(QUOTE) % 2 == 1
                cells.append(plain)
            at = match.end()
            if at >= stop or text[at : at + 1] != self.delimiter:
                return Record(cells, at, stray, unclosed)
            at += 1

    def marks(self, line: bytes) -> Literal["in place", "open", "misplaced"]:
        """Say how the quotation marks of a line stand.

        Args:
            line: A physical line, line end included.

        Returns:
            ``open``: the last one opens a field that goes on. ``misplaced``: one neither opens nor closes a field.
            Marks in a line without any at the start of a field have no meaning and are in place.
        """
        if QUOTE not in line or not (line.startswith(QUOTE) or self.delimiter + QUOTE in line):
            return "in place"
        if self._in_place.fullmatch(line):
            return "in place"
        return "open" if self._open.fullmatch(line) else "misplaced"

    def join(self, cells: list[bytes]) -> bytes:
        """Write cells as a well-formed record, line feed included."""
        return self.delimiter.join(map(self._quoted, cells)) + b"\n"

    def join_plain(self, cells: list[bytes]) -> bytes:
        """Write cells as a record in which quotation marks have no meaning, line feed included."""
        return self.delimiter.join(cells) + b"\n"

    def _quoted(self, cell: bytes) -> bytes:
        if self.delimiter in cell or _MEANT.search(cell):
            return QUOTE + cell.replace(QUOTE, b'""') + QUOTE
        return cell


def is_blank(text: bytes) -> bool:
    """Say whether a text holds nothing, blanks and the end-of-file sign of DOS aside."""
    return not text.strip(b" \t\r\n\f\v\x1a")
