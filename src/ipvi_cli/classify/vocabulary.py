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
    (re.compile(r"\b(EX|X)?(B|G)\s*/\s*F\b"), r"\1 \2F"),
    (re.compile(r"\bH\s*[/&]\s*W\b"), "HUSBAND AND WIFE"),
    (re.compile(r"\b1\s*[/\u2044]\s*2\b"), "HALF"),
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

_SHORT_SIGNS: Final = re.compile(r"[/&(\u2044]|\bOR\b")

_PIECE: Final = re.compile(r"[A-Z0-9]+|[^A-Z0-9\s]|\s-+\s|\s+")
_SEPARATORS: Final = {
    "/": "alt", "|": "alt", "\\": "alt", ";": "and", "&": "and", "+": "and", ",": "comma",
    ":": "dash", "=": "dash", "-": "soft", "_": "soft", "(": "open", ")": "close", "[": "open", "]": "close",
    "?": "doubt",
}  # fmt: skip
_JOINED: Final = {"OR": "alt", "O": "alt", "AND": "and", "Y": "and", "BUT": "and"}
_DROPPED: Final = dict.fromkeys(map(ord, STRAY))
_COUNT: Final = re.compile(r"[0-9]{1,2}")
"""How many children they have, or which of several victims is meant."""

_LONGEST: Final = 6
_SHORTEST_GLUED: Final = 6
"""Letters from which on a word may be a phrase without its blanks; a shorter one is an abbreviation by chance."""


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
_CHILD: Final = frozenset(("child",))
_COMMON: Final = frozenset(("common_child",))


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
def _spellings() -> Mapping[str, str]:
    """Give the words that abbreviations stand for."""
    rows = lists.rows("relationship_vocabulary.csv")
    return {fold(row["words"]): row["value"] for row in rows if row["kind"] == "spelling"}


@cache
def _phrases() -> Mapping[str, Mapping[str, frozenset[str]]]:
    made: dict[str, dict[str, set[str]]] = {}
    for row in lists.rows("relationship_vocabulary.csv"):
        if row["kind"] != "spelling":
            words = (_spellings().get(word, word) for word in fold(row["words"]).split())
            made.setdefault(" ".join(words), {}).setdefault(row["kind"], set()).add(row["value"])
    return {
        text: {kind: frozenset(values) for kind, values in kinds.items()}
        for text, kinds in made.items()
    }


@cache
def _glued() -> Mapping[str, str]:
    """Give the phrases that name a role by what they are without their blanks, where that is a word of no meaning."""
    phrases = _phrases()
    made = {
        text.replace(" ", ""): text
        for text, kinds in phrases.items()
        if "role" in kinds and " " in text
    }
    return {
        word: text
        for word, text in made.items()
        if len(word) >= _SHORTEST_GLUED and word not in phrases
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
    """Take two names of one role as one: ``SON/DAUGHTER`` is a child, ``CHILD/CHILDREN IN COMMON`` a common one."""
    found: list[Lexeme] = []
    for one in lexemes:
        named = one.kinds.get("role")
        if (
            named
            and len(found) > 1
            and found[-1].separator == "alt"
            and (found[-2].kinds.get("role"), named) in ((named, named), (_CHILD, _COMMON))
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
    if separator:
        return Lexeme("", {}, separator)
    return Lexeme(_spellings().get(piece, piece), {})


def _longest(pieces: Sequence[Lexeme], place: int) -> tuple[list[Lexeme], int]:
    """Give the longest phrase that starts at a place, and how many pieces it takes."""
    found, used = _phrase(pieces, place)
    if found is not None:
        return [found], used
    piece = pieces[place]
    if piece.separator:
        return [piece], 1
    # The Spanish word for OR is one letter, which at an end is an initial.
    if piece.text in _JOINED and (piece.text != "O" or 0 < place < len(pieces) - 1):
        return [Lexeme(piece.text, {}, _JOINED[piece.text])], 1
    return _unglued(pieces, place)


def _phrase(pieces: Sequence[Lexeme], place: int) -> tuple[Lexeme | None, int]:
    """Find the longest phrase that starts at a place, and say how many pieces it takes."""
    words: list[str] = []
    best: tuple[Lexeme | None, int] = None, 0
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
            best = lexeme, at - place + 1
    return best


@lru_cache(maxsize=4_096)
def _known_lexeme(text: str) -> Lexeme | None:
    kinds = _known(text)
    return Lexeme(text, kinds) if kinds else None


def _known(text: str) -> Mapping[str, frozenset[str]]:
    """Find a phrase, or the role or party of which it is the plural or the owner."""
    phrases = _phrases()
    if _COUNT.fullmatch(text):
        return phrases["ONE"]
    if text in phrases or not text.endswith("S"):
        return phrases.get(text, {})
    one = phrases.get(text[:-1], {})
    return one if "role" in one or "party" in one else {}


def _unglued(pieces: Sequence[Lexeme], place: int) -> tuple[list[Lexeme], int]:
    """Cut ``EXWIFE``, ``EXBOY FRIEND`` or ``BABYMOTHER`` where the parts are known, and join ``CLASS MATE``."""
    text, after = pieces[place].text, pieces[place + 1 : place + 2]
    for start in ("EX", "X", "STEP", "GRAND", "GREAT", "HALF", "FOSTER", "GOD"):
        if text.startswith(start) and len(text) > len(start) + 1:
            rest = Lexeme(text.removeprefix(start), {})
            found, used = _phrase(([rest, *pieces[place + 1 :]]), 0)
            if found is not None and "role" in found.kinds:
                return [Lexeme(start, _phrases()[start]), found], used
    phrase = _glued().get(text) or _glued().get(text.removesuffix("S"))
    if phrase is not None:
        return [Lexeme(text, _phrases()[phrase])], 1
    if after and after[0].text and not _known(after[0].text):
        joined = _known_lexeme(text + after[0].text)
        if joined is not None and "role" in joined.kinds:
            return [joined], 2
    return [Lexeme(text, {})], 1
