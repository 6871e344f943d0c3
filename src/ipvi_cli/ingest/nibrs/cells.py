"""Columns of text cut out of fixed-width bytes, without a step per row."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

BLANK: Final = 32
_SINGLE: Final = pl.Series([None if code <= BLANK else chr(code) for code in range(128)])
"""Text of each ASCII character, null for blanks."""


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
    cut: Bytes = np.lib.stride_tricks.sliding_window_view(buffer, width)[starts]
    return cut


def text_column(rows: Bytes, start: int, width: int) -> pl.Series:
    """Read one field of every row as text, without blanks around it, null where it is blank.

    Args:
        rows: ASCII bytes, a row for each segment.
        start: First position, from 1.
        width: Characters.
    """
    part = rows[:, start - 1 : start - 1 + width]
    if len(rows) and not (part != BLANK).any():
        return pl.repeat(None, len(rows), dtype=pl.String, eager=True)
    if width == 1:
        return _SINGLE.gather(pl.Series(np.ascontiguousarray(part[:, 0])).cast(pl.UInt32))
    return _stripped(part)


def list_column(rows: Bytes, start: int, width: int, step: int, slots: int) -> pl.Series:
    """Read a field that is given several times as lists of text, blank slots left out."""
    cells = _slots(rows, start, step, slots)[:, :, :width]
    filled = (cells != BLANK).any(axis=2)
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
    cells = _slots(rows, start, sum(widths), slots)
    filled = (cells != BLANK).any(axis=2)
    both = cells[filled]
    first, second = both[:, : widths[0]], both[:, widths[0] :]
    return (
        as_lists(_stripped(first), filled),
        as_lists(_stripped(second), filled),
    )


def as_lists(values: pl.Series, filled: Mask) -> pl.Series:
    """Put the values of filled slots into one list a row."""
    offsets = np.zeros(len(filled) + 1, np.int64)
    np.cumsum(filled.sum(axis=1), out=offsets[1:])
    lists = pa.LargeListArray.from_arrays(pa.array(offsets), values.to_arrow())
    return pl.Series(pl.from_arrow(lists), dtype=pl.List(pl.String()))


def _slots(rows: Bytes, start: int, step: int, slots: int) -> Bytes:
    part = rows[:, start - 1 : start - 1 + step * slots]
    return np.ascontiguousarray(part).reshape(len(rows), slots, step)


def _texts(cells: Bytes) -> pl.Series:
    """Read a matrix of ASCII bytes as one text a row."""
    data = np.ascontiguousarray(cells)
    height, width = data.shape
    if not height:
        return pl.Series(dtype=pl.String)
    offsets = np.arange(0, (height + 1) * width, width, dtype=np.int64)
    texts = pa.LargeStringArray.from_buffers(height, pa.py_buffer(offsets), pa.py_buffer(data))
    return pl.Series(pl.from_arrow(texts))


def _stripped(cells: Bytes) -> pl.Series:
    """Read a matrix of ASCII bytes as text without blanks around it, null where there is nothing else.

    Fields are filled from the left, so that those that fill their width need no stripping.
    """
    texts = _texts(cells)
    if not texts.len() or not (np.any(cells[:, 0] == BLANK) or np.any(cells[:, -1] == BLANK)):
        return texts
    bare = pl.col("t").str.strip_chars()
    return texts.alias("t").to_frame().select(pl.when(bare != "").then(bare)).to_series()
