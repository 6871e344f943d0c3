"""What partner agencies answer of their policies and capacity."""

from __future__ import annotations

from typing import Final

import polars as pl

ANSWERS: Final = ("yes", "partly", "no", "unknown")
"""What may be answered; ``unknown`` never counts as ``no``."""

ANSWER_SCHEMA: Final[dict[str, pl.DataType]] = {
    "agency": pl.String(),
    "id": pl.String(),
    "answer": pl.String(),
    "seen": pl.Boolean(),
    "as_of": pl.String(),
}
"""One row for each item that an agency was asked about; what it left blank is ``unknown``. ``seen`` says whether the
evidence was seen; who answered and what the evidence is stay in the workbook."""

CAPACITY: Final = {
    "staff_fte": "Staff assigned, full-time equivalents",
    "vacancies": "Vacant posts, full-time equivalents",
    "annual_caseload": "Cases in a year",
    "places": "Places, beds or advocate slots",
    "waiting_days": "Days that somebody waits",
    "hours_of_cover": "Hours of cover in a week",
    "analyst_hours_month": "Hours of an analyst in a month",
}
"""Numbers that every agency is asked for."""

CAPACITY_WORDS: Final = {
    "languages": "Languages",
    "data_system": "Data system and vendor",
    "export_possible": "Whether data can be exported: yes or no",
    "legal_limits": "Legal limits on sharing",
    "contact_role": "Role of the contact (no name)",
}
"""What every agency is asked to write."""

CAPACITY_SCHEMA: Final[dict[str, pl.DataType]] = {
    "agency": pl.String(),
    "role": pl.String(),
    **dict.fromkeys(CAPACITY, pl.Float64()),
    **dict.fromkeys(CAPACITY_WORDS, pl.Boolean()),
}
"""One row for each agency: its numbers (null: not told), and whether each of the words was told."""
