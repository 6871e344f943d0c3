"""NIBRS edits on single rows of offences, victims and offenders that describe what the codes allow together."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.validate.rule import Rule, always, nibrs

FIREARMS: Final = ("11", "12", "13", "14", "15")
"""NIBRS data element 13, without the suffix A for automatic."""

SIMPLE_ASSAULT_WEAPONS: Final = ("40", "90", "95", "99")

COMPLETED_ONLY: Final = ("09A", "09B", "09C", "13A", "13B", "13C")
"""Homicide and assault: an attempt is another offence."""

_offense = pl.col("offense_code")
_weapons = pl.col("weapon_codes").list
_described = pl.any_horizontal(
    pl.col(name).is_not_null() & (pl.col(name) != "U") for name in ("sex", "race")
) | (pl.col("age_years").is_not_null())


def _any_of(codes: tuple[str, ...]) -> pl.Expr:
    return _weapons.agg(pl.element().str.head(2).is_in(codes).any())


def _any_but(codes: tuple[str, ...]) -> pl.Expr:
    return _weapons.agg((~pl.element().str.head(2).is_in(codes)).any())


RULES: Final = (
    Rule(
        "IPVI-611", "attempted-assault-or-homicide", "warning", "plausibility",
        "A homicide or an assault is recorded as attempted.",
        "An attempted homicide is an aggravated assault; the offence is counted in the wrong place.",
        "Correct the offence or attempted.",
        nibrs("256"), "offense", "attempted", ("attempted", "offense_code"),
        bad=always(pl.col("attempted") & _offense.is_in(COMPLETED_ONLY)),
        message="attempted is true for an offence that can only be completed",
    ),
    Rule(
        "IPVI-612", "simple-assault-with-weapon", "warning", "plausibility",
        "A simple assault has a weapon that makes it aggravated.",
        "Severity is counted too low.",
        "Correct the offence or the weapon.",
        nibrs("265"), "offense", "weapon_raw", ("weapon_codes", "offense_code"),
        bad=always(
            (_offense == "13B") & ~_any_of(FIREARMS)
            & _any_but(SIMPLE_ASSAULT_WEAPONS)
        ),
        message="weapon_codes hold a weapon that a simple assault cannot have",
    ),
    Rule(
        "IPVI-613", "simple-assault-with-firearm", "warning", "plausibility",
        "A simple assault has a firearm.",
        "It should be an aggravated assault; severity is counted too low.",
        "Correct the offence or the weapon.",
        nibrs("269"), "offense", "weapon_raw", ("weapon_codes", "offense_code"),
        bad=always((_offense == "13B") & _any_of(FIREARMS)),
        message="weapon_codes hold a firearm and the offence is a simple assault",
    ),
    Rule(
        "IPVI-614", "homicide-without-weapon", "warning", "plausibility",
        "A homicide is recorded with no weapon.",
        "Even bare hands count as a weapon; the means of the killing are lost.",
        "Correct the weapon.",
        nibrs("267"), "offense", "weapon_raw", ("weapon_codes", "offense_code"),
        bad=always(_offense.is_in(["09A", "09B", "09C"]) & _any_of(("99",))),
        message="weapon_codes say none and the offence is a homicide",
    ),
    Rule(
        "IPVI-615", "no-injury-beside-injury", "warning", "plausibility",
        "A victim has no injury and an injury at once.",
        "One of the two is wrong.",
        "Correct the injuries.",
        nibrs("407"), "victim", "injury_raw", ("injury_codes",),
        bad=always(
            pl.col("injury_codes").list.contains("N") & pl.col("injury_codes").list.agg((pl.element() != "N").any())
        ),
        message="injury_codes hold none beside another injury",
    ),
    Rule(
        "IPVI-616", "person-details-of-non-person", "warning", "plausibility",
        "A victim that is not a person has an age, a sex or a race.",
        "A person may be taken for a business and left out of the pairs.",
        "Correct victim_type, or remove the person's details.",
        nibrs("458"), "victim", "victim_type", ("victim_type",),
        bad=always(pl.col("victim_type").is_in(list("BFGRSO")) & _described),
        message="victim_type is not a person, and age_years, sex or race is filled",
    ),
    Rule(
        "IPVI-617", "unknown-offender-described", "warning", "plausibility",
        "An offender of whom nothing is known has an age, a sex or a race.",
        "A described offender makes a pair; one numbered 0 makes none, and the tie is lost.",
        "Give the offender a number from 1.",
        nibrs("552"), "offender", "offender_number", ("offender_unknown",),
        bad=always(pl.col("offender_unknown") & _described),
        message="offender_number is 0, and age_years, sex or race is filled",
    ),
    Rule(
        "IPVI-618", "tie-to-unknown-offender", "warning", "plausibility",
        "A relationship is stated to an offender of whom nothing is known.",
        "The statement makes no pair and is lost.",
        "Give the offender a number from 1, or remove the relationship.",
        nibrs("468"), "relationship", "relationship_raw", ("offender_number", "relationship_raw"),
        bad=always(
            (pl.col("offender_number") == 0)
            & ~pl.col("relationship_raw").str.strip_chars().str.to_uppercase().is_in(
                ["", "RU", "U", "UNK", "UNKNOWN"]
            )
        ),
        message="relationship_raw is filled and offender_number is 0",
    ),
)  # fmt: skip
"""Edits on what codes allow together."""
