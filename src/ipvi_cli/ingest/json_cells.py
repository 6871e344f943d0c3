"""JSON items as rows of text: numbers as written, objects spread once, refused items kept apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA, SOURCE_ROW, Note, RawInput, column_names

_BATCH = 50_000

REASONS: Final = {
    "not_an_object": "no object",
    "field_count": "another number of values than of columns",
    "repeated_key": "a key comes twice",
    "bad_json": "not valid JSON",
    "bad_encoding": "not valid text in the file's encoding",
}
"""Why a record is refused."""


class _Number(str):
    """A number as it is written, so that 1.10 stays 1.10."""


class _Repeated:
    """An object in which a key comes twice, so that a mapping would lose one of its values."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.pairs = pairs


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Repeated:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeated(pairs)


def _constant(word: str) -> _Number | None:
    """NaN is how some writers put a missing number."""
    return None if word == "NaN" else _Number(word)


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_Number, parse_int=_Number, parse_constant=_constant
)
"""Keeps numbers as written and objects with a repeated key whole."""

KeyPath = tuple[str, ...]
"""The key of a cell; two keys where an object was spread."""

Cells = dict[KeyPath, str | None]
"""A record."""


@dataclass
class Parts:
    """Records on their way into Parquet, a batch at a time, and the refused ones.

    Attributes:
        out: Clean Parquet to write; the parts lie beside it until then.
        columns: Key of each column in order of first appearance, and its name as delivered.
        rows: Number and cells of the records of the batch.
        files: Parts that are written.
        refused: Number, reason, byte offset and bytes of each refused record.
        read: Records so far.
        skipped: Blank lines so far.
    """

    out: Path
    columns: dict[KeyPath, str] = field(default_factory=dict)
    rows: list[tuple[int, Cells]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    refused: list[tuple[int, str, int | None, bytes]] = field(default_factory=list)
    read: int = 0
    skipped: int = 0

    def add(self, row: int, item: Any, raw: bytes | None = None, offset: int | None = None) -> None:
        """Take an item if it is an object."""
        if isinstance(item, dict):
            self.add_cells(row, _flatten(item), item, raw, offset)
        else:
            reason = "repeated_key" if isinstance(item, _Repeated) else "not_an_object"
            self.refuse(row, reason, as_bytes(item) if raw is None else raw, offset)

    def add_cells(
        self,
        row: int,
        cells: Cells,
        item: Any,
        raw: bytes | None = None,
        offset: int | None = None,
    ) -> None:
        """Take the cells of an item if their text can be written."""
        if not _encodable(cells):
            self.refuse(row, "bad_encoding", as_bytes(item) if raw is None else raw, offset)
            return
        self.read += 1
        for key in cells:
            if key not in self.columns:
                self.columns[key] = ".".join(key)
        self.rows.append((row, cells))
        if len(self.rows) >= _BATCH:
            self._flush()

    def refuse(self, row: int, reason: str, raw: bytes, offset: int | None = None) -> None:
        """Count a record and set it aside."""
        self.read += 1
        self.refused.append((row, reason, offset, raw))

    def _flush(self) -> None:
        part = self.out.with_name(f"{self.out.stem}.part{len(self.files):05d}.parquet")
        numbers = pl.Series(SOURCE_ROW, [row for row, _ in self.rows], dtype=pl.Int64)
        columns = [
            pl.Series(f"c{at}", [cells.get(key) for _, cells in self.rows], dtype=pl.String)
            for at, key in enumerate(self.columns)
        ]
        pl.DataFrame([numbers, *columns]).write_parquet(part)
        self.files.append(part)
        self.rows.clear()

    def finish(self, file: str, notes: list[Note]) -> RawInput:
        """Write the clean Parquet and give the account."""
        self._flush()
        names = column_names(list(self.columns.values()))
        frame = pl.concat([pl.scan_parquet(part) for part in self.files], how="diagonal")
        renamed = [pl.col(f"c{at}").alias(name) for at, name in enumerate(names)]
        frame.select(SOURCE_ROW, *renamed).sink_parquet(self.out, compression="zstd")
        for part in self.files:
            part.unlink()
        return RawInput(
            file=file,
            data=self.out,
            columns=names,
            rows_read=self.read,
            lines_skipped=self.skipped,
            quarantine=self._quarantine(),
            notes=(*notes, *self._noted(names)),
        )

    def _quarantine(self) -> pl.DataFrame:
        rows = [
            (row, reason, REASONS[reason], offset, raw) for row, reason, offset, raw in self.refused
        ]
        return pl.DataFrame(rows, schema=QUARANTINE_SCHEMA, orient="row")

    def _noted(self, names: tuple[str, ...]) -> Iterator[Note]:
        for title, name in zip(self.columns.values(), names, strict=True):
            plain = " ".join(title.split())
            if not plain:
                yield Note("IPVI-106", "a key without a name", column=name)
            elif plain not in (name, SOURCE_ROW):
                yield Note("IPVI-105", "a key whose name another column has", column=name)
        for reason, words in REASONS.items():
            rows = [row for row, why, _, _ in self.refused if why == reason]
            if rows:
                yield Note(
                    "IPVI-107", f"records set aside: {len(rows)} ({words})", source_row=rows[0]
                )
        if self.read == len(self.refused):
            yield Note("IPVI-108", "no record that can be read")


def _flatten(item: dict[str, Any]) -> Cells:
    cells: Cells = {}
    for key, value in item.items():
        if isinstance(value, dict) and value:
            for inner, deep in value.items():
                cells[key, inner] = as_cell(deep)
        else:
            cells[key,] = as_cell(value)
    return cells


def as_cell(value: Any) -> str | None:
    """Give the text of a value.

    Args:
        value: A decoded value.

    Returns:
        The text; compact JSON for what is nested; ``None`` for null and whatever is empty.
    """
    if value is None or value in ("", {}, []):
        return None
    return str(value) if isinstance(value, str) else _compact(value)


def _compact(value: Any) -> str:
    """JSON without blanks, numbers as they were written."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict | _Repeated):
        pairs = value.items() if isinstance(value, dict) else value.pairs
        inside = ",".join(
            f"{json.dumps(key, ensure_ascii=False)}:{_compact(one)}" for key, one in pairs
        )
        return f"{{{inside}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_compact, value))}]"
    return json.dumps(value, ensure_ascii=False)


def as_bytes(item: Any) -> bytes:
    """Give an item as compact JSON.

    Args:
        item: A decoded item.

    Returns:
        Its bytes in UTF-8; half surrogates are escaped.
    """
    return _compact(item).encode("utf-8", "backslashreplace")


def _encodable(cells: Cells) -> bool:
    """Whether no text holds half of a surrogate pair, which JSON can write and no encoding can hold."""
    try:
        for key, value in cells.items():
            "".join(key).encode()
            if value is not None:
                value.encode()
    except UnicodeEncodeError:
        return False
    return True
