"""The evidence of each pair, settled once for each combination of words and flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ipvi_cli.classify.keys import (
    ascending,
    distinct,
    gathered,
    numbered,
    pair_key,
    positions,
    same,
)
from ipvi_cli.classify.pairs import Paired
from ipvi_cli.classify.people import PERSONS
from ipvi_cli.classify.settle import Case, Decision, Statement, settle
from ipvi_cli.model.classified import PAIR_SCHEMA

_OF_THE_PAIR: Final = (
    "pair_id", "incident_id", "victim_id", "offender_id", "victim_under_18", "offender_under_18",
)  # fmt: skip
OUTCOME_SCHEMA: Final[dict[str, pl.DataType]] = {
    name: dtype for name, dtype in PAIR_SCHEMA.items() if name not in _OF_THE_PAIR
}
"""What a settled combination gives to each of its pairs."""

_ALIKE: Final = {
    name: dtype for name, dtype in OUTCOME_SCHEMA.items() if name != "relationship_raw"
}

_FLAG_UNKNOWN, _PERSON, _CALLED, _CHILD, _MARKS = 2, 4, 8, 16, 32
"""Marks of a pair besides its words, as bits; the lowest is the domestic violence flag."""


@dataclass(frozen=True)
class Settled:
    """What the pairs come to.

    Attributes:
        decisions: One for each combination of evidence.
        of_pair: Position of the decision of each pair, in the order of the pairs.
    """

    decisions: tuple[Decision, ...]
    of_pair: pl.Series


def settle_pairs(
    paired: Paired, statements: tuple[Statement, ...], flagged: pl.Series, called: pl.Series
) -> Settled:
    """Settle every pair.

    Args:
        paired: The pairs and what is said of them.
        statements: What each word says.
        flagged: Domestic violence flag of each incident.
        called: Whether each pair calls for a relationship.
    """
    victims, offenders = paired.people["victim"], paired.people["offender"]
    texts, said = _said_of(paired)
    incident, of, by = paired.pairs
    child = pl.col("under_13").fill_null(False).cast(pl.UInt8) * _CHILD
    of_victim = victims.select(child | pl.col("person").cast(pl.UInt8) * _PERSON).to_series()
    of_offender = offenders.select(child).to_series()
    marks = (
        gathered(flagged.cast(pl.UInt8).fill_null(_FLAG_UNKNOWN), incident)
        | gathered(of_victim, of)
        | gathered(of_offender, by)
        | called.cast(pl.UInt8) * _CALLED
    )
    kinds, of_pair = numbered(said * _MARKS + marks)
    return Settled(tuple(_decisions(kinds, texts, statements)), of_pair)


def _decisions(
    kinds: pl.Series, texts: list[tuple[int, ...]], statements: tuple[Statement, ...]
) -> Iterator[Decision]:
    """Settle each combination; of words that mean the same each alone comes to the same, but for the word itself."""
    _, meaning = distinct(one.meaning for one in statements)
    of_word = meaning.to_list()
    known: dict[tuple[int, int, int], Decision] = {}
    for kind in kinds:
        codes, marks = texts[kind // _MARKS], kind % _MARKS
        if len(codes) != 1:
            yield settle(_case(codes, statements, marks))
            continue
        word, told = codes[0] // 4, codes[0] % 4
        alike = (of_word[word], told, marks)
        if alike not in known:
            known[alike] = settle(_case(codes, statements, marks))
        decision, raw = known[alike], statements[word].raw
        yield decision if decision.raw in (None, raw) else replace(decision, raw=raw)


def outcomes(decisions: Iterable[Decision]) -> pl.DataFrame:
    """Lay out decisions as rows, ``OUTCOME_SCHEMA``; but for the word they differ in a few ways."""
    found = tuple(decisions)
    kinds, of_kind = distinct((one.meaning, one.basis, one.evidence, one.conflict) for one in found)
    rows = [
        {
            "relationship_class": meaning.relationship_class,
            "tie": meaning.tie,
            "partner_status": meaning.partner_status,
            "basis": basis,
            "rule": meaning.rule,
            "reason": meaning.reason,
            "candidates": list(meaning.candidates),
            "evidence": list(evidence),
            "conflict": list(conflict),
            "nibrs_code": meaning.nibrs_code,
        }
        for meaning, basis, evidence, conflict in kinds
    ]
    words = pl.Series("relationship_raw", [one.raw for one in found], pl.String)
    alike = pl.DataFrame(rows, schema=_ALIKE).select(pl.all().gather(of_kind))
    return alike.with_columns(words).select(*OUTCOME_SCHEMA)


def _said_of(paired: Paired) -> tuple[list[tuple[int, ...]], pl.Series]:
    """Number the combinations of words that are said of one pair; each word with its two marks is one number.

    Returns:
        The combinations, the first one empty, and the combination of each pair.
    """
    if all(same(paired.pairs[name], paired.said[name]) for name in PERSONS):
        return _numbered(paired.said.select(_code()).to_series())
    said = paired.said.select(pair_key(), _code())
    pairs = paired.pairs.select(pair_key()).to_series()
    if not ascending(said["pair"]):
        said = said.sort("pair", "code")
    again = said["pair"] == said["pair"].shift()
    again = (again | again.shift(-1)).fill_null(False)
    one, more = said.filter(~again), said.filter(again)
    texts, numbers = _numbered(one["code"])
    numbered = one.select("pair", numbers.alias("said"))
    if more.height:
        listed = more.group_by("pair").agg(pl.col("code").unique().sort())
        joined = pl.col("code").cast(pl.List(pl.String)).list.join(",").alias("text")
        listed = listed.with_columns(joined)
        kinds = listed["text"].unique().sort()
        places = positions(listed["text"].hash(), kinds.hash()) + len(texts)
        texts += [tuple(int(code) for code in text.split(",")) for text in kinds]
        numbered = pl.concat([numbered, listed.select("pair", places.alias("said"))])
    at = positions(pairs, numbered["pair"])
    return texts, numbered["said"].gather(at).fill_null(0)


def _code() -> pl.Expr:
    """Put a word and its two marks into one number; a delivery has far fewer than 2^30 different words."""
    marks = pl.col("child").cast(pl.UInt32) * 2 + pl.col("paired")
    return (pl.col("word") * 4 + marks).alias("code")


def _numbered(codes: pl.Series) -> tuple[list[tuple[int, ...]], pl.Series]:
    single, places = numbered(codes)
    return [(), *((code,) for code in single)], places + 1


def _case(codes: tuple[int, ...], statements: tuple[Statement, ...], marks: int) -> Case:
    return Case(
        statements=tuple(statements[code // 4] for code in codes if code & 1),
        unpaired=tuple(statements[code // 4] for code in codes if not code & 1),
        child_in_common=any(code & 3 == 3 for code in codes),
        flagged=None if marks & _FLAG_UNKNOWN else bool(marks & 1),
        victim_is_person=bool(marks & _PERSON),
        called_for=bool(marks & _CALLED),
        child=bool(marks & _CHILD),
    )
