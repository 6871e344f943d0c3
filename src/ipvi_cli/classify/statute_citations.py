"""Statute citations as records systems write them, taken apart: state, law, section, subdivisions.

``PC 273.5(A)``, ``273.5 PC``, ``PEN 273.5`` and ``Penal Code § 273.5(a)(1)-F`` are one section. A citation is read
whole or not at all: a word left over that is no law's abbreviation and no degree makes another law of it, and a
longer number is another section.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Final

from ipvi_cli.classify.lists import ListError, rows

FEDERAL: Final = "US"

STATES: Final = frozenset(
    {
        "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL",
        "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE",
        "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "US",
        "UT", "VA", "VT", "WA", "WI", "WV", "WY",
    }
)  # fmt: skip
"""Postal abbreviations that a citation may begin with; ``US`` for federal law."""

_SECTION_WORDS: Final = frozenset({"S", "SS", "SEC", "SECT", "SECTION", "ART", "ARTICLE", "TITLE"})
"""Words that say only that a number follows."""

_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_DIGIT_DOT: Final = re.compile(r"(?<=\d)\s*\.\s*(?=\d)")
_OTHER_DOT: Final = re.compile(r"(?<!\d)\.|\.(?!\d)")
_MAINE_TITLE: Final = re.compile(r"^17-A(?=[^-].*\d)|(?<= )17-A(?=[^-].*\d)")

_DEGREE: Final = (
    r"(?:UM|[A-E][FM])(?: ?[0-9A-Z])?"  # New York: class and kind, then a letter or degree
    r"|F[1-6AB]?|M[1-4ABC]?|GM|INF|FEL|FELONY|MISD|MISDEMEANOR"
    r"|(?:CLASS )?[A-E1-6] (?:FELONY|MISDEMEANOR)"
    r"|(?:1ST|2ND|3RD|[45]TH)(?: DEG(?:REE)?)?|DEG(?:REE)? [1-5]"
    r"|ATT|ATTEMPT|ATTEMPTED|COMPLETED|DV"
)
_SUFFIX: Final = re.compile(rf"(?:[-/, ]+(?:{_DEGREE}))+$|(?<=[A-Z]{2}) ?\((?:{_DEGREE})\)$")
"""Attempt, degree and kind of offence after a citation; in parentheses only after the law's abbreviation."""

_TOKEN: Final = re.compile(
    r"(?P<number>\d+(?:\.\d+)*(?:[A-Z](?![A-Z]))?)"
    r"|\((?P<inner>[A-Z]+|\d+)\)"
    r"|(?P<word>[A-Z]+)"
    r"|(?P<mark>[-:/,])"
    r"|(?P<blank> )"
    r"|(?P<other>.)"
)


@dataclass(frozen=True)
class Citation:
    """A citation of a statute.

    Attributes:
        state: State that the citation itself names.
        code: Abbreviation of the law; words that are none are kept as they stand, so that they match none.
        section: Numbers of title, chapter and section joined with hyphens, leading zeros dropped.
        subdivisions: Subdivisions in upper case, outermost first.
        states: States whose law is abbreviated so.
    """

    state: str | None
    code: str | None
    section: str
    subdivisions: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()


def parse_citation(text: str) -> Citation | None:
    """Take a citation apart.

    Args:
        text: One citation, as written.

    Returns:
        Its parts, or ``None`` for what is no citation of one section.
    """
    section: list[str] = []
    subdivisions: list[str] = []
    groups: list[list[str]] = [[]]
    mark = ""
    for kind, token in _tokens(_SUFFIX.sub("", _plain(text))):
        if kind == "mark":
            mark = token
            continue
        if kind == "word" and section and len(token) == 1 and mark in {"-", "/"}:
            subdivisions.append(token)
        elif kind == "word":
            groups[-1].append(token)
        elif kind == "inner" and section:
            subdivisions.append(_number(token))
        elif kind == "number" and not subdivisions:
            section.append(_number(token))
            groups.append([])
        elif kind == "number" and mark in {"-", "/"}:
            subdivisions.append(_number(token))
        else:
            return None
        mark = ""
    named = _law(groups)
    if not section or named is None:
        return None
    state, code, states = named
    return Citation(state, code, "-".join(section), tuple(subdivisions), states)


def _plain(text: str) -> str:
    """Bring a citation to upper case with plain hyphens, section signs and the dots of abbreviations dropped."""
    wide = unicodedata.normalize("NFKC", text).upper().replace("§", " ")
    flat = " ".join(_DASHES.sub("-", wide).split())
    dotted = _OTHER_DOT.sub("", _DIGIT_DOT.sub(".", flat))
    closed = re.sub(r"\(\s*(\w+)\s*\)", r"(\1)", dotted)
    return _MAINE_TITLE.sub("17A", closed.strip())


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Cut a plain citation into tokens, words left out that say only that a number follows."""
    found = [(str(token.lastgroup), token[str(token.lastgroup)]) for token in _TOKEN.finditer(text)]
    found = [token for token in found if token[0] != "blank"]
    for token, following in zip_longest(found, found[1:], fillvalue=("", "")):
        if not (token[1] in _SECTION_WORDS and following[0] == "number"):
            yield token


def _number(text: str) -> str:
    whole, dot, rest = text.partition(".")
    return f"{whole.lstrip('0') or '0'}{dot}{rest}"


def _law(groups: list[list[str]]) -> tuple[str | None, str | None, frozenset[str]] | None:
    """Read the words around the numbers: at most one law and one state."""
    state: str | None = None
    code: str | None = None
    states: frozenset[str] = frozenset()
    for group in filter(None, groups):
        named_state, words = _state(group)
        if state and named_state not in {None, state}:
            return None
        state = named_state or state
        if not words:
            continue
        named, where = spellings().get("".join(words), (" ".join(words), frozenset()))
        if code not in {None, named}:
            return None
        states = states & where if code else where
        code = named
    return state, code, states


def _state(words: list[str]) -> tuple[str | None, list[str]]:
    """Take the state off that words begin with, unless all of them together abbreviate a law."""
    first, rest = words[0], words[1:]
    _, where = spellings().get("".join(rest), ("", frozenset()))
    if first not in STATES or (first not in where and "".join(words) in spellings()):
        return None, words
    return first, rest


@cache
def spellings() -> Mapping[str, tuple[str, frozenset[str]]]:
    """Give each spelling of a law's abbreviation, without blanks, with the abbreviation and the states that use it.

    Raises:
        ListError: One spelling is of two abbreviations.
    """
    made: dict[str, tuple[str, frozenset[str]]] = {}
    for row in rows("statute_codes.csv"):
        for spelling in row["spellings"].split("|"):
            key = spelling.replace(" ", "")
            code, states = made.get(key, (row["code"], frozenset()))
            if code != row["code"]:
                raise ListError(f"the spelling {spelling} is of {code} and of {row['code']}")
            made[key] = (code, states | {row["state"]})
    return made
