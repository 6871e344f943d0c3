"""How a state-year bundle is recognised, and how the files of a delivery are put together to bundles."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs.bundle_tables import AGENCIES, is_of_bundle, table_of

_HEADER: Final = 1 << 14
_FIRST: Final = 1_000
"""Rows that are looked at for the year; a bundle is of one."""
_EARLIEST: Final = 1991
_LATEST: Final = 2100
"""NIBRS begins in 1991."""


def header_of(path: Path) -> str:
    """Give the first line of a file."""
    with path.open("rb") as file:
        return file.readline(_HEADER).decode("utf-8", "replace").strip()


def is_bundle_file(path: Path, label: str) -> bool:
    """Say whether a file is of a bundle."""
    return is_of_bundle(label, header_of(path))


def bundle_agencies(path: Path, label: str) -> frozenset[str]:
    """Give the ORIs that a file of a bundle names: those of its table of agencies."""
    if table_of(label) not in AGENCIES:
        return frozenset()
    return frozenset(_column(path, "ORI", None).str.to_uppercase())


def bundle_years(path: Path, label: str) -> frozenset[int]:
    """Give the years of incidents that a file of a bundle names: those of its table of incidents."""
    if table_of(label) != "nibrs_incident":
        return frozenset()
    years = _column(path, "DATA_YEAR", _FIRST).cast(pl.Int64, strict=False).drop_nulls()
    return frozenset(year for year in years if _EARLIEST <= year <= _LATEST)


def _column(path: Path, name: str, rows: int | None) -> pl.Series:
    """Read a column of a file, whatever the case of its name; an empty one where it cannot be read."""
    empty = pl.Series(name, [], pl.String)
    try:
        table = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True, n_rows=rows)
    except pl.exceptions.PolarsError:
        # Reading says what is wrong with it.
        return empty
    found = (table[one].drop_nulls() for one in table.columns if one.upper() == name)
    return next(found, empty)
