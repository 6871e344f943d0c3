"""Which encoding a text file has, and its bytes as UTF-8, block by block, with the way back to where they stood."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np

from ipvi_cli.model.errors import InputError

LONGEST: Final = 1 << 24
"""Bytes that one record or line may have; more is no delimited text, and would have to be held in memory."""

_READ: Final = 1 << 22
_HEAD: Final = 1 << 16
_ASSUMED: Final = "cp1252"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HIGH: Final = bytes(range(128, 256))
_STRANGE_BYTE: Final = "\udcff"
"""Stands for bytes that cannot be decoded; becomes the byte FF, which no UTF-8 text holds."""

codecs.register_error("ipvi-mark", lambda error: (_STRANGE_BYTE, error.end))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class TextForm:
    """How the bytes of a text file are to be understood.

    Attributes:
        encoding: Name of the codec.
        way: ``plain``: the bytes are UTF-8 as they stand. ``lines``: lines that are not UTF-8 are in ``encoding``, of
            one byte a letter. ``whole``: the file is decoded as a stream.
        bom: Bytes of the byte-order mark.
        assumed: Whether nothing told the encoding.
        sound: Whether the text holds neither NUL nor bytes that cannot be decoded.
        lone_cr: Whether a carriage return stands without line feed somewhere.
        kinds: Kinds of line ends, wherever they stand.
    """

    encoding: str
    way: Literal["plain", "lines", "whole"]
    bom: int = 0
    assumed: bool = False
    sound: bool = False
    lone_cr: bool = False
    kinds: int = 1


@dataclass
class _Census:
    """Which line ends a text has, and whether it has NUL bytes, block by block."""

    feed: bool = False
    pair: bool = False
    lone_cr: bool = False
    nul: bool = False
    _last: bytes = b""

    def count(self, block: bytes) -> None:
        self.nul = self.nul or b"\x00" in block
        if b"\r" not in block and self._last != b"\r":
            self.feed = self.feed or b"\n" in block
            return
        whole = block if self._last != b"\r" else b"\r" + block
        self._last = whole[-1:]
        if self._last == b"\r":
            whole = whole[:-1]
        pairs = whole.count(b"\r\n")
        self.pair = self.pair or pairs > 0
        self.feed = self.feed or whole.count(b"\n") > pairs
        self.lone_cr = self.lone_cr or whole.count(b"\r") > pairs

    def finish(self) -> None:
        self.lone_cr = self.lone_cr or self._last == b"\r"

    @property
    def kinds(self) -> int:
        return self.feed + self.pair + self.lone_cr


def find_form(path: Path, file: str, declared: str | None) -> TextForm:
    """Say how the bytes of a text file are to be understood, from all of them.

    The order is: byte-order mark, the empty halves of UTF-16, UTF-8 if every byte agrees, then the declared encoding,
    then cp1252.

    Args:
        path: The file.
        file: Its name in messages.
        declared: Encoding that the profile declares.

    Returns:
        The form.

    Raises:
        InputError: The declared encoding does not exist.
    """
    codec = _codec(declared, file)
    with path.open("rb") as opened:
        head = opened.read(_HEAD)
    for mark, name in _BOMS:
        if head.startswith(mark):
            way: Literal["plain", "whole"] = "plain" if name == "utf-8" else "whole"
            return _counted(path, TextForm(name, way, bom=len(mark)))
    wide = _wide(head)
    if wide is not None:
        return _counted(path, TextForm(wide, "whole"))
    if codec is not None and not _extends_ascii(codec):
        return _counted(path, TextForm(codec, "whole"))
    form = _counted(path, TextForm("utf-8", "plain"))
    if form.sound or codec == "utf-8" or _all_utf8(path):
        return form
    name = codec or _ASSUMED
    if _single_byte(name):
        return TextForm(
            name, "lines", assumed=codec is None, lone_cr=form.lone_cr, kinds=form.kinds
        )
    return _counted(path, TextForm(name, "whole"))


def _codec(declared: str | None, file: str) -> str | None:
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared).name
        "".encode(declared)
    except LookupError:
        raise InputError(
            f"the encoding '{declared}' does not exist.",
            where=file,
            mend="Correct the source's encoding in the profile.",
        ) from None
    return {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(name, name)


def _extends_ascii(codec: str) -> bool:
    text = "".join(map(chr, range(32, 127)))
    stateful = codec.startswith(("iso2022", "hz", "utf-7"))
    return not stateful and text.encode(codec, "replace") == text.encode()


def _single_byte(codec: str) -> bool:
    return len(bytes(range(256)).decode(codec, "replace")) == 256


def _wide(head: bytes) -> str | None:
    """UTF-16 of mostly Latin text without a byte-order mark: every second byte is empty."""
    even, odd = head[0::2], head[1::2]
    if not odd:
        return None
    first, second = even.count(0) / len(even), odd.count(0) / len(odd)
    if second > 0.7 and first < 0.1:
        return "utf-16-le"
    return "utf-16-be" if first > 0.7 and second < 0.1 else None


def _raw(path: Path, bom: int, size: int) -> Iterator[bytes]:
    with path.open("rb") as opened:
        opened.seek(bom)
        while block := opened.read(size):
            yield block


def _counted(path: Path, form: TextForm) -> TextForm:
    census = _Census()
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid, pending = True, False
    for block in Text(path, form).blocks(_READ):
        census.count(block)
        if valid and (pending or not block.isascii()):
            try:
                decoder.decode(block)
                pending = bool(decoder.getstate()[0])
            except UnicodeDecodeError:
                valid = False
    census.finish()
    return TextForm(
        form.encoding,
        form.way,
        form.bom,
        sound=valid and not pending and not census.nul,
        lone_cr=census.lone_cr,
        kinds=census.kinds,
    )


def _all_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _raw(path, 0, _READ):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@dataclass
class Text:
    """A text file as UTF-8. Bytes that cannot be decoded are bytes that UTF-8 does not know.

    Attributes:
        path: The file.
        form: How its bytes are to be understood.
        strange: Bytes that were read in an encoding other than UTF-8 so far.
        strange_line: Line of the first of them, from 1.
    """

    path: Path
    form: TextForm
    strange: int = 0
    strange_line: int | None = None
    _ends: list[int] = field(default_factory=list)
    _growth: list[int] = field(default_factory=list)

    def blocks(self, size: int) -> Iterator[bytes]:
        """Give the text as UTF-8, about ``size`` bytes at a time, without byte-order mark."""
        raw = _raw(self.path, self.form.bom, size)
        if self.form.way == "plain":
            return raw
        return self._lines(raw) if self.form.way == "lines" else self._whole(raw)

    def source_offset(self, offset: int) -> int | None:
        """Say where in the file a byte of the text stands.

        Args:
            offset: Offset in the text as given by ``blocks``; a start of a line already given.

        Returns:
            Offset in the file; ``None`` where it is not known.
        """
        if self.form.way == "whole":
            return None
        known = bisect_right(self._ends, offset)
        return self.form.bom + offset - (self._growth[known - 1] if known else 0)

    def forget(self, offset: int) -> None:
        """Let go of what is only needed for ``source_offset`` before an offset."""
        known = bisect_right(self._ends, offset) - 1
        if known > 0:
            del self._ends[:known], self._growth[:known]

    def _whole(self, raw: Iterator[bytes]) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self.form.encoding)("ipvi-mark")
        for block in raw:
            if not self.form.encoding.startswith("utf"):
                self.strange += len(block) - len(block.translate(None, _HIGH))
            if text := decoder.decode(block):
                yield text.encode("utf-8", "surrogateescape")
        if rest := decoder.decode(b"", final=True):
            yield rest.encode("utf-8", "surrogateescape")

    def _lines(self, raw: Iterator[bytes]) -> Iterator[bytes]:
        rest = b""
        given = 0
        line = 1
        for block in raw:
            whole = rest + block
            cut = max(whole.rfind(b"\n"), whole.rfind(b"\r", 0, len(whole) - 1)) + 1
            if not cut and len(whole) > LONGEST:
                cut = len(whole)
            rest = whole[cut:]
            if cut:
                text, line = self._recode(whole[:cut], given, line)
                given += len(text)
                yield text
        if rest:
            yield self._recode(rest, given, line)[0]

    def _recode(self, block: bytes, given: int, line: int) -> tuple[bytes, int]:
        """Recode the lines that are not UTF-8 and remember how much longer each became."""
        lines = block.count(b"\n") + (block.count(b"\r") - block.count(b"\r\n"))
        if block.isascii():
            return block, line + lines
        a = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero((a == 10) | ((a == 13) & (np.append(a[1:], 0) != 10))) + 1
        ends = np.append(ends, len(block))
        high = np.flatnonzero(a >= 128)
        numbers, counts = np.unique(np.searchsorted(ends, high, side="right"), return_counts=True)
        parts: list[bytes] = []
        done, grown = 0, self._growth[-1] if self._growth else 0
        start_growth = grown
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            start = int(ends[number - 1]) if number else 0
            end = int(ends[number])
            old = block[start:end]
            new, other = self._line(old)
            if other:
                self.strange += count
                self.strange_line = self.strange_line or line + number
            if len(new) != len(old):
                grown += len(new) - len(old)
                self._ends.append(given + end + grown - start_growth)
                self._growth.append(grown)
            parts += (block[done:start], new)
            done = end
        parts.append(block[done:])
        return b"".join(parts), line + lines

    def _line(self, old: bytes) -> tuple[bytes, bool]:
        """Give a line as UTF-8, and whether it was read in the other encoding."""
        if self.form.assumed and is_utf8(old):
            return old, False
        try:
            return old.decode(self.form.encoding).encode(), True
        except UnicodeDecodeError:
            if is_utf8(old):
                return old, False
        marked = old.decode(self.form.encoding, "ipvi-mark")
        return marked.encode("utf-8", "surrogateescape"), True


def is_utf8(text: bytes) -> bool:
    """Say whether bytes are UTF-8."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
