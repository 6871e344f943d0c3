"""Findings for people: grouped by rule to be read, and by agency to be sent back and mended."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.validate.registry import RULES

FIRST_ROWS: Final = 3
"""Rows that are named for each rule."""

GROUPED_SCHEMA: Final[dict[str, pl.DataType]] = {
    "code": pl.String(),
    "severity": pl.String(),
    "title": pl.String(),
    "count": pl.Int64(),
    "accepted": pl.Int64(),
    "first_rows": pl.String(),
    "message": pl.String(),
    "mend": pl.String(),
}

FIX_SCHEMA: Final[dict[str, pl.DataType]] = {
    "incident_number": pl.String(),
    "source_file": pl.String(),
    "source_row": pl.Int64(),
    "code": pl.String(),
    "column": pl.String(),
    "what": pl.String(),
    "mend": pl.String(),
}

_SEVERITY: Final = pl.Enum(["error", "warning", "info"])


def _declared(*names: str) -> pl.LazyFrame:
    rows = [{name: getattr(rule, name) for name in ("code", *names)} for rule in RULES]
    return pl.LazyFrame(rows, schema=dict.fromkeys(("code", *names), pl.String))


def grouped(findings: pl.DataFrame) -> pl.DataFrame:
    """Bring equal findings together.

    Args:
        findings: ``FINDING_SCHEMA`` in the order that ``validate`` gives them.

    Returns:
        One row for each rule, errors first and what is accepted altogether last: ``code``, ``severity``, ``title``,
        ``count``, how many of them are ``accepted``, ``first_rows`` of those that are not (as
        ``dir.csv:17, dir.csv:44``), the first ``message`` and ``mend``.
    """
    place = pl.when(pl.col("source_row").is_null()).then("source_file").otherwise(
        pl.concat_str("source_file", pl.lit(":"), "source_row")
    )  # fmt: skip
    return (
        findings.lazy()
        .with_columns(place.alias("place"))
        .group_by("code", maintain_order=True)
        .agg(
            pl.col("severity").first(),
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("accepted").sum().cast(pl.Int64),
            pl.col("place").filter(~pl.col("accepted")).drop_nulls().unique(maintain_order=True).head(FIRST_ROWS)
            .str.join(", ").alias("first_rows"),
            pl.col("message").first(),
        )
        .join(_declared("title", "mend"), on="code", how="left")
        .with_columns(
            pl.coalesce("title", "message").alias("title"), pl.col("mend").fill_null("")
        )
        .sort(pl.col("accepted") == pl.col("count"), pl.col("severity").cast(_SEVERITY), "code")
        .select(list(GROUPED_SCHEMA))
        .collect()
    )  # fmt: skip


def fix_lists(findings: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """List for each agency what it can mend.

    Args:
        findings: ``FINDING_SCHEMA``.

    Returns:
        Agency to errors and warnings about single incidents: ``incident_number``, ``source_file``, ``source_row``,
        ``code``, ``column``, ``what`` and ``mend``, by incident number.
    """
    rows = findings.filter(
        pl.col("incident_id").is_not_null()
        & pl.col("agency").is_not_null()
        & (pl.col("severity") != "info")
    )
    told = (
        rows.lazy()
        .join(_declared("mend"), on="code", how="left")
        .with_columns(
            pl.col("incident_id").str.splitn(":", 2).struct.field("field_1").alias("incident_number"),
            pl.col("message").alias("what"),
        )
        .sort("agency", "incident_number", "source_file", "source_row", "code", "column", "what")
        .select("agency", *FIX_SCHEMA)
        .collect()
    )  # fmt: skip
    return {
        str(agency): part.drop("agency")
        for (agency,), part in told.partition_by(
            "agency", as_dict=True, maintain_order=True
        ).items()
    }
