"""How a word came to its meaning and what a rule rests on, step by step, for people who ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.classify import lists
from ipvi_cli.classify.crosswalk import relationship_crosswalk
from ipvi_cli.classify.grammar import listed, read
from ipvi_cli.classify.meaning import DETERMINATE, Meaning, turned
from ipvi_cli.classify.near import near_misses
from ipvi_cli.classify.normalise import fold, plain
from ipvi_cli.classify.reviewed import REVIEW
from ipvi_cli.classify.settle import STEPS
from ipvi_cli.classify.sources import SOURCES
from ipvi_cli.classify.statutes import statutes
from ipvi_cli.classify.vocabulary import cut

WORD_STEPS: Final[dict[str, pl.DataType]] = {
    "step": pl.String(),
    "looked_at": pl.String(),
    "yielded": pl.String(),
    "source": pl.String(),
}
"""Columns of the steps of a word."""

_NOTHING: Final = "nothing"


@dataclass(frozen=True)
class Origin:
    """What a rule rests on.

    Attributes:
        rule: Name of the rule.
        rests_on: The list and its entry, or the step.
        means: What the entry means; empty where the rule alone does not say.
        source: Where the entry comes from.
    """

    rule: str
    rests_on: str
    means: str
    source: str


def origin(rule: str) -> Origin:
    """Say what a rule of a classified pair rests on.

    Args:
        rule: As in ``rule`` or, behind the first colon, in ``evidence`` of ``pairs.parquet``.
    """
    kind, _, entry = rule.partition(":")
    match kind:
        case "words":
            for row in lists.rows("relationship_words.csv"):
                if fold(row["words"]) == entry:
                    told = f"packaged words, entry {row['words']}"
                    return Origin(rule, told, _row_means(row), row["source"])
        case "code":
            for row in lists.rows("relationship_codes.csv"):
                if f"{row['code_system']}:{fold(row['code'])}" == entry:
                    told = f"code list {row['code_system']}, code {row['code']}"
                    return Origin(rule, told, _row_means(row), row["source"])
        case "statute" if entry in statutes():
            statute = statutes()[entry]
            told = f"packaged statutes, {entry}, confirmed in the profile"
            return Origin(rule, told, statute.gist, statute.source)
        case "grammar":
            told = f"read word by word as {entry}; every word has its place"
            return Origin(rule, told, "", "packaged vocabulary and roles, usual US records wording")
        case "site":
            told = f"the site's own words, which mean {entry}"
            return Origin(rule, told, entry, "[site_words.relationship] in the profile")
        case "order":
            told = (
                f"a protective order between the same two, whose basis is {origin(entry).rests_on}"
            )
            return Origin(rule, told, origin(entry).means, origin(entry).source)
        case "linked":
            return Origin(rule, f"the same two are partners in incident {entry}", "", "")
        case "review":
            return Origin(rule, f"a person's decision, by {entry}", "", "the decisions file")
        case "pair":
            return Origin(rule, f"the step {entry}", "", "docs/how-a-pair-gets-its-class.md")
        case "blank":
            return Origin(rule, "a blank cell, or a word for blank", "undetermined: missing", "")
    return Origin(rule, rule, "", "")


def settling_steps() -> list[tuple[str, str]]:
    """Name the steps that settle a pair, in order, and say what each of them does."""
    own = [(step.__name__.strip("_"), step.__doc__ or "") for step in STEPS]
    steps = [(name, told.partition("\n")[0]) for name, told in own]
    place = 1 + [name for name, _ in steps].index("child_in_common")
    review = (REVIEW, "Take what a person decided about this very pair.")
    return [review, *steps[:place], *SOURCES.items(), *steps[place:]]


def word_steps(
    value: str,
    *,
    code_system: str = "text",
    direction: str = "undeclared",
    site_words: Mapping[str, str] | None = None,
) -> tuple[pl.DataFrame, Meaning]:
    """Follow a relationship word through the crosswalk.

    Args:
        value: A cell, as written.
        code_system: Code system of the column.
        direction: Whose tie to whom the column states.
        site_words: The site's own words and what they mean.

    Returns:
        ``WORD_STEPS``, one row for each step that was tried, and what the word means.

    Raises:
        InputError: A site word is said to mean something that there is not.
    """
    meaning = relationship_crosswalk(site_words or {}).meaning(
        value, code_system=code_system, direction=direction
    )
    rows = list(_steps(value, meaning, code_system, direction, dict(site_words or {})))
    return pl.DataFrame(rows, schema=WORD_STEPS, orient="row"), meaning


def _steps(
    value: str, meaning: Meaning, system: str, direction: str, site_words: dict[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    key = fold(value)
    yield "brought to one form", value, key, ""
    if not key.strip("?"):
        yield "blank", key, told(meaning), ""
        return
    site = {fold(word): target for word, target in site_words.items()}
    where = "[site_words.relationship] in the profile"
    yield "site's own words", f"{key}, in {len(site)}", site.get(key, _NOTHING), where
    if key in site:
        yield from _turning(meaning, meaning, direction)
        return
    found: Meaning | None = None
    for name in lists.CODE_SYSTEMS.get(system, ()):
        found = lists.codes()[name].get(key)
        yield f"code list {name}", key, told(found), _source(found)
        if found is not None:
            yield from _turning(found, meaning, direction)
            return
    found = listed(plain(value))
    yield "packaged words, as a whole", key, told(found), _source(found)
    if found is None:
        found = read(value)
        pieces = ", ".join(
            f"{one.text}: {'/'.join(sorted(one.kinds)) or 'not known'}"
            for one in cut(value)
            if one.text and not one.separator
        )
        yield "word by word", pieces, told(found), _source(found)
    if found is not None and meaning.reason == "unmapped":
        yield "a short value in a coded column", key, "not read as a word", ""
    elif found is not None:
        yield from _turning(found, meaning, direction)
    for _, near, suggestion in near_misses([value] if found is None else []).iter_rows():
        yield "one typing error away", near, f"only a suggestion: {suggestion}", ""


def _turning(
    found: Meaning, meaning: Meaning, direction: str
) -> Iterator[tuple[str, str, str, str]]:
    if turned(found, direction, lists.turns()) != found or found != meaning:
        yield "direction", direction, told(meaning), ""


def told(meaning: Meaning | None) -> str:
    """Say what a meaning is, in the codes of the outputs."""
    if meaning is None:
        return _NOTHING
    if meaning.reason is not None:
        words = f"{meaning.relationship_class}: {meaning.reason}"
        left = "any class" if meaning.candidates == DETERMINATE else ", ".join(meaning.candidates)
        return f"{words} ({left})" if left else words
    known = (meaning.tie, meaning.partner_status, meaning.nibrs_code)
    return f"{meaning.relationship_class} ({', '.join(one for one in known if one)})"


def _row_means(row: Mapping[str, str]) -> str:
    if row["reason"]:
        return f"{row['class']}: {row['reason']}"
    parts = (row["tie"], row["partner_status"], row["nibrs_code"])
    return f"{row['class']} ({', '.join(one for one in parts if one)})"


def _source(meaning: Meaning | None) -> str:
    return origin(meaning.rule).source if meaning is not None and meaning.rule else ""
