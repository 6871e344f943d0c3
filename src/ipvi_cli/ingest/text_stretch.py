"""A stretch of delimited text cut into records: all separators at once, those in quotation marks told by parity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ipvi_cli.ingest.text_encoding import is_utf8

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]

LF: Final = 10
CR: Final = 13
MARK: Final = 34

NONE: Final[Numbers] = np.empty(0, np.int64)

_CHECKED: Final = 1 << 16
"""Bytes that are checked for UTF-8 at once."""

_LINE: Final = re.compile(rb"[^\r\n]+")

_NO_CHANCE: Final = 10
"""So many delimiters are not found in their places on every line of a cell's text by chance."""


@dataclass(frozen=True)
class Grammar:
    """How records are written.

    Attributes:
        delimiter: One byte.
        width: Columns of the table.
        count: Fields of most records; those beyond ``width`` must be empty.
        lone_cr: Whether carriage returns may end lines by themselves.
    """

    delimiter: bytes
    width: int
    count: int
    lone_cr: bool


@dataclass(frozen=True)
class Stretch:
    """Complete records of a stretch.

    Attributes:
        starts: Offset in the block at which each starts.
        ends: Offset after each, line end included.
        alike: Whether each has the fields of most records, nothing beyond the columns, and no doubt about its end.
        doubtful: Whether the lines of a record of several look like records themselves.
        counts: Fields of each.
        inner: Offsets of line ends in quotation marks.
        marked: Whether quotation marks, if there are any, have a meaning.
        misfit: Whether a quotation mark is out of place in the record that follows.
    """

    starts: Numbers
    ends: Numbers
    alike: Flags
    doubtful: Flags
    counts: Numbers
    inner: Numbers
    marked: bool
    misfit: bool


class Block:
    """A block of text under one grammar.

    Args:
        text: UTF-8.
        grammar: How its records are written.
        final: Whether nothing follows.

    Attributes:
        bytes: The text as numbers.
    """

    def __init__(self, text: bytes, grammar: Grammar, *, final: bool) -> None:
        self.bytes: Bytes = np.frombuffer(text, np.uint8)
        self._text = text
        self._grammar = grammar
        self._delimiter = grammar.delimiter[0]
        self._others = bytes(set(range(256)) - {self._delimiter, LF, MARK})
        self._final = final

    def stretch(self, at: int, stop: int) -> Stretch:
        """Find the complete records of a stretch, as far as quotation marks are in place.

        Args:
            at: Where a record starts.
            stop: Where to stop.

        Returns:
            The records.
        """
        a = self.bytes[at:stop]
        hit = (a == self._delimiter) | (a == LF)
        if self._grammar.lone_cr:
            hit |= a == CR
        marks, opening = self._marks(at, stop)
        marked = not len(marks) or bool(opening.any())
        inner, cut = NONE, None
        if len(marks) and marked:
            events = np.flatnonzero(hit | (a == MARK))
            kinds = a[events]
            is_mark = kinds == MARK
            inside = (np.cumsum(is_mark, dtype=np.uint8) & 1).view(bool)
            seps = events[~(is_mark | inside)] + at
            inner = events[~is_mark & inside & (kinds != self._delimiter)] + at
            inner = inner[self.is_line_end(inner)]
            cut = self._first_misplaced(marks, opening)
        else:
            seps = np.flatnonzero(hit) + at
        if self._grammar.lone_cr:
            seps = seps[(self.bytes[seps] == self._delimiter) | self.is_line_end(seps)]
        last = np.flatnonzero(self.bytes[seps] != self._delimiter)
        ends = seps[last] + 1
        if cut is not None:
            ends = ends[: np.searchsorted(ends, cut, side="right")]
            last = last[: len(ends)]
        starts = np.concatenate((np.array([at]), ends))[: len(ends)]
        counts = np.diff(last, prepend=-1)
        alike = (counts == self._grammar.count) & self._empty_end(seps, last)
        doubtful = np.zeros(len(ends), bool)
        if len(inner):
            delimiters = np.flatnonzero(a == self._delimiter) + at
            doubtful = self._doubtful(starts, ends, inner, delimiters)
        return Stretch(
            starts, ends, alike & ~doubtful, doubtful, counts, inner, marked, cut is not None
        )

    def uniform(self, at: int, stop: int) -> tuple[int, int]:
        """Count the records of a stretch if all are alike, a line each.

        All that is left of such records without their other bytes is one and the same line of delimiters, and to
        see that takes less than to find where every delimiter stands.

        Args:
            at: Where a record starts.
            stop: Where to stop.

        Returns:
            Their number and the offset after the last; none where this cannot be said.
        """
        grammar = self._grammar
        end = self._text.rfind(b"\n", at, stop) + 1
        if end <= at or grammar.lone_cr or not 1 < grammar.width == grammar.count:
            return 0, at
        left = self._text[at:end].translate(None, self._others)
        marks, opening = self._marks(at, end)
        if len(marks):
            if not opening.any() or self._first_misplaced(marks, opening) is not None:
                return 0, at
            kinds = np.frombuffer(left, np.uint8)
            is_mark = kinds == MARK
            quoted = is_mark | (np.cumsum(is_mark, dtype=np.uint8) & 1).view(bool)
            if (kinds[quoted] == LF).any():
                return 0, at
            left = kinds[~quoted].tobytes()
        line = grammar.delimiter * (grammar.count - 1) + b"\n"
        rows = len(left) // len(line)
        return (rows, end) if left == line * rows else (0, at)

    def is_line_end(self, places: Numbers) -> Flags:
        """Say which line feeds and carriage returns end a line: of a pair, the second.

        Args:
            places: Offsets of delimiters, line feeds and carriage returns.

        Returns:
            Whether each ends a line.
        """
        a = self.bytes[places]
        line_end: Flags = a == LF
        if not self._grammar.lone_cr:
            return line_end
        last = len(self.bytes) - 1
        follows = self.bytes[np.minimum(places + 1, last)]
        alone = (follows != LF) & (places < last) | (places == last) & self._final
        line_end |= (a == CR) & alone
        return line_end

    def line_end(self, at: int) -> int | None:
        """Find the end of a physical line.

        Args:
            at: An offset in it.

        Returns:
            The offset after its line end, if that is in the block.
        """
        end = self._text.find(b"\n", at)
        if self._grammar.lone_cr:
            cr = self._text.find(b"\r", at, end if end >= 0 else len(self._text))
            if cr >= 0 and cr + 1 != end and (cr + 1 < len(self._text) or self._final):
                return cr + 1
        return end + 1 if end >= 0 else None

    def is_misplaced(self, at: int) -> bool:
        """Say whether the next quotation mark cannot close a field that was opened before.

        Args:
            at: Where to look from.

        Returns:
            Whether neither a delimiter, a line end nor another mark follows it.
        """
        mark = self._text.find(b'"', at)
        return 0 <= mark < len(self._text) - 1 and not self._closes(self.bytes[mark + 1 :][:1])[0]

    def endings(self, ends: Numbers) -> set[bytes]:
        """Say how records are ended.

        Args:
            ends: Offsets after records.

        Returns:
            The kinds of line ends.
        """
        feed = self.bytes[ends - 1] == LF
        pair = feed & (self.bytes[ends - 2] == CR) & (ends > 1)
        kinds = ((b"\r", ~feed), (b"\r\n", pair), (b"\n", feed & ~pair))
        return {kind for kind, found in kinds if found.any()}

    def unsound(self) -> Numbers:
        """Give the offsets of NUL bytes, and of each line that holds bytes that are not UTF-8, sorted."""
        places = np.flatnonzero(self.bytes == 0)
        if self._text.isascii():
            return places
        found: list[int] = []
        at = 0
        while at < len(self._text):
            stop = self._text.find(b"\n", at + _CHECKED) + 1 or len(self._text)
            part = self._text[at:stop]
            if not is_utf8(part):
                lines = _LINE.finditer(part)
                found += (at + line.start() for line in lines if not is_utf8(line.group()))
            at = stop
        return np.sort(np.concatenate((places, np.array(found, np.int64))))

    def _marks(self, at: int, stop: int) -> tuple[Numbers, Flags]:
        """Offsets of quotation marks, and which of them stand at the start of a field."""
        if self._text.find(b'"', at, stop) < 0:
            return NONE, np.empty(0, bool)
        marks = np.flatnonzero(self.bytes[at:stop] == MARK) + at
        return marks, self._borders(self.bytes[marks - 1]) | (marks == 0)

    def _borders(self, a: Bytes) -> Flags:
        border: Flags = (a == self._delimiter) | (a == LF)
        if self._grammar.lone_cr:
            border |= a == CR
        return border

    def _closes(self, follows: Bytes) -> Flags:
        closes: Flags = self._borders(follows) | (follows == MARK) | (follows == CR)
        return closes

    def _first_misplaced(self, marks: Numbers, opening: Flags) -> int | None:
        """Offset of the first mark that neither opens nor closes a field, nor is one of a doubled pair."""
        opens, closes = marks[0::2], marks[1::2]
        good = opening[0::2] | ((self.bytes[opens - 1] == MARK) & (opens > 0))
        after = np.minimum(closes + 1, len(self.bytes) - 1)
        closed = self._closes(self.bytes[after]) | (after == closes)
        wrong = np.concatenate((opens[~good][:1], closes[~closed][:1]))
        return int(wrong.min()) if len(wrong) else None

    def _empty_end(self, seps: Numbers, last: Numbers) -> Flags:
        beyond = self._grammar.count - self._grammar.width
        if not beyond:
            return np.ones(len(last), bool)
        length = seps[last] - seps[np.maximum(last - beyond, 0)]
        pair = (self.bytes[seps[last]] == LF) & (self.bytes[seps[last] - 1] == CR)
        empty: Flags = length - pair == beyond
        return empty

    def _doubtful(
        self, starts: Numbers, ends: Numbers, inner: Numbers, delimiters: Numbers
    ) -> Flags:
        """Which records of several lines hold the delimiters of as many records.

        Where so many are in place, a mark that was not closed is likelier than chance.
        """
        lines = np.searchsorted(inner, ends) - np.searchsorted(inner, starts) + 1
        total = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts)
        fitting = lines * (self._grammar.count - 1)
        doubtful: Flags = (lines > 1) & (total == fitting) & (fitting >= _NO_CHANCE)
        return doubtful
