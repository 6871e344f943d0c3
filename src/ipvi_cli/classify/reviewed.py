"""What a person decided about single pairs, after looking at the record; it goes before all that the record says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ipvi_cli.classify import lists
from ipvi_cli.classify.cases import Settled
from ipvi_cli.classify.crosswalk import site_meaning
from ipvi_cli.classify.keys import positions
from ipvi_cli.classify.meaning import UNDETERMINED, turned
from ipvi_cli.classify.pairs import Paired, height
from ipvi_cli.classify.people import PERSONS
from ipvi_cli.classify.settle import Case, Decision, contradictions
from ipvi_cli.classify.sources import FROM_CLASS
from ipvi_cli.classify.written import pair_id
from ipvi_cli.model.finding import Frames

REVIEW: Final = "review"


@dataclass(frozen=True)
class Review:
    """One decision of a person.

    Attributes:
        incident_id: Incident of the pair.
        decision: As a site word's meaning is given: class, ``class:tie`` or NIBRS code, which says what the victim was.
        by: Who decided.
    """

    incident_id: str
    decision: str
    by: str


def apply_reviews(
    settled: Settled,
    paired: Paired,
    tables: Frames,
    incident: pl.DataFrame,
    reviews: Mapping[str, Review],
) -> Settled:
    """Let decisions about single pairs decide them.

    Args:
        settled: What the evidence comes to.
        paired: The pairs.
        tables: Canonical tables.
        incident: ``incident_id`` (hashes) and ``dv_flag`` of each incident.
        reviews: Decisions by pair; those of pairs that are not there are left aside.

    Returns:
        The same with the reviewed pairs decided. A stated class that the person denied stays as the conflict
        ``review_over_stated``.
    """
    if not reviews:
        return settled
    found = _places(paired, tables, incident, {one.incident_id for one in reviews.values()})
    found = found.filter(pl.col("pair_id").is_in(list(reviews)))
    if not found.height:
        return settled
    before = settled.of_pair.gather(found["place"])
    numbers = settled.of_pair.to_numpy().copy()
    decisions = list(settled.decisions)
    known: dict[tuple[object, ...], int] = {}
    for number, (place, name, flagged, child) in zip(before, found.iter_rows(), strict=True):
        review = reviews[name]
        kind = (number, review.decision, review.by, flagged, child)
        if kind not in known:
            known[kind] = len(decisions)
            case = Case(flagged=flagged, child=child)
            decisions.append(contradictions(case, reviewed(decisions[number], review)))
        numbers[place] = known[kind]
    return Settled(tuple(decisions), pl.Series(settled.of_pair.name, numbers))


def reviewed(decision: Decision, review: Review) -> Decision:
    """Put what a person decided in the place of what the evidence came to.

    Args:
        decision: What the evidence came to, kept as evidence.
        review: What the person decided.

    Returns:
        The decision; one that leaves the pair open keeps the reason and the candidates of the record.
    """
    rule = f"{REVIEW}:{review.by}"
    meaning = turned(site_meaning(review.decision), "victim_to_offender", lists.turns())
    evidence = (rule, *decision.evidence)
    conflict = tuple(name for name in decision.conflict if name not in FROM_CLASS)
    stated = decision.meaning
    if meaning.relationship_class == UNDETERMINED:
        if stated.relationship_class == UNDETERMINED:
            meaning = stated
        basis = None
    else:
        basis = REVIEW
    if stated.determinate and stated.relationship_class != meaning.relationship_class:
        conflict = (*conflict, "review_over_stated")
    return Decision(replace(meaning, rule=rule), decision.raw, basis, evidence, conflict)


def _places(
    paired: Paired, tables: Frames, incident: pl.DataFrame, wanted: set[str]
) -> pl.DataFrame:
    """Name the pairs of some incidents: ``place``, ``pair_id``, ``dv_flag``, ``child``."""
    names = pl.Series("incident_id", sorted(wanted))
    at = positions(names.hash(), incident["incident_id"])
    pairs = paired.pairs.with_row_index("place").filter(
        pl.col("incident").is_in(at.drop_nulls().implode())
    )
    pairs = pairs.with_columns(
        names.gather(positions(pairs["incident"], at)).alias("incident_id"),
        incident["dv_flag"].gather(pairs["incident"]),
    )
    young = pl.repeat(False, pairs.height, dtype=pl.Boolean, eager=True)
    for name in PERSONS:
        people = paired.people[name]
        rows = people["row"].gather(pairs[name]).to_frame()
        named = rows.join(_named(tables, name, names), on="row", how="left", maintain_order="left")
        pairs = pairs.with_columns(named[f"{name}_id"])
        young |= people["under_13"].gather(pairs[name]).fill_null(False)
    return pairs.select("place", pair_id(), "dv_flag", young.alias("child"))


def _named(tables: Frames, name: str, incidents: pl.Series) -> pl.DataFrame:
    """Give the identifiers of the persons of some incidents by the place of the row that names them."""
    parts = [pl.DataFrame(schema={"row": pl.UInt32, f"{name}_id": pl.String})]
    start = 0
    for table in (name, "relationship"):
        if table in tables:
            rows = tables[table].with_row_index("row", offset=start)
            near = rows.filter(pl.col("incident_id").is_in(incidents.implode()))
            chosen = near.select(pl.col("row").cast(pl.UInt32), f"{name}_id")
            parts.append(chosen.collect(engine="streaming"))
        start = height(tables.get(name))
    return pl.concat(parts)
