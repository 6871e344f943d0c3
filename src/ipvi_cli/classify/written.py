"""Pairs as they are kept: identifiers, the outcome, and ages under 18."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.classify.cases import Settled, outcomes
from ipvi_cli.classify.pairs import NOWHERE, PERSONS, Paired
from ipvi_cli.model.finding import Frames

PAIR_COLUMNS: Final = (
    "pair_id", "incident_id", "victim_id", "offender_id", "relationship_raw", "relationship_class", "tie",
    "partner_status", "basis", "rule", "reason", "candidates", "evidence", "conflict", "nibrs_code",
    "victim_under_18", "offender_under_18",
)  # fmt: skip
"""Columns of ``pairs.parquet``."""


def write_pairs(tables: Frames, paired: Paired, settled: Settled) -> pl.LazyFrame:
    """Give the pairs their identifiers and what they come to.

    Args:
        tables: Canonical tables.
        paired: The pairs.
        settled: What they come to.

    Returns:
        ``PAIR_COLUMNS``, in the order of the pairs.
    """
    pairs = paired.pairs
    incident = tables["incident"].select("incident_id").collect(engine="streaming").to_series()
    named = {
        f"{name}_id": _names(tables, name).gather(_row(paired.people[name], pairs[name]))
        for name in PERSONS
    }
    result = outcomes(settled.decisions)
    frame = pl.DataFrame({"incident_id": incident.gather(pairs["incident"]), **named})
    frame = frame.with_columns(_pair_id()).hstack(result.select(pl.all().gather(settled.of_pair)))
    return frame.hstack(settled.under_18).select(PAIR_COLUMNS).lazy()


def _row(people: pl.DataFrame, place: pl.Series) -> pl.Series:
    rows = people["row"].gather(place)
    return rows.set(rows == NOWHERE, None)


def _names(tables: Frames, name: str) -> pl.Series:
    column = f"{name}_id"
    have = [tables[table] for table in (name, "relationship") if table in tables]
    ids = [frame.select(column).collect(engine="streaming").to_series() for frame in have]
    return pl.concat(ids) if ids else pl.Series(column, [], pl.String)


def _pair_id() -> pl.Expr:
    """Name a pair by its victim and what tells its offender from others of the incident."""
    offender = pl.col("offender_id").str.split(":").list.last()
    victim = pl.coalesce("victim_id", pl.concat_str("incident_id", pl.lit(":V?")))
    return pl.concat_str(victim, pl.lit("|"), offender.fill_null("O?")).alias("pair_id")
