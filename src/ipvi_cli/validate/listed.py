"""From failing rows to problems: one for each row, or one for all where the column as a whole is at fault."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.validate.keys import compact
from ipvi_cli.validate.rule import problems, said
from ipvi_cli.validate.scope import PLACE, Scope, agency_of, locate, pair_columns

MANY: Final = 1_000
"""From so many failing rows on, and more than half of all, a rule gives one problem about the column."""


def kept(scope: Scope, frame: pl.LazyFrame, of: str) -> list[str]:
    """Name the columns of a frame, whose rows are among those of a table or pairs, by which they are found again."""
    have = frame.collect_schema()
    names = ("incident_id", *(pair_columns(scope) if of == "pairs" else ()), *PLACE)
    return [name for name in names if name in have]


def is_whole(failing: int, rows: int) -> bool:
    """Say whether so many rows fail that the column is at fault and not the rows."""
    return failing >= MANY and failing * 2 > rows


def located(scope: Scope, rows: pl.DataFrame, of: str) -> pl.DataFrame:
    """Add agency, file and row to failing rows of a table, of ``pairs`` or of ``incidents``."""
    if "incident_id" not in rows.columns:
        return rows
    return locate(scope, rows, of).with_columns(agency_of().alias("agency"))


def listed(
    scope: Scope,
    code: str,
    rows: pl.LazyFrame,
    message: str,
    *,
    of: str,
    table: str | None = None,
    column: str | None = None,
) -> pl.DataFrame:
    """Make a problem of each row, or a single one when most rows of the table fail.

    Args:
        scope: The delivery.
        code: Rule code.
        rows: Failing rows.
        message: What is wrong, without any cell's value.
        of: Table, ``pairs`` or ``incidents`` that the rows are among.
        table: Canonical table concerned, when it is another one.
        column: Column concerned.
    """
    table = table or of
    found = compact(rows.select(kept(scope, rows, of)).collect(engine="streaming"))
    if is_whole(found.height, scope.rows(of)):
        told = f"{found.height:,} of {scope.rows(of):,} rows: {message}"
        return said(code, told, table=table, column=column)
    return problems(code, located(scope, found, of), message, table=table, column=column)
