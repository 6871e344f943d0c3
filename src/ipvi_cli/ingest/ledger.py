"""The account of every row: its fate, and its number within its incident.

Only 64-bit hashes are kept of each row, so that ten million rows fit in a few hundred megabytes. Two different rows
share a hash with a probability of about 3 in a million at that size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

HASHES: Final = {"row": pl.UInt64(), "incident": pl.UInt64(), "refused": pl.Boolean()}
"""What is kept of each source row: hash of all its cells, hash of its incident (null: none), whether it is refused."""


@dataclass(frozen=True)
class Account:
    """Fates and numbers of the rows of one source, all its inputs one after the other.

    Attributes:
        fates: ``new``, ``merged`` or ``duplicate``.
        ordinals: Number of the row within its incident, from 0.
        persons: By feed that knows persons again: number of the person within the incident, and whether this row is
            the first that names the person.
    """

    fates: pl.Series
    ordinals: pl.Series
    persons: dict[int, tuple[pl.Series, pl.Series]]


def settle(
    rows: pl.DataFrame, persons: dict[int, pl.Series], *, opens_incidents: bool, seen: pl.Series
) -> Account:
    """Decide the fate of each row of a source.

    Args:
        rows: ``HASHES`` of the rows in order.
        persons: By feed, hash of the person that the row names within its incident (null: not known again).
        opens_incidents: Whether rows of the source open incidents.
        seen: Hashes of the incidents that earlier sources opened.

    Returns:
        Fates and numbers. A row equal in every cell to an earlier one is a ``duplicate``; one whose incident is
        there already is ``merged``.
    """
    live = ~rows["refused"]
    first = rows["row"].is_first_distinct() | rows["refused"]
    counted = live & first
    fates = pl.DataFrame({"first": first}).with_columns(
        pl.when("first").then(pl.lit("new")).otherwise(pl.lit("duplicate")).alias("fate")
    )["fate"]
    index = pl.int_range(rows.height, eager=True)
    frame = pl.DataFrame({"index": index, "incident": rows["incident"]}).filter(
        counted & rows["incident"].is_not_null()
    )
    if opens_incidents:
        later = ~frame["incident"].is_first_distinct()
        if seen.len():
            later = later | frame["incident"].is_in(seen.implode())
        fates = fates.scatter(frame["index"].filter(later), "merged")
    several = frame.filter(frame["incident"].is_duplicated()).with_columns(
        pl.int_range(pl.len()).over("incident").alias("ordinal")
    )
    zeros = pl.repeat(0, rows.height, dtype=pl.Int64, eager=True)
    ordinals = zeros.scatter(several["index"], several["ordinal"])
    known = {feed: _number(several, zeros, hashes) for feed, hashes in persons.items()}
    return Account(fates, ordinals, known)


def _number(
    several: pl.DataFrame, zeros: pl.Series, hashes: pl.Series
) -> tuple[pl.Series, pl.Series]:
    """Number the persons within each incident in order of first mention."""
    person = hashes.gather(several["index"])
    # A row that names nobody again stands for itself; the row's own index keeps it apart.
    own = several["index"].hash(seed=7)
    mentioned = (
        several.with_columns(pl.Series("person", person), pl.Series("own", own))
        .with_columns(pl.coalesce("person", "own").alias("person"))
        .with_columns(pl.col("index").min().over("incident", "person").alias("first"))
        .with_columns(
            (pl.col("first").rank("dense").over("incident") - 1).cast(pl.Int64).alias("number")
        )
    )
    numbers = zeros.scatter(mentioned["index"], mentioned["number"])
    firsts = pl.repeat(True, zeros.len(), dtype=pl.Boolean, eager=True).scatter(
        mentioned["index"], mentioned["first"] == mentioned["index"]
    )
    return numbers, firsts


def repeated_files(hashes: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Find files delivered twice.

    Args:
        hashes: Name and sha256 of each file, in order.

    Returns:
        The later file's name to the earlier's, for files of the same bytes.
    """
    first: dict[str, str] = {}
    return {
        name: first[digest] for name, digest in hashes if first.setdefault(digest, name) != name
    }
