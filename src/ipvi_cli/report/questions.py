"""The questions that the report answers, and which figure answers which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Question:
    """A section of the report.

    Attributes:
        key: Name in links and sheets.
        title: The question.
        intro: What the section holds, in a sentence.
        letters: Groups of figures that answer it, by the first letter of their code.
    """

    key: str
    title: str
    intro: str
    letters: str


HOW_MUCH: Final = Question(
    "how-much", "How much?",
    "How many calls, incidents and reports there are, and what share of them is between intimate partners.", "BST",
)  # fmt: skip
WHO: Final = Question(
    "who", "Who to whom?",
    "Who the partners are to each other, what is done, and whom it harms. Figures of groups of people describe who came"
    " to notice; they never say who is likely to do or to suffer anything.", "CFJ",
)  # fmt: skip
WHERE: Final = Question(
    "where", "Where and when?", "How the incidents spread over months, hours, agencies and districts.", "",
)  # fmt: skip
CONCENTRATED: Final = Question(
    "concentrated", "How concentrated?",
    "How far incidents come back to the same people, and what records those people have. Nobody is named.", "DEH",
)  # fmt: skip
RESPONSE: Final = Question(
    "response", "What did the system do?",
    "Arrests, charges, orders, sentences, and what partner agencies provided.", "GI",
)  # fmt: skip
QUALITY: Final = Question(
    "quality", "How good is the data?",
    "What was read, what is stated, and what contradicts itself. Read this before comparing anything.", "A",
)  # fmt: skip
OTHER: Final = Question(
    "other", "Other figures", "Figures that answer none of the questions above.", ""
)

QUESTIONS: Final = (HOW_MUCH, WHO, WHERE, CONCENTRATED, RESPONSE, QUALITY, OTHER)

_PLACES_AND_TIMES: Final = frozenset(
    {"month", "agency", "district", "borough", "hour", "weekday", "place"}
)
_ELSEWHERE: Final = {
    "B04": RESPONSE, "B05": CONCENTRATED, "B06": RESPONSE, "C13": WHERE, "C14": WHERE, "J03": QUALITY,
}  # fmt: skip
"""Figures that answer another question than the rest of their group."""


def question_of(figure_id: str, by: str) -> Question:
    """Say which question a figure answers in one of its breakdowns.

    Args:
        figure_id: Code of the figure.
        by: The breakdown; of the figures of volume, those by place, time and victim answer other questions than the
            total does.

    Returns:
        The question; ``OTHER`` for a group of figures that nothing is said of.
    """
    if figure_id in _ELSEWHERE:
        return _ELSEWHERE[figure_id]
    if figure_id.startswith("B"):
        parts = set(by.split("/"))
        if parts & _PLACES_AND_TIMES:
            return WHERE
        if any(part.startswith("victim_") for part in parts):
            return WHO
    return next((one for one in QUESTIONS if figure_id[:1] and figure_id[0] in one.letters), OTHER)
