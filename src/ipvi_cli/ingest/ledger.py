"""The account of every row: its fate, its number within its incident, and the persons whom it names again.

Only 64-bit hashes are kept of each row, so that ten million rows fit in a few hundred megabytes. Two different rows
share a hash with a probability of about 3 in a million at that size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.ingest.mentions import MENTIONED, Mentions, number_mentions
from ipvi_cli.model.tables import FATES

INCIDENTS: Final = {
    "incident": pl.UInt64(),
    "refused": pl.Boolean(),
    "opens": pl.Boolean(),
    "input": pl.UInt16(),
}
"""What is kept of each source row: hash of its incident (null: none), whether it is refused, whether it may open an
incident, and the number of its input."""

HASHES: Final = {"row": pl.UInt64(), **INCIDENTS}
"""The same with the hash of its cells."""


@dataclass(frozen=True)
class Account:
    """Fates and numbers of the rows of one source, all its inputs one after the other.

    Attributes:
        codes: Fate of each row, by its place in ``FATES``.
        ordinals: Number of the row within its incident, from 0.
        mentions: By feed, the persons of rows of incidents that have several: ``MENTIONED``, sorted by ``index``.
        overlaps: By number of the input, its incidents that stand in an earlier input of the source too.
    """

    codes: pl.Series
    ordinals: pl.Series
    mentions: dict[int, pl.DataFrame]
    overlaps: dict[int, int]

    def fates(self, part: slice) -> pl.Series:
        """Give the fates of some rows: ``new``, ``merged`` or ``duplicate``."""
        return self.codes[part].cat.to(pl.Enum(FATES))

    def mentioned(self, feed: int, part: slice) -> pl.DataFrame:
        """Give the persons of some rows: ``_row`` (within the part), ``_item``, ``_number``, ``_first``."""
        all_of_feed = self.mentions.get(feed, pl.DataFrame(schema=MENTIONED))
        start, stop = (
            all_of_feed["index"].search_sorted(edge, side="left")
            for edge in (part.start, part.stop)
        )
        return all_of_feed[start:stop].select(
            (pl.col("index").cast(pl.Int64) - part.start).alias("_row"),
            pl.col("item").cast(pl.Int64).alias("_item"),
            pl.col("number").cast(pl.Int64).alias("_number"),
            pl.col("first").alias("_first"),
        )


def each_apart(rows: pl.DataFrame) -> bool:
    """Say whether every row opens an incident of its own, so that no two rows are equal either.

    Args:
        rows: ``INCIDENTS`` of the rows of a source.
    """
    incident = rows["incident"]
    return (
        bool(rows["opens"].all())
        and not rows["refused"].any()
        and not incident.null_count()
        and incident.n_unique() == rows.height
    )


def all_new(rows: int) -> Account:
    """Give the account of a source of which each row opens an incident that no source opened before.

    Args:
        rows: Number of its rows.
    """
    codes = pl.repeat(FATES.index("new"), rows, dtype=pl.UInt8, eager=True)
    return Account(codes, pl.repeat(0, rows, dtype=pl.UInt32, eager=True), {}, {})


def settle(
    rows: pl.DataFrame, mentions: Iterable[Mentions], *, seen: pl.Series, supersede: bool = False
) -> Account:
    """Decide the fate of each row of a source.

    Args:
        rows: ``HASHES`` of the rows in order.
        mentions: What the rows say of persons, by feed.
        seen: Hashes of the incidents that earlier sources opened.
        supersede: Whether the rows of an incident in a later input stand in place of those in earlier ones.

    Returns:
        Fates and numbers. A row equal in its cells to an earlier one is a ``duplicate``; one that adds to an incident
        that another row opens is ``merged``; one in whose place a later input puts others is ``superseded``.
    """
    replaced = _replaced(rows) if supersede else None
    first = rows["row"].is_first_distinct()
    if replaced is not None:
        first = (
            rows.select(pl.when(~replaced).then("row")).to_series().is_first_distinct() & ~replaced
        )
    frame = (
        rows.select("incident", "opens", "input")
        .with_row_index("index")
        .filter(first & ~rows["refused"] & rows["incident"].is_not_null())
    )
    opening = frame.filter("opens")
    opens = opening["incident"].is_first_distinct()
    if seen.len():
        opens = opens & ~opening["incident"].is_in(seen.implode())
    # Rows of a source that holds no incidents are new in their own tables.
    adding = frame.filter(~pl.col("opens")) if opening.height else frame.clear()
    adds = adding["incident"].is_in(pl.concat([opening["incident"], seen]).implode())
    merged = pl.concat([opening["index"].filter(~opens), adding["index"].filter(adds)])
    codes = pl.repeat(FATES.index("new"), rows.height, dtype=pl.UInt8, eager=True)
    duplicate = (~first & ~rows["refused"]).arg_true()
    codes = codes.scatter(duplicate, FATES.index("duplicate"))
    codes = codes.scatter(merged, FATES.index("merged"))
    if replaced is not None:
        codes = codes.scatter(replaced.arg_true(), FATES.index("superseded"))
    several = frame.filter(frame["incident"].is_duplicated()).with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).over("incident").alias("ordinal")
    )
    ordinals = pl.repeat(0, rows.height, dtype=pl.UInt32, eager=True)
    return Account(
        codes,
        ordinals.scatter(several["index"], several["ordinal"]),
        number_mentions(several, list(mentions)),
        _overlaps(rows),
    )


def _replaced(rows: pl.DataFrame) -> pl.Series:
    """Say which rows are of an incident that a later input holds too."""
    live = ~pl.col("refused") & pl.col("incident").is_not_null()
    latest = pl.col("input").filter(live).max().over("incident")
    return rows.select((live & (pl.col("input") < latest)).fill_null(False)).to_series()


def _overlaps(rows: pl.DataFrame) -> dict[int, int]:
    """Count by input the incidents that an earlier input opens too."""
    if rows["input"].n_unique() < 2:
        return {}
    live = rows.select("incident", "input").filter(
        rows["opens"] & ~rows["refused"] & rows["incident"].is_not_null()
    )
    several = live.filter(live["incident"].is_duplicated())
    later = several.with_columns(pl.col("input").min().over("incident").alias("earliest"))
    counted = (
        later.filter(pl.col("input") > pl.col("earliest"))
        .unique(["incident", "input"])
        .group_by("input")
        .len()
    )
    return dict(counted.iter_rows())


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
