"""Persons known again within an incident: by their number in it, the agency's number, or name and date of birth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.ingest.feeds import Feed, choose
from ipvi_cli.ingest.values import cells
from ipvi_cli.model.profile_sources import ColumnMap, Source

PERSON_TABLES: Final = ("victim", "offender")

MENTIONED: Final = {
    "index": pl.UInt32(),
    "item": pl.Int32(),
    "number": pl.UInt32(),
    "first": pl.Boolean(),
}
"""Row of the source, packed item, number of the person within the incident, whether the row is the one to keep."""


@dataclass(frozen=True)
class Mentions:
    """What the rows of a source say of the persons of one feed.

    Attributes:
        position: Position of the feed in its source.
        feed: The feed.
        persons: ``index``, ``item``, ``person`` (hash; null where nothing tells who it is); for a feed that takes one
            person of every row, the hashes alone, by row.
        apart: Whether two rows of one input that give the same number are two persons, one of them misnumbered.
    """

    position: int
    feed: Feed
    persons: pl.DataFrame | pl.Series
    apart: bool

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Give the mentions of chosen rows, with the columns of these rows (``index`` among them)."""
        if isinstance(self.persons, pl.Series):
            item = pl.lit(0, pl.Int32).alias("item")
            return rows.with_columns(self.persons.gather(rows["index"]).alias("person"), item)
        return rows.join(self.persons, on="index", how="inner", maintain_order="left_right")


@dataclass(frozen=True)
class Recogniser:
    """How the persons of one feed are known again.

    Attributes:
        position: Position of the feed in its source.
        feed: The feed.
        ways: Column maps that tell who a person is, the surest first; empty when nothing does.
        nulls: Words of the source that mean that nothing was stated.
        apart: As in ``Mentions``.
    """

    position: int
    feed: Feed
    ways: tuple[tuple[ColumnMap, ...], ...]
    nulls: frozenset[str]
    apart: bool

    def read(self, frame: pl.DataFrame, start: int) -> pl.DataFrame | pl.Series:
        """Hash the persons of a batch.

        Args:
            frame: Source columns as text, and ``_row``.
            start: Number of the first row in its source.

        Returns:
            As ``Mentions.persons``.
        """
        chosen = choose(frame, self.feed)
        person = self._hash(chosen)
        if self.feed.packed is None and not self.feed.where and not self.feed.unless:
            return person
        return chosen.select(
            (pl.col("_row") + start).cast(pl.UInt32).alias("index"),
            pl.col("_item").cast(pl.Int32).alias("item"),
            person.alias("person"),
        )

    def gather(self, parts: Sequence[pl.DataFrame | pl.Series]) -> Mentions:
        """Bring the batches of a source together."""
        whole: pl.DataFrame | pl.Series = pl.concat(parts)  # type: ignore[type-var]
        return Mentions(self.position, self.feed, whole, self.apart)

    def _hash(self, chosen: pl.DataFrame) -> pl.Series:
        tells: list[pl.Expr] = []
        texts: list[pl.Series] = []
        for way, columns in enumerate(self.ways):
            names = [f"{way}.{number}" for number in range(len(columns))]
            texts += [
                cells(chosen, mapped, self.nulls).str.to_uppercase().alias(name)
                for name, mapped in zip(names, columns, strict=True)
            ]
            stated = pl.all_horizontal(pl.col(name).is_not_null() for name in names)
            tells.append(pl.when(stated).then(pl.struct(names).hash(seed=way)))
        if not tells:
            return pl.repeat(None, chosen.height, dtype=pl.UInt64, eager=True).alias("person")
        return pl.DataFrame(texts).select(pl.coalesce(tells).alias("person")).to_series()


def recognisers(source: Source, feeds: Sequence[Feed]) -> list[Recogniser]:
    """Say how the persons of each feed are known again.

    Args:
        source: The source.
        feeds: How it feeds the canonical tables.

    Returns:
        One for each feed of a person table in which some person can be known again.
    """
    only_persons = all(feed.table in PERSON_TABLES for feed in feeds)
    nulls = frozenset(source.null_words)
    found = []
    for table in PERSON_TABLES:
        ways = {position: _ways(feed) for position, feed in enumerate(feeds) if feed.table == table}
        if any(ways.values()):
            found += [
                Recogniser(
                    position, feeds[position], own, nulls,
                    only_persons and f"{table}_number" in feeds[position].columns,
                )
                for position, own in ways.items()
            ]  # fmt: skip
    return found


def _ways(feed: Feed) -> tuple[tuple[ColumnMap, ...], ...]:
    number = feed.columns.get(f"{feed.table}_number")
    own = feed.columns.get("person_number")
    name, birth = feed.columns.get("name"), feed.columns.get("birth_date")
    ways: list[tuple[ColumnMap, ...]] = []
    if number is not None and number.constant is None:
        ways.append((number,))
    if own is not None:
        ways.append((own,))
    if name is not None and birth is not None:
        ways.append((name, birth))
    return tuple(ways)


def number_mentions(rows: pl.DataFrame, mentions: Sequence[Mentions]) -> dict[int, pl.DataFrame]:
    """Number the persons within each incident in the order of their first mention.

    Args:
        rows: Rows of incidents that have several: ``index``, ``incident``, ``input``.
        mentions: What the rows of the source say of persons.

    Returns:
        By position of the feed, ``MENTIONED``.
    """
    found: dict[int, pl.DataFrame] = {}
    for table in PERSON_TABLES:
        own = [one for one in mentions if one.feed.table == table]
        if own:
            numbered = _number(rows, own)
            for one in own:
                found[one.position] = (
                    numbered.filter(pl.col("position") == one.position)
                    .select(list(MENTIONED))
                    .cast(MENTIONED)  # type: ignore[arg-type]
                )
    return found


def _number(rows: pl.DataFrame, mentions: Sequence[Mentions]) -> pl.DataFrame:
    keys = rows.select("index", "incident", "input")
    slot = ("index", "offset", "item")
    parts = [
        one.of(keys).with_columns(
            pl.lit(one.position).alias("position"),
            pl.lit(one.feed.offset).alias("offset"),
            pl.lit(one.apart).alias("apart"),
        )
        for one in mentions
    ]
    columns = ["incident", "input", "position", *slot, "person", "apart"]
    together = pl.concat([part.select(columns) for part in parts]).sort(slot)
    # The second of one name in a row is somebody else; whom nothing tells apart stands for himself.
    nth = pl.int_range(pl.len()).over("index", "person")
    person = (
        pl.when(pl.col("person").is_not_null())
        .then(pl.struct("person", nth.alias("nth")).hash())
        .otherwise(pl.struct(slot).hash(seed=7))
    )
    return (
        together.with_columns(person.alias("person"))
        .with_row_index("place")
        .with_columns(pl.col("place").min().over("incident", "person").alias("start"))
        .with_columns(
            pl.col("start").rank("dense").over("incident").alias("number"),
            pl.col("input").first().over("incident", "person").alias("came"),
        )
        .with_columns(
            (
                (pl.col("start") == pl.col("place"))
                | (pl.col("apart") & (pl.col("came") == pl.col("input")))
            ).alias("first")
        )
        .sort("index", "offset", "item")
    )
