"""What is undecided: words that no crosswalk settles, and pairs that no evidence does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES

VALUE: Final = "value"
PAIR: Final = "pair"
SAMPLE: Final = "sample"
RELATIONSHIP: Final = "relationship"

REVIEW_SCHEMA: Final[dict[str, pl.DataType]] = {
    "kind": pl.String(),
    "word_kind": pl.String(),
    "value": pl.String(),
    "code_system": pl.String(),
    "direction": pl.String(),
    "count": pl.Int64(),
    "incidents": pl.Int64(),
    "examples": pl.List(pl.String()),
    "pair_id": pl.String(),
    "incident_id": pl.String(),
    "reason": pl.String(),
    "candidates": pl.List(pl.String()),
    "near": pl.String(),
    "suggestion": pl.String(),
    "decision": pl.String(),
    "decided_by": pl.String(),
    "note": pl.String(),
}
"""Columns of a review file. ``kind`` is ``value``, ``pair`` or ``sample``; ``word_kind`` is the kind of crosswalk of a
value; ``count`` is rows; ``near`` is what a suggestion rests on; the last three are for the person."""

_OPEN_WORDS: Final = ("unmapped", "ambiguous_term", "conflict")
"""Reasons of words that a site can settle; a word that states that the tie is unknown is none."""

_PARTNER: Final = "intimate_partner"
_EXAMPLES: Final = 3
_WORD: Final = ("value", "code_system", "direction")

_WRITTEN: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "offense": (("offense", "offense_raw"), ("charge", "offense_raw")),
    "weapon": (("offense", "weapon_raw"),),
    "injury": (("victim", "injury_raw"),),
    "disposition": (("charge", "disposition_raw"),),
    "call": (("call", "call_type_raw"),),
}
"""Where the words of the other kinds stand."""


def undecided_ties(
    values: pl.DataFrame, relationship: pl.LazyFrame | None, near: pl.DataFrame
) -> pl.DataFrame:
    """List the relationship words that decide nothing and that the site can settle, most frequent first.

    Args:
        values: Distinct relationship words with rows, incidents, class, reason, candidates and rule.
        relationship: Canonical table ``relationship`` with the words as written.
        near: ``value``, ``near`` and ``suggestion`` of the words that have a suggestion.

    Returns:
        ``REVIEW_SCHEMA``.
    """
    by_site = pl.col("rule").fill_null("").str.starts_with("site:")
    words = values.filter(pl.col("reason").is_in(_OPEN_WORDS) & ~by_site)
    words = words.join(near, on="value", how="left", maintain_order="left")
    if relationship is not None:
        named = relationship.rename({"relationship_raw": "value"})
        found = _examples(named, words["value"], _WORD).drop("incidents")
        words = words.join(found, on=_WORD, how="left", nulls_equal=True, maintain_order="left")
    return _laid_out(words, kind=VALUE, word_kind=RELATIONSHIP)


def undecided_words(words: pl.DataFrame, tables: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    """List the words of the other kinds that are not settled, most frequent first within each kind.

    Args:
        words: ``word_kind``, ``value``, ``count`` (rows), ``reason`` and ``candidates``.
        tables: Canonical tables with the words as written.

    Returns:
        ``REVIEW_SCHEMA``; ``incidents`` and ``examples`` stay empty where a word is only part of cells.
    """
    parts = []
    for kind, places in _WRITTEN.items():
        own = words.filter((pl.col("word_kind") == kind) & pl.col("reason").is_in(_OPEN_WORDS))
        rows = [
            tables[table].select("row_fate", "incident_id", pl.col(column).alias("value"))
            for table, column in places
            if table in tables
        ]
        if own.height and rows:
            found = _examples(pl.concat(rows), own["value"], ["value"])
            own = own.join(found, on="value", how="left", maintain_order="left")
        parts.append(own.sort(["count", "value"], descending=[True, False]))
    return _laid_out(pl.concat(parts, how="diagonal"), kind=VALUE)


def undecided_pairs(
    pairs: pl.LazyFrame, charged: pl.DataFrame, decided: Sequence[str] = ()
) -> pl.DataFrame:
    """List the undetermined pairs, those with a suggestion first, then by reason and incident.

    Args:
        pairs: Classified pairs.
        charged: ``incident_id`` and ``statute`` of the incidents with one pair alone that is charged under a section
            which protects partners only.
        decided: Pairs that a person has decided already.

    Returns:
        ``REVIEW_SCHEMA``. The section is what a suggestion rests on, and no more than that.
    """
    open_ = pairs.filter(
        (pl.col("relationship_class") == "undetermined") & ~pl.col("pair_id").is_in(list(decided))
    ).join(charged.lazy(), on="incident_id", how="left")
    may_be = pl.col("candidates").list.contains(_PARTNER) & pl.col("statute").is_not_null()
    listed = open_.select(
        "pair_id",
        "incident_id",
        "reason",
        "candidates",
        pl.when(may_be).then("statute").alias("near"),
        pl.when(may_be).then(pl.lit(_PARTNER)).alias("suggestion"),
    )
    order = ["suggestion", "reason", "incident_id", "pair_id"]
    return _laid_out(listed.sort(order, nulls_last=True).collect(engine="streaming"), kind=PAIR)


def count_undecided(review: pl.DataFrame) -> pl.DataFrame:
    """Count what is undecided, without showing any of it.

    Args:
        review: ``REVIEW_SCHEMA``.

    Returns:
        ``kind``, ``of`` (kind of words, or reason of pairs), ``undecided`` (words or pairs), ``rows`` and
        ``suggestions``.
    """
    of = pl.coalesce("word_kind", "reason").alias("of")
    return (
        review.group_by("kind", of, maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("undecided"),
            pl.col("count").sum().alias("rows"),
            pl.col("suggestion").is_not_null().sum().cast(pl.Int64).alias("suggestions"),
        )
        .with_columns(pl.when(pl.col("kind") == VALUE).then("rows").alias("rows"))
    )


def blank_rows(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Lay out rows as ``REVIEW_SCHEMA``, all that they do not have left empty."""
    return _laid_out(rows, kind=kind)


def _examples(rows: pl.LazyFrame, wanted: pl.Series, by: Sequence[str]) -> pl.DataFrame:
    incidents = pl.col("incident_id").drop_nulls().unique()
    return (
        rows.filter(
            pl.col("row_fate").is_in(COUNTED_FATES) & pl.col("value").is_in(wanted.implode())
        )
        .group_by(by)
        .agg(
            incidents.len().cast(pl.Int64).alias("incidents"),
            incidents.sort().head(_EXAMPLES).alias("examples"),
        )
        .collect(engine="streaming")
    )


def _laid_out(rows: pl.DataFrame, **constant: str) -> pl.DataFrame:
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in constant.items())
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in REVIEW_SCHEMA.items()
    )
