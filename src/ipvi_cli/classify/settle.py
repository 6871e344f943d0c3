"""What the evidence about one pair comes to: ordered steps, each filling only what the one before left open.

The evidence of a pair is one of a few combinations of words and flags, so each combination is settled once.
Order and conflicts follow the evidence hierarchy that the method page documents; sex, surname, age gap and address are
never looked at, and a domestic violence flag never makes a pair intimate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from ipvi_cli.classify.meaning import (
    DETERMINATE,
    MISSING,
    NOT_APPLICABLE,
    OTHERWISE_KNOWN,
    PARTNER,
    UNDETERMINED,
    Meaning,
    undetermined,
)

BASES: Final = ("review", "explicit", "child_in_common", "statute", "order", "linked")
"""What may decide a pair, strongest first."""


@dataclass(frozen=True)
class Statement:
    """One relationship word said of a pair.

    Attributes:
        meaning: What the word means for the pair.
        raw: The word as written; ``None`` for a blank cell.
    """

    meaning: Meaning
    raw: str | None


@dataclass(frozen=True)
class Case:
    """All that is known about a pair.

    Attributes:
        statements: Words said of this very pair, in a fixed order.
        unpaired: Words of the incident that do not say which of several pairs they are of.
        child_in_common: Whether the record says that the two share a child.
        flagged: The agency's domestic violence flag; ``None`` when not stated.
        victim_is_person: Whether the victim is, or may be, a person.
        called_for: Whether the offence calls for a relationship.
        child: Whether one of the two is known to be under 13.
    """

    statements: tuple[Statement, ...] = ()
    unpaired: tuple[Statement, ...] = ()
    child_in_common: bool = False
    flagged: bool | None = None
    victim_is_person: bool = True
    called_for: bool = True
    child: bool = False


@dataclass(frozen=True)
class Decision:
    """What a pair comes to.

    Attributes:
        meaning: Class, tie, code, reason and candidates.
        raw: The word that the class rests on, where it is one of the mapped words.
        basis: One of ``BASES``; ``None`` while nothing decides.
        evidence: What was looked at, strongest first.
        conflict: Kinds of contradiction, in the order found.
        partner_among: Whether this pair or another one of the incident is intimate for certain, though the record does
            not say which.
    """

    meaning: Meaning
    raw: str | None = None
    basis: str | None = None
    evidence: tuple[str, ...] = ()
    conflict: tuple[str, ...] = ()
    partner_among: bool = False


Step = Callable[[Case, Decision], Decision]


def settle(case: Case) -> Decision:
    """Say what the evidence about a pair comes to."""
    if not case.victim_is_person:
        return Decision(
            Meaning(NOT_APPLICABLE, reason="victim_not_person", rule="pair:victim_not_person")
        )
    decision = Decision(MISSING)
    for step in STEPS:
        decision = step(case, decision)
    return decision


def _explicit(case: Case, decision: Decision) -> Decision:
    """Take what is said of this very pair; a determinate word is never overridden by an open one."""
    said = [one for one in case.statements if one.meaning.reason != "missing"]
    if not said:
        return decision
    evidence = tuple(dict.fromkeys(f"explicit:{one.meaning.rule or 'unmapped'}" for one in said))
    firm = [one for one in said if one.meaning.determinate]
    plain = [one for one in firm if not one.meaning.child_in_common]
    kinds = {one.meaning.relationship_class for one in plain}
    if len(kinds) > 1:
        named = tuple(name for name in DETERMINATE if name in kinds)
        return Decision(
            undetermined("conflict", named, "pair:conflict"), None, None, evidence, ("class",)
        )
    if not firm:
        told = [one for one in said if one.meaning.relationship_class == NOT_APPLICABLE] or said
        best = min(told, key=_narrowness)
        basis = "explicit" if best.meaning.relationship_class == NOT_APPLICABLE else None
        return Decision(best.meaning, _shown(best), basis, evidence)
    if not plain:
        return _explicit_child(firm[0], evidence)
    best = min(plain, key=_closeness)
    ties = {one.meaning.tie for one in plain}
    conflict = ("detail",) if len(ties) > 1 else ()
    return Decision(best.meaning, _shown(best), "explicit", evidence, conflict)


def _explicit_child(one: Statement, evidence: tuple[str, ...]) -> Decision:
    return Decision(one.meaning, _shown(one), "child_in_common", evidence)


def _child_in_common(case: Case, decision: Decision) -> Decision:
    """Let a child in common decide, also over a stated acquaintance, but not over a stated family tie."""
    words = any(one.meaning.child_in_common for one in case.statements)
    if not (case.child_in_common or words):
        return decision
    evidence = decision.evidence
    if case.child_in_common:
        evidence = (*evidence, "child_in_common")
    decision = replace(decision, evidence=evidence)
    stated = decision.meaning.relationship_class
    if stated in (PARTNER, NOT_APPLICABLE) or decision.meaning.reason == "conflict":
        return decision
    if stated == "other_family":
        return replace(
            decision,
            meaning=undetermined("conflict", (PARTNER, stated), "pair:child_of_relatives"),
            raw=None,
            basis=None,
            conflict=(*decision.conflict, "class"),
        )
    over = ("cic_over_stated",) if decision.meaning.determinate else ()
    return replace(
        decision,
        meaning=Meaning(PARTNER, "co_parent", "unknown", rule="pair:child_in_common"),
        raw=None,
        basis="child_in_common",
        conflict=(*decision.conflict, *over),
    )


def _unpaired(case: Case, decision: Decision) -> Decision:
    """Leave open which of several pairs a word is of, unless it decides nothing anyway.

    That one of the pairs is intimate is certain where the word is of partners, and makes the incident intimate.
    """
    said = [one for one in case.unpaired if one.meaning.reason != "missing"]
    if not said or decision.meaning.reason != "missing":
        return decision
    names = tuple(dict.fromkeys(f"unpaired:{one.meaning.rule or 'unmapped'}" for one in said))
    open_ = [one for one in said if one.meaning.relationship_class == UNDETERMINED]
    if len(open_) == len(said):
        best = min(open_, key=_narrowness)
        return Decision(best.meaning, _shown(best), None, names)
    reason = "multiple_offenders_unpaired"
    partner = any(one.meaning.relationship_class == PARTNER for one in said)
    meaning = undetermined(reason, rule=f"pair:{reason}")
    return Decision(meaning, evidence=names, partner_among=partner)


def _not_called_for(case: Case, decision: Decision) -> Decision:
    """Leave out a pair without a word where the offence does not call for one."""
    if case.called_for or decision.meaning.reason != "missing":
        return decision
    return replace(
        decision,
        meaning=Meaning(NOT_APPLICABLE, reason="not_called_for", rule="pair:not_called_for"),
    )


def _otherwise_known(case: Case, decision: Decision) -> Decision:
    """Open the residual class where the record is flagged as domestic violence."""
    if not case.flagged or decision.meaning.tie != OTHERWISE_KNOWN:
        return decision
    candidates = (PARTNER, "other_domestic", "known_not_domestic")
    meaning = undetermined("otherwise_known_dv", candidates, decision.meaning.rule)
    return replace(decision, meaning=replace(meaning, nibrs_code="OK"), basis=None)


def contradictions(case: Case, decision: Decision) -> Decision:
    """Note what contradicts the class and leaves it as it is."""
    of_class = decision.meaning.relationship_class
    found = list(decision.conflict)
    if of_class == PARTNER and case.flagged is False:
        found.append("flag_no")
    if of_class in ("known_not_domestic", "stranger") and case.flagged:
        found.append("flag_yes")
    if of_class == PARTNER and case.child:
        found.append("age")
    return replace(decision, conflict=tuple(found))


STEPS: Final[tuple[Step, ...]] = (
    _explicit,
    _child_in_common,
    _unpaired,
    _not_called_for,
    _otherwise_known,
    contradictions,
)
"""The steps in order."""

_TIES: Final = ("spouse", "common_law", "dating", "ex_spouse", "ex_dating", "partner_unspecified")


def _closeness(one: Statement) -> tuple[int, str, str]:
    """Order words of one class: the closest tie first, then by name, whatever order the rows came in."""
    tie = one.meaning.tie or ""
    place = _TIES.index(tie) if tie in _TIES else len(_TIES)
    return place, one.meaning.rule or "", one.raw or ""


def _narrowness(one: Statement) -> tuple[int, str, str]:
    return len(one.meaning.candidates), one.meaning.rule or "~", one.raw or ""


def _shown(one: Statement) -> str | None:
    return one.raw if one.meaning.reason != "unmapped" else None
