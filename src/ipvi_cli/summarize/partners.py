"""Figures of what partner agencies do, from totals alone."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.summarize.cells import UNKNOWN
from ipvi_cli.summarize.counting import OfLevel, OfMix, Together
from ipvi_cli.summarize.figure import COUNTS, OWN, Figure
from ipvi_cli.summarize.quality import TIE
from ipvi_cli.summarize.scene import Scene

_PLACES: Final = ("total", "month", "agency")
_MEASURE: Final = "tally.measure = "
_PARTED: Final = ("measure", "month/measure", "agency/measure")
_SENT: Final = "as the partner sent it; clients may be in several months or services"


def _shares(kind: str, numerator: str, denominator: str) -> Together:
    return Together(
        (
            OfLevel(kind, numerator, denominator, by=_PLACES),
            OfMix(f"{kind}_year", numerator, part="year", denominator=denominator, by=("year",)),
        )
    )


def _capacity(scene: Scene, _figure: Figure) -> pl.DataFrame:
    places = scene.cells("places").by("month").filter(pl.col("group") != UNKNOWN)
    need = scene.cells("victim").by("month").select("group", "persons")
    both = places.join(need, on="group", how="inner").select(
        "group", numerator="n", denominator="persons"
    )
    whole = both.select(pl.lit("total").alias("group"), pl.col("numerator", "denominator").sum())
    return pl.concat(
        rows.with_columns(by=pl.lit(by), undetermined=None, note=None).select(
            pl.col(name).cast(dtype) for name, dtype in COUNTS.items()
        )
        for by, rows in (("total", whole if both.height else both), ("month", both))
    )


FIGURES: Final = (
    Figure(
        "I01", "Clients served", "clients", "totals of partners, added up", "count",
        (f"{_MEASURE}clients_served",), OWN,
        (*_PLACES, "year", "service", "agency/service", "source"),
        Together(
            (
                OfLevel("clients", "n", by=_PLACES),
                OfMix("clients_year", "n", part="year", by=("year",)),
                OfMix("clients_service", "n", part="service", by=("service", "agency/service")),
                OfMix("clients_source", "n", part="source", by=("source",)),
            )
        ),
        suppress=True, note=_SENT, of="tally",
    ),
    Figure(
        "I02", "Nights of shelter, and requests turned away", "nights and requests", "totals of partners, added up",
        "count", (f"{_MEASURE}shelter_nights|{_MEASURE}turned_away",), OWN, (*_PARTED, "year/measure"),
        Together(
            (
                OfMix("refuge_measure", "n", part="measure", by=_PARTED),
                OfMix("refuge_year_measure", "n", part="year/measure", by=("year/measure",)),
            )
        ),
        suppress=True, note=_SENT, of="tally",
    ),
    Figure(
        "I03", "Orders granted", "orders", "orders granted / orders petitioned", "share",
        (f"{_MEASURE}orders_petitioned", f"{_MEASURE}orders_granted"), OWN, (*_PLACES, "year"),
        _shares("petition", "orders_granted", "orders_petitioned"), suppress=True,
        note="of agencies, months and services of which both are told; a grant may follow in a later month", of="tally",
    ),
    Figure(
        "I04", "Intimate partner share of the supervised caseload", "person-months",
        "supervised for intimate partner violence / supervised", "share",
        (f"{_MEASURE}supervised", f"{_MEASURE}supervised_ipv"), OWN, (*_PLACES, "year"),
        _shares("caseload", "supervised_ipv", "supervised"), suppress=True,
        note="a caseload is there every month, so what is added up is persons times months; only where both are told",
        of="tally",
    ),
    Figure(
        "I05", "Places for each victim of a partner", "places",
        "places of partners in the month / intimate partner victims of its incidents", "ratio",
        (TIE, f"{_MEASURE}places", "tally.month", "incident.occurred_on|incident.reported_on"), OWN, ("total", "month"),
        _capacity, suppress=True,
        note="in total places and victims of all months of which places are told; places that are taken are not known",
    ),
)  # fmt: skip
"""Figures I01 to I05."""
