"""What a workspace says of persons, beside what is true of them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

_RECORD = ("source_file", "source_row", "role")


def true_persons(workspace: Path, truth: Path) -> pl.DataFrame:
    """Give ``persons.parquet`` with the true person of each record beside the one that was found."""
    persons = pl.read_parquet(workspace / "persons.parquet")
    named = pl.read_csv(truth / "person_records.csv")
    rows = []
    for key in persons["record_table"].unique(maintain_order=True):
        table = key.split("/")[0]
        traced = pl.read_parquet(workspace / "tables" / f"{table}.parquet").select(
            "record_id", "source_file", "source_row"
        )
        own = persons.filter(pl.col("record_table") == key)
        rows.append(own.join(traced, on="record_id", how="left"))
    return pl.concat(rows).join(named, on=_RECORD, how="left", validate="1:1")


def right_persons(both: pl.DataFrame) -> pl.DataFrame:
    """Give the persons whose records were all found, and nobody else's with them: ``person_id``, ``person``."""
    sizes = both.with_columns(
        pl.col("person").n_unique().over("person_id").alias("mixed"),
        pl.col("person_id").n_unique().over("person").alias("split"),
    )
    whole = sizes.group_by("person_id").agg(
        pl.col("person").first(), pl.col("mixed").max(), pl.col("split").max()
    )
    return whole.filter(mixed=1, split=1).select("person_id", "person").sort("person")


def pair_quality(both: pl.DataFrame) -> tuple[float, float]:
    """Give precision and recall of pairs of records."""

    def pairs(*by: str) -> int:
        counts = both.group_by(by).len()["len"]
        return int((counts * (counts - 1) // 2).sum())

    together = pairs("person_id", "person")
    return together / pairs("person_id"), together / pairs("person")
