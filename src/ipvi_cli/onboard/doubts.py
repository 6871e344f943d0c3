"""What is open about one mapping, although the column is the right one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ipvi_cli.onboard.shape import Placed

_ZERO: Final = 0.05
"""Share of ages of 0 from which 0 hardly means a baby."""
_SHOWN: Final = 12
YES: Final = frozenset({"Y", "YES", "TRUE", "T", "1", "SI"})
FLAGS: Final = ("dv_flag", "child_in_common", "children_present", "strangulation")
NO: Final = frozenset({"N", "NO", "FALSE", "F", "0"})


@dataclass(frozen=True)
class Doubt:
    """One open point.

    Attributes:
        key: What it is about, as in ``Question``.
        text: The question.
    """

    key: str
    text: str


def notes(one: Placed) -> Iterator[str]:
    """Say what is worth knowing about a mapping without being a question."""
    if one.others:
        yield f"also looks like it: {', '.join(repr(name) for name in one.others)}"
    if one.candidate.concept == "race" and one.candidate.fit.strange:
        words = ", ".join(repr(word) for word in one.candidate.fit.strange[:_SHOWN])
        yield f"counted as not stated, unless codes = {{ word = code }} says otherwise: {words}"


def yes_no(one: Placed) -> dict[str, list[str]]:
    """Say which words of a flag mean yes and no, where they are not the usual ones.

    Args:
        one: A mapped flag.

    Returns:
        ``yes`` and ``no``; nothing where the usual words will do, or where nothing tells.
    """
    words = one.source.values.words()
    odd = [word for word in words if word.upper() not in YES | NO]
    no = [word for word in words if word.upper() in NO]
    named = [word for word in odd if word.upper() in one.source.header.words]
    if named and no:
        return {"yes": [*named, *(word for word in words if word.upper() in YES)], "no": no}
    return {}


def doubts(one: Placed, direction: str) -> Iterator[Doubt]:
    """Say what is open about a mapping.

    Args:
        one: The mapping.
        direction: Whose tie to whom it states, as far as that is known.

    Yields:
        The questions that stand above it in the draft.
    """
    if one.doubt:
        yield Doubt("column", one.doubt)
    if one.candidate.fit.foreign:
        told = one.candidate.fit.told
        yield Doubt(
            "words", f"hardly any of its words is known ({told}); are they what the header says?"
        )
    concept, values = one.candidate.concept, one.source.values
    words = ", ".join(f"'{word}'" for word in one.candidate.fit.strange[:_SHOWN])
    if one.column == "relationship_raw" and direction == "undeclared":
        yield Doubt(
            "direction",
            "does it say what the victim was to the offender (victim_to_offender, as NIBRS does), or what the"
            " suspect is to the victim (offender_to_victim, as New York's form does)?",
        )
    if one.column == "relationship_raw" and words:
        said = "what do these words mean, and do words of family or household take in partners?"
        yield Doubt("household", f"{said} {words}")
    if concept in ("clearance", "arrest_type", "victim_type") and words:
        said = "which NIBRS code stands for each of these words? (codes = { word = code })"
        yield Doubt("words", f"{said} {words}")
    if concept in FLAGS and words and not yes_no(one):
        yield Doubt("words", f"which of these words mean yes, and which no? {words}")
    if concept == "age" and values.matching(r"^0+$") > _ZERO:
        text = 'many ages are 0: does 0 mean that the age is not known? (null_words = "0")'
        yield Doubt("words", text)
    if (one.column.endswith("_on") or one.column == "birth_date") and values.date_order in (
        "unknown",
        "both",
    ):
        text = 'is the month or the day written first? No date tells. (date_formats = "%m/%d/%Y")'
        yield Doubt("dates", text)
    if (one.table, one.column) == ("tally", "family_dir"):
        text = "does family leave intimate partners out, here and in the other counts of this file?"
        yield Doubt("household", text)
