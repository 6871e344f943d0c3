"""Harm per person from a site's own sourced weights, always beside counts; none ships with the tool."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.model.errors import InputError
from ipvi_cli.model.profile_faults import suggest
from ipvi_cli.offenders.groups import offense_groups

_COLUMNS: Final = ("offence", "weight", "unit", "source")


@dataclass(frozen=True)
class Weights:
    """Weights of offences.

    Attributes:
        weight: ``code``, ``weight``.
        unit: What the weights are in.
        sources: Where they come from.
    """

    weight: pl.DataFrame
    unit: str
    sources: tuple[str, ...]


def parse_weights(content: bytes, *, where: str) -> Weights:
    """Read ``weights.csv``: ``offence`` (NIBRS code), ``weight``, ``unit``, ``source``; further columns are kept out.

    Args:
        content: The file.
        where: Its name for messages.

    Returns:
        The weights.

    Raises:
        InputError: The file cannot be read, a column or a source is missing, a weight is no number, the units differ,
            or an offence is unknown or named twice; every problem is listed.
    """
    try:
        read = pl.read_csv(io.BytesIO(content), infer_schema=False)
    except pl.exceptions.PolarsError:
        raise InputError("cannot be read as CSV.", where=where, mend="Save it as CSV.") from None
    names = {name.strip().casefold().replace("offense", "offence"): name for name in read.columns}
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise InputError(
            f"lacks the column {', '.join(missing)}{suggest(missing[0], names)}.",
            where=where,
            mend=f"It takes {', '.join(_COLUMNS)}.",
        )
    rows = read.select(pl.col(names[name]).str.strip_chars().alias(name) for name in _COLUMNS)
    number = pl.col("weight").cast(pl.Float64, strict=False)
    rows = rows.with_row_index("line", offset=2).with_columns(number.alias("value"))
    code = pl.col("offence")
    faults = {
        "no source": pl.col("source").fill_null("") == "",
        "no unit": pl.col("unit").fill_null("") == "",
        "a weight that is no number of 0 or more": ~(pl.col("value") >= 0).fill_null(False)
        | ~pl.col("value").is_finite().fill_null(False),
        "an offence that is no NIBRS code": ~code.is_in(offense_groups()["code"].implode())
        .fill_null(False),
        "an offence that another line names too": code.is_duplicated(),
    }  # fmt: skip
    said = [
        f"{what} in line {', '.join(map(str, found[:5]))}"
        for what, test in faults.items()
        if (found := rows.filter(test)["line"].to_list())
    ]
    units = rows["unit"].drop_nulls().unique().sort()
    if units.len() > 1:
        said.append(f"{units.len()} different units")
    if said or not rows.height:
        raise InputError(
            f"{'; '.join(said) or 'holds no weights'}.",
            where=where,
            mend="A weight without a source is not used; write where each comes from.",
        )
    weight = rows.select(code=pl.col("offence"), weight=pl.col("value"))
    return Weights(weight, str(units[0]), tuple(rows["source"].unique().sort()))


def harm_of(events: pl.DataFrame, weights: Weights) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sum the weights of each person's incidents, each by its gravest weighted offence.

    Args:
        events: ``EVENT_SCHEMA``.
        weights: The weights.

    Returns:
        ``person_id``, ``harm``, ``harm_unweighted`` (incidents without any weighted offence), and the offences without
        a weight with their ``incidents``.
    """
    counted = pl.col("left_out").is_null() | (pl.col("left_out") == "age_unknown")
    reports = events.filter(
        counted & (pl.col("kind") == "incident") & (pl.col("role") == "offender")
    )
    codes = reports.select("person_id", "event", code="offense_codes").explode(
        "code", empty_as_null=True
    )
    told = codes.join(weights.weight, on="code", how="left")
    gravest = told.group_by("person_id", "event").agg(pl.col("weight").max())
    harm = gravest.group_by("person_id").agg(
        pl.col("weight").sum().alias("harm"),
        pl.col("weight").is_null().sum().cast(pl.Int64).alias("harm_unweighted"),
    )
    bare = told.filter(pl.col("weight").is_null()).with_columns(pl.col("code").fill_null("none"))
    listed = bare.group_by("code").agg(pl.col("event").n_unique().cast(pl.Int64).alias("incidents"))
    return harm, listed.sort("incidents", "code", descending=[True, False])
