"""Decisions about pairs as a workspace keeps them: ``restricted/decisions.csv``."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from ipvi_cli.review.filled import Filled, unshielded

DECISIONS_SCHEMA: Final[dict[str, pl.DataType]] = {
    "pair_id": pl.String(),
    "incident_id": pl.String(),
    "decision": pl.String(),
    "decided_by": pl.String(),
    "on": pl.String(),
    "note": pl.String(),
}
"""Columns of kept decisions; ``on`` is the day on which a decision was applied."""


def read_decisions(content: bytes) -> pl.DataFrame:
    """Read kept decisions.

    Args:
        content: What ``restricted/decisions.csv`` holds.

    Returns:
        ``DECISIONS_SCHEMA``.
    """
    frame = pl.read_csv(io.BytesIO(content), infer_schema=False).select(*DECISIONS_SCHEMA)
    return frame.with_columns(pl.all().fill_null("").map_elements(unshielded, pl.String))


def merge_decisions(kept: pl.DataFrame, rows: Iterable[Filled], today: date) -> pl.DataFrame:
    """Put new decisions over kept ones.

    Args:
        kept: ``DECISIONS_SCHEMA``.
        rows: Checked rows about pairs, with the incident of each.
        today: Day of the new ones.

    Returns:
        ``DECISIONS_SCHEMA`` by pair; a decision that is there already keeps its day.
    """
    made = {str(row["pair_id"]): row for row in kept.iter_rows(named=True)}
    for row in rows:
        there = made.get(row.pair_id, {})
        said = {"decision": row.decision, "decided_by": row.by, "note": row.note}
        if any(there.get(name) != value for name, value in said.items()):
            made[row.pair_id] = {
                "pair_id": row.pair_id,
                "incident_id": row.incident_id,
                **said,
                "on": today.isoformat(),
            }
    return pl.DataFrame([made[name] for name in sorted(made)], schema=DECISIONS_SCHEMA)
