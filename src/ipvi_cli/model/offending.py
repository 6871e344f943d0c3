"""Histories of persons and couples, and candidate levels: the columns that rooms share."""

from __future__ import annotations

from typing import Final

import polars as pl

LEVELS: Final = ("A", "B", "C", "D", "none")
"""Candidate levels, the gravest first; ``none`` for who is not placed."""

EVENT_KINDS: Final = (
    "incident",
    "arrest",
    "charge",
    "conviction",
    "order",
    "violation",
    "notification",
)
"""Kinds of events of a person; rows of table ``history`` are arrests, charges and convictions by what they say."""

ROLES: Final = ("offender", "victim", "arrestee", "defendant", "respondent", "notified")

GROUPS: Final = (
    "ipv",
    "other_domestic",
    "other_violent",
    "weapon",
    "order_violation",
    "property",
    "drug",
    "public_order",
    "traffic",
    "other",
)
"""Groups of offences: against a partner, against others of family or household, and the rest by NIBRS offence."""

LEFT_OUT: Final = (
    "sealed",
    "under_18",
    "age_unknown",
    "dual_arrest",
    "cross_complaint",
    "not_aggressor",
    "unfounded",
)
"""Why an event raises nobody, in the order in which one reason is given."""

EVENT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "person_id": pl.String(),
    "kind": pl.String(),
    "role": pl.String(),
    "event": pl.String(),
    "date": pl.Date(),
    "known_on": pl.Date(),
    "incident_id": pl.String(),
    "relationship_class": pl.String(),
    "tie_open": pl.Boolean(),
    "tie_linked_only": pl.Boolean(),
    "groups": pl.List(pl.String()),
    "offense_codes": pl.List(pl.String()),
    "weapon_codes": pl.List(pl.String()),
    "severity": pl.Int64(),
    "statute_basis": pl.String(),
    "level": pl.String(),
    "sealed": pl.Boolean(),
    "left_out": pl.String(),
    "on_supervision": pl.Boolean(),
    "under_order": pl.Boolean(),
    "record_table": pl.String(),
    "match_probability": pl.Float64(),
}
"""One row for each event of a person: ``person_id``, ``kind``, ``role`` and ``event`` name it, so a count of rows is a
count of events and never of charge rows. ``event`` is the incident, or else the day. ``relationship_class`` is what
the person's own pairs in the incident come to (of a victim: the pairs that victim is in), null without one;
``tie_open`` that it may yet be a partner.
``left_out`` says why the event raises nobody; sealed events are never shown of a person. ``match_probability`` is the
best of the event's records. ``offense_codes`` are the record's own, or else those of the incident."""

COUPLE_SCHEMA: Final[dict[str, pl.DataType]] = {
    "offender_person": pl.String(),
    "victim_person": pl.String(),
    "incident_id": pl.String(),
    "date": pl.Date(),
    "known_on": pl.Date(),
    "relationship_class": pl.String(),
    "tie": pl.String(),
    "partner_status": pl.String(),
    "arrested": pl.Boolean(),
    "charged": pl.Boolean(),
    "severity": pl.Int64(),
    "left_out": pl.String(),
    "match_probability": pl.Float64(),
}
"""One row for each incident between the same victim and offender, as persons; the lesser probability of the two."""

OFFENDER_SCHEMA: Final[dict[str, pl.DataType]] = {
    "person_id": pl.String(),
    "level": pl.String(),
    "level_is_floor": pl.Boolean(),
    "reasons": pl.List(pl.String()),
    "level_sure": pl.String(),
    "also_victim": pl.Boolean(),
    "chronic": pl.Boolean(),
    "incidents": pl.Int64(),
    "ipv_incidents": pl.Int64(),
    "arrests": pl.Int64(),
    "charges": pl.Int64(),
    "ipv_charges": pl.Int64(),
    "convictions": pl.Int64(),
    "orders": pl.Int64(),
    "violations": pl.Int64(),
    "victims": pl.Int64(),
    "categories": pl.Int64(),
    "diversity": pl.Float64(),
    "groups": pl.List(pl.String()),
    "first_date": pl.Date(),
    "last_date": pl.Date(),
    "active_days": pl.Int64(),
    "days_between": pl.Float64(),
    "severity_sequence": pl.List(pl.Int64()),
    "severity_highest": pl.Int64(),
    "escalations": pl.Int64(),
    "on_supervision": pl.Int64(),
    "under_order": pl.Int64(),
    "harm": pl.Float64(),
    "harm_unweighted": pl.Int64(),
}
"""Columns of ``offenders.parquet``, one row for each person with an event as an offender, arrestee or defendant that
may be shown. Counts are of distinct events that raise somebody, or would if the age were known."""

HIDDEN: Final = ("sealed", "under_18")
"""Reasons for being left out with which an event is never shown of a person."""
