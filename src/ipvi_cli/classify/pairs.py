"""Every victim beside every offender of the incident, with the words that are said of the two.

Everything here is positions and small numbers: ``incident`` is a position in the incident table, ``victim`` and
``offender`` are positions among the persons, ``word`` is a position among the distinct relationship words.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ipvi_cli.classify.keys import ascending, hashed, positions, same
from ipvi_cli.classify.people import PERSONS, add_named, add_unnamed, only_of, read_people
from ipvi_cli.classify.recorded import recorded
from ipvi_cli.model.finding import Frames
from ipvi_cli.model.tables import COUNTED_FATES


@dataclass(frozen=True)
class Paired:
    """The pairs of a delivery and what is said of them.

    Attributes:
        pairs: ``incident``, ``victim``, ``offender``, each pair once, in this order.
        said: ``victim``, ``offender``, ``word``, ``child``, ``paired``: each word of each pair. ``child`` is true
            where the row says that the two share a child, ``paired`` false where it does not say which of several
            pairs it is of.
        people: By ``victim`` and ``offender``: the persons, as ``read_people`` gives them. From the height of the
            person table on, ``row`` counts the rows of the relationship table.
        of_row: Position of the incident of each counted relationship row, null where the incident is not there.
    """

    pairs: pl.DataFrame
    said: pl.DataFrame
    people: dict[str, pl.DataFrame]
    of_row: pl.Series


def pair_up(tables: Frames, incidents: pl.Series, word: pl.Series, blank: pl.Series) -> Paired:
    """Put every victim beside every known offender of the incident, and the words to the pairs they are of.

    Persons whom different records bring in, each with the other person of its pair, are no pair unless a row names the
    two. A row that leaves a person out is of the only one that the incident has. Where there are several it is said of
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
    nobody = people["offender"].filter(~pl.col("person"))
    if nobody.height:
        people["offender"] = people["offender"].filter("person")
    said, of_row = _read_said(tables, incidents, word, nobody["key"])
    closed = {"victim": nobody["incident"].head(0), "offender": nobody["incident"].unique()}
    starts = {name: height(tables.get(name)) for name in PERSONS}
    for name, start in starts.items():
        people[name], found = add_named(name, people[name], said, start)
        if found.null_count():
            telling = ~blank.gather(said["word"]) | said["child"]
            people[name] = add_unnamed(
                people[name], said.filter(telling), found.filter(telling), closed[name], start
            )
        said = said.drop(f"{name}_key").with_columns(found.alias(name))
    whole = said["victim"].is_not_null() & said["offender"].is_not_null()
    if not whole.all():
        said = said.filter(~blank.gather(said["word"]) | said["child"] | whole)
    named, said = said, said.drop("row")
    for name in PERSONS:
        if said[name].null_count():
            alone = only_of(people[name], said["incident"])
            said = said.with_columns(pl.coalesce(name, alone).alias(name))
    pairs = recorded(_crossed(people), named, people, tables, starts)
    return Paired(pairs, _told(said, pairs, people["victim"]["person"]), people, of_row)


def height(frame: pl.LazyFrame | None) -> int:
    """Count the rows of a table."""
    return 0 if frame is None else int(frame.select(pl.len()).collect(engine="streaming").item())


def _read_said(
    tables: Frames, incidents: pl.Series, word: pl.Series, nobody: pl.Series
) -> tuple[pl.DataFrame, pl.Series]:
    """Read the relationship rows, but for those of offenders of whom nothing is known.

    Returns:
        The rows, and the position of the incident of every row that counts.
    """
    frame = tables.get("relationship")
    if frame is None:
        frame = pl.LazyFrame(schema=_RELATIONSHIP)
    rows = (
        frame.with_row_index("row")
        .filter(pl.col("row_fate").is_in(COUNTED_FATES))
        .select(
            hashed("incident_id", "incident"),
            pl.col("row").cast(pl.UInt32),
            *(hashed(f"{name}_id", f"{name}_key") for name in PERSONS),
            pl.col("child_in_common").fill_null(False).alias("child"),
            (pl.col("offender_number") == 0).fill_null(False).alias("nobody"),
        )
        .collect(engine="streaming")
    )
    place = positions(rows["incident"], incidents)
    rows = rows.with_columns(place.alias("incident"), word.alias("word"))
    left_out = rows["incident"].is_null() | rows["nobody"]
    if nobody.len():
        named = rows["offender_key"].is_in(nobody.unique().implode())
        left_out |= named.fill_null(False)
    rows = rows.drop("nobody")
    return (rows.filter(~left_out) if left_out.any() else rows), place


_RELATIONSHIP = {
    "incident_id": pl.String(),
    "row_fate": pl.String(),
    "victim_id": pl.String(),
    "offender_id": pl.String(),
    "child_in_common": pl.Boolean(),
    "offender_number": pl.Int64(),
}


def _crossed(people: dict[str, pl.DataFrame]) -> pl.DataFrame:
    sides = [people[name].select("incident").with_row_index(name) for name in PERSONS]
    first, second = (side["incident"] for side in sides)
    if same(first, second) and ascending(first, strictly=True):
        joined = sides[0].hstack([sides[1]["offender"]])
    else:
        joined = (
            sides[0]
            .lazy()
            .join(sides[1].lazy(), on="incident", how="inner", maintain_order="left_right")
            .collect(engine="streaming")
        )
    pairs = joined.select("incident", pl.col(PERSONS).cast(pl.UInt32))
    return pairs if ascending(pairs["incident"]) else pairs.sort("incident", *PERSONS)


def _told(said: pl.DataFrame, pairs: pl.DataFrame, person: pl.Series) -> pl.DataFrame:
    """Put each word to its pair, and one that leaves a person out to each pair that it may be of."""
    columns = ["victim", "offender", "word", "child"]
    whole = said["victim"].is_not_null() & said["offender"].is_not_null()
    if whole.all():
        return said.select(*columns, pl.lit(True).alias("paired"))
    told = [said.filter(whole).select(*columns, pl.lit(True).alias("paired"))]
    open_ = pairs.filter(person.gather(pairs["victim"]))
    for known, others in (("victim", ["offender"]), ("offender", ["victim"]), (None, [*PERSONS])):
        given = pl.col(known).is_not_null() if known else pl.lit(True)
        rows = said.filter(given & pl.all_horizontal(pl.col(others).is_null())).drop(others)
        spread = rows.join(open_, on=["incident", known] if known else ["incident"], how="inner")
        told.append(spread.select(*columns, pl.lit(False).alias("paired")))
    return pl.concat(told)
