"""Figures of incidents: how many, how many between partners, and what happened in these."""

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
from ipvi_cli.summarize.levels import ROLES
from ipvi_cli.summarize.quality import INCIDENT, TIE
from ipvi_cli.summarize.scene import Scene

_EVERY: Final = ("total", *PLACES, *PERSONS)
_EACH_VICTIM: Final = "by victim, an incident counts in each group that it has a victim of"
_OF_PARTNERS: Final = "of what is known to be intimate partner"


def _mixed(part: str, *by: str) -> tuple[str, ...]:
    return ("total", part, *(f"{place}/{part}" for place in by))


_OFFENCE_BY: Final = _mixed("offense", *PLACES, *PERSONS)

_OFFENCES: Final = Together(
    (
        OfLevel("incident", "coded", "partner", "uncoded", by=("total",)),
        OfMix(
            "offense", "n", part="offense", level="incident", denominator="partner", undetermined="uncoded",
            by=_OFFENCE_BY[1:],
        ),
    )
)  # fmt: skip

_HOUR_BY: Final = ("hour/weekday", "agency/hour/weekday")

_HOURS: Final = Together(
    (
        OfLevel("incident", "timed", undetermined="untimed", by=_EVERY),
        OfMix("hour", "n", part="hour/weekday", by=_HOUR_BY),
    )
)


class _Under18(OfMix):
    """Counts by role; a role whose ages are not given says so."""

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``."""
        counts = super().__call__(scene, figure)
        ageless = [role for role in ROLES if not scene.has(f"{role}.age_years")]
        notes = [f"{CANNOT_BE_MADE}{role}.age_years" for role in ageless]
        blank = pl.DataFrame(
            {"by": "role", "group": ageless, "note": notes}, schema_overrides=COUNTS
        )
        return pl.concat([counts, blank], how="diagonal")


FIGURES: Final = (
    Figure(
        "B07", "Domestic incidents", "incidents",
        "incidents of the denominator; of those with no flag and an undetermined tie it is not known", "count",
        (INCIDENT, f"incident.dv_flag|{TIE}|jurisdiction.population = domestic"), PROBLEM_ANALYSIS, _EVERY,
        OfLevel("incident", "domestic", undetermined="unflagged"), note=_EACH_VICTIM,
    ),
    Figure(
        "B08", "Intimate partner incidents", "incidents",
        "incidents known to be intimate partner; undetermined ones may add to them", "count", (TIE,), OWN, _EVERY,
        OfLevel("incident", "partner", undetermined="undetermined"), note=_EACH_VICTIM,
    ),
    Figure(
        "B09", "Intimate partner share of domestic incidents", "incidents",
        "intimate partner / (denominator - undetermined); bounds over the whole denominator", "share", (TIE,),
        PROBLEM_ANALYSIS, _EVERY, OfLevel("incident", "partner", "denominator", "undetermined"), interval=True,
        note=f"the known-only share assumes that unknown ties split like known ones; {_EACH_VICTIM}",
    ),
    Figure(
        "C01", "Offences of intimate partner incidents", "incidents",
        "intimate partner incidents with the offence (in total: with any) / (all - those of which no offence is known)",
        "share", (TIE, "offense.offense_raw"), NIBRS, _OFFENCE_BY, _OFFENCES,
        suppress=True, note=f"an incident counts in each of its offences; {_OF_PARTNERS}",
    ),
    Figure(
        "C05", "Victims injured", "victims",
        "intimate partner victims with any injury / (all - those whose injury is not stated)", "share",
        (TIE, "victim.injury_raw"), NIBRS, _EVERY, OfLevel("victim", "injured", "persons", "injury_blank"),
        suppress=True, interval=True, note=_OF_PARTNERS,
    ),
    Figure(
        "C06", "Victims with a major injury", "victims",
        "intimate partner victims with injury B, I, L, O, T or U / (all - those whose injury is not stated)", "share",
        (TIE, "victim.injury_raw"), NIBRS, _EVERY, OfLevel("victim", "major", "persons", "injury_blank"),
        suppress=True, interval=True, note=_OF_PARTNERS,
    ),
    Figure(
        "C07", "Weapon other than personal", "incidents",
        "intimate partner incidents with weapon 11 to 35 or 50 to 85 / (all - those whose weapon is blank or 95)",
        "share", (TIE, "offense.weapon_raw"), NIBRS, _EVERY,
        OfLevel("incident", "weapon", "partner", "weapon_blank"), suppress=True, interval=True,
        note=f"{_OF_PARTNERS}; {_EACH_VICTIM}",
    ),
    Figure(
        "C08", "Firearm", "incidents",
        "intimate partner incidents with weapon 11 to 15 / (all - those whose weapon is blank or 95)", "share",
        (TIE, "offense.weapon_raw"), NIBRS, _EVERY,
        OfLevel("incident", "firearm", "partner", "weapon_blank"), suppress=True, interval=True,
        note=f"{_OF_PARTNERS}; {_EACH_VICTIM}",
    ),
    Figure(
        "C11", "Ties of intimate partners", "pairs", "intimate partner pairs with the tie / intimate partner pairs",
        "share", (TIE,), NIBRS, _mixed("tie", *PLACES, *PERSONS),
        OfMix("tie", "n", part="tie", level="pair", denominator="partner"), suppress=True,
    ),
    Figure(
        "C12", "Former partners", "pairs",
        "pairs of relationship XS or XR / (intimate partner pairs - those without a NIBRS relationship)", "share",
        (TIE,), OWN, _EVERY, OfLevel("pair", "former", "partner", "uncoded"), suppress=True, interval=True,
        note="before 2017 some agencies entered former partners as BG, so the series has a break there",
    ),
    Figure(
        "C13", "Hour and weekday", "incidents", "intimate partner incidents whose hour and day are known", "count",
        (TIE, "incident.occurred_on", "incident.occurred_time"), OWN,
        (*_EVERY, *_HOUR_BY), _HOURS, suppress=True,
        note="look at heaping at 00:00 first, which may stand for a time that is not known",
    ),
    Figure(
        "C15", "Under 18", "victims and offenders",
        "victims (offenders) of intimate partner pairs under 18; those of unknown age may add to them", "count",
        (TIE, "victim.age_years|offender.age_years"), OWN, _mixed("role", *PLACES, *PERSONS),
        _Under18("role", "under_18", part="role", undetermined="age_unknown"), suppress=True,
        note=f"{_OF_PARTNERS}; an offender counts in each group that a victim is of",
    ),
)  # fmt: skip
"""Figures B07 to B09 and C01 to C15."""
