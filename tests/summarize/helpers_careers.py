"""Histories of the persons of a made-up delivery, as the room of offenders makes them."""

from __future__ import annotations

from datetime import date

import polars as pl
from helpers_summarize import case, figures_of, frames

from ipvi_cli.model.offending import HIDDEN
from ipvi_cli.offenders.criteria import SHIPPED, parse_criteria, shipped_text
from ipvi_cli.offenders.events import histories
from ipvi_cli.offenders.levels import Extent
from ipvi_cli.offenders.run import profile_part

_RECORDED_AS = {"order": "order/respondent"}


def worked() -> pl.DataFrame:
    """Make the figures of the delivery whose priors and levels were worked out by hand."""
    given = case("careers")
    persons = pl.DataFrame(
        [
            {
                "record_table": _RECORDED_AS.get(table, table), "record_id": place, "person_id": row["person"],
                "match_probability": 1.0,
            }
            for table in ("victim", "offender", "arrest", "history", "order", "supervision")
            for place, row in enumerate(given[table], start=1)
        ]
    )  # fmt: skip
    return figures_of(given, with_careers(frames(given), persons))


def with_careers(made: dict[str, pl.DataFrame], persons: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Add persons, two of whom are one at the loose threshold, and their histories."""
    person = pl.col("person_id")
    persons = persons.with_columns(
        person_id_loose=pl.when(person == "b").then(pl.lit("a")).otherwise(person),
        match_probability_loose=pl.col("match_probability"),
    )
    lazy = {name: frame.lazy() for name, frame in made.items()}
    pairs = lazy.pop("pairs")
    lazy.pop("incidents")
    found = histories(lazy, pairs, persons.lazy())
    criteria = parse_criteria(shipped_text(SHIPPED[0]) or "", where="shipped")
    extent = Extent(charges="charge" in made, since=date(2019, 1, 1), until=date(2021, 6, 30))
    shown = ~pl.col("left_out").is_in(HIDDEN).fill_null(False)
    return made | {
        "persons": persons,
        "events": found.events.filter(shown),
        "couples": found.couples.filter(shown),
        "offenders": profile_part(found, criteria, extent),
    }
