"""The partner checklist: what has to be in place, how one sees that it is, and why it matters."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import polars as pl

STEPS: Final = {
    "agree": "agree who does what",
    "find": "find the most serious and chronic offenders",
    "protect": "protect victims before anything is said to an offender",
    "notify": "deliver the message, and the offer of help",
    "follow": "follow through",
    "learn": "see whether it worked",
}
"""The steps of the intervention in order; an item belongs to the first step that needs it (our own reading)."""

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "dispatch": ("dispatch",),
    "police": ("dispatch", "police"),
    "prosecution": ("prosecution",),
    "supervision": ("supervision",),
    "courts": ("courts",),
    "jail": ("jail",),
    "advocacy": ("advocacy",),
    "services": ("services",),
    "evaluation": ("evaluation",),
}
"""Roles of partner agencies, and the areas that each is asked about besides ``SHARED``."""

SHARED: Final = ("governance", "evaluation")
"""Areas that every agency is asked about."""


@cache
def checklist() -> pl.DataFrame:
    """Give the checklist.

    Returns:
        One row for each of its 48 items: ``id``, ``area``, ``step``, ``item``, ``evidence``, ``why``, ``source``. The
        items are reconstructed from what is published of the partnership; an agency may word them otherwise.
    """
    text = (resources.files(__package__) / "data" / "checklist.csv").read_bytes()
    return pl.read_csv(text, infer_schema=False)


def items_of(role: str | None) -> pl.DataFrame:
    """Give the items that an agency is asked about, its own areas first.

    Args:
        role: One of ``ROLES``; ``None`` for all items.
    """
    if role is None:
        return checklist()
    own = ROLES[role]
    rank = pl.col("area").replace_strict(dict.fromkeys(own, 0), default=1, return_dtype=pl.Int8)
    asked = checklist().filter(pl.col("area").is_in([*own, *SHARED]))
    return asked.sort(rank, maintain_order=True)
