"""Clean Parquet, written block by block: the source row, then every column as text."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ipvi_cli.ingest.raw import SOURCE_ROW

_ROW_GROUP: Final = 131_072
_LOOKED_AT: Final = 16_384
_REPEATED: Final = 6
"""A column whose first values repeat this often on average is dictionary-encoded."""


class CleanWriter:
    """Appends frames to one Parquet file, in a thread of its own while the caller prepares the next.

    Args:
        path: The file.
        columns: Text columns after the source row.
    """

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self._path = path
        self._schema = pl.Schema({SOURCE_ROW: pl.Int64, **dict.fromkeys(columns, pl.String)})
        self._waiting: list[pl.DataFrame] = []
        self._writer: Any = None
        self._pool = ThreadPoolExecutor(1)
        self._pending: Future[None] | None = None

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows: the source row and every column, in order."""
        self._waiting.append(rows)
        if sum(frame.height for frame in self._waiting) >= _ROW_GROUP:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file, or remove it after an error."""
        try:
            if kind is None:
                self._finish()
        except BaseException:
            self._abandon()
            raise
        if kind is not None:
            self._abandon()

    def _finish(self) -> None:
        if self._waiting or self._pending is None:
            self._waiting.append(pl.DataFrame(schema=self._schema))
            self._flush()
        if self._pending is not None:
            self._pending.result()
        self._pool.shutdown()
        self._writer.close()

    def _abandon(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        with suppress(OSError):
            if self._writer is not None:
                self._writer.close()
        self._path.unlink(missing_ok=True)

    def _flush(self) -> None:
        block = pl.concat(self._waiting, rechunk=False)
        self._waiting = []
        if self._pending is not None:
            self._pending.result()
        self._pending = self._pool.submit(self._append, block)

    def _append(self, block: pl.DataFrame) -> None:
        arrow = block.to_arrow(compat_level=pl.CompatLevel.newest())  # texts are not copied
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path,
                arrow.schema,
                compression="snappy",  # read once or twice and thrown away
                use_dictionary=_repeating(block),
                write_statistics=[SOURCE_ROW],
            )
        self._writer.write_table(pa.Table.from_arrays(arrow.columns, schema=self._writer.schema))


def _repeating(block: pl.DataFrame) -> list[str]:
    names = [name for name in block.columns if name != SOURCE_ROW]
    head = block.head(_LOOKED_AT)
    if head.is_empty() or not names:
        return names
    counts = head.select(pl.col(names).n_unique()).row(0, named=True)
    return [name for name in names if counts[name] * _REPEATED <= head.height]
