"""Figures of what the justice system did: arrests, charges, court, protective orders."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.summarize.counting import OfLevel, OfMix, Together
from ipvi_cli.summarize.figure import (
    CANNOT_BE_MADE,
    COUNTS,
    NIBRS,
    OWN,
    PERSONS,
    PLACES,
    PROBLEM_ANALYSIS,
    Figure,
)
from ipvi_cli.summarize.measured import OfMedian
from ipvi_cli.summarize.quality import INCIDENT, OFFENDER, TIE
from ipvi_cli.summarize.scene import Scene

_EVERY: Final = ("total", *PLACES, *PERSONS)
_ORDERS: Final = ("total", "year", "month", "agency")
_ARREST: Final = "arrest.incident_id"
_FILED: Final = "charge.filed|charge.disposition_raw"
_LINKED: Final = "charge.arrest_number|charge.incident_id"
_BY_INCIDENT: Final = "by the day and place of the incident"
_JOINED: Final = (
    "charges belong to an arrest by its number, where both tables give it, else by the incident"
)
_STAGE_NEEDS: Final = {
    "1 calls": ("call.call_type_raw", "call.incident_id"),
    "3 with an arrest": (_ARREST,),
    "4 with a filed charge": (_FILED, _LINKED),
    "5 with a conviction": ("charge.disposition_raw", _LINKED),
}


class _Funnel(Together):
    """Counts of each stage; one that cannot be counted says so."""

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``."""
        lacking = {stage: scene.missing(needs) for stage, needs in _STAGE_NEEDS.items()}
        notes = {
            stage: f"{CANNOT_BE_MADE}{'; '.join(need.replace('|', ' or ') for need in needs)}"
            for stage, needs in lacking.items()
            if needs
        }
        makes = self.makes if "1 calls" not in notes else self.makes[1:]
        counts = pl.concat([make(scene, figure) for make in makes])
        counts = counts.filter(~pl.col("group").str.split("/").list.last().is_in(list(notes)))
        blank = [
            {"by": "class/stage", "group": f"{of}/{stage}", "note": note}
            for of in ("domestic", "intimate_partner")
            for stage, note in notes.items()
        ]
        return pl.concat([counts, pl.DataFrame(blank, schema=COUNTS)])


FIGURES: Final = (
    Figure(
        "A14", "Arrests before the incident", "arrests",
        "arrests dated before their incident / (arrests of a delivered incident - those of which a date is missing)",
        "share", (INCIDENT, _ARREST, "arrest.arrested_on"), f"{NIBRS}: edit 665", ("total", *PLACES),
        OfLevel("arrest", "before", "arrests", "undated"),
    ),
    Figure(
        "G01", "Arrest made", "incidents",
        "intimate partner incidents with an arrest / intimate partner incidents with a known offender", "share",
        (TIE, OFFENDER, _ARREST), PROBLEM_ANALYSIS, _EVERY, OfLevel("detail", "arrest_made", "with_offender"),
        interval=True,
    ),
    Figure(
        "G02", "Days to arrest", "arrests",
        "median days from the incident to the arrest; arrests before it are left out",
        "median", (TIE, _ARREST, "arrest.arrested_on", "incident.occurred_on|incident.reported_on"), OWN,
        ("total", "quartile", *PLACES), OfMedian("arrest_days", "arrest", "timed", "untimed"),
        note=f"arrests of intimate partner incidents; {_BY_INCIDENT}",
    ),
    Figure(
        "G03", "Exceptional clearance", "incidents",
        "intimate partner incidents cleared A to E (of each reason) / (all - those whose clearance is not stated)",
        "share", (TIE, "incident.clearance"), NIBRS, ("total", "clearance", "year/clearance", "agency/clearance"),
        OfMix(
            "clearance", "n", part="clearance", level="detail", denominator="partners", undetermined="clearance_blank"
        ),
        suppress=True,
        note="A death of the offender, B prosecution declined, C in custody elsewhere, D victim refused, E juvenile",
    ),
    Figure(
        "G04", "Cleared because the victim refused", "incidents",
        "intimate partner incidents cleared D / (all - those whose clearance is not stated)", "share",
        (TIE, "incident.clearance"), NIBRS, _EVERY, OfLevel("detail", "refused", "partners", "clearance_blank"),
        suppress=True, interval=True,
    ),
    Figure(
        "G05", "Dual arrest", "incidents",
        "incidents in which both partners of a pair were arrested / (intimate partner incidents with an arrest -"
        " those in"
        " which a person arrested or a victim has no number)",
        "share", (TIE, _ARREST, "arrest.person_number", "victim.person_number"), OWN, ("total", *PLACES),
        OfLevel("detail", "dual", "arrest", "dual_blank"), suppress=True, interval=True,
        note="a person arrested is a victim when both have the same number within the incident",
    ),
    Figure(
        "G06", "Charges filed", "arrests",
        "arrests with a filed charge / (arrests of intimate partner incidents - those of which it is not stated)",
        "share",
        (TIE, _ARREST, _FILED, _LINKED), PROBLEM_ANALYSIS, _EVERY,
        OfLevel("arrest", "filed", "of_partner", "filing_blank"), interval=True,
        note=f"a charge that a court decided was filed; {_JOINED}",
    ),
    Figure(
        "G07", "Convicted", "arrests",
        "arrests with a conviction / (arrests whose charges were filed and are closed - those whose outcome is not"
        " known)",
        "share", (TIE, _ARREST, "charge.disposition_raw", _LINKED), PROBLEM_ANALYSIS, _EVERY,
        OfLevel("arrest", "convicted", "closed", "outcome_blank"), suppress=True, interval=True,
        note=f"open ones are in G16; {_JOINED}",
    ),
    Figure(
        "G08", "Dismissed", "arrests",
        "arrests of which every decided charge was dismissed / (arrests whose charges were filed and are closed - those"
        " whose outcome is not known)",
        "share", (TIE, _ARREST, "charge.disposition_raw", _LINKED), PROBLEM_ANALYSIS, _EVERY,
        OfLevel("arrest", "dismissed", "closed", "outcome_blank"), suppress=True, interval=True,
        note=f"open ones are in G16; {_JOINED}",
    ),
    Figure(
        "G09", "Convicted of less than the gravest charge", "arrests",
        "convicted arrests whose gravest convicted charge is of a lower grade than their gravest charge / (convicted"
        " arrests - those of which a grade is missing)",
        "share", (TIE, _ARREST, "charge.disposition_raw", "charge.grade", _LINKED), OWN, ("total", *PLACES),
        OfLevel("arrest", "reduced", "convicted", "grade_blank"), suppress=True, interval=True, note=_JOINED,
    ),
    Figure(
        "G10", "Days from arrest to disposition", "arrests",
        "median days from the arrest to the last decision; open arrests are left out", "median",
        (TIE, _ARREST, "arrest.arrested_on", "charge.disposed_on", _LINKED), OWN, ("total", "quartile", *PLACES),
        OfMedian("disposition_days", "arrest", "disposed", "undisposed"), note="open ones are in G16",
    ),
    Figure(
        "G11", "Orders issued", "orders", "orders (of each kind)", "count", ("order.issued_on",), PROBLEM_ANALYSIS,
        (*_ORDERS, "kind", "year/kind"), OfMix("order_kind", "n", part="kind"), suppress=True,
        note="of orders that were delivered, whatever the tie", of="order",
    ),
    Figure(
        "G12", "Orders served", "orders", "orders with a date of service / orders", "share",
        ("order.issued_on", "order.served_on"), OWN, _ORDERS, OfLevel("order", "served", "orders"), interval=True,
        note="without a date of service it is not known whether an order was served", of="order",
    ),
    Figure(
        "G13", "Orders violated", "orders", "orders with a reported violation / orders", "share",
        ("order.issued_on", "order.violated_on"), PROBLEM_ANALYSIS, _ORDERS, OfLevel("order", "violated", "orders"),
        suppress=True, interval=True, note="what was reported; by the day on which the order was issued", of="order",
    ),
    Figure(
        "G14", "Sentences", "charges",
        "convictions with jail days (or with so many days of jail or probation) / (convictions - those whose jail"
        " days are"
        " not stated)",
        "share", (TIE, "charge.disposition_raw", "charge.jail_days|charge.probation_days", _LINKED), OWN,
        ("total", *PLACES, "sentence/days", "agency/sentence/days"),
        Together(
            (
                OfLevel("charge", "jailed", "convictions", "jail_blank", by=("total", *PLACES)),
                OfMix(
                    "sentence", "n", part="sentence/days", level="charge", denominator="convictions",
                    by=("sentence/days", "agency/sentence/days"),
                ),
            )
        ),
        suppress=True, note="convicted charges of intimate partner incidents",
    ),
    Figure(
        "G15", "From call to conviction", "calls and incidents",
        "calls, incidents, and incidents with an arrest, a filed charge, a conviction", "count", (INCIDENT,), OWN,
        ("class/stage",),
        _Funnel(
            (
                OfMix("call_stage", "n", part="class/stage", undetermined="open"),
                OfMix("stage", "n", part="class/stage", undetermined="open"),
            )
        ),
        suppress=True,
        note=
        "all domestic and those between partners; of incidents with no flag or an undetermined tie it is not known,"
        " nor of domestic calls without a report",
    ),
    Figure(
        "G16", "Outcome of arrests", "arrests", "arrests of intimate partner incidents with the outcome / all", "share",
        (TIE, _ARREST, "charge.disposition_raw|charge.filed", _LINKED), OWN, ("total", "outcome", "agency/outcome"),
        OfMix("outcome", "n", part="outcome", level="arrest", denominator="of_partner"), suppress=True,
        note="open where any charge is; else convicted where any charge is; then not known, diverted, acquitted,"
        " dismissed, other",
    ),
)  # fmt: skip
"""Figures A14 and G01 to G16."""
