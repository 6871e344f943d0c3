"""Rules about classified pairs: ages that a tie allows, spouses, mutual combat, a flag that contradicts the class."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from ipvi_cli.validate.keys import KEY, apart, collect_keys, distinct, repeated, rows_with
from ipvi_cli.validate.listed import listed
from ipvi_cli.validate.rule import Check, Rule, always, nibrs, nothing, said
from ipvi_cli.validate.scope import ELDERS, YOUNGERS, Scope, aged_pairs

YOUNGEST_SPOUSE: Final = 13
"""Age in years under which NIBRS refuses a spouse (10 in specifications before 2019)."""

CHECKABLE: Final = 20
"""Pairs with both ages that it takes to doubt a declared direction."""

MAJOR_INJURIES: Final = "BILOTU"
"""NIBRS data element 33."""

_AGES: Final = "pairs+ages"
_code = pl.col("nibrs_code")
_victim, _offender = pl.col("victim_age"), pl.col("offender_age")
_spouse = _code == "SE"
_reversed = (_code.is_in(ELDERS) & (_victim < _offender)) | (
    _code.is_in(YOUNGERS) & (_victim > _offender)
)
_same_age = _code.is_in([*ELDERS, *YOUNGERS]) & (_victim == _offender)


def _direction_reversed(scope: Scope) -> pl.DataFrame:
    aged = scope.once(aged_pairs)
    if aged is None:
        return nothing()
    checkable, against = aged.checkable, int(aged.rows.select(_reversed.sum()).item())
    if checkable < CHECKABLE or against * 2 <= checkable:
        return nothing()
    message = (
        f"in {against:,} of {checkable:,} pairs of parent and child or grandparent and grandchild the elder"
        " is the younger one: direction_reversed_suspected"
    )
    return said("IPVI-605", message, table="relationship", column="direction")


def pair_ties(scope: Scope) -> dict[str, int]:
    """Count pairs by NIBRS code."""
    pairs = scope.table("pairs")
    if pairs is None:
        return {}
    counted = pairs.group_by("nibrs_code").len().collect(engine="streaming")
    return dict(counted.iter_rows())


def _several_of(code: str, words: str, person: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        pairs = scope.table("pairs")
        if pairs is None or scope.once(pair_ties).get(words, 0) < 2:
            return nothing()
        if scope.lies_alike("pairs"):
            return nothing()
        stated = pairs.filter(_code == words)
        again = repeated(collect_keys(stated, f"{person}_id"))
        if not again.size:
            return nothing()
        message = f"the {person} has the tie {words} in several pairs of the incident"
        found = rows_with(stated, again, f"{person}_id")
        return listed(
            scope, code, found, message, of="pairs", table="relationship", column="relationship_raw"
        )

    return check


def _combat_of_one(scope: Scope) -> pl.DataFrame:
    pairs, victim, offender = (scope.table(name) for name in ("pairs", "victim", "offender"))
    if pairs is None or victim is None or offender is None:
        return nothing()
    if not scope.once(pair_ties).get("VO"):
        return nothing()
    combat = pairs.filter(_code == "VO")
    alone = distinct(collect_keys(combat, "incident_id"))
    if not alone.size:
        return nothing()
    several = [
        repeated(collect_keys(rows_with(table, alone, "incident_id"), "incident_id"))
        for table in (victim, offender)
    ]
    lacking = np.union1d(*(apart(alone, keys)[0] for keys in several))
    found = rows_with(combat, lacking, "incident_id")
    message = "victim was offender needs at least two victims and two offenders, and the incident has fewer"
    return listed(
        scope, "IPVI-621", found, message, of="pairs", table="relationship", column="relationship_raw"
    )  # fmt: skip


def _simple_assault_major_injury(scope: Scope) -> pl.DataFrame:
    victim, offense = scope.table("victim"), scope.table("offense")
    if victim is None or offense is None:
        return nothing()
    injured = victim.filter(
        pl.col("injury_codes").list.agg(pl.element().is_in(list(MAJOR_INJURIES)).any())
    )
    keys = distinct(collect_keys(injured, "incident_id"))
    if not keys.size:
        return nothing()
    near = rows_with(offense, keys, "incident_id").select(KEY, "offense_code")
    told = near.collect(engine="streaming")
    is_simple = told["offense_code"].eq_missing("13B")
    simple, other = (
        np.unique(told.filter(which)[KEY].to_numpy()) for which in (is_simple, ~is_simple)
    )
    # Offences are known by incident and not by victim: another offence, or an unmapped one, may have done the injury.
    found = rows_with(injured, apart(simple, other)[0], "incident_id")
    message = (
        "injury_codes hold a major injury and the only offence of the incident is a simple assault"
    )
    return listed(scope, "IPVI-619", found, message, of="victim", column="injury_raw")


def _statutory_rape_of_adult(scope: Scope) -> pl.DataFrame:
    victim, offense = scope.table("victim"), scope.table("offense")
    if victim is None or offense is None:
        return nothing()
    keys = distinct(collect_keys(offense.filter(pl.col("offense_code") == "36B"), "incident_id"))
    if not keys.size:
        return nothing()
    persons = rows_with(victim, keys, "incident_id")
    not_adult = distinct(
        collect_keys(persons.filter((pl.col("age_years") >= 18).fill_null(False).not_()), "incident_id")
    )  # fmt: skip
    found = rows_with(persons, apart(keys, not_adult)[0], "incident_id")
    message = "age_years is 18 or more for every victim of a statutory rape"
    return listed(scope, "IPVI-620", found, message, of="victim", column="age_years")


def _flag_against(code: str, flag: bool, classes: tuple[str, ...], message: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        incidents = scope.table("incidents")
        if incidents is None or not scope.has("incidents", "dv_flag", "incident_class"):
            return nothing()
        if not flag and not scope.flagged:
            return nothing()
        of_class = pl.col("incident_class").is_in(classes)
        found = incidents.filter((pl.col("dv_flag") == flag) & of_class)
        return listed(
            scope, code, found, message, of="incidents", table="incident", column="dv_flag"
        )

    return check


def _contradicted(*kinds: str) -> pl.Expr:
    """Say that a pair holds a contradiction of one of these kinds."""
    return pl.any_horizontal(pl.col("conflict").list.contains(kind) for kind in kinds)


RULES: Final = (
    Rule(
        "IPVI-601", "spouse-under-18", "warning", "plausibility",
        "A victim who is a spouse is 13 to 17 years old.",
        "Mostly the tie or the age belongs to another person of the incident.",
        "Check the tie and the age.",
        nibrs("449"), "relationship", "relationship_raw", view=_AGES,
        bad=always(_spouse & _victim.is_between(YOUNGEST_SPOUSE, 17)),
        message="the tie is spouse and the victim's age_years is 13 to 17",
    ),
    Rule(
        "IPVI-602", "victim-spouse-under-13", "error", "plausibility",
        "A victim who is a spouse is under 13 years old.",
        "The tie or the age is wrong, and a child victim may count as a partner.",
        "Correct the tie or the age.",
        nibrs("450"), "relationship", "relationship_raw", view=_AGES,
        bad=always(_spouse & (_victim < YOUNGEST_SPOUSE)),
        message="the tie is spouse and the victim's age_years is under 13",
    ),
    Rule(
        "IPVI-603", "offender-spouse-under-13", "error", "plausibility",
        "An offender who is a spouse is under 13 years old.",
        "The tie or the age is wrong.",
        "Correct the tie or the age.",
        nibrs("550"), "relationship", "relationship_raw", view=_AGES,
        bad=always(_spouse & (_offender < YOUNGEST_SPOUSE)),
        message="the tie is spouse and the offender's age_years is under 13",
    ),
    Rule(
        "IPVI-604", "generations-reversed", "warning", "plausibility",
        "A parent or grandparent is not older than the child or grandchild.",
        "Victim and offender, or the direction of the column, are often reversed.",
        "Check the direction that the profile declares, then the ages.",
        nibrs("554"), "relationship", "relationship_raw", view=_AGES,
        bad=always(_reversed | _same_age),
        message="the tie is of parent and child and age_years of the elder is not the higher one",
    ),
    Rule(
        "IPVI-605", "direction-reversed-suspected", "warning", "plausibility",
        "Most ties of parent and child run against the ages.",
        "The column states the tie in the other direction, so children count as parents.",
        "Ask whether the column says what the victim was to the offender, and declare direction in the profile.",
        "FBI NIBRS edit 554, over at least 20 pairs with both ages.",
        "relationship", "direction", view="pairs", check=_direction_reversed,
    ),
    Rule(
        "IPVI-606", "intimate-partner-under-13", "warning", "plausibility",
        "A partner other than a spouse is under 13 years old.",
        "Mostly the tie belongs to the adults of the incident and the child is another victim.",
        "Check the tie and the age.",
        "FBI NIBRS edits 450 and 550, carried over to all intimate ties.",
        "relationship", "relationship_raw", view=_AGES,
        bad=always(
            (pl.col("relationship_class") == "intimate_partner") & _spouse.fill_null(False).not_()
            & ((_victim < YOUNGEST_SPOUSE) | (_offender < YOUNGEST_SPOUSE))
        ),
        message="the class is intimate partner and one age_years is under 13",
    ),
    Rule(
        "IPVI-607", "victim-with-several-spouses", "warning", "plausibility",
        "A victim is the spouse of several offenders.",
        "The tie was copied to other pairs of the incident.",
        "Check which of the pairs the tie belongs to.",
        nibrs("475"), "relationship", "relationship_raw",
        view="pairs", check=_several_of("IPVI-607", "SE", "victim"),
    ),
    Rule(
        "IPVI-608", "offender-with-several-spouses", "warning", "plausibility",
        "An offender has several spouses among the victims.",
        "The tie was copied to other pairs of the incident.",
        "Check which of the pairs the tie belongs to.",
        nibrs("476"), "relationship", "relationship_raw",
        view="pairs", check=_several_of("IPVI-608", "SE", "offender"),
    ),
    Rule(
        "IPVI-609", "tie-missing-where-required", "error", "required",
        "A pair that calls for a relationship has none.",
        "The pair is undetermined and widens the range of the share.",
        "Fill the relationship, RU where it is truly not known.",
        nibrs("460"), "relationship", "relationship_raw", view="pairs",
        bad=always((pl.col("relationship_class") == "undetermined") & (pl.col("reason") == "missing")),
        message="no relationship is stated for the pair",
    ),
    Rule(
        "IPVI-610", "offender-spouse-under-18", "warning", "plausibility",
        "An offender who is a spouse is 13 to 17 years old.",
        "Mostly the tie or the age belongs to another person of the incident.",
        "Check the tie and the age.",
        nibrs("549"), "relationship", "relationship_raw", view=_AGES,
        bad=always(_spouse & _offender.is_between(YOUNGEST_SPOUSE, 17)),
        message="the tie is spouse and the offender's age_years is 13 to 17",
    ),
    Rule(
        "IPVI-619", "simple-assault-with-major-injury", "warning", "plausibility",
        "The only offence is a simple assault, and a victim has a major injury.",
        "It should be an aggravated assault; severity is counted too low.",
        "Correct the offence or the injury.",
        nibrs("479"), "victim", "injury_raw", ("injury_codes",), check=_simple_assault_major_injury,
    ),
    Rule(
        "IPVI-620", "statutory-rape-of-adult", "warning", "plausibility",
        "Every victim of a statutory rape is an adult.",
        "The offence or the age is wrong.",
        "Correct the offence or the age.",
        nibrs("481"), "victim", "age_years", ("age_years",), check=_statutory_rape_of_adult,
    ),
    Rule(
        "IPVI-621", "mutual-combat-of-one", "warning", "plausibility",
        "Victim was offender is stated without two victims and two offenders.",
        "The tie of the two persons is lost behind it.",
        "Enter both persons as victim and as offender, and state their tie in the other pairs.",
        nibrs("470"), "relationship", "relationship_raw", view="pairs", check=_combat_of_one,
    ),
    Rule(
        "IPVI-622", "victim-mutual-more-than-once", "warning", "plausibility",
        "A victim was the offender in several pairs.",
        "A person is the same as one offender only; a tie is lost.",
        "State the tie to the other offenders.",
        nibrs("471"), "relationship", "relationship_raw",
        view="pairs", check=_several_of("IPVI-622", "VO", "victim"),
    ),
    Rule(
        "IPVI-623", "offender-mutual-more-than-once", "warning", "plausibility",
        "An offender was the victim in several pairs.",
        "A person is the same as one victim only; a tie is lost.",
        "State the tie to the other victims.",
        nibrs("474"), "relationship", "relationship_raw",
        view="pairs", check=_several_of("IPVI-623", "VO", "offender"),
    ),
    Rule(
        "IPVI-631", "flag-no-but-domestic", "warning", "dv-flag",
        "An incident between partners or family is flagged as not domestic.",
        "Counts by the flag miss it; the class stands.",
        "Correct the flag, and ask who sets it and when.",
        table="incident", column="dv_flag",
        view="incidents",
        check=_flag_against(
            "IPVI-631", False, ("intimate_partner", "other_family"),
            "dv_flag is no and the class is intimate partner or other family",
        ),
    ),
    Rule(
        "IPVI-632", "flag-yes-but-not-domestic", "warning", "dv-flag",
        "An incident between strangers or acquaintances is flagged as domestic.",
        "The tie or the flag is wrong; a partner may be recorded as an acquaintance.",
        "Check the relationship first, then the flag.",
        table="incident", column="dv_flag",
        view="incidents",
        check=_flag_against(
            "IPVI-632", True, ("stranger", "known_not_domestic"),
            "dv_flag is yes and the class is stranger or acquaintance",
        ),
    ),
    Rule(
        "IPVI-641", "ties-of-several-classes", "warning", "plausibility",
        "Two statements about a pair are of different classes.",
        "One of them is wrong; the pair is undetermined and widens the range of the share.",
        "Ask which column holds the tie, or decide the pair with ipvi review.",
        table="relationship", column="relationship_raw", view="pairs",
        bad=always(_contradicted("class")),
        message="two statements about the pair are of different classes",
    ),
    Rule(
        "IPVI-642", "child-in-common-over-stated", "warning", "plausibility",
        "A child in common is stated of strangers, acquaintances or housemates.",
        "The child decides and the pair counts as intimate; the stated tie is in doubt.",
        "Check the tie, and how the child in common came to be stated.",
        table="relationship", column="child_in_common", view="pairs",
        bad=always(_contradicted("cic_over_stated")),
        message="a child in common is stated beside a tie that is neither intimate nor family",
    ),
    Rule(
        "IPVI-643", "tie-against-other-sources", "warning", "plausibility",
        "The stated tie is not intimate, and a charge, an order or another incident says that it is.",
        "The stated tie stands; the pair may be of partners all the same.",
        "Check the tie against the charge, the order or the other report.",
        table="relationship", column="relationship_raw", view="pairs",
        bad=always(_contradicted("statute", "order", "linked")),
        message="another source says that the two are partners and the stated tie is of another class",
    ),
)  # fmt: skip
"""Rules of classified pairs."""
