"""What each column looks like, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ipvi_cli.onboard.doubts import doubts
from ipvi_cli.onboard.guess import Candidate, Column
from ipvi_cli.onboard.shape import Placed, Shape
from ipvi_cli.onboard.sources import direction_of

GUESSES: Final[dict[str, pl.DataType]] = {
    "file": pl.String(),
    "column": pl.String(),
    "type": pl.String(),
    "filled": pl.Float64(),
    "distinct": pl.Int64(),
    "key": pl.String(),
    "date_order": pl.String(),
    "table": pl.String(),
    "canonical": pl.String(),
    "status": pl.String(),
    "score": pl.Float64(),
    "evidence": pl.String(),
    "question": pl.String(),
}
"""Columns of the guesses. ``filled`` is a share of the rows; ``key`` is ``unique``, ``near-unique`` or empty;
``date_order`` says which of day and month is written first (``unknown``: no date tells). ``status`` is ``mapped``,
``mapped_asked`` (mapped, with a question), ``asked`` (not mapped, with a question; ``canonical`` is then what it looks
like) or ``unused``."""


def guesses(shapes: Sequence[Shape]) -> pl.DataFrame:
    """Say what each column looks like.

    Args:
        shapes: How files feed the canonical tables, those that feed none included.

    Returns:
        ``GUESSES``: one row for each source column and each canonical column that it feeds.
    """
    rows = [row for shape in shapes for row in _rows(shape)]
    return pl.DataFrame(rows, schema=GUESSES, orient="row")


def _rows(shape: Shape) -> list[tuple[object, ...]]:
    opened = {column.name: (candidate, why) for column, candidate, why in shape.open}
    rows: list[tuple[object, ...]] = []
    for column in shape.columns:
        facts = _facts(shape, column)
        mine = [one for one in shape.placed if _reads(one, column)]
        if not mine:
            rows.append((*facts, *_unmapped(column, opened.get(column.name))))
        for one in mine:
            asked = " ".join(doubt.text for doubt in doubts(one, direction_of(one)))
            status = "mapped_asked" if asked else "mapped"
            sure = (one.candidate.score, one.candidate.evidence, asked or None)
            rows.append((*facts, one.table, one.column, status, *sure))
    return rows


def _facts(shape: Shape, column: Column) -> tuple[object, ...]:
    values = column.values
    key = "unique" if values.unique else "near-unique" if values.near_unique else None
    order = values.date_order if values.type == "date" else None
    share = round(values.filled_share, 4)
    return shape.file.file, column.name, values.type, share, values.distinct, key, order


def _reads(one: Placed, column: Column) -> bool:
    if column.name in (one.source.name, *one.joined):
        return True
    template = column.header.template
    return (
        one.repeat > 1 and template != "" and template in (one.source.header.template, *one.joined)
    )


def _unmapped(column: Column, asked: tuple[Candidate, str] | None) -> tuple[object, ...]:
    if asked is not None:
        candidate, why = asked
        return None, candidate.concept, "asked", candidate.score, candidate.evidence, why
    best = column.candidates[0] if column.candidates else None
    if best is None:
        return None, None, "unused", None, None, None
    return None, None, "unused", best.score, f"{best.concept}? {best.evidence}", None
