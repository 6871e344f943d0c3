"""Which pairs the records of a delivery hold, where each record holds a pair of its own.

A form on a victim and a suspect is one pair; several forms can be one incident. The victim of one form and the suspect
of another are no pair unless a form says so: nobody asked what they are to one another, and without names they are
often the very persons of the other form.
"""

from __future__ import annotations

import polars as pl

from ipvi_cli.classify.keys import ascending
from ipvi_cli.classify.people import PERSONS
from ipvi_cli.model.finding import Frames


def recorded(
    pairs: pl.DataFrame,
    said: pl.DataFrame,
    people: dict[str, pl.DataFrame],
    tables: Frames,
    starts: dict[str, int],
) -> pl.DataFrame:
    """Leave out pairs of persons whom different records bring in, each with the other person of its pair.

    Args:
        pairs: Every victim beside every offender: ``incident``, ``victim``, ``offender``.
        said: Relationship rows, null where they name nobody: ``incident``, ``victim``, ``offender``, ``row``.
        people: The persons, by ``victim`` and ``offender``.
        tables: Canonical tables.
        starts: Rows of the person tables: from there on a person's ``row`` counts those of the relationship table.

    Returns:
        The pairs that are left, in their order.
    """
    if ascending(pairs["incident"], strictly=True):
        return pairs
    said = said.select("incident", *PERSONS, "row").drop_nulls([*PERSONS])
    said = said.filter(pl.col("incident").is_duplicated())
    if said.is_empty():
        return pairs
    near = pairs.filter(pl.col("incident").is_in(said["incident"].unique().implode()))
    unsaid = near.join(said, on=list(PERSONS), how="anti")
    if unsaid.is_empty():
        return pairs
    said = said.join(_records(tables, "relationship", said["row"]), on="row").drop("row")
    for name in PERSONS:
        brought = _brought(tables, name, people[name], unsaid[name], starts[name])
        own = brought.join(said, on=[name, "record"], how="semi")
        unsaid = unsaid.join(own.rename({"record": f"{name}_record"}), on=name)
    apart = unsaid.filter(pl.col("victim_record") != pl.col("offender_record"))
    return pairs.join(apart, on=list(PERSONS), how="anti", maintain_order="left")


def _brought(
    tables: Frames, name: str, people: pl.DataFrame, wanted: pl.Series, start: int
) -> pl.DataFrame:
    """Give the record that brings each of some persons in: ``<name>``, ``record``."""
    place = wanted.unique().sort()
    rows = pl.DataFrame({name: place, "row": people["row"].gather(place)})
    described, named = rows.filter(pl.col("row") < start), rows.filter(pl.col("row") >= start)
    named = named.with_columns(pl.col("row") - start)
    return pl.concat(
        part.join(_records(tables, table, part["row"]), on="row").select(name, "record")
        for table, part in ((name, described), ("relationship", named))
    )


def _records(tables: Frames, table: str, rows: pl.Series) -> pl.DataFrame:
    """Give the record of the delivery that each of some rows of a table comes from: ``row``, ``record``."""
    frame = tables.get(table)
    if frame is None or rows.is_empty():
        return pl.DataFrame(schema={"row": pl.UInt32, "record": pl.UInt64})
    return (
        frame.select("source_file", "source_row")
        .with_row_index("row")
        .filter(pl.col("row").is_in(rows.unique().implode()))
        .select(
            pl.col("row").cast(pl.UInt32),
            pl.struct("source_file", "source_row").hash().alias("record"),
        )
        .collect(engine="streaming")
    )
