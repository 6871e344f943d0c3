"""Small workspaces to test with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from ipvi_cli.model.tables import polars_schema
from ipvi_cli.workspace import Staging, stage


def incidents(rows: int, *, start: int = 0) -> pl.DataFrame:
    """Make incident rows with every column of the table."""
    ids = pl.int_range(start, start + rows, eager=True)
    known = {
        "record_id": ids,
        "source_file": pl.Series(["dir.csv"] * rows, dtype=pl.String),
        "source_row": ids + 2,
        "row_fate": pl.Series(["new"] * rows, dtype=pl.String),
        "incident_id": pl.Series([f"PD:{n}" for n in ids], dtype=pl.String),
        "address": pl.Series([f"{n} MARKED ROAD" for n in ids], dtype=pl.String),
    }
    schema = polars_schema("incident")
    return pl.DataFrame(known).select(
        pl.col(name) if name in known else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in schema.items()
    )


def finish(staging: Staging, **more: Any) -> None:
    """Write a manifest with nothing to say."""
    staging.write_manifest(
        version="1", profile_sha256="p", rules_sha256="r", complete=True, inputs=[], more=more
    )


def make(out: Path, mark: str = "first") -> Path:
    """Make a small workspace whose one text file holds a mark."""
    with stage(out) as staging:
        with staging.table_writer("incident") as writer:
            writer.write(incidents(3))
        staging.write_text("mark.txt", mark)
        finish(staging)
    return out


def tree(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
