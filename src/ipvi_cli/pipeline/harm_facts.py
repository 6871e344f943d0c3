"""What the harm watch of an evaluation looks at: injuries, arrests and victims of incidents between partners."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.evaluate.harm import INCIDENT_SCHEMA, VICTIM_SCHEMA
from ipvi_cli.model.finding import Frames
from ipvi_cli.model.tables import COUNTED_FATES

_NO_INJURY: Final = "N"


def partner_facts(
    tables: Frames, pairs: pl.LazyFrame, persons: pl.LazyFrame, known: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give each incident between partners with what may be harm in it, and its victims.

    Args:
        tables: Canonical tables.
        pairs: Classified pairs.
        persons: ``record_table``, ``record_id``, ``person_id``.
        known: ``incident_id`` and ``date``.

    Returns:
        ``INCIDENT_SCHEMA`` and ``VICTIM_SCHEMA``.
    """
    partners = (
        pairs.filter(pl.col("relationship_class") == "intimate_partner")
        .select("incident_id", "victim_id", "offender_id")
        .unique()
        .collect(engine="streaming")
    )
    days = known.select("incident_id", "date").unique("incident_id").drop_nulls()
    victims = _whose(tables, persons, "victim", "victim_id")
    hurt = _injuries(tables, partners)
    both = _both_arrested(tables, persons, partners, victims)
    incidents = (
        partners.select("incident_id").unique()
        .join(days, on="incident_id")
        .join(hurt, on="incident_id", how="left")
        .join(both, on="incident_id", how="left")
    )  # fmt: skip
    of_victims = (
        partners.join(victims, on=["incident_id", "victim_id"])
        .join(days, on="incident_id")
        .select("incident_id", "date", victim_person="person_id")
    )
    return (
        incidents.select(pl.col(name).cast(kind) for name, kind in INCIDENT_SCHEMA.items()),
        of_victims.select(pl.col(name).cast(kind) for name, kind in VICTIM_SCHEMA.items()),
    )


def _whose(tables: Frames, persons: pl.LazyFrame, table: str, key: str) -> pl.DataFrame:
    own = persons.filter(pl.col("record_table") == table).select("record_id", "person_id")
    rows = tables[table].filter(pl.col("row_fate").is_in(COUNTED_FATES))
    named = rows.join(own, on="record_id", how="inner").select("incident_id", key, "person_id")
    return named.drop_nulls().collect(engine="streaming")


def _injuries(tables: Frames, partners: pl.DataFrame) -> pl.DataFrame:
    rows = tables["victim"].filter(
        pl.col("row_fate").is_in(COUNTED_FATES), pl.col("injury_codes").list.len() > 0
    )
    hurt = pl.col("injury_codes").list.eval(pl.element() != _NO_INJURY).list.any()
    recorded = rows.select("incident_id", "victim_id", hurt.alias("injured")).collect(
        engine="streaming"
    )
    mine = recorded.join(partners, on=["incident_id", "victim_id"], how="semi")
    return mine.group_by("incident_id").agg(pl.col("injured").any())


def _both_arrested(
    tables: Frames, persons: pl.LazyFrame, partners: pl.DataFrame, victims: pl.DataFrame
) -> pl.DataFrame:
    if "arrest" not in tables:
        return pl.DataFrame(schema={"incident_id": pl.String, "both_arrested": pl.Boolean})
    held = _whose(tables, persons, "arrest", "record_id").select("incident_id", "person_id")
    offenders = _whose(tables, persons, "offender", "offender_id")
    couples = (
        partners.join(victims.rename({"person_id": "victim"}), on=["incident_id", "victim_id"])
        .join(offenders.rename({"person_id": "offender"}), on=["incident_id", "offender_id"])
        .select("incident_id", "victim", "offender")
    )
    taken = held.unique().with_columns(taken=pl.lit(True))
    for role in ("victim", "offender"):
        of_role = taken.rename({"person_id": role, "taken": f"{role}_taken"})
        couples = couples.join(of_role, on=["incident_id", role], how="left")
    both = (pl.col("victim_taken") & pl.col("offender_taken")).fill_null(False)
    either = pl.any_horizontal("victim_taken", "offender_taken").fill_null(False)
    return couples.filter(either).group_by("incident_id").agg(both.any().alias("both_arrested"))
