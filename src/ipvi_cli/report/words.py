"""Numbers and groups as a reader sees them: plain words in place of codes."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.report.offenses import OFFENSES

WITHHELD: Final = "withheld"
NONE: Final = "–"
_HARD_SPACE: Final = "\u00a0"

_BY: Final = {
    "total": "in all", "year": "year", "month": "month", "agency": "agency", "district": "district",
    "victim_sex": "sex of the victim", "victim_age": "age of the victim", "offense": "offence", "tie": "tie",
    "reason": "reason", "row_fate": "what became of the row", "input": "file", "words": "words",
    "definition": "definition of a partner", "choice": "choice of who counts", "hour": "hour", "weekday": "weekday",
    "role": "role", "borough": "borough", "measure": "what is counted", "level": "level", "stage": "step",
    "sex": "sex", "race": "race", "age": "age",
}  # fmt: skip

_SEX: Final = {"F": "female", "M": "male", "X": "neither male nor female"}
_RACE: Final = {
    "W": "White", "B": "Black or African American", "I": "American Indian or Alaska Native", "A": "Asian",
    "P": "Native Hawaiian or other Pacific Islander", "U": "not known",
}  # fmt: skip
_REASONS: Final = {
    "missing": "nothing stated", "unknown": "stated as not known", "unmapped": "a word that no list holds",
    "ambiguous_term": "a word with several meanings", "otherwise_known_dv": "“otherwise known” in a flagged record",
    "conflict": "statements that contradict each other", "no_offender": "no offender recorded",
    "multiple_offenders_unpaired": "tie stated, but not of which pair", "self_mutual": "victim was offender",
}  # fmt: skip
_TIES: Final = {
    "ex_spouse": "former spouse", "ex_dating": "former dating partner", "dating": "dating partner",
    "co_parent": "child in common", "partner_unspecified": "partner, kind not stated",
    "common_law": "common-law spouse",
}  # fmt: skip
_DAYS: Final = {
    "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday",
    "Sun": "Sunday",
}  # fmt: skip
_MEASURES: Final = {
    "ipv_dir": "intimate partner reports", "family_dir": "other family reports",
    "ipv_felony_assault": "intimate partner felony assaults", "dv_felony_assault": "domestic felony assaults",
    "family_felony_assault": "other family felony assaults", "ipv_rape": "intimate partner rapes",
    "dv_rape": "domestic rapes", "family_rape": "other family rapes",
}  # fmt: skip
_CLEARANCES: Final = {
    "A": "death of the offender", "B": "prosecution declined", "C": "extradition denied",
    "D": "victim refused to cooperate", "E": "juvenile, no custody",
}  # fmt: skip
_LEVELS: Final = {
    "A": "level A",
    "B": "level B",
    "C": "level C",
    "D": "level D",
    "none": "not placed",
}

_WORDS: Final[dict[str, dict[str, str]]] = {
    "offense": OFFENSES,
    "reason": _REASONS,
    "tie": _TIES,
    "weekday": _DAYS,
    "measure": _MEASURES,
    "level": _LEVELS,
    "clearance": _CLEARANCES,
    "definition": {one.code: one.title for one in DEFINITIONS},
    "choice": {one.code: one.title for one in DEFINITIONS},
}
_ENDINGS: Final = {"sex": _SEX, "race": _RACE}


def by_words(by: str) -> str:
    """Name a breakdown, such as ``month`` or ``year/offense``."""
    return " and ".join(_BY.get(part, part.replace("_", " ")) for part in by.split("/"))


def group_word(by: str, group: str) -> str:
    """Name a group of a breakdown that has one part.

    Args:
        by: What the groups are.
        group: The group as it stands in the figures.

    Returns:
        Words for a code that has some; any other group as it is, with blanks for underscores where the breakdown
        holds codes of ours and not words of the site.
    """
    if by == "month":
        return month_words(group)
    ending = by.rsplit("_", 1)[-1]
    known = _WORDS.get(by) or _ENDINGS.get(ending) or {}
    if group in known:
        return known[group]
    if group in ("unknown", "U"):
        return "not known"
    if by == "stage":
        return re.sub(r"^\d+ ", "", group)
    if by == "hour" and group.isdigit():
        return f"{group}:00"
    if by in ("agency", "district", "borough", "input"):
        return group
    return group.replace("_", " ")


def group_words(by: str, group: str) -> tuple[str, ...]:
    """Name each part of a group; a district may itself hold a slash, so the outer parts are taken off first."""
    names = by.split("/")
    parts = group.split("/")
    while len(parts) > len(names):
        place = names.index("district") if "district" in names else len(names) - 1
        parts[place : place + 2] = [f"{parts[place]}/{parts[place + 1]}"]
    parts += [""] * (len(names) - len(parts))
    return tuple(group_word(name, part) for name, part in zip(names, parts, strict=True))


def month_words(month: str) -> str:
    """Write ``2018-01`` as ``Jan 2018``."""
    try:
        return date.fromisoformat(f"{month}-01").strftime("%b %Y")
    except ValueError:
        return "not known" if month == "unknown" else month


def percent(share: float | None) -> str:
    """Write a share between 0 and 1 as a percentage with one decimal."""
    return NONE if share is None else f"{share * 100:.1f}{_HARD_SPACE}%"


def whole(number: float | None) -> str:
    """Write a count with separated thousands."""
    return NONE if number is None else f"{number:,.0f}"


def plain(number: float | None) -> str:
    """Write a number that is neither a count nor a share."""
    if number is None:
        return NONE
    return f"{number:,.0f}" if number == int(number) and abs(number) >= 100 else f"{number:,.2f}"


def written(kind: str, number: float | None) -> str:
    """Write a value of a figure, with its unit.

    Args:
        kind: ``share``, ``change``, ``count``, or another kind of figure.
        number: The value, a bound, or an end of an interval.
    """
    if number is None:
        return NONE
    match kind:
        case "share":
            return percent(number)
        case "change":
            return f"{number * 100:+.1f}{_HARD_SPACE}%"
        case "count" | "hours":
            return whole(number)
        case "rank":
            return f"no.{_HARD_SPACE}{number:.0f}"
        case "rate" | "median":
            return f"{number:,.1f}"
        case _:
            return plain(number)


def sentence(text: str) -> str:
    """Begin with a capital letter and end with a full stop."""
    text = text.strip()
    if not text:
        return ""
    return f"{text[0].upper()}{text[1:]}{'' if text[-1] in '.!?' else '.'}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
