"""What every reader of a source format hands on: one input, read without losing a row.

A reader turns one file (or sheet, or archive member) into a clean Parquet file in which every column is
text, and keeps count: ``rows_read = rows_accepted + rows_quarantined``, always.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.model.header_names import plain_header

SOURCE_ROW = "source_row"
"""Column of the clean Parquet: the physical line (sheet row, item number) where the record starts."""

QUARANTINE_SCHEMA: dict[str, pl.DataType] = {
    "source_row": pl.Int64(),
    "reason_code": pl.String(),
    "message": pl.String(),
    "byte_offset": pl.Int64(),
    "raw": pl.Binary(),
}
"""``reason_code`` and ``message`` never hold a cell's value; ``raw`` holds the record's bytes and is confidential."""

_NEARLY: Final = 0.75
"""Share of the widest row's filled cells that a header has at least, where no name of it is known."""

FOOTER: Final = re.compile(
    r"[\s*#\"(\[-]*("
    r"(grand |sub)?totals?\b|"
    r"sources?\s*:|notes?\s*:|disclaimer\b|confidential\b|end of (report|file|data|list)\b|page \d+|"
    r"prepared (by|for)\b|"
    r"printed (by|on|at)\b|generated (by|on|at)\b|report (date|generated|run|end)|run (date|on|by|time)\b|"
    r"(data )?as of\b|data (source|from|provided)|(number|count|total number) of (rows|records)|"
    r"(row|record)s? (count|total|returned|selected|affected)|completion time\b|"
    r"(rows|records|lines|incidents|reports|cases|entries)( \w+)?\s*[:=]|"
    r"\d[\d,]* (rows?|records?)\b"
    r")|^[\s\-=*_#]+$",
    re.IGNORECASE,
)
"""Words that only a note under a table starts with, and lines of dashes."""


@dataclass(frozen=True)
class ReadOptions:
    """How the profile says that an input is to be read; ``None`` means: find out.

    Attributes:
        encoding: Declared encoding, used when the bytes are not UTF-8 and carry no byte-order mark.
        delimiter: Field separator, one character.
        header_row: Physical line (sheet row) of the header, counted from 1; 0 means that there is none.
        header_names: Column names to use when ``header_row`` is 0.
        expected: Source columns that the profile maps; the header is the first line that holds them.
        sheet: Name or glob of the sheets to read.
        records: Key path (dots) to the list of records inside a JSON document.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    header_names: tuple[str, ...] = ()
    expected: frozenset[str] = frozenset()
    sheet: str | None = None
    records: str | None = None


@dataclass(frozen=True)
class Note:
    """Something that the reader noticed about an input; becomes a finding.

    Attributes:
        code: Rule code of the registry.
        message: What was noticed, without any cell's value.
        column: Source column concerned, if one is.
        source_row: First row concerned, if one is.
    """

    code: str
    message: str
    column: str | None = None
    source_row: int | None = None


@dataclass(frozen=True)
class RawInput:
    """One input after reading.

    Attributes:
        file: Name as in the manifest: ``dir.csv``, ``book.xlsx#Sheet1``, ``a.zip!b.csv``.
        data: Clean Parquet: ``source_row`` (Int64, ascending), then every source column as text (empty = null).
        columns: Source columns in order, names stripped, blanks collapsed, blank ones ``column_7``, repeated ones
            ``NAME__2``.
        rows_read: Records after the header.
        lines_skipped: Blank, preamble and footer-note lines.
        quarantine: Refused records, ``QUARANTINE_SCHEMA``.
        notes: What the reader noticed.
    """

    file: str
    data: Path
    columns: tuple[str, ...]
    rows_read: int
    lines_skipped: int
    quarantine: pl.DataFrame
    notes: tuple[Note, ...] = field(default=())

    @property
    def rows_quarantined(self) -> int:
        """Number of refused records."""
        return self.quarantine.height

    @property
    def rows_accepted(self) -> int:
        """Number of records in ``data``."""
        return self.rows_read - self.rows_quarantined


def column_names(header: list[str | None]) -> tuple[str, ...]:
    """Make usable, unique column names of a header row.

    Args:
        header: Header cells as read.

    Returns:
        Names with blanks collapsed; ``column_<n>`` for blank ones, ``NAME__2`` for the second of its name.
    """
    names: list[str] = []
    seen: dict[str, int] = {}
    for position, cell in enumerate(header, start=1):
        name = " ".join((cell or "").split()) or f"column_{position}"
        if name == SOURCE_ROW:
            name = f"{name}_"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}__{seen[name]}")
    return tuple(names)


def find_header(rows: list[list[str | None]], expected: frozenset[str]) -> int:
    """Say which of the first rows of an input is its header.

    Args:
        rows: The first rows, cells as read.
        expected: Source columns that the profile maps.

    Returns:
        Index of the first row that holds most of the expected columns (names compared without case and blanks);
        when no row holds any, the first row that is filled nearly as widely as the widest, since a column may lack
        its name and a record have a note beside it.
    """
    wanted = {plain_header(name) for name in expected}
    hits = [len(wanted & {plain_header(cell) for cell in row if cell}) for row in rows]
    if hits and max(hits) > 0:
        return hits.index(max(hits))
    filled = [sum(1 for cell in row if cell and cell.strip()) for row in rows]
    wide = max(filled, default=0) * _NEARLY
    return next((index for index, count in enumerate(filled) if count >= wide), 0)
