"""What is carried from source to source: where tables go, which incidents and persons there are already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

import polars as pl

from ipvi_cli.model.profile import Profile
from ipvi_cli.model.profile_sources import Source
from ipvi_cli.model.tables import COUNTED_FATES, polars_schema

_PERSON: Final = {"key": pl.UInt64(), "label": pl.String(), "incident_id": pl.String()}
_DATE: Final = {"key": pl.UInt64(), "occurred_on": pl.Date()}


class Sink(Protocol):
    """Where the rows of one canonical table go."""

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows, all canonical columns; texts may come as an ``Enum``, of other texts in every frame."""


@dataclass(frozen=True)
class Wants:
    """What later sources need to know of earlier ones.

    Attributes:
        persons: Person tables to whose persons some source refers by the agency's number.
        incidents: Whether such a reference comes without an incident number.
        dates: Whether a source states births but no date of the incident.
    """

    persons: frozenset[str] = frozenset()
    incidents: bool = False
    dates: bool = False


def wants(profile: Profile) -> Wants:
    """Say what the sources of a profile need to know of one another."""
    persons: set[str] = set()
    alone = dates = False
    for source in profile.sources:
        told = references(source)
        persons |= told
        mapped = {name for table in source.tables for name in table.columns}
        alone |= bool(told) and "incident_number" not in {*source.keys, *mapped}
        dates |= "birth_date" in mapped and "occurred_on" not in mapped
    return Wants(frozenset(persons), alone, dates)


def references(source: Source) -> frozenset[str]:
    """Name the person tables to whose persons a source refers by the agency's number."""
    columns = {(table.table, name) for table in source.tables for name in table.columns}
    told = {
        person
        for person in ("victim", "offender")
        if ("relationship", f"{person}_person_number") in columns
    }
    if ("arrest", "person_number") in columns:
        told.add("offender")
    return frozenset(told)


@dataclass
class Books:
    """What is carried from source to source.

    Attributes:
        sinks: Where the rows of each table go.
        implied: Person tables that no source of the profile feeds: every relationship row stands for one person.
        wanted: What later sources need to know.
        counts: Rows written of each table; numbers the records.
        incidents: Hashes of the incidents opened so far.
        persons_fed: Sources that fed each person table so far.
        problems: What was noticed.
        tallies: Hashes of the areas and years of the tally rows seen so far.
    """

    sinks: dict[str, Sink]
    implied: frozenset[str] = frozenset()
    wanted: Wants = Wants()
    counts: dict[str, int] = field(default_factory=dict)
    incidents: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.UInt64))
    persons_fed: dict[str, int] = field(default_factory=dict)
    problems: list[pl.DataFrame] = field(default_factory=list)
    tallies: pl.DataFrame | None = None
    _persons: dict[str, pl.DataFrame] = field(default_factory=dict)
    _dates: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_DATE))

    def remember(self, table: str, persons: pl.DataFrame) -> None:
        """Keep the agency's numbers of counted persons, where a source refers to them.

        Args:
            table: Person table.
            persons: Its rows, with ``_label``.
        """
        if table not in self.wanted.persons or "person_number" not in persons.columns:
            return
        counted = persons.filter(pl.col("row_fate").is_in(COUNTED_FATES)).drop_nulls(
            ["incident_id", "person_number"]
        )
        fresh = []
        if self.wanted.incidents:
            alone = pl.col("person_number").cast(pl.String).hash(seed=1)
            fresh.append(counted.select(alone.alias("key"), "_label", "incident_id"))
        nobody = pl.lit(None, pl.String).alias("incident_id")
        fresh.append(counted.select(_within("person_number").alias("key"), "_label", nobody))
        known = self._persons.get(table, pl.DataFrame(schema=_PERSON))
        renamed = [part.rename({"_label": "label"}) for part in fresh]
        self._persons[table] = pl.concat([known, *renamed]).unique(maintain_order=True)

    def find(self, rows: pl.DataFrame, table: str, reference: str, *, alone: bool) -> pl.DataFrame:
        """Find the person to whom an agency's number refers.

        Args:
            rows: Rows that refer to persons.
            table: Person table.
            reference: Column with the agency's number.
            alone: Whether the rows name no incident, so that the number alone has to tell.

        Returns:
            The rows with ``<table>_id``, null where there is no such person or more than one, and the incident of the
            person where the row names none.
        """
        column = f"{table}_id"
        known = self._persons.get(table)
        if known is None:
            return rows.with_columns(pl.lit(None, pl.String).alias(column))
        sure = known.unique("key", keep="none").rename({"incident_id": "_incident"})
        key = pl.col(reference).cast(pl.String).hash(seed=1) if alone else _within(reference)
        stated = pl.col(reference).is_not_null()
        found = rows.with_columns(pl.when(stated).then(key).alias("key")).join(
            sure, on="key", how="left", maintain_order="left"
        )
        incident = pl.coalesce("incident_id", "_incident")
        return found.with_columns(
            incident.alias("incident_id"),
            pl.concat_str(incident, pl.lit(":"), "label").alias(column),
        ).drop("key", "label", "_incident")

    def date(self, incidents: pl.DataFrame) -> None:
        """Keep the dates of counted incidents, where a source states births but no dates."""
        if not self.wanted.dates or "occurred_on" not in incidents.columns:
            return
        counted = incidents.filter(pl.col("row_fate").is_in(COUNTED_FATES))
        fresh = counted.select(pl.col("incident_id").hash().alias("key"), "occurred_on")
        self._dates = pl.concat([self._dates, fresh.drop_nulls()]).unique(
            "key", keep="first", maintain_order=True
        )

    def dates(self, incidents: pl.DataFrame) -> pl.DataFrame | None:
        """Give the known dates of incidents.

        Args:
            incidents: ``_row`` and ``incident_id``.

        Returns:
            ``_row`` and ``occurred_on``; ``None`` when no date is known of any incident.
        """
        if self._dates.is_empty():
            return None
        keyed = incidents.select("_row", pl.col("incident_id").hash().alias("key"))
        return keyed.join(self._dates, on="key", how="left", maintain_order="left").drop("key")

    def write(self, table: str, rows: pl.DataFrame) -> None:
        """Write rows of a table, filling the columns that the source does not feed."""
        if rows.is_empty():
            return
        start = self.counts.get(table, 0)
        self.counts[table] = start + rows.height
        schema = polars_schema(table)
        number = pl.int_range(start + 1, start + 1 + rows.height, dtype=pl.Int64)
        columns = [
            pl.col(name) if name in rows.columns else pl.lit(None, dtype).alias(name)
            for name, dtype in schema.items()
            if name != "record_id"
        ]
        self.sinks[table].write(rows.select(number.alias("record_id"), *columns))


def _within(reference: str) -> pl.Expr:
    """Hash of a person's number within an incident."""
    return pl.struct("incident_id", pl.col(reference).cast(pl.String).alias("number")).hash()
