"""A window that moves over the bytes of an XML submission and knows its lines."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import Any, Final

LARGEST: Final = 1 << 24
"""Bytes that one report may have; the largest that the specification allows has about a tenth of it."""

_BLOCK: Final = 1 << 18
_TAG: Final = 64
"""Longer than any tag that is looked for; one may be cut by the end of what has been read."""

_NAME: Final = b"Report"
_END: Final = re.compile(rb"Report(?:\s*>|(?:\s[^<>]*)?/>)")
_PREFIX: Final = re.compile(rb"/?(?:[\w.\-]+:)?\Z")
_OPENING: Final = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?:[\w.\-]+:)?Report(?=[\s/>])", re.DOTALL
)
"""An opening tag of a report, or what may hide one that is none."""
_WIDE: Final = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def open_text(path: Path) -> tuple[Any, str | None]:
    """Open an XML file for reading as bytes in an encoding that has ASCII in it.

    Args:
        path: The file.

    Returns:
        What gives bytes to ``read``; and their encoding where it is not the one that the file states.
    """
    handle = path.open("rb")
    head = handle.read(4)
    handle.seek(0)
    for mark, encoding in _WIDE.items():
        if head.startswith(mark):
            return _Narrow(io.TextIOWrapper(handle, encoding=encoding, newline="")), "utf-8"
    return handle, None


def _closing(data: bytes, look: int) -> int | None:
    """Find the end of the next tag that closes a report; far quicker than one regular expression for it."""
    place = data.find(_NAME, look)
    while place >= 0:
        end = _END.match(data, place)
        if end is not None:
            before = data[data.rfind(b"<", 0, place) + 1 : place]
            closes = before.startswith(b"/") or end.group().endswith(b"/>")
            if closes and _PREFIX.match(before):
                return end.end()
        place = data.find(_NAME, place + 1)
    return None


class _Narrow:
    """UTF-16 and UTF-32 as UTF-8."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode()

    def close(self) -> None:
        self._text.close()


class Window:
    """The bytes that are not yet accounted for, and as many behind them as have been read.

    Attributes:
        data: What is held.
        start: Where in it the bytes begin that are not yet accounted for.
        line: Line of the file on which these begin.
        passed: What the last ``seek`` went over.
    """

    def __init__(self, handle: Any) -> None:
        self.data = b""
        self.start = 0
        self.line = 1
        self.passed = b""
        self._handle = handle
        self._fed = 0
        self._base = 0

    def more(self) -> bool:
        """Read on; false where the file ends."""
        block = self._handle.read(_BLOCK)
        if not block:
            return False
        self.data = self.data[self.start :] + block
        self._fed -= self.start
        self._base += self.start
        self.start = 0
        return True

    def piece(self) -> tuple[bytes, bool]:
        """Give what comes next, up to the closing tag of a report, and whether the file ends with it.

        Raises:
            OverflowError: No report is closed within ``LARGEST`` bytes.
        """
        look = self._fed
        while (stop := _closing(self.data, look)) is None:
            look = max(self._fed, len(self.data) - _TAG) - self.start
            if len(self.data) - self.start > LARGEST:
                raise OverflowError
            if not self.more():
                piece, self._fed = self.data[self._fed :], len(self.data)
                return piece, True
        piece, self._fed = self.data[self._fed : stop], stop
        return piece, False

    def settle(self) -> None:
        """Take what has been given as accounted for."""
        self.line += self.data.count(b"\n", self.start, self._fed)
        self.start = self._fed

    def seek(self, skip: int = 0) -> bool:
        """Go to the next opening tag of a report, comments and character data aside, and give on from there.

        Args:
            skip: Bytes to pass first.

        Returns:
            Whether there is one within ``LARGEST`` bytes; if not, all that was read is taken as accounted for.
            ``passed`` is what was gone over.
        """
        while (found := self._opening(skip)) is None:
            if len(self.data) - self.start > LARGEST or not self.more():
                break
        stop = len(self.data) if found is None else found
        self.passed = self.data[self.start : stop]
        self._fed = stop
        self.settle()
        return found is not None

    def _opening(self, skip: int) -> int | None:
        for found in _OPENING.finditer(self.data, self.start + skip):
            if not found.group().startswith(b"<!"):
                return found.start()
        return None

    @property
    def offset(self) -> int:
        """Bytes of the file that are accounted for."""
        return self._base + self.start

    @property
    def opening_line(self) -> int:
        """Line of the next opening tag of a report in what has been given."""
        found = self._opening(0)
        return self.line + self.data.count(b"\n", self.start, found or self.start)
