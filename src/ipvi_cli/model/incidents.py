"""One row per incident, whatever number of source rows told of it."""

from __future__ import annotations

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES, public_columns


def one_per_incident(incident: pl.LazyFrame) -> pl.LazyFrame:
    """Bring the rows of each incident together.

    Args:
        incident: Canonical table ``incident``; the rows of fate ``new`` hold each incident once, those of fate
            ``merged`` add to one that is there.

    Returns:
        The public columns, one row for each incident: what the first row leaves blank is taken from later ones, and
        ``dv_flag`` is true when any row says so.
    """
    columns = [name for name in public_columns("incident") if name != "incident_id"]
    counted = incident.select("incident_id", *columns).filter(
        pl.col("row_fate").is_in(COUNTED_FATES)
    )
    first = counted.filter(pl.col("row_fate") == "new")
    later = (
        counted.filter(pl.col("row_fate") == "merged")
        .sort("record_id")
        .group_by("incident_id", maintain_order=True)
        .agg(
            *(pl.col(name).drop_nulls().first() for name in columns if name != "dv_flag"),
            pl.col("dv_flag").max(),
        )
    )
    joined = first.join(later, on="incident_id", how="left", suffix="|later", maintain_order="left")
    flag = pl.max_horizontal("dv_flag", "dv_flag|later").cast(pl.Boolean).alias("dv_flag")
    return joined.select(
        "incident_id",
        *(
            flag if name == "dv_flag" else pl.coalesce(name, f"{name}|later").alias(name)
            for name in columns
        ),
    )
