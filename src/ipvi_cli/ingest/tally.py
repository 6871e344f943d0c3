"""Published counts by area: which rows are totals, which repeat another delivery, which labels may be shown."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.model.finding import PROBLEM_SCHEMA
from ipvi_cli.model.tables import TALLY_MEASURES, polars_schema

_TOTAL: Final = ("TOTAL", "TOTALS", "ALL", "CITYWIDE", "GRAND TOTAL")
_UNKNOWN: Final = ("UNKNOWN", "UNK", "N/A", "NOT STATED")
_OF_PARTNER: Final = ("month", "agency", "service", "measure", "source")
"""What tells one partner's totals from another's."""
_JOINT: Final = r"^[A-Z]{2}JIA$|JOINT.INTEREST"


def _area_kind(label: str) -> pl.Expr:
    """Tell totals, unknown and joint-interest areas from districts, by what the labels say.

    Args:
        label: Column of the smallest areas that the source states.
    """
    district, borough = (pl.col(name).str.to_uppercase() for name in ("district", "borough"))
    return (
        pl.when(district.is_in(_TOTAL) | borough.is_in(_TOTAL))
        .then(pl.lit("total"))
        .when(pl.col(label).str.to_uppercase().fill_null("UNKNOWN").is_in(_UNKNOWN))
        .then(pl.lit("unknown"))
        .when(district.str.contains(_JOINT))
        .then(pl.lit("joint_interest"))
        .otherwise(pl.lit("district"))
    )


def settle_tally(
    rows: pl.DataFrame, shown: frozenset[str], earlier: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Decide the fates of tally rows.

    Args:
        rows: Mapped tally rows of one batch, key columns included.
        shown: Area names that may be shown, whatever their case.
        earlier: Hashes of the areas, years and measures seen before, as this function returned them.

    Returns:
        The rows with ``row_fate`` (``total``; ``duplicate`` where an earlier row says the same; ``superseded`` where
        it says something else, for the first delivery stands); the hashes seen so far; and what was
        noticed.
    """
    measures = [name for name in (*TALLY_MEASURES, "count") if name in rows.columns]
    label = "district" if "district" in rows.columns else "borough"
    types = polars_schema("tally")
    lacking = [name for name in ("year", "borough", "district") if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, types[name]).alias(name) for name in lacking)
    of_partner = [name for name in _OF_PARTNER if name in rows.columns]
    stated = [pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in measures]
    area = [pl.col(name).str.to_uppercase() for name in ("borough", "district")]
    rows = rows.with_columns(
        _area_kind(label).alias("area_kind"),
        pl.struct("year", *area, *of_partner, pl.concat_list(stated)).hash().alias("_key"),
        pl.struct(measures).hash().alias("_counts"),
    )
    rows, withheld = _withhold(rows, shown)
    fresh = pl.col("row_fate") == "new"
    plain = rows.filter(fresh & (pl.col("area_kind") != "total")).select("_key", "_counts")
    seen = plain if earlier is None else pl.concat([earlier, plain])
    seen = seen.unique("_key", keep="first", maintain_order=True)
    before = pl.lit(False) if earlier is None else pl.col("_key").is_in(earlier["_key"].implode())
    rows = rows.join(
        seen.rename({"_counts": "_first"}), on="_key", how="left", maintain_order="left"
    ).with_columns((pl.col("_key").is_first_distinct().not_() | before).alias("_again"))
    other = pl.col("_counts") != pl.col("_first")
    fate = (
        pl.when(~fresh)
        .then("row_fate")
        .when(pl.col("area_kind") == "total")
        .then(pl.lit("total"))
        .when(pl.col("_again") & other)
        .then(pl.lit("superseded"))
        .when("_again")
        .then(pl.lit("duplicate"))
        .otherwise("row_fate")
    )
    rows = rows.with_columns(fate.alias("row_fate"))
    undated = rows.filter(pl.col("year").is_null())
    said = "an earlier row of the same year and area gives other counts; the earlier one stands"
    contradicted = rows.filter(pl.col("row_fate") == "superseded")
    problems = [
        _problems(undated, "IPVI-311", "year", "the row states no year"),
        *withheld,
        _problems(contradicted, "IPVI-312", "district", said),
    ]
    return rows, seen, pl.concat(problems)


def _withhold(rows: pl.DataFrame, shown: frozenset[str]) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Take away labels that may not be shown; the counts of such a district belong to no known area."""
    may = sorted({name.upper() for name in shown})
    problems = []
    for label in ("borough", "district"):
        hidden = (
            pl.col(label).is_not_null()
            & ~pl.col(label).str.to_uppercase().is_in(may)
            & ~_recognised(label)
        )
        said = f"the {label} is not a code, is rare, and is not among the profile's districts; it is withheld"
        problems.append(_problems(rows.filter(hidden), "IPVI-310", label, said))
        lost = hidden & (pl.col("area_kind") == "district")
        rows = rows.with_columns(
            pl.when(lost).then(pl.lit("unknown")).otherwise("area_kind").alias("area_kind"),
            pl.when(~hidden).then(label).alias(label),
        )
    return rows, problems


def _recognised(label: str) -> pl.Expr:
    upper = pl.col(label).str.to_uppercase()
    return upper.is_in([*_TOTAL, *_UNKNOWN]) | upper.str.contains(_JOINT)


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
