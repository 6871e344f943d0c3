"""Rows of persons, and whether they have what a person can be known by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.summarize.cells import NOBODY, PART, VICTIMS
from ipvi_cli.summarize.keyed import keyed
from ipvi_cli.summarize.level import Level

if TYPE_CHECKING:
    from ipvi_cli.summarize.scene import Scene

NOT_PERSONS: Final = ("B", "F", "G", "R", "S", "O")
"""NIBRS data element 25 without individuals and officers."""


def identifiers(scene: Scene) -> Iterable[Level]:
    """Give each row of a victim or a known offender."""
    told = pl.col("name").is_not_null() & pl.col("birth_date").is_not_null()
    persons = {
        "victim": pl.col("victim_type").is_in(NOT_PERSONS).fill_null(False).not_(),
        "offender": pl.col("offender_unknown").fill_null(False).not_(),
    }
    rows = [
        scene.tables[role]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES) & person)
        .select(
            keyed(f"{role}_id", "_person"),
            keyed(),
            pl.lit(None, pl.Int32).alias("month"),
            # The identifier of an incident begins with its agency.
            pl.col("incident_id").str.splitn(":", 2).struct.field("field_0").alias("agency"),
            pl.lit(None, pl.String).alias("district"),
            pl.lit(NOBODY, pl.UInt16).alias(VICTIMS),
            pl.lit(role).alias(PART),
            told.alias("filled"),
            pl.lit(1).alias("persons"),
        )
        for role, person in persons.items()
        if role in scene.tables
    ]
    yield Level("identifier", pl.concat(rows), ("filled", "persons"), unit="_person")
