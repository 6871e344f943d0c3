"""Words that are one typing error away from exactly one packaged meaning: suggestions, never decisions.

One error is one letter left out, added, replaced, or two neighbours exchanged (Damerau 1964, CACM 7:171). All texts at
that distance are looked up, so none is missed and no threshold is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from string import ascii_uppercase
from typing import Final

import polars as pl

from ipvi_cli.classify import lists
from ipvi_cli.classify.crosswalk import site_meaning, site_targets
from ipvi_cli.classify.grammar import read
from ipvi_cli.classify.meaning import Meaning
from ipvi_cli.classify.normalise import fold
from ipvi_cli.classify.vocabulary import cut, known_words

NEAR_SCHEMA: Final[dict[str, pl.DataType]] = {
    "value": pl.String(),
    "near": pl.String(),
    "suggestion": pl.String(),
}
"""Columns of near misses."""

_SHORTEST: Final = 4
"""Letters from which on a word has few neighbours by chance; a code has many."""

_LETTERS: Final = f"{ascii_uppercase} "


def near_misses(values: Iterable[str]) -> pl.DataFrame:
    """Suggest what unmapped relationship words were meant to be.

    Args:
        values: Distinct words as written.

    Returns:
        ``NEAR_SCHEMA``: of the words that have a suggestion, the packaged wording that they are near to and the
        decision that it stands for.
    """
    rows = [(value, *found) for value in values if (found := _near(value)) is not None]
    return pl.DataFrame(rows, schema=NEAR_SCHEMA, orient="row")


def _near(value: str) -> tuple[str, str] | None:
    found = dict(_whole(fold(value))) | dict(_one_word(value))
    meanings = {(one.relationship_class, one.tie, one.partner_status) for one in found.values()}
    if len(meanings) != 1:
        return None
    text, meaning = min(found.items())
    decision = _decision(meaning)
    return None if decision is None else (text, decision)


def _whole(key: str) -> Iterator[tuple[str, Meaning]]:
    """Find the packaged strings next to a whole text."""
    words = lists.words()
    if len(key) >= _SHORTEST:
        for text in neighbours(key):
            if text in words:
                yield text, words[text]


def _one_word(value: str) -> Iterator[tuple[str, Meaning]]:
    """Find the texts that can be read when the only unknown word is replaced by one next to it."""
    lexemes = cut(value)
    unknown = [one.text for one in lexemes if not one.kinds and not one.separator]
    if len(unknown) != 1 or len(lexemes) == 1 or len(unknown[0]) < _SHORTEST:
        return
    known = known_words()
    for word in neighbours(unknown[0]):
        if word in known:
            text = fold(value).replace(unknown[0], word)
            meaning = read(text)
            if meaning is not None:
                yield text, meaning


def neighbours(text: str) -> Iterator[str]:
    """Give every text that one typing error leads to."""
    for place in range(len(text) + 1):
        before, after = text[:place], text[place:]
        yield from (f"{before}{letter}{after}" for letter in _LETTERS)
        if after:
            yield before + after[1:]
            yield from (f"{before}{letter}{after[1:]}" for letter in _LETTERS if letter != after[0])
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]


@cache
def _decisions() -> Mapping[tuple[str, str | None], str]:
    """Give a decision for each class and tie."""
    made: dict[tuple[str, str | None], str] = {}
    for target in site_targets():
        if ":" in target:
            meaning = site_meaning(target)
            made.setdefault((meaning.relationship_class, meaning.tie), target)
    return made


def _decision(meaning: Meaning) -> str | None:
    if not meaning.determinate:
        return None
    return _decisions().get((meaning.relationship_class, meaning.tie), meaning.relationship_class)
