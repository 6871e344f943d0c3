"""From pairs to incidents: the class, the denominator, and what is mixed."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from ipvi_cli.classify.keys import ascending, numbered
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

ALL_REASONS: Final = (*REASONS, *LEFT_OUT)

DOMESTIC: Final = DETERMINATE[:3]

_OPEN = 1 << len(CLASSES)
_REASON = len(CLASSES) + 1
_LEFT = _REASON + len(REASONS)


def bits_of(decision: Decision) -> int:
    """Put what an incident needs to know of a pair into bits; a partner who is one of several pairs counts as one."""
    meaning = decision.meaning
    bits = 1 << CLASSES.index(meaning.relationship_class)
    if decision.partner_among:
        bits |= 1 << CLASSES.index(PARTNER)
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
    if places.size == together.size and ascending(incident, strictly=True):
        return pl.DataFrame({"bits": bits, "pairs": counts + 1})
    if places.size:
        starts = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
        together[places[starts]] = np.bitwise_or.reduceat(bits.to_numpy(), starts)
        counts[places[starts]] = np.diff(np.append(starts, places.size))
    return pl.DataFrame({"bits": together, "pairs": counts})


def conclude(rolled: pl.DataFrame, flagged: pl.Series, population: str) -> pl.DataFrame:
    """Read the bits of incidents.

    Args:
        rolled: ``bits`` and ``pairs`` of each incident.
        flagged: The agency's domestic violence flag of each incident.
        population: ``domestic``: every incident but those not applicable is in the denominator. ``all``: those with a
            partner, family or household pair, those with the flag, and those with an undetermined pair that may be
            one of these, unless all that is known is that no offender is known.

    Returns:
        ``incident_class`` and ``reason`` as positions in ``CLASSES`` and ``ALL_REASONS``, ``in_denominator``,
        ``mixed``, ``pairs`` and ``undetermined_unflagged``, in order.
    """
    bits, of_incident = numbered(rolled["bits"])
    kinds = bits.cast(pl.UInt32).to_frame("bits")
    of_class = _first(len(CLASSES), 0)
    firm = pl.sum_horizontal(_has(CLASSES.index(name)).cast(pl.UInt8) for name in DETERMINATE)
    domestic = pl.any_horizontal(_has(CLASSES.index(name)) for name in DOMESTIC)
    undetermined = of_class == CLASSES.index(UNDETERMINED)
    open_ = (pl.col("bits") & _OPEN) != 0
    applicable = of_class != CLASSES.index(NOT_APPLICABLE)
    read = kinds.select(
        of_class.alias("incident_class"),
        pl.when(undetermined | ~applicable).then(_first(len(ALL_REASONS), _REASON)).alias("reason"),
        (firm > 1).alias("mixed"),
        applicable.alias("applicable"),
        (applicable & (domestic | open_ | (population == "domestic"))).alias("counted"),
        (undetermined & open_ & ~domestic & (population == "all")).alias("unflagged"),
    )
    told = read.select(pl.all().gather(of_incident))
    flag = flagged.fill_null(False)
    return told.select(
        "incident_class",
        "reason",
        (pl.col("counted") | (pl.col("applicable") & flag)).alias("in_denominator"),
        "mixed",
        rolled["pairs"],
        (pl.col("unflagged") & ~flag).alias("undetermined_unflagged"),
    )


def _has(place: int) -> pl.Expr:
    return (pl.col("bits") & (1 << place)) != 0


def _first(names: int, start: int) -> pl.Expr:
    """Give the position of the first of some bits that is set."""
    return pl.coalesce(
        pl.when(_has(start + place)).then(pl.lit(place, pl.UInt8)) for place in range(names)
    )
