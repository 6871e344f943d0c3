"""Pairs as they are kept: identifiers, the outcome, and ages under 18."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from polars.io.plugins import register_io_source

from ipvi_cli.classify.cases import OUTCOME_SCHEMA, Settled, outcomes
from ipvi_cli.classify.keys import ascending, gathered
from ipvi_cli.classify.pairs import Paired, height
from ipvi_cli.classify.people import PERSONS
from ipvi_cli.model.finding import Frames

PAIR_SCHEMA: Final[dict[str, pl.DataType]] = {
    **{name: pl.String() for name in ("pair_id", "incident_id", "victim_id", "offender_id")},
    **OUTCOME_SCHEMA,
    "victim_under_18": pl.Boolean(),
    "offender_under_18": pl.Boolean(),
}
"""Columns of ``pairs.parquet``."""

_CHUNK: Final = 250_000
"""Pairs whose identifiers are held at once: some 50 MB."""

_WIDE_CHUNK: Final = 2_000_000
"""The same where persons do not lie in the order of the incidents, and each part looks through the whole table."""


def write_pairs(tables: Frames, paired: Paired, settled: Settled) -> pl.LazyFrame:
    """Give the pairs their identifiers and what they come to, some at a time while they are written.

    Args:
        tables: Canonical tables.
        paired: The pairs.
        settled: What they come to.

    Returns:
        ``PAIR_SCHEMA``, in the order of the pairs; texts of the outcome are of a closed list (``Enum``), because a few
        repeat over all pairs.
    """
    sources = {name: _Source(tables, name) for name in PERSONS}
    result = outcomes(settled.decisions)
    result = result.select(_closed(result[name]) for name in OUTCOME_SCHEMA)
    schema = {**PAIR_SCHEMA, **result.schema}
    places = {name: _of_pairs(paired, name, "row") for name in PERSONS}
    young = [_of_pairs(paired, name, "under_18").alias(f"{name}_under_18") for name in PERSONS]
    step = _CHUNK if all(map(ascending, places.values())) else _WIDE_CHUNK

    def chunks(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        left = paired.pairs.height if rows is None else rows
        if not left:
            yield pl.DataFrame(schema=schema).select(columns or [*schema])
        for start in range(0, left, step):
            part = slice(start, min(start + step, left))
            decided = result.select(pl.all().gather(settled.of_pair[part]))
            decided = decided.hstack([one[part] for one in young])
            sides = [sources[name].gather(places[name][part]) for name in PERSONS]
            named = pl.concat([*sides, decided.lazy()], how="horizontal").with_columns(pair_id())
            chunk = named.select(*schema).collect(engine="streaming")
            chunk = chunk if predicate is None else chunk.filter(predicate)
            yield chunk if columns is None else chunk.select(columns)

    return register_io_source(chunks, schema=schema, is_pure=True)


def _closed(texts: pl.Series) -> pl.Series:
    """Make texts, or lists of texts, values of the list of those that occur."""
    nested = texts.dtype == pl.List
    kinds = pl.Enum((texts.explode() if nested else texts).drop_nulls().unique().sort())
    return texts.cast(pl.List(kinds) if nested else kinds)


class _Source:
    """Identifiers of persons by the place of the row that names them: the person table, then the relationships."""

    def __init__(self, tables: Frames, name: str) -> None:
        there = [table for table in (name, "relationship") if table in tables]
        # Both persons of a pair are of one incident, which is read with the victims.
        columns = ["incident_id", "victim_id"] if name == "victim" else [f"{name}_id"]
        self.parts = [tables[table].select(columns) for table in there]
        self.split = height(tables.get(name))

    def gather(self, rows: pl.Series) -> pl.LazyFrame:
        """Give the identifiers of the persons at these places, in order, and of victims the ``incident_id`` too."""
        first, last = rows.min(), rows.max()
        assert isinstance(first, int)
        assert isinstance(last, int)
        if last < self.split:
            return self._read(0, rows)
        if first >= self.split:
            return self._read(-1, rows - self.split)
        own, named = rows.filter(rows < self.split), rows.filter(rows >= self.split)
        both = pl.concat([self._read(0, own), self._read(-1, named - self.split)])
        place = pl.concat([(rows < self.split).arg_true(), (rows >= self.split).arg_true()])
        return both.collect(engine="streaming").select(pl.all().gather(place.arg_sort())).lazy()

    def _read(self, part: int, rows: pl.Series) -> pl.LazyFrame:
        first, last = rows.min(), rows.max()
        assert isinstance(first, int)
        assert isinstance(last, int)
        near = self.parts[part].slice(first, last - first + 1)
        if last - first + 1 == rows.len() and ascending(rows, strictly=True):
            return near
        return near.collect(engine="streaming").select(pl.all().gather(rows - first)).lazy()


def _of_pairs(paired: Paired, name: str, column: str) -> pl.Series:
    return gathered(paired.people[name][column], paired.pairs[name])


def pair_id() -> pl.Expr:
    """Name a pair by its victim and by what tells its offender from others of the incident."""
    # Stripped in two steps, and the parts of a victim of no name apart: none of it makes a text of its own.
    offender = pl.col("offender_id").str.strip_prefix(pl.col("incident_id")).str.strip_prefix(":")
    nobody = pl.col("victim_id").is_null()
    return pl.concat_str(
        pl.coalesce("victim_id", "incident_id"),
        pl.when(nobody).then(pl.lit(":V?|")).otherwise(pl.lit("|")),
        offender.fill_null("O?"),
    ).alias("pair_id")
