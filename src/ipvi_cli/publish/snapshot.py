"""A jurisdiction's own yearly snapshot by district, in the layout in which New York City publishes its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES

MEASURES: Final = {
    "ipv_dir": "IPV_DIR",
    "ipv_felony_assault": "IPV_Fel_Assault ",
    "dv_felony_assault": "DV_Fel_Assault ",
    "ipv_rape": "IPV_Rape ",
    "dv_rape": "DV_Rape ",
}
"""Our names of the measures, and New York's, of which several end in a blank (dataset qiwj-eg47)."""
LAYOUT: Final = {
    "year": "Report_Year",
    "borough": "Comm_Dist_ Boro",
    "district": "Comm_District",
    **MEASURES,
}

MEANINGS: Final = {
    "ipv_dir": "intimate partner incidents",
    "ipv_felony_assault": "intimate partner incidents with an aggravated assault (13A) or an assault graded felony",
    "dv_felony_assault": "the same among all incidents between partners, family or household members",
    "ipv_rape": "intimate partner incidents with a rape (NIBRS 11A, 11B, 11C)",
    "dv_rape": "the same among all incidents between partners, family or household members",
}
_DOMESTIC: Final = ("intimate_partner", "other_family", "other_domestic")
_PARTS: Final = (("dv_felony_assault", "ipv_felony_assault"), ("dv_rape", "ipv_rape"))
_FELONY: Final = pl.col("offense_code").eq("13A") | (
    pl.col("offense_code").is_in(["13A", "13B", "13C"]) & pl.col("grade").eq("felony")
)
_RAPE: Final = pl.col("offense_code").is_in(["11A", "11B", "11C"])
_WHOLE: Final = {"year": pl.Int64(), "borough": pl.String(), "district": pl.String()}


def of_incidents(
    tables: Mapping[str, pl.LazyFrame], incidents: pl.LazyFrame, years: tuple[int, int] | None
) -> pl.DataFrame:
    """Count incidents by year, agency and district.

    Args:
        tables: ``incident`` and, where there is one, ``offense``.
        incidents: ``incidents.parquet``.
        years: First and last year that count; ``None``: all.

    Returns:
        ``year``, ``borough`` (the agency), ``district`` (``Unknown`` where none is stated) and ``MEASURES``; null where
        there are no offences to tell.
    """
    counted = tables["incident"].filter(pl.col("row_fate").is_in(COUNTED_FATES))
    day = pl.coalesce("occurred_on", "reported_on")
    places = counted.group_by("incident_id").agg(
        day.min().dt.year().cast(pl.Int64).alias("year"),
        pl.col("district").drop_nulls().first().alias("district"),
    )
    rows = incidents.filter("in_denominator").join(places, on="incident_id", how="left")
    offenses = tables.get("offense")
    if offenses is None:
        flags = [pl.lit(None, pl.Boolean).alias(name) for name in ("felony", "rape")]
        rows = rows.with_columns(flags)
    else:
        told = (
            offenses.filter(pl.col("row_fate").is_in(COUNTED_FATES))
            .group_by("incident_id")
            .agg(_FELONY.any().alias("felony"), _RAPE.any().alias("rape"))
        )
        rows = rows.join(told, on="incident_id", how="left").with_columns(
            pl.col("felony", "rape").fill_null(False)
        )
    ipv = pl.col("incident_class") == "intimate_partner"
    dv = pl.col("incident_class").is_in(_DOMESTIC)
    made = {
        "ipv_dir": ipv,
        "ipv_felony_assault": ipv & pl.col("felony"),
        "dv_felony_assault": dv & pl.col("felony"),
        "ipv_rape": ipv & pl.col("rape"),
        "dv_rape": dv & pl.col("rape"),
    }
    if years is not None:
        rows = rows.filter(pl.col("year").is_between(*years))
    without = offenses is None
    counts = [
        (
            pl.lit(None, pl.Int64) if without and name != "ipv_dir" else flag.sum().cast(pl.Int64)
        ).alias(name)
        for name, flag in made.items()
    ]
    return (
        rows.drop_nulls("year")
        .with_columns(pl.col("district").fill_null("Unknown"))
        .group_by("year", pl.col("agency").alias("borough"), "district")
        .agg(counts)
        .collect(engine="streaming")
        .sort("year", "borough", "district")
    )


def of_tallies(tally: pl.LazyFrame) -> pl.DataFrame:
    """Add up published counts by year, borough and district, totals left out.

    Args:
        tally: The canonical table.

    Returns:
        As ``of_incidents`` gives it.
    """
    counted = tally.filter(
        pl.col("row_fate").is_in(COUNTED_FATES) & (pl.col("area_kind") != "total")
    )
    sums = [
        pl.when(pl.col(name).count() > 0).then(pl.col(name).max()).alias(name) for name in MEASURES
    ]
    return (
        counted.drop_nulls("year")
        .with_columns(pl.col("district").fill_null("Unknown"))
        .group_by("year", "borough", "district")
        .agg(sums)
        .filter(pl.any_horizontal(pl.col(name).is_not_null() for name in MEASURES))
        .collect(engine="streaming")
        .sort("year", "borough", "district")
    )


def withhold(counts: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Withhold small counts, and as many more as it takes that none can be worked out from a year's total.

    A count goes where it is from 1 to the threshold, or where what is between family and household members alone
    (domestic less intimate partner) would be. In each year and measure at least two counts then go, and together more
    than the threshold, the smallest first; a year in which that cannot be had loses the measure.

    Args:
        counts: As ``of_incidents`` gives it.
        threshold: Counts from 1 to this are small.
    """
    small = {name: pl.col(name).is_between(1, threshold).fill_null(False) for name in MEASURES}
    for whole, part in _PARTS:
        rest = (pl.col(whole) - pl.col(part)).is_between(1, threshold).fill_null(False)
        small[part] = small[part] | rest | small[whole]
    marked = counts.with_row_index("row").with_columns(
        flag.alias(f"hide_{name}") for name, flag in small.items()
    )
    for name in MEASURES:
        marked = _further(marked, name, threshold)
    for whole, part in _PARTS:
        # Who can add up the parts of a row has to find none of them alone.
        marked = marked.with_columns(
            (pl.col(f"hide_{part}") | pl.col(f"hide_{whole}")).alias(f"hide_{part}")
        )
    return marked.select(
        *_WHOLE, *(pl.when(~pl.col(f"hide_{name}")).then(name).alias(name) for name in MEASURES)
    )


def _further(marked: pl.DataFrame, name: str, threshold: int) -> pl.DataFrame:
    """Hide the smallest counts that are shown until enough of each year is hidden."""
    flag = f"hide_{name}"
    gone = (
        marked.filter(flag)
        .group_by("year")
        .agg(pl.len().alias("number"), pl.col(name).sum().alias("sum"))
    )
    shown = marked.filter(~pl.col(flag) & (pl.col(name) > 0)).sort("year", name, "row")
    needed = shown.join(gone, on="year").filter(
        (pl.col("number") + pl.int_range(pl.len()).over("year") < 2)
        | (pl.col("sum") + pl.col(name).cum_sum().over("year") - pl.col(name) <= threshold)
    )
    return marked.with_columns(pl.col(flag) | pl.col("row").is_in(needed["row"].implode()))


def in_layout(counts: pl.DataFrame) -> pl.DataFrame:
    """Give the columns New York's names.

    Args:
        counts: As ``withhold`` gives it.
    """
    return counts.select(pl.col(name).alias(theirs) for name, theirs in LAYOUT.items())
