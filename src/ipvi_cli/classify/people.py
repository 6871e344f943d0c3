"""The victims and the known offenders of a delivery, also those whom only relationship rows name."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.classify.keys import alone, ascending, hashed, positions
from ipvi_cli.model.finding import Frames
from ipvi_cli.model.tables import COUNTED_FATES

PERSONS: Final = ("victim", "offender")

_NOT_PERSONS: Final = ("B", "F", "G", "R", "S", "O")
"""NIBRS data element 25 but for individuals, officers and unknown."""

_PEOPLE: Final[dict[str, pl.DataType]] = {
    "incident": pl.UInt32(),
    "row": pl.UInt32(),
    "key": pl.UInt64(),
    "person": pl.Boolean(),
    "under_18": pl.Boolean(),
    "under_13": pl.Boolean(),
}


def read_people(name: str, tables: Frames, incidents: pl.Series) -> pl.DataFrame:
    """Read the victims or the offenders.

    Args:
        name: ``victim`` or ``offender``.
        tables: Canonical tables.
        incidents: Hashes of the incidents.

    Returns:
        A row for each person whose incident is there: ``incident``, the position of the incident; ``row``, the place
        of the row in its table; ``key``, the hash of the identifier; ``person``, false for victims that are not
        persons and for offenders of whom nothing is known; ``under_18`` and ``under_13``, null without an age.
    """
    frame = tables.get(name)
    if frame is None:
        return pl.DataFrame(schema=_PEOPLE)
    rows = (
        frame.with_row_index("row")
        .filter(pl.col("row_fate").is_in(COUNTED_FATES))
        .select(
            hashed("incident_id", "incident"),
            pl.col("row").cast(pl.UInt32),
            hashed(f"{name}_id", "key"),
            _is_person(name).alias("person"),
            (pl.col("age_years") < 18).alias("under_18"),
            (pl.col("age_years") < 13).alias("under_13"),
        )
        .collect(engine="streaming")
    )
    rows = rows.with_columns(positions(rows["incident"], incidents).alias("incident"))
    rows = rows.drop_nulls(["incident", "key"])
    if ascending(rows["incident"], strictly=True) or alone(rows["key"]):
        return rows
    return rows.unique("key", keep="first", maintain_order=True)


def add_named(
    name: str, people: pl.DataFrame, said: pl.DataFrame, start: int
) -> tuple[pl.DataFrame, pl.Series]:
    """Add the persons whom only relationship rows name.

    Args:
        name: ``victim`` or ``offender``.
        people: Persons of the table.
        said: Relationship rows: ``incident``, ``row``, ``<name>_key``.
        start: Rows of the person table: a relationship row counts on from there.

    Returns:
        The persons, and for each relationship row the position of its person, null where it names none.
    """
    key = said[f"{name}_key"]
    found = positions(key, people["key"])
    if found.null_count() == key.null_count():
        return people, found
    fresh = said.filter(found.is_null() & key.is_not_null())
    named = fresh.unique(f"{name}_key", keep="first", maintain_order=True).select(
        "incident", _from(start), pl.col(f"{name}_key").alias("key"), person=pl.lit(True)
    )
    people = pl.concat([people, named], how="diagonal")
    return people, positions(key, people["key"])


def add_unnamed(
    people: pl.DataFrame, said: pl.DataFrame, found: pl.Series, closed: pl.Series, start: int
) -> pl.DataFrame:
    """Add a person for each incident in which something is said of nobody.

    Args:
        people: Persons.
        said: Relationship rows that say something: ``incident``, ``row``.
        found: Position of the person that each of them names.
        closed: Incidents that have no further person, whatever is said.
        start: As for ``add_named``.
    """
    if not found.null_count():
        return people
    lacking = said.filter(found.is_null()).select("incident", _from(start))
    taken = pl.concat([people["incident"], closed]).unique().implode()
    lacking = lacking.filter(~pl.col("incident").is_in(taken))
    if lacking.is_empty():
        return people
    unnamed = lacking.group_by("incident").agg(pl.col("row").min()).sort("incident")
    return pl.concat([people, unnamed.with_columns(person=pl.lit(True))], how="diagonal")


def only_of(people: pl.DataFrame, incident: pl.Series) -> pl.Series:
    """Find the only person of each incident, null where there are several or none.

    Args:
        people: Persons.
        incident: Positions of incidents.

    Returns:
        Positions of persons. A business beside one person does not make two.
    """
    numbered = people.select("incident", "person").with_row_index("place")
    near = numbered.filter(pl.col("incident").is_in(incident.unique().implode()))
    persons = near.filter("person")
    others = near.filter(~pl.col("incident").is_in(persons["incident"].unique().implode()))
    single = pl.concat([persons, others]).unique("incident", keep="none")
    return single["place"].gather(positions(incident, single["incident"])).cast(pl.UInt32)


def _is_person(name: str) -> pl.Expr:
    if name == "victim":
        return pl.col("victim_type").is_in(_NOT_PERSONS).fill_null(False).not_()
    nobody = pl.col("offender_unknown") | (pl.col("offender_number") == 0)
    return nobody.fill_null(False).not_()


def _from(start: int) -> pl.Expr:
    return (pl.col("row") + start).cast(pl.UInt32).alias("row")
