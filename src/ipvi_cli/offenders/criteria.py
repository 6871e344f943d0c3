"""The criteria file: which rules place a person at which level, and what each needs; a site's own decision."""

from __future__ import annotations

import hashlib
import tomllib
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from ipvi_cli.model.errors import InputError
from ipvi_cli.model.profile_faults import fault
from ipvi_cli.model.profile_sections import Strict
from ipvi_cli.offenders.groups import data

SHIPPED: Final = ("high-point-style",)

_NEVER: Final = frozenset({"40", "90", "95", "99"})
"""NIBRS data element 13: hands and feet, other, unknown, none; never weapon use."""

Weapon = Annotated[str, Field(pattern=r"^(1[1-5]|20|30|35|40|50|60|65|70|85|90|95|99)$")]
Count = Annotated[int, Field(ge=1, le=100)]
Behaviour = Literal["ipv_offence", "order_violation", "weapon_under_order"]


class Event(Strict):
    """What a charge event is.

    Attributes:
        arrest_alone_counts: When an arrest without a charge row counts as a charge event.
        leave_out_unfounded: Whether what is recorded as unfounded counts for nothing.
        look_back_years: Years within which charge events must lie together; none: all history.
    """

    arrest_alone_counts: Literal["where_no_charges_are_delivered", "always", "never"]
    leave_out_unfounded: bool = True
    look_back_years: int | None = Field(default=None, ge=1, le=100)


class Floor(Strict):
    """When a level is only the least that it can be.

    Attributes:
        history_years: A declared period shorter than this cannot show history.
        identity: Probability below which a link is weak.
    """

    history_years: int = Field(ge=0, le=100)
    identity: float = Field(ge=0, le=1)


class Rule(Strict):
    """A rule that can be off.

    Attributes:
        on: Whether it places anybody.
    """

    on: bool

    @model_validator(mode="after")
    def _filled(self) -> Self:
        blank = [name for name, value in self if value is None]
        if self.on and blank:
            raise ValueError(f"the rule is on and {' and '.join(blank)} is blank: fill it in")
        return self


class ChargeRule(Rule):
    """So many charge events."""

    charges: Count | None = None


class ReportRule(Rule):
    """So many reports as the identified aggressor."""

    reports: Count | None = None


class NoticeRule(Rule):
    """Prohibited behaviour after a delivered notice."""

    behaviours: list[Behaviour] = Field(min_length=1)


class WeaponRule(Rule):
    """A weapon in an intimate partner incident."""

    weapons: list[Weapon] = Field(min_length=1)

    @model_validator(mode="after")
    def _real(self) -> Self:
        if wrong := sorted(_NEVER & set(self.weapons)):
            raise ValueError(f"{', '.join(wrong)} is never weapon use")
        return self


class ConvictionRule(Rule):
    """So many convictions, and charge events."""

    convictions: Count | None = None
    charges: Count | None = None


class Rules(Strict):
    """The rules by their reason codes."""

    D1_call: ReportRule
    C1_first_charge: ChargeRule
    B1_two_charges: ChargeRule
    B2_on_notice: NoticeRule
    A1_three_charges: ChargeRule
    A2_weapon: WeaponRule
    A3_convictions: ConvictionRule
    A4_complaints_multiple: ReportRule


class NextStep(Strict):
    """The usual response to each level."""

    A: str
    B: str
    C: str
    D: str


class Criteria(Strict):
    """A criteria file.

    Attributes:
        name: Name of the set.
        title: What it is.
        source: Where it comes from.
        event: What a charge event is.
        floor: When a level is a floor.
        rules: The rules.
        next_step: The usual response to each level.
        sha256: Hash of the text.
    """

    name: str = Field(min_length=1)
    title: str = ""
    source: str = Field(min_length=1)
    event: Event
    floor: Floor
    rules: Rules
    next_step: NextStep
    sha256: str = ""

    def rule(self, code: str) -> Any:
        """Give a rule by its reason code."""
        return getattr(self.rules, code)

    def lines(self) -> list[str]:
        """Say in words what places a person at which level."""
        return [f"{self.name}: {self.title}. Source: {self.source}.", *_rule_lines(self)]


_MODELS: Final[dict[str, type[BaseModel]]] = {
    "": Criteria, "event": Event, "floor": Floor, "rules": Rules, "next_step": NextStep,
    "D1_call": ReportRule, "C1_first_charge": ChargeRule, "B1_two_charges": ChargeRule,
    "B2_on_notice": NoticeRule, "A1_three_charges": ChargeRule, "A2_weapon": WeaponRule,
    "A3_convictions": ConvictionRule, "A4_complaints_multiple": ReportRule,
}  # fmt: skip
"""What each key of a criteria file holds."""


def parse_criteria(text: str, *, where: str) -> Criteria:
    """Read criteria from their TOML text.

    Args:
        text: The text.
        where: Name of the file for messages.

    Returns:
        The checked criteria.

    Raises:
        InputError: The text is not TOML or not criteria; every problem is listed.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = str(error).rsplit("(", 1)[-1].rstrip(")") if "(at " in str(error) else ""
        raise InputError(
            "the criteria are not valid TOML.",
            where=f"{where} ({place})" if place else where,
            mend="Check quotes, brackets and commas there.",
        ) from None
    document.pop("sha256", None)
    try:
        criteria = Criteria.model_validate(document)
    except ValidationError as error:
        problems = [fault(item, document, _MODELS) for item in error.errors(include_input=False)]
        raise InputError(
            "; ".join(problems) + ".",
            where=where,
            mend="`ipvi offenders --explain --out criteria.toml` writes the shipped file, to be edited.",
        ) from None
    return criteria.model_copy(update={"sha256": hashlib.sha256(text.encode()).hexdigest()})


def shipped_text(name: str) -> str | None:
    """Give the text of a shipped criteria file; ``None`` where none has the name."""
    return data(f"{name}.toml").decode() if name in SHIPPED else None


def _rule_lines(criteria: Criteria) -> list[str]:
    rules, event = criteria.rules, criteria.event
    within = f" within {event.look_back_years} years" if event.look_back_years else ""
    told = {
        "A": {
            "A1_three_charges": f"{rules.A1_three_charges.charges or '?'} or more charge events{within}",
            "A2_weapon": f"a weapon (NIBRS {', '.join(rules.A2_weapon.weapons)}) in an intimate"
            " partner incident",
            "A3_convictions": f"{rules.A3_convictions.convictions or '?'} or more convictions and"
            f" {rules.A3_convictions.charges or '?'} charge events",
            "A4_complaints_multiple": f"{rules.A4_complaints_multiple.reports or '?'} or more reports",
        },
        "B": {
            "B1_two_charges": f"{rules.B1_two_charges.charges or '?'} or more charge events{within}",
            "B2_on_notice": "after a delivered notice as D or C: "
            + ", ".join(one.replace("_", " ") for one in rules.B2_on_notice.behaviours),
        },
        "C": {"C1_first_charge": f"{rules.C1_first_charge.charges or '?'} or more charge events"},
        "D": {
            "D1_call": f"{rules.D1_call.reports or '?'} or more reports as the identified aggressor"
            " with a partner tie, and no charge event",
        },
    }  # fmt: skip
    lines = []
    for level, of_level in told.items():
        on = [f"{words} ({code})" for code, words in of_level.items() if criteria.rule(code).on]
        off = [code for code in of_level if not criteria.rule(code).on]
        said = "; or ".join(on) if on else "nobody"
        lines.append(f"{level}: {said}." + (f" Off: {', '.join(off)}." if off else ""))
        lines.append(f"   Next step: {getattr(criteria.next_step, level)}.")
    return lines
