"""Which victim and offender a row speaks of, as far as the row itself says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from ipvi_cli.ingest.books import Books
from ipvi_cli.ingest.feeds import Feed
from ipvi_cli.ingest.mapping import TABLE_KEYS


def link_arrests(rows: pl.DataFrame, feed: Feed, books: Books, *, alone: bool) -> pl.DataFrame:
    """Say which offender of its incident an arrest is of.

    Args:
        rows: Mapped arrests.
        feed: How the source feeds the table.
        books: Persons known so far.
        alone: Whether the source names no incidents.

    Returns:
        The rows, with ``offender_id`` where the profile maps what tells it.
    """
    if "offender_number" in feed.columns:
        return rows.with_columns(_numbered("offender_number", "O").alias("offender_id"))
    if "person_number" in feed.columns:
        return books.find(rows, "offender", "person_number", alone=alone)
    return rows


def link_relationships(
    rows: pl.DataFrame,
    feed: Feed,
    ordinals: pl.Series,
    local: Mapping[str, Sequence[pl.DataFrame]],
    books: Books,
    *,
    alone: bool,
) -> pl.DataFrame:
    """Say of which victim and offender each relationship row is.

    Args:
        rows: Mapped relationships.
        feed: How the source feeds the table.
        ordinals: Number of each row of the batch within its incident.
        local: Persons of the same batch, by table.
        books: Persons known so far; persons that no source describes are written there.
        alone: Whether the source names no incidents.

    Returns:
        The rows that state a tie or name both persons, with ``victim_id`` and ``offender_id`` (null: not said).
    """
    for table, other, letter in (("victim", "offender", "V"), ("offender", "victim", "O")):
        column = f"{table}_id"
        if f"{table}_number" in feed.columns:
            rows = rows.with_columns(_numbered(f"{table}_number", letter).alias(column))
        elif f"{table}_person_number" in feed.columns:
            rows = books.find(rows, table, f"{table}_person_number", alone=alone)
        elif table in books.implied:
            one = _in_groups(feed, local.get(other, ()))
            rows = _implied(rows, feed, ordinals, letter, column, one=one)
            persons = rows.drop_nulls(column).select(*TABLE_KEYS, column)
            if table == "offender":
                persons = persons.with_columns(pl.lit(False).alias("offender_unknown"))
            if not (one and feed.offset):
                books.write(table, persons)
        else:
            rows = _beside(rows, feed, local.get(table, ()), column)
    both = pl.col("victim_id").is_not_null() & pl.col("offender_id").is_not_null()
    return rows.filter(pl.col("_stated") | both)


def _numbered(number: str, letter: str) -> pl.Expr:
    told = pl.col("incident_id").is_not_null() & pl.col(number).is_not_null()
    if letter == "O":
        told = told & (pl.col(number) > 0)
    return pl.when(told).then(pl.concat_str("incident_id", pl.lit(f":{letter}"), number))


def _in_groups(feed: Feed, persons: Sequence[pl.DataFrame]) -> bool:
    """Say whether each column group of ties stands beside the column group of its own person."""
    return feed.total > 1 and len(persons) == feed.total and not (feed.where or feed.unless)


def _implied(
    rows: pl.DataFrame, feed: Feed, ordinals: pl.Series, letter: str, column: str, *, one: bool
) -> pl.DataFrame:
    """Let each relationship row stand for a person, because no source of the profile describes them.

    Where the column groups are those of the persons on the other side, the whole row stands for one. Otherwise each
    group does, but for those after the first that state nothing: they are room that was not needed.
    """
    ordinal = pl.lit(ordinals.gather(rows["_row"])).cast(pl.Int64)
    if one:
        number, there = ordinal * feed.step + 1, pl.lit(True)
    else:
        number = (ordinal * feed.total + feed.offset) * feed.step + pl.col("_item") + 1
        there = pl.col("_stated") | pl.lit(feed.offset == 0)
    person = pl.concat_str("incident_id", pl.lit(f":{letter}"), number)
    return rows.with_columns(pl.when(there).then(person).alias(column))


def _beside(
    rows: pl.DataFrame, feed: Feed, persons: Sequence[pl.DataFrame], column: str
) -> pl.DataFrame:
    """Join the person that the same row (and packed item or column group) names."""
    if not persons:
        return rows.with_columns(pl.lit(None, pl.String).alias(column))
    grouped = feed.total > 1 and len(persons) == feed.total
    chosen = [persons[feed.offset]] if grouped else persons
    on = ["_row", "_item"] if feed.packed is not None else ["_row"]
    if len(chosen) == 1 and feed.packed is None and chosen[0]["_row"].equals(rows["_row"]):
        return rows.with_columns(chosen[0][column])
    # A row that names several persons on this side does not say of which one the tie is.
    alone = pl.concat([one.select(*on, column) for one in chosen]).unique(on, keep="none")
    return rows.join(alone, on=on, how="left", maintain_order="left")
