"""A NIBRS flat file, read without a step per segment and without losing one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from ipvi_cli.ingest.nibrs import refusals
from ipvi_cli.ingest.nibrs.actions import REPORTS, report_key
from ipvi_cli.ingest.nibrs.cells import Bytes, changes, list_column, pair_columns, text_column
from ipvi_cli.ingest.nibrs.refusals import CODES, REASONS
from ipvi_cli.ingest.nibrs.scan import Block, Numbers, blocks, line_starts
from ipvi_cli.ingest.nibrs.segments import (
    LEVEL_NUMBERS,
    LEVELS,
    Account,
    Segments,
    Submission,
    segment_schema,
)
from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import PROBLEM_SCHEMA, Progress, problem
from ipvi_cli.model.nibrs_layout import HEADER, KEY_WIDTH, LAYOUT, LENGTHS, NUMBER

_NAMES: Final = {number: name for name, number in LEVEL_NUMBERS.items()}
_MONTHS: Final = (1, 12)
_HEAD: Final = 1 << 16
_SEGMENT: Final = re.compile(
    rb"0(?:0[4-9]|1[0-4]|30)\d[0-9A-Za-z][IAMDRW].{10}[A-Z]{2}[A-Z0-9 ]{7}"
)
"""Length (0040 to 0149, 0300 to 0309), level, action, month, year and city, ORI."""


def read_flat(path: Path, label: str, progress: Progress | None = None) -> Submission:
    """Read a NIBRS flat file.

    Args:
        path: The file.
        label: Name of the input.
        progress: Told how much of it is read.

    Returns:
        The submission. Segments that cannot be read are in its quarantine with their number; an incident that has
        lost a segment so is named among the problems and read on.

    Raises:
        InputError: The file holds no segment, or the fields of its segments stand off their columns.
    """
    survey = _Survey(label)
    size = path.stat().st_size
    for block in blocks(path):
        survey.take(block)
        if progress is not None:
            progress(f"reading {label}", block.offset, size)
    survey.require_segments()
    return Submission(
        inputs=(survey.account(),),
        reports=survey.reports(),
        batches=lambda: (_segments(block, label) for block in blocks(path)),
        taken_for=survey.taken_for(),
        agencies=tuple(sorted(survey.oris)),
        problems=survey.problems(),
        segments=True,
    )


def is_flat(path: Path) -> bool:
    """Say whether a file is a NIBRS flat file: most lines of its start state their length, a level and an action.

    Args:
        path: The file.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    lines = [line for line in head.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
    if len(head) == _HEAD and len(lines) > 1:
        lines.pop()
    good = sum(_SEGMENT.match(line) is not None for line in lines)
    return good > 0 and good * 2 > len(lines)


def flat_agencies(path: Path) -> frozenset[str]:
    """Name the ORIs of a flat file.

    Args:
        path: The file.
    """
    found: set[str] = set()
    for rows in line_starts(path, KEY_WIDTH):
        for one in (rows[changes(rows, *HEADER["ori"])], rows):
            plain = ((one[:, :5] - ord("0")) <= 9).all(axis=1) & ((one - 32) <= 94).all(axis=1)
            found.update(text_column(one[plain], *HEADER["ori"]).drop_nulls().unique())
            if plain.all():
                break
    return frozenset(found)


@dataclass
class _Survey:
    """What a first pass over the file finds: its reports, and what cannot be read."""

    label: str
    rows: int = 0
    skipped: int = 0
    levels: np.ndarray[tuple[int], np.dtype[np.int64]] = field(
        default_factory=lambda: np.zeros(256, np.int64)
    )
    lengths: dict[int, set[int]] = field(default_factory=dict)
    shifted: np.ndarray[tuple[int], np.dtype[np.int64]] = field(
        default_factory=lambda: np.zeros(256, np.int64)
    )
    stripped: int = 0
    oris: set[str] = field(default_factory=set)
    parts: list[pl.DataFrame] = field(default_factory=list)
    quarantine: list[pl.DataFrame] = field(default_factory=list)
    found: list[pl.DataFrame] = field(default_factory=list)

    def take(self, block: Block) -> None:
        """Take in a block."""
        self.rows += len(block.starts)
        self.skipped += len(block.blanks)
        good = block.refused == 0
        self.levels += np.bincount(block.levels[good], minlength=256)
        for level in LENGTHS:
            stated = np.unique(block.stated[good & (block.levels == level)])
            self.lengths.setdefault(level, set()).update(stated.tolist())
        off = block.refused == refusals.number(refusals.SHIFTED)
        self.shifted += np.bincount(block.levels[off], minlength=256)
        self.stripped += int(np.count_nonzero(good & (block.sizes < block.stated)))
        self.parts.append(_reports(block))
        keys = block.keys[good]
        fresh = keys[changes(keys, *HEADER["ori"])]
        self.oris.update(text_column(fresh, *HEADER["ori"]).drop_nulls().unique())
        if not good.all():
            self._set_aside(block, np.flatnonzero(~good))
        self._months(block, good)

    def _set_aside(self, block: Block, places: Numbers) -> None:
        codes = pl.Series([CODES[number] for number in range(len(CODES))]).gather(
            pl.Series(block.refused[places]).cast(pl.UInt32)
        )
        said = codes.replace_strict(REASONS, return_dtype=pl.String)
        rows = pl.Series(block.rows[places])
        self.quarantine.append(
            pl.DataFrame(
                {
                    "source_row": rows,
                    "reason_code": codes,
                    "message": said,
                    "byte_offset": pl.Series(block.starts[places] + block.offset),
                    "raw": pl.Series(block.raw(places), dtype=pl.Binary),
                },
                schema=QUARANTINE_SCHEMA,
            )
        )
        self.found.append(self._of_segments(block, places, codes, said + "; it is set aside"))
        lost = block.reports[places]
        kept = np.unique(block.reports[(block.refused == 0) & (block.reports >= 0)])
        maimed = places[np.isin(lost, kept)]
        bereft = np.flatnonzero(block.after_gap & (block.refused == 0) & (block.levels > 1))
        self.found.append(
            self._of_segments(
                block,
                np.union1d(maimed, bereft[block.levels[bereft] < 7]),
                refusals.DAMAGED,
                "a segment of the incident is set aside; the rest of it is read",
            )
        )

    def _months(self, block: Block, good: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        """Name the reports whose month and year of submission cannot be read."""
        heads = np.flatnonzero(good & np.isin(block.levels, (0, 1, 7)))
        digits = (block.keys[heads, 6:12] - ord("0")) <= 9
        month = (block.keys[heads, 6:8].astype(np.int64) - ord("0")) @ np.array([10, 1])
        bad = ~digits.all(axis=1) | (month < _MONTHS[0]) | (month > _MONTHS[1])
        if bad.any():
            said = "the month and year of submission are not MMYYYY"
            self.found.append(self._of_segments(block, heads[bad], refusals.MONTH, said))

    def _of_segments(
        self, block: Block, places: Numbers, code: str | pl.Series, said: str | pl.Series
    ) -> pl.DataFrame:
        """Make a problem for each of some segments, with the incident where its number can be read."""
        keyed = block.keys[places]
        ori, number = (text_column(keyed, *at) for at in (HEADER["ori"], NUMBER["incident_number"]))
        whole = pl.Series(block.keyed[places] & ~np.isin(block.levels[places], (0, 7)))
        frame = pl.DataFrame({"ori": ori, "number": number, "whole": whole})
        incident = pl.when("whole").then(pl.concat_str("ori", pl.lit(":"), "number"))
        texts = {
            name: pl.lit(value) if isinstance(value, str) else value
            for name, value in (("code", code), ("message", said))
        }
        return frame.select(
            texts["code"].alias("code"),
            pl.lit(None, pl.String).alias("table"),
            pl.lit(None, pl.String).alias("column"),
            pl.when(incident.is_not_null()).then("ori").alias("agency"),
            incident.alias("incident_id"),
            pl.lit(self.label).alias("source_file"),
            pl.Series("source_row", block.rows[places]),
            texts["message"].alias("message"),
        ).select(*PROBLEM_SCHEMA)

    def require_segments(self) -> None:
        """Refuse a file in which nothing, or nothing in its place, can be read."""
        for level, off in enumerate(self.shifted):
            if off and off >= self.levels[level]:
                raise InputError(
                    f"the fields of {off:,} of {off + self.levels[level]:,} segments of level {level} stand one "
                    "column off, so that none of it can be trusted; the file was not read.",
                    where=self.label,
                    mend="Ask for the submission as it was sent to the state or the FBI.",
                )
        if not self.levels.any():
            raise InputError(
                "no line of the file is a segment of a NIBRS flat file.",
                where=self.label,
                mend="Check the file, or name its format with --format-in.",
            )

    def account(self) -> Account:
        """Give the account of the input."""
        quarantine = pl.concat([pl.DataFrame(schema=QUARANTINE_SCHEMA), *self.quarantine])
        return Account(self.label, self.rows, self.skipped, quarantine)

    def reports(self) -> pl.DataFrame:
        """Give the reports of the input."""
        return pl.concat([pl.DataFrame(schema=REPORTS), *self.parts])

    def taken_for(self) -> str:
        """Say what the file was taken for, and why."""
        seen = np.flatnonzero(self.levels[:10])
        between = f"level {seen[0]}" if len(seen) == 1 else f"levels {seen[0]}–{seen[-1]}"
        agencies = "1 ORI" if len(self.oris) == 1 else f"{len(self.oris):,} ORIs"
        return f"a NIBRS flat file: {self.rows:,} segments, {between}, {agencies}"

    def problems(self) -> pl.DataFrame:
        """Give what was noticed."""
        whole = []
        for level, lengths in sorted(self.lengths.items()):
            if len(lengths) > 1:
                said = f"segments of level {level} have {len(lengths)} lengths: {sorted(lengths)}"
                whole.append(problem(refusals.VERSIONS, said, source_file=self.label))
        if self.stripped:
            said = f"{self.stripped:,} segments are shorter than they state; what lacks is taken as blanks"
            whole.append(problem(refusals.STRIPPED, said, source_file=self.label))
        return pl.concat([pl.DataFrame(schema=PROBLEM_SCHEMA), *self.found, *whole])


def _reports(block: Block) -> pl.DataFrame:
    """Give ``REPORTS`` of the reports of a block."""
    places = np.flatnonzero(block.reports >= 0)
    if not len(places):
        return pl.DataFrame(schema=REPORTS)
    numbers = block.reports[places]
    begins = np.concatenate([[0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1])
    first = places[begins]
    levels = block.levels[first].copy()
    level = pl.Series(levels)
    keys = block.cut(first, 43)
    ori = text_column(keys, *HEADER["ori"])
    number = text_column(keys, *NUMBER["incident_number"])
    sequence = text_column(keys, KEY_WIDTH + 1, 2)
    month = text_column(keys, KEY_WIDTH + 1, 6)
    about = pl.DataFrame(
        {"level": level, "ori": ori, "number": number, "sequence": sequence, "month": month}
    ).with_columns(
        pl.when(pl.col("level") == 0)
        .then(pl.concat_str(pl.col("month").str.slice(2), pl.col("month").str.slice(0, 2)))
        .otherwise("number")
        .alias("number"),
        pl.when(pl.col("level") == 7).then("sequence").cast(pl.UInt8, strict=False).alias("part"),
    )
    good = block.refused[places] == 0
    damaged = (block.refused[first] != 0) | block.after_gap[first]
    damaged &= np.logical_or.reduceat(
        good, begins
    )  # a segment alone that cannot be read opens nothing
    opened = np.logical_or.reduceat(good & (block.levels[places] == 1), begins) | damaged
    content = np.add.reduceat(np.where(good, _hashes(block, places), 0).astype(np.uint64), begins)
    submitted = keys[:, 6:12] - ord("0")
    readable = (submitted <= 9).all(axis=1)
    value = submitted.astype(np.int64) @ np.array([10, 1, 100_000, 10_000, 1_000, 100])
    return about.select(
        report_key(pl.col("level"), pl.col("ori"), pl.col("number")).alias("key"),
        pl.col("part"),
        pl.col("level"),
        text_column(keys, 6, 1).cast(REPORTS["action"], strict=False).alias("action"),
        pl.Series("opened", opened),
        pl.Series("content", content),
        pl.when(pl.Series(readable)).then(pl.Series(value)).cast(pl.Int32).alias("month"),
    )


def _hashes(block: Block, places: Numbers) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Hash the bytes of segments behind their keys' action, line ends included."""
    starts = block.starts[places]
    ends = starts + block.sizes[places]
    edges = np.empty(2 * len(starts) + 1, np.int64)
    edges[0], edges[1:-1:2] = 0, starts
    edges[2::2] = ends
    texts = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(),
        2 * len(starts),
        [None, pa.py_buffer(edges), pa.py_buffer(block.buffer)],
    )
    hashes = pl.Series(pl.from_arrow(texts)).gather_every(2, 1).hash()
    return hashes.to_numpy()


def _segments(block: Block, label: str) -> Segments:
    """Cut the segments of a block into their data elements, by level."""
    frames = {}
    good = block.refused == 0
    for number, name in _NAMES.items():
        places = np.flatnonzero(good & (block.levels == number))
        if len(places):
            frames[name] = _frame(block, places, name, label)
    lost = _lost_incidents(block)
    if len(lost):
        keyed = _frame(block, lost, "incident", label).with_columns(
            pl.lit(None, one.dtype).alias(one.name) for one in LEVELS["incident"]
        )
        rows = pl.Series(np.where(block.refused[lost] != 0, block.rows[lost], block.rows[lost] - 1))
        keyed = keyed.with_columns(rows.alias("source_row"))
        held = [frames["incident"]] if "incident" in frames else []
        frames["incident"] = pl.concat([*held, keyed]).sort("report", maintain_order=True)
    return frames


def _lost_incidents(block: Block) -> Numbers:
    """Find the reports whose administrative segment is set aside: the place of the first segment with their key.

    The incident is known from the key columns, and nothing else of it.
    """
    if not (block.refused != 0).any() and not block.after_gap.any():
        return np.zeros(0, np.int64)
    places = np.flatnonzero(block.reports >= 0)
    numbers = block.reports[places]
    begins = np.concatenate([[0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1])
    first = places[begins]
    good = block.refused[places] == 0
    levels = block.levels[places]
    read = np.logical_or.reduceat(good & (levels > 1) & (levels < 7), begins)
    headed = np.logical_or.reduceat(good & (levels == 1), begins)
    damaged = (block.refused[first] != 0) | block.after_gap[first]
    lost: Numbers = first[read & ~headed & damaged]
    return lost


def _frame(block: Block, places: Numbers, level: str, label: str) -> pl.DataFrame:
    number = LEVEL_NUMBERS[level]
    width = max(LENGTHS[number]) if number != 3 else KEY_WIDTH + 1
    rows = np.asfortranarray(block.cut(places, width))  # fields are read column by column
    columns = {
        "source_row": pl.Series(block.rows[places]),
        "report": pl.Series(block.reports[places]),
        "action": text_column(rows, 6, 1),
        **{name: text_column(rows, *at) for name, at in HEADER.items()},
        **_elements(rows, level),
    }
    if number not in (0, 7):
        columns["incident_number"] = text_column(rows, *NUMBER["incident_number"])
    schema = segment_schema(level)
    frame = pl.DataFrame(columns).with_columns(
        pl.lit(label).alias("source_file"), pl.lit("new").alias("row_fate")
    )
    return frame.select(
        pl.col(name) if name in frame.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
    )


def _elements(rows: Bytes, level: str) -> dict[str, pl.Series]:
    layout = LAYOUT[level]
    columns: dict[str, pl.Series] = {}
    for element in LEVELS[level]:
        at = layout[element.name]
        if element.name in ("offender_numbers", "relationships"):
            continue
        if element.slots == 1:
            columns[element.name] = text_column(rows, at.start, at.width)
        else:
            columns[element.name] = list_column(rows, at.start, at.width, at.step, element.slots)
    if level == "victim":
        first = layout["offender_numbers"]
        widths = (first.width, layout["relationships"].width)
        columns["offender_numbers"], columns["relationships"] = pair_columns(
            rows, first.start, widths, 10
        )
    return columns
