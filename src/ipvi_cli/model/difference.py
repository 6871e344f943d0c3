"""What changed between two deliveries of a jurisdiction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

DIFFERENCE_SCHEMA: Final[dict[str, pl.DataType]] = {
    "kind": pl.String(),
    "table": pl.String(),
    "column": pl.String(),
    "what": pl.String(),
    "old": pl.Float64(),
    "new": pl.Float64(),
    "measure": pl.Float64(),
    "threshold": pl.Float64(),
    "drift": pl.Boolean(),
}
"""One row for each difference. ``kind`` is ``column``, ``rows``, ``changed``, ``word``, ``shift``, ``month`` or
``headline``; ``table`` is a canonical table, for ``column`` a source; ``measure`` is what is held against
``threshold``: a share, or the population stability index of a ``shift``."""

WORD_ROWS: Final = 11
WORD_INCIDENTS: Final = 3
"""A word that fewer rows or incidents hold may name a person, and is not shown unless asked for."""


def differences(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """Make a frame of differences.

    Args:
        rows: Values in the order of ``DIFFERENCE_SCHEMA``.
    """
    return pl.DataFrame(rows, schema=DIFFERENCE_SCHEMA, orient="row")
