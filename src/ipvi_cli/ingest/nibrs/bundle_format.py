"""How a state-year bundle is recognised, and how the files of a delivery are put together to bundles."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs.bundle_tables import AGENCIES, is_of_bundle, table_of

_HEADER: Final = 1 << 14


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
    try:
        table = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True)
    except pl.exceptions.PolarsError:
        # Reading says what is wrong with it.
        return frozenset()
    oris = next((table[name] for name in table.columns if name.upper() == "ORI"), pl.Series())
    return frozenset(oris.drop_nulls().str.to_uppercase()) if oris.len() else frozenset()
