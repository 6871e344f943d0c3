"""Delimited text, read without losing a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.ingest.clean import CleanWriter
from ipvi_cli.ingest.raw import FOOTER, QUARANTINE_SCHEMA, Note, RawInput, ReadOptions
from ipvi_cli.ingest.text_encoding import LONGEST, Text, find_form
from ipvi_cli.ingest.text_fields import Fields
from ipvi_cli.ingest.text_frames import Frames
from ipvi_cli.ingest.text_layout import HEAD, Layout, find_layout
from ipvi_cli.ingest.text_records import REASONS, Refused, Scanned, Scanner
from ipvi_cli.ingest.text_stretch import Grammar

BLOCK: Final = 1 << 23
"""Bytes that are read at a time."""

_NOTES_TRIED: Final = 200
_SENTENCE: Final = 3
"""Words of the shortest sentence."""


def read_delimited(
    path: Path,
    label: str,
    options: ReadOptions,
    out: Path,
    told: Callable[[int, int], None],
    *,
    block: int = BLOCK,
    longest: int = LONGEST,
) -> RawInput:
    """Read delimited text into clean Parquet.

    Args:
        path: The file.
        label: Its name in messages and the manifest.
        options: ``encoding``, ``delimiter``, ``header_row``, ``header_names`` and ``expected`` are used.
        out: Clean Parquet to write.
        told: Told how many bytes of how many are read.
        block: Bytes that are read at a time.
        longest: Bytes that one record may have.

    Returns:
        The input. ``source_row`` is the physical line on which a record starts; line feeds, carriage returns and
        pairs of them end lines, in quotation marks too. Records with other fields than the header, a quotation mark
        that is never closed, NUL bytes or bytes that are no text are quarantined, with their bytes.

    Raises:
        InputError: The file is blank, its encoding does not exist, its header is not there, or a line is longer than
            ``longest``.
    """
    text = Text(path, find_form(path, label, options.encoding))
    layout = _layout(path, text, label, options)
    reader = _Reader(path, label, layout, text, longest)
    reader.run(out, told, block)
    return reader.result(out)


def _layout(path: Path, text: Text, label: str, options: ReadOptions) -> Layout:
    head = b""
    for block in Text(path, text.form).blocks(HEAD):
        head += block
        if len(head) > HEAD:
            break
    else:
        return find_layout(head, complete=True, file=label, options=options)
    return find_layout(head, complete=False, file=label, options=options)


class _Reader:
    """One file on its way into clean Parquet."""

    def __init__(self, path: Path, label: str, layout: Layout, text: Text, longest: int) -> None:
        self._path = path
        self._label = label
        self._layout = layout
        self._text = text
        self._scanner = Scanner(
            Grammar(layout.delimiter, layout.width, layout.fields, text.form.lone_cr),
            line=layout.line,
            mixed=text.form.kinds > 1,
            sound=text.form.sound,
            file=label,
            longest=longest,
        )
        self._frames = Frames(layout)
        self._quarantine: list[pl.DataFrame] = []

    def run(self, out: Path, told: Callable[[int, int], None], size: int) -> None:
        """Read the file; a block is parsed while the next is scanned."""
        total = max(self._path.stat().st_size, 1)
        with CleanWriter(out, self._layout.columns) as writer, ThreadPoolExecutor(1) as pool:
            parsing: Future[None] | None = None
            for scanned, whole, offset in self._scanned(size):
                if scanned.refused:
                    rows = [self._refused(one, whole, offset) for one in scanned.refused]
                    frame = pl.DataFrame(rows, schema=QUARANTINE_SCHEMA, orient="row")
                    self._quarantine.append(frame)
                if parsing is not None:
                    parsing.result()
                parsing = pool.submit(self._parse, scanned, writer)
                told(min(offset, total), total)
            if parsing is not None:
                parsing.result()
        told(total, total)

    def _scanned(self, size: int) -> Iterator[tuple[Scanned, bytes, int]]:
        """Give each block as scanned, its text, and where that starts."""
        rest, skip, offset = b"", self._layout.body, self._layout.body
        for block in self._text.blocks(size):
            fresh, skip = block[skip:], max(skip - len(block), 0)
            whole = rest + fresh if rest else fresh
            scanned = self._scanner.scan(whole, final=False)
            yield scanned, whole, offset
            offset += scanned.consumed
            self._text.forget(offset)
            rest = whole[scanned.consumed :]
        if rest:
            whole = rest if rest.endswith((b"\n", b"\r")) else rest + b"\n"
            yield self._scanner.scan(whole, final=True), whole, offset

    def _parse(self, scanned: Scanned, writer: CleanWriter) -> None:
        for piece in scanned.pieces:
            frame = self._frames.frame(piece)
            if frame.height:
                writer.write(frame)

    def _refused(
        self, one: Refused, whole: bytes, offset: int
    ) -> tuple[int, str, str, int | None, bytes]:
        start = self._text.source_offset(offset + one.start)
        raw = whole[one.start : one.end]
        if start is not None and self._text.form.way == "lines":
            end = self._text.source_offset(offset + one.end)
            with self._path.open("rb") as source:
                source.seek(start)
                raw = source.read((end or start) - start)
        said = REASONS[one.reason]
        if "fields" in one.reason or one.reason == "stray_quote":
            said = f"{said}: {one.fields} instead of {self._layout.width}"
        return one.line, one.reason, said, start, raw.rstrip(b"\r\n")

    def result(self, out: Path) -> RawInput:
        """Give the account of the whole file."""
        quarantine = pl.concat([pl.DataFrame(schema=QUARANTINE_SCHEMA), *self._quarantine])
        footer = self._footer(quarantine)
        quarantine = quarantine.filter(~pl.col("source_row").is_in(footer))
        scanner = self._scanner
        return RawInput(
            file=self._label,
            data=out,
            columns=self._layout.columns,
            rows_read=self._frames.accepted + quarantine.height,
            lines_skipped=self._layout.skipped
            + scanner.blank
            + self._frames.blank
            + self._frames.headers
            + len(footer),
            quarantine=quarantine,
            notes=(*self._encoding_notes(), *self._layout.notes, *self._notes(quarantine, footer)),
        )

    def _footer(self, quarantine: pl.DataFrame) -> list[int]:
        """Lines after the last accepted record that are clearly notes."""
        tail = quarantine.filter(
            (pl.col("source_row") > self._frames.last_line) & (pl.col("reason_code") != "nul_byte")
        ).tail(_NOTES_TRIED)
        gap = self._scanner.gap
        return [
            row
            for row, raw in tail.select("source_row", "raw").iter_rows()
            if self._is_note(raw, apart=gap is not None and row > gap)
        ]

    def _is_note(self, raw: bytes, *, apart: bool) -> bool:
        """Whether a line starts like a note, or is a sentence by itself under a blank line."""
        cells = Fields(self._layout.delimiter).split(raw, 0, len(raw)).cells
        first, *others = (cell.decode("utf-8", "replace") for cell in cells)
        if not any(map(str.isalnum, first)):
            return bool(first.strip()) and not any(map(str.isalnum, "".join(others)))
        sentence = apart and not any(others) and _is_sentence(first)
        return sentence or FOOTER.match(first) is not None

    def _encoding_notes(self) -> Iterator[Note]:
        if self._text.strange:
            said = f"read as {self._text.form.encoding}; bytes concerned: {self._text.strange}"
            yield Note("IPVI-101", said, source_row=self._text.strange_line)
        if len(self._scanner.endings) > 1:
            yield Note("IPVI-102", f"lines end in {len(self._scanner.endings)} ways")

    def _notes(self, quarantine: pl.DataFrame, footer: list[int]) -> Iterator[Note]:
        if footer:
            said = f"lines skipped below the last record: {len(footer)}"
            yield Note("IPVI-104", said, source_row=footer[0])
        for reason, words in REASONS.items():
            rows = quarantine.filter(pl.col("reason_code") == reason)["source_row"]
            if len(rows):
                code = "IPVI-111" if reason == "unclosed_quote" else "IPVI-107"
                yield Note(code, f"records set aside: {len(rows)} ({words})", source_row=rows[0])
        if self._frames.headers:
            said = f"lines that repeat the header: {self._frames.headers}; they were skipped"
            yield Note("IPVI-109", said, source_row=self._frames.first_header)
        if self._layout.fields > self._layout.width:
            yield Note("IPVI-110", "the records end in empty fields beyond the header")
        elif self._scanner.trailing:
            said = f"records with empty fields beyond the header: {self._scanner.trailing}"
            yield Note("IPVI-110", said, source_row=self._scanner.trailing_line)
        for name, (count, row) in self._frames.repaired.items():
            yield Note("IPVI-125", f"cells repaired: {count}", column=name, source_row=row)
        if not self._frames.accepted:
            yield Note("IPVI-108", "the file holds no data row")


def _is_sentence(text: str) -> bool:
    """Whether a text is one line of words without any figure: nothing that a record starts with."""
    words = [word for word in text.split() if sum(map(str.isalpha, word)) > 1]
    return len(words) >= _SENTENCE and not any(map(str.isdigit, text)) and "\n" not in text
