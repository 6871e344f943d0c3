"""JSON records on their way into Parquet, a batch at a time; refused ones are kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli.ingest.json_cells import Cells, KeyPath, Repeated, Unfit, as_bytes, flatten
from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA, SOURCE_ROW, Note, RawInput, column_names

_BATCH = 20_000

REASONS: Final = {
    "not_an_object": "no object",
    "field_count": "another number of values than of columns",
    "repeated_key": "a key comes twice",
    "separator_in_list": "a text inside a list holds ||, which separates packed lists",
    "too_deep": "nested too deeply",
    "bad_json": "not valid JSON",
    "bad_encoding": "not valid text in the file's encoding",
}
"""Why a record is refused."""


@dataclass
class Parts:
    """What has been read of an input.

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
        """Take an item if it is an object that can become cells, or set it aside."""
        if not isinstance(item, dict):
            reason = "repeated_key" if isinstance(item, Repeated) else "not_an_object"
            self.refuse(row, reason, item, raw, offset)
            return
        try:
            cells = flatten(item)
        except Unfit as unfit:
            self.refuse(row, str(unfit), item, raw, offset)
        except RecursionError:
            self.refuse(row, "too_deep", item, raw, offset)
        else:
            self.add_cells(row, cells, item, raw, offset)

    def add_cells(
        self,
        row: int,
        cells: Cells,
        item: Any,
        raw: bytes | None = None,
        offset: int | None = None,
    ) -> None:
        """Take the cells of an item if their text can be written."""
        fresh = {}
        if not cells.keys() <= self.columns.keys():
            names = {key: key if isinstance(key, str) else ".".join(key) for key in cells}
            fresh = {key: name for key, name in names.items() if key not in self.columns}
        if not _encodable([*cells.values(), *fresh.values()]):
            self.refuse(row, "bad_encoding", item, raw, offset)
            return
        self.read += 1
        self.columns.update(fresh)
        self.rows.append((row, cells))
        if len(self.rows) >= _BATCH:
            self._flush()

    def refuse(
        self, row: int, reason: str, item: Any, raw: bytes | None = None, offset: int | None = None
    ) -> None:
        """Count a record and set it aside."""
        self.read += 1
        if raw is None:
            try:
                raw = as_bytes(item)
            except RecursionError:
                raw = b""
        self.refused.append((row, reason, offset, raw))

    def only_refused(self, reason: str) -> bool:
        """Say whether there are records and all were refused for one reason."""
        same = sum(why == reason for _, why, _, _ in self.refused)
        return 0 < self.read == same

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
                said = f"records set aside: {len(rows)} ({words})"
                yield Note("IPVI-107", said, source_row=rows[0])
        if self.read == len(self.refused):
            yield Note("IPVI-108", "no record that can be read")


def _encodable(texts: list[str | None]) -> bool:
    """Whether no text holds half of a surrogate pair, which JSON can write and no encoding can hold."""
    try:
        "".join(filter(None, texts)).encode()
    except UnicodeEncodeError:
        return False
    return True
