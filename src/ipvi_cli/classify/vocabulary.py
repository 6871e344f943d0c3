"""The words that the relationship grammar knows, and how a text is cut into them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from ipvi_cli.classify import lists
from ipvi_cli.classify.meaning import Meaning
from ipvi_cli.classify.normalise import STRAY, fold, plain

_SHORT: Final = (
    (re.compile(r"\b(B|G)\s*/\s*F\b"), r"\1F"),
    (re.compile(r"\bS\s*/\s*O(?:TH(?:E)?R)?\b"), "SIGNIFICANT OTHER"),
    (re.compile(r"\bC\s*/\s*L\b"), "COMMON LAW"),
    (re.compile(r"\bBOY\s*(?:/|OR)\s*(?=GIRL ?FR)"), "BOYFRIEND/"),
    (re.compile(r"\bGIRL\s*(?:/|OR)\s*(?=BOY ?FR)"), "GIRLFRIEND/"),
    (re.compile(r",\s*OR\b"), " OR"),
    (re.compile(r"\bW/\s*"), "WITH "),
    (re.compile(r"(?<=[A-Z])\((S|ES|E)\)"), r"\1"),
    (re.compile(r"(?<=O)(?:/A|\(A\))(?![A-Z])"), ""),
)
"""Usual short forms written with separators that would else cut them apart."""

_SHORT_SIGNS: Final = re.compile(r"[/(]|\bOR\b")

_PIECE: Final = re.compile(r"[A-Z0-9]+|[^A-Z0-9\s]|\s-+\s|\s+")
_SEPARATORS: Final = {
    "/": "alt", "|": "alt", "\\": "alt", ";": "and", "&": "and", "+": "and", ",": "comma",
    ":": "dash", "=": "dash", "-": "soft", "_": "soft", "(": "open", ")": "close", "[": "open", "]": "close",
    "?": "doubt",
}  # fmt: skip
_JOINED: Final = {"OR": "alt", "AND": "and", "Y": "and", "BUT": "and"}
_DROPPED: Final = dict.fromkeys(map(ord, STRAY))
_LONGEST: Final = 6


@dataclass(frozen=True)
class Role:
    """A person's part in a tie.

    Attributes:
        name: Name in rules.
        group: ``partner``, ``parent``, ``child``, ``sibling``, ``kin`` or ``known``, for ties through third parties;
            empty where there is none.
        now: What it means; ``None`` where it means nothing alone.
        former: What it means of the past; ``None`` where it cannot be past.
    """

    name: str
    group: str
    now: Meaning | None
    former: Meaning | None


@dataclass(frozen=True)
class Lexeme:
    """A word or phrase of the vocabulary, or a separator.

    Attributes:
        text: As written, folded.
        kinds: What it may be, with the values of each kind; empty for a word that is not known.
        separator: Kind of separator; empty for words.
    """

    text: str
    kinds: Mapping[str, frozenset[str]]
    separator: str = ""

    def value(self, kind: str) -> str:
        """Give the value of a kind that has one."""
        return next(iter(self.kinds[kind]))


_BLANK: Final = Lexeme("", {}, "blank")


@cache
def roles() -> Mapping[str, Role]:
    """Give the roles by name."""
    words = lists.words()
    return {
        row["role"]: Role(
            row["role"],
            row["group"],
            words[fold(row["now"])] if row["now"] else None,
            words[fold(row["former"])] if row["former"] else None,
        )
        for row in lists.rows("relationship_roles.csv")
    }


@cache
def _phrases() -> Mapping[str, Mapping[str, frozenset[str]]]:
    made: dict[str, dict[str, set[str]]] = {}
    for row in lists.rows("relationship_vocabulary.csv"):
        made.setdefault(fold(row["words"]), {}).setdefault(row["kind"], set()).add(row["value"])
    return {
        text: {kind: frozenset(values) for kind, values in kinds.items()}
        for text, kinds in made.items()
    }


def known_words() -> frozenset[str]:
    """Give the words and phrases that the grammar knows, folded."""
    return frozenset(_phrases())


def cut(value: str) -> list[Lexeme]:
    """Cut a text into words and phrases of the vocabulary, longest first, and separators.

    Args:
        value: Text as written.

    Returns:
        The lexemes in order; a word that is not known has no kinds.
    """
    text = plain(value).translate(_DROPPED)
    if _SHORT_SIGNS.search(text):
        for pattern, short in _SHORT:
            text = pattern.sub(short, text)
    pieces = [piece for each in _PIECE.findall(text) if (piece := _piece(each)) is not _BLANK]
    found: list[Lexeme] = []
    place = 0
    while place < len(pieces):
        lexeme, used = _longest(pieces, place)
        found.extend(lexeme)
        place += used
    return _joined(_united(found))


def _joined(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Take WITH before a child in common as AND: ``EX WIFE WITH CHILD IN COMMON``."""
    found = list(lexemes)
    for place, after in enumerate(lexemes[1:]):
        if found[place].text == "WITH" and "common_child" in after.kinds.get("role", ()):
            found[place] = replace(found[place], kinds={}, separator="and")
    return found


def _united(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Take two names of one role as one: ``SON/DAUGHTER`` is a child."""
    found: list[Lexeme] = []
    for one in lexemes:
        named = one.kinds.get("role")
        if (
            named
            and len(found) > 1
            and found[-1].separator == "alt"
            and found[-2].kinds.get("role") == named
        ):
            found[-2:] = [one]
        else:
            found.append(one)
    return found


@lru_cache(maxsize=4_096)
def _piece(piece: str) -> Lexeme:
    if piece.isspace():
        return _BLANK
    if piece.strip("- ") == "" and len(piece) > 1:
        return Lexeme("", {}, "dash")
    separator = _SEPARATORS.get(piece, "")
    return Lexeme("" if separator else piece, {}, separator)


def _longest(pieces: Sequence[Lexeme], place: int) -> tuple[list[Lexeme], int]:
    """Find the longest phrase that starts at a place, and say how many pieces it takes."""
    words: list[str] = []
    best: tuple[list[Lexeme], int] | None = None
    for at in range(place, len(pieces)):
        piece = pieces[at]
        if piece.separator == "soft" and words:
            continue
        if piece.separator == "alt" and words:
            words.append("OR")
        elif piece.separator or len(words) == _LONGEST:
            break
        else:
            words.append(piece.text)
        lexeme = _known_lexeme(" ".join(words))
        if lexeme is not None:
            best = [lexeme], at - place + 1
    if best is not None:
        return best
    piece = pieces[place]
    if piece.separator:
        return [piece], 1
    if piece.text in _JOINED:
        return [Lexeme(piece.text, {}, _JOINED[piece.text])], 1
    return _unglued(piece.text), 1


@lru_cache(maxsize=4_096)
def _known_lexeme(text: str) -> Lexeme | None:
    kinds = _known(text)
    return Lexeme(text, kinds) if kinds else None


def _known(text: str) -> Mapping[str, frozenset[str]]:
    """Find a phrase, or the role of which it is the plural or the owner."""
    phrases = _phrases()
    if text in phrases or not text.endswith("S"):
        return phrases.get(text, {})
    one = phrases.get(text[:-1], {})
    return one if "role" in one else {}


def _unglued(text: str) -> list[Lexeme]:
    """Cut ``EXWIFE`` or ``GRANDSON`` where both parts are known."""
    for start in ("EX", "X", "STEP", "GRAND", "GREAT", "HALF", "FOSTER", "GOD"):
        rest = _known(text.removeprefix(start)) if text.startswith(start) else {}
        if "role" in rest and len(text) > len(start) + 1:
            return [Lexeme(start, _phrases()[start]), Lexeme(text.removeprefix(start), rest)]
    return [Lexeme(text, {})]
