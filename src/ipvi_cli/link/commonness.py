"""What a link of two records of one name is worth where several persons bear that name.

The weights of fields add up as if names and dates of birth were told by chance alone. They are not: forty men of one
name may be born in one year, and then a quarter of all pairs of them have dates of birth within two slips of the pen.
How many such pairs chance alone makes is counted here, name by name, from the pairs that are clearly of two persons.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ipvi_cli.link.blocking import sound
from ipvi_cli.link.comparisons import outcomes, shares
from ipvi_cli.link.household import number_agrees

_ONE_YEAR: Final = {
    "same": 0.00274,
    "day and month exchanged": 0.00099,
    "one slip": 0.04796,
    "two of day, month and year": 0.06241,
    "two slips": 0.20275,
}
"""Share of the pairs of two days of one year that compare so, counted over every pair of its days."""

_FAR_IN_ONE_YEAR: Final = 0.68315
_WITHIN_A_YEAR: Final = "within a year"
_YEAR_ONLY: Final = "same year, the rest not known"
_CROWD: Final = 10
"""Dates of birth under one name that are no more the slips of a few persons."""

_MORE: Final = 5
"""A name that sounds as one that so many times as many records bear is taken for a slip of it."""

_BOUNDS: Final = (1e-4, 1 - 1e-6)
_WEIGHTS: Final = ("mw_given", "mw_surname", "mw_birth")


def allow_for_common_names(
    pairs: pl.DataFrame, nodes: pl.DataFrame, model: Mapping[str, Any], share: float
) -> pl.DataFrame:
    """Hold the evidence of pairs down to what a date of birth says among those who bear the name.

    Args:
        pairs: Scored pairs with ``evidence``, the weights of the fields and ``is_birth``.
        nodes: Prepared records.
        model: The trained model.
        share: Share of all possible pairs that are of one person, as estimated so far.

    Returns:
        The pairs with ``evidence``, never more than before.
    """
    if not pairs.height or not set(_WEIGHTS).issubset(pairs.columns):
        return pairs
    named = _named(nodes)
    numbered = number_agrees(pairs).alias("numbered")
    ends = _with_names(pairs.select("a", "b", "is_birth", numbered), named)
    right = _shares_right(ends, named, model)
    known = ends.join(right, on=["name", "is_birth"], how="left", maintain_order="left")["right"]
    local = (
        (pl.col("right") / (1 - pl.col("right"))).log(2)
        - math.log2(share / (1 - share))
        + pl.col("evidence")
        - pl.sum_horizontal(_WEIGHTS)
    )
    held = pl.when(pl.col("right").is_not_null()).then(pl.min_horizontal("evidence", local))
    return (
        pairs.with_columns(known.alias("right"))
        .with_columns(held.otherwise("evidence").round(6).alias("evidence"))
        .drop("right")
    )


def crowded_rows(nodes: pl.DataFrame) -> list[int]:
    """List the records whose name many persons bear, as the dates of birth show."""
    births = pl.col("birth").drop_nulls().n_unique().over("name")
    return _named(nodes).drop_nulls("name").filter(births >= _CROWD)["row"].to_list()


def _named(nodes: pl.DataFrame) -> pl.DataFrame:
    """Give each record's ``row``, ``birth``, ``birth_year`` and ``name``: that of which its own may be a slip."""
    own = nodes.filter("primary").select(
        "row",
        "birth",
        "birth_year",
        pl.concat_str("given", "surname1", separator="|").alias("own"),
        pl.concat_str(sound("given"), sound("surname1"), separator="|").alias("sound"),
    )
    counts = own.drop_nulls("own").group_by("sound", "own").len("bearers")
    most = counts.sort("bearers", "own", descending=[True, False]).unique(
        "sound", keep="first", maintain_order=True
    )
    named = (
        counts.join(most, on="sound", suffix="_most", maintain_order="left")
        .select(
            "own",
            pl.when(pl.col("bearers_most") >= _MORE * pl.col("bearers"))
            .then("own_most")
            .otherwise("own")
            .alias("name"),
        )
    )  # fmt: skip
    return own.join(named, on="own", how="left", maintain_order="left").drop("own", "sound")


def _with_names(pairs: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Add to each pair the more frequent ``name`` of its two, whether both are ``alike``, and of one year."""
    counts = named.group_by("name").len("bearers")
    ends = named.join(counts, on="name", how="left", maintain_order="left")
    for side in "ab":
        pairs = pairs.join(
            ends.select(pl.all().name.suffix(f"_{side}")),
            left_on=side,
            right_on=f"row_{side}",
            how="left",
            maintain_order="left",
        )
    less = pl.col("bearers_a").fill_null(0) < pl.col("bearers_b").fill_null(0)
    return pairs.select(
        "is_birth",
        "numbered",
        pl.when(less).then("name_b").otherwise(pl.coalesce("name_a", "name_b")).alias("name"),
        (pl.col("name_a") == pl.col("name_b")).fill_null(False).alias("alike"),
        (pl.col("birth_year_a") == pl.col("birth_year_b")).fill_null(False).alias("one_year"),
    )


def _shares_right(
    ends: pl.DataFrame, named: pl.DataFrame, model: Mapping[str, Any]
) -> pl.DataFrame:
    """Say which share of the pairs of one name and outcome are of one person: ``name``, ``is_birth``, ``right``."""
    told = outcomes(model, "birth")
    within = told[_WITHIN_A_YEAR]
    compared = [told[one] for one in (*_ONE_YEAR, _WITHIN_A_YEAR, "different")]
    both = ends.filter(pl.col("alike") & pl.col("is_birth").is_in(compared))
    near = pl.col("is_birth") > within
    slips = both.filter(pl.col("numbered") & ~near)
    seen = both.filter(near | ~pl.col("numbered")).group_by("name", "is_birth")
    counted = seen.agg(pl.len().alias("seen"))
    totals = _clearly_two(named, both.filter(near), slips)
    of_dates = _of_dates(totals, counted, model)
    # Half a pair each way, here and below: two persons of one name are no proof about a third record.
    year_only = totals.filter(pl.col("in_one_year") > 0).select(
        "name",
        pl.lit(told[_YEAR_ONLY], pl.Int8).alias("is_birth"),
        (1 - (pl.col("far_in_one_year") + 0.5) / (pl.col("in_one_year") + 1)).alias("right"),
    )
    unknown = totals.select(
        "name",
        pl.lit(-1, pl.Int8).alias("is_birth"),
        (1 - (pl.col("far") + 0.5) / (pl.col("full") + 1)).alias("right"),
    )
    m = shares(model, "birth", "m_probability")
    matches = pl.col("seen") * pl.col("right").clip(0) / m["same"] * m[_WITHIN_A_YEAR]
    same = of_dates.filter(pl.col("is_birth") == told["same"]).select("name", matches.alias("own"))
    within_a_year = (
        counted.filter(pl.col("is_birth") == within)
        .join(same, on="name")
        .select("name", "is_birth", ((pl.col("own") + 0.5) / (pl.col("seen") + 1)).alias("right"))
    )
    found = pl.concat([of_dates.drop("seen"), within_a_year, year_only, unknown])
    return found.with_columns(pl.col("right").clip(*_BOUNDS))


def _of_dates(
    totals: pl.DataFrame, counted: pl.DataFrame, model: Mapping[str, Any]
) -> pl.DataFrame:
    """Take the near pairs that chance alone makes from those ``seen``: ``name``, ``is_birth``, ``right``, ``seen``."""
    expected = pl.max_horizontal(
        pl.col("far") * pl.col("of_far"), pl.col("far_in_one_year") * pl.col("of_far_in_one_year")
    )
    seen = pl.col("seen").fill_null(0).cast(pl.Int64)
    return (
        totals.join(_chances(model), how="cross")
        .join(counted, on=["name", "is_birth"], how="left")
        .select("name", "is_birth", (1 - expected / seen.clip(1)).alias("right"), seen)
    )


def _clearly_two(named: pl.DataFrame, near: pl.DataFrame, slips: pl.DataFrame) -> pl.DataFrame:
    """Count the pairs of each name whose dates of birth are of two persons, ``far``, and those of one year among them.

    Two far dates of birth under one number, ``slips``, are no two persons.
    """
    counts = _totals(named)
    for which, pairs in (("near", near), ("slips", slips)):
        own = pairs.group_by("name").agg(
            pl.len().cast(pl.Int64).alias(which),
            pl.col("one_year").sum().cast(pl.Int64).alias(f"{which}_in_one_year"),
        )
        counts = counts.join(own, on="name", how="left")
    counts = counts.with_columns(pl.exclude("name").fill_null(0))
    far = pl.col("full") - pl.col("near") - pl.col("slips")
    far_in_one_year = pl.col("in_one_year") - pl.sum_horizontal(
        "near_in_one_year", "slips_in_one_year"
    )
    return counts.select(
        "name",
        "full",
        "in_one_year",
        far.clip(0).alias("far"),
        far_in_one_year.clip(0).alias("far_in_one_year"),
    ).filter(pl.col("far") > 0)


def _totals(named: pl.DataFrame) -> pl.DataFrame:
    """Count each name's pairs with two dates of birth, and those of one year: ``name``, ``full``, ``in_one_year``."""
    dated = named.drop_nulls(["name", "birth"])
    count = pl.len().cast(pl.Int64)
    pairs = count * (count - 1) // 2
    years = dated.group_by("name", "birth_year").agg(pairs.alias("in_one_year"))
    return (
        dated.group_by("name")
        .agg(pairs.alias("full"))
        .join(years.group_by("name").agg(pl.col("in_one_year").sum()), on="name")
    )


def _chances(model: Mapping[str, Any]) -> pl.DataFrame:
    """Say how many pairs of two persons come out near for each that comes out far: by ``is_birth``."""
    told = outcomes(model, "birth")
    others = shares(model, "birth", "u_probability")
    far = sum(
        share for name, share in others.items() if name not in _ONE_YEAR and name != _YEAR_ONLY
    )
    return pl.DataFrame(
        [
            (told[name], others[name] / far, share / _FAR_IN_ONE_YEAR)
            for name, share in _ONE_YEAR.items()
        ],
        schema={"is_birth": pl.Int8, "of_far": pl.Float64, "of_far_in_one_year": pl.Float64},
        orient="row",
    )
