"""Protective orders: issued, served, violated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.summarize.cells import NOBODY, PART, VICTIMS
from ipvi_cli.summarize.keyed import keyed
from ipvi_cli.summarize.level import Level

if TYPE_CHECKING:
    from ipvi_cli.summarize.scene import Scene

_ORDER: Final = ("orders", "served", "violated")


def orders(scene: Scene) -> Iterable[Level]:
    """Give each order, and each with its kind."""
    dated_by = scene.dated_by("order")
    day = pl.lit(None, pl.Date) if dated_by is None else pl.col(dated_by)
    violated = (
        pl.col("violated_on").is_not_null() if scene.has("order.violated_on") else pl.lit(False)
    )
    kinds = [
        pl.when(flag)
        .then(pl.lit(yes))
        .when(~pl.col(flag))
        .then(pl.lit(no))
        .otherwise(pl.lit("unknown"))
        for flag, yes, no in (("civil", "civil", "criminal"), ("temporary", "temporary", "final"))
    ]
    frame = (
        scene.tables["order"]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES))
        .select(
            keyed(),
            "record_id",
            (day.dt.year() * 12 + day.dt.month() - 1).cast(pl.Int32).alias("month"),
            "agency",
            pl.lit(None, pl.String).alias("district"),
            pl.lit(NOBODY, pl.UInt16).alias(VICTIMS),
            pl.lit(1).alias("orders"),
            pl.col("served_on").is_not_null().alias("served"),
            violated.alias("violated"),
            pl.concat_str(kinds, separator=" ").alias(PART),
        )
    )
    yield Level("order", frame.drop(PART), _ORDER, unit="record_id", table="order")
    kind = frame.select(pl.exclude(*_ORDER), n=1)
    yield Level("order_kind", kind, ("n",), unit="record_id", table="order")
