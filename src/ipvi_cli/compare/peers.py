"""Figures of several jurisdictions side by side, each with whether it can be set beside the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import polars as pl

from ipvi_cli.compare.peer import CELL, Peer, of_most
from ipvi_cli.model.intervals import poisson, wilson

PEER_SCHEMA: Final[dict[str, pl.DataType]] = {
    "figure_id": pl.String(),
    "title": pl.String(),
    "unit": pl.String(),
    "by": pl.String(),
    "group": pl.String(),
    "jurisdiction": pl.String(),
    "kind": pl.String(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
    "undetermined": pl.Int64(),
    "value": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "ci_lower": pl.Float64(),
    "ci_upper": pl.Float64(),
    "comparable": pl.Boolean(),
    "why_not": pl.String(),
}
"""One row for each cell of a figure and each jurisdiction that has it. ``lower`` and ``upper`` are the bounds from what
is undetermined, ``ci_*`` a 95 % sampling interval, of shares (Wilson) and of rates (exact Poisson)."""

PER: Final = 10_000
"""Persons that a rate is given for, as in the figures."""

BREAKDOWNS: Final = ("total", "year")
"""Breakdowns of which the groups mean the same everywhere."""

_OF_SIZE: Final = ("count", "rank")
_GROWING: Final = r"^(B05|[DEH]\d)"
"""Figures that grow with the length of the period: who is seen twice, and what is known of anybody's past."""


def side_by_side(peers: Sequence[Peer], wanted: Collection[str]) -> pl.DataFrame:
    """Set figures of several jurisdictions side by side.

    Args:
        peers: At least two, in the order in which they are shown.
        wanted: Codes of the figures.

    Returns:
        ``PEER_SCHEMA`` by figure, breakdown, group and jurisdiction: totals, and the years that at least two of them
        have. What the jurisdictions differ in is held against what most of them have; where there is no such majority,
        none is comparable.
    """
    stacked = pl.concat(_of_peer(peer, wanted) for peer in peers)
    several = (pl.col("by") == "total") | (pl.len().over(*CELL) > 1)
    told = stacked.filter(several).with_columns(
        _formula_of_most(stacked), *_intervals(stacked.filter(several))
    )
    reasons = told.join(_of_places(peers), on="jurisdiction", how="left", maintain_order="left")
    reasons = reasons.with_columns(_why_not())
    fit = pl.col("why_not").is_null()
    alone = fit & (fit.sum().over(*CELL) < 2)
    shown = reasons.with_columns(
        pl.when(alone)
        .then(pl.lit("no other of them can be set beside it"))
        .otherwise("why_not")
        .alias("why_not")
    ).with_columns(pl.col("why_not").is_null().alias("comparable"))
    order = {peer.name: place for place, peer in enumerate(peers)}
    return shown.sort(
        *CELL, pl.col("jurisdiction").replace_strict(order, return_dtype=pl.Int64)
    ).select(pl.col(name).cast(dtype) for name, dtype in PEER_SCHEMA.items())


def _of_peer(peer: Peer, wanted: Collection[str]) -> pl.DataFrame:
    meant = peer.definitions.select("figure_id", "formula", "kind")
    return (
        peer.figures.filter(
            pl.col("figure_id").is_in(list(wanted)) & pl.col("by").is_in(BREAKDOWNS)
        )
        .join(meant, on="figure_id", how="left", maintain_order="left")
        .with_columns(
            pl.lit(peer.name).alias("jurisdiction"),
            pl.lit(peer.told.range).alias("limit"),
            (pl.col("group").is_in(peer.part_years) & (pl.col("by") == "year")).alias("in_part"),
        )
        .rename({"counting_unit": "unit"})
    )


def _formula_of_most(stacked: pl.DataFrame) -> pl.Expr:
    """Say whether a figure is made here as it is made at most of them."""
    each = stacked.select("figure_id", "jurisdiction", "formula").unique()
    same = {
        figure: of_most(rows["formula"].to_list())
        for (figure,), rows in each.group_by("figure_id", maintain_order=False)
    }
    usual = pl.col("figure_id").replace_strict(same, default=None, return_dtype=pl.String)
    return pl.col("formula").ne_missing(usual).alias("otherwise_made")


def _intervals(stacked: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Give the sampling interval of every share and rate that has a value, the total too: places are compared."""
    part, whole = pl.col("numerator"), pl.col("denominator")
    known = whole - pl.col("undetermined").fill_null(0)
    numbers = stacked.filter(pl.col("kind") == "rate")["numerator"].drop_nulls().unique().to_list()
    ends = []
    for side, name in enumerate(("ci_lower", "ci_upper")):
        rate = part.replace_strict(
            numbers,
            [poisson(number)[side] for number in numbers],
            default=None,
            return_dtype=pl.Float64,
        )
        shown = pl.when(pl.col("value").is_not_null())
        ends.append(
            shown.then(
                pl.when(pl.col("kind") == "rate")
                .then(rate / pl.when(whole > 0).then(whole) * PER)
                .when(pl.col("kind") == "share")
                .then(wilson(part, known)[side])
            ).alias(name)
        )
    return ends[0], ends[1]


def _of_places(peers: Sequence[Peer]) -> pl.DataFrame:
    """Give what speaks against each jurisdiction: ``always``, and of figures that grow with time, ``growing``."""
    population = of_most([peer.told.population for peer in peers])
    months = of_most([peer.months for peer in peers])
    rows = []
    for peer in peers:
        always = [] if peer.told.complete else ["a source of its audit is missing"]
        if peer.told.population != population:
            always.append(f"population: {peer.told.population}, elsewhere another")
        growing = None
        if peer.months is None:
            growing = "its period is not declared"
        elif peer.months != months:
            growing = f"its period is of {peer.months} months, elsewhere of another length"
        rows.append((peer.name, "; ".join(always) or None, growing))
    schema = dict.fromkeys(("jurisdiction", "always", "growing"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _why_not() -> pl.Expr:
    """Say what speaks against setting a row beside the others."""
    doubt = pl.col("undetermined") / pl.when(pl.col("denominator") > 0).then("denominator")
    too_much = (pl.col("kind") == "share") & (doubt > pl.col("limit"))
    percent = pl.format("{} %", (doubt * 100).round(1))
    silent = (
        pl.when(pl.col("suppressed"))
        .then(pl.lit("withheld"))
        .when(pl.col("kind").is_in(_OF_SIZE))
        .then(pl.lit("a count says how large a place is"))
        .when(too_much)
        .then(pl.format("{} undetermined, too much for a share: the range only", percent))
        .when(pl.col("value").is_null())
        .then(pl.col("note").fill_null("nothing to count"))
    )
    return (
        pl.concat_str(
            silent,
            pl.col("always"),
            pl.when(pl.col("figure_id").str.contains(_GROWING)).then("growing"),
            pl.when("otherwise_made").then(pl.lit("its formula is another than elsewhere")),
            pl.when("in_part").then(pl.lit("only a part of the year lies in its period")),
            separator="; ",
            ignore_nulls=True,
        )
        .replace("", None)
        .alias("why_not")
    )
