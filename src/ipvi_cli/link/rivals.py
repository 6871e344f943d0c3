"""A record is of one person: what speaks for another person speaks against the first."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from ipvi_cli.link.clusters import differ


def allow_for_rivals(
    pairs: pl.DataFrame, births: Sequence[str | None], known: Sequence[int], share: float
) -> pl.DataFrame:
    """Lower the probability of a record's links where it is linked as well to somebody born on another day.

    A record that names no date of birth may be of the father or of the son. Both links alone look sure; of two persons
    who are not one at most one is right.

    Args:
        pairs: Pairs with ``a``, ``b``, ``evidence`` and ``probability``.
        births: Full date of birth of each record, ``YYYY-MM-DD``.
        known: Person of each record by numbers alone; two dates of birth of one such person are no rivals.
        share: Share of all possible pairs that are of one person.

    Returns:
        The pairs with ``probability``, never more than before.
    """
    there = pl.DataFrame(
        {"other": range(len(births)), "birth": births, "person": known},
        schema={"other": pl.Int64, "birth": pl.String, "person": pl.Int64},
    )
    ways = pl.concat(
        [
            pairs.select(pl.col(one).alias("record"), pl.col(two).alias("other"), "evidence")
            for one, two in (("a", "b"), ("b", "a"))
        ]
    ).join(there.drop_nulls("birth"), on="other")
    undated = there.filter(pl.col("birth").is_null()).select(pl.col("other").alias("record"))
    ways = ways.join(undated, on="record", how="semi")
    best = (
        ways.group_by("record", "birth", "person")
        .agg(pl.col("evidence").max())
        .filter(pl.col("birth").n_unique().over("record") > 1)
    )
    beside = best.join(best, on="record", suffix="_r").filter(
        (pl.col("birth") != pl.col("birth_r")) & (pl.col("person") != pl.col("person_r"))
    )
    days = beside.select("birth", "birth_r").unique()
    apart = days.filter(
        pl.Series([differ(one, other) for one, other in days.iter_rows()], dtype=pl.Boolean)
    )
    strongest = (
        beside.join(apart, on=["birth", "birth_r"], how="semi")
        .group_by("record", "birth", "person")
        .agg(pl.col("evidence_r").max().alias("rival"))
    )
    found = pairs
    for one, two in (("a", "b"), ("b", "a")):
        against = strongest.rename({"record": one, "rival": f"rival_{one}"})
        found = found.join(
            there.select(pl.col("other").alias(two), "birth", "person"),
            on=two,
            how="left",
            maintain_order="left",
        ).join(against, on=[one, "birth", "person"], how="left", maintain_order="left")
        found = found.drop("birth", "person")
    odds = math.log2(share / (1 - share))
    rival = pl.max_horizontal("rival_a", "rival_b")
    weight = (pl.col("evidence") + odds).clip(-60.0, 60.0)
    rest = (
        1
        + pl.lit(2.0).pow(-weight)
        + pl.lit(2.0).pow((rival - pl.col("evidence")).clip(-60.0, 60.0))
    )
    held = pl.when(rival.is_not_null()).then(pl.min_horizontal("probability", (1 / rest).round(6)))
    found = found.with_columns(held.otherwise("probability").alias("probability"))
    return found.drop("rival_a", "rival_b")
