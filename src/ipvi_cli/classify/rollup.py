"""From pairs to incidents: the class, the denominator, and what is mixed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import polars as pl

from ipvi_cli.classify.meaning import DETERMINATE, NOT_APPLICABLE, PARTNER, UNDETERMINED
from ipvi_cli.classify.settle import Decision

CLASSES: Final = (PARTNER, UNDETERMINED, *DETERMINATE[1:], NOT_APPLICABLE)
"""Classes in the order in which they decide an incident: the first that any of its pairs has.

An undetermined pair is never outvoted by known pairs that are not intimate.
"""

REASONS: Final = (
    "conflict",
    "multiple_offenders_unpaired",
    "unmapped",
    "ambiguous_term",
    "otherwise_known_dv",
    "unknown",
    "missing",
    "no_offender",
)
"""Reasons of an undetermined incident in the order in which they are given."""

LEFT_OUT: Final = ("self_mutual", "not_called_for", "victim_not_person", "site_word")
"""Reasons of an incident that is not applicable, in the order in which they are given."""

DOMESTIC: Final = DETERMINATE[:3]

_OPEN = 1 << len(CLASSES)
_REASON = len(CLASSES) + 1
_LEFT = _REASON + len(REASONS)


def bits_of(decision: Decision) -> int:
    """Put what an incident needs to know of a pair into bits."""
    meaning = decision.meaning
    bits = 1 << CLASSES.index(meaning.relationship_class)
    if meaning.relationship_class == UNDETERMINED:
        bits |= 1 << (_REASON + REASONS.index(str(meaning.reason)))
        if set(meaning.candidates) & set(DOMESTIC) and meaning.reason != "no_offender":
            bits |= _OPEN
    if meaning.relationship_class == NOT_APPLICABLE:
        bits |= 1 << (_LEFT + LEFT_OUT.index(str(meaning.reason)))
    return bits


def without_pairs(person: pl.Series, called: pl.Series, nobody: pl.Series) -> pl.Series:
    """Give the bits of incidents, should they have no pair.

    Args:
        person: Whether a victim is, or may be, a person.
        called: Whether the offences call for a relationship.
        nobody: Whether no offender is known.
    """
    left = 1 << CLASSES.index(NOT_APPLICABLE)
    open_ = 1 << CLASSES.index(UNDETERMINED)
    no_offender = open_ | 1 << (_REASON + REASONS.index("no_offender"))
    missing = open_ | _OPEN | 1 << (_REASON + REASONS.index("missing"))
    bits = (
        pl.when(~pl.lit(person))
        .then(left | 1 << (_LEFT + LEFT_OUT.index("victim_not_person")))
        .when(~pl.lit(called))
        .then(left | 1 << (_LEFT + LEFT_OUT.index("not_called_for")))
        .when(pl.lit(nobody))
        .then(no_offender)
        .otherwise(missing)
    )
    return pl.select(bits.cast(pl.UInt32).alias("bits")).to_series()


def roll_up(incident: pl.Series, bits: pl.Series, empty: pl.Series) -> pl.DataFrame:
    """Bring the bits of the pairs of each incident together.

    Args:
        incident: Position of the incident of each pair, ascending.
        bits: Bits of each pair.
        empty: Bits of each incident, should it have no pair.

    Returns:
        ``bits`` and ``pairs``, one row for each incident, in order.
    """
    together = empty.to_numpy().astype(np.uint32)
    counts = np.zeros(empty.len(), dtype=np.uint32)
    places = incident.to_numpy()
    if places.size:
        starts = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
        together[places[starts]] = np.bitwise_or.reduceat(bits.to_numpy(), starts)
        counts[places[starts]] = np.diff(np.append(starts, places.size))
    return pl.DataFrame({"bits": together, "pairs": counts})


def incident_columns(flagged: str, population: str) -> list[pl.Expr]:
    """Read the bits of incidents.

    Args:
        flagged: Column with the agency's domestic violence flag.
        population: ``domestic``: every incident but those not applicable is in the denominator. ``all``: those with a
            partner, family or household pair, those with the flag, and those with an undetermined pair that may be
            one of these, unless all that is known is that no offender is known.

    Returns:
        ``incident_class``, ``reason``, ``in_denominator``, ``mixed``, ``pairs``, ``undetermined_unflagged``.
    """
    bits = pl.col("bits")
    of_class = _first(CLASSES, 0)
    firm = pl.sum_horizontal(_has(CLASSES.index(name)).cast(pl.UInt8) for name in DETERMINATE)
    flag = pl.col(flagged).fill_null(False)
    domestic = pl.any_horizontal(_has(CLASSES.index(name)) for name in DOMESTIC)
    open_ = (bits & _OPEN) != 0
    applicable = of_class != NOT_APPLICABLE
    counted = applicable if population == "domestic" else applicable & (domestic | flag | open_)
    reason = (
        pl.when(of_class == UNDETERMINED)
        .then(_first(REASONS, _REASON))
        .when(of_class == NOT_APPLICABLE)
        .then(_first(LEFT_OUT, _LEFT))
    )
    unflagged = (of_class == UNDETERMINED) & open_ & ~flag & ~domestic & pl.lit(population == "all")
    return [
        of_class.alias("incident_class"),
        reason.alias("reason"),
        counted.alias("in_denominator"),
        (firm > 1).alias("mixed"),
        pl.col("pairs").cast(pl.Int64),
        unflagged.alias("undetermined_unflagged"),
    ]


def _has(place: int) -> pl.Expr:
    return (pl.col("bits") & (1 << place)) != 0


def _first(names: Iterable[str], start: int) -> pl.Expr:
    return pl.coalesce(
        pl.when(_has(start + place)).then(pl.lit(name)) for place, name in enumerate(names)
    )
