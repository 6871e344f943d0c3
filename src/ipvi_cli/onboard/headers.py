"""What the words of a header say: which person, which of several, which column."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Final

Role = str
"""``victim``, ``offender``, ``arrest``, ``complainant``, ``witness``, ``protected`` or ``respondent``."""

_NOISE: Final = frozenset(
    {
        "OF",
        "THE",
        "A",
        "FOR",
        "W",
        "WITH",
        "AT",
        "ON",
        "BY",
        "WAS",
        "IS",
        "DE",
        "DEL",
        "LA",
        "EL",
        "LOS",
    }
)
_CUT: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_LETTER_ROLES: Final = 1
_SHORTEST: Final = 3
"""Letters of the shortest role, and of one part at least, of a word that is run together."""
_LETTERS: Final = {"V": "VICTIM", "S": "SUSPECT", "O": "OFFENDER"}
_DATA: Final = re.compile(
    r"^(?:\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}(?:[ T].*)?|[#-]?\d[\d.,:\-]*(?:__\d+)?|\d{1,2}-[A-Za-z]{3}-\d{2,4})$"
)
_ODD: Final = 0.3
"""Share of dates and numbers, or of values of the column itself, from which on a header is taken for a record."""
_KNOWN: Final = 0.34
_BOTH: Final = 0.25
"""With fewer known names than the first share, so many odd and recurring ones together are enough."""
_RECURRING: Final = 0.15
_WIDE: Final = 4
"""So many names without a single known one are no header that anything can be learnt from."""
_EXTRA: Final = 0.12
"""What each further word around a phrase takes from its weight."""
STRONG: Final = 1.0
WEAK: Final = 0.6
_LEAST: Final = 0.4
_TURNS: Final = ("TO",)


@dataclass(frozen=True)
class Meaning:
    """What a header may mean.

    Attributes:
        concept: Key of ``columns`` in the word list.
        weight: How surely the words say so, up to 1.
        rank: Place of the phrase in the list; earlier phrases are taken first.
        words: Number of words of the phrase.
        more: Whether words stand around it that may make another thing of it.
    """

    concept: str
    weight: float
    rank: int
    words: int
    more: bool = False


@dataclass(frozen=True)
class Header:
    """A header, taken apart.

    Attributes:
        name: The header as it stands.
        words: Its words in full form, numbers left out.
        roles: Persons that it names, in order.
        number: Which of several it is, from 1; ``None`` when it has no number.
        template: The header with its number replaced by ``{n}``; empty without a number.
        turn: The role after the word ``to``: a tie *to* that person.
        meanings: What it may mean, the surest first.
    """

    name: str
    words: tuple[str, ...]
    roles: tuple[Role, ...]
    number: int | None
    template: str
    turn: Role | None
    meanings: tuple[Meaning, ...]


@cache
def word_list() -> dict[str, Any]:
    """Give the packaged list of header words."""
    text = (resources.files(__package__) / "data" / "header_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def kind_of(concept: str) -> str:
    """Say which kind of values a concept has."""
    return str(word_list()["columns"][concept]["kind"])


@cache
def read_header(name: str) -> Header:
    """Take a header apart.

    Args:
        name: The header as it stands.

    Returns:
        Its words, the persons that it names, and what it may mean.
    """
    raw = _lettered(_cut(name))
    numbers = [part for part in raw if part.isdigit()]
    number = int(numbers[0]) if len(numbers) == 1 and len(numbers[0]) <= 2 else None
    template = re.sub(r"\d+", "{n}", name) if number is not None else ""
    said = [part for part in raw if not part.isdigit()]
    roles: list[Role] = []
    plain: list[str] = []
    turn: Role | None = None
    words = tuple(_full(said))
    for place, word in enumerate(words):
        role = _role(word, first=place == 0, others=len(words) > 1)
        if role is None:
            plain.append(word)
            continue
        if place and words[place - 1] in _TURNS:
            turn = role
        roles.append(role)
    meanings = _meanings(words, tuple(plain), too_many=len(numbers) > 1)
    return Header(name, words, tuple(roles), number, template, turn, meanings)


def looks_like_data(columns: Sequence[str], recurring: int = 0) -> bool:
    """Say whether what was read as the header is a record.

    Names hold no dates and hardly any bare numbers, say here and there what their column is, and do not stand among the
    values below them.

    Args:
        columns: Names of the columns.
        recurring: How many of them stand among the values of their own column too.

    Returns:
        Whether the names, shown to anybody, could be somebody's data.
    """
    odd = sum(bool(_DATA.match(name)) for name in columns)
    known = sum(bool(read_header(name).meanings) for name in columns)
    many = max(2, _ODD * len(columns))
    if odd >= many or recurring >= many:
        return True
    if known == 0:
        return odd + recurring > 0 or len(columns) >= _WIDE
    if known < _KNOWN * len(columns):
        return odd + recurring >= _BOTH * len(columns)
    return recurring > 0 and recurring >= _RECURRING * len(columns)


def words_of(name: str) -> tuple[str, ...]:
    """Give the words of a name in full form, such as the name of a file."""
    return tuple(_full(part for part in _cut(name) if not part.isdigit()))


def subject_of(file: str) -> str | None:
    """Say what the rows of a file are, by its name.

    Args:
        file: Name of the input.

    Returns:
        ``victim``, ``offender``, ``arrest``, ``charge``, ``relationship``, ``call``, ``offense``, ``person``,
        ``incident`` or ``None``. A name that speaks of a victim and an offender speaks of their tie.
    """
    stem = file.replace("!", "/").split("/")[-1]
    sheet = stem.split("#")[-1] if "#" in stem else ""
    base = re.sub(r"\.[A-Za-z0-9]{1,7}$", "", stem.split("#")[0])
    for name in (sheet, base):
        words = set(words_of(name))
        if "CALL" in words or "CALLS" in words:
            return "call"
        found = [subject for subject, said in word_list()["subjects"].items() if words & set(said)]
        if {"victim", "offender"} <= set(found) or "relationship" in found:
            return "relationship"
        if found:
            return str(found[0])
    return None


def _cut(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"(?i)\by\s*/\s*n\b", " FLAG ", plain)
    plain = plain.replace("'s", " ").replace(
        "#", " NUMBER " if not re.search(r"#\d", plain) else " "
    )
    return [one for part in _CUT.findall(plain) for one in _run_together(part.upper())]


@cache
def _vocabulary() -> frozenset[str]:
    """Every word that means something in a header, short forms included."""
    lists = word_list()
    named = {word for role in lists["roles"].values() for word in role if len(word) >= _SHORTEST}
    said = {word for _, phrase, _, _ in _phrases() for word in phrase}
    return frozenset({*lists["short"], *named, *said, *lists["spoilers"], *lists["plain"], *_TURNS})


@cache
def _run_together(word: str) -> tuple[str, ...]:
    """Cut a word such as ``VICSEX`` into the fewest known words that make it up; a known word stays whole."""
    known = _vocabulary()
    if word in known or word.isdigit():
        return (word,)
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(word) + 1):
        found = [
            (*cut, word[start:end])
            for start in range(end - 1)
            if (cut := best[start]) is not None and word[start:end] in known
        ]
        best.append(min(found, key=len, default=None))
    parts = best[-1]
    return parts if parts and any(len(one) >= _SHORTEST for one in parts) else (word,)


def _lettered(parts: list[str]) -> list[str]:
    """Write out the letters that stand for a person before a number, as in ``V1``."""
    nexts = [*parts, ""][1:]
    return [
        _LETTERS.get(part, part) if after.isdigit() else part
        for part, after in zip(parts, nexts, strict=True)
    ]


def _full(words: Iterable[str]) -> list[str]:
    short = word_list()["short"]
    full = [part for word in words for part in str(short.get(word, word)).split()]
    return [word for word in full if word not in _NOISE]


def _role(word: str, *, first: bool, others: bool) -> Role | None:
    for role, said in word_list()["roles"].items():
        if word in said:
            if len(word) == _LETTER_ROLES and not (first and others):
                return None
            return str(role)
    return None


@cache
def _phrases() -> tuple[tuple[str, tuple[str, ...], float, int], ...]:
    return tuple(
        (concept, tuple(_full(phrase.split())), weight, rank)
        for concept, entry in word_list()["columns"].items()
        for said, weight in (("strong", STRONG), ("weak", WEAK))
        for rank, phrase in enumerate(entry[said])
    )


def _meanings(
    words: tuple[str, ...], plain: tuple[str, ...], *, too_many: bool
) -> tuple[Meaning, ...]:
    best: dict[str, Meaning] = {}
    spoilers = set(word_list()["spoilers"])
    plain_words = set(word_list()["plain"])
    for concept, phrase, weight, rank in _phrases():
        turned = phrase[::-1] if len(phrase) == 2 else phrase
        for said, sought in product((words, plain), dict.fromkeys((phrase, turned))):
            rest = _without(said, sought)
            if rest is None:
                continue
            extra = [word for word in rest if _role(word, first=True, others=True) is None]
            if concept == "relationship":
                extra = [word for word in extra if word not in _TURNS]
            if spoilers & set(extra):
                continue
            left = weight - _EXTRA * (len(extra) + too_many)
            more = bool(set(extra) - plain_words) or too_many
            found = Meaning(concept, round(left, 2), rank, len(phrase), more)
            known = best.get(concept)
            if left >= _LEAST and (known is None or _order(found) < _order(known)):
                best[concept] = found
    return tuple(sorted(best.values(), key=_order))


def _order(one: Meaning) -> tuple[float, int, int]:
    return (-one.weight, -one.words, one.rank)


def _without(words: tuple[str, ...], phrase: tuple[str, ...]) -> list[str] | None:
    """Give the words around a phrase, or ``None`` where it does not stand in them."""
    size = len(phrase)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == phrase:
            return [*words[:start], *words[start + size :]]
    return None
