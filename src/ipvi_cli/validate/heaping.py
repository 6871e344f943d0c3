"""Rules about values that stand for "not known": midnight, the first of a month or year, ages 0 and 99, round ages."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.validate.cube import total
from ipvi_cli.validate.rule import Check, Rule, nothing, said
from ipvi_cli.validate.scope import Scope

ENOUGH: Final = 100
"""Values that it takes to judge heaping."""

MIDNIGHT: Final = 0.04
"""Share of times at exactly 00:00; a full hour that is rounded to holds about 1 in 50."""

NEW_YEAR: Final = 0.02
"""Share of dates on 1 January; evenly spread they are 0.27 %, and the real peak of that day two to three times it."""

FIRST_DAY: Final = 0.08
"""Share of dates on the first of a month, 1 January left out; evenly spread they are 3 %."""

WHIPPLE: Final = 175
"""Whipple's index from which the United Nations call age data very rough."""

_AGED: Final = ("victim", "offender")


def _at(code: str, part: str, whole: str, limit: float, column: str, what: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        count, of = total(scope, part), total(scope, whole)
        if part == "on_first":
            count, of = count - total(scope, "on_new_year"), of - total(scope, "on_new_year")
        if of < ENOUGH or count <= of * limit:
            return nothing()
        message = f"{count:,} of {of:,} values are {what} ({count / of:.0%})"
        return said(code, message, table="incident", column=column)

    return check


def ages(scope: Scope) -> dict[str, dict[int, int]]:
    """Count victims and offenders by age in years."""
    counted: dict[str, dict[int, int]] = {}
    for table in _AGED:
        persons = scope.table(table)
        if persons is not None and scope.has(table, "age_years"):
            counts = persons.drop_nulls("age_years").group_by("age_years").len()
            counted[table] = dict(counts.collect(engine="streaming").iter_rows())
    return counted


def _more_than_neighbour(code: str, age: int, neighbour: int, least: int) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        found = [nothing()]
        for table, counts in scope.once(ages).items():
            here, beside = counts.get(age, 0), counts.get(neighbour, 0)
            if here >= least and here > 3 * (beside + 1):
                message = f"{here:,} ages are {age} and {beside:,} are {neighbour}"
                found.append(said(code, message, table=table, column="age_years"))
        return pl.concat(found)

    return check


def _round_ages(scope: Scope) -> pl.DataFrame:
    found = [nothing()]
    for table, counts in scope.once(ages).items():
        judged = {age: count for age, count in counts.items() if 23 <= age <= 62}
        fives = sum(count for age, count in judged.items() if age % 5 == 0)
        everyone = sum(judged.values())
        if everyone >= ENOUGH and fives * 500 / everyone >= WHIPPLE:
            index = f"Whipple's index {fives * 500 / everyone:.0f}"
            message = f"of {everyone:,} ages from 23 to 62, {fives:,} end in 0 or 5: {index}"
            found.append(said("IPVI-816", message, table=table, column="age_years"))
    return pl.concat(found)


_UNKNOWN: Final = "The value stands for not known, and figures that use it are wrong."

RULES: Final = (
    Rule(
        "IPVI-811", "times-heaped-at-midnight", "warning", "heaping",
        "Far too many incidents are timed at 00:00.",
        _UNKNOWN,
        "Ask whether 00:00 means that the time is not known, and declare it as a null word.",
        table="incident", column="occurred_time", needs=("occurred_time",),
        check=_at("IPVI-811", "at_midnight", "timed", MIDNIGHT, "occurred_time", "at 00:00"),
    ),
    Rule(
        "IPVI-812", "dates-heaped-at-new-year", "warning", "heaping",
        "Far too many incidents are dated 1 January.",
        _UNKNOWN,
        "Ask whether only the year is known for these incidents.",
        table="incident", column="occurred_on", needs=("occurred_on",),
        check=_at("IPVI-812", "on_new_year", "dated", NEW_YEAR, "occurred_on", "on 1 January"),
    ),
    Rule(
        "IPVI-813", "dates-heaped-at-first-of-month", "warning", "heaping",
        "Far too many incidents are dated the first of a month.",
        _UNKNOWN,
        "Ask whether only the month is known for these incidents.",
        table="incident", column="occurred_on", needs=("occurred_on",),
        check=_at("IPVI-813", "on_first", "dated", FIRST_DAY, "occurred_on", "on the first of a month"),
    ),
    Rule(
        "IPVI-814", "age-0-as-unknown", "warning", "heaping",
        "Far more persons are of age 0 than of age 1.",
        _UNKNOWN,
        "Ask whether 0 means that the age is not known, and declare it as a null word.",
        "FBI NIBRS data element 26: 00 is unknown, infants are NN, NB and BB.",
        check=_more_than_neighbour("IPVI-814", 0, 1, 20),
    ),
    Rule(
        "IPVI-815", "age-99-as-unknown", "warning", "heaping",
        "Far more persons are of age 99 than of age 98.",
        _UNKNOWN,
        "Ask whether 99 means that the age is not known, and declare it as a null word.",
        "FBI NIBRS data element 26: 99 is over 98.",
        check=_more_than_neighbour("IPVI-815", 99, 98, 5),
    ),
    Rule(
        "IPVI-816", "ages-rounded", "info", "heaping",
        "Ages that end in 0 or 5 are far too many.",
        "Ages were estimated, so bands of ages are blurred at their edges.",
        "Ask for birth dates, or use wide bands of ages.",
        "United Nations, Demographic Yearbook: Whipple's index, ages 23 to 62.",
        check=_round_ages,
    ),
)  # fmt: skip
"""Rules of heaping."""
