"""Totals of partner agencies: what they sent added up, never clients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import polars as pl

from ipvi_cli.summarize.cells import NOBODY, PART, UNKNOWN, VICTIMS
from ipvi_cli.summarize.keyed import KEY
from ipvi_cli.summarize.level import Level

if TYPE_CHECKING:
    from ipvi_cli.summarize.scene import Scene

_KINDS: Final = {
    "clients": ("clients_served",),
    "refuge": ("shelter_nights", "turned_away"),
    "petition": ("orders_petitioned", "orders_granted"),
    "caseload": ("supervised", "supervised_ipv"),
    "places": ("places",),
}
"""Measures of a partner's totals that figures look at together."""

_PAIRED: Final = ("petition", "caseload")
"""Kinds whose second measure is part of the first: only where both are told of the same agency, month and service."""

_PARTS: Final = {
    "year": pl.col("year").cast(pl.String).fill_null(UNKNOWN),
    "service": pl.col("service").fill_null(UNKNOWN),
    "source": pl.col("source").fill_null(UNKNOWN),
    "measure": pl.col("measure"),
    "year_measure": pl.concat_str(
        pl.col("year").cast(pl.String).fill_null(UNKNOWN), "measure", separator="/"
    ),
}
"""What totals are kept apart by."""

LEVELS: Final = tuple(
    name for kind in _KINDS for name in (kind, *(f"{kind}_{part}" for part in _PARTS))
)


def totals(scene: Scene) -> Iterable[Level]:
    """Give each total, and each with its year, service, source and measure."""
    assert scene.tally is not None
    rows = scene.tally.filter(pl.col("measure").is_not_null(), pl.col("count").is_not_null())
    for kind, measures in _KINDS.items():
        told = rows.filter(pl.col("measure").is_in(measures))
        if kind in _PAIRED:
            of_one = pl.col("measure").n_unique().over("agency", "year", "month", "service")
            told = told.filter(of_one == len(measures))
        frame = told.select(
            "record_id",
            pl.lit(None, pl.UInt64).alias(KEY),
            (pl.col("year") * 12 + pl.col("month") - 1).cast(pl.Int32).alias("month"),
            "agency",
            pl.lit(None, pl.String).alias("district"),
            pl.lit(NOBODY, pl.UInt16).alias(VICTIMS),
            pl.col("count").alias("n"),
            *(
                pl.when(pl.col("measure") == one).then("count").otherwise(0).alias(one)
                for one in measures
            ),
            *(part.alias(f"_{name}") for name, part in _PARTS.items()),
        )
        every = ("n", *measures)
        plain = frame.drop([f"_{name}" for name in _PARTS])
        yield Level(kind, plain, every, unit="record_id", table="tally")
        for name in _PARTS:
            parted = plain.with_columns(frame[f"_{name}"].alias(PART))
            yield Level(f"{kind}_{name}", parted, every, unit="record_id", table="tally")
