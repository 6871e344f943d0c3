"""The records of persons, table by table, in one shape: what happened to whom on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from ipvi_cli.model.finding import Frames
from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.offenders.seen import incident_days

ROW: Final[dict[str, pl.DataType]] = {
    "person_id": pl.String(),
    "kind": pl.String(),
    "role": pl.String(),
    "event": pl.String(),
    "date": pl.Date(),
    "known_on": pl.Date(),
    "incident_id": pl.String(),
    "offense_code": pl.String(),
    "statute": pl.String(),
    "level": pl.String(),
    "sealed": pl.Boolean(),
    "unfounded": pl.Boolean(),
    "birth_date": pl.Date(),
    "age_years": pl.Int64(),
    "record_table": pl.String(),
    "match_probability": pl.Float64(),
}
"""Columns of a record in one shape; several records may be of one event."""

_SEALED_WORDS: Final = (
    r"(?i)\b(SEALED|EXPUNGED|EXPUNGEMENT|YOUTHFUL OFFENDER|JUVENILE|DELINQUENT)\b"
)
"""Dispositions that take a record out of use, where no column says so."""

_UNFOUNDED: Final = r"(?i)\bUNFOUNDED\b"

_NEEDED: Final[Mapping[str, dict[str, Any]]] = {
    "incident": {"incident_id": pl.String, "occurred_on": pl.Date, "reported_on": pl.Date},
    "offender": {
        "incident_id": pl.String, "offender_id": pl.String, "offender_unknown": pl.Boolean,
        "primary_aggressor": pl.Boolean, "age_years": pl.Int64, "birth_date": pl.Date,
    },
    "victim": {
        "incident_id": pl.String, "victim_id": pl.String, "age_years": pl.Int64,
        "birth_date": pl.Date,
    },
    "arrest": {
        "incident_id": pl.String, "offender_id": pl.String, "agency": pl.String,
        "arrested_on": pl.Date, "age_years": pl.Int64, "birth_date": pl.Date,
        "arrest_number": pl.String, "offense_code": pl.String, "statute": pl.String,
        "sealed": pl.Boolean,
    },
    "charge": {
        "incident_id": pl.String, "agency": pl.String, "charged_on": pl.Date,
        "disposed_on": pl.Date, "disposition": pl.String, "disposition_raw": pl.String,
        "birth_date": pl.Date, "arrest_number": pl.String, "offense_code": pl.String,
        "statute": pl.String, "sealed": pl.Boolean,
    },
    "order": {
        "incident_id": pl.String, "issued_on": pl.Date, "served_on": pl.Date,
        "expires_on": pl.Date, "violated_on": pl.Date, "respondent_birth_date": pl.Date,
    },
    "history": {
        "event_kind": pl.String, "happened_on": pl.Date, "offense_code": pl.String,
        "statute": pl.String, "sealed": pl.Boolean, "disposition_raw": pl.String,
        "birth_date": pl.Date,
    },
    "notification": {
        "level": pl.String, "notified_on": pl.Date, "delivered": pl.Boolean,
        "birth_date": pl.Date,
    },
    "supervision": {
        "agency": pl.String, "kind": pl.String, "started_on": pl.Date, "ended_on": pl.Date,
        "birth_date": pl.Date,
    },
}  # fmt: skip
"""Columns that are read of each table; one that a workspace lacks is blank."""


@dataclass(frozen=True)
class Persons:
    """Which record is of which person.

    Attributes:
        every: ``record_table``, ``record_id``, ``person_id``, ``match_probability``.
        own: The records of the persons who are looked at, in memory.
    """

    every: pl.LazyFrame
    own: pl.DataFrame

    def whose(self, table: str, *, own: bool = True) -> pl.LazyFrame:
        """Give the persons of the records of a table: ``record_id``, ``person_id``, ``match_probability``."""
        source = self.own.lazy() if own else self.every
        return source.filter(pl.col("record_table") == table).select(
            "record_id", "person_id", "match_probability"
        )


def counted(tables: Frames, name: str) -> pl.LazyFrame:
    """Give the rows of a table that feed counts, with ``record_id`` and the columns that are read of it."""
    needed = _NEEDED[name]
    table = tables.get(name)
    if table is None:
        table = pl.LazyFrame(schema={"record_id": pl.Int64, "row_fate": pl.String, **needed})
    there = table.collect_schema().names()
    return table.filter(pl.col("row_fate").is_in(COUNTED_FATES)).select(
        "record_id",
        *(
            pl.col(column) if column in there else pl.lit(None, dtype).alias(column)
            for column, dtype in needed.items()
        ),
    )


def of_persons(tables: Frames, name: str, persons: Persons, *, part: str = "") -> pl.DataFrame:
    """Give the counted rows of a table that are of the persons who are looked at.

    Args:
        tables: Canonical tables.
        name: Name of the table.
        persons: Which record is of which person.
        part: Which person of a row that names two: ``respondent``.

    Returns:
        The rows with ``person_id`` and ``match_probability``.
    """
    whose = persons.whose(f"{name}/{part}" if part else name)
    rows = counted(tables, name).join(whose, on="record_id", how="inner")
    return rows.collect(engine="streaming").sort("record_id")


def shaped(rows: pl.DataFrame, **columns: Any) -> pl.DataFrame:
    """Bring rows into the one shape.

    Args:
        rows: Rows of a table, with ``person_id`` and ``match_probability``.
        **columns: Columns of ``ROW`` by what they are made from; others are taken by name, or are blank.
    """
    made = []
    for name, dtype in ROW.items():
        value = columns.get(name)
        if value is None:
            value = pl.col(name) if name in rows.columns else pl.lit(None)
        elif isinstance(value, str):
            value = pl.lit(value)
        made.append(value.cast(dtype).alias(name))
    return rows.select(made)


def days_of(tables: Frames, incidents: pl.Series) -> pl.DataFrame:
    """Give the days of incidents: ``incident_id``, ``date`` and ``known_on``."""
    if "incident" not in tables:
        schema = {"incident_id": pl.String, "date": pl.Date, "known_on": pl.Date}
        return pl.DataFrame(schema=schema)
    wanted = incidents.unique().to_frame("incident_id").lazy()
    days = incident_days(tables["incident"]).join(wanted, on="incident_id", how="semi")
    return days.collect(engine="streaming")


def unsealed_words(raw: pl.Expr) -> pl.Expr:
    """Say whether a disposition as written leaves the record in use."""
    return ~raw.str.contains(_SEALED_WORDS).fill_null(False)


def is_unfounded(raw: pl.Expr) -> pl.Expr:
    """Say whether a disposition as written calls the matter unfounded."""
    return raw.str.contains(_UNFOUNDED).fill_null(False)
