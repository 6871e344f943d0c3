"""Figures of homicides between partners: small numbers, so no table by area and no rate."""

from __future__ import annotations

from typing import Final

from ipvi_cli.summarize.counting import OfLevel, OfMix
from ipvi_cli.summarize.figure import OWN, PROBLEM_ANALYSIS, Figure
from ipvi_cli.summarize.quality import TIE

_OFFENCE: Final = "offense.offense_raw"
_BY: Final = ("total", "year")
_FEW: Final = "usually few: look at five years or more"
_VICTIMS: Final = f"victims of incidents with offence 09A, of whom one may have lived; {_FEW}"

FIGURES: Final = (
    Figure(
        "F01", "Homicides by class", "victims", "homicide victims (of each class)", "count", (TIE, _OFFENCE),
        PROBLEM_ANALYSIS, (*_BY, "class", "year/class"), OfMix("homicide_class", "n", part="class"), suppress=True,
        note=_VICTIMS,
    ),
    Figure(
        "F02", "Intimate partner share of homicides", "victims",
        "victims of a partner / (homicide victims - those whose tie is undetermined)", "share", (TIE, _OFFENCE),
        PROBLEM_ANALYSIS, _BY, OfLevel("homicide", "partner", "homicides", "open"), suppress=True, note=_VICTIMS,
    ),
    Figure(
        "F03", "Intimate partner share of homicides of women", "victims",
        "women killed by a partner / (female homicide victims of 18 and over - those whose tie is undetermined)",
        "share",
        (TIE, _OFFENCE, "victim.sex", "victim.age_years"), PROBLEM_ANALYSIS, _BY,
        OfLevel("homicide", "female_partner", "female_adults", "female_open"), suppress=True,
        note=f"victims of unknown age are left out; {_VICTIMS}",
    ),
    Figure(
        "F04", "Earlier report of the same two persons", "pairs",
        "pairs of intimate partner homicides who are both in an earlier incident / (pairs - those of whom a person"
        " is not"
        " linked)",
        "share", (TIE, _OFFENCE, "persons", "incident.occurred_on|incident.reported_on"), PROBLEM_ANALYSIS, _BY,
        OfLevel("dyad", "prior", "dyads", "prior_blank"), suppress=True,
        note=f"whatever they were in it; within the delivery alone; {_FEW}",
    ),
    Figure(
        "F05", "Offenders arrested before", "offenders",
        "offenders of intimate partner homicides with an earlier arrest / (offenders - those who are not linked)",
        "share",
        (TIE, _OFFENCE, "persons", "arrest.arrested_on|history.happened_on",
        "incident.occurred_on|incident.reported_on"), PROBLEM_ANALYSIS, _BY,
        OfLevel("killer", "arrested", "killers", "person_blank"), suppress=True,
        note=f"arrests of the delivery and of its histories; {_FEW}",
    ),
    Figure(
        "F06", "Order in force", "pairs",
        "pairs of intimate partner homicides with an order that protected the one from the other on the day / (pairs -"
        " those of whom a number, or the expiry of an order, is missing)",
        "share", (TIE, _OFFENCE, "order.issued_on", "order.protected_person_number", "order.respondent_person_number",
        "victim.person_number", "offender.person_number", "incident.occurred_on|incident.reported_on"), OWN, _BY,
        OfLevel("dyad", "ordered", "dyads", "order_blank"), suppress=True,
        note=f"by the agency's numbers of the two; orders of other agencies are not found; {_FEW}",
    ),
    Figure(
        "F07", "Homicide and suicide", "incidents",
        "intimate partner homicides after which the offender died by suicide / (all - those of which it is not stated)",
        "share", (TIE, _OFFENCE, "incident.homicide_suicide"), PROBLEM_ANALYSIS, _BY,
        OfLevel("homicide_incident", "suicide", "n", "suicide_blank"), suppress=True, note=_FEW,
    ),
)  # fmt: skip
"""Figures F01 to F07."""
