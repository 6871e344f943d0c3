"""One of the two deliveries that are held side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES, TRACE_COLUMNS


@dataclass(frozen=True)
class Side:
    """A delivery after reading.

    Attributes:
        columns: Columns of its files, by source.
        tables: Canonical tables with their identifying columns.
        figures: Its figures, ``FIGURE_SCHEMA``.
    """

    columns: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, pl.LazyFrame]
    figures: pl.DataFrame

    def counted(self, table: str) -> pl.LazyFrame | None:
        """Give the rows of a table that feed counts, without where they came from."""
        if table not in self.tables:
            return None
        rows = self.tables[table].filter(pl.col("row_fate").is_in(COUNTED_FATES))
        return rows.drop(TRACE_COLUMNS)

    @cached_property
    def months(self) -> pl.DataFrame:
        """Incidents by month of occurrence, else of the report: ``incident_id``, ``month`` (its first day)."""
        rows = self.counted("incident")
        if rows is None:
            return pl.DataFrame(schema={"incident_id": pl.String(), "month": pl.Date()})
        day = pl.coalesce("occurred_on", "reported_on")
        return (
            rows.drop_nulls("incident_id")
            .group_by("incident_id")
            .agg(day.min().dt.truncate("1mo").alias("month"))
            .collect(engine="streaming")
        )
