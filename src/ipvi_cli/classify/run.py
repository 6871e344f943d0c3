"""Classify a delivery: words to meanings, meanings to pairs, pairs to incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from ipvi_cli.classify.called import called_incidents, called_pairs, marked
from ipvi_cli.classify.cases import settle_pairs
from ipvi_cli.classify.crosswalk import relationship_crosswalk
from ipvi_cli.classify.keys import hashed
from ipvi_cli.classify.pairs import Paired, pair_up
from ipvi_cli.classify.reviewed import Review, apply_reviews
from ipvi_cli.classify.rollup import (
    ALL_REASONS,
    CLASSES,
    bits_of,
    conclude,
    roll_up,
    without_pairs,
)
from ipvi_cli.classify.sources import apply_source, charged, linked, ordered
from ipvi_cli.classify.words import list_words, read_words
from ipvi_cli.classify.written import write_pairs
from ipvi_cli.model.finding import Frames, Progress


@dataclass(frozen=True)
class Policy:
    """What a jurisdiction may rightly decide otherwise.

    Attributes:
        population: What the files are a census of: ``domestic`` incidents or ``all``.
        site_words: The site's own relationship words and what they mean; they win.
        reviews: What persons decided about single pairs, by pair; they go before the record.
        statutes: Canonical citations of the sections that the site confirms to protect partners only.
        state: Two-letter state whose law the records cite.
        linked: Whether the same two persons being partners in another incident fills a pair that is open.
    """

    population: Literal["domestic", "all"]
    site_words: Mapping[str, str] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    statutes: frozenset[str] = frozenset()
    state: str | None = None
    linked: bool = False


@dataclass(frozen=True)
class Classified:
    """What classification gives.

    Attributes:
        pairs: Columns of ``pairs.parquet``, by incident, victim and offender. Texts of which a few repeat are of a
            closed list (``Enum``), here and in ``incidents``.
        incidents: Columns of ``incidents.parquet`` with ``dv_flag`` and ``undetermined_unflagged``, in the order of
            the incident table.
        values: Distinct relationship words with their rows, incidents and meaning, most frequent first; confidential.
    """

    pairs: pl.LazyFrame
    incidents: pl.LazyFrame
    values: pl.DataFrame


def classify(tables: Frames, policy: Policy, progress: Progress | None = None) -> Classified:
    """Classify every pair of a victim and an offender, and every incident.

    Args:
        tables: Canonical tables, identifying columns included; ``incident`` holds each incident once. Only rows of a
            fate that feeds counts are looked at.
        policy: What the jurisdiction decides.
        progress: Told what is being done.

    Returns:
        Pairs, incidents and words.

    Raises:
        InputError: A site word is said to mean something that there is not.
    """
    tell = progress or (lambda what, done, total: None)
    tell("relationship words", 0, 3)
    relationship = tables.get("relationship")
    walk = relationship_crosswalk(policy.site_words)
    words = read_words(relationship, walk)
    incident = (
        tables["incident"].select(hashed("incident_id"), "dv_flag").collect(engine="streaming")
    )
    tell("pairs", 1, 3)
    blank = pl.Series(
        [one.meaning.reason == "missing" for one in words.statements], dtype=pl.Boolean
    )
    paired = pair_up(tables, incident["incident_id"], words.of_row, blank)
    called = called_incidents(tables, incident, policy.population)
    settled = settle_pairs(
        paired, words.statements, incident["dv_flag"], called_pairs(called, paired)
    )
    found = charged(tables, paired, incident["incident_id"], policy.statutes, policy.state)
    settled = apply_source(settled, found, paired, incident["dv_flag"])
    found = ordered(tables, paired, walk)
    settled = apply_source(settled, found, paired, incident["dv_flag"])
    if policy.linked:
        found = linked(tables, paired, settled)
        settled = apply_source(settled, found, paired, incident["dv_flag"])
    settled = apply_reviews(settled, paired, tables, incident, policy.reviews)
    tell("incidents", 2, 3)
    bits = pl.Series([bits_of(one) for one in settled.decisions], dtype=pl.UInt32)
    rolled = roll_up(
        paired.pairs["incident"],
        bits.gather(settled.of_pair),
        without_pairs(
            _with_person(paired, incident.height),
            called["called"],
            _nobody_known(tables, paired, incident.height),
        ),
    )
    concluded = conclude(rolled, incident["dv_flag"], policy.population)
    return Classified(
        pairs=write_pairs(tables, paired, settled),
        incidents=_incidents(tables["incident"], concluded),
        values=list_words(words, paired.of_row),
    )


def _with_person(paired: Paired, incidents: int) -> pl.Series:
    """Say in which incidents a person is, or may be, a victim."""
    victims = paired.people["victim"]
    others = victims.filter(~pl.col("person"))["incident"]
    if others.is_empty():
        return pl.repeat(True, incidents, dtype=pl.Boolean, eager=True)
    return marked(victims.filter("person")["incident"], incidents) | ~marked(others, incidents)


def _nobody_known(tables: Frames, paired: Paired, incidents: int) -> pl.Series:
    """Say in which incidents no offender is known, in a delivery that tells of offenders at all."""
    if "offender" not in tables:
        return pl.repeat(False, incidents, dtype=pl.Boolean, eager=True)
    return ~marked(paired.people["offender"]["incident"], incidents)


def _incidents(incident: pl.LazyFrame, concluded: pl.DataFrame) -> pl.LazyFrame:
    """Put the conclusions beside the incidents, which lie in the same order."""
    named = incident.select("incident_id", "agency", "incident_number", "dv_flag")
    beside = pl.concat([named, concluded.lazy()], how="horizontal")
    return beside.select(
        "incident_id",
        "agency",
        "incident_number",
        pl.col("incident_class").cat.to(pl.Enum(CLASSES)),
        pl.col("reason").cat.to(pl.Enum(ALL_REASONS)),
        "in_denominator",
        "mixed",
        pl.col("pairs").cast(pl.Int64),
        "undetermined_unflagged",
        "dv_flag",
    )
