"""Which incidents and pairs call for a relationship, so that a blank one is missing and not merely absent."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from ipvi_cli.classify.keys import gathered, hashed, positions
from ipvi_cli.classify.pairs import Paired
from ipvi_cli.model.finding import Frames
from ipvi_cli.model.tables import COUNTED_FATES

CALLING_OFFENSES: Final = (
    "09A", "09B", "09C", "100", "11A", "11B", "11C", "11D", "120", "13A", "13B", "13C", "36A", "36B", "64A", "64B",
    "90F", "90Z",
)  # fmt: skip
"""NIBRS crimes against persons and robbery, which call for a relationship (data elements 34 and 35).

So do family offences and all other offences of Group B, among which agencies keep stalking and broken orders.
"""


def called_incidents(tables: Frames, incident: pl.DataFrame, population: str) -> pl.DataFrame:
    """Say whether the offences of each incident call for a relationship; an unknown offence does.

    In a census of domestic incidents there is a place for the tie, whatever the offence. A domestic violence flag calls
    for none: it says that somebody is related, not that the tie belongs in the record of an offence against property.

    Args:
        tables: Canonical tables.
        incident: ``incident_id`` (hashes) of each incident.
        population: What the files are a census of.

    Returns:
        ``called``; and ``mixed``, true where some offences call for one and some do not, so that not every victim may
        need one. One row for each incident, in order.
    """
    length = incident.height
    offense = tables.get("offense")
    if population == "domestic" or offense is None:
        every = pl.repeat(True, length, dtype=pl.Boolean, eager=True)
        return pl.DataFrame({"called": every, "mixed": ~every})
    code = pl.col("offense_code")
    calls = code.is_null() | code.is_in(CALLING_OFFENSES)
    counted = offense.filter(pl.col("row_fate").is_in(COUNTED_FATES))
    rows = counted.select(hashed("incident_id"), calls.alias("calls")).collect(engine="streaming")
    of = positions(rows["incident_id"], incident["incident_id"])
    some = marked(of.filter(rows["calls"]), length)
    other = marked(of.filter(~rows["calls"]), length)
    return pl.DataFrame({"called": some | ~other, "mixed": some & other})


def called_pairs(called: pl.DataFrame, paired: Paired) -> pl.Series:
    """Say whether each pair calls for a relationship.

    Where only some offences of an incident call for one and it is stated of some victims, a victim of whom no row
    names a tie is one of the other offences.

    Args:
        called: As ``called_incidents`` gives it.
        paired: The pairs and what is said of them.
    """
    incident, victim = paired.pairs["incident"], paired.pairs["victim"]
    calls = gathered(called["called"], incident)
    if not called["mixed"].any():
        return calls
    people = paired.people["victim"]
    named = marked(paired.said["victim"], people.height)
    told = marked(people["incident"].filter(named), called.height)
    spared = (called["mixed"] & told).gather(incident) & ~named.gather(victim)
    return calls & ~spared


def marked(places: pl.Series, length: int) -> pl.Series:
    """Mark the positions that occur, nulls left out."""
    marks = np.zeros(length, dtype=bool)
    marks[places.drop_nulls().to_numpy()] = True
    return pl.Series(marks)
