"""TOML, written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

_BARE: Final = re.compile(r"^[A-Za-z0-9_-]+$")
WIDTH: Final = 110
"""Columns after which a comment is broken."""


def key(name: str) -> str:
    """Write a key, in quotation marks where it needs them."""
    return name if _BARE.match(name) else value(name)


def value(what: Any) -> str:
    """Write a value on one line.

    Args:
        what: Text, a number, a truth value, a date, a list or a mapping.

    Returns:
        TOML.
    """
    if isinstance(what, bool):
        return "true" if what else "false"
    if isinstance(what, int | float):
        return str(what)
    if isinstance(what, date):
        return what.isoformat()
    if isinstance(what, str):
        return json.dumps(what, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(what, Mapping):
        inside = ", ".join(f"{key(str(name))} = {value(one)}" for name, one in what.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(what, Sequence):
        return f"[{', '.join(value(one) for one in what)}]"
    raise TypeError(type(what).__name__)


def comment(text: str) -> list[str]:
    """Write a comment, broken into lines; control characters become blanks."""
    lines: list[str] = []
    line = "#"
    for word in re.sub(r"[\x00-\x1f\x7f]", " ", text).split():
        if len(line) + 1 + len(word) > WIDTH and line != "#":
            lines.append(line)
            line = "#"
        line = f"{line} {word}"
    return [*lines, line]
