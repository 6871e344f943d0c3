"""What happened to persons that an evaluation looks at, each outcome apart."""

from __future__ import annotations

from typing import Final

import polars as pl

OUTCOME_SCHEMA: Final[dict[str, pl.DataType]] = {
    "person_id": pl.String(),
    "outcome": pl.String(),
    "event": pl.String(),
    "date": pl.Date(),
    "began": pl.Date(),
}
"""One row for each event that is an outcome. ``began`` is the day of its incident: an arrest after the notice for what
was done before it is no new event."""

_DOERS: Final = ("offender", "arrestee", "defendant", "respondent")


def outcome_events(events: pl.DataFrame, days: pl.DataFrame, injured: pl.DataFrame) -> pl.DataFrame:
    """Pick the events that are outcomes.

    Args:
        events: ``EVENT_SCHEMA``. What raises nobody (dual arrests, unfounded reports and the like) is no outcome
            either; an unknown age does not matter here.
        days: ``incident_id`` and ``date`` of incidents.
        injured: ``incident_id`` and ``person_id`` of offenders of an injured partner.

    Returns:
        ``OUTCOME_SCHEMA``, without ``same_victim``.
    """
    began = days.select("incident_id", pl.col("date").alias("began")).unique("incident_id")
    counted = events.filter(
        pl.col("left_out").is_null() | (pl.col("left_out") == "age_unknown"),
        pl.col("date").is_not_null(),
        pl.col("role").is_in(_DOERS),
    ).join(began, on="incident_id", how="left")
    kind = pl.col("kind")
    partner = (pl.col("relationship_class") == "intimate_partner").fill_null(False)
    arrest = kind == "arrest"
    report = (kind == "incident") & partner
    hurt = injured.select("person_id", "incident_id").unique()
    breach = pl.col("groups").list.contains("order_violation").fill_null(False)
    picked = {
        "ipv_arrest": counted.filter(
            arrest & (partner | (pl.col("statute_basis") == "partner").fill_null(False))
        ),
        "ipv_report": counted.filter(report),
        "injury": counted.filter(report).join(hurt, on=["person_id", "incident_id"], how="semi"),
        "any_arrest": counted.filter(arrest),
        "order_violation": counted.filter(
            (kind == "violation") | (kind.is_in(["incident", "arrest", "charge"]) & breach)
        ),
    }
    named = [frame.with_columns(pl.lit(name).alias("outcome")) for name, frame in picked.items()]
    rows = pl.concat(named).with_columns(pl.coalesce("began", "date").alias("began"))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in OUTCOME_SCHEMA.items()).unique(
        maintain_order=True
    )


def same_victim(follow: pl.DataFrame, couples: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find new reports against a victim whom the person was reported against before the notice.

    Args:
        follow: ``FOLLOW_SCHEMA``.
        couples: ``COUPLE_SCHEMA``.

    Returns:
        The outcomes, ``OUTCOME_SCHEMA``, and ``person_id`` of all of whom such a victim is known.
    """
    partners = couples.filter(
        (pl.col("relationship_class") == "intimate_partner"),
        pl.col("left_out").is_null() | (pl.col("left_out") == "age_unknown"),
        pl.col("date").is_not_null(),
    ).select("victim_person", "incident_id", "date", person_id="offender_person")
    dated = partners.join(follow.select("person_id", "index_on"), on="person_id", how="inner")
    before = dated.filter(pl.col("date") <= pl.col("index_on"))
    again = dated.join(
        before.select("person_id", "victim_person").unique(),
        on=["person_id", "victim_person"],
        how="semi",
    )
    rows = again.select(
        "person_id", pl.lit("same_victim").alias("outcome"), pl.col("incident_id").alias("event"),
        "date", pl.col("date").alias("began"),
    )  # fmt: skip
    return rows.unique(maintain_order=True), before.select("person_id").unique()


def first_after(follow: pl.DataFrame, outcomes: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """Put the day of the first new event after the index beside each person.

    Args:
        follow: ``FOLLOW_SCHEMA``.
        outcomes: ``OUTCOME_SCHEMA``.
        outcome: Which of them.

    Returns:
        ``follow`` with ``first_on``; null without one. The day of the index itself does not count.
    """
    mine = outcomes.filter(pl.col("outcome") == outcome).join(
        follow.select("person_id", "index_on"), on="person_id", how="inner"
    )
    new = mine.filter(
        (pl.col("began") > pl.col("index_on")) & (pl.col("date") > pl.col("index_on"))
    )
    first = new.group_by("person_id").agg(pl.col("date").min().alias("first_on"))
    return follow.join(first, on="person_id", how="left", maintain_order="left")
