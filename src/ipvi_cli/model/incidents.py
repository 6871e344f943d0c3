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
    every, more = _fates(incident)
    if not more:
        once = incident if every else incident.filter(pl.col("row_fate") == "new")
        return once.select("incident_id", *columns)
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


def _fates(incident: pl.LazyFrame) -> tuple[bool, bool]:
    """Say whether every row holds an incident, and whether any adds to one."""
    fate = pl.col("row_fate")
    told = incident.select(
        fate.eq_missing("new").all().alias("every"), (fate == "merged").any().alias("more")
    )
    every, more = told.collect(engine="streaming").row(0)
    return bool(every), bool(more)
