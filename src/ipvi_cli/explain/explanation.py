"""What an explanation holds, whatever it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Explanation:
    """An account of one code, word or record.

    Attributes:
        kind: What it is of, such as ``rule`` or ``incident``.
        code: Code or identifier.
        title: What it is, in a few words.
        text: One paragraph.
        facts: Short answers by what they answer.
        tables: Frames by title.
    """

    kind: str
    code: str
    title: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def as_object(self) -> dict[str, Any]:
        """Give everything as plain lists and dictionaries, for JSON."""
        return {
            "kind": self.kind,
            "code": self.code,
            "title": self.title,
            "text": self.text,
            "facts": dict(self.facts),
            "tables": {title: table.to_dicts() for title, table in self.tables.items()},
        }
