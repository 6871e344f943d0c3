"""Figures of what happened between partners, from columns that some deliveries have."""

from __future__ import annotations

from typing import Final

from ipvi_cli.summarize.counting import OfLevel, OfMix
from ipvi_cli.summarize.figure import NIBRS, OWN, PERSONS, PLACES, PROBLEM_ANALYSIS, Figure
from ipvi_cli.summarize.quality import INCIDENT, TIE

_EVERY: Final = ("total", *PLACES, *PERSONS)
_OF_PARTNERS: Final = (
    "of what is known to be intimate partner; an incident counts in each group of its victims"
)
_ALL: Final = "jurisdiction.population = all"
_OFFENCE: Final = "offense.offense_raw"

FIGURES: Final = (
    Figure(
        "A09", "Flag and class", "incidents", "incidents with the flag (yes, no, blank) and the class", "count",
        (INCIDENT, "incident.dv_flag"), OWN, ("total", "flag/class", "year/flag/class", "agency/flag/class"),
        OfMix("flag", "n", part="flag/class"), suppress=True,
    ),
    Figure(
        "C02", "Intimate partner share of violent crime", "incidents",
        "intimate partner incidents with offence 09A, 11A, 11B, 11C, 120 or 13A / (all such incidents - those whose tie"
        " is undetermined)",
        "share", (TIE, _OFFENCE, _ALL), PROBLEM_ANALYSIS, _EVERY,
        OfLevel("violent", "violent_partner", "violent", "violent_open"), interval=True,
        note="an unknown offender leaves the tie undetermined",
    ),
    Figure(
        "C03", "Intimate partner share of aggravated assault", "incidents",
        "intimate partner incidents with offence 13A / (all such incidents - those whose tie is undetermined)", "share",
        (TIE, _OFFENCE, _ALL), PROBLEM_ANALYSIS, _EVERY,
        OfLevel("violent", "aggravated_partner", "aggravated", "aggravated_open"), suppress=True, interval=True,
        note="an unknown offender leaves the tie undetermined",
    ),
    Figure(
        "C04", "Felonies", "incidents",
        "intimate partner incidents with a felony / (all - those of which no grade is known)", "share",
        (TIE, "offense.grade"), OWN, _EVERY, OfLevel("detail", "felony", "partners", "grade_blank"), suppress=True,
        interval=True, note=_OF_PARTNERS,
    ),
    Figure(
        "C09", "Strangulation", "incidents",
        "intimate partner incidents with the strangulation item or weapon 85 / (all - those with neither the item nor a"
        " weapon stated)",
        "share", (TIE, "incident.strangulation|offense.weapon_raw"), OWN, _EVERY,
        OfLevel("detail", "strangled", "partners", "strangled_blank"), suppress=True, interval=True,
        note=f"strangulation is often recorded as personal weapons, so without the item it is a floor; {_OF_PARTNERS}",
    ),
    Figure(
        "C10", "Children present", "incidents",
        "intimate partner incidents with children present / (all - those of which it is not stated)", "share",
        (TIE, "incident.children_present"), OWN, _EVERY,
        OfLevel("detail", "children", "partners", "children_blank"), suppress=True, interval=True, note=_OF_PARTNERS,
    ),
    Figure(
        "C14", "At a residence", "incidents",
        "intimate partner incidents with location 20 / (all - those without a location)", "share",
        (TIE, "offense.location_code"), NIBRS, _EVERY, OfLevel("detail", "residence", "partners", "place_blank"),
        interval=True, note=_OF_PARTNERS,
    ),
    Figure(
        "C16", "Alcohol or drugs suspected", "incidents",
        "intimate partner incidents in which the offender was suspected of using alcohol or drugs / (all - those in"
        " which nothing is stated)",
        "share", (TIE, "offense.suspected_use"), NIBRS, _EVERY,
        OfLevel("detail", "influenced", "partners", "use_blank"), suppress=True, interval=True, note=_OF_PARTNERS,
    ),
)  # fmt: skip
"""Figures A09, C02 to C04, C09, C10, C14 and C16."""
