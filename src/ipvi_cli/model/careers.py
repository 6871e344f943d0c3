"""What the histories of persons are to whoever counts them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Careers:
    """Histories of linked persons, as a workspace holds them.

    Attributes:
        offenders: ``OFFENDER_SCHEMA``, at the strict threshold.
        events: ``EVENT_SCHEMA``, at the strict threshold.
        couples: ``COUPLE_SCHEMA``, at the strict threshold.
        criteria: Name of the criteria of the levels.
        as_of: The last day that was looked at, as text; ``None`` for all that was delivered.
        thresholds: Least probability of a link, strict and loose; ``None`` where it is not told.
    """

    offenders: pl.LazyFrame
    events: pl.LazyFrame
    couples: pl.LazyFrame
    criteria: str
    as_of: str | None = None
    thresholds: tuple[float, float] | None = None
