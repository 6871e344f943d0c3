"""Canonical tables on disk: public columns in ``tables/``, what identifies a person in ``restricted/identity/``."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ipvi_cli.model.tables import (
    identifying_columns,
    metadata,
    polars_schema,
    public_columns,
)

RECORD_ID: Final = "record_id"

ROW_GROUP: Final = 131_072
"""Rows that are gathered before a row group is written."""

_REPEATED: Final = 2
"""A column that repeats each value this often on average, where it begins, is dictionary-encoded."""

_LOOKED_AT: Final = 16_384
"""Rows looked at to see which columns repeat."""

_COUNTERS: Final = ("record_id", "source_row")
"""Columns that mostly grow by one: only the steps are written."""

_PAGE: Final = 4 * 2**20
"""Bytes of a page; many small ones cost half as much again to compress."""

_BATCH: Final = 16_384
"""Values that are encoded at a time."""

_UNCOPIED: Final = pl.CompatLevel.newest()
"""Level of Arrow at which texts are not copied."""

_PENDING: Final = 2
"""Row groups that may wait for the disk; more would only hold memory."""


def table_file(table: str) -> str:
    """Name the public file of a table, relative to the workspace."""
    return f"tables/{table}.parquet"


def identity_file(table: str) -> str:
    """Name the restricted file of a table, relative to the workspace."""
    return f"restricted/identity/{table}.parquet"


def scan_table(folder: Path, table: str, *, identity: bool) -> pl.LazyFrame:
    """Scan a canonical table.

    Args:
        folder: Workspace or staging folder.
        table: Name of the table.
        identity: Whether the identifying columns are wanted too.

    Returns:
        The columns of ``model.tables`` in their order. Both files hold the same rows in the same order and are laid
        side by side; a query that asks for no identifying column reads the restricted file's row count at most.
    """
    public = pl.scan_parquet(folder / table_file(table))
    hidden = identifying_columns(table)
    if not identity or not hidden:
        return public
    restricted = pl.scan_parquet(folder / identity_file(table)).drop(RECORD_ID)
    # Polars refuses two frames of unequal height here (before 2.0 it padded the shorter with nulls).
    return pl.concat([public, restricted], how="horizontal").select(list(polars_schema(table)))


class TableWriter:
    """Append frames to one canonical table, both of its parts at once.

    The two files are encoded in threads of their own, while the caller prepares the next block.
    """

    def __init__(self, folder: Path, table: str) -> None:
        self._columns = list(polars_schema(table))
        self._schema = polars_schema(table)
        self._waiting: list[pl.DataFrame] = []
        self._parts = [_Part(folder / table_file(table), table, public_columns(table))]
        if hidden := identifying_columns(table):
            path = folder / identity_file(table)
            self._parts.append(_Part(path, table, (RECORD_ID, *hidden)))

    def write(self, df: pl.DataFrame) -> None:
        """Append rows.

        Args:
            df: Every column of the table with the types of ``model.tables``, in any order; texts that repeat are
                quickly written where they come as an ``Enum``, of whatever texts.
        """
        self._waiting.append(df.select(self._columns))
        if sum(frame.height for frame in self._waiting) >= ROW_GROUP:
            self._flush()

    def close(self) -> None:
        """Write what is still waiting and finish both files."""
        if self._waiting or not all(part.opened for part in self._parts):
            self._waiting.append(pl.DataFrame(schema=self._schema))
            self._flush()
        try:
            for part in self._parts:
                part.close()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go of the files without finishing them."""
        self._waiting = []
        for part in self._parts:
            part.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def _flush(self) -> None:
        block = self._waiting[0]
        if len(self._waiting) > 1:
            block = pl.concat([rows.cast(self._schema) for rows in self._waiting], rechunk=False)  # type: ignore[arg-type]
        self._waiting = []
        for part in self._parts:
            part.append(block.select(part.columns))


class _Part:
    """One Parquet file, written by one thread."""

    def __init__(self, path: Path, table: str, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self.opened = False
        self._path = path
        self._table = table
        types = polars_schema(table)
        self._schema = {name: types[name] for name in columns}
        self._coded: list[str] = []
        self._writer: Any = None
        self._stated = ""
        self._pool = ThreadPoolExecutor(1)
        self._pending: list[Future[None]] = []

    def append(self, block: pl.DataFrame) -> None:
        self.opened = True
        self._wait(_PENDING - 1)
        self._pending.append(self._pool.submit(self._write, block))

    def close(self) -> None:
        self._wait(0)
        self._pool.shutdown()
        self._writer.add_key_value_metadata({"ARROW:schema": self._stated})
        self._writer.close()

    def abandon(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._writer is not None:
            with suppress(OSError):
                self._writer.close()

    def _wait(self, allowed: int) -> None:
        while len(self._pending) > allowed:
            self._pending.pop(0).result()

    def _write(self, block: pl.DataFrame) -> None:
        if self._writer is None:
            self._coded = [n for n, t in block.schema.items() if isinstance(t, pl.Enum)]
        columns = self._arrow(block)
        if self._writer is None:
            self._path.unlink(missing_ok=True)
            self._stated = _stated(self._table, self._schema)
            self._writer = pq.ParquetWriter(
                self._path,
                pa.schema(zip(self.columns, (column.type for column in columns), strict=True)),
                store_schema=False,
                compression="zstd",
                compression_level=1,
                use_dictionary=[*self._coded, *_repeating(block)],
                column_encoding=dict.fromkeys(
                    (name for name in _COUNTERS if name in block.columns), "DELTA_BINARY_PACKED"
                ),
                data_page_size=_PAGE,
                write_batch_size=_BATCH,
                # Least and greatest texts help no query here and cost a fifth of the time.
                write_statistics=[n for n, t in self._schema.items() if t != pl.String],
            )
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._writer.schema))

    def _arrow(self, block: pl.DataFrame) -> list[Any]:
        """Give the columns as Arrow; those that were an ``Enum`` in the first block by their codes."""
        return [
            _codes(column)
            if column.name in self._coded
            else column.cast(self._schema[column.name]).to_arrow(compat_level=_UNCOPIED)
            for column in block
        ]


def _codes(texts: pl.Series) -> Any:
    if isinstance(texts.dtype, pl.Enum):
        words = texts.dtype.categories
    else:
        words = texts.drop_nulls().unique(maintain_order=True)
    codes = texts.cast(pl.Enum(words)).to_physical().cast(pl.Int32)
    return pa.DictionaryArray.from_arrays(codes.to_arrow(), words.to_arrow())


def _stated(table: str, columns: Mapping[str, pl.DataType]) -> str:
    """Give the Arrow schema that a file states: what each column means, texts as every reader knows them."""
    described = [
        field.with_metadata({"description": metadata(table, field.name)["description"]})
        for field in pl.DataFrame(schema=columns).to_arrow().schema
    ]
    return base64.b64encode(pa.schema(described).serialize().to_pybytes()).decode("ascii")


def _repeating(block: pl.DataFrame) -> list[str]:
    """Name the columns, those of codes aside, whose values repeat so often that a dictionary pays."""
    flat = [
        name
        for name, dtype in block.schema.items()
        if name not in _COUNTERS and dtype not in (pl.Boolean, pl.Enum) and not dtype.is_nested()
    ]
    if block.height < _REPEATED or not flat:
        return flat
    head = block.head(_LOOKED_AT)
    counts = head.select(pl.col(flat).n_unique()).row(0, named=True)
    return [name for name in flat if counts[name] * _REPEATED <= head.height]
