"""Blocks of delimited text cut into records, none lost: clean stretches go on whole, refused records are kept apart.

Separators are found for a whole stretch at once, and those inside quotation marks are told by parity. Where a
quotation mark is out of place, one line is read by itself and parity begins anew after it, so that a mark that is
never closed costs one record.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ipvi_cli.ingest.text_encoding import LONGEST
from ipvi_cli.ingest.text_fields import Fields, is_blank
from ipvi_cli.model.errors import InputError

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]

LF: Final = 10
CR: Final = 13
MARK: Final = 34
_STRETCH: Final = 1 << 13
"""Bytes looked at after a quotation mark out of place; four times as many after each clean stretch."""

_NO_CHANCE: Final = 10
"""So many delimiters are not found in their places on every line of a cell's text by chance."""

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
        marked: Whether quotation marks have a meaning in them.
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


@dataclass(frozen=True)
class _Stretch:
    """Complete records of a stretch, read by parity.

    Attributes:
        starts: Offset in the block at which each starts.
        ends: Offset after each, line end included.
        counts: Fields of each.
        empty_end: Whether the fields beyond the table's columns are empty.
        inner: Offsets of line ends in quotation marks.
        doubtful: Whether each line of a record of several would be a record by itself.
        marked: Whether quotation marks have a meaning.
        misfit: Whether a quotation mark is out of place in the record that follows.
    """

    starts: Numbers
    ends: Numbers
    counts: Numbers
    empty_end: Flags
    inner: Numbers
    doubtful: Flags
    marked: bool
    misfit: bool


class Scanner:
    """Cuts a text into records, block after block.

    Args:
        delimiter: One byte.
        width: Columns of the table.
        fields: Fields of most records; those beyond ``width`` must be empty.
        line: Physical line on which the text starts.
        lone_cr: Whether carriage returns may end lines by themselves.
        mixed: Whether the text holds several kinds of line ends.
        sound: Whether the text is known to hold neither NUL nor bytes that are not UTF-8.
        file: Name of the input in messages.
        longest: Bytes that a record may have.

    Attributes:
        line: Physical line on which the rest starts.
        blank: Blank lines so far.
        trailing: Records so far that end in empty fields which most others do not have.
        trailing_line: Line of the first of them.
        endings: Line ends of records so far, if ``mixed``.
    """

    def __init__(
        self,
        delimiter: bytes,
        width: int,
        fields: int,
        *,
        line: int,
        lone_cr: bool,
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
        self._fields = Fields(delimiter)
        self._delimiter = delimiter[0]
        self._width = width
        self._count = fields
        self._lone_cr = lone_cr
        self._mixed = mixed
        self._sound = sound
        self._file = file
        self._longest = longest
        self._text = b""
        self._bytes = np.empty(0, np.uint8)
        self._bad = np.empty(0, np.int64)
        self._final = False
        self._out = Scanned()

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
        self._text, self._final, self._out = text, final, Scanned()
        self._bytes = np.frombuffer(text, np.uint8)
        self._bad = np.empty(0, np.int64) if self._sound else _unsound(text, self._bytes)
        at, span = 0, len(text)
        while at < len(text):
            stop = min(len(text), at + span)
            at, misfit = self._take(self._stretch(at, stop), at)
            if not misfit and stop < len(text):
                span *= 4
                continue
            if misfit or final or len(text) - at > self._longest:
                after = self._by_line(at) if at < len(text) else None
                if after is not None:
                    at, span = after, _STRETCH
                    continue
            break
        self._out.consumed = at
        return self._out

    def _stretch(self, at: int, stop: int) -> _Stretch:
        a = self._bytes[at:stop]
        hit = (a == self._delimiter) | (a == LF)
        if self._lone_cr:
            hit |= a == CR
        marks, opening = self._marks(at, stop)
        inner = np.empty(0, np.int64)
        cut = None
        if opening.any():
            events = np.flatnonzero(hit | (a == MARK))
            kinds = a[events]
            is_mark = kinds == MARK
            inside = (np.cumsum(is_mark, dtype=np.uint8) & 1).astype(bool)
            seps = events[~is_mark & ~inside] + at
            inner = events[~is_mark & inside & (kinds != self._delimiter)] + at
            inner = inner[self._is_line_end(inner)]
            cut = self._first_misplaced(marks, opening)
        else:
            seps = np.flatnonzero(hit) + at
        if self._lone_cr:
            seps = seps[(self._bytes[seps] == self._delimiter) | self._is_line_end(seps)]
        last = np.flatnonzero(self._bytes[seps] != self._delimiter)
        ends = seps[last] + 1
        if cut is not None:
            ends = ends[: np.searchsorted(ends, cut, side="right")]
            last = last[: len(ends)]
        starts = np.concatenate((np.array([at]), ends))[: len(ends)]
        doubtful = np.zeros(len(ends), bool)
        if len(inner):
            delimiters = np.flatnonzero(a == self._delimiter) + at
            doubtful = self._doubtful(starts, ends, inner, delimiters)
        return _Stretch(
            starts,
            ends,
            np.diff(last, prepend=-1),
            self._empty_end(seps, last),
            inner,
            doubtful,
            marked=bool(opening.any()),
            misfit=cut is not None,
        )

    def _marks(self, at: int, stop: int) -> tuple[Numbers, Flags]:
        """Offsets of quotation marks, and which of them stand at the start of a field."""
        if self._text.find(b'"', at, stop) < 0:
            return np.empty(0, np.int64), np.empty(0, bool)
        marks = np.flatnonzero(self._bytes[at:stop] == MARK) + at
        return marks, self._borders(self._bytes[marks - 1]) | (marks == 0)

    def _borders(self, a: Bytes) -> Flags:
        border: Flags = (a == self._delimiter) | (a == LF)
        if self._lone_cr:
            border |= a == CR
        return border

    def _first_misplaced(self, marks: Numbers, opening: Flags) -> int | None:
        """Offset of the first mark that neither opens nor closes a field, nor is one of a doubled pair."""
        opens, closes = marks[0::2], marks[1::2]
        good = opening[0::2] | ((self._bytes[opens - 1] == MARK) & (opens > 0))
        after = np.minimum(closes + 1, len(self._bytes) - 1)
        follows = self._bytes[after]
        closed = self._borders(follows) | (follows == MARK) | (follows == CR) | (after == closes)
        wrong = np.concatenate((opens[~good][:1], closes[~closed][:1]))
        return int(wrong.min()) if len(wrong) else None

    def _is_line_end(self, places: Numbers) -> Flags:
        """Which line feeds and carriage returns end a line: of a pair, the second."""
        a = self._bytes[places]
        line_end: Flags = a == LF
        if not self._lone_cr:
            return line_end
        last = len(self._bytes) - 1
        follows = self._bytes[np.minimum(places + 1, last)]
        alone = (follows != LF) & (places < last) | (places == last) & self._final
        line_end |= (a == CR) & alone
        return line_end

    def _doubtful(
        self, starts: Numbers, ends: Numbers, inner: Numbers, delimiters: Numbers
    ) -> Flags:
        """Which records of several lines have on each line, on average, the delimiters of a whole record.

        With so many delimiters in place by chance alone, a mark that was not closed is the likelier cause.
        """
        lines = np.searchsorted(inner, ends) - np.searchsorted(inner, starts) + 1
        total = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts)
        fitting = lines * (self._count - 1)
        doubtful: Flags = (lines > 1) & (total == fitting) & (fitting >= _NO_CHANCE)
        return doubtful

    def _empty_end(self, seps: Numbers, last: Numbers) -> Flags:
        beyond = self._count - self._width
        if not beyond:
            return np.ones(len(last), bool)
        length = seps[last] - seps[np.maximum(last - beyond, 0)]
        pair = (self._bytes[seps[last]] == LF) & (self._bytes[seps[last] - 1] == CR)
        empty: Flags = length - pair == beyond
        return empty

    def _take(self, found: _Stretch, at: int) -> tuple[int, bool]:
        """Emit the records of a stretch; say how far they go, and whether the next must be read by line."""
        rows = len(found.ends)
        if not rows:
            return at, found.misfit
        lines = self.line + np.arange(rows)
        if len(found.inner):
            lines += np.searchsorted(found.inner, found.starts)
        good = (found.counts == self._count) & found.empty_end & ~found.doubtful
        if self._count == 1:
            first = self._bytes[found.starts]
            good &= ~((first <= 32) | (first == MARK))
        tainted = np.zeros(rows, bool)
        if len(self._bad):
            bad = self._bad[(self._bad >= at) & (self._bad < found.ends[-1])]
            tainted[np.searchsorted(found.ends, bad, side="right")] = True
            good &= ~tainted
        if found.ends[-1] - at > self._longest:
            good &= found.ends - found.starts <= self._longest
        if good.all():
            self._emit(found, lines, at, int(found.ends[-1]))
            reached, misfit = rows, found.misfit
        else:
            reached, misfit = self._take_some(found, lines, good, tainted)
        if self._mixed:
            self._note_endings(found.ends[:reached])
        end = int(found.ends[reached - 1]) if reached else at
        self.line += reached + int(np.searchsorted(found.inner, end))
        return end, misfit

    def _note_endings(self, ends: Numbers) -> None:
        feed = self._bytes[ends - 1] == LF
        pair = feed & (self._bytes[ends - 2] == CR) & (ends > 1)
        if not feed.all():
            self.endings.add(b"\r")
        if pair.any():
            self.endings.add(b"\r\n")
        if (feed & ~pair).any():
            self.endings.add(b"\n")

    def _emit(self, found: _Stretch, lines: Numbers, start: int, end: int) -> None:
        """Hand on records that lie side by side."""
        data = self._text[start:end]
        if self._lone_cr:
            ends = found.ends[(found.ends > start) & (found.ends <= end)] - 1
            returns = ends[self._bytes[ends] == CR] - start
            if len(returns):
                fresh = np.frombuffer(data, np.uint8).copy()
                fresh[returns] = LF
                data = fresh.tobytes()
        self._out.pieces.append(Piece(data, found.marked, lines))

    def _take_some(
        self, found: _Stretch, lines: Numbers, good: Flags, tainted: Flags
    ) -> tuple[int, bool]:
        done = 0
        for row in np.flatnonzero(~good).tolist():
            if row > done:
                start, end = int(found.starts[done]), int(found.ends[row - 1])
                self._emit(found, lines[done:row], start, end)
            start, end = int(found.starts[row]), int(found.ends[row])
            if not self._odd(found, row, int(lines[row]), start, end, bool(tainted[row])):
                return row, True
            done = row + 1
        if done < len(lines):
            start, end = int(found.starts[done]), int(found.ends[-1])
            self._emit(found, lines[done:], start, end)
        return len(lines), found.misfit

    def _odd(
        self, found: _Stretch, row: int, line: int, start: int, end: int, tainted: bool
    ) -> bool:
        """Deal with a record that is not like the others; say whether parity may go on after it."""
        raw = self._text[start:end]
        if is_blank(raw):
            self.blank += 1
            return True
        several = bool(
            len(found.inner)
            and np.searchsorted(found.inner, end) > np.searchsorted(found.inner, start)
        )
        if end - start > self._longest:
            if several:
                return False
            raise self._too_long(line)
        if found.doubtful[row] and self._each_line_fits(start, end):
            return False
        if tainted:
            self._refuse(line, start, end, _taint(raw), int(found.counts[row]))
            return True
        if found.marked:
            cells = self._fields.split(raw, 0, len(raw)).cells
        else:
            cells = raw.rstrip(b"\r\n").split(self._fields.delimiter)
        fitting = self._fit(cells, line)
        if fitting is not None and not any(fitting):
            self.blank += 1
        elif fitting is not None:
            join = self._fields.join if found.marked else self._fields.join_plain
            self._out.pieces.append(Piece(join(fitting), found.marked, np.array([line])))
        elif several and self._holds_record(start, end):
            return False
        else:
            self._refuse(line, start, end, self._misfit(len(cells)), len(cells))
        return True

    def _fit(self, cells: list[bytes], line: int) -> list[bytes] | None:
        """Give cells the number that all records have, where only empty ones are beyond the header."""
        if len(cells) < self._width or any(cells[self._width :]):
            return None
        if len(cells) > self._count:
            self.trailing += 1
            self.trailing_line = self.trailing_line or line
        return cells[: self._width] + [b""] * (self._count - self._width)

    def _misfit(self, fields: int) -> str:
        return "too_few_fields" if fields < self._width else "too_many_fields"

    def _each_line_fits(self, start: int, end: int) -> bool:
        lines = _LINE_END.split(self._text[start:end])[:-1]
        return all(line.count(self._fields.delimiter) == self._count - 1 for line in lines)

    def _holds_record(self, start: int, end: int) -> bool:
        """Whether a line within the record, its first aside, is a whole record by itself."""
        at = self._line_end(start)
        while at is not None and at < end:
            after = self._line_end(at)
            assert after is not None
            record = self._fields.split(self._text, at, after)
            if not record.unclosed and len(record.cells) == self._count:
                return True
            at = after
        return False

    def _line_end(self, at: int) -> int | None:
        """Offset after the line end of a physical line, if that is in the block."""
        end = self._text.find(b"\n", at)
        if self._lone_cr:
            cr = self._text.find(b"\r", at, end if end >= 0 else len(self._text))
            if cr >= 0 and cr + 1 != end and (cr + 1 < len(self._text) or self._final):
                return cr + 1
        return end + 1 if end >= 0 else None

    def _by_line(self, at: int) -> int | None:
        """Read one physical line by itself; give the offset of the next, if it is in the block."""
        end = self._line_end(at)
        if end is None:
            if len(self._text) - at > self._longest:
                raise self._too_long(self.line)
            return None
        if end - at > self._longest:
            raise self._too_long(self.line)
        raw = self._text[at:end]
        record = self._fields.split(raw, 0, len(raw))
        line, self.line = self.line, self.line + 1
        if self._mixed:
            self._note_endings(np.array([end]))
        count = len(record.cells)
        if ((self._bad >= at) & (self._bad < end)).any():
            self._refuse(line, at, end, _taint(raw), count)
        elif record.unclosed:
            self._refuse(line, at, end, "unclosed_quote", count)
        else:
            fitting = self._fit(record.cells, line)
            if fitting is None:
                reason = "stray_quote" if record.stray else self._misfit(count)
                self._refuse(line, at, end, reason, count)
            else:
                data = self._fields.join(fitting)
                self._out.pieces.append(Piece(data, marked=True, lines=np.array([line])))
        return end

    def _refuse(self, line: int, start: int, end: int, reason: str, fields: int) -> None:
        self._out.refused.append(Refused(line, start, end, reason, fields))

    def _too_long(self, line: int) -> InputError:
        return InputError(
            f"line {line} is longer than {self._longest >> 20} MiB, which no record of a table is.",
            where=self._file,
            mend="Ask for the file again, as delimited text with one record a line.",
        )


def _taint(raw: bytes) -> str:
    return "nul_byte" if b"\x00" in raw else "bad_encoding"


def _unsound(text: bytes, a: Bytes) -> Numbers:
    """Offsets of NUL bytes, and in each line of the first byte that is not UTF-8."""
    places = np.flatnonzero(a == 0)
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
