"""Accepted records of a block on their way out: as they stand wherever possible, neighbours together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ipvi_cli.ingest.text_stretch import Numbers


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


class Pieces:
    """Gathers the accepted records of a block.

    Args:
        text: The block.
    """

    def __init__(self, text: bytes | memoryview) -> None:
        self._text = text
        self._marked = True
        self._start = self._end = 0
        self._parts: list[bytes | memoryview] = []
        self._lines: list[Numbers] = []
        self._done: list[Piece] = []

    def add_slices(self, starts: list[int], ends: list[int], marked: bool, lines: Numbers) -> None:
        """Add records as they stand in the block, run by run."""
        self._turn(marked)
        if starts[0] != self._end:
            self._cut()
            self._start = starts[0]
        self._end = ends[0]
        if len(starts) > 1:
            self._cut()
            middle = zip(starts[1:-1], ends[1:-1], strict=True)
            self._parts.extend(self._text[start:end] for start, end in middle)
            self._start, self._end = starts[-1], ends[-1]
        self._lines.append(lines)

    def add(self, data: bytes, marked: bool, lines: Numbers) -> None:
        """Add records that were written anew."""
        self._turn(marked)
        self._cut()
        self._parts.append(data)
        self._lines.append(lines)

    def finish(self) -> list[Piece]:
        """Give the pieces."""
        self._hand_on()
        return self._done

    def _turn(self, marked: bool) -> None:
        if marked != self._marked:
            self._hand_on()
            self._marked = marked

    def _cut(self) -> None:
        if self._end > self._start:
            self._parts.append(self._text[self._start : self._end])
        self._start = self._end

    def _hand_on(self) -> None:
        self._cut()
        if self._parts:
            data = b"".join(self._parts)  # a single one is handed on without a copy
            self._done.append(Piece(data, self._marked, np.concatenate(self._lines)))
        self._parts, self._lines = [], []
