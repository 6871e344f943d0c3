"""The files of a delivery as they stand, before anybody has said what their columns mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.ingest.delivery import Found, find, read
from ipvi_cli.ingest.raw import SOURCE_ROW, RawInput, ReadOptions
from ipvi_cli.ingest.sniff import sniff_format
from ipvi_cli.ingest.text_encoding import Text, find_form
from ipvi_cli.ingest.text_layout import HEAD, find_layout
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.profile_sources import Source

SAMPLE: Final = 50_000
"""Rows of an input that are looked at; of a longer one, every so many."""

_LINE: Final = 4096
_SEGMENT: Final = re.compile(rb"\d{4}[0-7][ADIMRSW](?:\d{6}| {6})[ \w]{4}[A-Z]{2}[A-Z0-9]")
"""How a record starts: length, level, action, month and year, city, agency (NIBRS technical specification)."""

_ANY: Final = Source.model_validate(
    {"name": "any", "files": "*", "tables": [{"table": "incident"}]}
)


@dataclass(frozen=True)
class Preview:
    """One input as it stands.

    Attributes:
        raw: The input.
        form: Format.
        encoding: Encoding of a text; empty for other formats.
        delimiter: Field separator of a delimited text; empty for other formats.
        header_row: Physical line of the header of a delimited text, else 0.
        cells: Its records, or an even sample of them, every column as text.
    """

    raw: RawInput
    form: str
    encoding: str
    delimiter: str
    header_row: int
    cells: pl.DataFrame

    @property
    def holds_table(self) -> bool:
        """Whether there is a table, and not a letter or a note: several columns, and records that mostly agree."""
        accepted = self.raw.rows_accepted
        return len(self.raw.columns) > 1 and accepted > 0 and accepted >= self.raw.rows_quarantined


def preview(
    delivery: Path, scratch: Path, progress: Progress | None = None
) -> Iterator[Preview | tuple[str, InputError]]:
    """Read every file of a delivery without a profile.

    Args:
        delivery: A folder, or one file.
        scratch: Where unpacked members and clean tables go.
        progress: Told how far reading has come.

    Yields:
        Each input; or the label and the error of a file that cannot be read.

    Raises:
        InputError: There is no such path, or no file in it.
    """
    for number, found in enumerate(find(delivery, scratch / "members")):
        if isinstance(found, tuple):
            yield found
            continue
        try:
            form = sniff_format(found.path, found.label)
            _refuse_columns(found)
            encoding, delimiter, header_row = _text_facts(found, form)
            for raw in read(found, _ANY, scratch / f"clean{number}", progress):
                yield Preview(raw, form, encoding, delimiter, header_row, _sampled(raw))
        except InputError as error:
            yield found.label, error


def _refuse_columns(found: Found) -> None:
    """Refuse a NIBRS submission, whose records have fixed columns and no header: it holds no table to look at."""
    with found.path.open("rb") as file:
        lines = [file.readline(_LINE).strip() for _ in range(3)]
    if all(_SEGMENT.match(line) for line in lines if line) and any(lines):
        raise InputError(
            "this looks like a NIBRS submission in fixed columns, which needs no mapping of columns.",
            where=found.label,
            mend="Ask for the records system's own export as CSV.",
        )


def _text_facts(found: Found, form: str) -> tuple[str, str, int]:
    """Give encoding, delimiter and line of the header of a delimited text."""
    if form != "delimited":
        return "", "", 0
    text = find_form(found.path, found.label, None)
    head = b""
    for block in Text(found.path, text).blocks(HEAD):
        head += block
        if len(head) > HEAD:
            break
    layout = find_layout(head, complete=len(head) <= HEAD, file=found.label, options=ReadOptions())
    return text.encoding, layout.delimiter.decode(), layout.line - 1


def _sampled(raw: RawInput) -> pl.DataFrame:
    every = max(1, -(-raw.rows_accepted // SAMPLE))
    return pl.scan_parquet(raw.data).drop(SOURCE_ROW).gather_every(every).collect()
