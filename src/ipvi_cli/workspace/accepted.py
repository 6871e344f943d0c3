"""The list of accepted findings, which lies beside the profile and not in a workspace."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import BASELINE_SCHEMA
from ipvi_cli.workspace.files import write_output
from ipvi_cli.workspace.spreadsheet import csv_bytes


def read_accepted(path: Path, *, may_lack: bool = False) -> pl.DataFrame | None:
    """Read a list of accepted findings.

    Args:
        path: A CSV file; of its columns only ``finding_id`` must be there.
        may_lack: Whether there need be no such file yet.

    Returns:
        ``BASELINE_SCHEMA``, or ``None`` when there is no such file.

    Raises:
        InputError: There is none, or it is no such list.
    """
    if may_lack and not path.exists():
        return None
    try:
        listed = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError):
        listed = pl.DataFrame()
    if "finding_id" not in listed.columns:
        raise InputError(
            "is not a list of accepted findings." if path.exists() else "there is no such file.",
            where=str(path),
            mend="`ipvi validate --write-baseline FILE` makes one.",
        )
    return listed.select(
        pl.col(name) if name in listed.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in BASELINE_SCHEMA.items()
    )


def write_accepted(path: Path, listed: pl.DataFrame) -> None:
    """Write a list of accepted findings.

    Args:
        path: Where; an earlier list is replaced.
        listed: ``BASELINE_SCHEMA``.

    Raises:
        OutputError: It cannot be written.
    """
    write_output(path, csv_bytes(listed))
