"""What is counted one by one: the things of a level, where and when they are, and what is measured of each."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ipvi_cli.summarize.keyed import KEY


@dataclass(frozen=True)
class Level:
    """Things of one kind.

    Attributes:
        name: What figures call it.
        frame: One row for each thing, with ``DIMENSIONS``, ``VICTIMS``, for a mix ``PART``, and the measures.
        measures: Columns that say whether, or how often, a thing counts.
        unit: Column that names the thing: the key of its incident, of a person or pair, or the number of its row.
        table: Table of which the things are rows, where ``unit`` is ``record_id``.
    """

    name: str
    frame: pl.DataFrame | pl.LazyFrame
    measures: tuple[str, ...]
    unit: str = KEY
    table: str | None = None
