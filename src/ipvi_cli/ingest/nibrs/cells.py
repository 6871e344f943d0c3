"""Columns of text cut out of fixed-width bytes, without a step per row."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

BLANK: Final = 32
_DIGIT: Final = 48
_INLINE: Final = 12
"""Bytes of a text that Arrow keeps beside its length, without a place elsewhere."""


def windows(buffer: Bytes, starts: np.ndarray[Any, Any], width: int) -> Bytes:
    """Cut out stretches of the same width.

    Args:
        buffer: Bytes, at least ``width`` of them behind the last start.
        starts: Where they start.
        width: How long they are.

    Returns:
        A row of bytes for each stretch.
    """
    if not len(starts):
        return np.empty((0, width), np.uint8)
    stretches = np.ndarray((len(buffer) - width + 1,), f"V{width}", buffer, strides=(1,))
    cut: Bytes = stretches[starts].view(np.uint8).reshape(-1, width)
    return cut


def changes(rows: Bytes, start: int, width: int) -> Mask:
    """Say which rows differ from the row before in one field; the first does.

    Args:
        rows: Bytes, a row for each segment, laid one behind the other.
        start: First position, from 1.
        width: Characters, at least 8.
    """
    changed = np.ones(len(rows), np.bool_)
    if len(rows) < 2:
        return changed
    height, step = rows.shape
    changed[1:] = False
    for place in {*range(0, width - 7, 8), width - 8}:
        eight = np.ndarray((height,), np.uint64, rows, start - 1 + place, (step,)).copy()
        changed[1:] |= eight[1:] != eight[:-1]
    return changed


def whole_numbers(rows: Bytes) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Read rows of digits as whole numbers; -1 where a byte is no digit."""
    value = np.zeros(len(rows), np.int64)
    bad = np.zeros(len(rows), np.bool_)
    for column in rows.T:
        digit = column - _DIGIT
        bad |= digit > 9
        value = value * 10 + digit
    value[bad] = -1
    return value


def text_column(rows: Bytes, start: int, width: int) -> pl.Series:
    """Read one field of every row as text, without blanks around it, null where it is blank.

    Args:
        rows: ASCII bytes, a row for each segment.
        start: First position, from 1.
        width: Characters.
    """
    return _stripped(rows[:, start - 1 : start - 1 + width])


def list_column(rows: Bytes, start: int, width: int, step: int, slots: int) -> pl.Series:
    """Read a field that is given several times as lists of text, blank slots left out."""
    cells, filled = _slots(rows, start, width, step, slots)
    return as_lists(_stripped(cells[filled]), filled)


def pair_columns(
    rows: Bytes, start: int, widths: tuple[int, int], slots: int
) -> tuple[pl.Series, pl.Series]:
    """Read two fields that are given several times side by side as lists of the same length.

    Args:
        rows: ASCII bytes, a row for each segment.
        start: First position of the first slot.
        widths: Characters of the first and of the second field.
        slots: How often both are given.

    Returns:
        The lists; a slot in which both are blank is left out, in others the blank one is null.
    """
    cells, filled = _slots(rows, start, sum(widths), sum(widths), slots)
    both = cells[filled]
    first, second = both[:, : widths[0]], both[:, widths[0] :]
    return (
        as_lists(_stripped(first), filled),
        as_lists(_stripped(second), filled),
    )


def as_lists(values: pl.Series, filled: Mask) -> pl.Series:
    """Put the values of filled slots into one list a row."""
    offsets = np.zeros(len(filled) + 1, np.int64)
    for slot in filled.T:
        offsets[1:] += slot
    np.cumsum(offsets, out=offsets)
    places = pa.Array.from_buffers(pa.int64(), len(offsets), [None, pa.py_buffer(offsets)])
    texts = values.to_arrow(compat_level=pl.CompatLevel.newest())
    lists = pa.LargeListArray.from_arrays(places, texts)
    return pl.Series(pl.from_arrow(lists), dtype=pl.List(pl.String()))


def _slots(rows: Bytes, start: int, width: int, step: int, slots: int) -> tuple[Bytes, Mask]:
    """Cut out the slots of a field up to the last that any row fills, and say which are filled."""
    part = rows[:, start - 1 : start - 1 + step * slots]
    filled = np.zeros((len(rows), slots), np.bool_, order="F")
    for slot in range(slots):
        for place in range(width):
            filled[:, slot] |= part[:, slot * step + place] != BLANK
    while slots > 1 and not filled[:, slots - 1].any():
        slots -= 1
    cells = np.ascontiguousarray(part[:, : step * slots]).reshape(len(rows), slots, step)
    return cells[:, :, :width], filled[:, :slots]


def _stripped(cells: Bytes) -> pl.Series:
    """Read a matrix of ASCII bytes as text without blanks around it, null where there is nothing else.

    Fields are filled from the left, so that most need no more than their length; those that begin with a blank are
    stripped one by one.
    """
    height, width = cells.shape
    while width and not (cells[:, width - 1] != BLANK).any():
        width -= 1
    if not width:
        return pl.repeat(None, height, dtype=pl.String, eager=True)
    first = cells[:, 0] != BLANK
    if width > _INLINE or (not first.all() and _indented(cells, first)):
        return _bare(cells[:, :width])
    views = np.zeros((height, _INLINE + 4), np.uint8)
    views[:, 4 : 4 + width] = cells[:, :width]
    if first.all() and (cells[:, width - 1] != BLANK).all():
        views[:, 0] = width
        return _viewed(views, None)
    length = first.astype(np.uint8)
    for place in range(1, width):
        length = np.where(cells[:, place] != BLANK, np.uint8(place + 1), length)
    views[:, 0] = length
    for place in range(width):
        views[:, 4 + place] *= length > place
    return _viewed(views, length > 0)


def _viewed(views: Bytes, filled: Mask | None) -> pl.Series:
    """Read short texts laid out as Arrow's views: four bytes of length, twelve of text."""
    valid = None if filled is None else pa.py_buffer(np.packbits(filled, bitorder="little"))
    texts = pa.Array.from_buffers(pa.string_view(), len(views), [valid, pa.py_buffer(views)])
    return pl.Series(texts)


def _indented(cells: Bytes, first: Mask) -> bool:
    """Say whether a text stands behind a blank."""
    return any((~first & (column != BLANK)).any() for column in cells.T[1:])


def _bare(cells: Bytes) -> pl.Series:
    data = np.ascontiguousarray(cells)
    height, width = data.shape
    offsets = np.arange(0, (height + 1) * width, width, dtype=np.int64)
    texts = pa.LargeStringArray.from_buffers(height, pa.py_buffer(offsets), pa.py_buffer(data))
    bare = pl.col("t").str.strip_chars()
    frame = pl.DataFrame({"t": pl.Series(pl.from_arrow(texts))})
    return frame.select(pl.when(bare != "").then(bare)).to_series()
