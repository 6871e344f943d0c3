"""A NIBRS submission in XML (NIEM) to segment frames: streaming, one report at a time, every report accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
from lxml import etree

from ipvi_cli.ingest.nibrs.actions import REPORTS, summarise
from ipvi_cli.ingest.nibrs.segments import (
    LEVELS,
    Account,
    Segments,
    Submission,
    segment_schema,
)
from ipvi_cli.ingest.nibrs.xml_report import UNFIT, Unfit, read_report
from ipvi_cli.ingest.nibrs.xml_stream import REASONS, Reports
from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA, Note
from ipvi_cli.model.finding import PROBLEM_SCHEMA, problem

_BATCH: Final = 5_000
"""Reports of a batch."""
_WORDS: Final = {**REASONS, **UNFIT}
_GIVEN: Final = ("source_file", "row_fate")
"""Key columns that are the same in all segments of an input."""


def read_xml(
    path: Path, file: str, scratch: Path, told: Callable[[int, int], None] | None = None
) -> Submission:
    """Read a NIBRS submission in XML.

    Args:
        path: The file.
        file: Its name in messages and the manifest.
        scratch: An existing folder for its segments.
        told: Told how many reports have been read; their number in all is not known before.

    Returns:
        The submission. A row is a report; ``source_row`` is the line on which it begins. Quarantined are reports that
        are not well-formed, and those without agency or incident number.

    Raises:
        InputError: The file declares a document type, or is not XML from its beginning on.
    """
    reports = Reports(path, file)
    refused: list[tuple[int, str, int | None, bytes]] = []
    spill = _Spill(scratch, file)
    parsed = accepted = 0
    for parsed, (line, element) in enumerate(reports, start=1):
        try:
            spill.add(line, accepted, *read_report(element))
            accepted += 1
        except Unfit as unfit:
            refused.append((line, str(unfit), None, etree.tostring(element, encoding="utf-8")))
        if parsed % _BATCH == 0 and told is not None:
            told(parsed, parsed)
    spill.write()
    refused = sorted([*refused, *reports.refused])
    rows = [(line, why, _WORDS[why], offset, raw) for line, why, offset, raw in refused]
    quarantine = pl.DataFrame(rows, schema=QUARANTINE_SCHEMA, orient="row")
    notes = (*_noted(refused, parsed), *reports.notes)
    problems = [
        problem(note.code, note.message, source_file=file, source_row=note.source_row)
        for note in notes
    ]
    return Submission(
        inputs=(Account(file, parsed + len(reports.refused), 0, quarantine),),
        reports=pl.concat([pl.DataFrame(schema=REPORTS), *spill.summaries]),
        batches=spill.batches,
        taken_for="a NIBRS submission in XML: its root element is nibrs:Submission",
        problems=pl.concat([pl.DataFrame(schema=PROBLEM_SCHEMA), *problems]),
    )


class _Spill:
    """Segments on their way to files, a batch of reports at a time, so that memory does not grow with the input."""

    def __init__(self, scratch: Path, file: str) -> None:
        self.summaries: list[pl.DataFrame] = []
        self._scratch = scratch
        self._file = file
        self._parts: list[dict[str, Path]] = []
        self._clear()

    def _clear(self) -> None:
        self._reports = 0
        self._levels: dict[str, dict[str, list[Any]]] = {
            level: {name: [] for name in segment_schema(level) if name not in _GIVEN}
            for level in LEVELS
        }

    def add(
        self, line: int, number: int, keys: dict[str, Any], segments: list[tuple[str, Any]]
    ) -> None:
        """Take the segments of a report."""
        keys["source_row"], keys["report"] = line, number
        for level, elements in segments:
            values = keys | elements
            for name, cells in self._levels[level].items():
                cells.append(values.get(name))
        self._reports += 1
        if self._reports == _BATCH:
            self.write()

    def write(self) -> None:
        """Write what has been taken."""
        frames = {}
        for level, columns in self._levels.items():
            if columns["report"]:
                schema = segment_schema(level)
                frames[level] = pl.DataFrame(
                    [_column(name, schema[name], cells) for name, cells in columns.items()]
                )
        part = {
            level: self._scratch / f"{len(self._parts):06d}-{level}.parquet" for level in frames
        }
        for level, frame in frames.items():
            frame.write_parquet(part[level], compression="lz4")
        self._parts.append(part)
        self.summaries.append(summarise(frames))
        self._clear()

    def batches(self) -> Iterator[Segments]:
        """Give the segments batch by batch."""
        for part in self._parts:
            yield {level: self._keyed(pl.read_parquet(place)) for level, place in part.items()}

    def _keyed(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.select(
            pl.lit(self._file).alias("source_file"),
            "source_row",
            pl.lit("new").alias("row_fate"),
            pl.exclude("source_row"),
        )


def _column(name: str, dtype: pl.DataType, cells: list[Any]) -> pl.Series:
    """Make a column; one of lists by their lengths, which is many times faster than list by list."""
    if dtype != pl.List(pl.String()):
        return pl.Series(name, cells, dtype)
    lengths = accumulate((len(cell or ()) for cell in cells), initial=0)
    items = pa.array([item for cell in cells for item in cell or ()], pa.large_string())
    lists = pa.LargeListArray.from_arrays(pa.array(lengths, pa.int64()), items)
    return pl.Series(name, lists, dtype)


def _noted(refused: list[tuple[int, str, int | None, bytes]], parsed: int) -> Iterator[Note]:
    if not refused and not parsed:
        yield Note("IPVI-108", "the submission holds no report")
    first = {why: line for line, why, _, _ in reversed(refused)}
    for why, count in Counter(why for _, why, _, _ in refused).items():
        said = f"reports set aside: {count} ({_WORDS[why]})"
        yield Note("IPVI-107", said, source_row=first[why])
