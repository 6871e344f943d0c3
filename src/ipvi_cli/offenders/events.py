"""The history of each person as events, one row for each, and of each couple."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.model.finding import Frames
from ipvi_cli.model.offending import COUPLE_SCHEMA, EVENT_SCHEMA, LEFT_OUT
from ipvi_cli.offenders.groups import group_of, offense_groups
from ipvi_cli.offenders.records import arrests_of, charges_of, read_records
from ipvi_cli.offenders.rows import Persons, counted
from ipvi_cli.offenders.scene import Scene, read_scene

_KEY: Final = ("person_id", "kind", "role", "event")

STATUTE_SCHEMA: Final = {"value": pl.String, "basis": pl.String, "order_violation": pl.Boolean}
"""What each citation as written stands for: ``basis`` is ``partner`` for a confirmed section that protects partners
alone, ``open`` for another section on domestic violence, else null."""


@dataclass(frozen=True)
class Histories:
    """Histories of the persons who were looked at.

    Attributes:
        events: ``EVENT_SCHEMA``, by person, date, kind and event.
        couples: ``COUPLE_SCHEMA``, by offender, victim, date and incident.
    """

    events: pl.DataFrame
    couples: pl.DataFrame


def histories(
    tables: Frames,
    pairs: pl.LazyFrame,
    persons: pl.LazyFrame,
    *,
    statutes: pl.DataFrame | None = None,
    part: tuple[int, int] = (0, 1),
) -> Histories:
    """Bring what all tables say of each person together, and of each couple.

    Args:
        tables: Canonical tables, identifying columns included; only rows of a fate that feeds counts are looked at.
            Give them, and the pairs, as ``seen_by`` leaves them to stand on a past day.
        pairs: Classified pairs.
        persons: ``record_table``, ``record_id``, ``person_id``, ``match_probability``.
        statutes: What citations stand for, ``STATUTE_SCHEMA``; none of them anything where it is left out.
        part: Number of the part and how many parts there are: persons fall into parts by hash, so that any number of
            them is worked through in bounded memory. Every event and couple is in the part of its (offending) person.

    Returns:
        Events and couples; equal for equal input.
    """
    number, parts = part
    share = persons
    if parts > 1:
        share = persons.filter(pl.col("person_id").hash(seed=7) % parts == number)
    own = share.select("record_table", "record_id", "person_id", "match_probability")
    people = Persons(persons, own.collect(engine="streaming"))
    arrests = arrests_of(tables, people)
    scene = read_scene(tables, pairs, people, arrests)
    charges = charges_of(tables, people, arrests, scene.alone)
    rows = read_records(tables, people, arrests, charges)
    if statutes is None:
        statutes = pl.DataFrame(schema=STATUTE_SCHEMA)
    events = _events(rows, scene, statutes)
    events = _beside(events, "on_supervision", _supervised(tables, people))
    events = _beside(events, "under_order", _ordered(tables, people))
    events = events.select(pl.col(name).cast(dtype) for name, dtype in EVENT_SCHEMA.items())
    events = events.sort("person_id", "date", "kind", "role", "event", nulls_last=True)
    return Histories(events, _couples(scene, events))


def _events(rows: pl.DataFrame, scene: Scene, statutes: pl.DataFrame) -> pl.DataFrame:
    rows = rows.join(
        statutes.select(statute="value", basis="basis", order_violation="order_violation"),
        on="statute",
        how="left",
        maintain_order="left",
    )
    rows = _once(rows)
    known = pl.col("offense_code").is_in(offense_groups()["code"].implode())
    code = pl.when(known).then(pl.col("offense_code"))
    born = rows.group_by("person_id").agg(pl.col("birth_date").max().alias("_born"))
    rows = rows.join(born, on="person_id", how="left", maintain_order="left")
    age = pl.coalesce(_years("birth_date"), "age_years")
    events = rows.group_by(_KEY).agg(
        pl.col("date", "known_on").min(),
        pl.col("incident_id", "level", "record_table", "_born").first(),
        code.drop_nulls().unique().sort().alias("_codes"),
        (pl.col("basis") == "partner").any().alias("_partner"),
        (pl.col("basis") == "open").any().alias("_open"),
        (pl.col("order_violation").any() | (pl.col("kind") == "violation").any()).alias("_breach"),
        pl.col("sealed").all(),
        pl.col("unfounded").fill_null(False).all(),
        age.min().alias("_age"),
        pl.col("match_probability").max(),
    )
    events = events.join(scene.parts, on=["person_id", "incident_id"], how="left")
    events = events.join(scene.suffered, on=["person_id", "incident_id"], how="left")
    events = events.join(scene.offenses, on="incident_id", how="left").with_columns(
        pl.when(pl.col("_codes").list.len() > 0)
        .then("_codes")
        .otherwise("offense_codes")
        .fill_null([])
        .alias("offense_codes"),
        pl.col("weapon_codes").fill_null([]),
        pl.when("_partner").then(pl.lit("partner")).when("_open").then(pl.lit("open"))
        .alias("statute_basis"),
        pl.coalesce("_age", "age_then", _years("_born")).alias("_age"),
    )  # fmt: skip
    # Victims, respondents and the notified have no part of an offender in the incident.
    doer = pl.col("role").is_in(["offender", "arrestee", "defendant"])
    events = events.with_columns(
        pl.when(doer)
        .then("relationship_class")
        .when(pl.col("role") == "victim")
        .then("suffered")
        .alias("relationship_class"),
        *(pl.when(doer).then(pl.col(name)).alias(name) for name in ("tie_open", "tie_linked_only")),
        *(
            pl.when(doer).then(pl.col(name)).otherwise(pl.lit([], pl.List(pl.String))).alias(name)
            for name in ("offense_codes", "weapon_codes")
        ),
    )
    return _grouped(_sealed_through(events)).with_columns(_left_out(doer).alias("left_out"))


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out priors that an arrest or charge of the extract tells of too: same person, kind and day."""
    prior = pl.col("record_table") == "history"
    key = ["person_id", "kind", "date"]
    repeated = rows.filter(prior).join(
        rows.filter(~prior).select(key).drop_nulls(), on=key, how="anti", maintain_order="left"
    )
    return pl.concat([rows.filter(~prior), repeated])


def _years(born: str) -> pl.Expr:
    """Whole years from a birth to the event; the birthday itself counts."""
    birth, day = pl.col(born), pl.col("date")
    before = (day.dt.month().cast(pl.Int64) * 100 + day.dt.day()) < (
        birth.dt.month().cast(pl.Int64) * 100 + birth.dt.day()
    )
    return pl.when(birth <= day).then(
        day.dt.year().cast(pl.Int64) - birth.dt.year().cast(pl.Int64) - before.cast(pl.Int64)
    )


def _sealed_through(events: pl.DataFrame) -> pl.DataFrame:
    """Seal all that is known of an event where the person's every arrest, or every charge, of it is sealed."""
    court = events.filter(pl.col("kind").is_in(["arrest", "charge"]))
    shut = (
        court.group_by("person_id", "event", "kind")
        .agg(pl.col("sealed").all())
        .group_by("person_id", "event")
        .agg(pl.col("sealed").any().alias("_shut"))
    )
    joined = events.join(shut, on=["person_id", "event"], how="left", maintain_order="left")
    shown = (pl.col("role") == "victim") | ~pl.col("_shut").fill_null(False)
    return joined.with_columns((pl.col("sealed") | ~shown).alias("sealed")).drop("_shut")


def _left_out(doer: pl.Expr) -> pl.Expr:
    """Give the first reason for which an event raises nobody."""
    tests = {
        "sealed": pl.col("sealed"),
        # Child victims stay in the counts, and a notice or order needs no age of its own.
        "under_18": (pl.col("_age") < 18) & (pl.col("role") != "victim"),
        "age_unknown": pl.col("_age").is_null() & doer,
        "dual_arrest": pl.col("dual_arrest").fill_null(False) & doer,
        "cross_complaint": pl.col("cross_complaint").fill_null(False) & doer,
        "not_aggressor": pl.col("not_aggressor").fill_null(False) & doer,
        "unfounded": pl.col("unfounded"),
    }
    return pl.coalesce(
        pl.when(tests[name].fill_null(False)).then(pl.lit(name)) for name in LEFT_OUT
    )


def _grouped(events: pl.DataFrame) -> pl.DataFrame:
    """Put the offences of each event into groups and find its severity."""
    listed = offense_groups()
    keyed = events.with_row_index("_event")
    nothing = pl.lit([None], pl.List(pl.String))
    listing = pl.when(pl.col("offense_codes").list.len() > 0).then("offense_codes")
    codes = keyed.select(
        "_event", "relationship_class", listing.otherwise(nothing).alias("code")
    ).explode("code")
    told = codes.join(listed, on="code", how="left", maintain_order="left")
    group = group_of(pl.col("relationship_class"), pl.col("group"), pl.col("ipv").is_not_null())
    summed = told.group_by("_event").agg(
        group.unique().sort().alias("groups"), pl.col("tier").max().alias("severity")
    )
    joined = keyed.join(summed, on="_event", how="left", maintain_order="left").drop("_event")
    breach = pl.lit(["order_violation"])
    groups = (
        pl.when(~pl.col("kind").is_in(["order", "notification"]) & (pl.col("role") != "victim"))
        .then(
            pl.when(pl.col("kind") == "violation")
            .then(breach)
            .when(pl.col("_breach").fill_null(False))
            .then(pl.col("groups").list.set_union(breach).list.sort())
            .otherwise("groups")
        )
        .otherwise(pl.lit([], pl.List(pl.String)))
    )
    return joined.with_columns(groups.alias("groups"))


def _supervised(tables: Frames, persons: Persons) -> pl.DataFrame | None:
    """Give the times under supervision: ``person_id``, ``since``, ``until``."""
    if "supervision" not in tables:
        return None
    rows = counted(tables, "supervision").join(persons.whose("supervision"), on="record_id")
    return rows.select(
        "person_id", since="started_on", until=pl.col("ended_on").fill_null(pl.date(9999, 1, 1))
    ).collect(engine="streaming")


def _ordered(tables: Frames, persons: Persons) -> pl.DataFrame | None:
    """Give the times in which an order was in force: from its service to its expiry, where both are known."""
    if "order" not in tables:
        return None
    rows = counted(tables, "order").join(persons.whose("order/respondent"), on="record_id")
    return rows.select("person_id", since="served_on", until="expires_on").collect(
        engine="streaming"
    )


def _beside(events: pl.DataFrame, name: str, spans: pl.DataFrame | None) -> pl.DataFrame:
    """Say of each event whether it fell into a span of its person; null where no table tells of any."""
    if spans is None:
        return events.with_columns(pl.lit(None, pl.Boolean).alias(name))
    keys = ["person_id", "date"]
    days = events.select(keys).drop_nulls().unique()
    inside = (
        days.join(spans.drop_nulls(), on="person_id", how="inner")
        .filter(pl.col("date").is_between("since", "until"))
        .select(keys)
        .unique()
        .with_columns(pl.lit(True).alias(name))
    )
    return events.join(inside, on=keys, how="left").with_columns(
        pl.when(pl.col("date").is_not_null()).then(pl.col(name).fill_null(False)).alias(name)
    )


def _couples(scene: Scene, events: pl.DataFrame) -> pl.DataFrame:
    """Bring the pairs of each two persons in each incident to one row."""
    doing = events.filter(pl.col("incident_id").is_not_null())
    key = ["offender_person", "incident_id"]
    report = doing.filter(pl.col("role") == "offender").select(
        *key[1:], "date", "known_on", "severity", "left_out", offender_person="person_id"
    )
    grouped = (
        scene.pairs.drop_nulls("victim_person")
        .filter(pl.col("victim_person") != pl.col("offender_person"))
        .group_by(*key, "victim_person")
        .agg(
            pl.col("relationship_class", "tie", "partner_status").first(),
            pl.col("match_probability").max(),
        )
        .join(report, on=key, how="inner")
    )
    for name, kind in (("arrested", "arrest"), ("charged", "charge")):
        did = doing.filter(pl.col("kind") == kind)
        did = did.select("incident_id", offender_person="person_id").unique()
        grouped = grouped.join(did.with_columns(pl.lit(True).alias(name)), on=key, how="left")
        grouped = grouped.with_columns(pl.col(name).fill_null(False))
    return grouped.select(pl.col(name).cast(dtype) for name, dtype in COUPLE_SCHEMA.items()).sort(
        "offender_person", "victim_person", "date", "incident_id"
    )
