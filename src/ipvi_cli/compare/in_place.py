"""What partners of a peer of similar size have in place that is missing here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ipvi_cli.compare.peer import Peer

IN_PLACE_SCHEMA: Final[dict[str, pl.DataType]] = {
    "jurisdiction": pl.String(),
    "id": pl.String(),
    "answer": pl.String(),
    "peers": pl.List(pl.String()),
}
"""One row for each item of the partner checklist that is ``no`` or ``partly`` here and in place at a peer of similar
size; ``peers`` are the names of all such peers."""

FACTOR: Final = 2.0
"""Two places are of similar size where neither has more than so many times the other's."""

_RATE: Final = "B10"
_SHARE: Final = "B09"


def in_place_elsewhere(peers: Sequence[Peer]) -> pl.DataFrame:
    """Name what is in place at a peer of similar size and not here.

    Args:
        peers: At least two, in the order in which they are shown; those without answers are left out.

    Returns:
        ``IN_PLACE_SCHEMA``. An item is in place where an agency says yes and none says partly or no; it is missing
        where an agency says so. What is not known is neither.
    """
    asked = [peer for peer in peers if peer.answers is not None]
    if len(asked) < 2:
        return pl.DataFrame(schema=IN_PLACE_SCHEMA)
    settled = pl.concat(
        _settled(peer.answers).with_columns(pl.lit(peer.name).alias("jurisdiction"))
        for peer in asked
        if peer.answers is not None
    )
    similar = [
        (one.name, other.name)
        for one in asked
        for other in asked
        if one is not other and of_similar_size(one, other)
    ]
    pairs = pl.DataFrame(
        similar, schema={"jurisdiction": pl.String, "peer": pl.String}, orient="row"
    )
    there = settled.filter(pl.col("answer") == "yes").select(
        "id", pl.col("jurisdiction").alias("peer")
    )
    return (
        settled.filter(pl.col("answer").is_in(["no", "partly"]))
        .join(pairs, on="jurisdiction")
        .join(there, on=["id", "peer"])
        .group_by("jurisdiction", "id", "answer")
        .agg(pl.col("peer").sort().alias("peers"))
        .sort("jurisdiction", "id")
        .select(*IN_PLACE_SCHEMA)
    )


def of_similar_size(one: Peer, other: Peer) -> bool:
    """Say whether two places are of similar size: by their adults, else by their domestic incidents of a year.

    Args:
        one: A peer.
        other: Another.
    """
    for size in (_adults, _incidents):
        first, second = size(one), size(other)
        if first and second:
            return max(first, second) <= FACTOR * min(first, second)
    return False


def _settled(answers: pl.DataFrame) -> pl.DataFrame:
    said = {name: (pl.col("answer") == name).any() for name in ("no", "partly", "yes")}
    return answers.group_by("id").agg(
        pl.when(said["no"]).then(pl.lit("no"))
        .when(said["partly"]).then(pl.lit("partly"))
        .when(said["yes"]).then(pl.lit("yes"))
        .otherwise(pl.lit("unknown")).alias("answer")
    )  # fmt: skip


def _adults(peer: Peer) -> float | None:
    years = peer.rows(_RATE, "year").drop_nulls("denominator")
    return float(years["denominator"][-1]) if years.height else None


def _incidents(peer: Peer) -> float | None:
    total = peer.rows(_SHARE, "total").drop_nulls("denominator")
    if total.is_empty() or not peer.months:
        return None
    return float(total["denominator"][0]) * 12 / peer.months
