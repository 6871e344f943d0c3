"""Evidence besides the words of the record: charges, protective orders, the same two persons in another incident.

None of them settles a stated tie. Each fills only what the record leaves blank or ambiguous, and what stands against a
stated tie is kept as a conflict.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from ipvi_cli.classify.cases import Settled
from ipvi_cli.classify.crosswalk import RelationshipCrosswalk
from ipvi_cli.classify.keys import hashed, positions
from ipvi_cli.classify.meaning import NOT_APPLICABLE, PARTNER, Meaning
from ipvi_cli.classify.pairs import Paired
from ipvi_cli.classify.settle import Case, Decision, contradictions
from ipvi_cli.classify.statutes import statute_step
from ipvi_cli.model.finding import Frames
from ipvi_cli.model.tables import COUNTED_FATES

FILLED: Final = (
    "missing", "unknown", "unmapped", "ambiguous_term", "direction_undeclared", "multiple_offenders_unpaired",
    "not_called_for",
)  # fmt: skip
"""Reasons of pairs that other sources may decide. The last two are given only where nothing is said of the pair."""

CODED: Final = ("explicit", "child_in_common")
"""What decides a pair of another incident so that it tells of this one: the record's own words."""

SOURCES: Final = {
    "statute": "Let a charge under a section that the site confirms to protect partners only fill what is open.",
    "order": "Let a protective order between the same two, whose recorded basis is intimate, fill what is open.",
    "linked": "Where the site turns it on, let another incident of the same two, as partners, fill what is open.",
}
"""Sources in the order in which they are asked, and what each may do."""

FROM_CLASS: Final = ("flag_no", "flag_yes", "age")
"""Conflicts that follow from the class and are looked for anew when it changes."""

FOUND: Final[dict[str, pl.DataType]] = {"place": pl.UInt32(), "rule": pl.String()}
"""Pairs that a source speaks of: the place among the pairs, and the rule, which begins with the source's name."""


def filled(decision: Decision, rule: str) -> Decision:
    """Let a source that says partners fill what is blank or ambiguous.

    Args:
        decision: What the evidence before it came to.
        rule: Name of the source, a colon, and what in it says so.

    Returns:
        Intimate where the pair is open and may be that; else the same with the source kept as evidence, and as a
        conflict beside a stated tie of another class.
    """
    source = rule.partition(":")[0]
    stated = decision.meaning
    if stated.relationship_class == NOT_APPLICABLE and stated.reason not in FILLED:
        return decision
    decision = replace(decision, evidence=(*decision.evidence, rule))
    if stated.determinate:
        against = stated.relationship_class != PARTNER
        return replace(decision, conflict=(*decision.conflict, source)) if against else decision
    if stated.reason not in FILLED or (stated.candidates and PARTNER not in stated.candidates):
        return decision
    conflict = tuple(name for name in decision.conflict if name not in FROM_CLASS)
    meaning = Meaning(PARTNER, "partner_unspecified", "unknown", rule=rule)
    return Decision(meaning, None, source, decision.evidence, conflict)


def apply_source(
    settled: Settled, found: pl.DataFrame, paired: Paired, flagged: pl.Series
) -> Settled:
    """Bring a source to the pairs that it speaks of, once for each combination.

    Args:
        settled: What the evidence before it came to.
        found: ``FOUND``, each pair once.
        paired: The pairs.
        flagged: Domestic violence flag of each incident.
    """
    if not found.height:
        return settled
    pairs = paired.pairs[found["place"]]
    young = [
        paired.people[name]["under_13"].gather(pairs[name]).fill_null(False)
        for name in ("victim", "offender")
    ]
    kind = pl.DataFrame(
        {
            "before": settled.of_pair.gather(found["place"]),
            "rule": found["rule"],
            "flagged": flagged.gather(pairs["incident"]),
            "child": young[0] | young[1],
        }
    )
    kinds = kind.unique(maintain_order=True)
    decisions = []
    for before, rule, flag, child in kinds.iter_rows():
        case = Case(flagged=flag, child=child)
        decision = filled(settled.decisions[before], rule)
        again = tuple(name for name in decision.conflict if name not in FROM_CLASS)
        decisions.append(contradictions(case, replace(decision, conflict=again)))
    numbers = settled.of_pair.to_numpy().copy()
    start = len(settled.decisions)
    numbered = kinds.with_row_index("number", offset=start)
    joined = kind.join(
        numbered, on=kind.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    numbers[found["place"].to_numpy()] = joined["number"].to_numpy()
    return Settled((*settled.decisions, *decisions), pl.Series(settled.of_pair.name, numbers))


def charged(
    tables: Frames,
    paired: Paired,
    incidents: pl.Series,
    confirmed: frozenset[str],
    state: str | None,
) -> pl.DataFrame:
    """Find the pairs that are charged under a confirmed section and are the only one of their incident.

    Args:
        tables: Canonical tables.
        paired: The pairs.
        incidents: Hashes of the incidents.
        confirmed: Canonical citations that the profile confirms.
        state: Two-letter state whose law the records cite.

    Returns:
        ``FOUND``. An incident that also has an offender of whom nothing is known has more than one pair.
    """
    cited = [
        tables[name]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES) & pl.col("statute").is_not_null())
        .select(hashed("incident_id", "incident"), "statute")
        .filter(pl.col("incident").is_not_null())
        .collect(engine="streaming")
        for name in ("offense", "charge")
        if name in tables and confirmed
    ]
    if not cited:
        return pl.DataFrame(schema=FOUND)
    offenses = pl.concat(cited)
    offenses = offenses.with_columns(positions(offenses["incident"], incidents).alias("incident"))
    pairs = statute_step(paired.pairs, offenses.drop_nulls(), confirmed, state)
    found = pairs.with_row_index("place").filter(pl.col("statute").is_not_null())
    nobody = _with_nobody(tables, incidents)
    found = found.filter(~pl.col("incident").is_in(nobody.implode()))
    rule = pl.concat_str(pl.lit("statute:"), "statute").alias("rule")
    return found.select(pl.col("place").cast(pl.UInt32), rule)


def ordered(tables: Frames, paired: Paired, walk: RelationshipCrosswalk) -> pl.DataFrame:
    """Find the pairs between whose two persons an order with an intimate basis was recorded.

    The persons have to be the very two by the agency's numbers, in either role: a tie of partners is the same from both
    sides. The recorded basis is evidence of the tie, so the order need not be in force on the day of the incident. Its
    kind and its Brady indicator say nothing: stalking and sexual assault orders protect others too.

    Args:
        tables: Canonical tables.
        paired: The pairs.
        walk: The crosswalk of relationship words.

    Returns:
        ``FOUND``.
    """
    if "order" not in tables:
        return pl.DataFrame(schema=FOUND)
    protected, respondent = (_number(f"{one}_person_number") for one in ("protected", "respondent"))
    words = ("relationship_raw", "code_system", "direction")
    orders = (
        tables["order"]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES) & pl.col("relationship_raw").is_not_null())
        .select(hashed("agency"), *words, *_two(protected, respondent))
        .drop_nulls()
        .collect(engine="streaming")
    )
    kinds = orders.select(words).unique(maintain_order=True)
    rules = [_partner_rule(walk, *kind) for kind in kinds.iter_rows()]
    kinds = kinds.with_columns(pl.Series("rule", rules, dtype=pl.String)).drop_nulls()
    stated = orders.join(kinds, on=words, how="inner").group_by(_SAME_TWO).agg(pl.col("rule").min())
    pairs = same_two(tables, paired)
    return pairs.join(stated, on=_SAME_TWO, how="inner", maintain_order="left").select(*FOUND)


def linked(tables: Frames, paired: Paired, settled: Settled) -> pl.DataFrame:
    """Find the pairs whose two persons are said to be partners in another incident of the agency.

    Args:
        tables: Canonical tables.
        paired: The pairs.
        settled: What the evidence before it came to.

    Returns:
        ``FOUND``, without the pairs that are intimate themselves.
    """
    pairs = same_two(tables, paired)
    number = settled.of_pair.gather(pairs["place"])
    partner = [one.meaning.relationship_class == PARTNER for one in settled.decisions]
    coded = [one and of.basis in CODED for one, of in zip(partner, settled.decisions, strict=True)]
    of_pair, told = (pl.Series(one, dtype=pl.Boolean).gather(number) for one in (partner, coded))
    known = (
        pairs.filter(told)
        .group_by(_SAME_TWO)
        .agg(pl.col("incident").min().alias("first"), pl.col("incident").max().alias("last"))
    )
    first, last, own = pl.col("first"), pl.col("last"), pl.col("incident")
    found = (
        pairs.filter(~of_pair)
        .join(known, on=_SAME_TWO, how="inner", maintain_order="left")
        .with_columns(pl.when(first != own).then(first).otherwise(last).alias("other"))
        .filter(pl.col("other") != own)
    )
    names = tables["incident"].select("incident_id").collect(engine="streaming").to_series()
    found = found.with_columns(names.gather(found["other"]).alias("named"))
    return found.select("place", pl.concat_str(pl.lit("linked:"), "named").alias("rule"))


def same_two(tables: Frames, paired: Paired) -> pl.DataFrame:
    """Give the pairs whose two persons have numbers of the agency.

    Returns:
        ``place``, ``incident``, and hashes: ``agency``, ``one`` and ``two``, whatever their roles.
    """
    numbers = {}
    for name in ("victim", "offender"):
        rows = paired.people[name]["row"].gather(paired.pairs[name])
        there = pl.Series([], dtype=pl.UInt64)
        if name in tables:
            read = tables[name].select(_number("person_number")).collect(engine="streaming")
            there = read.to_series()
        # Rows past the person table are persons whom only relationship rows name.
        held = rows.set(rows >= there.len(), None)
        numbers[name] = there.gather(held)
    agency = tables["incident"].select(hashed("agency")).collect(engine="streaming").to_series()
    frame = paired.pairs.select("incident").with_row_index("place")
    return (
        frame.with_columns(
            agency.gather(frame["incident"]).alias("agency"),
            *(series.alias(name) for name, series in numbers.items()),
        )
        .with_columns(_two(pl.col("victim"), pl.col("offender")))
        .drop("victim", "offender")
        .drop_nulls()
        .filter(pl.col("one") != pl.col("two"))
    )


def _with_nobody(tables: Frames, incidents: pl.Series) -> pl.Series:
    """Give the positions of the incidents that have an offender of whom nothing is known."""
    if "offender" not in tables:
        return pl.Series([], dtype=pl.UInt32)
    unknown = pl.col("offender_unknown") | (pl.col("offender_number") == 0)
    rows = (
        tables["offender"]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES) & unknown.fill_null(False))
        .select(hashed("incident_id"))
        .collect(engine="streaming")
    )
    return positions(rows.to_series(), incidents).drop_nulls()


_SAME_TWO: Final = ("agency", "one", "two")


def _number(column: str) -> pl.Expr:
    """Hash a person number without its outer blanks, null where there is none."""
    number = pl.col(column).str.strip_chars()
    return pl.when(number != "").then(number.hash()).alias(column)


def _two(first: pl.Expr, second: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Name two persons whatever their roles; null where one of them has no number."""
    both = first.is_not_null() & second.is_not_null()
    return (
        pl.when(both).then(pl.min_horizontal(first, second)).alias("one"),
        pl.when(both).then(pl.max_horizontal(first, second)).alias("two"),
    )


def _partner_rule(walk: RelationshipCrosswalk, raw: str, system: str, direction: str) -> str | None:
    meaning = walk.meaning(raw, code_system=system, direction=direction)
    return f"order:{meaning.rule}" if meaning.relationship_class == PARTNER else None
