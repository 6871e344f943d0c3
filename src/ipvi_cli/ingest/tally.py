"""Published counts by area: which rows are totals, which repeat another delivery, which labels may be shown."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.model.finding import PROBLEM_SCHEMA
from ipvi_cli.model.tables import TALLY_MEASURES

_KEY: Final = ("year", "borough", "district", "_measures")
_RECOGNISED: Final = ("total", "joint_interest")


def settle_tally(
    rows: pl.DataFrame, shown: frozenset[str], earlier: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Decide the fates of tally rows.

    Args:
        rows: Mapped tally rows of one batch, key columns included.
        shown: Area names that may be shown.
        earlier: Rows of the same areas and measures seen before, as this function returned them.

    Returns:
        The rows with ``row_fate`` (``total``; ``duplicate`` where an earlier row says the same; ``superseded`` where
        it says something else, for the first delivery stands); the rows seen so far; and what was noticed.
    """
    measures = [name for name in TALLY_MEASURES if name in rows.columns]
    for name in ("year", "borough", "district", "area_kind"):
        if name not in rows.columns:
            empty = pl.Int64 if name == "year" else pl.String
            rows = rows.with_columns(pl.lit(None, empty).alias(name))
    rows = rows.with_columns(pl.col("area_kind").fill_null("district"))
    problems = [
        _problems(
            rows.filter(pl.col("year").is_null()), "IPVI-311", "year", "the row states no year"
        ),
    ]
    for label in ("borough", "district"):
        recognised = (
            pl.col("area_kind").is_in(_RECOGNISED) | (pl.col("area_kind") == "unknown")
            if label == "district"
            else pl.lit(False)
        )
        hidden = pl.col(label).is_not_null() & ~pl.col(label).is_in(sorted(shown)) & ~recognised
        withheld = rows.filter(hidden)
        said = f"the {label} is not a code, is rare, and is not among the profile's districts; it is withheld"
        problems.append(_problems(withheld, "IPVI-310", label, said))
        rows = rows.with_columns(
            pl.when(hidden).then(pl.lit("unknown")).otherwise("area_kind").alias("area_kind"),
            pl.when(~hidden).then(label).alias(label),
        )
    signature = pl.concat_str(
        [pl.when(pl.col(name).is_not_null()).then(pl.lit(f"{name} ")) for name in measures],
        ignore_nulls=True,
    )
    rows = rows.with_columns(
        signature.alias("_measures"), pl.struct(measures).hash().alias("_counts")
    )
    plain = rows.filter((pl.col("row_fate") == "new") & (pl.col("area_kind") != "total"))
    known = plain.select(*_KEY, "_counts")
    if earlier is not None:
        known = pl.concat([earlier, known])
    known = known.unique(_KEY, keep="first", maintain_order=True)
    first = known.rename({"_counts": "_first"})
    rows = rows.with_row_index("_n").join(
        first, on=list(_KEY), how="left", nulls_equal=True, maintain_order="left"
    )
    again = (
        pl.struct(_KEY).is_first_distinct().not_()
        if earlier is None
        else pl.struct(_KEY).is_first_distinct().not_()
        | pl.struct(_KEY).is_in(earlier.select(pl.struct(_KEY)).to_series().implode())
    )
    rows = rows.with_columns((again & (pl.col("area_kind") != "total")).alias("_again"))
    other = pl.col("_again") & (pl.col("_counts") != pl.col("_first"))
    problems.append(
        _problems(
            rows.filter(other & (pl.col("row_fate") == "new")),
            "IPVI-312",
            "district",
            "an earlier row of the same year and area gives other counts; the earlier one stands",
        )
    )
    fate = (
        pl.when(pl.col("row_fate") != "new")
        .then("row_fate")
        .when(pl.col("area_kind") == "total")
        .then(pl.lit("total"))
        .when(other)
        .then(pl.lit("superseded"))
        .when("_again")
        .then(pl.lit("duplicate"))
        .otherwise("row_fate")
    )
    return rows.with_columns(fate.alias("row_fate")), known, pl.concat(problems)


def _problems(rows: pl.DataFrame, code: str, column: str, message: str) -> pl.DataFrame:
    return rows.select(
        pl.lit(code).alias("code"),
        pl.lit("tally").alias("table"),
        pl.lit(column).alias("column"),
        pl.lit(None, pl.String).alias("agency"),
        pl.lit(None, pl.String).alias("incident_id"),
        "source_file",
        "source_row",
        pl.lit(message).alias("message"),
    ).select(list(PROBLEM_SCHEMA))
