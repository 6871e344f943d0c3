"""The segments of a flat file, block by block: where they lie, whether they can be read, which report they are of.

Everything is a step per block of some megabytes; memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, Final

import numpy as np

from ipvi_cli.ingest.nibrs import refusals
from ipvi_cli.ingest.nibrs.cells import BLANK, Bytes, Mask, changes, whole_numbers, windows
from ipvi_cli.model.nibrs_layout import ANCHORS, KEY_WIDTH, LEAST, LENGTHS

Numbers = np.ndarray[Any, np.dtype[np.int64]]

BLOCK: Final = 8 << 20
_NEWLINE, _RETURN, _ZERO = 10, 13, 48
_DELETE: Final = ord("D")
"""Action of segments that say which report they delete, and may say no more."""
_LAST: Final = 126
"""The last of the printed ASCII characters."""
_STRETCH: Final = 1 << 17
"""Bytes looked through at a time, so that what is found on the way stays near the processor."""
_KEY: Final = (17, 21)
"""Agency and number of the incident."""
_OPENS: Final = np.isin(np.arange(256), (0, 1, 7))
"""Levels that begin a report."""
_BOM: Final = b"\xef\xbb\xbf"
_IS_ACTION: Final = np.isin(np.arange(256), np.frombuffer(b"IAMDRW", np.uint8))
WIDEST: Final = max(max(lengths) for lengths in LENGTHS.values())
_IS_LENGTH: Final = np.array(
    [np.isin(np.arange(WIDEST + 2), LENGTHS.get(level, ())) for level in range(16)]
)
"""By level and length, whether segments of the level have it."""
_LEAST: Final = np.array([LEAST.get(level, 0) for level in range(16)])
_IS_DIGIT: Final = np.isin(np.arange(256), np.frombuffer(b"0123456789", np.uint8))
_IS_SIGN: Final = np.array([chr(code).isalnum() and code < 128 for code in range(256)])
_IS_SIGN[BLANK] = True
_REACH: Final = WIDEST + 64
"""Bytes behind the last line that a cut may reach over."""


@dataclass(frozen=True)
class Block:
    """Whole reports of a flat file, blank lines left out.

    Attributes:
        buffer: The bytes, with blanks behind them.
        starts: Where each segment starts in the buffer.
        sizes: Bytes of each segment on disk, without the line end.
        offset: Byte of the file at which the buffer starts.
        rows: Segment numbers as the FBI counts, from 1.
        levels: Level of each segment; 255 where it cannot be read.
        actions: Action byte of each segment.
        stated: Length that each segment states; -1 where it states none.
        refused: Number of the refusal (``refusals.CODES``) of each segment, 0 for none.
        keyed: Whether the key columns can be read.
        reports: Number of the report of each segment; -1 where the key cannot be read.
        after_gap: Whether an unreadable line stands before each segment.
        keys: The key columns 1 to 37 of each segment.
        blanks: Where blank lines start in the buffer.
    """

    buffer: Bytes
    starts: Numbers
    sizes: Numbers
    offset: int
    rows: Numbers
    levels: Bytes
    actions: Bytes
    stated: Numbers
    refused: Bytes
    keyed: Mask
    reports: Numbers
    after_gap: Mask
    keys: Bytes
    blanks: Numbers

    def raw(self, places: Numbers) -> list[bytes]:
        """Give the bytes of some segments."""
        return [
            self.buffer[start : start + size].tobytes()
            for start, size in zip(self.starts[places], self.sizes[places], strict=True)
        ]

    def cut(self, places: Numbers, width: int) -> Bytes:
        """Give the first ``width`` bytes of some segments, with blanks where they end before."""
        rows = windows(self.buffer, self.starts[places], width)
        sizes = self.sizes[places]
        if len(sizes) and sizes.min() < width:
            rows[np.arange(width) >= sizes[:, None]] = BLANK
        return rows


def blocks(path: Path, size: int = BLOCK) -> Iterator[Block]:
    """Read a flat file in blocks of whole reports.

    Args:
        path: The file.
        size: Bytes of a block, about.

    Yields:
        Its segments in order; nothing of the file is left out but blank lines.
    """
    rows = reports = 0
    gap = False
    held = b""
    with path.open("rb") as file:
        start = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
        file.seek(start)
        offset = start
        while True:
            fresh, last = _read(file, size)
            text = held + fresh
            if not text:
                return
            block = _block(text, offset, rows, reports, gap=gap)
            cut = len(block.starts) if last else _last_report(block)
            if not cut:
                held, size = text, size * 2
                continue
            whole = _first(block, cut)
            yield whole
            if last:
                return
            used = int(block.starts[cut])
            held, offset = text[used:], offset + used
            rows += cut
            reports = int(whole.reports.max(initial=reports - 1)) + 1
            gap = not bool(whole.keyed[-1])


def line_starts(path: Path, width: int, size: int = BLOCK) -> Iterator[Bytes]:
    """Read the first bytes of each line of a file that has as many, and nothing else of it.

    Args:
        path: The file.
        width: How many bytes.
        size: Bytes of a block, about.

    Yields:
        A row of bytes for each line, a block at a time.
    """
    with path.open("rb") as file:
        last = False
        while not last:
            text, last = _read(file, size)
            buffer = np.frombuffer(text.removeprefix(_BOM) + b" " * width, np.uint8)
            length = len(buffer) - width
            starts, sizes = _lines(buffer, length, _unprinted(buffer[:length]))
            yield windows(buffer, starts[sizes >= width], width)


def _read(file: BufferedReader, size: int) -> tuple[bytes, bool]:
    """Read whole lines, and say whether they are the last."""
    text = file.read(size)
    if len(text) < size:
        return text, True
    rest = file.readline()
    return text + rest, not rest.endswith(b"\n") or not file.peek(1)


def _block(text: bytes, offset: int, rows: int, reports: int, *, gap: bool) -> Block:
    if b"\n" not in text[: 1 << 16] and b"\r" in text[: 1 << 16]:
        text = text.replace(b"\r", b"\n")
    buffer = np.frombuffer(text + b" " * _REACH, np.uint8)
    unprinted = _unprinted(buffer[: len(text)])
    starts, sizes = _lines(buffer, len(text), unprinted)
    blank = _blank(buffer, starts, sizes)
    blanks = starts[blank]
    starts, sizes = starts[~blank], sizes[~blank]
    heads = windows(buffer, starts, KEY_WIDTH)
    stated = whole_numbers(heads[:, :4])
    levels = heads[:, 4] - _ZERO
    levels[levels > 9] = 255
    strange = _strange(unprinted[buffer[unprinted] != _NEWLINE], starts, sizes)
    refused = _refusals(buffer, starts, sizes, stated, levels, heads[:, 5], strange)
    keyed: Mask = (sizes >= KEY_WIDTH) & ~strange & (stated >= 0)
    numbers, after = _reports(heads, levels, keyed, reports, gap=gap)
    return Block(
        buffer, starts, sizes, offset, np.arange(rows + 1, rows + 1 + len(starts)), levels,
        heads[:, 5], stated, refused, keyed, numbers, after, heads, blanks,
    )  # fmt: skip


def _unprinted(buffer: Bytes) -> Numbers:
    """Find the bytes that are no printed ASCII: line ends, and what no segment holds."""
    found = [np.zeros(0, np.int64)]
    below = np.empty(_STRETCH, np.uint8)
    for start in range(0, len(buffer), _STRETCH):
        stretch = buffer[start : start + _STRETCH]
        shifted = np.subtract(stretch, BLANK, out=below[: len(stretch)])
        found.append(np.flatnonzero(shifted > _LAST - BLANK) + start)
    return np.concatenate(found)


def _lines(buffer: Bytes, length: int, unprinted: Numbers) -> tuple[Numbers, Numbers]:
    ends = unprinted[buffer[unprinted] == _NEWLINE]
    if not len(ends) or ends[-1] != length - 1:
        ends = np.append(ends, length)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)
    sizes = ends - starts
    returned = (sizes > 0) & (buffer[np.maximum(ends - 1, 0)] == _RETURN)
    sizes = sizes - returned
    keep = (starts < length) | (sizes > 0)
    return starts[keep], sizes[keep]


def _blank(buffer: Bytes, starts: Numbers, sizes: Numbers) -> Mask:
    """Say which lines hold nothing that can be seen."""
    blank: Mask = sizes == 0
    odd = np.flatnonzero(~blank & (buffer[starts] <= BLANK))
    for place in odd:
        seen = buffer[starts[place] : starts[place] + sizes[place]]
        blank[place] = bool((seen <= BLANK).all())
    return blank


def _strange(places: Numbers, starts: Numbers, sizes: Numbers) -> Mask:
    """Say which lines hold bytes that no segment holds: neither letters, digits, marks nor blanks."""
    strange = np.zeros(len(starts), np.bool_)
    if not len(places) or not len(starts):
        return strange
    lines = np.searchsorted(starts, places, side="right") - 1
    inside = (lines >= 0) & (places < starts[lines] + sizes[lines])
    strange[lines[inside]] = True
    return strange


def _refusals(
    buffer: Bytes,
    starts: Numbers,
    sizes: Numbers,
    stated: Numbers,
    levels: Bytes,
    actions: Bytes,
    strange: Mask,
) -> Bytes:
    """Say which segments cannot be read, and why; the first reason that holds."""
    refused = np.zeros(len(starts), np.uint8)

    def refuse(which: Mask, code: str) -> None:
        refused[which & (refused == 0)] = refusals.number(code)

    refuse(strange, refusals.BYTES)
    refuse(stated < 0, refusals.LENGTH)
    refuse((levels == 8) | (levels == 9), refusals.STATE)
    refuse(levels > 7, refusals.LEVEL)
    refuse(~_IS_ACTION[actions], refusals.ACTION)
    refuse(~_IS_LENGTH[levels & 15, np.clip(stated, 0, WIDEST + 1)], refusals.LENGTH)
    least = np.where(actions == _DELETE, KEY_WIDTH, _LEAST[levels & 15])
    refuse(sizes < least, refusals.CUT)
    refuse((levels == 4) & _half_slot(sizes, stated), refusals.CUT)
    longer = np.flatnonzero((sizes > stated) & (refused == 0))
    refuse(_runs_over(buffer, starts, sizes, stated, longer), refusals.LENGTH)
    for level in ANCHORS:
        own = np.flatnonzero((levels == level) & (refused == 0))
        shifted = own[_shifted(buffer, starts[own], sizes[own], level)]
        refused[shifted] = refusals.number(refusals.SHIFTED)
    return refused


def _half_slot(sizes: Numbers, stated: Numbers) -> Mask:
    """Say which victim segments end within an offender number or a relationship."""
    half: Mask = (sizes < np.minimum(stated, 129)) & (sizes > 89) & ((sizes - 89) % 2 == 1)
    return half


def _runs_over(
    buffer: Bytes, starts: Numbers, sizes: Numbers, stated: Numbers, longer: Numbers
) -> Mask:
    """Say which segments go on, with more than blanks, beyond the length that they state."""
    over = np.zeros(len(starts), np.bool_)
    if not len(longer):
        return over
    width = int(min(sizes[longer].max(), WIDEST + 32))
    rows = windows(buffer, starts[longer], width) > BLANK
    columns = np.arange(width)
    beyond = (columns >= stated[longer, None]) & (columns < sizes[longer, None])
    over[longer] = (rows & beyond).any(axis=1) | (sizes[longer] > WIDEST + 32)
    return over


def _shifted(buffer: Bytes, starts: Numbers, sizes: Numbers, level: int) -> Mask:
    """Say which segments fit their layout only when they are read one column further left or right."""
    place, pattern = ANCHORS[level]
    width = len(pattern)
    found = np.zeros(len(starts), np.bool_)
    there = windows(buffer, starts + place - 1, width)
    odd = np.flatnonzero(~_fits(there, pattern))
    odd = odd[(there[odd] != BLANK).any(axis=1)]
    odd = odd[sizes[odd] >= place + width]
    for step in (1, -1):
        found[odd] |= _fits(windows(buffer, starts[odd] + place - 1 + step, width), pattern)
    return found


def _fits(rows: Bytes, pattern: str) -> Mask:
    fit = np.ones(len(rows), np.bool_)
    for column, kind in zip(rows.T, pattern, strict=True):
        fit &= (_IS_DIGIT if kind == "d" else _IS_SIGN)[column]
    return fit


def _reports(
    heads: Bytes, levels: Bytes, keyed: Mask, first: int, *, gap: bool
) -> tuple[Numbers, Mask]:
    """Number the reports, and say before which segments an unreadable line stands."""
    numbers = np.full(len(heads), -1, np.int64)
    after = np.concatenate([[gap], ~keyed[:-1]]) if len(heads) else np.zeros(0, np.bool_)
    places = np.flatnonzero(keyed)
    own = heads[places]
    begins = changes(own, *_KEY) | _OPENS[levels[places]]
    actions = own[:, 5]
    known = _IS_ACTION[actions]
    begins[1:] |= (actions[1:] != actions[:-1]) & known[1:] & known[:-1]
    numbers[places] = first + np.cumsum(begins) - 1
    return numbers, after.astype(np.bool_)


def _last_report(block: Block) -> int:
    """Give the place where the last report of a block begins, which may go on in the next."""
    last = block.reports.max(initial=-1)
    if last < 0:
        return len(block.starts)
    return int(np.flatnonzero(block.reports == last)[0])


def _first(block: Block, count: int) -> Block:
    """Give the first segments of a block."""
    if count == len(block.starts):
        return block
    blanks = block.blanks[block.blanks < block.starts[count]]
    return Block(
        block.buffer, block.starts[:count], block.sizes[:count], block.offset, block.rows[:count],
        block.levels[:count], block.actions[:count], block.stated[:count], block.refused[:count],
        block.keyed[:count], block.reports[:count], block.after_gap[:count], block.keys[:count],
        blanks,
    )  # fmt: skip
