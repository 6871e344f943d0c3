"""Which concept each column of a file is of: what its header says, held against its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.onboard.delivered import Delivered, Vocabulary
from ipvi_cli.onboard.headers import Header, kind_of, read_header
from ipvi_cli.onboard.packed import Packing, packing, unpacked
from ipvi_cli.onboard.values import Fit, Values

SURE: Final = 0.75
"""Score from which a column is mapped."""
CONTRADICTION: Final = 0.5
"""Share of fitting values below which they contradict the header."""

_HEADER: Final = 0.6
_VALUES: Final = 0.4
_EVENTS: Final = ("incident_number", "arrest_number", "call_number")
_TELLING: Final = 0.8
_WORDS: Final = ("relationship", "offense", "weapon", "injury", "disposition", "call")


@dataclass(frozen=True)
class Lookup:
    """A delivered list that says what the codes of a column stand for.

    Attributes:
        file: The list.
        key: Its column of codes.
        column: Its column of meanings that is taken.
        meanings: Code to meaning.
    """

    file: str
    key: str
    column: str
    meanings: Mapping[str, str]


@dataclass(frozen=True)
class Candidate:
    """A concept that a column may be of.

    Attributes:
        concept: Key of the word list's columns; empty when nothing is known.
        score: How sure that is, from 0 to 1.
        weight: What the header alone says, from 0 to 1.
        rank: Place of the header's phrase in the word list.
        fit: What the values say.
        lookup: The list through which the values were read.
        more: Whether the header has words that may make another thing of it.
    """

    concept: str
    score: float
    weight: float
    rank: int
    fit: Fit
    lookup: Lookup | None = None
    more: bool = False

    @property
    def contradicted(self) -> bool:
        """Whether the values do not fit what the header says."""
        return self.fit.share is not None and self.fit.share < CONTRADICTION

    @property
    def sure(self) -> bool:
        """Whether header and values agree well enough for a mapping."""
        return self.score >= SURE and not self.contradicted and self.fit.share is not None

    @property
    def evidence(self) -> str:
        """The evidence in words, without any value."""
        says = (
            "header says so"
            if self.weight >= 1
            else "header hints at it"
            if self.weight
            else "header is silent"
        )
        through = f" through {self.lookup.file}" if self.lookup else ""
        return f"{says}; {self.fit.told}{through}"


@dataclass(frozen=True)
class Column:
    """A source column with what is known of it; the values of packed cells are those of their items."""

    name: str
    header: Header
    values: Values
    packed: Packing | None = None
    candidates: tuple[Candidate, ...] = field(default=())


def read_columns(
    file: Delivered, lookups: Mapping[str, tuple[Lookup, ...]], vocabulary: Vocabulary
) -> tuple[Column, ...]:
    """Weigh every column of a file.

    Args:
        file: The file.
        lookups: Delivered lists by the name of their column of codes, upper-case.
        vocabulary: What words mean.

    Returns:
        The columns with their candidates, the surest first.
    """
    found = []
    for name in file.columns:
        header, cells = read_header(name), file.cells[name]
        packed = packing(cells)
        if packed is not None:
            cells = unpacked(cells, packed)
        values = Values(cells)
        own = [one for one in lookups.get(name.strip().upper(), ()) if one.file != file.file]
        found.append(
            Column(
                name, header, values, packed, _candidates(header, values, own, cells, vocabulary)
            )
        )
    return tuple(found)


def _candidates(
    header: Header, values: Values, lookups: list[Lookup], cells: pl.Series, vocabulary: Vocabulary
) -> tuple[Candidate, ...]:
    found = []
    for meaning in header.meanings:
        kind = kind_of(meaning.concept)
        fit, lookup = values.fit(kind, vocabulary), None
        if lookups and (kind in CODE_LISTS or kind in _WORDS):
            for one in lookups:
                decoded = Values(
                    cells.replace_strict(dict(one.meanings), default=None, return_dtype=pl.String)
                )
                through = decoded.fit(kind, vocabulary)
                if (through.share or 0.0) > (
                    fit.share or 0.0
                ) and decoded.filled >= 0.9 * values.filled:
                    fit, lookup = through, one
        share = fit.share
        score = _HEADER * meaning.weight + _VALUES * share if share is not None else 0.0
        found.append(
            Candidate(
                meaning.concept,
                round(score, 3),
                meaning.weight,
                meaning.rank,
                fit,
                lookup,
                meaning.more,
            )
        )
    if not any(one.sure for one in found):
        found.extend(_from_values(values, vocabulary, {one.concept for one in found}))
    return tuple(sorted(found, key=lambda one: (one.contradicted, -one.score, -one.weight)))


def _from_values(values: Values, vocabulary: Vocabulary, known: set[str]) -> list[Candidate]:
    """What the values alone suggest; never enough for a mapping, but worth a question."""
    if (
        values.empty
        or not 3 <= values.distinct <= 400
        or values.type not in ("words", "code", "name-like")
    ):
        return []
    found = []
    for concept in ("relationship", "offense"):
        if concept in known or values.mean_length < 2:
            continue
        fit = values.fit(concept, vocabulary)
        if (fit.share or 0.0) >= _TELLING and not fit.foreign and values.distinct >= 3:
            found.append(Candidate(concept, round(_VALUES * (fit.share or 0.0), 3), 0.0, 99, fit))
    return found


def find_lookups(files: tuple[Delivered, ...]) -> dict[str, tuple[Lookup, ...]]:
    """Find the delivered lists that say what codes stand for.

    Args:
        files: Every input.

    Returns:
        The lists by the name of their column of codes, upper-case: a short file whose first column of codes has no
        value twice, beside a column of codes or names.
    """
    found: dict[str, tuple[Lookup, ...]] = {}
    for file in files:
        if not is_lookup(file):
            continue
        key = file.columns[0]
        for column in file.columns[1:]:
            pairs = file.cells.select(key, column).drop_nulls()
            if pairs.height < 0.5 * file.rows:
                continue
            one = Lookup(file.file, key, column, dict(pairs.iter_rows()))
            found[key.strip().upper()] = (*found.get(key.strip().upper(), ()), one)
    return found


def is_lookup(file: Delivered) -> bool:
    """Say whether a file is a list of codes and their meanings rather than of events or persons."""
    if not 2 <= file.rows <= 2000 or len(file.columns) < 2 or len(file.columns) > 15:
        return False
    first = Values(file.cells[file.columns[0]])
    words = {read_header(name).words[-1:] for name in file.columns[1:]}
    named = bool(words & {("NAME",), ("TEXT",), ("CODE",)})
    code_like = read_header(file.columns[0]).words[-1:] in (("ID",), ("CODE",), ("NUMBER",))
    events = any(one.concept in _EVENTS for one in read_header(file.columns[0]).meanings[:1])
    dated = any(Values(file.cells[name]).type == "date" for name in file.columns)
    return (
        first.unique
        and first.filled == file.rows
        and named
        and code_like
        and not events
        and not dated
    )
