"""What only the site can answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One open question.

    Attributes:
        key: What it is about: ``name``, ``population``, ``period``, ``agency``, ``direction``, ``household``,
            ``number``, ``dates``, ``column``, ``words`` or ``relationship``.
        text: The question.
        where: File, column or section that it is about.
        choices: Answers that can be taken over into the profile.
        default: The answer that the draft holds meanwhile.
        asked_here: Whether a person at a terminal is asked.
    """

    key: str
    text: str
    where: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""
    asked_here: bool = False

    def line(self) -> str:
        """The question on one line, with its place."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.text}"
