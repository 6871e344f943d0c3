"""Every record of the persons who are looked at: reports, arrests, charges, orders, notices and priors."""

from __future__ import annotations

import polars as pl

from ipvi_cli.model.finding import Frames
from ipvi_cli.offenders.rows import (
    Persons,
    counted,
    days_of,
    is_unfounded,
    of_persons,
    shaped,
    unsealed_words,
)

_AGENCY = pl.coalesce("agency", pl.col("incident_id").str.split(":").list.first()).alias("_agency")


def arrests_of(tables: Frames, persons: Persons) -> pl.DataFrame:
    """Give the arrests of the persons, by their own record or else as the offender whom the row names.

    Returns:
        The columns of ``arrest`` that are read, ``person_id`` and ``match_probability``.
    """
    by_record = of_persons(tables, "arrest", persons)
    named = persons.whose("arrest", own=False).select("record_id")
    offenders = counted(tables, "offender").select("record_id", "offender_id")
    whose = offenders.join(persons.whose("offender"), on="record_id").drop("record_id")
    by_offender = (
        counted(tables, "arrest")
        .join(named, on="record_id", how="anti")
        .join(whose.unique(), on="offender_id", how="inner")
        .collect(engine="streaming")
    )
    return pl.concat([by_record, by_offender.select(by_record.columns)]).sort("record_id")


def charges_of(
    tables: Frames, persons: Persons, arrests: pl.DataFrame, alone: pl.DataFrame
) -> pl.DataFrame:
    """Give the charges of the persons, by their own record, or of the arrest that they belong to.

    Args:
        tables: Canonical tables.
        persons: Which record is of which person.
        arrests: Arrests of the persons.
        alone: ``incident_id`` and ``person_id`` of the incidents in which one person only was arrested.

    Returns:
        The columns of ``charge`` that are read, ``person_id``, ``match_probability``, and of the arrest under the same
        number ``arrest_event``, ``arrest_on`` and ``arrest_incident``, null without one.
    """
    keys = _arrest_keys(arrests)
    rows = of_persons(tables, "charge", persons).with_columns(_AGENCY)
    named = persons.whose("charge", own=False).select("record_id")
    strays = counted(tables, "charge").join(named, on="record_id", how="anti")
    strays = strays.with_columns(_AGENCY)
    by_number = strays.join(
        keys.select("_agency", "arrest_number", "person_id", "match_probability").lazy(),
        on=["_agency", "arrest_number"],
        how="inner",
    ).collect(engine="streaming")
    by_incident = (
        strays.filter(pl.col("arrest_number").is_null())
        .join(alone.lazy(), on="incident_id", how="inner")
        .collect(engine="streaming")
    )
    every = pl.concat([rows, *(one.select(rows.columns) for one in (by_number, by_incident))])
    mine = keys.drop("match_probability")
    joined = every.join(
        mine, on=["_agency", "arrest_number", "person_id"], how="left", maintain_order="left"
    )
    return joined.sort("record_id")


def _arrest_keys(arrests: pl.DataFrame) -> pl.DataFrame:
    """Give the arrest numbers that are of one person alone, with the event that the arrest is."""
    event = pl.coalesce("incident_id", pl.col("arrested_on").cast(pl.String))
    grouped = (
        arrests.with_columns(_AGENCY, event.alias("arrest_event"))
        .filter(pl.col("arrest_number").is_not_null())
        .group_by("_agency", "arrest_number")
        .agg(
            pl.col("person_id", "match_probability", "arrest_event").first(),
            pl.col("arrested_on").min().alias("arrest_on"),
            pl.col("incident_id").first().alias("arrest_incident"),
            pl.col("person_id").n_unique().alias("_persons"),
        )
    )
    return grouped.filter(pl.col("_persons") == 1).drop("_persons")


def read_records(
    tables: Frames, persons: Persons, arrests: pl.DataFrame, charges: pl.DataFrame
) -> pl.DataFrame:
    """Bring every record of the persons into one shape.

    Args:
        tables: Canonical tables.
        persons: Which record is of which person.
        arrests: Arrests of the persons.
        charges: Charges of the persons, with their arrests.

    Returns:
        Columns of ``ROW``; offences that the record itself does not name are those of its incident, and blank here.
    """
    offenders = of_persons(tables, "offender", persons)
    offenders = offenders.filter(~pl.col("offender_unknown").fill_null(False))
    victims = of_persons(tables, "victim", persons)
    parts = [
        _reports(offenders, "offender"),
        _reports(victims, "victim"),
        _arrests(arrests),
        _charges(charges),
        _convictions(charges),
        *_orders(of_persons(tables, "order", persons, part="respondent")),
        _priors(of_persons(tables, "history", persons)),
        _notices(of_persons(tables, "notification", persons)),
    ]
    rows = pl.concat(parts)
    days = days_of(tables, rows["incident_id"].drop_nulls()).rename(
        {"date": "_date", "known_on": "_known"}
    )
    dated = rows.join(days, on="incident_id", how="left", maintain_order="left")
    return dated.with_columns(
        pl.coalesce("date", "_date").alias("date"),
        pl.coalesce("known_on", "_known", "date").alias("known_on"),
    ).drop("_date", "_known")


def _reports(rows: pl.DataFrame, role: str) -> pl.DataFrame:
    return shaped(
        rows, kind="incident", role=role, event=pl.col("incident_id"), record_table=role,
        sealed=pl.lit(False),
    )  # fmt: skip


def _arrests(rows: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("arrested_on")
    own = pl.format("arrest {}", "record_id")
    return shaped(
        rows, kind="arrest", role="arrestee", date=day, known_on=day, record_table="arrest",
        event=pl.coalesce("incident_id", day.cast(pl.String), own),
        sealed=pl.col("sealed").fill_null(False),
    )  # fmt: skip


def _charge_event() -> pl.Expr:
    own = pl.format("charge {}", "record_id")
    day = pl.col("charged_on").cast(pl.String)
    return pl.coalesce("incident_id", "arrest_event", day, own)


def _in_use() -> pl.Expr:
    return ~pl.col("sealed").fill_null(False) & unsealed_words(pl.col("disposition_raw"))


def _charges(rows: pl.DataFrame) -> pl.DataFrame:
    return shaped(
        rows, kind="charge", role="defendant", record_table="charge", event=_charge_event(),
        date=pl.coalesce("arrest_on", "charged_on"), known_on=pl.col("charged_on"),
        incident_id=pl.coalesce("incident_id", "arrest_incident"),
        sealed=~_in_use(), unfounded=is_unfounded(pl.col("disposition_raw")),
    )  # fmt: skip


def _convictions(rows: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("disposed_on")
    return shaped(
        rows.filter(pl.col("disposition") == "convicted"),
        kind="conviction", role="defendant", record_table="charge", event=_charge_event(),
        date=day, known_on=day, incident_id=pl.coalesce("incident_id", "arrest_incident"),
        sealed=~_in_use(),
    )  # fmt: skip


def _orders(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    own = pl.format("order {}", "record_id")
    common = {
        "role": "respondent", "record_table": "order", "event": own, "sealed": pl.lit(False),
        "birth_date": pl.col("respondent_birth_date"), "incident_id": pl.lit(None),
    }  # fmt: skip
    issued, violated = pl.col("issued_on"), pl.col("violated_on")
    return (
        shaped(rows, kind="order", date=issued, known_on=issued, **common),
        shaped(
            rows.filter(violated.is_not_null()), kind="violation", date=violated,
            known_on=violated, **common,
        ),
    )  # fmt: skip


def _priors(rows: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("happened_on")
    role = pl.when(pl.col("event_kind") == "arrest").then(pl.lit("arrestee"))
    own = pl.format("history {}", "record_id")
    return shaped(
        rows.filter(pl.col("event_kind").is_in(["arrest", "charge", "conviction"])),
        kind=pl.col("event_kind"), role=role.otherwise(pl.lit("defendant")), date=day,
        known_on=day, event=pl.coalesce(day.cast(pl.String), own), record_table="history",
        sealed=~_in_use(), unfounded=is_unfounded(pl.col("disposition_raw")),
    )  # fmt: skip


def _notices(rows: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("notified_on")
    return shaped(
        rows.filter(pl.col("delivered").fill_null(False) & day.is_not_null()),
        kind="notification", role="notified", date=day, known_on=day, record_table="notification",
        event=pl.format("notice {}", "record_id"), sealed=pl.lit(False),
    )  # fmt: skip
