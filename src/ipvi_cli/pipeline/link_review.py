"""Decisions of people about pairs of records: read from a filled file, and kept with the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli import review as reviewing
from ipvi_cli.link.clerical import DECISIONS, KEPT_SCHEMA
from ipvi_cli.model.errors import InputError, OutputError
from ipvi_cli.review.filled import Filled

KEPT: Final = "restricted/link_decisions.csv"
ASKED: Final = "restricted/link_review.csv"


def kept_decisions(folder: Path) -> pl.DataFrame:
    """Read the decisions that a workspace keeps, ``KEPT_SCHEMA``."""
    file = folder / KEPT
    if not file.is_file():
        return pl.DataFrame(schema=KEPT_SCHEMA)
    return pl.read_csv(file, infer_schema=False).select(*KEPT_SCHEMA)


def read_decisions(file: Path) -> list[Filled]:
    """Read a filled file, and refuse it as a whole where a row cannot be used.

    Raises:
        InputError: It is no such file, holds no decision, or a decision is not allowed; every bad row is named.
    """
    try:
        content = file.read_bytes()
    except OSError:
        raise InputError("cannot be read.", where=str(file), mend="Check the path.") from None
    rows = reviewing.read_filled(content, str(file))
    if not rows:
        raise InputError(
            "holds no decision.", where=str(file), mend="Fill in decision and decided_by."
        )
    bad = [
        row.place
        for row in rows
        if row.kind != "link"
        or row.decision.strip().lower() not in DECISIONS
        or not row.by
        or row.pair_id.count("-") != 1
    ]
    if bad:
        raise InputError(
            f"{', '.join(bad[:20])}: a decision is {' or '.join(DECISIONS)}, with decided_by filled in and kind and"
            " pair_id as they were. Nothing was applied.",
            where=str(file),
            mend="Correct these rows and apply the file again.",
        )
    return rows


def merged(kept: pl.DataFrame, rows: Sequence[Filled]) -> pl.DataFrame:
    """Put new decisions over kept ones; one that is there already keeps its day."""
    made = {str(row["pair_id"]): row for row in kept.iter_rows(named=True)}
    for row in rows:
        said = {
            "decision": row.decision.strip().lower(),
            "decided_by": row.by,
            "note": row.note or None,
        }
        there = made.get(row.pair_id, {})
        if any(there.get(name) != value for name, value in said.items()):
            made[row.pair_id] = {"pair_id": row.pair_id, **said, "on": date.today().isoformat()}
    return pl.DataFrame([made[name] for name in sorted(made)], schema=KEPT_SCHEMA)


def keep_work(file: Path, kept: pl.DataFrame) -> None:
    """Refuse to replace a file with decisions that were not applied.

    Raises:
        OutputError: There are some.
    """
    if not file.is_file():
        return
    try:
        rows = reviewing.read_filled(file.read_bytes(), str(file))
    except InputError:
        return
    known = set(kept["pair_id"])
    left = [row for row in rows if row.pair_id not in known]
    if left:
        raise OutputError(
            f"holds {len(left)} decisions that were not applied.",
            where=str(file),
            mend="Apply it with `ipvi link --apply FILE`, or move it away.",
        )
