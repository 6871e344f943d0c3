"""What the answers of the partner agencies come to: never a mark, always how many are not known."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.assess.checklist import STEPS, checklist
from ipvi_cli.model.partners import ANSWERS, CAPACITY

MOST_GAPS: Final = 10
_WORST_FIRST: Final = {"no": 0, "partly": 1}
OUT_OF: Final = {
    "level A": "police", "level B": "police", "level C": "police", "level D": "police",
    "levels A to D": "supervision", "repeat victims": "advocacy", "intimate partner incidents in a year": "prosecution",
}  # fmt: skip
"""Volumes of an audit, and the role of the agencies whose staff or places they are held against."""


def by_area(answers: pl.DataFrame) -> pl.DataFrame:
    """Count the answers of each agency in each area.

    Args:
        answers: ``ANSWER_SCHEMA``.

    Returns:
        ``agency``, ``area``, one column for each answer, ``items``, and ``unseen``: how many of the yes are without
        evidence that was seen.
    """
    unseen = (pl.col("answer") == "yes") & ~pl.col("seen")
    areas = checklist()["area"].unique(maintain_order=True).to_list()
    return (
        answers.join(checklist().select("id", "area"), on="id")
        .group_by("agency", "area")
        .agg(
            *((pl.col("answer") == one).sum().cast(pl.Int64).alias(one) for one in ANSWERS),
            pl.len().cast(pl.Int64).alias("items"),
            unseen.sum().cast(pl.Int64).alias("unseen"),
        )
        .sort(
            "agency", pl.col("area").replace_strict(areas, range(len(areas)), return_dtype=pl.Int64)
        )
    )


def disagreements(answers: pl.DataFrame) -> pl.DataFrame:
    """Name the items that agencies answer otherwise; who does not know disagrees with nobody.

    Args:
        answers: ``ANSWER_SCHEMA``.

    Returns:
        ``id``, ``item``, and the agencies by answer: ``yes``, ``partly``, ``no`` (joined by comma).
    """
    known = answers.filter(pl.col("answer") != "unknown")
    return _by_item(known.filter(pl.col("answer").n_unique().over("id") > 1))


def gaps(answers: pl.DataFrame, most: int = MOST_GAPS) -> pl.DataFrame:
    """Name the gaps that hold the next step back.

    What the earliest step needs comes first, and what is missing before what is there in part.
    An item counts as a gap where any agency says so; what nobody knows is none, and is to be found out.

    Args:
        answers: ``ANSWER_SCHEMA``.
        most: How many are wanted.

    Returns:
        ``id``, ``step``, ``item``, ``why``, and the agencies by answer.
    """
    worst = pl.col("answer").replace_strict(_WORST_FIRST, default=2, return_dtype=pl.Int8)
    ranked = answers.filter(pl.col("answer") != "unknown").with_columns(
        worst.min().over("id").alias("worst")
    )
    found = _by_item(ranked.filter(pl.col("worst") < 2))
    order = {name: place for place, name in enumerate(STEPS)}
    items = checklist().with_row_index("place").select("id", "step", "why", "place")
    return (
        found.join(items, on="id")
        .with_columns(pl.col("no").eq("").alias("partial"))
        .sort(pl.col("step").replace_strict(order, return_dtype=pl.Int64), "partial", "place")
        .with_columns(pl.col("step").replace_strict(STEPS))
        .select("id", "step", "item", "why", "no", "partly", "yes")
        .head(most)
    )


def not_known(answers: pl.DataFrame) -> pl.DataFrame:
    """Name the items of which no agency knows.

    Args:
        answers: ``ANSWER_SCHEMA``.

    Returns:
        ``id``, ``item``, ``evidence``, by which it can be found out.
    """
    told = answers.filter(pl.col("answer") != "unknown")["id"].unique()
    asked = answers["id"].unique()
    open_ = checklist().filter(
        pl.col("id").is_in(asked.implode()) & ~pl.col("id").is_in(told.implode())
    )
    return open_.select("id", "item", "evidence")


def against_volumes(capacity: pl.DataFrame, volumes: dict[str, int]) -> pl.DataFrame:
    """Hold what the agencies have against what the audit counted.

    Args:
        capacity: As ``read_filled`` gives it.
        volumes: Counts of the audit by the names of ``OUT_OF``.

    Returns:
        ``what``, ``count``, ``role``, ``measure`` (``staff_fte`` or ``places``), ``available`` (its sum over the role's
        agencies; null: none told it), ``told`` and ``agencies`` (how many told it, of how many), ``per_one`` (how many
        persons or incidents there are for each of what is available).
    """
    rows = []
    for what, role in OUT_OF.items():
        if what not in volumes:
            continue
        own = capacity.filter(pl.col("role") == role)
        measure = "places" if role == "advocacy" else "staff_fte"
        told = own[measure].drop_nulls()
        available = float(told.sum()) if told.len() else None
        per_one = volumes[what] / available if available else None
        rows.append(
            (what, volumes[what], role, measure, available, told.len(), own.height, per_one)
        )
    schema = {
        "what": pl.String(), "count": pl.Int64(), "role": pl.String(), "measure": pl.String(),
        "available": pl.Float64(), "told": pl.Int64(), "agencies": pl.Int64(), "per_one": pl.Float64(),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def capacities(capacity: pl.DataFrame) -> pl.DataFrame:
    """Give the numbers of each agency, and the cases for each of its staff.

    Args:
        capacity: As ``read_filled`` gives it.
    """
    staff = pl.when(pl.col("staff_fte") > 0).then("staff_fte")
    return capacity.select(
        "agency", "role", *CAPACITY, (pl.col("annual_caseload") / staff).alias("cases_per_fte")
    ).sort("agency")


def _by_item(answers: pl.DataFrame) -> pl.DataFrame:
    named = [
        pl.col("agency").filter(pl.col("answer") == one).sort().str.join(", ").alias(one)
        for one in ("yes", "partly", "no")
    ]
    found = answers.group_by("id").agg(named)
    return checklist().select("id", "item").join(found, on="id", maintain_order="left")
