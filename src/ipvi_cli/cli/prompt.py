"""Questions to a person at a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ipvi_cli.cli.text import visible

if TYPE_CHECKING:
    from ipvi_cli.onboard import Question

_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_SHAPES: Final = {
    "period": (rf"{_DAY}\.\.{_DAY}", "two days, as 2019-01-01..2019-12-31"),
    "agency": (r"[A-Za-z0-9_.-]{1,20}", "up to 20 letters, digits, . _ or -"),
}


def asker() -> Callable[[Question], str | None] | None:
    """Give what asks a person, or ``None`` where nobody sits at the terminal."""
    return _ask if sys.stdin.isatty() and sys.stderr.isatty() else None


def _ask(question: Question) -> str | None:
    """Ask until the answer can be used; an empty one leaves the question open."""
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    default = f" [{question.default}]" if question.default else ""
    while True:
        sys.stderr.write(visible(f"{question.line()}{choices}{default} "))
        sys.stderr.flush()
        line = sys.stdin.readline()
        answer = line.strip()
        if not answer:
            return None
        told = _fault(question, answer)
        if told is None:
            return answer
        sys.stderr.write(f"{told}; or press Enter to leave it open.\n")


def _fault(question: Question, answer: str) -> str | None:
    from datetime import date

    if question.choices and answer not in question.choices:
        return f"One of {', '.join(question.choices)}"
    shape = _SHAPES.get(question.key)
    if shape is not None and not re.fullmatch(shape[0], answer):
        return f"Write {shape[1]}"
    if question.key == "period":
        try:
            start, end = (date.fromisoformat(day) for day in answer.split(".."))
        except ValueError:
            return "There is no such day"
        if end < start:
            return "The last day is before the first"
    return None
