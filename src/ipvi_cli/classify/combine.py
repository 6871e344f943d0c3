"""Several ties in one cell brought to one meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from ipvi_cli.classify import lists
from ipvi_cli.classify.meaning import (
    DETERMINATE,
    NOT_APPLICABLE,
    PARTNER,
    Meaning,
    Sense,
    undetermined,
)

_GENERAL: Final = {
    "other_family": "other_family",
    "other_domestic": "household",
    "known_not_domestic": "known",
    "stranger": "stranger",
}
"""Kind of tie of a class when the words name several kinds."""

_CLOSEST: Final = (
    "spouse", "common_law", "dating", "ex_spouse", "ex_dating", "partner_unspecified", "co_parent",
)  # fmt: skip


def alternatives(parts: Sequence[Meaning]) -> Meaning:
    """Read ``A / B``: one class for both, or both left open."""
    if len(parts) == 1:
        return parts[0]
    rule = _rule(parts, "/")
    classes = {one.relationship_class for one in parts}
    if len(classes) == 1 and all(one.determinate for one in parts):
        return _merged(parts, rule)
    if len(classes) == 1 and parts[0].reason == parts[1].reason:
        return undetermined(str(parts[0].reason), _union(parts), rule)
    return undetermined("ambiguous_term", _union(parts), rule)


def together(parts: Sequence[Meaning]) -> Meaning:
    """Read ``A; B``: both hold.

    Intimate with household, work or acquaintance is intimate; intimate with family contradicts itself; otherwise
    family goes before household and household before acquaintance.
    """
    if len(parts) == 1:
        return parts[0]
    rule = _rule(parts, "&")
    firm = [one for one in parts if one.determinate]
    open_ = [
        one for one in parts if not one.determinate and one.relationship_class != NOT_APPLICABLE
    ]
    classes = {one.relationship_class for one in firm}
    if len(firm) + len(open_) < len(parts):
        return undetermined("ambiguous_term", rule=rule)
    if not firm:
        both = [name for name in DETERMINATE if all(name in one.candidates for one in open_)]
        reasons = {str(one.reason) for one in open_}
        reason = reasons.pop() if len(reasons) == 1 else "ambiguous_term"
        return undetermined(reason, tuple(both) if len(both) > 1 else _union(open_), rule)
    if ("stranger" in classes and len(classes) > 1) or {PARTNER, "other_family"} <= classes:
        return undetermined("conflict", _in_order(classes), rule)
    first = next(name for name in DETERMINATE if name in classes)
    if any(first not in one.candidates for one in open_):
        return undetermined("ambiguous_term", _union(parts), rule)
    return _merged([one for one in firm if one.relationship_class == first], rule, facts=True)


def made_specific(general: Meaning, special: Meaning) -> Meaning:
    """Read ``A (B)`` or ``A - B``, where one says the other more closely."""
    parts = [general, special]
    rule = _rule(parts, ">")
    if general.relationship_class == special.relationship_class and general.determinate:
        return _merged(parts, rule, facts=True)
    for open_, firm in ((general, special), (special, general)):
        if (
            firm.determinate
            and not open_.determinate
            and firm.relationship_class in open_.candidates
        ):
            return _named(firm, rule)
    return undetermined("ambiguous_term", _union(parts), rule)


def _merged(parts: Sequence[Meaning], rule: str, *, facts: bool = False) -> Meaning:
    """Keep what parts of one class have in common; of facts that hold together the closest tie."""
    of_class = parts[0].relationship_class
    ties = [str(one.tie) for one in parts]
    codes = {one.nibrs_code for one in parts}
    code = codes.pop() if len(codes) == 1 else None
    if len(set(ties)) == 1:
        status = _status(parts)
        return Meaning(
            of_class,
            ties[0],
            status,
            code if status != "either" else None,
            rule=rule,
            sense=_sense(parts),
        )
    if of_class == PARTNER:
        closest = min(parts, key=lambda one: _CLOSEST.index(str(one.tie)))
        if facts:
            return _named(closest, rule)
        return Meaning(of_class, closest.tie, _status(parts), code, rule=rule)
    return Meaning(of_class, _both_sides(ties) or _GENERAL[of_class], None, code, rule=rule)


def _named(meaning: Meaning, rule: str) -> Meaning:
    return replace(meaning, rule=rule)


def _status(parts: Sequence[Meaning]) -> str | None:
    kinds = {one.partner_status for one in parts}
    if len(kinds) == 1:
        return kinds.pop()
    return "either" if kinds & {"former", "either"} else "unknown"


def _sense(parts: Sequence[Meaning]) -> Sense:
    kinds = {one.sense for one in parts}
    return kinds.pop() if len(kinds) == 1 else "stated"


def _both_sides(ties: Sequence[str]) -> str | None:
    """Name the tie whose two sides are both there, such as father and son."""
    turn = lists.turns().get(ties[0])
    return turn.undirected if turn is not None and set(ties) == {ties[0], turn.reversed} else None


def _union(parts: Iterable[Meaning]) -> tuple[str, ...]:
    named: set[str] = set()
    for one in parts:
        named |= {one.relationship_class, *one.candidates}
    return _in_order(named)


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(name for name in DETERMINATE if name in wanted)


def _rule(parts: Sequence[Meaning], sign: str) -> str:
    names = (str(one.rule).removeprefix("words:").removeprefix("grammar:") for one in parts)
    return "grammar:" + sign.join(names)
