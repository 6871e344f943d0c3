"""Small canonical tables, and what classification makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ipvi_cli.classify import Policy, classify
from ipvi_cli.model.tables import polars_schema

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """Collected results."""

    pairs: pl.DataFrame
    incidents: pl.DataFrame
    values: pl.DataFrame

    def pair(self, number: int = 0) -> dict[str, Any]:
        """Give one pair."""
        return self.pairs.row(number, named=True)

    def incident(self, number: int = 0) -> dict[str, Any]:
        """Give one incident."""
        return self.incidents.row(number, named=True)


def table(name: str, rows: Sequence[Row]) -> pl.LazyFrame:
    """Make a canonical table; what a row leaves out is null, and its incident is the first one."""
    schema = polars_schema(name)
    traced = [
        {
            "record_id": number,
            "source_file": f"{name}.csv",
            "source_row": number + 1,
            "row_fate": "new",
            "incident_id": "PD:1",
            **row,
        }
        for number, row in enumerate(rows, start=1)
    ]
    return pl.DataFrame(traced, schema=schema).lazy()


def incident(number: int = 1, **more: Any) -> Row:
    """Make an incident row."""
    return {
        "incident_id": f"PD:{number}",
        "agency": "PD",
        "incident_number": str(number),
        **more,
    }


def victim(number: int = 1, incident: int = 1, **more: Any) -> Row:
    """Make a victim row."""
    return {
        "incident_id": f"PD:{incident}",
        "victim_id": f"PD:{incident}:V{number}",
        "victim_number": number,
        "victim_type": "I",
        **more,
    }


def offender(number: int = 1, incident: int = 1, **more: Any) -> Row:
    """Make an offender row."""
    return {
        "incident_id": f"PD:{incident}",
        "offender_id": f"PD:{incident}:O{number}",
        "offender_number": number,
        "offender_unknown": number == 0,
        **more,
    }


def said(
    word: str | None,
    victim: int | None = 1,
    offender: int | None = 1,
    incident: int = 1,
    **more: Any,
) -> Row:
    """Make a relationship row."""
    return {
        "incident_id": f"PD:{incident}",
        "victim_id": None if victim is None else f"PD:{incident}:V{victim}",
        "offender_id": None if offender is None else f"PD:{incident}:O{offender}",
        "relationship_raw": word,
        "code_system": "text",
        "direction": "victim_to_offender",
        **more,
    }


def made(
    *,
    population: str = "domestic",
    site_words: Mapping[str, str] | None = None,
    incidents: Sequence[Row] = (incident(),),
    victims: Sequence[Row] | None = (victim(),),
    offenders: Sequence[Row] | None = (offender(),),
    relationships: Sequence[Row] | None = (),
    offenses: Sequence[Row] | None = None,
    charges: Sequence[Row] | None = None,
    orders: Sequence[Row] | None = None,
    **policy: Any,
) -> Made:
    """Classify small tables; ``None`` for a table that no source feeds."""
    rows = {
        "incident": incidents,
        "victim": victims,
        "offender": offenders,
        "relationship": relationships,
        "offense": offenses,
        "charge": charges,
        "order": orders,
    }
    tables = {name: table(name, given) for name, given in rows.items() if given is not None}
    result = classify(tables, Policy(population, site_words or {}, **policy), None)
    return Made(result.pairs.collect(), result.incidents.collect(), result.values)
