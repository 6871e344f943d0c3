"""Charge events of intimate partner violence: which arrests and charges are one, and which priors may count."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.offenders.criteria import Criteria

CHARGE_EVENT: Final = ("person_id", "event", "date", "match_probability", "standing")
"""``standing`` is ``stated`` where the tie is, ``open`` where it may yet be a partner, ``linked`` where only another
incident of the same two tells of it."""

_PRIOR: Final = ("arrest", "charge", "conviction")

_SAME_CASE: Final = {"arrest": 7, "charge": 180, "conviction": 730}
"""Days within which a prior may be a later step of a case that an incident of the extract already counts [R]."""


def counting(criteria: Criteria) -> pl.Expr:
    """Say which events may raise somebody."""
    out = pl.col("left_out")
    if criteria.event.leave_out_unfounded:
        return out.is_null()
    return out.is_null() | (out == "unfounded")


def standing() -> pl.Expr:
    """Say how sure it is that an event was between partners; null where it was not."""
    partner = pl.col("relationship_class") == "intimate_partner"
    return (
        pl.when(partner & ~pl.col("tie_linked_only").fill_null(False))
        .then(pl.lit("stated"))
        .when(partner)
        .then(pl.lit("linked"))
        .when(pl.col("tie_open").fill_null(False))
        .then(pl.lit("open"))
    )


def charge_events(
    events: pl.DataFrame, criteria: Criteria, *, charges_delivered: bool
) -> pl.DataFrame:
    """Find the charge events of intimate partner violence.

    Args:
        events: ``EVENT_SCHEMA``.
        criteria: What counts.
        charges_delivered: Whether the delivery holds charges at all.

    Returns:
        ``CHARGE_EVENT``: arrests and charges of one incident as one event of a person; priors without an incident only
        under confirmed statutes, of the kind (arrest, charge or conviction) that tells of most, and not where they may
        be a later step of a case that is counted already.
    """
    counted = events.filter(counting(criteria))
    court = counted.filter(
        pl.col("kind").is_in(_kinds(criteria, charges_delivered)),
        pl.col("incident_id").is_not_null(),
        standing().is_not_null(),
    )
    report = counted.filter(pl.col("role") == "offender").select(
        "person_id", "event", pl.col("match_probability").alias("_report")
    )
    joined = court.join(report, on=["person_id", "event"], how="left").with_columns(
        pl.min_horizontal("match_probability", "_report").alias("match_probability"),
        standing().alias("standing"),
    )
    ours = joined.group_by("person_id", "event").agg(
        pl.col("date").min(), pl.col("match_probability").max(), pl.col("standing").first()
    )
    return pl.concat([ours.select(CHARGE_EVENT), _priors(counted, ours)]).sort(
        "person_id", "date", "event", nulls_last=True
    )


def _kinds(criteria: Criteria, charges_delivered: bool) -> list[str]:
    alone = criteria.event.arrest_alone_counts
    if alone == "always" or (alone != "never" and not charges_delivered):
        return ["arrest", "charge"]
    return ["charge"]


def uncounted_priors(
    events: pl.DataFrame, charged: pl.DataFrame, criteria: Criteria
) -> pl.DataFrame:
    """Find priors under a section on domestic violence that cannot count, or did not.

    Args:
        events: ``EVENT_SCHEMA``.
        charged: ``CHARGE_EVENT``.
        criteria: What counts.

    Returns:
        ``person_id``, ``event``, one row for each.
    """
    priors = events.filter(
        counting(criteria),
        pl.col("kind").is_in(_PRIOR),
        pl.col("incident_id").is_null(),
        pl.col("statute_basis") == "open",
    )
    rows = priors.select("person_id", "kind", "event").unique()
    return rows.join(charged.select("person_id", "event"), on=["person_id", "event"], how="anti")


def _priors(counted: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    rows = counted.filter(
        pl.col("kind").is_in(_PRIOR),
        pl.col("incident_id").is_null(),
        pl.col("statute_basis") == "partner",
        pl.col("date").is_not_null(),
    ).with_columns(pl.col("kind").replace_strict(_SAME_CASE, return_dtype=pl.Int64).alias("_days"))
    if not rows.height:
        return pl.DataFrame(
            schema=dict(zip(CHARGE_EVENT, ours.select(CHARGE_EVENT).dtypes, strict=True))
        )
    later = (
        rows.select("person_id", "kind", "event", "date", "_days")
        .join(ours.select("person_id", pl.col("date").alias("_case")), on="person_id", how="inner")
        .filter((pl.col("date") - pl.col("_case")).dt.total_days().is_between(0, pl.col("_days")))
    )
    fresh = rows.join(later, on=["person_id", "kind", "event"], how="anti")
    size = pl.len().over("person_id", "kind")
    order = pl.col("kind").replace_strict(
        {name: n for n, name in enumerate(_PRIOR)}, return_dtype=pl.Int64
    )
    chosen = fresh.with_columns(size.alias("_size"), order.alias("_order")).filter(
        pl.col("kind")
        == pl.col("kind")
        .sort_by(["_size", "_order"], descending=[True, False])
        .first()
        .over("person_id")
    )
    return (
        chosen.with_columns(pl.lit("stated").alias("standing"))
        .group_by("person_id", "event")
        .agg(pl.col("date").min(), pl.col("match_probability").max(), pl.col("standing").first())
        .select(CHARGE_EVENT)
    )
