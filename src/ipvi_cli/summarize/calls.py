"""Calls for service: how many, which of them domestic, and what came of these."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.summarize.cells import NOBODY, PART, VICTIMS
from ipvi_cli.summarize.keyed import KEY, keyed
from ipvi_cli.summarize.level import Level

if TYPE_CHECKING:
    from ipvi_cli.summarize.scene import Scene

_CALL: Final = (
    "calls", "domestic", "untyped", "public", "public_domestic", "public_untyped", "reported", "unreported", "partner",
    "minutes", "timed",
)  # fmt: skip
_PLACE: Final = ("month", "agency", "district", VICTIMS, "record_id", KEY)


def calls(scene: Scene) -> Iterable[Level]:
    """Give each call, and each with its type; a call belongs to an incident that was delivered."""
    rows = _placed(scene)
    if scene.incidents is None:
        known = pl.LazyFrame(schema={KEY: pl.UInt64, "_partner": pl.Boolean})
    else:
        partner = pl.col("in_denominator") & (pl.col("incident_class") == "intimate_partner")
        known = scene.incidents.select(keyed(), partner.alias("_partner"))
    joined = rows.join(known, on=KEY, how="left")
    domestic = (pl.col("call_type") == "domestic").fill_null(False)
    began = (
        pl.col("officer_initiated")
        if scene.has("call.officer_initiated")
        else pl.lit(None, pl.Boolean)
    )
    public = began.not_().fill_null(False)
    minutes = _minutes(scene)
    timed = domestic & (minutes >= 0).fill_null(False)
    frame = joined.select(
        *_PLACE,
        pl.lit(1).alias("calls"),
        domestic.alias("domestic"),
        pl.col("call_type").is_null().alias("untyped"),
        public.alias("public"),
        (public & domestic).alias("public_domestic"),
        (public & pl.col("call_type").is_null()).alias("public_untyped"),
        (domestic & pl.col("_partner").is_not_null()).alias("reported"),
        (domestic & pl.col("_partner").is_null()).alias("unreported"),
        pl.col("_partner").fill_null(False).alias("partner"),
        pl.when(timed).then(minutes).otherwise(0).alias("minutes"),
        timed.alias("timed"),
    )  # fmt: skip
    yield Level("call", frame, _CALL, unit="record_id", table="call")
    typed = rows.select(*_PLACE, pl.col("call_type").alias(PART), n=1)
    yield Level("call_type", typed, ("n",), unit="record_id", table="call")


def addresses(scene: Scene) -> Iterable[Level]:
    """Give each domestic call, and whether another one came to the same address at any time."""
    rows = _placed(scene, "address").filter(pl.col("call_type") == "domestic")
    place = pl.struct(
        pl.col("agency").fill_null(""), pl.col("address").str.to_uppercase().str.strip_chars()
    )
    known = pl.col("address").is_not_null()
    frame = rows.with_columns(
        pl.lit(1).alias("domestic"),
        (known & (pl.len().over(place) > 1)).alias("repeated"),
        known.not_().alias("address_blank"),
    ).drop("address")
    measures = ("domestic", "repeated", "address_blank")
    yield Level("call_address", frame, measures, unit="record_id", table="call")


def stages(scene: Scene) -> Iterable[Level]:
    """Give domestic calls, and calls that led to an incident between partners or may have, as a first stage."""
    rows = scene.delivered("call").frame.lazy()
    of = {
        "domestic": (pl.col("domestic"), pl.col("untyped")),
        "intimate_partner": (pl.col("partner"), pl.col("unreported")),
    }
    frames = [
        rows.filter(sure | perhaps).select(
            *_PLACE, pl.lit(f"{name}/1 calls").alias(PART), sure.cast(pl.Int64).alias("n"),
            perhaps.cast(pl.Int64).alias("open"),
        )
        for name, (sure, perhaps) in of.items()
    ]  # fmt: skip
    yield Level("call_stage", pl.concat(frames), ("n", "open"), unit="record_id", table="call")


def _placed(scene: Scene, *more: str) -> pl.LazyFrame:
    """Give the calls that feed counts, by when and where they came in."""
    dated_by = scene.dated_by("call")
    day = pl.lit(None, pl.Date) if dated_by is None else pl.col(dated_by)
    return (
        scene.tables["call"]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES))
        .with_columns(
            keyed(),
            (day.dt.year() * 12 + day.dt.month() - 1).cast(pl.Int32).alias("month"),
            pl.lit(NOBODY, pl.UInt16).alias(VICTIMS),
        )
    ).select(*_PLACE, "call_type", *_read(scene), *more)


def _read(scene: Scene) -> list[str]:
    """Name the columns that few deliveries have, where they are filled."""
    asked = ("officer_initiated", "dispatched_on", "dispatched_time", "cleared_on", "cleared_time")
    return [name for name in asked if scene.has(f"call.{name}")]


def _minutes(scene: Scene) -> pl.Expr:
    """Give the minutes from dispatch to clearance; null where one of the two is not known."""
    read = set(_read(scene))
    if not {"dispatched_on", "dispatched_time", "cleared_on", "cleared_time"} <= read:
        return pl.lit(None, pl.Int64)
    start, end = (
        pl.col(f"{what}_on").dt.combine(pl.col(f"{what}_time"))
        for what in ("dispatched", "cleared")
    )
    return (end - start).dt.total_minutes()
