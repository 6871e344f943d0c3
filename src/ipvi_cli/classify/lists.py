"""The packaged lists of relationship codes and words, as meanings by their look-up key."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Final

from ipvi_cli.classify.meaning import CLASSES, Meaning, Sense, Turn
from ipvi_cli.classify.normalise import fold

CODE_SYSTEMS: Final = {
    "nibrs": ("nibrs",),
    "shr": ("shr",),
    "ncic": ("ncic", "nibrs"),
    "ndex": ("ndex", "nibrs"),
    "cibrs": ("cibrs", "nibrs"),
    "librs": ("librs", "nibrs"),
    "site": (),
}
"""Code lists that each code system is looked up in, in this order."""

_SENSES: Final[dict[str, Sense]] = {"sym": "symmetric", "v": "stated"}
_OWN_SENSES: Final[dict[str, Sense]] = {"sym": "symmetric", "v": "victim", "o": "offender"}


class ListError(Exception):
    """A packaged list contradicts itself."""


def rows(name: str) -> Iterator[dict[str, str]]:
    """Read the rows of a packaged list."""
    yield from csv.DictReader(io.StringIO(text(name)))


def text(name: str) -> str:
    """Read a packaged list as text."""
    return (resources.files("ipvi_cli.classify") / "data" / name).read_text(encoding="utf-8")


@cache
def turns() -> dict[str, Turn]:
    """Give the asymmetric ties by name."""
    return {
        row["tie"]: Turn(row["nibrs_code"] or None, row["reversed"], row["undirected"])
        for row in rows("relationship_ties.csv")
    }


@cache
def words() -> Mapping[str, Meaning]:
    """Give the meanings of whole strings by their folded key.

    Raises:
        ListError: Two strings fold to one key and differ in class.
    """
    made: dict[str, Meaning] = {}
    for row in rows("relationship_words.csv"):
        key = fold(row["words"])
        add(made, key, _meaning(row, f"words:{key}", _SENSES[row["sense"]]))
    return made


@cache
def codes() -> Mapping[str, Mapping[str, Meaning]]:
    """Give the meanings of codes by code system and folded code.

    A code list says by itself whose tie is named; a column that declares another direction is believed.

    Raises:
        ListError: Two codes of a system fold to one key and differ in class.
    """
    made: dict[str, dict[str, Meaning]] = {}
    for row in rows("relationship_codes.csv"):
        system, key = row["code_system"], fold(row["code"])
        meaning = _meaning(row, f"code:{system}:{key}", _OWN_SENSES[row["sense"]])
        add(made.setdefault(system, {}), key, meaning)
    return made


def add(made: dict[str, Meaning], key: str, meaning: Meaning) -> None:
    """Add a meaning under its key; the first of equal class stands.

    Raises:
        ListError: Another class is there under the same key.
    """
    there = made.setdefault(key, meaning)
    if there.relationship_class != meaning.relationship_class:
        raise ListError(f"{meaning.rule} and {there.rule} have one key and different classes")


def _meaning(row: Mapping[str, str], rule: str, sense: Sense) -> Meaning:
    return Meaning(
        row["class"],
        tie=row["tie"] or None,
        partner_status=row["partner_status"] or None,
        nibrs_code=row["nibrs_code"] or None,
        reason=row["reason"] or None,
        candidates=tuple(CLASSES[name] for name in row["candidates"].split()),
        rule=rule,
        sense=sense,
    )
