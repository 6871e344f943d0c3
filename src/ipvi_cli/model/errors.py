"""What can go wrong, told to a person: what, where, and how to mend it.

Messages name files, rows, columns and codes, never the value of a cell. The exit code of each kind is
the one that the README documents.
"""

from __future__ import annotations


class IpviError(Exception):
    """A failure that a person can act on.

    Args:
        what: What is wrong, in one sentence, without any cell's value.
        where: File, row, column or profile key, as a person would look for it.
        mend: What to do about it.
    """

    exit_code = 70

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(self.line())

    def line(self) -> str:
        """The whole message on one line."""
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.mend}" if self.mend else ""
        return " ".join(f"{place}{self.what}{advice}".split())


class UsageError(IpviError):
    """The command was called wrongly."""

    exit_code = 2


class InputError(IpviError):
    """An input or the profile cannot be used."""

    exit_code = 3


class OutputError(IpviError):
    """An output cannot be written."""

    exit_code = 4
