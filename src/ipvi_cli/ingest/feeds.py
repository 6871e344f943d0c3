"""How a source feeds the canonical tables: column groups written out, rows chosen, packed cells unpacked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.model.profile_sources import ColumnMap, Packed, Source

_ITEMS: Final = 1000
"""Room for the items of one packed cell."""


@dataclass(frozen=True)
class Feed:
    """How the rows of a source feed one canonical table, one column group at a time.

    Attributes:
        table: Canonical table.
        columns: Canonical column to its origin, group numbers written out.
        where: Source column to the words that a row must hold.
        unless: Source column to the words that keep a row out.
        packed: List cells to unpack first.
        group: Number of the column group, from 0.
        offset: Number of column groups of this table before this one in the source.
        total: Number of column groups of this table in the source.
        step: Room for the persons of one column group, so that those of the next get other numbers.
    """

    table: str
    columns: dict[str, ColumnMap]
    where: dict[str, list[str]]
    unless: dict[str, list[str]]
    packed: Packed | None
    group: int
    offset: int
    total: int
    step: int


def feeds(source: Source) -> tuple[Feed, ...]:
    """Write out how a source feeds the canonical tables, one column group at a time."""
    total = Counter[str]()
    for table in source.tables:
        total[table.table] += table.repeat
    packed = {table.table for table in source.tables if table.packed is not None}
    seen = Counter[str]()
    found = []
    for table in source.tables:
        for group in range(table.repeat):
            found.append(
                Feed(
                    table.table,
                    {name: _numbered(mapped, group) for name, mapped in table.columns.items()},
                    _numbered_words(table.where, group),
                    _numbered_words(table.unless, group),
                    table.packed,
                    group,
                    seen[table.table],
                    total[table.table],
                    _ITEMS if table.table in packed else 1,
                )
            )
            seen[table.table] += 1
    return tuple(found)


def _numbered(mapped: ColumnMap, group: int) -> ColumnMap:
    number = str(group + 1)
    column = mapped.column.replace("{n}", number) if mapped.column is not None else None
    columns = [name.replace("{n}", number) for name in mapped.columns]
    return mapped.model_copy(update={"column": column, "columns": columns})


def _numbered_words(words: dict[str, list[str]], group: int) -> dict[str, list[str]]:
    return {name.replace("{n}", str(group + 1)): listed for name, listed in words.items()}


def choose(frame: pl.DataFrame, feed: Feed) -> pl.DataFrame:
    """Keep the rows that feed the table, unpacking list cells first.

    Args:
        frame: Source columns as text, and ``_row``.
        feed: How the source feeds the table.

    Returns:
        The rows, with ``_item``: the number of the packed item (0 where nothing is packed).
    """
    if feed.packed is not None:
        frame = _unpack(frame, feed.packed)
    else:
        frame = frame.with_columns(pl.lit(0, pl.Int64).alias("_item"))
    return frame.filter(chosen(feed)) if feed.where or feed.unless else frame


def chosen(feed: Feed) -> pl.Expr:
    """Say whether a row feeds the table, by what the profile asks of its columns."""
    asked = [_holds(column, words) for column, words in feed.where.items()]
    barred = [_holds(column, words) for column, words in feed.unless.items()]
    return pl.all_horizontal(
        pl.lit(True),
        *(one.fill_null(False) for one in asked),
        *(~one.fill_null(False) for one in barred),
    )


def unpack_faults(frame: pl.DataFrame, feed: Feed) -> dict[str, pl.Series]:
    """Say which packed cells hold an item that has no number of its own, and so belongs to no person.

    Args:
        frame: Source columns as text, and ``_row``.
        feed: How the source feeds the table.

    Returns:
        By packed column, the ``_row`` of each such cell.
    """
    packed = feed.packed
    if packed is None or packed.key is None:
        return {}
    faults = {}
    for column in packed.columns:
        items = _numbered_items(frame, column, packed).filter(pl.col("cell").fill_null("x") != "")
        lost = pl.col("_item").is_null() | pl.struct("_row", "_item").is_duplicated()
        rows = items.filter(lost)["_row"].unique(maintain_order=True)
        if rows.len():
            faults[column] = rows
    return faults


def _holds(column: str, words: list[str]) -> pl.Expr:
    said = pl.col(column).str.strip_chars().str.to_uppercase()
    # The empty word stands for cells without one.
    return (said.fill_null("") if "" in words else said).is_in([one.upper() for one in words])


def _unpack(frame: pl.DataFrame, packed: Packed) -> pl.DataFrame:
    items: pl.DataFrame | None = None
    for column in packed.columns:
        one = _items(frame, column, packed)
        items = (
            one
            if items is None
            else items.join(one, on=["_row", "_item"], how="full", coalesce=True)
        )
    assert items is not None
    rest = frame.drop(packed.columns)
    return items.sort("_row", "_item").join(rest, on="_row", how="left", maintain_order="left")


def _items(frame: pl.DataFrame, column: str, packed: Packed) -> pl.DataFrame:
    """Filled items of one packed column; the first of several of the same number."""
    filled = _numbered_items(frame, column, packed).filter(
        pl.col("_item").is_not_null() & (pl.col("cell") != "")
    )
    return filled.unique(["_row", "_item"], keep="first", maintain_order=True).rename(
        {"cell": column}
    )


def _numbered_items(frame: pl.DataFrame, column: str, packed: Packed) -> pl.DataFrame:
    """All items of one packed column: ``_row``, ``_item`` (null without a number of its own), ``cell``."""
    one = (
        frame.select("_row", pl.col(column).str.split(packed.items).alias("cell"))
        .explode("cell")
        .with_columns(pl.col("cell").str.strip_chars())
    )
    if packed.key is None:
        return one.drop_nulls().with_columns(pl.int_range(pl.len()).over("_row").alias("_item"))
    halves = pl.col("cell").str.splitn(packed.key, 2).struct
    number = halves.field("field_0").str.strip_chars().cast(pl.Int64, strict=False)
    return one.filter(pl.col("cell") != "").with_columns(
        pl.when(halves.field("field_1").is_not_null()).then(number).alias("_item"),
        halves.field("field_1").str.strip_chars().alias("cell"),
    )
