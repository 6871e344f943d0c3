"""Classified pairs and incidents: what a tie was decided to be, and on what grounds."""

from __future__ import annotations

from typing import Final

import polars as pl

CLASSES: Final = (
    "intimate_partner",
    "other_family",
    "other_domestic",
    "known_not_domestic",
    "stranger",
    "undetermined",
    "not_applicable",
)
"""The classes of pairs and incidents; the first five are determinate."""

TIES: Final = (
    "spouse",
    "common_law",
    "ex_spouse",
    "dating",
    "ex_dating",
    "co_parent",
    "partner_unspecified",
)
"""Kinds of intimate tie; other classes name the family or household kind."""

PARTNER_STATUSES: Final = ("current", "former", "either", "unknown")

PAIR_SCHEMA: Final[dict[str, pl.DataType]] = {
    "pair_id": pl.String(),
    "incident_id": pl.String(),
    "victim_id": pl.String(),
    "offender_id": pl.String(),
    "relationship_raw": pl.String(),
    "relationship_class": pl.String(),
    "tie": pl.String(),
    "partner_status": pl.String(),
    "basis": pl.String(),
    "rule": pl.String(),
    "reason": pl.String(),
    "candidates": pl.List(pl.String()),
    "evidence": pl.List(pl.String()),
    "conflict": pl.List(pl.String()),
    "nibrs_code": pl.String(),
    "victim_under_18": pl.Boolean(),
    "offender_under_18": pl.Boolean(),
}
"""Columns of ``pairs.parquet``, one row for each victim and offender of an incident. ``reason`` is set for
undetermined and not applicable pairs, ``rule`` for every decided one; ``relationship_raw`` holds mapped words only."""

INCIDENT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "incident_id": pl.String(),
    "agency": pl.String(),
    "incident_number": pl.String(),
    "incident_class": pl.String(),
    "reason": pl.String(),
    "in_denominator": pl.Boolean(),
    "mixed": pl.Boolean(),
    "pairs": pl.Int64(),
    "undetermined_unflagged": pl.Boolean(),
    "dv_flag": pl.Boolean(),
}
"""Columns of ``incidents.parquet``, one row for each incident. ``mixed`` says that its pairs are of more than one
determinate class; ``undetermined_unflagged`` that it counts only because its tie may be domestic."""
