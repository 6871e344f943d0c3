"""Accepted findings: a list of what is known and lived with, so that only what is new fails a check."""

from __future__ import annotations

import polars as pl

from ipvi_cli.model.finding import BASELINE_SCHEMA


def accept(findings: pl.DataFrame, accepted: pl.DataFrame | None) -> pl.DataFrame:
    """Mark the findings that a list holds.

    Args:
        findings: ``FINDING_SCHEMA``.
        accepted: A list with ``finding_id``; ``None`` accepts nothing.
    """
    if accepted is None:
        return findings
    known = accepted["finding_id"].drop_nulls().str.strip_chars().unique()
    return findings.with_columns(pl.col("finding_id").is_in(known.implode()).alias("accepted"))


def baseline(findings: pl.DataFrame, earlier: pl.DataFrame | None = None) -> pl.DataFrame:
    """List findings as accepted.

    Args:
        findings: ``FINDING_SCHEMA``.
        earlier: The list so far, whose notes stay.

    Returns:
        ``BASELINE_SCHEMA``, by rule and identity, so that two lists can be compared line by line.
    """
    known = pl.DataFrame(schema=BASELINE_SCHEMA) if earlier is None else earlier
    notes = known.select("finding_id", "note").unique("finding_id", keep="first")
    return (
        findings.join(notes, on="finding_id", how="left")
        .select(list(BASELINE_SCHEMA))
        .sort("code", "finding_id")
    )
