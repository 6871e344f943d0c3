"""Parquet as text, streamed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.ingest.raw import (
    QUARANTINE_SCHEMA,
    SOURCE_ROW,
    Note,
    RawInput,
    ReadOptions,
    column_names,
)
from ipvi_cli.model.errors import InputError

_BROKEN: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
_EXACT: Final = 2**53
"""Whole numbers below this are exact in a 64-bit float."""


def read_parquet(path: Path, file: str, options: ReadOptions, out: Path) -> RawInput:
    """Read a Parquet file into clean Parquet, every column as text.

    Dates are ``2019-05-01``, times of day ``13:05:00``, points in time ``2019-05-01 13:05:09`` with a fraction only
    where there is one and the offset where there is a zone, spans ISO 8601 (``P1DT6H``). A float without fraction has
    no ``.0``, because a column of whole numbers becomes one of floats as soon as a value is missing; NaN is null, as
    it is a missing value to the tools that write it. Decimals keep their digits, bytes are read as UTF-8 with
    strange ones escaped, lists and records are compact JSON text.

    Args:
        path: The file.
        file: Its name in messages and the manifest.
        options: Nothing of it concerns Parquet, which describes itself.
        out: Clean Parquet to write.

    Returns:
        The input; ``source_row`` counts from 1, nothing is ever quarantined.

    Raises:
        InputError: The file is damaged, or a column nests bytes or spans, which have no JSON form.
    """
    damaged = InputError(
        "the Parquet file is damaged or cut short.", where=file, mend="Ask for the file again."
    )
    try:
        frame = pl.scan_parquet(path)
        schema = frame.collect_schema()
    except (*_BROKEN, OSError):
        raise damaged from None
    names = column_names(list(schema))
    texts = [
        _text(pl.col(old), dtype, file, name).replace("", None).alias(name)
        for name, (old, dtype) in zip(names, schema.items(), strict=True)
    ]
    numbered = frame.select(texts).with_row_index(SOURCE_ROW, offset=1)
    try:
        numbered.cast({SOURCE_ROW: pl.Int64}).sink_parquet(out, compression="zstd")
        read = pl.scan_parquet(out).select(pl.len()).collect().item()
    except _BROKEN:
        raise damaged from None
    return RawInput(
        file=file,
        data=out,
        columns=names,
        rows_read=read,
        lines_skipped=0,
        quarantine=pl.DataFrame(schema=QUARANTINE_SCHEMA),
        notes=() if read else (Note("IPVI-108", "the file holds no row"),),
    )


def _text(column: pl.Expr, dtype: pl.DataType, file: str, name: str) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        return column.dt.to_string("iso").str.replace(r"\.0+($|[+-]|Z)", "$1")
    if isinstance(dtype, pl.Duration | pl.Date | pl.Time):
        return column.dt.to_string("iso")
    if dtype.is_float():
        whole = (column == column.round()) & (column.abs() < _EXACT)
        short = pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String))
        return short.otherwise(column.cast(pl.String)).replace("NaN", None)
    if isinstance(dtype, pl.Binary):
        return column.map_batches(_decoded, return_dtype=pl.String, is_elementwise=True)
    if dtype.is_nested():
        if _without_json(dtype):
            raise InputError(
                "the column nests values that cannot be written as text.",
                where=f"{file}, column {name}",
                mend="Leave the column out of the export, or write it as text.",
            )
        inside = pl.struct(column.alias("v")).struct.json_encode()
        text = inside.str.strip_prefix('{"v":').str.strip_suffix("}").replace("[]", None)
        return pl.when(column.is_not_null()).then(text)
    return column.cast(pl.String)


def _without_json(dtype: pl.DataType) -> bool:
    """Whether bytes, spans or foreign objects lie somewhere inside."""
    if isinstance(dtype, pl.Struct):
        return any(_without_json(inner.dtype) for inner in dtype.fields)  # type: ignore[arg-type]
    if isinstance(dtype, pl.List | pl.Array):
        return _without_json(dtype.inner)  # type: ignore[arg-type]
    return isinstance(dtype, pl.Binary | pl.Duration | pl.Object)


def _decoded(values: pl.Series) -> pl.Series:
    """Text written without its annotation, as older writers do."""
    try:
        return values.cast(pl.String)
    except pl.exceptions.ComputeError:
        texts = [
            None if value is None else value.decode("utf-8", "backslashreplace") for value in values
        ]
        return pl.Series(values.name, texts, dtype=pl.String)
