"""The sections of a profile that say who the jurisdiction is and what it decides for itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

import polars as pl
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from ipvi_cli.model.finding import Severity

_Word = str | float


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int | float) else value


def _as_text(value: object) -> object:
    if isinstance(value, list):
        return [str(item) if isinstance(item, int | float) else item for item in value]
    return value


Words = Annotated[
    list[str],
    BeforeValidator(_as_text),
    BeforeValidator(_as_list, json_schema_input_type=_Word | list[_Word]),
]


class Strict(BaseModel):
    """Base of every part of the profile: unknown keys refused, frozen, no values in messages."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Period(Strict):
    """Declared window of an extract, both days included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        return self


class Jurisdiction(Strict):
    """Who the jurisdiction is, and what its files are a census of.

    Attributes:
        name: Name shown in outputs; gives the default workspace its name.
        population: ``domestic`` when the files hold only domestic incidents, ``all`` for a whole export.
        period: Declared window of the extract.
        extract_date: Day on which the extract was drawn.
        state: Two-letter state.
        denominator: The denominator in words, printed with every share.
    """

    name: str = Field(min_length=1)
    population: Literal["domestic", "all"]
    period: Period | None = None
    extract_date: date | None = None
    state: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    denominator: str | None = None


class Agency(Strict):
    """An agency whose records are in the delivery.

    Attributes:
        id: Identifier used in ``incident_id``: the ORI where there is one.
        name: Name shown in tables.
        aliases: Words by which the files name the agency.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,20}$")
    name: str = ""
    aliases: Words = []


class Partner(Strict):
    """A partner agency and its role."""

    agency: str
    role: str


class IncidentNumber(Strict):
    """The declared normalisation of incident numbers; nothing is changed that is not declared here.

    Attributes:
        strip: Characters to drop wherever they stand (outer blanks always go).
        upper: Fold to upper case.
        pad: Left-pad the digits that end the number with zeros to this many.
        century: Expand a leading two-digit year and a separator (``19-123`` to ``2019-123``).
        pattern: Regular expression that a number must match after all this, or its row is refused.
    """

    strip: str = ""
    upper: bool = True
    pad: int | None = Field(default=None, ge=1, le=30)
    century: int | None = Field(default=None, ge=18, le=20)
    pattern: str | None = None

    @field_validator("pattern")
    @classmethod
    def _regular(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                pl.Series([""]).str.contains(value)
            except pl.exceptions.PolarsError:
                raise ValueError("this is not a regular expression") from None
        return value


class Control(Strict):
    """What the cover letter or the chief said: the audit prints the difference.

    Attributes:
        rows: Rows delivered, over all inputs.
        incidents: Incidents delivered.
        intimate_partner: Published count of intimate partner incidents.
        period: Period that the letter states.
        source: Where these figures come from.
    """

    rows: int | None = Field(default=None, ge=0)
    incidents: int | None = Field(default=None, ge=0)
    intimate_partner: int | None = Field(default=None, ge=0)
    period: Period | None = None
    source: str = ""


class Limits(Strict):
    """Limits of what is printed when much is undetermined (shares of the denominator).

    Attributes:
        known_only: Up to here the known-only share leads.
        range: Up to here the range leads; above it no single figure is given.
    """

    known_only: float = Field(default=0.10, ge=0, le=1)
    range: float = Field(default=0.25, ge=0, le=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.range < self.known_only:
            raise ValueError("range is below known_only")
        return self


RuleCode = Annotated[str, Field(pattern=r"^IPVI-\d{3}$")]


class Findings(Strict):
    """Which findings the jurisdiction knows of, and how grave they are for it.

    Attributes:
        severity: Rule code to its severity here, in place of the rule's own.
        accepted: File beside the profile that lists accepted findings, as ``ipvi validate --write-baseline`` makes it.
    """

    severity: dict[RuleCode, Severity] = {}
    accepted: str | None = Field(default=None, pattern=r"^[^/\\]+\.csv$")


class Statutes(Strict):
    """Statutes that the jurisdiction confirms to protect partners only; a charge under no other decides a pair.

    Attributes:
        confirmed: Canonical citations from the packaged list, as ``CA PC 273.5``.
        by: Who confirmed them.
        on: Day on which they were confirmed.
    """

    confirmed: list[str] = []
    by: str = ""
    on: date | None = None

    @model_validator(mode="after")
    def _vouched(self) -> Self:
        if self.confirmed and not (self.by.strip() and self.on):
            raise ValueError("say by whom and on which day the statutes were confirmed (by, on)")
        return self


class Classify(Strict):
    """What else may decide a pair.

    Attributes:
        linked: Whether the same two persons, known by the agency's numbers, being partners in another incident fills
            a pair whose tie is open.
    """

    linked: bool = False


class Publish(Strict):
    """What is said of figures that leave the building.

    Attributes:
        threshold: Counts from 1 to this are withheld; it may be raised, never lowered.
        licence: Licence under which they are given, as a name and an address.
        citation: How they are to be cited.
    """

    threshold: int = Field(default=10, ge=10)
    licence: str = ""
    citation: str = ""


class Diff(Strict):
    """From when on the difference of two deliveries is drift. The defaults are ours, a site may set its own.

    Attributes:
        lost: Share lost of the incidents in months that both deliveries cover.
        volume: Change of a month's incidents, as a share of the earlier count.
        words: Share of the rows that hold a word which the other delivery lacks.
        psi: Population stability index of a column; 0.1 is usually called a moderate and 0.25 a large shift.
        share: Move of the intimate partner or the undetermined share.
    """

    lost: float = Field(default=0.01, ge=0, le=1)
    volume: float = Field(default=0.1, ge=0)
    words: float = Field(default=0.02, ge=0, le=1)
    psi: float = Field(default=0.2, ge=0)
    share: float = Field(default=0.05, ge=0, le=1)


def raise_all(wrong: list[str]) -> None:
    """Refuse with every problem at once.

    Raises:
        ValueError: There is one.
    """
    if wrong:
        raise ValueError("; ".join(wrong))
