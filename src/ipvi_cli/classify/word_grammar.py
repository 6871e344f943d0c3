"""A small grammar of site words: a head that means a code, and qualifiers that do not change it.

Every word of a value must be accounted for, in any order: there is no search for keywords. A word left over, or two
heads that answer differently, decide nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from itertools import combinations
from typing import Final

from ipvi_cli.classify.site_words import tokens

_MOST_TOKENS: Final = 14
_MOST_QUALIFIERS: Final = 5

Target = tuple[str, ...]
Span = tuple[int, int, str]
"""Where a qualifier starts and ends among the tokens, and its words."""


@dataclass(frozen=True)
class Entry:
    """One row of a packaged table.

    Attributes:
        system: ``nibrs``, ``ucr``, ``text``, or ``group`` for the words of a list of our own.
        role: ``code``, ``name`` (the official one), ``words``, ``ambiguous``, ``reason`` (nothing is stated),
            ``qualifier`` or ``spelling``.
        words: The wordings, which all mean the same.
        means: The code; the candidates of an ambiguous wording; the reason; the words that a spelling stands for.
        after: Codes that a qualifier may go with; ``*`` is all.
        source: Where the row comes from.
    """

    system: str
    role: str
    words: tuple[str, ...]
    means: Target
    after: frozenset[str]
    source: str


@dataclass(frozen=True)
class Head:
    """What a head means.

    Attributes:
        words: The wording of the table.
        role: Role of its row.
        means: Codes; more than one when the wording is ambiguous.
    """

    words: str
    role: str
    means: Target

    @property
    def answer(self) -> tuple[str, Target]:
        """What two heads must share not to contradict one another."""
        role = "words" if self.role == "name" else self.role
        return role, self.means


@dataclass(frozen=True)
class Reading:
    """How a value was understood.

    Attributes:
        head: The head; ``None`` when no head is left once the qualifiers are taken away.
        qualifiers: Words of the qualifiers, in their order.
        rivals: Further heads that answer differently.
    """

    head: Head | None
    qualifiers: tuple[str, ...] = ()
    rivals: tuple[Head, ...] = ()


def read_entries(kind: str) -> tuple[Entry, ...]:
    """Read the packaged table of a kind of words."""
    file = resources.files("ipvi_cli.classify") / "data" / f"{kind}.csv"
    return tuple(
        Entry(
            row["system"],
            row["role"],
            _several(row["words"]),
            _several(row["means"]),
            frozenset(row["after"].split()),
            row["source"],
        )
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


class Grammar:
    """Heads, qualifiers and spellings of one kind of words.

    Args:
        entries: Rows of the packaged table; those of codes are left out.

    Raises:
        ValueError: Two rows are the same words and mean different things.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        rows = [
            (entry, words) for entry in entries if entry.role != "code" for words in entry.words
        ]
        self._spellings: dict[tuple[str, ...], tuple[str, ...]] = {}
        for entry, words in rows:
            if entry.role == "spelling":
                meant = tuple(token for part in entry.means for token in tokens(part))
                if self._spellings.setdefault(tokens(words), meant) != meant:
                    raise ValueError(f"'{words}' is a spelling of two things")
        fillers = {key for key, meant in self._spellings.items() if not meant}
        for key, meant in self._spellings.items():
            self._spellings[key] = tuple(word for word in meant if (word,) not in fillers)
        self._longest = max((len(key) for key in self._spellings), default=1)
        self._heads: dict[frozenset[str], Head] = {}
        self._qualifiers: dict[tuple[str, ...], frozenset[str]] = {}
        for entry, words in rows:
            spelled = self.spelled(tokens(words))
            if entry.role == "qualifier":
                self._qualifiers[spelled] = self._qualifiers.get(spelled, frozenset()) | entry.after
            elif entry.role != "spelling":
                self._add_head(frozenset(spelled), Head(words, entry.role, entry.means))
        self._known = {token for key in (*self._heads, *self._qualifiers) for token in key}

    def _add_head(self, key: frozenset[str], head: Head) -> None:
        held = self._heads.setdefault(key, head)
        if not key or held.answer != head.answer:
            raise ValueError(
                f"'{head.words}' and '{held.words}' are the same words with two meanings"
            )

    def spelled(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Replace abbreviations and variants by the words they stand for, longest first, and drop filler words."""
        out: list[str] = []
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                meant = self._spellings.get(words[at : at + length])
                if meant is not None:
                    out += meant
                    at += length
                    break
            else:
                out.append(words[at])
                at += 1
        return tuple(word for place, word in enumerate(out) if place == 0 or out[place - 1] != word)

    def read(self, text: str) -> Reading:
        """Understand a value.

        Args:
            text: The value as written.

        Returns:
            The head that is left when as few qualifiers as possible are taken away.
        """
        words = self.spelled(tokens(text))
        if not 0 < len(words) <= _MOST_TOKENS or not self._known.issuperset(words):
            return Reading(None)
        spans = list(self._spans(words))
        for number in range(min(len(spans), _MOST_QUALIFIERS) + 1):
            found: dict[tuple[str, Target], tuple[Head, tuple[str, ...]]] = {}
            for chosen in combinations(spans, number):
                head = self._head(words, chosen)
                if head is not None:
                    found.setdefault(head.answer, (head, tuple(span[2] for span in chosen)))
            if found:
                (head, taken), *rest = found.values()
                return Reading(head, taken, tuple(rival for rival, _ in rest))
        return Reading(None)

    def _spans(self, words: tuple[str, ...]) -> Iterator[Span]:
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                if words[start:end] in self._qualifiers:
                    yield start, end, " ".join(words[start:end])

    def _head(self, words: tuple[str, ...], chosen: tuple[Span, ...]) -> Head | None:
        taken = [place for start, end, _ in chosen for place in range(start, end)]
        if len(taken) != len(set(taken)):
            return None
        left = frozenset(word for place, word in enumerate(words) if place not in taken)
        head = self._heads.get(left)
        if head is None or (chosen and head.role == "reason"):
            return None
        goes = all(
            "*" in after or not after.isdisjoint(head.means)
            for after in (self._qualifiers[words[start:end]] for start, end, _ in chosen)
        )
        return head if goes else None
