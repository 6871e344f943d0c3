"""Incidents that a delivery gained, lost or changed, and in which columns."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.compare.side import Side
from ipvi_cli.model.difference import DIFFERENCE_SCHEMA, differences
from ipvi_cli.model.profile_sections import Diff

_FEW: Final = 11
"""Months with fewer incidents say little of a change of volume."""


_USUAL: Final = 0.5
"""Share of the median month from which a month counts as covered for the gaps beside it."""


def record_changes(old: Side, new: Side, limits: Diff) -> pl.DataFrame:
    """Say which incidents came, went and changed.

    Incidents are lost only where the later delivery covers their month: a delivery of one month has lost nothing of the
    year before.

    Args:
        old: The earlier delivery.
        new: The later one.
        limits: From when on a difference is drift.

    Returns:
        ``DIFFERENCE_SCHEMA`` of kinds ``rows``, ``changed`` and ``month``. ``measure`` is the share lost of the
        incidents in months that both cover, the share changed of the incidents that both hold, and the change of volume
        as a share of the earlier count.
    """
    both = old.months.join(new.months, on="incident_id", suffix="_new")
    shared = _shared_months(old, new)
    inside = old.months.filter(pl.col("month").is_null() | pl.col("month").is_in(shared.implode()))
    kept = inside.join(new.months, on="incident_id", how="semi").height
    lost = inside.height - kept
    added = new.months.height - both.height
    share = lost / inside.height if inside.height else 0.0
    rows = [
        ("rows", "incident", None, "in both", float(both.height), float(both.height), None, None, False),
        ("rows", "incident", None, "added", 0.0, float(added), None, None, False),
        ("rows", "incident", None, "lost", float(lost), 0.0, share, limits.lost, share > limits.lost),
    ]  # fmt: skip
    if renumbered := _renumbered(old, new):
        told = "lost and added, but for zeros and signs in the number"
        count = float(renumbered)
        rows.append(("rows", "incident", None, told, count, count, None, None, False))
    return pl.concat(
        [differences(rows), _changed(old, new, both), _volumes(old, new, shared, limits)]
    )


def fresh(old: Side, new: Side, least: int) -> pl.Series | None:
    """Name the incidents that only the later delivery holds, or ``None`` where they are too few to stand for it.

    Args:
        old: The earlier delivery.
        new: The later one.
        least: So many have to be there.
    """
    only = new.months.join(old.months, on="incident_id", how="anti")["incident_id"]
    return only if len(only) >= least else None


def _shared_months(old: Side, new: Side) -> pl.Series:
    """Give the months that both cover: those in which both have incidents, and gaps of the later one between them.

    A month with far fewer incidents than usual, as of a late report, says nothing of the months beside it.
    """
    months = (
        old.months.drop_nulls("month")
        .group_by("month")
        .agg(pl.len().alias("old"))
        .join(new.months.group_by("month").agg(pl.len().alias("new")), on="month", how="left")
    )
    full = months.filter(pl.col("new") >= _USUAL * pl.col("new").median())["month"]
    gap = pl.col("new").is_null() & pl.col("month").is_between(full.min(), full.max())
    return months.filter(pl.col("new").is_not_null() | gap)["month"].sort()


def _renumbered(old: Side, new: Side) -> int:
    """Count the incidents whose number the later delivery only writes otherwise."""
    came = new.months.join(old.months, on="incident_id", how="anti").select(_loose())
    went = old.months.join(new.months, on="incident_id", how="anti").select(_loose())
    return went.join(came.unique(), on="incident_id", how="semi").height


def _loose() -> pl.Expr:
    """Reduce a number to its letters and digits, without zeros in front."""
    plain = pl.col("incident_id").str.replace_all(r"(^|[^0-9])0+", "$1")
    return plain.str.replace_all(r"[^A-Za-z0-9]", "").str.to_uppercase()


def _changed(old: Side, new: Side, both: pl.DataFrame) -> pl.DataFrame:
    """Count by column the incidents that both deliveries hold and whose cells differ, in whatever order of rows."""
    found = [pl.DataFrame(schema=DIFFERENCE_SCHEMA)]
    if both.is_empty():
        return found[0]
    for table in sorted({*old.tables} & {*new.tables} - {"tally"}):
        before, after = old.counted(table), new.counted(table)
        assert before is not None
        assert after is not None
        names = before.collect_schema().names()
        if "incident_id" not in names:
            continue
        cells = [name for name in names if not name.endswith("_id") and name != "incident_number"]
        prints = [
            side.join(both.lazy().select("incident_id"), on="incident_id", how="semi")
            .group_by("incident_id")
            .agg(pl.len().alias("_rows").cast(pl.UInt64), *(_print(name) for name in cells))
            for side in (before, after)
        ]
        joined = prints[0].join(
            prints[1], on="incident_id", how="full", suffix="_new", coalesce=True
        )
        counts = joined.select(
            (pl.col(name).ne_missing(pl.col(f"{name}_new"))).sum().alias(name)
            for name in ("_rows", *cells)
        ).collect(engine="streaming")
        rows = [
            (
                "changed", table, None if name == "_rows" else name,
                "number of rows" if name == "_rows" else "values",
                float(count), float(count), count / both.height, None, False,
            )
            for name, count in counts.row(0, named=True).items()
            if count
        ]  # fmt: skip
        found.append(differences(rows))
    return pl.concat(found)


def _print(name: str) -> pl.Expr:
    """Add up the hashes of a column's cells, so that the order of rows does not matter; blank cells add nothing."""
    cell = pl.col(name)
    return pl.when(cell.is_not_null()).then(cell.hash(seed=7) // 65_536).sum().alias(name)


def _volumes(old: Side, new: Side, shared: pl.Series, limits: Diff) -> pl.DataFrame:
    """Compare the months that both cover; the last one of the earlier delivery may not have been full yet."""
    counts = (
        old.months.group_by("month")
        .agg(pl.len().alias("old"))
        .join(new.months.group_by("month").agg(pl.len().alias("new")), on="month", how="full", coalesce=True)
        .drop_nulls("month")
        .sort("month")
        .with_columns(pl.col("old", "new").fill_null(0).cast(pl.Float64))
    )  # fmt: skip
    last = old.months["month"].max()
    change = pl.when(pl.col("old") > 0).then(pl.col("new") / pl.col("old") - 1)
    told = (
        pl.col("month").is_in(shared.implode())
        & (pl.col("month") != last)
        & (pl.col("old") >= _FEW)
    )
    return counts.select(
        pl.lit("month").alias("kind"),
        pl.lit("incident").alias("table"),
        pl.lit(None, pl.String).alias("column"),
        pl.col("month").dt.strftime("%Y-%m").alias("what"),
        "old",
        "new",
        change.alias("measure"),
        pl.lit(limits.volume).alias("threshold"),
        (told & (change.abs() > limits.volume)).fill_null(False).alias("drift"),
    )
