"""Histories, levels and counts of one part of the persons, and of all parts together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ipvi_cli.offenders.aggregates import (
    left_out_counts,
    level_counts,
    markers,
    reason_counts,
    what_if,
)
from ipvi_cli.offenders.charges import charge_events, uncounted_priors
from ipvi_cli.offenders.criteria import Criteria
from ipvi_cli.offenders.events import Histories
from ipvi_cli.offenders.harm import Weights, harm_of
from ipvi_cli.offenders.levels import Extent, place
from ipvi_cli.offenders.profiles import profiles


@dataclass(frozen=True)
class Part:
    """What one part of the persons comes to.

    Attributes:
        offenders: ``OFFENDER_SCHEMA``.
        levels: Persons of each level.
        reasons: Persons of each level and reason.
        left_out: Events that raised nobody, by reason.
        what_if: Persons of each level under neighbouring criteria.
        markers: Prevalence of grave markers.
        priors: ``persons`` and ``events``: priors under a domestic section that could not count.
        unweighted: Offences without a weight; ``None`` without weights.
    """

    offenders: pl.DataFrame
    levels: pl.DataFrame
    reasons: pl.DataFrame
    left_out: pl.DataFrame
    what_if: pl.DataFrame
    markers: pl.DataFrame
    priors: pl.DataFrame
    unweighted: pl.DataFrame | None


def assess_part(
    found: Histories,
    criteria: Criteria,
    extent: Extent,
    *,
    strangled: pl.DataFrame | None = None,
    weights: Weights | None = None,
) -> Part:
    """Place the persons of a part and count.

    Args:
        found: Their histories.
        criteria: The criteria in force.
        extent: What the delivery can show.
        strangled: ``incident_id``, ``strangulation``, where a column tells of it.
        weights: Harm weights, where they are given.
    """
    events = found.events
    charged = charge_events(events, criteria, charges_delivered=extent.charges)
    unweighted = None if weights is None else harm_of(events, weights)[1]
    offenders = profile_part(found, criteria, extent, weights)
    priors = uncounted_priors(events, charged, criteria)
    counts = {"persons": [priors["person_id"].n_unique()], "events": [priors.height]}
    return Part(
        offenders,
        level_counts(offenders),
        reason_counts(offenders),
        left_out_counts(events),
        what_if(events, criteria, extent),
        markers(events, found.couples, offenders, strangled),
        pl.DataFrame(counts, schema={"persons": pl.Int64, "events": pl.Int64}),
        unweighted,
    )


def profile_part(
    found: Histories, criteria: Criteria, extent: Extent, weights: Weights | None = None
) -> pl.DataFrame:
    """Place the persons of a part, and count nothing: ``OFFENDER_SCHEMA``; arguments as for ``assess_part``."""
    events = found.events
    charged = charge_events(events, criteria, charges_delivered=extent.charges)
    harm = None if weights is None else harm_of(events, weights)[0]
    placed = place(events, criteria, extent)
    return profiles(events, found.couples, placed, charged, harm)


def together(parts: Sequence[Part]) -> Part:
    """Add the counts of parts up; no person is in two."""

    def added(name: str, *keys: str) -> pl.DataFrame:
        frames: list[pl.DataFrame] = [getattr(part, name) for part in parts]
        numbers = [
            n for n, dtype in frames[0].schema.items() if dtype == pl.Int64 and n not in keys
        ]
        if not keys:
            return pl.concat(frames).select(pl.all().sum())
        grouped = pl.concat(frames).group_by(*keys, maintain_order=True)
        # A sum of nothing but blanks is blank: nothing tells of it in any part.
        blank = [
            pl.when(pl.col(n).is_not_null().any()).then(pl.col(n).sum()).alias(n) for n in numbers
        ]
        rest = [n for n in frames[0].columns if n not in {*numbers, *keys}]
        return grouped.agg(*blank, *(pl.col(n).max() for n in rest)).select(frames[0].columns)

    weighted = parts[0].unweighted is not None
    return Part(
        pl.concat([part.offenders for part in parts]).sort("person_id"),
        added("levels", "level"),
        added("reasons", "level", "reason").sort("level", "reason"),
        added("left_out", "reason"),
        added("what_if", "charges_for_b", "look_back"),
        added("markers", "marker").with_columns(
            pl.when(pl.col("known").is_null()).then("needs").alias("needs")
        ),
        added("priors"),
        added("unweighted", "code") if weighted else None,
    )
