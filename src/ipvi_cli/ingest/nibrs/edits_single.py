"""Edits on single segments: what has to be there, codes, dates, numbers, ages and what offences allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs.edits import Edit
from ipvi_cli.ingest.nibrs.segments import LEVELS
from ipvi_cli.model import nibrs_codes as codes
from ipvi_cli.model.nibrs_layout import LAYOUT

_HUNDREDS: Final = {
    "incident": "1",
    "offense": "2",
    "victim": "4",
    "offender": "5",
    "arrestee": "6",
    "group_b_arrest": "7",
}
"""First digit of the FBI's numbers of a level."""

MANDATORY: Final = {
    "incident": ("clearance",),
    "offense": ("suspected_use", "bias", "location"),
    "victim": ("victim_number", "offense_codes", "victim_type"),
    "offender": ("offender_number",),
    "arrestee": (
        "arrestee_number", "arrest_number", "arrest_type", "multiple_arrests", "offense_code",
        "armed_with", "age", "sex", "race",
    ),
    "group_b_arrest": (
        "arrestee_number", "arrest_number", "arrest_type", "offense_code", "armed_with", "age", "sex",
        "race",
    ),
}  # fmt: skip
"""Elements that are never blank; those that rules on canonical rows ask for (3, 6, 7, 42) are not among them."""

_DATES: Final = {
    "incident": ("occurred_on", "cleared_on"),
    "arrestee": ("arrested_on",),
    "group_b_arrest": ("arrested_on",),
}
_NUMBERS: Final = {
    "offense": "premises",
    "victim": "victim_number",
    "offender": "offender_number",
    "arrestee": "arrestee_number",
    "group_b_arrest": "arrestee_number",
}
_REPEATING: Final = {
    "offense": ("suspected_use", "bias", "activities", "weapons"),
    "victim": ("offense_codes", "circumstances", "injuries", "offender_numbers"),
    "arrestee": ("armed_with",),
    "group_b_arrest": ("armed_with",),
}
_IDENTIFIERS: Final = {
    "incident": "incident_number",
    "arrestee": "arrest_number",
    "group_b_arrest": "arrest_number",
}
_LISTS_NUMBERED: Final = {
    ("incident", "report_date"): "151",
    ("offense", "attempted"): "251",
    ("arrestee", "sex"): "667",
    ("group_b_arrest", "sex"): "758",
}
"""Numbers of the edits on codes that are not the level's 04."""
_AGE_EDITS: Final = {"victim": "404", "offender": "556", "arrestee": "664", "group_b_arrest": "757"}
_NEWBORN: Final = ("NN", "NB", "BB")


def has(column: str, wanted: tuple[str, ...]) -> pl.Expr:
    """Say whether a list element holds one of some codes."""
    if len(wanted) == 1:
        return pl.col(column).list.contains(wanted[0])
    return pl.col(column).list.eval(pl.element().is_in(wanted)).list.any()


def empty(level: str, column: str) -> pl.Expr:
    """Say whether an element is blank."""
    slots = next((one.slots for one in LEVELS[level] if one.name == column), 1)
    return pl.col(column).is_null() if slots == 1 else pl.col(column).list.len().fill_null(0) == 0


def _slots(level: str, column: str) -> int:
    return next(one.slots for one in LEVELS[level] if one.name == column)


def _missing(level: str) -> Iterator[Edit]:
    number = f"{_HUNDREDS[level]}01"
    for column in MANDATORY[level]:
        yield Edit("IPVI-226", number, column, empty(level, column), "is blank", mandatory=True)
    if level == "victim":
        tied = has("offense_codes", (*codes.AGAINST_PERSONS, "120"))
        persons = pl.col("victim_type").is_in(codes.PERSONS)
        bad = tied & persons & empty(level, "offender_numbers")
        said = "is blank although the offence calls for a relationship"
        yield Edit("IPVI-226", number, "offender_numbers", bad, said, mandatory=True)


def _on_lists(level: str) -> Iterator[Edit]:
    number = f"{_HUNDREDS[level]}04"
    for column, known in codes.CODES[level].items():
        width = LAYOUT[level][column].width
        if _slots(level, column) == 1:
            cell = pl.col(column)
            bad = ~cell.is_in(known) & (cell.str.len_bytes() <= width)
        else:
            # Other formats write some elements in words.
            slot = pl.element()
            wrong = ~slot.is_in(known) & (slot.str.len_bytes() <= width)
            bad = pl.col(column).list.eval(wrong).list.any()
        edit = _LISTS_NUMBERED.get((level, column), number)
        yield Edit("IPVI-308", edit, column, bad, "is not on its code list")
    if level in _AGE_EDITS:
        newborn = pl.col("age").is_in(_NEWBORN) if level == "victim" else pl.lit(False)
        bad = ~pl.col("age").str.contains(r"^\d\d(\d*)$") & ~newborn
        exact = bad & (pl.col("age").str.len_bytes() <= 2)
        yield Edit("IPVI-308", _AGE_EDITS[level], "age", exact, "is not two digits")


def _dates(level: str) -> Iterator[Edit]:
    for column in _DATES.get(level, ()):
        read = pl.col(column).str.to_date("%Y%m%d", strict=False)
        bad = read.is_null() & pl.col(column).is_not_null()
        yield Edit("IPVI-201", f"{_HUNDREDS[level]}05", column, bad, "is not a date")


def _numbers(level: str) -> Iterator[Edit]:
    if level in _NUMBERS:
        column = _NUMBERS[level]
        bad = ~pl.col(column).str.contains(r"^\d+$")
        yield Edit("IPVI-203", f"{_HUNDREDS[level]}02", column, bad, "is not a number")


def _repeated(level: str) -> Iterator[Edit]:
    for column in _REPEATING.get(level, ()):
        slots = pl.col(column).list
        bad = (slots.len() > 1) & (slots.n_unique() < slots.len())
        yield Edit("IPVI-309", f"{_HUNDREDS[level]}06", column, bad, "holds the same code twice")
    for column, alone in codes.EXCLUSIVE.get(level, {}).items():
        bad = (pl.col(column).list.len() > 1) & has(column, alone)
        said = "holds a code that excludes all others, beside others"
        yield Edit("IPVI-313", f"{_HUNDREDS[level]}07", column, bad, said)


def _identifiers(level: str) -> Iterator[Edit]:
    if level in _IDENTIFIERS:
        cell = pl.col(_IDENTIFIERS[level])
        inner = cell.str.contains(" ", literal=True)
        first = _HUNDREDS[level]
        yield Edit("IPVI-314", f"{first}15", _IDENTIFIERS[level], inner, "holds a blank inside")
        odd = cell.str.contains(r"[^A-Z0-9\- ]")
        said = "holds characters other than capital letters, digits and hyphens"
        yield Edit("IPVI-314", f"{first}17", _IDENTIFIERS[level], odd, said)


def _ages(level: str) -> Iterator[Edit]:
    if level not in _AGE_EDITS:
        return
    age, first = pl.col("age"), _HUNDREDS[level]
    ranged = age.str.len_bytes() > 2
    digits = age.str.contains(r"^\d{4}$")
    low, high = age.str.slice(0, 2), age.str.slice(2, 2)
    said = "is a range that is not four digits"
    yield Edit("IPVI-428", f"{first}09", "age", ranged & ~digits, said)
    said = "is a range whose first age is not below the second"
    yield Edit("IPVI-428", f"{first}10", "age", digits & (low >= high) & (low != "00"), said)
    said = "is a range that starts at 00"
    yield Edit("IPVI-428", f"{first}22", "age", digits & (low == "00"), said)


def _offense() -> Iterator[Edit]:
    code = pl.col("offense_code")
    said = "is a Group B offence, which a Group A incident cannot have"
    yield Edit("IPVI-317", "264", "offense_code", code.is_in(codes.GROUP_B), said)
    lodging = (code == "220") & pl.col("location").is_in(["14", "19"])
    needed = (
        ("220", "activities", code.is_in(_ACTIVITY_NEEDED)),
        ("221", "weapons", code.is_in(_ARMED)),
        ("253", "entry", code == "220"),
        ("257", "premises", lodging),
    )
    for number, column, when in needed:
        bad = when & empty("offense", column)
        yield Edit("IPVI-228", number, column, bad, "is blank and the offence calls for it", True)
    listed = code.is_in(codes.GROUP_A) & ~code.is_in(codes.FEDERAL)
    gangs, activities = has("activities", ("J", "G")), tuple("BCDEOPTUX")
    unfit = (
        ("205", "location", (pl.col("location") == "58") & ~code.is_in(_CYBER)),
        ("219", "activities", has("activities", activities) & ~code.is_in(_ACTIVITY_NEEDED[:-1])),
        ("219", "activities", gangs & ~code.is_in(_GANGS)),
        ("219", "activities", has("activities", tuple("AFIS")) & (code != "720")),
        ("222", "weapons", ~empty("offense", "weapons") & ~code.is_in(_ARMED)),
        ("252", "premises", pl.col("premises").is_not_null() & ~lodging),
        ("254", "entry", pl.col("entry").is_not_null() & (code != "220")),
    )
    for number, column, when in unfit:
        said = "says what the offence does not allow"
        yield Edit("IPVI-315", number, column, when & listed, said)
    bad = (code == "09C") & ~pl.col("bias").list.contains("88") & ~empty("offense", "bias")
    yield Edit("IPVI-661", "270", "bias", bad, "is not none in a justifiable homicide")


_ACTIVITY_NEEDED: Final = ("250", "280", "35A", "35B", "39C", "370", "520", "720")
_GANGS: Final = (
    "09A", "09B", "100", "11A", "11B", "11C", "11D", "120", "13A", "13B", "13C",
)  # fmt: skip
_ARMED: Final = (
    "09A", "09B", "09C", "100", "11A", "11B", "11C", "11D", "120", "13A", "13B", "210", "520", "64A",
    "64B",
)  # fmt: skip
_CYBER: Final = (
    "210", "250", "270", "280", "290", "370", "510", "26A", "26B", "26C", "26D", "26E", "26F", "26G",
    "39A", "39B", "39C", "39D", "13C", "35A", "35B", "520", "64A", "64B", "40A", "40B", "40C",
)  # fmt: skip


def _automatic(level: str, column: str, edits: tuple[str, str]) -> Iterator[Edit]:
    """Judge the third character of a weapon: A or blank (first edit), A of firearms alone (second)."""
    slot = pl.element()
    third = slot.str.slice(2, 1)
    odd = pl.col(column).list.eval(~third.is_in(["", "A"])).list.any()
    unfit = (third == "A") & ~slot.str.slice(0, 2).is_in(codes.FIREARMS)
    yield Edit("IPVI-316", edits[0], column, odd, "has another letter than A behind a weapon")
    bad = pl.col(column).list.eval(unfit).list.any()
    yield Edit("IPVI-316", edits[1], column, bad, "calls automatic what is no firearm")


def _arrest(level: str) -> Iterator[Edit]:
    first, age = _HUNDREDS[level], pl.col("age")
    digits = age.str.contains(r"^\d\d(\d\d)?$")
    low = pl.when(digits & (age != "00")).then(age.str.slice(0, 2).cast(pl.Int32, strict=False))
    high = (
        pl.when(age.str.len_bytes() == 4)
        .then(age.str.slice(2, 2).cast(pl.Int32, strict=False))
        .otherwise(low)
    )
    blank = pl.col("juvenile_disposition").is_null()
    column = "juvenile_disposition"
    said = "is blank for an arrestee under 18"
    yield Edit("IPVI-431", f"{first}52", column, blank & (high < 18), said)
    said = "is blank for an arrestee who may be under 18"
    mixed = blank & (low < 18) & (high >= 18) & (low + high < 36)
    yield Edit("IPVI-431", f"{first}40", column, mixed, said)
    said = "is given for an arrestee of 18 or more"
    yield Edit("IPVI-431", f"{first}53", column, ~blank & (low >= 18), said)
    yield Edit("IPVI-429", f"{first}41", "age", age == "99", "is 99, over 98 years old")


def _arrestee() -> Iterator[Edit]:
    bad = pl.col("offense_code") == "09C"
    said = "is a justifiable homicide, of which nobody is arrested"
    yield Edit("IPVI-661", "670", "offense_code", bad, said)


def _group_b() -> Iterator[Edit]:
    code = pl.col("offense_code")
    bad = code.is_in(codes.GROUP_A)
    said = "is a Group A offence, which a Group B arrest cannot have"
    yield Edit("IPVI-317", "760", "offense_code", bad, said)
    years = pl.col("age").str.slice(0, 2).cast(pl.Int32, strict=False)
    bad = (code == "90I") & ~years.is_between(1, 17)
    yield Edit("IPVI-432", "761", "age", bad, "is not 01 to 17 for a runaway")


def _incident() -> Iterator[Edit]:
    bad = ~pl.col("hour").str.contains(r"^([01]\d|2[0-3])$")
    yield Edit("IPVI-205", "152", "hour", bad, "has an hour that is not 00 to 23")
    submitted = pl.concat_str("submission_year", "submission_month")
    readable = submitted.str.contains(r"^\d{6}$") & pl.col("occurred_on").str.contains(r"^\d{8}$")
    bad = readable & (pl.col("occurred_on").str.slice(0, 6) > submitted)
    yield Edit("IPVI-427", "170", "occurred_on", bad, "is after the month of submission")


def _zero() -> Iterator[Edit]:
    month, year = pl.col("report_month"), pl.col("report_year")
    said = "is not 01 to 12"
    yield Edit("IPVI-159", "090", "report_month", ~month.str.contains(r"^(0[1-9]|1[0-2])$"), said)
    yield Edit(
        "IPVI-159", "091", "report_year", ~year.str.contains(r"^\d{4}$"), "is not four digits"
    )
    reported = pl.concat_str(year, month)
    submitted = pl.concat_str("submission_year", "submission_month")
    both = reported.str.contains(r"^\d{6}$") & submitted.str.contains(r"^\d{6}$")
    said = "is after the month of submission"
    yield Edit("IPVI-159", "094", "report_month", both & (reported > submitted), said)
    for column in ("report_month", "report_year"):
        yield Edit("IPVI-226", "001", column, pl.col(column).is_null(), "is blank", True)


def _of_level(level: str) -> tuple[Edit, ...]:
    own = [
        *_missing(level), *_on_lists(level), *_dates(level), *_numbers(level), *_repeated(level),
        *_identifiers(level), *_ages(level),
    ]  # fmt: skip
    if level == "incident":
        own += _incident()
    if level == "offense":
        own += [*_offense(), *_automatic(level, "weapons", ("255", "258"))]
    if level in ("arrestee", "group_b_arrest"):
        first = _HUNDREDS[level]
        own += [*_arrest(level), *_automatic(level, "armed_with", (f"{first}54", f"{first}55"))]
        own += _arrestee() if level == "arrestee" else _group_b()
    return tuple(own)


SINGLE: Final[dict[str, tuple[Edit, ...]]] = {
    "zero": tuple(_zero()),
    **{level: _of_level(level) for level in _HUNDREDS},
}
"""Edits on single segments by level; those on victims alone are in ``edits_victim``."""
