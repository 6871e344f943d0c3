"""Figures of volume: calls for service, rates, changes from year to year."""

from __future__ import annotations

from typing import Final

from ipvi_cli.summarize.counting import OfLevel, OfMix, Together
from ipvi_cli.summarize.figure import OWN, PLACES, PROBLEM_ANALYSIS, Figure
from ipvi_cli.summarize.measured import Rank, changes, rates
from ipvi_cli.summarize.quality import INCIDENT, TIE

_TYPE: Final = "call.call_type_raw"
_EVERY: Final = ("total", *PLACES)
_BY_TYPE: Final = ("call_type", "year/call_type")
_BY_DATE: Final = "by the day and place of the call"
_JOIN: Final = "call.incident_id"

FIGURES: Final = (
    Figure(
        "B01", "Domestic calls", "calls", "calls whose type is domestic; those of unmapped type may add to them",
        "count", (_TYPE,), PROBLEM_ANALYSIS, (*_EVERY, *_BY_TYPE),
        Together(
            (
                OfLevel("call", "domestic", undetermined="untyped", by=_EVERY),
                OfMix("call_type", "n", part="call_type", by=_BY_TYPE),
            )
        ),
        note=f"a domestic call type says nothing of partnership; {_BY_DATE}", of="call",
    ),
    Figure(
        "B02", "Rank of domestic calls among types of call", "calls",
        "1 + types with more calls / types; unmapped calls may better it", "rank", (_TYPE,), PROBLEM_ANALYSIS,
        ("total", "year", "agency"), Rank("domestic", "untyped"),
        note="types are the groups that call types are mapped to", of="call",
    ),
    Figure(
        "B03", "Domestic share of calls from the public", "calls",
        "domestic calls / (calls that no officer began - those of unmapped type)", "share",
        (_TYPE, "call.officer_initiated"), PROBLEM_ANALYSIS, _EVERY,
        OfLevel("call", "public_domestic", "public", "public_untyped"), interval=True,
        note=f"calls of which it is not told who began them are left out; {_BY_DATE}", of="call",
    ),
    Figure(
        "B04", "Domestic calls with a report", "calls",
        "domestic calls that led to a delivered incident / domestic calls",
        "share", (_TYPE, _JOIN, INCIDENT), OWN, _EVERY, OfLevel("call", "reported", "domestic"), interval=True,
        note=_BY_DATE, of="call",
    ),
    Figure(
        "B05", "Domestic calls to repeat addresses", "calls",
        "domestic calls to an address with two or more in the delivery / (domestic calls - those without an address)",
        "share", (_TYPE, "call.address"), OWN, _EVERY,
        OfLevel("call_address", "repeated", "domestic", "address_blank"), suppress=True, interval=True,
        note="addresses are the same when they are written alike; those written in two ways are not found", of="call",
    ),
    Figure(
        "B06", "Officer time on domestic calls", "hours",
        "hours from dispatch to clearance, added up / domestic calls of which both are known", "hours",
        (_TYPE, "call.dispatched_on", "call.dispatched_time", "call.cleared_on", "call.cleared_time"),
        PROBLEM_ANALYSIS, _EVERY, OfLevel("call", "minutes", "timed"),
        note="of one unit; the numerator is minutes; calls cleared before their dispatch are left out", of="call",
    ),
    Figure(
        "B10", "Adult victims of partners per 10,000 adults", "victims",
        "adult victims with an intimate partner tie / adult residents of the same years and places; those of unknown"
        " age or tie may add to them",
        "rate", (TIE, "population.adults", "population.year", "incident.occurred_on|incident.reported_on",
        "victim.age_years"), OWN, ("total", "year", "district"), rates, suppress=True, interval=True,
        note="per year; a victim counts once in each incident; no districts where several agencies delivered",
    ),
    Figure(
        "B11", "Rank of intimate partner calls among types of call", "calls",
        "1 + types other than domestic with more calls / types; domestic calls without a report may better it", "rank",
        (_TYPE, _JOIN, TIE), PROBLEM_ANALYSIS, ("total", "year", "agency"), Rank("partner", "unreported"),
        note="calls that led to an intimate partner incident, whatever their type", of="call",
    ),
    Figure(
        "B12", "Change from the year before", "incidents", "count of the year / count of the year before - 1", "change",
        (INCIDENT, "incident.occurred_on|incident.reported_on", "a second year"), OWN, ("year/measure",), changes,
        suppress=True, interval=True,
        note="domestic_calls counts calls; what is undetermined in either year is left out",
    ),
)  # fmt: skip
"""Figures B01 to B06 and B10 to B12."""
