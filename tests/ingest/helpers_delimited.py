"""Read bytes as delimited text."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ipvi_cli.ingest.delimited import read_delimited
from ipvi_cli.ingest.raw import SOURCE_ROW, RawInput, ReadOptions

LABEL = "dir.csv"


@dataclass(frozen=True)
class Read:
    """What reading gave: the account, the cells by row, the places, the refused records."""

    raw: RawInput
    data: pl.DataFrame

    @property
    def lines(self) -> list[int]:
        return self.data[SOURCE_ROW].to_list()

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        return self.data.drop(SOURCE_ROW).rows()

    @property
    def refused(self) -> list[tuple[int, str]]:
        return self.raw.quarantine.select(SOURCE_ROW, "reason_code").rows()

    @property
    def codes(self) -> list[str]:
        return sorted({note.code for note in self.raw.notes})


def read(content: bytes, options: ReadOptions | None = None, **limits: int) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / LABEL
        path.write_bytes(content)
        out = Path(folder) / "clean.parquet"
        raw = read_delimited(
            path, LABEL, options or ReadOptions(), out, lambda done, total: None, **limits
        )
        data = pl.read_parquet(out)
    assert data.columns == [SOURCE_ROW, *raw.columns]
    assert raw.rows_accepted == data.height
    return Read(raw, data)
