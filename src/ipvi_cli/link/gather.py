"""The records of persons in the canonical tables: who may become a person, and what each record says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES


@dataclass(frozen=True)
class Role:
    """One way in which a row of a table names a person.

    Attributes:
        table: The canonical table.
        role: What the person is in it.
        day: Column with the day at which an actor must be of age; ``None`` for those whose age does not matter.
        prefix: Before ``name``, ``birth_date`` and ``person_number`` where a row names several persons.
    """

    table: str
    role: str
    day: str | None = None
    prefix: str = ""


ROLES: Final = (
    Role("offender", "offender", "occurred_on"),
    Role("victim", "victim"),
    Role("arrest", "arrestee", "arrested_on"),
    Role("charge", "charged", "charged_on"),
    Role("order", "respondent", "issued_on", "respondent_"),
    Role("order", "protected", None, "protected_"),
    Role("notification", "notified", "notified_on"),
    Role("supervision", "supervised", "started_on"),
    Role("history", "prior", "happened_on"),
    Role("partner_list", "listed", "listed_on"),
)
"""Every place where a person is named; a person keeps the role of each record, whoever else the record is linked to."""

_OF_AGE: Final = 18
_COPIED: Final = ("other_names", "sex", "address", "phone", "person_number", "state_id", "fbi_number")  # fmt: skip

LABELS: Final[dict[str, pl.DataType]] = {
    "record_table": pl.String(),
    "record_id": pl.Int64(),
    "role": pl.String(),
    "incident_id": pl.String(),
    "offender_key": pl.String(),
    "victim_key": pl.String(),
    "arrest_key": pl.String(),
}
"""Columns by which records are found again, and the agency's own ties between them."""


@dataclass(frozen=True)
class Gathered:
    """Records of persons.

    Attributes:
        records: ``row``, ``LABELS`` and the columns of ``fields.RAW`` that a workspace can hold.
        left_out: Records that never become persons, by reason.
    """

    records: pl.DataFrame
    left_out: dict[str, int]


def gather(tables: Mapping[str, pl.LazyFrame]) -> Gathered:
    """Bring the records of persons together.

    Sealed records, and actors under 18 at the event, are left out: they count in aggregates only. So are records that
    neither name a person nor hold a number of one.

    Args:
        tables: Canonical tables with their identifying columns.
    """
    parts = []
    left_out = {"sealed": 0, "under 18": 0, "not identified": 0}
    for role in ROLES:
        if role.table not in tables:
            continue
        rows = _rows(role, tables)
        found = rows.collect(engine="streaming")
        for reason in ("sealed", "under 18"):
            left_out[reason] += int(found[reason].sum())
        parts.append(found.filter(~pl.col("sealed") & ~pl.col("under 18")))
    if not parts:
        return Gathered(pl.DataFrame(schema={"row": pl.Int64, **LABELS}), left_out)
    records = pl.concat(parts)
    identified = pl.any_horizontal(
        pl.col("name", "person_number", "state_id", "fbi_number").is_not_null()
    )
    tied = pl.any_horizontal(
        (pl.col(key).is_not_null() & identified.any().over(key)) for key in ("offender_key", "victim_key", "arrest_key")
    )  # fmt: skip
    kept = records.filter(identified | tied)
    left_out["not identified"] = records.height - kept.height
    return Gathered(
        kept.drop("sealed", "under 18").select(
            pl.int_range(pl.len(), dtype=pl.Int64).alias("row"), pl.all()
        ),
        left_out,
    )


def names_anybody(tables: Mapping[str, pl.LazyFrame]) -> bool:
    """Say whether any table holds a name or a number of a person."""
    for role in ROLES:
        if role.table not in tables:
            continue
        columns = _present(tables[role.table], role, ("name", "person_number"))
        columns += _present(tables[role.table], Role("", ""), ("state_id", "fbi_number"))
        said = [pl.col(column).is_not_null().any() for column in columns]
        if said and tables[role.table].select(pl.any_horizontal(said)).collect().item():
            return True
    return False


def _present(table: pl.LazyFrame, role: Role, names: tuple[str, ...]) -> list[str]:
    there = table.collect_schema().names()
    return [f"{role.prefix}{name}" for name in names if f"{role.prefix}{name}" in there]


def _rows(role: Role, tables: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """Give the records of one role, with the columns of every role."""
    table = tables[role.table].filter(pl.col("row_fate").is_in(COUNTED_FATES))
    there = table.collect_schema().names()
    if role.table == "offender":
        if "incident" in tables:
            days = tables["incident"].group_by("incident_id").agg(pl.col("occurred_on").min())
            table = table.join(days, on="incident_id", how="left", maintain_order="left")
        else:
            table = table.with_columns(pl.lit(None, pl.Date).alias("occurred_on"))
        there = [*there, "occurred_on"]

    def said(column: str, dtype: pl.DataType | None = None) -> pl.Expr:
        if column in there:
            return pl.col(column)
        return pl.lit(None, dtype or pl.String())

    birth = said(f"{role.prefix}birth_date", pl.Date())
    young: pl.Expr = pl.lit(False)
    if role.day is not None:
        by_age = said("age_years", pl.Int64()) < _OF_AGE
        by_birth = birth.dt.offset_by(f"{_OF_AGE}y") > said(role.day, pl.Date())
        young = by_birth.fill_null(by_age).fill_null(False)
    agency = pl.coalesce(said("agency"), said("incident_id").str.extract(r"^([^:]*):"))
    copied = [
        (said(f"{role.prefix}{name}") if name == "person_number" else said(name)).alias(name)
        if not role.prefix or name == "person_number"
        else pl.lit(None, pl.String).alias(name)
        for name in _COPIED
    ]
    return table.sort("record_id").select(
        pl.lit(role.table).alias("record_table"),
        "record_id",
        pl.lit(role.role).alias("role"),
        said("incident_id").alias("incident_id"),
        _key(said("offender_id"), role.role in ("offender", "arrestee")).alias("offender_key"),
        _key(said("victim_id"), role.role == "victim").alias("victim_key"),
        pl.concat_str([agency, said("arrest_number")], separator="|").alias("arrest_key"),
        agency.alias("agency"),
        said(f"{role.prefix}name").alias("name"),
        birth.dt.to_string("%Y-%m-%d").alias("birth"),
        *copied,
        said("sealed", pl.Boolean()).fill_null(False).alias("sealed"),
        young.alias("under 18"),
    )


def _key(column: pl.Expr, wanted: bool) -> pl.Expr:
    return column if wanted else pl.lit(None, pl.String)
