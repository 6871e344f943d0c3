"""What a relationship word means, and how it is turned when a column states the tie the other way round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

Sense = Literal["symmetric", "stated", "victim", "offender"]

CLASSES: Final = {
    "IP": "intimate_partner",
    "OF": "other_family",
    "OD": "other_domestic",
    "KN": "known_not_domestic",
    "ST": "stranger",
}
"""The determinate classes by the short names that the packaged lists use, closest tie first."""

DETERMINATE: Final = tuple(CLASSES.values())
UNDETERMINED: Final = "undetermined"
NOT_APPLICABLE: Final = "not_applicable"
PARTNER: Final = "intimate_partner"
OTHERWISE_KNOWN: Final = "otherwise_known"
"""Tie of the residual codes, which say nothing where the record is flagged as domestic violence."""
CO_PARENT: Final = "co_parent"

DIRECTED: Final = {"victim_to_offender": "victim", "offender_to_victim": "offender"}
"""Declared directions that say whose tie a column names."""


@dataclass(frozen=True)
class Turn:
    """An asymmetric tie: its code, its name seen from the other side, and its name when no side is known.

    Attributes:
        nibrs_code: NIBRS code when the victim is the named party; ``None`` where there is none.
        reversed: Name of the tie seen from the other side.
        undirected: Name of the tie when it is not known which side is which.
    """

    nibrs_code: str | None
    reversed: str
    undirected: str


@dataclass(frozen=True)
class Meaning:
    """What a word, a code or a phrase says about a pair.

    Attributes:
        relationship_class: One of the seven classes.
        tie: Kind of tie; ``None`` unless the class is determinate.
        partner_status: ``current``, ``former``, ``either`` or ``unknown``; ``None`` unless intimate.
        nibrs_code: Nearest NIBRS code, ``None`` where there is none.
        reason: Why the class is undetermined or not applicable.
        candidates: Classes that an undetermined word allows, closest tie first.
        rule: Stable name of what decided; never a value that is not in the packaged lists.
        sense: ``symmetric``; ``stated`` when the column must say whose tie is named; ``victim`` or ``offender`` when
            the word itself says so.
    """

    relationship_class: str
    tie: str | None = None
    partner_status: str | None = None
    nibrs_code: str | None = None
    reason: str | None = None
    candidates: tuple[str, ...] = ()
    rule: str | None = None
    sense: Sense = "symmetric"

    @property
    def determinate(self) -> bool:
        """Whether the class is decided and is a tie."""
        return self.relationship_class in DETERMINATE

    @property
    def child_in_common(self) -> bool:
        """Whether it says that the two share a child."""
        return self.tie == CO_PARENT


def undetermined(
    reason: str, candidates: tuple[str, ...] = DETERMINATE, rule: str | None = None
) -> Meaning:
    """Make the meaning of what decides nothing."""
    return Meaning(UNDETERMINED, reason=reason, candidates=candidates, rule=rule)


MISSING: Final = undetermined("missing", rule="blank")
UNMAPPED: Final = undetermined("unmapped")


def turned(meaning: Meaning, direction: str, turns: dict[str, Turn]) -> Meaning:
    """Read a meaning as what the victim was to the offender.

    Args:
        meaning: What the word says.
        direction: Declared direction of the column.
        turns: Asymmetric ties by name.

    Returns:
        The meaning with the tie and code of the victim. Where nobody says whose tie is named the class stands, the
        code is empty and the tie names both sides.
    """
    turn = turns.get(meaning.tie or "")
    if turn is None or meaning.sense == "symmetric":
        return meaning
    named = DIRECTED.get(direction, "") if meaning.sense == "stated" else meaning.sense
    if named == "victim":
        return replace(meaning, nibrs_code=turn.nibrs_code, sense="victim")
    if named == "offender":
        code = turns[turn.reversed].nibrs_code
        return replace(meaning, tie=turn.reversed, nibrs_code=code, sense="victim")
    return replace(meaning, tie=turn.undirected, nibrs_code=None)
