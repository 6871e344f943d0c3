"""Histories of persons as figures look at them: at the strict threshold of linking, and at the loose one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from ipvi_cli.summarize.scene import Scene

LINKS: Final = ("strict", "loose")
"""Thresholds at which records are one person; every loose person is made of whole strict ones."""

PARTNER: Final = pl.col("relationship_class") == "intimate_partner"
COUNTED: Final = pl.col("left_out").is_null() | (pl.col("left_out") == "age_unknown")
"""Which events count in figures, as they do in ``offenders.parquet``: who was the aggressor is not in doubt."""


@dataclass(frozen=True, eq=False)
class Course:
    """Histories at one threshold; what several figures need is made once.

    Attributes:
        scene: The delivery, with its histories.
        link: One of ``LINKS``.
    """

    scene: Scene
    link: str

    @cached_property
    def events(self) -> pl.DataFrame:
        """Give the events that count, ``EVENT_SCHEMA``; of an event that two strict persons share, one row."""
        assert self.scene.careers is not None
        events = self.scene.careers.events.filter(COUNTED).collect()
        key = ["person_id", "kind", "role", "event"]
        # What ties to a partner comes first, so that it is the row that stays.
        return self.as_linked(events, "person_id").sort(~PARTNER.fill_null(False), *key).unique(
            key, keep="first", maintain_order=True
        )  # fmt: skip

    @cached_property
    def couples(self) -> pl.DataFrame:
        """Give the partner incidents of each couple: ``offender``, ``victim``, ``incident_id``, ``date``."""
        assert self.scene.careers is not None
        rows = self.scene.careers.couples.filter(PARTNER, COUNTED).collect()
        for name in ("offender_person", "victim_person"):
            rows = self.as_linked(rows, name)
        named = rows.select(
            "incident_id", "date", offender="offender_person", victim="victim_person"
        )
        apart = pl.col("offender") != pl.col("victim")
        return named.filter(apart).unique(["offender", "victim", "incident_id"]).sort(
            "offender", "victim", "date", "incident_id"
        )  # fmt: skip

    @cached_property
    def reports(self) -> pl.DataFrame:
        """Give each offender's partner incidents: ``person_id``, ``incident_id``, ``date``, ``nth`` from 1."""
        rows = self._incidents("offender")
        return rows.with_columns(
            (pl.int_range(pl.len()).over("person_id") + 1).cast(pl.Int64).alias("nth")
        )

    @cached_property
    def suffered(self) -> pl.DataFrame:
        """Give each victim's partner incidents: ``person_id``, ``incident_id``, ``date``."""
        return self._incidents("victim")

    @cached_property
    def index(self) -> pl.DataFrame:
        """Give the last dated partner incident of each offender: ``person_id``, ``index``, ``incident_id``."""
        dated = self.reports.drop_nulls("date").sort("person_id", "date", "incident_id")
        last = dated.group_by("person_id", maintain_order=True).last()
        return last.select("person_id", pl.col("date").alias("index"), "incident_id")

    @cached_property
    def priors(self) -> pl.DataFrame:
        """Give the arrests of each offender from before the last partner incident: ``person_id``, ``groups``, ``ipv``,
        ``open`` (whether it may have been of a partner)."""
        arrests = self.events.filter(pl.col("kind") == "arrest").drop_nulls("date")
        before = arrests.join(self.index.select("person_id", "index"), on="person_id")
        ipv = pl.col("groups").list.contains("ipv").fill_null(False)
        unsure = (pl.col("statute_basis") == "open") | pl.col("tie_open")
        return before.filter(pl.col("date") < pl.col("index")).select(
            "person_id", "groups", ipv.alias("ipv"), (unsure.fill_null(False) & ~ipv).alias("open")
        )

    def whose(self, table: str) -> pl.DataFrame:
        """Give the persons of the records of a table: ``record_id``, ``person_id``."""
        assert self.scene.persons is not None
        person = "person_id" if self.link == "strict" else "person_id_loose"
        of_table = self.scene.persons.filter(pl.col("record_table") == table)
        return of_table.select("record_id", pl.col(person).alias("person_id")).collect()

    def _incidents(self, role: str) -> pl.DataFrame:
        of_role = (pl.col("kind") == "incident") & (pl.col("role") == role)
        rows = self.events.filter(of_role, PARTNER).select("person_id", "incident_id", "date")
        return rows.unique(["person_id", "incident_id"]).sort(
            "person_id", "date", "incident_id", nulls_last=True
        )

    def as_linked(self, rows: pl.DataFrame, person: str) -> pl.DataFrame:
        """Name the persons of a column as they are at this threshold."""
        if self.link == "strict" or self._loose is None:
            return rows
        joined = rows.join(self._loose, left_on=person, right_on="person_id", how="left")
        return joined.with_columns(pl.coalesce("person_id_loose", person).alias(person)).drop(
            "person_id_loose"
        )

    @cached_property
    def _loose(self) -> pl.DataFrame | None:
        persons = self.scene.persons
        if persons is None or "person_id_loose" not in persons.collect_schema():
            return None
        both = persons.select("person_id", "person_id_loose").unique("person_id")
        return both.collect(engine="streaming")
