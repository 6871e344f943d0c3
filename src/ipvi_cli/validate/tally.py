"""Rules about published counts: parts and wholes, totals and their labels, years and areas."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.model.tables import TALLY_MEASURES
from ipvi_cli.validate.listed import listed
from ipvi_cli.validate.rule import Rule, always, nothing, problems, said
from ipvi_cli.validate.scope import PLACE, Scope

COUNTED: Final = ("dir", "felony_assault", "rape")
AREA: Final = ("year", "borough", "district")

_SECTION: Final = (
    "NYC Open Data: domestic = intimate partner + other family in every published district-year."
)


def _below(what: str, part: str) -> pl.Expr:
    return pl.col(f"dv_{what}") < pl.col(f"{part}_{what}")


def _parts(scope: Scope) -> pl.DataFrame:
    """Counted rows that are not totals, with their measures: few, for a tally has a row for each area and year."""
    tally = scope.table("tally")
    if tally is None:
        return pl.DataFrame(schema=dict.fromkeys((*AREA, *PLACE), pl.String))
    return (
        tally.filter((pl.col("row_fate") != "total") & (pl.col("area_kind") != "total"))
        .select(*AREA, "area_kind", *PLACE, *TALLY_MEASURES)
        .collect(engine="streaming")
        .sort(*AREA, *PLACE, nulls_last=True)
    )


def _sides(scope: Scope, what: str) -> pl.DataFrame:
    """Each area and year with the counts of both snapshots, and the row that states the intimate partner count."""
    parts = scope.once(_parts)
    if "area_kind" not in parts.columns:
        return pl.DataFrame()
    parts = parts.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in AREA))
    sides = {}
    for scope_name in ("ipv", "family"):
        own = parts.filter(pl.col(f"{scope_name}_{what}").is_not_null())
        sides[scope_name] = own.unique(AREA, keep="first", maintain_order=True).select(
            *AREA, *PLACE, f"{scope_name}_{what}", pl.col(f"dv_{what}").alias(f"{scope_name}|dv")
        )
    return sides["ipv"].join(sides["family"], on=AREA, suffix="|family", maintain_order="left")


def _sum_fails(scope: Scope) -> pl.DataFrame:
    found = [nothing()]
    for what in COUNTED:
        both = _sides(scope, what)
        if not both.height:
            continue
        whole = pl.coalesce("ipv|dv", "family|dv")
        wrong = both.filter(pl.col(f"ipv_{what}") + pl.col(f"family_{what}") != whole)
        message = f"ipv_{what} + family_{what} is not dv_{what} of the same year and district"
        found.append(problems("IPVI-902", wrong, message, table="tally", column=f"dv_{what}"))
    return pl.concat(found)


def _wholes_differ(scope: Scope) -> pl.DataFrame:
    found = [nothing()]
    for what in COUNTED:
        both = _sides(scope, what)
        if not both.height:
            continue
        wrong = both.filter(pl.col("ipv|dv") != pl.col("family|dv"))
        message = f"dv_{what} is not the same in both snapshots of this year and district"
        found.append(problems("IPVI-903", wrong, message, table="tally", column=f"dv_{what}"))
    return pl.concat(found)


def _matched(scope: Scope) -> pl.DataFrame:
    """Each total with whether it equals the rows of its own borough, of another one, or of all of its year and file.

    The parts of a total are all rows of its file and year, of whatever fate: it was added up before anything was
    taken out.
    """
    tally = scope.every_row.get("tally")
    if tally is None:
        return pl.DataFrame()
    rows = tally.select(*AREA, "area_kind", *PLACE, *TALLY_MEASURES).collect(engine="streaming")
    totals = rows.filter(pl.col("area_kind") == "total").sort(*PLACE)
    parts = rows.filter(pl.col("area_kind") != "total")
    if not totals.height or not parts.height:
        return pl.DataFrame()
    keys = ("source_file", "year")
    every = [pl.col(name).sum().alias(f"{name}|sum") for name in TALLY_MEASURES]
    boroughs = parts.group_by(*keys, pl.col("borough").alias("of")).agg(every)
    city = parts.group_by(keys).agg(every).with_columns(pl.lit(None, pl.String).alias("of"))
    sums = pl.concat([boroughs, city.select(boroughs.columns)])
    equal = pl.all_horizontal(
        pl.col(name).is_null() | (pl.col(name) == pl.col(f"{name}|sum")) for name in TALLY_MEASURES
    ) & pl.any_horizontal(pl.col(name).is_not_null() for name in TALLY_MEASURES)
    return (
        totals.with_row_index("total")
        .join(sums, on=keys, how="left", nulls_equal=True)
        .with_columns(equal.alias("equal"))
        .group_by("total", *PLACE)
        .agg(
            pl.col("equal").any().alias("matched"),
            (
                pl.col("equal")
                & pl.col("of").eq_missing(pl.col("borough"))
            ).any().alias("own"),
        )
        .sort("total")
    )  # fmt: skip


def _mislabelled(scope: Scope) -> pl.DataFrame:
    totals = scope.once(_matched)
    if not totals.height:
        return nothing()
    wrong = totals.filter(pl.col("matched") & pl.col("own").not_())
    message = "the total equals the rows of another borough than its label says"
    return problems("IPVI-904", wrong, message, table="tally", column="borough")


def _unmatched(scope: Scope) -> pl.DataFrame:
    totals = scope.once(_matched)
    if not totals.height:
        return nothing()
    message = "the total equals the rows of no borough of its year and file, nor of all"
    wrong = totals.filter(pl.col("matched").not_())
    return problems("IPVI-905", wrong, message, table="tally", column="district")


def _by_source(scope: Scope) -> pl.DataFrame:
    """Districts by year and by the measures that their rows state, which tell the snapshots apart."""
    parts = scope.once(_parts)
    if "area_kind" not in parts.columns:
        return parts.clear()
    stated = [
        pl.when(pl.col(name).is_not_null()).then(pl.lit(name.split("_", maxsplit=1)[0]))
        for name in TALLY_MEASURES
        if not name.startswith("dv_")
    ]
    return parts.with_columns(pl.coalesce(stated).alias("snapshot"))


def _district_missing(scope: Scope) -> pl.DataFrame:
    parts = scope.once(_by_source)
    if not parts.height:
        return nothing()
    parts = parts.filter((pl.col("area_kind") == "district") & pl.col("year").is_not_null())
    years = parts.select("snapshot", "year").unique()
    areas = parts.select("snapshot", "borough", "district").unique()
    there = parts.select("snapshot", "year", "borough", "district").unique()
    lacking = (
        areas.join(years, on="snapshot")
        .join(there, on=["snapshot", "year", "borough", "district"], how="anti", nulls_equal=True)
        .group_by("snapshot", "year").agg(pl.len().alias("n")).sort("snapshot", "year", nulls_last=True)
    )  # fmt: skip
    found = [
        said(
            "IPVI-907",
            f"{count} districts of other years have no row in {year} ({snapshot or 'domestic'} counts)",
            table="tally", column="district",
        )
        for snapshot, year, count in lacking.iter_rows()
    ]  # fmt: skip
    return pl.concat([nothing(), *found])


def _measure_missing(scope: Scope) -> pl.DataFrame:
    parts, tally = scope.once(_parts), scope.table("tally")
    if "area_kind" not in parts.columns or tally is None:
        return nothing()
    found = [nothing()]
    for name in TALLY_MEASURES:
        usual = pl.col(name).count().over("source_file") * 2 > pl.len().over("source_file")
        blank = parts.filter(usual & pl.col(name).is_null())
        message = f"{name} is blank while most rows of the file state it"
        found.append(listed(scope, "IPVI-908", blank.lazy(), message, of="tally", column=name))
    return pl.concat(found)  # fmt: skip


RULES: Final = (
    Rule(
        "IPVI-901", "domestic-below-its-part", "error", "tally",
        "A domestic count is below its intimate partner or its family count.",
        "The columns are mapped wrongly or the row is wrong; a share would exceed 100 %.",
        "Check the mapping of the columns, then ask the publisher.",
        _SECTION, "tally", "dv_felony_assault",
        bad=always(
            pl.any_horizontal(_below(what, part) for what in COUNTED for part in ("ipv", "family"))
        ),
        message="a domestic count is below the intimate partner or the family count of the same row",
    ),
    Rule(
        "IPVI-902", "parts-not-the-whole", "error", "tally",
        "Intimate partner and family counts do not add up to the domestic count.",
        "The declared reading of the columns is wrong, and so is every share.",
        "Ask the publisher what the family column counts.",
        _SECTION, "tally", "dv_felony_assault", check=_sum_fails,
    ),
    Rule(
        "IPVI-903", "domestic-count-differs", "error", "tally",
        "Two snapshots give different domestic counts for the same year and district.",
        "They were drawn on different days or by different definitions.",
        "Ask for both snapshots of the same day.",
        _SECTION, "tally", "dv_felony_assault", check=_wholes_differ,
    ),
    Rule(
        "IPVI-904", "total-mislabelled", "warning", "tally",
        "A total bears the name of another borough than the one whose rows it equals.",
        "A reader who takes totals by their label gets the wrong borough.",
        "Nothing need be done: totals are checked and never added. Tell the publisher.",
        "A total is the sum of the rows of its area, file and year.",
        "tally", "borough", check=_mislabelled,
    ),
    Rule(
        "IPVI-905", "total-of-nothing", "error", "tally",
        "A total equals the rows of no area.",
        "Rows are missing or wrong, or the total is.",
        "Ask the publisher.",
        "A total is the sum of the rows of its area, file and year.",
        "tally", "district", check=_unmatched,
    ),
    Rule(
        "IPVI-906", "count-negative", "error", "tally",
        "A published count is negative.",
        "It is a correction or a code for suppressed, not a count.",
        "Ask what it stands for, and declare it as a null word.",
        "Profile and canonical tables: counts are whole numbers from 0.", "tally", "ipv_dir",
        bad=always(pl.any_horizontal(pl.col(name) < 0 for name in TALLY_MEASURES)),
        message="a count is below 0",
    ),
    Rule(
        "IPVI-907", "district-missing-in-a-year", "warning", "tally",
        "A district that has counts in one year has none in another.",
        "The change between the years is not one of the same places.",
        "Ask for the district, or whether it was merged into another.",
        table="tally", column="district", needs=("year", "district"), check=_district_missing,
    ),
    Rule(
        "IPVI-908", "count-blank", "warning", "tally",
        "A count is blank where most rows of the file state it.",
        "It may be suppressed or zero; sums leave it out.",
        "Ask what a blank means.",
        table="tally", column="ipv_dir", check=_measure_missing,
    ),
)  # fmt: skip
"""Rules of published counts."""
