"""What was known on a past day: rows that came later are left out, and what was decided later is blank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from ipvi_cli.model.finding import Frames
from ipvi_cli.model.incidents import one_per_incident

_BEGINS: Final = {
    "arrest": "arrested_on",
    "charge": "charged_on",
    "call": "received_on",
    "order": "issued_on",
    "notification": "notified_on",
    "supervision": "started_on",
    "history": "happened_on",
    "partner_list": "listed_on",
}
"""Day from which a row is known."""

_DECIDED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "charge": {
        "disposed_on": ("disposition", "disposition_raw", "filed", "jail_days", "probation_days")
    },
    "order": {"served_on": (), "violated_on": ()},
    "supervision": {"ended_on": ()},
    "notification": {"consequence_on": (), "exit_on": ("exit_kind",)},
}
"""Days of what became of a row later, and the columns that say it."""

_OF_INCIDENT: Final = ("offense", "victim", "offender", "relationship")


def incident_days(incident: pl.LazyFrame) -> pl.LazyFrame:
    """Give the day of each incident and the day from which it is known.

    Args:
        incident: Canonical table ``incident``.

    Returns:
        ``incident_id``, ``date`` (of occurrence, or else of the report) and ``known_on`` (the later of the two).
    """
    occurred, reported = pl.col("occurred_on"), pl.col("reported_on")
    return one_per_incident(incident).select(
        "incident_id",
        pl.coalesce(occurred, reported).alias("date"),
        pl.max_horizontal(occurred, reported).alias("known_on"),
    )


def seen_by(
    tables: Frames, pairs: pl.LazyFrame, day: date | None
) -> tuple[dict[str, pl.LazyFrame], pl.LazyFrame]:
    """Leave out what was not yet known on a day.

    An incident is known from the later of its occurrence and its report on, with its offences, persons and pairs; other
    rows from their own day on, an arrest or charge without one from its incident's. What has no day at all is left out.

    Args:
        tables: Canonical tables.
        pairs: Classified pairs.
        day: The last day that is known; ``None`` leaves everything in.

    Returns:
        Tables and pairs as they were on that day.
    """
    if day is None or "incident" not in tables:
        return dict(tables), pairs
    known = incident_days(tables["incident"]).filter(pl.col("known_on") <= day)
    ids = known.select("incident_id")
    seen = {}
    for name, table in tables.items():
        if name == "incident" or name in _OF_INCIDENT:
            seen[name] = table.join(ids, on="incident_id", how="semi", maintain_order="left")
        elif name in _BEGINS:
            seen[name] = _begun(name, table, known, day)
        else:
            seen[name] = table
    return seen, pairs.join(ids, on="incident_id", how="semi", maintain_order="left")


def _begun(name: str, table: pl.LazyFrame, known: pl.LazyFrame, day: date) -> pl.LazyFrame:
    columns = table.collect_schema().names()
    begins = pl.col(_BEGINS[name])
    if name in {"arrest", "charge"}:
        incident = known.select("incident_id", pl.col("known_on").alias("_known"))
        table = table.join(incident, on="incident_id", how="left", maintain_order="left")
        begins = pl.coalesce(begins, "_known")
    later = {
        column: pl.col(when) <= day
        for when, told in _DECIDED.get(name, {}).items()
        for column in (when, *told)
        if column in columns
    }
    return table.filter(begins <= day).select(
        pl.when(later[column]).then(pl.col(column)).alias(column) if column in later else column
        for column in columns
    )
