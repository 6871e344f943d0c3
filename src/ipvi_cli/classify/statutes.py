"""Statutes whose victims can only be partners, and what a charge under one may do to a pair's class.

``data/statutes.csv`` names sections by state. ``implies`` is ``yes`` where the section's victims are only current or
former spouses, dating or engaged partners, couples living together, or co-parents; ``any`` where they may also be
parents, siblings or household members, so that a charge shows domestic violence but never partnership; ``none``
where the section names no tie, or is no charge; ``review`` where that is unsettled. ``status`` is ``V`` for a section
checked against the public text that ``source`` names, and ``K`` for general professional knowledge.

What a charge may do, and no more:

- It decides only under a section that the profile lists in ``[statutes] confirmed``, with who confirmed it and when.
  A ``yes`` or ``review`` section may be confirmed, an ``any`` or ``none`` section never. Until then a ``yes`` section
  is a suggestion in the review file.
- It decides only for an incident with exactly one victim and one offender, or where the charge names the victim.
- It fills what the record leaves blank or ambiguous and settles no stated tie: a charge beside a stated family tie
  keeps the family tie and is kept as the conflict ``statute``.
- Sections are compared, not titles: no word of a charge counts, and a longer number is another section.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from ipvi_cli.classify.lists import ListError, rows
from ipvi_cli.classify.statute_citations import FEDERAL, Citation, parse_citation
from ipvi_cli.model.errors import InputError

CONFIRMABLE: Final = frozenset({"yes", "review"})
"""What a section must imply for a site to confirm that it names partners only."""

MATCH_SCHEMA: Final[dict[str, pl.DataType]] = {
    "value": pl.String(),
    "statute": pl.String(),
    "implies": pl.String(),
    "status": pl.String(),
    "rule": pl.String(),
}
"""Columns of matched citations."""


@dataclass(frozen=True)
class Statute:
    """A section of the packaged list.

    Attributes:
        name: Canonical citation, as ``CA PC 273.5``.
        citation: The same taken apart.
        implies: ``yes``, ``any``, ``none`` or ``review``.
        status: ``V`` or ``K``.
        gist: Whom the section protects, in short.
        source: Where that was read.
    """

    name: str
    citation: Citation
    implies: str
    status: str
    gist: str
    source: str

    @property
    def rule(self) -> str:
        """Name of the rule that a charge under this section decides by."""
        return f"statute:{self.name}"


@cache
def statutes() -> Mapping[str, Statute]:
    """Give the packaged list by canonical citation.

    Raises:
        ListError: A row is no citation of a section.
    """
    made: dict[str, Statute] = {}
    for row in rows("statutes.csv"):
        name = f"{row['state']} {row['pattern']}"
        citation = parse_citation(name)
        if citation is None:
            raise ListError(f"{name} is no citation of a section")
        made[name] = Statute(
            name, citation, row["implies"], row["status"], row["gist"], row["source"]
        )
    return made


def match_statutes(citations: pl.Series, state: str | None) -> pl.DataFrame:
    """Find the packaged section that each citation is of.

    Args:
        citations: Statute citations as written, one in a cell.
        state: Two-letter state whose law the records cite; a citation that names another state is of that one.

    Returns:
        One row for each distinct value that is not null, in order of appearance: ``value``, ``statute`` (canonical
        citation), ``implies``, ``status`` and ``rule``; all but the first null where no section matches.
    """
    values = citations.cast(pl.String).drop_nulls().unique(maintain_order=True).to_list()
    found = [find_statute(value, state) for value in values]
    return pl.DataFrame(
        {
            "value": values,
            "statute": [one and one.name for one in found],
            "implies": [one and one.implies for one in found],
            "status": [one and one.status for one in found],
            "rule": [one and one.rule for one in found],
        },
        schema=MATCH_SCHEMA,
    )


def find_statute(text: str, state: str | None) -> Statute | None:
    """Find the packaged section that a citation is of.

    A citation without the law's name matches when the state's list has the section in one law only; a section listed
    with a subdivision matches only where that subdivision is stated.

    Args:
        text: Citation as written.
        state: Two-letter state whose law the records cite, where known.

    Returns:
        The section, or ``None``.
    """
    cited = parse_citation(text)
    if cited is None:
        return None
    place = _place(cited, state)
    if place is None or (cited.code is not None and place not in cited.states):
        return None
    listed = _by_section().get((place, cited.section), ())
    laws = {statute.citation.code for statute in listed}
    if cited.code is None and len(laws) > 1:
        return None
    fitting = [statute for statute in listed if _fits(cited, statute.citation)]
    return max(fitting, key=lambda one: len(one.citation.subdivisions), default=None)


def statute_step(
    pairs: pl.DataFrame, offenses: pl.DataFrame, confirmed: frozenset[str], state: str | None
) -> pl.DataFrame:
    """Say under which confirmed section the only pair of an incident is charged.

    Args:
        pairs: ``incident``, ``victim`` and ``offender``: each pair once.
        offenses: ``incident`` and ``statute`` of offences and charges that count. Pairs hold no offender of whom
            nothing is known: leave out the incidents that also have one.
        confirmed: Canonical citations that the profile confirms.
        state: Two-letter state whose law the records cite.

    Returns:
        The pairs in their order with ``statute``: the canonical citation, the first by name of several; null where
        none is charged or the incident has more than one victim or offender.
    """
    matched = match_statutes(offenses["statute"], state).filter(pl.col("statute").is_in(confirmed))
    charged = (
        offenses.select("incident", value="statute")
        .join(matched.select("value", "statute"), on="value", how="inner")
        .group_by("incident")
        .agg(pl.col("statute").min())
    )
    alone = pl.len().over("incident") == 1
    joined = pairs.join(charged, on="incident", how="left", maintain_order="left")
    return joined.with_columns(pl.when(alone).then("statute").alias("statute"))


def partner_statutes() -> frozenset[str]:
    """Name the sections that protect partners only; where none is confirmed, a charge under one is a suggestion."""
    return frozenset(name for name, one in statutes().items() if one.implies == "yes")


def confirmed_statutes(confirmed: Iterable[str]) -> frozenset[str]:
    """Check the sections that a profile confirms to name partners only.

    Args:
        confirmed: Canonical citations, as the profile lists them.

    Returns:
        The same, each of the packaged list.

    Raises:
        InputError: A citation is not in the packaged list, or its section also protects others than partners; all
            such are named at once.
    """
    listed = frozenset(confirmed)
    problems = [problem for name in sorted(listed) if (problem := _problem(name)) is not None]
    if problems:
        raise InputError(
            "; ".join(problems) + ".",
            where="profile, statutes.confirmed",
            mend="List canonical citations of sections that protect partners only.",
        )
    return listed


def _problem(name: str) -> str | None:
    statute = statutes().get(name)
    if statute is None:
        meant = find_statute(name, None)
        able = [one.name for one in statutes().values() if one.implies in CONFIRMABLE]
        near = [meant.name] if meant else difflib.get_close_matches(name, able, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        return f"'{name}' is not in the list of statutes{hint}"
    if statute.implies not in CONFIRMABLE:
        return f"'{name}' does not protect partners only ({statute.gist})"
    return None


def _place(cited: Citation, state: str | None) -> str | None:
    """Say whose law is cited: the state named, federal law, the records' state, or the only one with such a law."""
    if cited.state is not None:
        return cited.state
    if cited.states == {FEDERAL}:
        return FEDERAL
    if state is None and len(cited.states) == 1:
        return next(iter(cited.states))
    return state


def _fits(cited: Citation, listed: Citation) -> bool:
    stated = cited.subdivisions[: len(listed.subdivisions)]
    return cited.code in {None, listed.code} and stated == listed.subdivisions


@cache
def _by_section() -> Mapping[tuple[str, str], tuple[Statute, ...]]:
    """Give the packaged list by state and section."""
    made: dict[tuple[str, str], tuple[Statute, ...]] = {}
    for statute in statutes().values():
        key = (statute.name[:2], statute.citation.section)
        made[key] = (*made.get(key, ()), statute)
    return made
