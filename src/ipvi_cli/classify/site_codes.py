"""Crosswalks of site words for offences, weapons, injuries, dispositions and calls.

Offences, weapons and injuries become NIBRS codes (FBI, NIBRS User Manual, data elements 6, 13 and 33). Dispositions and
calls become words of closed lists of our own. A word that a table does not account for whole is unmapped; one that may
mean several codes is ambiguous. Neither is guessed.

Dispositions are what became of a charge in court: ``convicted`` (by plea, no contest or verdict, of any charge),
``dismissed`` (by court or prosecutor after filing), ``acquitted``, ``diverted`` (deferred before judgment), ``pending``
(no outcome yet, warrants included), ``declined`` (never filed, no bill included) and ``other`` (ended or moved
otherwise). How the police closed a case says nothing of it and is ambiguous.

A call is ``domestic`` whoever the parties are: no call type says intimate partner, and ``IP`` is in progress.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import polars as pl

from ipvi_cli.classify.site_words import tokens
from ipvi_cli.classify.statute_citations import parse_citation
from ipvi_cli.classify.word_grammar import Grammar, Head, Reading, read_entries
from ipvi_cli.model.errors import InputError

SITE_KINDS: Final = ("offense", "weapon", "injury", "disposition", "call")
"""Kinds of site words that are no relationships."""

NIBRS_SYSTEMS: Final = frozenset({"nibrs", "ndex", "cibrs", "librs"})
"""Code systems whose offence, weapon and injury codes are those of NIBRS."""

_LETTERED: Final = re.compile(r"\d\d[A-Z]")
_CODE_FIRST: Final = re.compile(
    r"\(?(?P<code>\d{2,3}[A-Z]?|[A-Z](?=\s*[)\-:=]))\)?\s*[-:=]?\s+(?P<label>\D.*)"
)
_CODE_LAST: Final = re.compile(r"(?P<label>.+?)\s*[(\[]\s*(?P<code>\d{2,3}[A-Z]?|[A-Z])\s*[)\]]")
_NUMBER_FIRST: Final = re.compile(
    r"(?:\d{2,5}\s+|[\dA-Z/]*\d[\dA-Z/]*\s*[-:]\s*)(?P<label>[A-Z].*)"
)
_LONGEST_CITATION: Final = 4
"""Words of a citation that stands beside the name of an offence."""

_SCHEMA: Final = pl.Schema(
    {
        "value": pl.String(),
        "mapped_to": pl.String(),
        "reason": pl.String(),
        "candidates": pl.List(pl.String()),
        "rule": pl.String(),
    }
)

_KNOWN: Final = {
    "offense": "Use a NIBRS offence code such as 13B.",
    "weapon": "Use a NIBRS weapon code: 11 to 15 (A behind it for automatic) or 20 to 99.",
    "injury": "Use a NIBRS injury code: N, B, I, L, M, O, T or U.",
    "disposition": "Use convicted, dismissed, acquitted, diverted, pending, declined or other.",
    "call": "Use a group of the packaged list, such as domestic, assault or disturbance.",
}


@dataclass(frozen=True)
class _Answer:
    mapped_to: str | None = None
    reason: str | None = None
    candidates: tuple[str, ...] | None = None
    rule: str | None = None


_MISSING: Final = _Answer(reason="missing")
_UNMAPPED: Final = _Answer(reason="unmapped")


@dataclass(frozen=True)
class _Packaged:
    """The packaged table of a kind: codes by system, and the grammars of official names and of free wording."""

    codes: Mapping[str, Mapping[str, tuple[str, ...]]]
    names: Grammar
    words: Grammar

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(
            sorted(
                {code for own in self.codes.values() for means in own.values() for code in means}
            )
        )


@cache
def _packaged(kind: str) -> _Packaged:
    entries = read_entries(kind)
    codes: dict[str, dict[str, tuple[str, ...]]] = {}
    for entry in entries:
        if entry.role == "code":
            for code in entry.words:
                if codes.setdefault(entry.system, {}).setdefault(code, entry.means) != entry.means:
                    raise ValueError(f"code {code} stands twice with two meanings")
    official = [entry for entry in entries if entry.role in ("name", "reason", "spelling")]
    return _Packaged(codes, Grammar(official), Grammar(entries))


class SiteCrosswalk:
    """What site words of one kind mean, the site's own list first.

    Args:
        kind: One of ``SITE_KINDS``.
        site: Tokens of the site's words to their code.
    """

    def __init__(self, kind: str, site: Mapping[tuple[str, ...], str]) -> None:
        self.kind = kind
        self._site = site
        self._packaged = _packaged(kind)

    def map_values(
        self, values: pl.Series, *, code_system: str = "text", direction: str = "undeclared"
    ) -> pl.DataFrame:
        """Map words to codes.

        Args:
            values: Words as written, in any number; null is missing.
            code_system: ``nibrs`` (also ``ndex``, ``cibrs``, ``librs``, whose codes are the same) takes codes and
                official names; ``ucr`` takes the numbers of the summary system; ``site`` takes the site's own
                words alone; any other takes wording, in which a bare number means nothing.
            direction: Accepted so that every crosswalk is called alike, and ignored: these words state no tie.

        Returns:
            One row for each distinct value, in order of appearance: ``value`` (byte for byte), ``mapped_to`` (null
            when undecided), ``reason`` (null, ``missing``, ``unknown``, ``unmapped`` or ``ambiguous_term``),
            ``candidates`` (codes that an ambiguous word may mean) and ``rule`` (``site``, ``code:``, ``name:`` or
            ``words:`` with the packaged wording and the qualifiers that were set aside; null when nothing matched).
        """
        rows = []
        for value in values.cast(pl.String).unique(maintain_order=True):
            answer = self._answer(value, code_system)
            rows.append((value, answer.mapped_to, answer.reason, answer.candidates, answer.rule))
        return pl.DataFrame(rows, schema=_SCHEMA, orient="row")

    def _answer(self, value: str | None, system: str) -> _Answer:
        words = tokens(value or "")
        if words in self._site:
            return _Answer(mapped_to=self._site[words], rule="site")
        if value is None or not words:
            return _MISSING
        if system == "site":
            return _UNMAPPED
        text = " ".join(value.upper().split())
        if system in NIBRS_SYSTEMS:
            return (
                self._code(text, "nibrs")
                or self._labelled(text, self._packaged.names, numbers=True)
                or _told(self._packaged.names.read(text))
            )
        if system == "ucr":
            return self._code(text, "ucr") or _told(self._packaged.words.read(text))
        lettered = self._code(text, "nibrs") if _LETTERED.fullmatch(text) else None
        return (
            lettered
            or self._labelled(text, self._packaged.words, numbers=False)
            or self._numbered(text)
            or self._cited(value)
            or _told(self._packaged.words.read(text))
        )

    def _code(self, text: str, system: str) -> _Answer | None:
        known = self._packaged.codes.get(system, {})
        padded = next((code for code in (text, f"0{text}") if code in known), None)
        if padded is None:
            return None
        return _decided(known[padded], f"code:{system}:{padded}")

    def _labelled(self, text: str, grammar: Grammar, *, numbers: bool) -> _Answer | None:
        """Read a code with its label, such as ``13B - SIMPLE ASSAULT``; the two must agree.

        Unless ``numbers`` a code without a letter is no code, as it may be a number of the site's own.
        """
        matched = _CODE_FIRST.fullmatch(text) or _CODE_LAST.fullmatch(text)
        if matched is None or (matched["code"].isdigit() and not numbers):
            return None
        coded = self._code(matched["code"], "nibrs")
        if coded is None:
            return None
        told = _told(grammar.read(matched["label"]))
        return coded if coded.mapped_to in (told.candidates or (told.mapped_to,)) else _UNMAPPED

    def _numbered(self, text: str) -> _Answer | None:
        """Read the label behind a number of the site's own, such as ``07 - MINOR ACCIDENT``."""
        matched = _NUMBER_FIRST.fullmatch(text)
        told = _told(self._packaged.words.read(matched["label"])) if matched else _UNMAPPED
        if told.reason == "unmapped":
            return None
        return _Answer(told.mapped_to, told.reason, told.candidates, f"{told.rule} + NUMBER")

    def _cited(self, text: str) -> _Answer | None:
        """Read the words of an offence beside the citation of its statute, such as ``422 PC CRIMINAL THREATS``."""
        if self.kind != "offense":
            return None
        for cited, label in _cuts(text):
            citation = parse_citation(cited)
            if citation is not None and citation.states:
                told = _told(self._packaged.words.read(label))
                if told.reason != "unmapped":
                    return replace(told, rule=f"{told.rule} + CITATION")
        return None


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Cut a text in two between words, at either end a part that may be a citation, the longest first."""
    words = text.split()
    for length in range(min(_LONGEST_CITATION, len(words) - 1), 1, -1):
        yield " ".join(words[:length]).rstrip("-:"), " ".join(words[length:])
        yield " ".join(words[-length:]).lstrip("-:"), " ".join(words[:-length])


def _told(reading: Reading) -> _Answer:
    head = reading.head
    if head is None:
        return _UNMAPPED
    if reading.rivals:
        every = dict.fromkeys(code for one in (head, *reading.rivals) for code in one.means)
        return _Answer(
            reason="ambiguous_term",
            candidates=tuple(every),
            rule=" / ".join(["words:" + head.words, *(rival.words for rival in reading.rivals)]),
        )
    return _said(head, reading.qualifiers)


def _said(head: Head, qualifiers: tuple[str, ...]) -> _Answer:
    if head.role == "name":
        rule = f"name:nibrs:{head.means[0]}"
    else:
        rule = f"words:{head.words}"
    rule = " + ".join([rule, *qualifiers])
    if head.role == "reason":
        return _Answer(reason=head.means[0], rule=rule)
    if head.role == "ambiguous":
        return _Answer(reason="ambiguous_term", candidates=head.means, rule=rule)
    return _Answer(mapped_to=head.means[0], rule=rule)


def _decided(means: tuple[str, ...], rule: str) -> _Answer:
    if len(means) == 1:
        return _Answer(mapped_to=means[0], rule=rule)
    return _Answer(reason="ambiguous_term", candidates=means, rule=rule)


def load_site_crosswalk(kind: str, *, overrides: Mapping[str, str] | None = None) -> SiteCrosswalk:
    """Load the packaged crosswalk of a kind with the site's words over it.

    Args:
        kind: One of ``SITE_KINDS``.
        overrides: The site's words, and the code that each means; they are compared as ``tokens`` cuts them.

    Returns:
        The crosswalk.

    Raises:
        InputError: A site word means no known code, or stands twice with two meanings.
    """
    known = {code.casefold(): code for code in _packaged(kind).targets}
    site: dict[tuple[str, ...], str] = {}
    for word, target in (overrides or {}).items():
        code = known.get(target.strip().casefold())
        if code is None:
            near = _nearest(target.strip().casefold(), known)
            hint = f" (did you mean '{known[near]}'?)" if near else ""
            raise InputError(
                f"the {kind} word '{word}' is given '{target}', which is not a known code{hint}.",
                where=f"site_words.{kind}",
                mend=_KNOWN[kind],
            )
        if site.setdefault(tokens(word), code) != code:
            raise InputError(
                f"the {kind} word '{word}' stands twice with two codes.",
                where=f"site_words.{kind}",
                mend="Case, accents, punctuation and spacing do not tell two words apart.",
            )
    return SiteCrosswalk(kind, site)


def site_codes(kind: str) -> tuple[str, ...]:
    """List the codes that a site word of a kind may be said to mean."""
    return _packaged(kind).targets


def _nearest(wanted: str, known: Mapping[str, str]) -> str | None:
    """Give the closest code, of several the one that starts most like the wanted one."""
    close = difflib.get_close_matches(wanted, known, n=10, cutoff=0.5)
    return max(
        close, key=lambda code: [a == b for a, b in zip(code, wanted, strict=False)], default=None
    )
