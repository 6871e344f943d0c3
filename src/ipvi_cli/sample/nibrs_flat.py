"""Segments of a NIBRS flat file, written from plain frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ipvi_cli.model.nibrs_layout import HEADER, LAYOUT, LENGTHS, NUMBER, Field

_LEVELS: Final = tuple(LAYOUT)


def segment_lines(level: str, segments: pl.DataFrame, *, length: int | None = None) -> pl.DataFrame:
    """Write the segments of one level.

    Args:
        level: Name of the level, as in ``LAYOUT``.
        segments: A row for each segment: ``action``, ``submission_month``, ``submission_year``, ``ori``,
            ``incident_number`` (blank in Group B arrests) and any of the level's elements as text, those with several
            slots as lists.
        length: Which of the level's record lengths; by default the longest that is not for federal agencies.

    Returns:
        ``line``, without line ends, beside the columns given.
    """
    number = _LEVELS.index(level)
    long = length or _usual(LENGTHS[number])
    fields = {
        "_length": (Field(1, 4), pl.lit(f"{long:04d}")),
        "_level": (Field(5, 1), pl.lit(str(number))),
        "action": (Field(6, 1), pl.col("action")),
        **{name: (Field(*place), pl.col(name)) for name, place in HEADER.items()},
    }
    if number != 7:
        fields["incident_number"] = (Field(*NUMBER["incident_number"]), pl.col("incident_number"))
    cells = sorted(
        [(at.start, at.width, text) for at, text in fields.values()]
        + [
            cell
            for name, at in LAYOUT[level].items()
            if name in segments.columns
            for cell in _cells(name, at, segments)
        ],
        key=lambda cell: cell[0],
    )
    parts: list[pl.Expr] = []
    end = 1
    for start, width, text in cells:
        if start + width - 1 > long:
            continue
        if start > end:
            parts.append(pl.lit(" " * (start - end)))
        parts.append(text.fill_null("").str.slice(0, width).str.pad_end(width))
        end = start + width
    line = pl.concat_str(parts).str.pad_end(long).alias("line")
    return segments.with_columns(line)


def submission_bytes(segments: Mapping[str, pl.DataFrame], *, line_end: str = "\r\n") -> bytes:
    """Write a submission: the segments of each report together, by level.

    Args:
        segments: Frames by level as for ``segment_lines``, with ``report``, the number of the report.
        line_end: What ends each line.

    Returns:
        The flat file.
    """
    lines = [
        segment_lines(level, frame).select("report", "line", level=pl.lit(_LEVELS.index(level)))
        for level, frame in segments.items()
        if frame.height
    ]
    ordered = pl.concat(lines).sort("report", "level", maintain_order=True)
    return "".join(f"{line}{line_end}" for line in ordered["line"]).encode("ascii")


def _usual(lengths: tuple[int, ...]) -> int:
    return lengths[min(1, len(lengths) - 1)] if lengths[0] != 66 else 66


def _cells(name: str, at: Field, segments: pl.DataFrame) -> list[tuple[int, int, pl.Expr]]:
    if not at.step:
        return [(at.start, at.width, pl.col(name))]
    most = segments[name].list.len().max()
    return [
        (
            at.start + at.step * slot,
            at.width,
            pl.col(name).list.get(slot, null_on_oob=True),
        )
        for slot in range(most if isinstance(most, int) else 0)
    ]
