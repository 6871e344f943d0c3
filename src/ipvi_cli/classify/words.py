"""The distinct relationship words of a delivery: what each means, and which word each row holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ipvi_cli.classify.crosswalk import MAPPED_SCHEMA, RelationshipCrosswalk
from ipvi_cli.classify.keys import ascending, distinct, positions
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
    hashes = counted.select(_hash().alias("word")).collect(engine="streaming").to_series()
    first = hashes.arg_unique().sort()
    rows = counted.with_row_index("row").filter(pl.col("row").is_in(first.implode()))
    distinct = rows.collect(engine="streaming").with_columns(hashes.gather(first)).sort(WORD)
    of_row = positions(hashes, distinct["word"]).alias("word")
    distinct = distinct.select(WORD)
    statements = tuple(Statement(_meaning(crosswalk, *row), row[0]) for row in distinct.iter_rows())
    return Words(distinct, statements, of_row)


def _hash() -> pl.Expr:
    """Hash a word with its code system and direction, nulls too."""
    raw, system, direction = (pl.col(name).hash(seed) for seed, name in enumerate(WORD))
    return raw ^ system ^ direction


def list_words(words: Words, incident: pl.Series) -> pl.DataFrame:
    """List the words of a delivery.

    Args:
        words: The words.
        incident: Position of the incident of each counted relationship row.

    Returns:
        ``VALUES_SCHEMA``, most frequent first; blank cells are not words.
    """
    kinds, of_word = distinct(one.meaning for one in words.statements)
    columns = list(VALUES_SCHEMA)[5:]
    meanings = pl.DataFrame(
        [[_cell(one, name) for name in columns] for one in kinds],
        schema={name: VALUES_SCHEMA[name] for name in columns},
        orient="row",
    )
    size = words.distinct.height
    listed = words.distinct.rename({"relationship_raw": "value"}).hstack(
        meanings.select(pl.all().gather(of_word))
    )
    listed = listed.with_columns(
        pl.Series("count", np.bincount(words.of_row, minlength=size), pl.Int64),
        pl.Series("incidents", _incidents_of(words.of_row, incident, size), pl.Int64),
    )
    listed = listed.filter(pl.col("value").is_not_null())
    order = ["count", "value", "code_system", "direction"]
    return listed.select(*VALUES_SCHEMA).sort(order, descending=[True, False, False, False])


def _incidents_of(word: pl.Series, incident: pl.Series, size: int) -> NDArray[np.intp]:
    """Count the incidents of each word; rows of incidents that are not there count as one."""
    known = incident.fill_null(incident.len())
    if not incident.null_count() and ascending(known, strictly=True):
        return np.bincount(word, minlength=size)
    both = np.unique(word.to_numpy().astype(np.uint64) << 32 | known.to_numpy())
    return np.bincount((both >> 32).astype(np.uint32), minlength=size)


def _meaning(
    crosswalk: RelationshipCrosswalk, raw: str | None, system: str | None, direction: str | None
) -> Meaning:
    return crosswalk.meaning(raw, code_system=system or "text", direction=direction or "undeclared")


def _cell(meaning: Meaning, name: str) -> object:
    value = getattr(meaning, name)
    return list(value) if isinstance(value, tuple) else value
