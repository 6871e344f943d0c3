"""Who did what to whom in each incident: the pairs as persons, and what keeps a person's part from counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.model.finding import Frames
from ipvi_cli.offenders.groups import offense_groups
from ipvi_cli.offenders.rows import Persons, counted

_RANK: Final = {
    "intimate_partner": 0,
    "undetermined": 1,
    "other_family": 2,
    "other_domestic": 3,
    "known_not_domestic": 4,
    "stranger": 5,
    "not_applicable": 6,
}
"""Order in which the pairs of a person decide what the incident was, as for incidents themselves."""


@dataclass(frozen=True)
class Scene:
    """The incidents of the persons who are looked at.

    Attributes:
        pairs: Each pair of an own offender: ``incident_id``, ``offender_person``, ``victim_person`` (null where the
            victim is nobody's record), ``relationship_class``, ``tie``, ``partner_status``, ``open``, ``linked``,
            ``match_probability``.
        parts: By ``person_id`` and ``incident_id``: ``relationship_class``, ``tie_open``, ``tie_linked_only``,
            ``dual_arrest``, ``cross_complaint``, ``not_aggressor``, ``age_then``.
        suffered: By ``person_id`` and ``incident_id``: ``suffered``, the class of the pairs of an own victim.
        offenses: By ``incident_id``: ``offense_codes``, ``weapon_codes``.
        alone: ``incident_id``, ``person_id``, ``match_probability`` of own persons who alone were arrested in one.
    """

    pairs: pl.DataFrame
    parts: pl.DataFrame
    suffered: pl.DataFrame
    offenses: pl.DataFrame
    alone: pl.DataFrame


def read_scene(
    tables: Frames, pairs: pl.LazyFrame, persons: Persons, arrests: pl.DataFrame
) -> Scene:
    """Read the incidents in which the persons are offenders or are arrested.

    Args:
        tables: Canonical tables.
        pairs: Classified pairs.
        persons: Which record is of which person.
        arrests: Arrests of the persons.

    Returns:
        The incidents, as ``Scene`` says.
    """
    own = persons.own.filter(pl.col("record_table") == "offender")["person_id"].unique()
    mine = (
        counted(tables, "offender")
        .join(persons.whose("offender"), on="record_id", how="inner")
        .filter(~pl.col("offender_unknown").fill_null(False))
        .collect(engine="streaming")
    )
    incidents = (
        pl.concat([mine["incident_id"], arrests["incident_id"]])
        .drop_nulls()
        .unique()
        .to_frame("incident_id")
        .lazy()
    )
    offenders = _whose(tables, "offender", persons, incidents)
    victims = _whose(tables, "victim", persons, incidents)
    arrested = _arrested(tables, persons, incidents, offenders)
    paired = _paired(pairs, mine, victims)
    return Scene(
        paired,
        _parts(paired, mine, offenders, arrested),
        _suffered(tables, pairs, persons),
        _offenses(tables, incidents),
        _alone(arrested).filter(
            pl.col("person_id").is_in(pl.concat([own, arrests["person_id"]]).unique().implode())
        ),
    )


def _whose(tables: Frames, name: str, persons: Persons, incidents: pl.LazyFrame) -> pl.DataFrame:
    """Give whoever is a victim or offender in the incidents, with the person where there is one."""
    rows = counted(tables, name).join(incidents, on="incident_id", how="semi")
    whose = persons.whose(name, own=False)
    return rows.join(whose, on="record_id", how="left").collect(engine="streaming")


def _arrested(
    tables: Frames, persons: Persons, incidents: pl.LazyFrame, offenders: pl.DataFrame
) -> pl.DataFrame:
    """Name who was arrested in the incidents: ``incident_id``, ``person_id``, ``match_probability``."""
    rows = counted(tables, "arrest").join(incidents, on="incident_id", how="semi")
    rows = rows.join(persons.whose("arrest", own=False), on="record_id", how="left")
    by_offender = offenders.select(
        "offender_id",
        pl.col("person_id").alias("_person"),
        pl.col("match_probability").alias("_match"),
    ).drop_nulls()
    found = rows.collect(engine="streaming").join(
        by_offender.unique("offender_id", keep="first", maintain_order=True),
        on="offender_id",
        how="left",
    )
    return found.select(
        "incident_id",
        pl.coalesce("person_id", "_person").alias("person_id"),
        pl.coalesce("match_probability", "_match").alias("match_probability"),
    )


def _alone(arrested: pl.DataFrame) -> pl.DataFrame:
    grouped = arrested.group_by("incident_id").agg(
        pl.col("person_id", "match_probability").first(),
        pl.col("person_id").n_unique().alias("_persons"),
    )
    one = (pl.col("_persons") == 1) & pl.col("person_id").is_not_null()
    return grouped.filter(one).drop("_persons").sort("incident_id")


def _paired(pairs: pl.LazyFrame, mine: pl.DataFrame, victims: pl.DataFrame) -> pl.DataFrame:
    offenders = mine.select(
        "offender_id", pl.col("person_id").alias("offender_person"), "match_probability"
    )
    whose = victims.select(
        "victim_id",
        pl.col("person_id").alias("victim_person"),
        pl.col("match_probability").alias("_victim_match"),
    ).drop_nulls("victim_person")
    wanted = pairs.select(
        "incident_id", "victim_id", "offender_id",
        pl.col("relationship_class", "tie", "partner_status", "basis").cast(pl.String),
        pl.col("candidates").cast(pl.List(pl.String)),
    )  # fmt: skip
    rows = wanted.join(offenders.unique().lazy(), on="offender_id", how="inner")
    joined = rows.collect(engine="streaming").join(whose.unique(), on="victim_id", how="left")
    may_be = pl.col("candidates").list.contains("intimate_partner").fill_null(True)
    none_left = pl.col("candidates").list.len().fill_null(0) == 0
    undetermined = pl.col("relationship_class") == "undetermined"
    return joined.select(
        "incident_id", "offender_person", "victim_person", "relationship_class", "tie",
        "partner_status",
        (undetermined & (may_be | none_left)).alias("open"),
        (pl.col("basis") == "linked").fill_null(False).alias("linked"),
        pl.min_horizontal("match_probability", "_victim_match").alias("match_probability"),
    ).sort("incident_id", "offender_person", "victim_person", "relationship_class")  # fmt: skip


def _parts(
    paired: pl.DataFrame, mine: pl.DataFrame, offenders: pl.DataFrame, arrested: pl.DataFrame
) -> pl.DataFrame:
    key = ["person_id", "incident_id"]
    own = mine.group_by(key).agg(
        pl.col("primary_aggressor").max().alias("_primary"),
        pl.col("age_years").min().alias("age_then"),
    )
    named = offenders.group_by("incident_id").agg(
        pl.col("primary_aggressor").fill_null(False).sum().alias("_named")
    )
    parts = own.join(_tie(paired), on=key, how="left").join(named, on="incident_id", how="left")
    other = pl.col("victim_person").alias("person_id")
    sides = paired.select("incident_id", other, pl.col("offender_person").alias("_me"))
    sides = sides.drop_nulls().unique()
    held = arrested.select("incident_id", "person_id").drop_nulls().unique()
    acting = offenders.select("incident_id", "person_id").drop_nulls().unique()
    dual = sides.join(held, on=["incident_id", "person_id"], how="semi").join(
        held.rename({"person_id": "_me"}), on=["incident_id", "_me"], how="semi"
    )
    cross = sides.join(acting, on=["incident_id", "person_id"], how="semi")
    for name, found in (("dual_arrest", dual), ("cross_complaint", cross)):
        marked = found.select(pl.col("_me").alias("person_id"), "incident_id").unique()
        parts = parts.join(marked.with_columns(pl.lit(True).alias(name)), on=key, how="left")
    identified = pl.col("_primary").fill_null(False) & (pl.col("_named") == 1)
    denied = (pl.col("_named") > 0) & ~pl.col("_primary").fill_null(False)
    return parts.select(
        *key, "relationship_class", "tie_open", "tie_linked_only", "age_then",
        (pl.col("dual_arrest").fill_null(False) & ~identified).alias("dual_arrest"),
        (pl.col("cross_complaint").fill_null(False) & ~identified).alias("cross_complaint"),
        denied.alias("not_aggressor"),
    ).sort(key)  # fmt: skip


def _tie(paired: pl.DataFrame) -> pl.DataFrame:
    """Say what the pairs of each person in each incident come to."""
    rank = pl.col("relationship_class").replace_strict(_RANK, return_dtype=pl.Int64)
    partner = pl.col("relationship_class") == "intimate_partner"
    grouped = paired.group_by(pl.col("offender_person").alias("person_id"), "incident_id").agg(
        pl.col("relationship_class").sort_by(rank).first(),
        pl.col("open").any().alias("tie_open"),
        (partner.any() & ~(partner & ~pl.col("linked")).any()).alias("tie_linked_only"),
    )
    stated = pl.col("relationship_class") == "intimate_partner"
    return grouped.with_columns((pl.col("tie_open") & ~stated).alias("tie_open"))


def _suffered(tables: Frames, pairs: pl.LazyFrame, persons: Persons) -> pl.DataFrame:
    """Say what the pairs of each own victim in each incident come to."""
    victims = counted(tables, "victim").join(persons.whose("victim"), on="record_id", how="inner")
    whose = victims.select("victim_id", "person_id").unique()
    named = pairs.select(
        "incident_id", "victim_id", pl.col("relationship_class").cast(pl.String)
    ).join(whose, on="victim_id", how="inner")
    rank = pl.col("relationship_class").replace_strict(_RANK, return_dtype=pl.Int64)
    rows = named.collect(engine="streaming")
    return rows.group_by("person_id", "incident_id").agg(
        pl.col("relationship_class").sort_by(rank).first().alias("suffered")
    )


def _offenses(tables: Frames, incidents: pl.LazyFrame) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {
        "incident_id": pl.String(),
        "offense_codes": pl.List(pl.String()),
        "weapon_codes": pl.List(pl.String()),
    }
    if "offense" not in tables:
        return pl.DataFrame(schema=schema)
    known = offense_groups().select("code")
    rows = (
        tables["offense"]
        .filter(pl.col("row_fate").is_in(["new", "merged"]))
        .select("incident_id", "offense_code", "weapon_codes")
        .join(incidents, on="incident_id", how="semi")
        .collect(engine="streaming")
    )
    codes = (
        rows.select("incident_id", code=pl.col("offense_code"))
        .join(known, on="code", how="semi")
        .group_by("incident_id")
        .agg(pl.col("code").unique().sort().alias("offense_codes"))
    )
    weapons = (
        rows.select("incident_id", "weapon_codes")
        .explode("weapon_codes")
        .drop_nulls()
        .group_by("incident_id")
        .agg(pl.col("weapon_codes").str.head(2).unique().sort())
    )
    joined = codes.join(weapons, on="incident_id", how="full", coalesce=True)
    return joined.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
