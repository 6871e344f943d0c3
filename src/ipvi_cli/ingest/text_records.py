"""Blocks of delimited text cut into records, none lost: clean stretches go on whole, refused records are kept apart.

Where a quotation mark is out of place, one line is read by itself and parity begins anew after it, so that a mark
that is never closed costs one record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ipvi_cli.ingest.text_encoding import LONGEST
from ipvi_cli.ingest.text_fields import Fields, is_blank
from ipvi_cli.ingest.text_pieces import Piece, Pieces
from ipvi_cli.ingest.text_stretch import (
    CR,
    LF,
    MARK,
    NONE,
    Block,
    Bytes,
    Flags,
    Grammar,
    Numbers,
    Stretch,
)
from ipvi_cli.model.errors import InputError

_STRETCH: Final = 1 << 20
"""Bytes looked at at once; the numbers about so many stay in the processor's cache."""

_FIRST: Final = 1 << 13
"""Bytes looked at after a quotation mark out of place; four times as many after each clean stretch."""

_CALM: Final = 32
"""Lines in a row that have no quotation mark out of place, before parity is taken up again."""

_GAPS: Final = 100_000

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
        self._gaps: list[int] = []
        self._last = 0
        self._grammar = grammar
        self._fields = Fields(grammar.delimiter)
        self._mixed = mixed
        self._sound = sound
        self._file = file
        self._longest = longest
        self._text = b""
        self._block = Block(b"", grammar, final=False)
        self._bad = NONE
        self._clean: Bytes | None = None
        self._pieces = Pieces(b"")
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
        self._bad = NONE if self._sound else self._block.unsound()
        self._clean = self._block.bytes.copy() if self._grammar.lone_cr else None
        self._pieces = Pieces(text if self._clean is None else self._clean.data)
        self._refused = []
        uniform = not (self._mixed or len(self._bad))
        at, span = 0, _STRETCH
        while at < len(text):
            stop = min(len(text), at + span)
            after, misfit = self._take_uniform(at, stop) if uniform else at, False
            if after == at:
                uniform = False
                after, misfit = self._take(self._block.stretch(at, stop), at)
            span = span * 4 if after == at else min(span * 4, _STRETCH)
            at = after
            if not misfit and stop < len(text):
                continue
            if at == len(text) or not (misfit or final or len(text) - at > self._longest):
                break
            next_record = self._line_by_line(at)
            if next_record == at:
                break
            at, span = next_record, _FIRST
        return Scanned(self._pieces.finish(), self._refused, at)

    def _take_uniform(self, at: int, stop: int) -> int:
        """Deal with a stretch without any peculiarity; say how far it goes."""
        if stop - at > self._longest:
            return at
        rows, end = self._block.uniform(at, stop)
        if rows:
            lines = self.line + np.arange(rows)
            self._pieces.add_slices([at], [end], marked=True, lines=lines)
            self.line += rows
            self._last = self.line - 1
        return end

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
        if self._clean is not None:
            last = found.ends - 1
            self._clean[last[self._clean[last] == CR]] = LF
        if good.all():
            reached, misfit = rows, found.misfit
            self._emit(found, lines, good, 0, rows)
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
            line = int(lines[row])
            goes_on, data = self._odd(found, row, line, tainted=bool(tainted[row]))
            if data is not None or not goes_on:
                self._emit(found, lines, good, done, row)
                done = row + 1
            if data is not None:
                self._accept(data, line, marked=found.marked)
            if not goes_on:
                return row, True
        self._emit(found, lines, good, done, len(lines))
        return len(lines), found.misfit

    def _emit(self, found: Stretch, lines: Numbers, good: Flags, first: int, after: int) -> None:
        """Hand on the good ones of some records, as they stand."""
        rows = np.flatnonzero(good[first:after]) + first
        if not len(rows):
            return
        breaks = np.flatnonzero(np.diff(rows) > 1)
        starts = found.starts[rows[np.concatenate(([0], breaks + 1))]]
        ends = found.ends[rows[np.concatenate((breaks, [len(rows) - 1]))]]
        self._pieces.add_slices(starts.tolist(), ends.tolist(), found.marked, lines[rows])
        self._last = int(lines[rows[-1]])

    def _odd(
        self, found: Stretch, row: int, line: int, *, tainted: bool
    ) -> tuple[bool, bytes | None]:
        """Deal with a record that is not like the others.

        Gives whether parity may go on after it, and the record as it is to be read if it is accepted.
        """
        start, end = int(found.starts[row]), int(found.ends[row])
        raw = self._text[start:end]
        if is_blank(raw):
            self._skip(line)
            return True, None
        inner = np.searchsorted(found.inner, (start, end))
        several = bool(inner[0] != inner[1])
        if end - start > self._longest:
            if several:
                return False, None
            raise self._too_long(line)
        if found.doubtful[row] and self._each_line_fits(raw):
            return False, None
        if tainted:
            self._refuse(line, start, end, _taint(raw), int(found.counts[row]))
            return True, None
        marked = found.marked and b'"' in raw
        if marked:
            cells = self._fields.split(raw, 0, len(raw)).cells
        else:
            cells = raw.rstrip(b"\r\n").split(self._grammar.delimiter)
        fitting = self._fit(cells, line)
        if fitting is not None and not any(fitting):
            self._skip(line)
            return True, None
        if fitting is not None:
            return True, (self._fields.join if marked else self._fields.join_plain)(fitting)
        if several and self._holds_record(start, end):
            return False, None
        self._refuse(line, start, end, self._misfit(len(cells)), len(cells))
        return True, None

    def _line_by_line(self, at: int) -> int:
        """Read lines by themselves, until many in a row have their marks in place or one opens a field of several."""
        calm = 0
        next_line = self._by_line(at)
        while next_line is not None:
            at = next_line
            end = self._block.line_end(at)
            if end is None or calm == _CALM:
                break
            marks = self._fields.marks(self._text[at:end])
            if marks == "open" and not self._block.is_misplaced(end):
                break
            calm = calm + 1 if marks == "in place" else 0
            next_line = self._by_line(at)
        return at

    def _by_line(self, at: int) -> int | None:
        """Read one physical line by itself; give the offset of the next, if the line is whole."""
        end = self._block.line_end(at)
        if (len(self._text) if end is None else end) - at > self._longest:
            raise self._too_long(self.line)
        if end is None:
            return None
        raw = self._text[at:end]
        line, self.line = self.line, self.line + 1
        if self._mixed:
            self.endings |= self._block.endings(np.array([end]))
        if is_blank(raw):
            self._skip(line)
            return end
        record = self._fields.split(raw, 0, len(raw))
        count = len(record.cells)
        if len(self._bad) and np.diff(np.searchsorted(self._bad, (at, end))).any():
            self._refuse(line, at, end, _taint(raw), count)
        elif record.unclosed:
            self._refuse(line, at, end, "unclosed_quote", count)
        elif (fitting := self._fit(record.cells, line)) is None:
            reason = "stray_quote" if record.stray else self._misfit(count)
            self._refuse(line, at, end, reason, count)
        elif any(fitting):
            self._accept(self._fields.join(fitting), line, marked=True)
        else:
            self._skip(line)
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

    def _accept(self, data: bytes, line: int, *, marked: bool) -> None:
        self._last = line
        self._pieces.add(data, marked, np.array([line]))

    def _skip(self, line: int) -> None:
        self.blank += 1
        self._gaps.append(line)
        if len(self._gaps) > _GAPS:
            self._gaps = self._gaps_below()

    @property
    def gap(self) -> int | None:
        """Line of the first blank one after the last accepted record."""
        below = self._gaps_below()
        return below[0] if below else None

    def _gaps_below(self) -> list[int]:
        return [line for line in self._gaps if line > self._last][:1]

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


def _taint(raw: bytes) -> str:
    return "nul_byte" if b"\x00" in raw else "bad_encoding"
