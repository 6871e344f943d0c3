"""The workbook that the agencies fill in."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.assess.checklist import ROLES, items_of
from ipvi_cli.model.errors import UsageError
from ipvi_cli.model.partners import ANSWERS, CAPACITY, CAPACITY_WORDS

CAPACITY_SHEET: Final = "capacity"
FILLED: Final = ("answer", "seen", "as_of", "answered_by")
"""Columns that a person fills: the answer, the evidence that was seen, of what day, and the role of who answered."""

_SHEET_NAME: Final = 31
_FORBIDDEN: Final = "[]:*?/\\"


@dataclass(frozen=True)
class Blank:
    """A workbook to fill in.

    Attributes:
        sheets: Frames by sheet name.
        choices: By sheet the column with a drop-down, and its words.
    """

    sheets: Mapping[str, pl.DataFrame]
    choices: Mapping[str, tuple[str, Sequence[str]]]


def blank(agencies: Mapping[str, str | None]) -> Blank:
    """Lay out the workbook: a sheet for each agency, and one for what all of them have.

    Args:
        agencies: Names of the agencies, and their roles (``ROLES``; ``None``: asked about everything).

    Raises:
        UsageError: An agency has no name that a sheet can bear, or two would bear the same.
    """
    empty = [pl.lit(None, pl.String).alias(name) for name in FILLED]
    sheets: dict[str, pl.DataFrame] = {}
    for agency, role in agencies.items():
        name = sheet_name(agency)
        if not name or name.casefold() in {CAPACITY_SHEET, *(one.casefold() for one in sheets)}:
            raise UsageError(
                f"two sheets would be called {name!r}." if name else "an agency has no name.",
                mend="Give each agency a name of its own, at most 31 characters long.",
            )
        asked = items_of(role).select("id", "area", "item", "evidence", "why")
        sheets[name] = asked.with_columns(empty)
    columns = {"agency": list(agencies), "role": [role or "" for role in agencies.values()]}
    numbers = [pl.lit(None, pl.String).alias(name) for name in (*CAPACITY, *CAPACITY_WORDS)]
    choices = dict.fromkeys(sheets, ("answer", ANSWERS))
    sheets[CAPACITY_SHEET] = pl.DataFrame(columns).with_columns(numbers)
    return Blank(sheets, choices)


def sheet_name(agency: str) -> str:
    """Give the name of an agency's sheet, which spreadsheets keep short and free of some signs."""
    plain = "".join(" " if sign in _FORBIDDEN else sign for sign in agency)
    return " ".join(plain.split())[:_SHEET_NAME].strip("' ")


def agency_roles(told: Sequence[str]) -> dict[str, str | None]:
    """Read what was said of the agencies.

    Args:
        told: ``NAME=ROLE`` or ``NAME`` alone; nothing: an agency for each role.

    Raises:
        UsageError: There is no such role.
    """
    if not told:
        return {role: role for role in ROLES}
    agencies: dict[str, str | None] = {}
    for one in told:
        name, _, role = (part.strip() for part in one.partition("="))
        if role and role not in ROLES:
            near = difflib.get_close_matches(role, ROLES, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(ROLES)}."
            raise UsageError(f"there is no role {role!r}.", mend=hint)
        agencies[name] = role or None
    return agencies
