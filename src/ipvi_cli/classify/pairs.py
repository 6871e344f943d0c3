"""Every victim beside every offender of the incident, with the words that are said of the two.

Everything here is positions and small numbers: ``incident`` is a position in the incident table, ``victim`` and
``offender`` are positions among the persons, ``word`` is a position among the distinct relationship words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.classify.keys import hashed, positions
from ipvi_cli.model.finding import Frames
from ipvi_cli.model.tables import COUNTED_FATES

PERSONS: Final = ("victim", "offender")
WORD: Final = ("relationship_raw", "code_system", "direction")

_NOT_PERSONS: Final = ("B", "F", "G", "R", "S", "O")
"""NIBRS data element 25 but for individuals, officers and unknown."""

NOWHERE: Final = 2**32 - 1
"""Row of a person whom no row names."""


_PEOPLE: Final[dict[str, pl.DataType]] = {
    "incident": pl.UInt32(),
    "row": pl.UInt32(),
    "key": pl.UInt64(),
    "person": pl.Boolean(),
    "under_18": pl.Boolean(),
    "under_13": pl.Boolean(),
}
_SAID: Final[dict[str, pl.DataType]] = {
    "incident": pl.UInt32(),
    "row": pl.UInt32(),
    "victim_key": pl.UInt64(),
    "offender_key": pl.UInt64(),
    "word": pl.UInt32(),
    "child": pl.Boolean(),
}


@dataclass(frozen=True)
class Paired:
    """The pairs of a delivery and what is said of them.

    Attributes:
        pairs: ``incident``, ``victim``, ``offender``, each pair once, in this order.
        said: ``victim``, ``offender``, ``word``, ``child``, ``paired``: each word of each pair; ``paired`` is false
            where the row does not say which of several pairs it is of.
        people: By ``victim`` and ``offender``: the persons. ``row`` is the place of the row that names the person, in
            the person table or, from its height on, in the relationship table; ``NOWHERE`` where none does.
    """

    pairs: pl.DataFrame
    said: pl.DataFrame
    people: dict[str, pl.DataFrame]


def read_people(table: str, tables: Frames, incidents: pl.Series) -> pl.DataFrame:
    """Read victims, or the offenders of whom something is known.

    Args:
        table: ``victim`` or ``offender``.
        tables: Canonical tables.
        incidents: Hashes of the incidents.

    Returns:
        The persons whose incident is there; ``person`` is false for victims that are not persons and for offenders
        of whom nothing is known.
    """
    frame = tables.get(table)
    if frame is None:
        return pl.DataFrame(schema=_PEOPLE)
    if table == "victim":
        person = pl.col("victim_type").is_in(_NOT_PERSONS).fill_null(False).not_()
    else:
        nobody = pl.col("offender_unknown") | (pl.col("offender_number") == 0)
        person = nobody.fill_null(False).not_()
    rows = (
        frame.with_row_index("row")
        .filter(pl.col("row_fate").is_in(COUNTED_FATES) & pl.col(f"{table}_id").is_not_null())
        .select(
            hashed("incident_id", "incident"),
            pl.col(f"{table}_id").hash().alias("key"),
            pl.col("row").cast(pl.UInt32),
            person.alias("person"),
            (pl.col("age_years") < 18).alias("under_18"),
            (pl.col("age_years") < 13).alias("under_13"),
        )
        .collect(engine="streaming")
    )
    placed = rows.with_columns(positions(rows["incident"], incidents).alias("incident"))
    there = placed.filter(pl.col("incident").is_not_null())
    return there.unique("key", keep="first", maintain_order=True).select(*_PEOPLE)


def pair_up(tables: Frames, incidents: pl.Series, word: pl.Series, blank: pl.Series) -> Paired:
    """Put every victim beside every known offender of the incident, and the words to the pairs they are of.

    A row that leaves a person out is of the only one that the incident has. Where there are several it is said of
    each of their pairs, marked as not paired. Where there is none and the row says something, it stands for a person
    of whom nothing else is known; not so for an offender whom the record itself calls unknown.

    Args:
        tables: Canonical tables.
        incidents: Hashes of the incidents, in order.
        word: Position of the word of each counted relationship row.
        blank: Whether the word at a position says nothing.

    Returns:
        The pairs and what is said of them.
    """
    people = {name: read_people(name, tables, incidents) for name in PERSONS}
    said = _read_said(tables, incidents, word)
    nobody = people["offender"].filter(~pl.col("person"))
    said = said.filter(_not_among("offender_key", nobody["key"]))
    people["offender"] = people["offender"].filter("person")
    for name in PERSONS:
        people[name] = _with_named(name, people[name], said, tables)
    said = said.filter(~blank.gather(said["word"]) | said["child"])
    closed = {"victim": nobody["incident"].head(0), "offender": nobody["incident"]}
    for name in PERSONS:
        people[name] = _with_unnamed(name, people[name], said, closed[name])
    said = said.with_columns(
        positions(said[f"{name}_key"], people[name]["key"]).alias(name) for name in PERSONS
    ).with_columns(_only(name, people[name], said["incident"]) for name in PERSONS)
    pairs = _crossed(people)
    direct = said.filter(pl.all_horizontal(pl.col(PERSONS).is_not_null()))
    rest = said.filter(pl.any_horizontal(pl.col(PERSONS).is_null()))
    columns = ["victim", "offender", "word", "child"]
    told = direct.select(*columns, pl.lit(True).alias("paired"))
    if rest.height:
        spread = _spread(rest, pairs, people["victim"])
        told = pl.concat([told, spread.select(*columns, pl.lit(False).alias("paired"))])
    return Paired(pairs, told, people)


def _read_said(tables: Frames, incidents: pl.Series, word: pl.Series) -> pl.DataFrame:
    frame = tables.get("relationship")
    if frame is None:
        return pl.DataFrame(schema=_SAID)
    rows = (
        frame.with_row_index("row")
        .filter(pl.col("row_fate").is_in(COUNTED_FATES))
        .select(
            pl.col("row").cast(pl.UInt32),
            hashed("incident_id", "incident"),
            *(hashed(f"{name}_id", f"{name}_key") for name in PERSONS),
            pl.col("child_in_common").fill_null(False).alias("child"),
            (pl.col("offender_number") == 0).fill_null(False).alias("nobody"),
        )
        .collect(engine="streaming")
    )
    placed = rows.with_columns(
        positions(rows["incident"], incidents).alias("incident"), word.alias("word")
    )
    return placed.filter(pl.col("incident").is_not_null() & ~pl.col("nobody")).select(*_SAID)


def _with_named(
    name: str, people: pl.DataFrame, said: pl.DataFrame, tables: Frames
) -> pl.DataFrame:
    """Add the persons whom only relationship rows name."""
    key = f"{name}_key"
    fresh = said.filter(pl.col(key).is_not_null() & _not_among(key, people["key"]))
    if fresh.is_empty():
        return people
    start = height(tables.get(name))
    named = fresh.unique(key, keep="first", maintain_order=True).select(
        "incident", (pl.col("row") + start).cast(pl.UInt32).alias("row"), pl.col(key).alias("key"),
        person=pl.lit(True),
    )  # fmt: skip
    return pl.concat([people, named], how="diagonal")


def _with_unnamed(
    name: str, people: pl.DataFrame, said: pl.DataFrame, closed: pl.Series
) -> pl.DataFrame:
    """Add a person for each incident in which something is said of nobody."""
    lacking = said.filter(pl.col(f"{name}_key").is_null())["incident"].unique().sort()
    taken = pl.concat([people["incident"], closed])
    lacking = lacking.filter(~lacking.is_in(taken.unique().implode()))
    if lacking.is_empty():
        return people
    unnamed = pl.DataFrame({"incident": lacking}).with_columns(
        row=pl.lit(NOWHERE, pl.UInt32), person=pl.lit(True)
    )
    return pl.concat([people, unnamed], how="diagonal")


def _only(name: str, people: pl.DataFrame, incident: pl.Series) -> pl.Expr:
    """Fill in the only person of the incident; a business beside one person does not make two."""
    numbered = people.select("incident", "person").with_row_index(name)
    persons = numbered.filter("person")
    others = numbered.filter(~pl.col("incident").is_in(persons["incident"].unique().implode()))
    alone = pl.concat([persons, others]).unique("incident", keep="none")
    found = positions(incident, alone["incident"])
    return pl.coalesce(name, alone[name].gather(found)).alias(name)


def _crossed(people: dict[str, pl.DataFrame]) -> pl.DataFrame:
    sides = [
        people[name]
        .select("incident")
        .with_row_index(name)
        .with_columns(pl.col(name).cast(pl.UInt32))
        for name in PERSONS
    ]
    joined = sides[0].lazy().join(sides[1].lazy(), on="incident", how="inner")
    return (
        joined.select("incident", *PERSONS).collect(engine="streaming").sort("incident", *PERSONS)
    )


def _spread(rest: pl.DataFrame, pairs: pl.DataFrame, victims: pl.DataFrame) -> pl.DataFrame:
    """Say a row that leaves a person out of each pair it may be of."""
    open_ = pairs.filter(victims["person"].gather(pairs["victim"]))
    parts = []
    for known, others in (("victim", ["offender"]), ("offender", ["victim"]), (None, [*PERSONS])):
        given = pl.col(known).is_not_null() if known else pl.lit(True)
        rows = rest.filter(given & pl.all_horizontal(pl.col(others).is_null())).drop(others)
        on = ["incident", known] if known else ["incident"]
        parts.append(
            rows.join(open_, on=on, how="inner").select("victim", "offender", "word", "child")
        )
    return pl.concat(parts)


def _not_among(column: str, keys: pl.Series) -> pl.Expr:
    if keys.is_empty():
        return pl.lit(True)
    return pl.col(column).is_in(keys.unique().implode()).fill_null(False).not_()


def height(frame: pl.LazyFrame | None) -> int:
    """Count the rows of a table."""
    return 0 if frame is None else int(frame.select(pl.len()).collect(engine="streaming").item())
