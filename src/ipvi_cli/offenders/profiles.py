"""What each person's history comes to: counts of distinct events, victims, variety, span and severity."""

from __future__ import annotations

import polars as pl

from ipvi_cli.model.offending import HIDDEN, OFFENDER_SCHEMA
from ipvi_cli.offenders.levels import DOERS

_COUNTS = {
    "incidents": (pl.col("kind") == "incident") & (pl.col("role") == "offender"),
    "arrests": pl.col("kind") == "arrest",
    "charges": pl.col("kind") == "charge",
    "convictions": pl.col("kind") == "conviction",
    "orders": pl.col("kind") == "order",
    "violations": pl.col("kind") == "violation",
}


def profiles(
    events: pl.DataFrame,
    couples: pl.DataFrame,
    placed: pl.DataFrame,
    charged: pl.DataFrame,
    harm: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Put counts, variety, span and severity beside each person's level.

    Args:
        events: ``EVENT_SCHEMA``.
        couples: ``COUPLE_SCHEMA``.
        placed: Levels, as ``place`` gives them.
        charged: Charge events of intimate partner violence.
        harm: ``person_id``, ``harm``, ``harm_unweighted``, where weights are given.

    Returns:
        ``OFFENDER_SCHEMA``, by person. ``diversity`` is Shannon's index (natural logarithm) of the groups of offences
        over the person's events; ``days_between`` the median gap between intimate partner incidents; ``escalations``
        how often the severity of one was higher than of the one before. A victim of a partner who offends elsewhere is
        marked, and is not called chronic.
    """
    # An event whose actor's age is unknown is history all the same; whatever else is left out is none.
    mine = events.filter(pl.col("left_out").is_null() | (pl.col("left_out") == "age_unknown"))
    partner = pl.col("relationship_class") == "intimate_partner"
    reports = mine.filter(_COUNTS["incidents"] & partner)
    counts = mine.group_by("person_id").agg(
        *(test.sum().cast(pl.Int64).alias(name) for name, test in _COUNTS.items()),
        (_COUNTS["incidents"] & partner).sum().cast(pl.Int64).alias("ipv_incidents"),
        *(
            pl.col("date").filter(pl.col("role").is_in(DOERS)).min().alias("first_date"),
            pl.col("date").filter(pl.col("role").is_in(DOERS)).max().alias("last_date"),
        ),
        *(
            pl.col(name).filter(_COUNTS["incidents"]).sum().cast(pl.Int64).alias(name)
            for name in ("on_supervision", "under_order")
        ),
    )
    told = [bool(events[name].is_not_null().any()) for name in ("on_supervision", "under_order")]
    blank = [
        pl.lit(None, pl.Int64).alias(name)
        for name, known in zip(("on_supervision", "under_order"), told, strict=True)
        if not known
    ]
    joined = placed.join(counts.with_columns(blank), on="person_id", how="left")
    victims = couples.filter(partner, pl.col("left_out").is_null()).group_by(
        pl.col("offender_person").alias("person_id")
    )
    own = charged.filter(pl.col("standing") == "stated").group_by("person_id")
    parts = [
        victims.agg(pl.col("victim_person").n_unique().cast(pl.Int64).alias("victims")),
        own.agg(pl.len().cast(pl.Int64).alias("ipv_charges")),
        _variety(mine),
        _course(reports),
        _harmed(events),
    ]
    for part in parts:
        joined = joined.join(part, on="person_id", how="left")
    if harm is None:
        empty = {"harm": pl.Float64, "harm_unweighted": pl.Int64}
        joined = joined.with_columns(pl.lit(None, kind).alias(n) for n, kind in empty.items())
    else:
        joined = joined.join(harm, on="person_id", how="left")
    whole = [*_COUNTS, "ipv_incidents", "victims", "ipv_charges", "categories"]
    also = pl.col("also_victim").fill_null(False)
    return (
        joined.with_columns(pl.col(whole).fill_null(0), also.alias("also_victim"))
        .with_columns(
            (pl.col("level").is_in(["A", "B"]) & ~pl.col("also_victim")).alias("chronic"),
            (pl.col("last_date") - pl.col("first_date")).dt.total_days().alias("active_days"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in OFFENDER_SCHEMA.items())
        .sort("person_id")
    )


def _variety(mine: pl.DataFrame) -> pl.DataFrame:
    """Count the groups of offences over distinct events, an arrest and its incident being one."""
    groups = (
        mine.filter(pl.col("role") != "victim")
        .select("person_id", "event", group="groups")
        .explode("group")
        .drop_nulls()
        .unique()
    )
    shares = groups.group_by("person_id", "group").agg(pl.len().alias("n"))
    part = pl.col("n") / pl.col("n").sum()
    return (
        shares.sort("person_id", "group")
        .group_by("person_id", maintain_order=True)
        .agg(
            pl.col("group").alias("groups"),
            pl.len().cast(pl.Int64).alias("categories"),
            # Adding nothing keeps the index of one group from being written as a negative zero.
            (-(part * part.log()).sum() + 0.0).alias("diversity"),
        )
    )


def _course(reports: pl.DataFrame) -> pl.DataFrame:
    """Follow the severity of intimate partner incidents and the days between them."""
    gaps = pl.col("date").drop_nulls().unique().sort().diff().dt.total_days()
    severity = pl.col("severity").drop_nulls()
    return (
        reports.sort("person_id", "date", "event")
        .group_by("person_id")
        .agg(
            gaps.median().alias("days_between"),
            severity.alias("severity_sequence"),
            severity.max().alias("severity_highest"),
            (severity.diff() > 0).sum().cast(pl.Int64).alias("escalations"),
        )
    )


def _harmed(events: pl.DataFrame) -> pl.DataFrame:
    """Name who was the victim of a partner too."""
    partner = pl.col("relationship_class") == "intimate_partner"
    hurt = (
        (pl.col("role") == "victim") & partner & ~pl.col("left_out").is_in(HIDDEN).fill_null(False)
    )
    return (
        events.filter(hurt)
        .select(pl.col("person_id").unique())
        .with_columns(pl.lit(True).alias("also_victim"))
    )
