"""The inputs of a source under the names that the profile gives their columns."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow.parquet as pq

from ipvi_cli.ingest.raw import SOURCE_ROW, RawInput
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.header_names import plain_header
from ipvi_cli.model.profile_sources import Source

BATCH_ROWS = 262_144


def open_inputs(source: Source, raws: list[RawInput]) -> list[Input]:
    """Match the columns that the profile names to those of each input, blanks and case aside.

    Args:
        source: The source.
        raws: Its inputs.

    Returns:
        The inputs, in order.

    Raises:
        InputError: Columns that the profile names are not in an input; all of them, of all inputs, are listed.
    """
    inputs, lacking = [], []
    for raw in raws:
        names, missing = _match(source, raw)
        inputs.append(Input(raw, names))
        if missing:
            what = "column" if len(missing) == 1 else "columns"
            lacking.append(
                InputError(
                    f"source {source.name} maps {what} {', '.join(missing)}, not in this file.",
                    where=raw.file,
                    mend="Mend the profile, or ask the agency for the missing column.",
                )
            )
    if len(lacking) == 1:
        raise lacking[0]
    if lacking:
        raise InputError(" ".join(error.line() for error in lacking))
    return inputs


def _match(source: Source, raw: RawInput) -> tuple[dict[str, str], list[str]]:
    """Give the profile's name of each mapped column to the input's, and the missing ones with the nearest name."""
    by_key: dict[str, str] = {}
    for actual in raw.columns:
        by_key.setdefault(plain_header(actual), actual)
    names = {
        wanted: found
        for wanted in sorted(source.source_columns())
        if (found := wanted if wanted in raw.columns else by_key.get(plain_header(wanted)))
        is not None
    }
    taken = set(names.values())
    free = {key: actual for key, actual in by_key.items() if actual not in taken}
    missing = []
    for wanted in sorted(source.source_columns() - names.keys()):
        near = difflib.get_close_matches(plain_header(wanted), list(free), n=1, cutoff=0.6)
        missing.append(f"'{wanted}'" + (f" (did you mean '{free[near[0]]}'?)" if near else ""))
    return names, missing


@dataclass(frozen=True)
class Input:
    """One input of a source.

    Attributes:
        raw: The input as read.
        names: The profile's name of each mapped column to the input's.
    """

    raw: RawInput
    names: dict[str, str]

    def batches(self, columns: Collection[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give the accepted records in order, a bounded number at a time.

        Args:
            columns: Names of the profile that are wanted; all mapped ones when ``None``.

        Yields:
            ``source_row`` and the wanted columns under the profile's names.
        """
        wanted = [name for name in self.names if columns is None or name in columns]
        actual = sorted({self.names[name] for name in wanted})
        for frame in self._read([SOURCE_ROW, *actual]):
            yield self.named(frame, wanted)

    def whole(self) -> Iterator[pl.DataFrame]:
        """Give the accepted records in order with every column of the input, under its own names."""
        yield from self._read(None)

    def named(self, frame: pl.DataFrame, wanted: Collection[str] | None = None) -> pl.DataFrame:
        """Give ``source_row`` and the mapped columns of records under the profile's names."""
        names = self.names if wanted is None else wanted
        return frame.select(SOURCE_ROW, *(pl.col(self.names[one]).alias(one) for one in names))

    def hashed(self, frame: pl.DataFrame, order: Sequence[str]) -> pl.Series:
        """Hash whole records, so that equal records of the source's inputs have equal hashes.

        Args:
            frame: Records as ``whole`` gives them.
            order: Keys of all columns of the source's inputs (``column_keys``).

        Returns:
            The hashes. Order and spelling of the columns and outer blanks of the cells do not matter; a column that
            the input lacks counts as blank.
        """
        keys = column_keys(self.raw)
        columns = [
            (pl.col(keys[key]) if key in keys else pl.lit(None, pl.String)).alias(key)
            for key in order
        ]
        return _trimmed(frame.select(columns)).hash_rows()

    def _read(self, columns: list[str] | None) -> Iterator[pl.DataFrame]:
        rows = pl.scan_parquet(self.raw.data)
        if columns is not None:
            rows = rows.select(columns)
        for start in range(0, pq.read_metadata(self.raw.data).num_rows, BATCH_ROWS):
            yield rows.slice(start, BATCH_ROWS).collect()


def column_keys(raw: RawInput) -> dict[str, str]:
    """Give the columns of an input by their names without case and blanks; the second of a name stays apart."""
    keys: dict[str, str] = {}
    for actual in raw.columns:
        key = plain_header(actual)
        keys[f"{key}|{actual}" if key in keys else key] = actual
    return keys


def _trimmed(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop outer blanks in the columns that have some, which costs a fraction of doing it everywhere."""
    blank = [
        pl.col(name).str.starts_with(" ") | pl.col(name).str.ends_with(" ")
        for name in frame.columns
    ]
    padded = frame.select(
        one.any().alias(name) for one, name in zip(blank, frame.columns, strict=True)
    )
    trimmed = [
        pl.col(name).str.strip_chars(" ").replace("", None)
        for name in frame.columns
        if padded[name].item()
    ]
    return frame.with_columns(trimmed) if trimmed else frame
