"""The distinct relationship words of a delivery: what each means, and which word each row holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from ipvi_cli.classify.crosswalk import MAPPED_SCHEMA, RelationshipCrosswalk
from ipvi_cli.classify.keys import ascending, positions
from ipvi_cli.classify.meaning import Meaning
from ipvi_cli.classify.settle import Statement
from ipvi_cli.model.tables import COUNTED_FATES

WORD: Final = ("relationship_raw", "code_system", "direction")

VALUES_SCHEMA: Final[dict[str, pl.DataType]] = {
    "value": pl.String(),
    "code_system": pl.String(),
    "direction": pl.String(),
    "count": pl.Int64(),
    "incidents": pl.Int64(),
    **{
        name: dtype
        for name, dtype in MAPPED_SCHEMA.items()
        if name not in ("value", "child_in_common")
    },
}
"""Columns of the list of words; confidential, because an unmapped word can name someone."""


@dataclass(frozen=True)
class Words:
    """The distinct words of a delivery.

    Attributes:
        distinct: ``relationship_raw``, ``code_system``, ``direction``, in a fixed order.
        statements: What each of them says, in the same order.
        of_row: Position of the word of each counted relationship row.
    """

    distinct: pl.DataFrame
    statements: tuple[Statement, ...]
    of_row: pl.Series


def read_words(relationship: pl.LazyFrame | None, crosswalk: RelationshipCrosswalk) -> Words:
    """Read and understand each distinct word once.

    Args:
        relationship: Canonical table ``relationship``, or ``None``.
        crosswalk: What the words mean.
    """
    if relationship is None:
        empty = pl.DataFrame(schema=dict.fromkeys(WORD, pl.String()))
        return Words(empty, (), pl.Series("word", [], pl.UInt32))
    counted = relationship.filter(pl.col("row_fate").is_in(COUNTED_FATES)).select(WORD)
    distinct = counted.unique().collect(engine="streaming").sort(WORD)
    hashes = pl.struct(pl.all()).hash().alias("word")
    rows = counted.select(hashes).collect(engine="streaming").to_series()
    of_row = positions(rows, distinct.select(hashes).to_series()).alias("word")
    statements = tuple(Statement(_meaning(crosswalk, *row), row[0]) for row in distinct.iter_rows())
    return Words(distinct, statements, of_row)


def list_words(words: Words, incident: pl.Series) -> pl.DataFrame:
    """List the words of a delivery.

    Args:
        words: The words.
        incident: Position of the incident of each counted relationship row.

    Returns:
        ``VALUES_SCHEMA``, most frequent first; blank cells are not words.
    """
    counts = words.of_row.value_counts(name="count")
    counts = counts.join(_incidents_of(words.of_row, incident), on="word", how="left")
    meanings = [one.meaning for one in words.statements]
    named = words.distinct.rename({"relationship_raw": "value"}).with_columns(
        pl.Series(name, [_cell(one, name) for one in meanings], VALUES_SCHEMA[name])
        for name in list(VALUES_SCHEMA)[5:]
    )
    listed = named.with_row_index("word").join(counts, on="word", how="inner")
    listed = listed.filter(pl.col("value").is_not_null()).cast(
        {"count": pl.Int64, "incidents": pl.Int64}
    )
    order = ["count", "value", "code_system", "direction"]
    return listed.select(*VALUES_SCHEMA).sort(order, descending=[True, False, False, False])


def _incidents_of(word: pl.Series, incident: pl.Series) -> pl.DataFrame:
    """Count the incidents of each word; rows of incidents that are not there count as one."""
    known = incident.fill_null(incident.len())
    if not incident.null_count() and ascending(known, strictly=True):
        return word.value_counts(name="incidents")
    both = np.unique(word.to_numpy().astype(np.uint64) << 32 | known.to_numpy())
    return pl.Series("word", both >> 32, pl.UInt32).value_counts(name="incidents")


def _meaning(
    crosswalk: RelationshipCrosswalk, raw: str | None, system: str | None, direction: str | None
) -> Meaning:
    return crosswalk.meaning(raw, code_system=system or "text", direction=direction or "undeclared")


def _cell(meaning: Meaning, name: str) -> object:
    value = getattr(meaning, name)
    return list(value) if isinstance(value, tuple) else value
