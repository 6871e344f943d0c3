"""What figures were counted from, as they say it themselves when they are given away."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Provenance(BaseModel):
    """What a reader must know of an audit before its figures are set beside another's.

    Attributes:
        jurisdiction: Name of the jurisdiction.
        population: ``domestic`` when its files hold only domestic incidents, ``all`` for a whole export.
        period: Declared window, both days included.
        denominator: The denominator in words.
        complete: Whether every source was there and could be read.
        known_only: Undetermined share up to which the share among known ties leads.
        range: Undetermined share up to which the range leads; above it there is no single figure.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    jurisdiction: str = Field(min_length=1)
    population: Literal["domestic", "all"]
    period: tuple[date, date] | None
    denominator: str
    complete: bool
    known_only: float = Field(ge=0, le=1)
    range: float = Field(ge=0, le=1)
