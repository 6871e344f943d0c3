"""What every format of findings is made from, and where on disk a finding is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

import polars as pl

from ipvi_cli.cli.findings_view import outstanding
from ipvi_cli.cli.options import FailOn

_PART_OF_FILE: Final = re.compile(r"(?<=\w)(\.\w+)[!#].*")
"""Sheet of a workbook or member of an archive, after the extension of the file on disk."""


@dataclass(frozen=True)
class Report:
    """A finished check.

    Attributes:
        findings: ``FINDING_SCHEMA``, in the order to be shown.
        rules: Every rule that was asked for: ``code``, ``name``, ``severity``, ``group``, ``title``, ``why``, ``mend``
            and ``source``.
        failures: One line for each source or file that could not be read.
        severities: Rules whose severity the profile changes.
        threshold: Severity from which on findings fail the check.
        folder: Delivery as it was named on the command line; ``None`` for a workspace.
    """

    findings: pl.DataFrame
    rules: pl.DataFrame
    failures: tuple[str, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    threshold: FailOn = FailOn.ERROR
    folder: PurePath | None = None

    @property
    def new(self) -> pl.DataFrame:
        """The findings that are not accepted."""
        return outstanding(self.findings)

    @property
    def accepted(self) -> int:
        """Number of accepted findings."""
        return self.findings.height - self.new.height


def file_of(source_file: str) -> str:
    """Give the file on disk in which an input lies.

    Args:
        source_file: Input as the manifest names it, as ``book.xlsx#Sheet1`` or ``a.zip!b.csv``.

    Returns:
        ``book.xlsx`` or ``a.zip``.
    """
    return _PART_OF_FILE.sub(r"\1", source_file, count=1)


def place(source_file: str | None, source_row: int | None) -> str:
    """Write a place as ``dir.csv:17``; what is nowhere in particular is ``-``."""
    where = source_file or "-"
    return where if source_row is None else f"{where}:{source_row}"
