"""Words and numbers as a person reads them; nothing heavy is imported here."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def visible(text: str) -> str:
    """Replace what would move the cursor, colour the terminal or turn the writing round.

    Site words, file names and column names come from outside.
    """
    return _UNSEEN.sub("�", text)


def percent(share: float | None) -> str:
    """Write a share between 0 and 1 as a percentage with one decimal; nothing known is a dash."""
    return "–" if share is None else f"{share * 100:.1f} %"


def span(lower: float | None, upper: float | None) -> str:
    """Write the bounds of a share as ``[83.0–83.0]``, in per cent."""
    if lower is None or upper is None:
        return "[–]"
    return f"[{lower * 100:.1f}–{upper * 100:.1f}]"


def whole(number: int | None) -> str:
    """Write a count with separated thousands."""
    return "–" if number is None else f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def days(period: tuple[date, date] | None) -> str:
    """Write a period with both its days."""
    return f"{period[0]} to {period[1]}" if period else "period not declared"
