"""Small made-up records: what persons did to each other, as canonical tables, pairs and linked persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from ipvi_cli.model.classified import PAIR_SCHEMA
from ipvi_cli.model.tables import TABLES, polars_schema

Act = Mapping[str, Any]

BORN = date(1980, 1, 1)

_MORE: dict[str, dict[str, Any]] = {
    "offender": {"primary_aggressor": pl.Boolean},
    "incident": {"strangulation": pl.Boolean},
    "arrest": {
        "agency": pl.String, "offense_code": pl.String, "statute": pl.String, "sealed": pl.Boolean,
    },
    "charge": {
        "agency": pl.String, "sealed": pl.Boolean, "birth_date": pl.Date,
    },
    "order": {"violated_on": pl.Date, "respondent_birth_date": pl.Date},
    "history": {
        "event_kind": pl.String, "happened_on": pl.Date, "offense_code": pl.String,
        "statute": pl.String, "sealed": pl.Boolean, "birth_date": pl.Date,
    },
    "notification": {
        "level": pl.String, "notified_on": pl.Date, "delivered": pl.Boolean,
        "birth_date": pl.Date,
    },
    "supervision": {
        "agency": pl.String, "kind": pl.String, "started_on": pl.Date, "ended_on": pl.Date,
        "birth_date": pl.Date,
    },
    "partner_list": {"focus": pl.String, "listed_on": pl.Date},
}  # fmt: skip


@dataclass
class Made:
    """Canonical tables, pairs and persons.

    Attributes:
        tables: Canonical tables by name.
        pairs: Classified pairs.
        persons: Linked persons.
    """

    tables: dict[str, pl.LazyFrame]
    pairs: pl.LazyFrame
    persons: pl.LazyFrame


@dataclass
class _Making:
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pairs: list[dict[str, Any]] = field(default_factory=list)
    persons: list[dict[str, Any]] = field(default_factory=list)

    def add(self, table: str, who: str | None, match: float, part: str = "", **row: Any) -> None:
        rows = self.rows.setdefault(table, [])
        number = len(rows) + 1
        rows.append(
            {
                "record_id": number,
                "source_file": "made.csv",
                "source_row": number + 1,
                "row_fate": "new",
                **row,
            }
        )
        if who is not None:
            named = f"{table}/{part}" if part else table
            self.persons.append(
                {"record_table": named, "record_id": number, "person_id": who,
                 "match_probability": match}
            )  # fmt: skip


def made(acts: Iterable[Act], *, tables: Iterable[str] = ()) -> Made:
    """Turn acts into what a workspace holds.

    Args:
        acts: Each with ``what`` (``incident`` where it is left out) and what it says.
        tables: Tables that are there even where no act fills them.
    """
    making = _Making()
    for number, act in enumerate(acts, start=1):
        given = dict(act)
        what = given.pop("what", "incident")
        match what:
            case "incident":
                _incident(making, number, given)
            case "order":
                who = given.pop("who", "P")
                born = given.pop("born", BORN)
                making.add("order", who, 1.0, "respondent", respondent_birth_date=born, **given)
            case _:
                who, match_ = given.pop("who", "P"), given.pop("match", 1.0)
                born = given.pop("born", BORN)
                if what != "partner_list":
                    given["birth_date"] = born
                making.add(what, who, match_, **given)
    frames = {
        name: _frame(name, making.rows.get(name, ()))
        for name in {*making.rows, *tables, "incident", "offender", "victim"}
    }
    schema = {"record_table": pl.String, "record_id": pl.Int64, "person_id": pl.String,
              "match_probability": pl.Float64}  # fmt: skip
    return Made(
        frames,
        pl.DataFrame(making.pairs, schema=PAIR_SCHEMA).lazy(),
        pl.DataFrame(making.persons, schema=schema).lazy(),
    )


def _frame(name: str, rows: Iterable[dict[str, Any]]) -> pl.LazyFrame:
    trace = {"record_id": pl.Int64, "source_file": pl.String, "source_row": pl.Int64,
             "row_fate": pl.String}  # fmt: skip
    own = polars_schema(name) if name in TABLES else trace
    return pl.DataFrame(list(rows), schema={**own, **_MORE.get(name, {})}).lazy()


def _incident(making: _Making, number: int, act: dict[str, Any]) -> None:
    key = act.get("key", f"PD:{number}")
    on = act["on"]
    who, whom, match_ = act.get("who", "P"), act.get("whom", "Q"), act.get("match", 1.0)
    born = None if act.get("born") == "" else act.get("born", BORN)
    making.add(
        "incident", None, 1.0, incident_id=key, agency="PD", incident_number=str(number),
        occurred_on=on, reported_on=act.get("reported", on),
        strangulation=act.get("strangulation"),
    )  # fmt: skip
    for code in act.get("offenses", ["13B"]):
        making.add(
            "offense", None, 1.0, incident_id=key, offense_code=code,
            weapon_codes=act.get("weapons", ["40"]),
        )  # fmt: skip
    sides = [(1, who, whom)]
    if act.get("mutual"):
        sides.append((2, whom, who))
    for place, doer, other in sides:
        making.add(
            "offender", doer, match_, incident_id=key, offender_id=f"{key}:O{place}",
            offender_number=place, offender_unknown=False, birth_date=born,
            primary_aggressor=act["aggressor"] == doer if "aggressor" in act else None,
        )  # fmt: skip
        making.add(
            "victim", other, 1.0, incident_id=key, victim_id=f"{key}:V{place}",
            victim_number=place, victim_type="I", birth_date=BORN,
        )  # fmt: skip
        making.pairs.append(
            {
                "pair_id": f"{key}:V{place}|O{place}", "incident_id": key,
                "victim_id": f"{key}:V{place}", "offender_id": f"{key}:O{place}",
                "relationship_class": act.get("class", "intimate_partner"),
                "tie": act.get("tie", "spouse"), "partner_status": act.get("status", "current"),
                "basis": act.get("basis", "explicit"), "candidates": act.get("candidates"),
            }
        )  # fmt: skip
    charges = act.get("charges", 0)
    held = [who] * act.get("arrests", 1 if charges else 0)
    held += [whom] if act.get("whom_arrested") else []
    for place, person in enumerate(held):
        making.add(
            "arrest", person, match_, incident_id=key, arrested_on=act.get("arrested_on", on),
            arrest_number=f"A{number}-{place}", birth_date=born, sealed=act.get("sealed"),
        )  # fmt: skip
    for _ in range(charges):
        making.add(
            "charge", who, match_, incident_id=key, arrest_number=f"A{number}-0",
            charged_on=act.get("charged_on", on), disposition=act.get("disposition"),
            disposition_raw=act.get("disposition_raw"), disposed_on=act.get("disposed_on"),
            sealed=act.get("sealed"),
        )  # fmt: skip
