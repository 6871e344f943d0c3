"""Pairs that only a person can decide: laid side by side, and decisions that hold whatever a record's number is."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.link.pseudonyms import pseudonyms
from ipvi_cli.link.run import STRICT, Decisions, Linked

SAME: Final = "same"
APART: Final = "different"
DECISIONS: Final = (SAME, APART)
"""What can be decided of a pair of records."""

ASKED_FROM: Final = 0.2
MOST_ASKED: Final = 500

KEPT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "pair_id": pl.String(),
    "decision": pl.String(),
    "decided_by": pl.String(),
    "on": pl.String(),
    "note": pl.String(),
}
"""Columns of kept decisions; ``pair_id`` names what the two records say, so that it outlasts their numbers."""

_SHOWN: Final = (
    "name", "birth", "sex", "address", "phone", "agency", "person_number", "state_id", "fbi_number", "other_names",
)  # fmt: skip
_MOST_ROWS: Final = 10_000


def marks(records: pl.DataFrame, key: bytes) -> pl.Series:
    """Give each record a keyed mark of what it says; records that say the very same have the same one.

    Args:
        records: Gathered records.
        key: The agency's secret.
    """
    said = records.select(
        pl.concat_str(
            [pl.lit("said"), *(pl.col(name).fill_null("") for name in _SHOWN)], separator="\x1f"
        ).alias("said")
    )["said"]
    return said.replace_strict(pseudonyms(key, said), return_dtype=pl.String).alias("mark")


def asked_pairs(
    records: pl.DataFrame, linked: Linked, key: bytes, decided: pl.DataFrame
) -> pl.DataFrame:
    """Lay out the pairs of the grey zone.

    Args:
        records: Gathered records.
        linked: The records, linked.
        key: The agency's secret.
        decided: ``KEPT_SCHEMA``; these are not asked again.

    Returns:
        ``kind``, ``pair_id``, ``probability``, of both records where they stand and what they say, and blank
        ``decision``, ``decided_by``, ``note``; the likeliest first, at most ``MOST_ASKED``. Confidential.
    """
    person = linked.clusters.strict
    grey = linked.pairs.filter(pl.col("probability").is_between(ASKED_FROM, STRICT, closed="left"))
    apart = [bool(person[a] != person[b]) for a, b in grey.select("a", "b").iter_rows()]
    grey = grey.filter(pl.Series(apart, dtype=pl.Boolean)).select("a", "b", "probability")
    mark = marks(records, key)
    told = records.with_columns(mark)
    for side in "ab":
        own = told.select(
            pl.col("row").alias(side),
            *(
                pl.col(name).alias(f"{name}_{side}")
                for name in ("mark", "record_table", "record_id", "role", *_SHOWN)
            ),
        )
        grey = grey.join(own, on=side, how="left", maintain_order="left")
    named = grey.filter(pl.col("mark_a") != pl.col("mark_b")).with_columns(_pair_id())
    asked = (
        named.join(decided.select("pair_id"), on="pair_id", how="anti", maintain_order="left")
        .sort("probability", "pair_id", "a", "b", descending=[True, False, False, False])
        .unique("pair_id", keep="first", maintain_order=True)
        .head(MOST_ASKED)
    )
    sides = [f"{name}_{side}" for name in _SHOWN for side in "ab"]
    places = [f"{name}_{side}" for name in ("record_table", "record_id", "role") for side in "ab"]
    return asked.select(
        pl.lit("link").alias("kind"),
        "pair_id",
        "probability",
        *sides,
        *(pl.lit(None, pl.String).alias(name) for name in ("decision", "decided_by", "note")),
        *places,
    )


def decided_rows(records: pl.DataFrame, key: bytes, decided: pl.DataFrame) -> Decisions:
    """Find the records that decisions are about.

    Args:
        records: Gathered records.
        key: The agency's secret.
        decided: ``KEPT_SCHEMA``.
    """
    if not decided.height:
        return Decisions()
    rows = records.select("row").with_columns(marks(records, key))
    ends = decided.select(
        "decision",
        pl.col("pair_id").str.extract(r"^([^-]*)-").alias("first"),
        pl.col("pair_id").str.extract(r"-(.*)$").alias("second"),
    )
    pairs = (
        ends.join(rows.rename({"mark": "first", "row": "a"}), on="first")
        .join(rows.rename({"mark": "second", "row": "b"}), on="second")
        .sort("a", "b")
        .head(_MOST_ROWS)
    )

    def of(decision: str) -> list[tuple[int, int]]:
        return pairs.filter(pl.col("decision") == decision).select("a", "b").rows()

    return Decisions(of(SAME), of(APART))


def _pair_id() -> pl.Expr:
    one, other = pl.col("mark_a"), pl.col("mark_b")
    return pl.concat_str(
        pl.min_horizontal(one, other), pl.max_horizontal(one, other), separator="-"
    ).alias("pair_id")
