"""Blocks of delimited text cut into records, none lost: clean stretches go on whole, refused records are kept apart.

Where a quotation mark is out of place, one line is read by itself and parity begins anew after it, so that a mark
that is never closed costs one record.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ipvi_cli.ingest.text_encoding import LONGEST
from ipvi_cli.ingest.text_fields import Fields, is_blank
from ipvi_cli.ingest.text_stretch import CR, LF, MARK, NONE, Block, Flags, Grammar, Numbers, Stretch
from ipvi_cli.model.errors import InputError

_STRETCH: Final = 1 << 20
"""Bytes looked at at once; the numbers about so many stay in the processor's cache."""

_FIRST: Final = 1 << 13
"""Bytes looked at after a quotation mark out of place; four times as many after each clean stretch."""

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")

REASONS: Final = {
    "too_few_fields": "fewer fields than the header",
    "too_many_fields": "more fields than the header",
    "unclosed_quote": "a quotation mark is opened and never closed",
    "stray_quote": "a quotation mark out of place, and another number of fields than the header",
    "nul_byte": "a NUL byte",
    "bad_encoding": "bytes that are no text in the file's encoding",
}
"""Why a record is refused."""


@dataclass(frozen=True)
class Piece:
    """Accepted records, well-formed, each ended by a line feed.

    Attributes:
        data: Their bytes.
        marked: Whether quotation marks, if there are any, have a meaning in them.
        lines: Physical line on which each starts.
    """

    data: bytes
    marked: bool
    lines: Numbers


@dataclass(frozen=True)
class Refused:
    """A refused record, line end included."""

    line: int
    start: int
    end: int
    reason: str
    fields: int


@dataclass
class Scanned:
    """What a block gave.

    Attributes:
        pieces: Accepted records in order.
        refused: Refused records in order.
        consumed: Bytes dealt with; the rest belongs to a record that goes on in the next block.
    """

    pieces: list[Piece] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    consumed: int = 0


class Scanner:
    """Cuts a text into records, block after block.

    Args:
        grammar: How its records are written.
        line: Physical line on which it starts.
        mixed: Whether it holds several kinds of line ends.
        sound: Whether it is known to hold neither NUL nor bytes that are not UTF-8.
        file: Name of the input in messages.
        longest: Bytes that a record may have.

    Attributes:
        line: Physical line on which the rest starts.
        blank: Blank records so far.
        trailing: Records so far that end in empty fields which most others do not have.
        trailing_line: Line of the first of them.
        endings: Line ends of records so far, if ``mixed``.
        gap: Line of the first blank one after the last accepted record.
    """

    def __init__(
        self,
        grammar: Grammar,
        *,
        line: int,
        mixed: bool,
        sound: bool,
        file: str = "",
        longest: int = LONGEST,
    ) -> None:
        self.line = line
        self.blank = 0
        self.trailing = 0
        self.trailing_line: int | None = None
        self.endings: set[bytes] = set()
        self.gap: int | None = None
        self._grammar = grammar
        self._fields = Fields(grammar.delimiter)
        self._mixed = mixed
        self._sound = sound
        self._file = file
        self._longest = longest
        self._text = b""
        self._block = Block(b"", grammar, final=False)
        self._bad = NONE
        self._pieces = _Pieces(b"")
        self._refused: list[Refused] = []

    def scan(self, text: bytes, *, final: bool) -> Scanned:
        """Deal with the complete records of a block.

        Args:
            text: UTF-8, from the start of a record; the last block ends with a line end.
            final: Whether nothing follows.

        Returns:
            What it gave.

        Raises:
            InputError: A line is longer than ``longest``.
        """
        self._text = text
        self._block = Block(text, self._grammar, final=final)
        self._bad = NONE if self._sound else _unsound(text, self._block)
        self._pieces, self._refused = _Pieces(text), []
        at, span = 0, _STRETCH
        while at < len(text):
            stop = min(len(text), at + span)
            after, misfit = self._take(self._block.stretch(at, stop), at)
            span = span * 4 if after == at else min(span * 4, _STRETCH)
            at = after
            if not misfit and stop < len(text):
                continue
            if at == len(text) or not (misfit or final or len(text) - at > self._longest):
                break
            next_line = self._by_line(at)
            if next_line is None:
                break
            at, span = next_line, _FIRST
        return Scanned(list(self._pieces.merged()), self._refused, at)

    def _take(self, found: Stretch, at: int) -> tuple[int, bool]:
        """Deal with the records of a stretch; say how far, and whether the next must be read by line."""
        rows = len(found.ends)
        if not rows:
            return at, found.misfit
        lines = self.line + np.arange(rows)
        if len(found.inner):
            lines += np.searchsorted(found.inner, found.starts)
        good, tainted = found.alike, np.zeros(rows, bool)
        if self._grammar.count == 1:
            first = self._block.bytes[found.starts]
            good = good & (first > 32) & (first != MARK)
        if len(self._bad):
            bad = self._bad[(self._bad >= at) & (self._bad < found.ends[-1])]
            tainted[np.searchsorted(found.ends, bad, side="right")] = True
            good = good & ~tainted
        if found.ends[-1] - at > self._longest:
            good = good & (found.ends - found.starts <= self._longest)
        if good.all():
            reached, misfit = rows, found.misfit
            self._emit(found, lines, 0, rows)
        else:
            reached, misfit = self._take_some(found, lines, good, tainted)
        if self._mixed:
            self.endings |= self._block.endings(found.ends[:reached])
        end = int(found.ends[reached - 1]) if reached else at
        self.line += reached + int(np.searchsorted(found.inner, end))
        return end, misfit

    def _take_some(
        self, found: Stretch, lines: Numbers, good: Flags, tainted: Flags
    ) -> tuple[int, bool]:
        done = 0
        for row in np.flatnonzero(~good).tolist():
            self._emit(found, lines, done, row)
            if not self._odd(found, row, int(lines[row]), tainted=bool(tainted[row])):
                return row, True
            done = row + 1
        self._emit(found, lines, done, len(lines))
        return len(lines), found.misfit

    def _emit(self, found: Stretch, lines: Numbers, first: int, after: int) -> None:
        """Hand on records that lie side by side."""
        if first == after:
            return
        self.gap = None
        start, end = int(found.starts[first]), int(found.ends[after - 1])
        returns = NONE
        if self._grammar.lone_cr:
            last = found.ends[first:after] - 1
            returns = last[self._block.bytes[last] == CR] - start
        if len(returns):
            fresh = self._block.bytes[start:end].copy()
            fresh[returns] = LF
            self._pieces.add(fresh.tobytes(), found.marked, lines[first:after])
        else:
            self._pieces.add_slice(start, end, found.marked, lines[first:after])

    def _odd(self, found: Stretch, row: int, line: int, *, tainted: bool) -> bool:
        """Deal with a record that is not like the others; say whether parity may go on after it."""
        start, end = int(found.starts[row]), int(found.ends[row])
        raw = self._text[start:end]
        inner = np.searchsorted(found.inner, (start, end))
        several = bool(inner[0] != inner[1])
        if end - start > self._longest:
            if several:
                return False
            raise self._too_long(line)
        if is_blank(raw):
            self._skip(line)
            return True
        if found.doubtful[row] and self._each_line_fits(raw):
            return False
        if tainted:
            self._refuse(line, start, end, _taint(raw), int(found.counts[row]))
            return True
        marked = found.marked and b'"' in raw
        if marked:
            cells = self._fields.split(raw, 0, len(raw)).cells
        else:
            cells = raw.rstrip(b"\r\n").split(self._grammar.delimiter)
        fitting = self._fit(cells, line)
        if fitting is not None:
            join = self._fields.join if marked else self._fields.join_plain
            self._accept(join(fitting), fitting, line, marked=found.marked)
        elif several and self._holds_record(start, end):
            return False
        else:
            self._refuse(line, start, end, self._misfit(len(cells)), len(cells))
        return True

    def _by_line(self, at: int) -> int | None:
        """Read one physical line by itself; give the offset of the next, if the line is whole."""
        end = self._block.line_end(at)
        if (len(self._text) if end is None else end) - at > self._longest:
            raise self._too_long(self.line)
        if end is None:
            return None
        raw = self._text[at:end]
        record = self._fields.split(raw, 0, len(raw))
        line, self.line = self.line, self.line + 1
        if self._mixed:
            self.endings |= self._block.endings(np.array([end]))
        count = len(record.cells)
        if ((self._bad >= at) & (self._bad < end)).any():
            self._refuse(line, at, end, _taint(raw), count)
        elif record.unclosed:
            self._refuse(line, at, end, "unclosed_quote", count)
        elif (fitting := self._fit(record.cells, line)) is not None:
            self._accept(self._fields.join(fitting), fitting, line, marked=True)
        else:
            reason = "stray_quote" if record.stray else self._misfit(count)
            self._refuse(line, at, end, reason, count)
        return end

    def _fit(self, cells: list[bytes], line: int) -> list[bytes] | None:
        """Give cells the number that all records have, where only empty ones are beyond the header."""
        width, count = self._grammar.width, self._grammar.count
        if len(cells) < width or any(cells[width:]):
            return None
        if len(cells) > count:
            self.trailing += 1
            self.trailing_line = self.trailing_line or line
        return cells[:width] + [b""] * (count - width)

    def _accept(self, data: bytes, cells: list[bytes], line: int, *, marked: bool) -> None:
        if any(cells):
            self.gap = None
            self._pieces.add(data, marked, np.array([line]))
        else:
            self._skip(line)

    def _skip(self, line: int) -> None:
        self.blank += 1
        self.gap = self.gap or line

    def _refuse(self, line: int, start: int, end: int, reason: str, fields: int) -> None:
        self._refused.append(Refused(line, start, end, reason, fields))

    def _misfit(self, fields: int) -> str:
        return "too_few_fields" if fields < self._grammar.width else "too_many_fields"

    def _each_line_fits(self, raw: bytes) -> bool:
        """Whether every line of a record has, marks aside, the delimiters of a record."""
        delimiter, wanted = self._grammar.delimiter, self._grammar.count - 1
        return all(line.count(delimiter) == wanted for line in _LINE_END.split(raw)[:-1])

    def _holds_record(self, start: int, end: int) -> bool:
        """Whether a line within a record, its first aside, is a record by itself."""
        at = self._block.line_end(start) or end
        while at < end:
            after = self._block.line_end(at) or end
            record = self._fields.split(self._text, at, after)
            if not record.unclosed and len(record.cells) == self._grammar.count:
                return True
            at = after
        return False

    def _too_long(self, line: int) -> InputError:
        return InputError(
            f"line {line} is longer than {self._longest >> 20} MiB, which no record of a table is.",
            where=self._file,
            mend="Ask for the file again, as delimited text with one record a line.",
        )


class _Pieces:
    """Accepted records on their way out; neighbours are handed on together."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._marked = True
        self._start = self._end = 0
        self._parts: list[bytes] = []
        self._lines: list[Numbers] = []
        self._done: list[Piece] = []

    def add_slice(self, start: int, end: int, marked: bool, lines: Numbers) -> None:
        """Add records as they stand in the block."""
        self._turn(marked)
        if start != self._end:
            self._cut()
            self._start = start
        self._end = end
        self._lines.append(lines)

    def add(self, data: bytes, marked: bool, lines: Numbers) -> None:
        """Add records that were written anew."""
        self._turn(marked)
        self._cut()
        self._parts.append(data)
        self._lines.append(lines)

    def merged(self) -> Iterator[Piece]:
        """Give the pieces."""
        self._finish()
        return iter(self._done)

    def _turn(self, marked: bool) -> None:
        if marked != self._marked:
            self._finish()
            self._marked = marked

    def _cut(self) -> None:
        if self._end > self._start:
            self._parts.append(self._text[self._start : self._end])
        self._start = self._end

    def _finish(self) -> None:
        self._cut()
        if self._parts:
            data = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
            self._done.append(Piece(data, self._marked, np.concatenate(self._lines)))
        self._parts, self._lines = [], []


def _taint(raw: bytes) -> str:
    return "nul_byte" if b"\x00" in raw else "bad_encoding"


def _unsound(text: bytes, block: Block) -> Numbers:
    """Offsets of NUL bytes, and in each line of the first byte that is not UTF-8."""
    places = np.flatnonzero(block.bytes == 0)
    if text.isascii():
        return places
    found = []
    view = memoryview(text)
    at = 0
    while at >= 0:
        try:
            codecs.utf_8_decode(view[at:], "strict", True)
            break
        except UnicodeDecodeError as error:
            found.append(at + error.start)
            at = text.find(b"\n", at + error.start)
    return np.sort(np.concatenate((places, np.array(found, np.int64))))
