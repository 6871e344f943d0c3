"""From site words to meanings: the site's own words first, then code lists, whole strings and the grammar."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Final, Protocol

import polars as pl

from ipvi_cli.classify import lists
from ipvi_cli.classify.grammar import read
from ipvi_cli.classify.meaning import (
    DETERMINATE,
    DIRECTED,
    MISSING,
    NOT_APPLICABLE,
    UNDETERMINED,
    UNMAPPED,
    Meaning,
    turned,
    undetermined,
)
from ipvi_cli.classify.normalise import fold
from ipvi_cli.model.errors import InputError

MAPPED_SCHEMA: Final[dict[str, pl.DataType]] = {
    "value": pl.String(),
    "relationship_class": pl.String(),
    "tie": pl.String(),
    "partner_status": pl.String(),
    "reason": pl.String(),
    "nibrs_code": pl.String(),
    "candidates": pl.List(pl.String()),
    "rule": pl.String(),
    "child_in_common": pl.Boolean(),
}
"""Columns that mapping relationship words gives."""

_EMPTY: Final = "?;&+|:#[] "
"""Signs that alone are an empty cell."""

_SHORTEST_WORD: Final = 4
"""Letters from which on a value of a coded column that is in no code list is read as text."""


class Crosswalk(Protocol):
    """Says what site words mean."""

    def map_values(
        self, values: pl.Series, *, code_system: str = "text", direction: str = "undeclared"
    ) -> pl.DataFrame:
        """Map words, one row for each distinct one."""


class RelationshipCrosswalk:
    """Says what relationship words mean.

    Args:
        site: Meanings of the site's own words by folded key; they win.
    """

    def __init__(self, site: Mapping[str, Meaning]) -> None:
        self._site = dict(site)

    def map_values(
        self, values: pl.Series, *, code_system: str = "text", direction: str = "undeclared"
    ) -> pl.DataFrame:
        """Map relationship words.

        Args:
            values: Words, in any number; a null is a cell that states nothing.
            code_system: Code system of the column.
            direction: Whose tie to whom the column states.

        Returns:
            ``MAPPED_SCHEMA``, one row for each distinct value in order of its first occurrence, ``value`` byte for
            byte. ``nibrs_code`` is what the victim was to the offender.
        """
        distinct = values.unique(maintain_order=True).to_list()
        rows = []
        for value in distinct:
            meaning = self.meaning(value, code_system=code_system, direction=direction)
            rows.append(
                {
                    "value": value,
                    **{name: getattr(meaning, name) for name in MAPPED_SCHEMA if name != "value"},
                    "candidates": list(meaning.candidates),
                }
            )
        return pl.DataFrame(rows, schema=MAPPED_SCHEMA)

    def meaning(
        self, value: str | None, *, code_system: str = "text", direction: str = "undeclared"
    ) -> Meaning:
        """Say what one value means; arguments as for ``map_values``."""
        if value is None:
            return MISSING
        return turned(self._found(value, code_system, direction), direction, lists.turns())

    def _found(self, value: str, code_system: str, direction: str) -> Meaning:
        key = fold(value)
        if not key.strip(_EMPTY):
            return MISSING
        if key in self._site:
            return self._site[key]
        for system in lists.CODE_SYSTEMS.get(code_system, ()):
            if key in lists.codes()[system]:
                code = lists.codes()[system][key]
                declared = direction in DIRECTED and code.sense != "symmetric"
                return replace(code, sense="stated") if declared else code
        if code_system != "text" and len(key) < _SHORTEST_WORD:
            blank = lists.words().get(key)
            return blank if blank is not None and blank.reason == "missing" else UNMAPPED
        return read(value) or UNMAPPED


def load_crosswalk(kind: str, *, overrides: Mapping[str, str] | None = None) -> Crosswalk:
    """Load a packaged crosswalk, the site's words over it.

    Args:
        kind: ``relationship``, ``offense``, ``weapon``, ``injury``, ``disposition`` or ``call``.
        overrides: Site word to what it means. For relationships that is a NIBRS code (``BG``), a class
            (``intimate_partner``), a class with the kind of tie (``intimate_partner:dating``) or ``undetermined``.

    Returns:
        The crosswalk.

    Raises:
        InputError: A site word is said to mean something that there is not, or two of them are one word.
    """
    if kind != "relationship":
        from ipvi_cli.classify.site_codes import load_site_crosswalk

        return load_site_crosswalk(kind, overrides=overrides)
    return relationship_crosswalk(overrides or {})


def relationship_crosswalk(site_words: Mapping[str, str]) -> RelationshipCrosswalk:
    """Load the packaged relationship words and codes; see ``load_crosswalk``."""
    return RelationshipCrosswalk(_site_words(site_words))


@cache
def crosswalks_sha256() -> str:
    """Hash all packaged lists."""
    digest = hashlib.sha256()
    folder = resources.files("ipvi_cli.classify") / "data"
    for item in sorted(folder.iterdir(), key=lambda one: one.name):
        if item.name.endswith(".csv"):
            digest.update(item.name.encode() + b"\0" + item.read_bytes() + b"\0")
    return digest.hexdigest()


def _site_words(overrides: Mapping[str, str]) -> dict[str, Meaning]:
    made: dict[str, Meaning] = {}
    for word, target in overrides.items():
        meaning = site_meaning(target)
        there = made.setdefault(fold(word), meaning)
        if there != meaning:
            raise InputError(
                f"two words differ only in case, blanks or punctuation and mean {there.rule} and {meaning.rule}.",
                where="[site_words.relationship]",
                mend="Keep one of them.",
            )
    return made


def site_meaning(target: str) -> Meaning:
    """Say what a site word stands for; its rule names the target and never the word, which may name someone.

    Args:
        target: A NIBRS code, a class, a class with a kind of tie, ``undetermined`` or ``not_applicable``.

    Raises:
        InputError: It is none of these.
    """
    wanted = target.strip()
    code = lists.codes()["nibrs"].get(wanted.upper())
    if code is not None and len(wanted) == 2:
        own = "symmetric" if code.sense == "symmetric" else "stated"
        return replace(code, rule=f"site:{wanted.upper()}", sense=own)  # type: ignore[arg-type]
    name, _, tie = wanted.partition(":")
    rule = f"site:{wanted}"
    if name == UNDETERMINED and not tie:
        return undetermined("ambiguous_term", rule=rule)
    if name == NOT_APPLICABLE and not tie:
        return Meaning(NOT_APPLICABLE, reason="site_word", rule=rule)
    known = {one.tie: one for one in _by_tie(name)}
    if name in DETERMINATE and (not tie or tie in known):
        if not tie:
            status = "unknown" if name == "intimate_partner" else None
            general = "partner_unspecified" if status else None
            return Meaning(name, tie=general, partner_status=status, rule=rule)
        return replace(known[tie], rule=rule)
    options = [*DETERMINATE, UNDETERMINED, NOT_APPLICABLE, *(one for one in known if one)]
    near = difflib.get_close_matches(tie or name, options, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else "Give a class, class:tie, or a NIBRS code."
    raise InputError(
        f"'{wanted}' is no relationship.", where="[site_words.relationship]", mend=hint
    )


def site_targets() -> tuple[str, ...]:
    """List all that a relationship word may be said to mean: classes, classes with their ties, NIBRS codes."""
    ties = [
        f"{name}:{tie}"
        for name in DETERMINATE
        for tie in sorted(one.tie for one in _by_tie(name) if one.tie)
    ]
    codes = sorted(code for code in lists.codes()["nibrs"] if len(code) == 2 and code.isalpha())
    return (*DETERMINATE, UNDETERMINED, NOT_APPLICABLE, *ties, *codes)


def _by_tie(name: str) -> list[Meaning]:
    """Give one meaning for each kind of tie of a class, as the packaged words have it."""
    seen: dict[str | None, Meaning] = {}
    for meaning in lists.words().values():
        if meaning.relationship_class == name:
            seen.setdefault(meaning.tie, meaning)
    return list(seen.values())
