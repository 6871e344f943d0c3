"""Every rule, from the modules that declare them."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from typing import Final

import polars as pl

from ipvi_cli.validate import (
    chronology,
    completeness,
    filters,
    heaping,
    nibrs_edits,
    pairs,
    references,
    required,
    segment_edits,
    structure,
    submission,
    tally,
    volume,
    words,
)
from ipvi_cli.validate.rule import Rule

RULES: Final[tuple[Rule, ...]] = tuple(
    sorted(
        (
            *structure.RULES,
            *submission.RULES,
            *segment_edits.RULES,
            *words.RULES,
            *required.RULES,
            *chronology.RULES,
            *nibrs_edits.RULES,
            *references.RULES,
            *pairs.RULES,
            *completeness.RULES,
            *volume.RULES,
            *heaping.RULES,
            *filters.RULES,
            *tally.RULES,
        ),
        key=lambda rule: rule.code,
    )
)
"""Every rule in the order of its code."""

PLAUSIBILITY_CODES: Final = ("IPVI-601", "IPVI-602", "IPVI-603", "IPVI-604")
"""Rules on the ages of a pair (NIBRS edits 449, 450, 550, 554)."""

_SHOWN: Final = (
    "code", "name", "severity", "group", "title", "why", "mend", "source", "table", "column", "stage",
)  # fmt: skip


def rules() -> tuple[Rule, ...]:
    """Give every rule in the order of its code."""
    return RULES


def rules_frame() -> pl.DataFrame:
    """List the rules.

    Returns:
        One row for each rule: ``code``, ``name``, ``severity``, ``group``, ``title``, ``why``, ``mend``, ``source``,
        ``table``, ``column`` and ``stage`` (``read``, ``row`` or ``frame``).
    """
    rows = [{name: getattr(rule, name) for name in _SHOWN} for rule in RULES]
    return pl.DataFrame(rows, schema=dict.fromkeys(_SHOWN, pl.String))


def rules_sha256() -> str:
    """Hash what the rules declare and the code by which they find, whatever its line ends."""
    declared = [[str(getattr(rule, name)) for name in (*_SHOWN, "message")] for rule in RULES]
    room = resources.files("ipvi_cli.validate")
    texts = [
        item.read_text(encoding="utf-8").splitlines()
        for item in sorted(room.iterdir(), key=lambda one: one.name)
        if item.name.endswith(".py")
    ]
    return hashlib.sha256(json.dumps([declared, texts]).encode()).hexdigest()
