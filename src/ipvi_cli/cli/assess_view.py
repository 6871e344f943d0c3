"""The partners' answers as a person reads them: what holds the next step back first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.tables import frame_table, heading
from ipvi_cli.cli.text import plural

if TYPE_CHECKING:
    from ipvi_cli.pipeline.assessing import Assessed


def assessment_parts(done: Assessed) -> Iterator[RenderableType]:
    """Lay out what a filled checklist comes to.

    Args:
        done: What it comes to.
    """
    agencies = done.answers["agency"].n_unique()
    yield Text(
        f"{plural(agencies, 'agency', 'agencies')} answered; there is no total mark", style="bold"
    )
    yield heading("What holds the next step back")
    if done.gaps.height:
        yield frame_table(done.gaps.drop("yes"), lines=None)
    else:
        yield Text("No agency says that anything is missing.")
    yield heading("What is in place, by agency and area")
    yield frame_table(done.areas, lines=None)
    yield Text("unseen: yes, but the evidence was not seen", style="dim")
    if done.disagreements.height:
        yield heading("On what agencies disagree")
        yield frame_table(done.disagreements, lines=None)
    if done.unknown.height:
        yield heading("To be found out: what no agency knows")
        yield frame_table(done.unknown, lines=None)
    if done.capacity.height:
        yield heading("Capacity")
        told = done.capacity.select(
            name
            for name in done.capacity.columns
            if done.capacity[name].null_count() < done.capacity.height
        )
        yield frame_table(told, lines=None)
    if done.volumes is not None and done.volumes.height:
        yield heading("Capacity against the audit's volumes")
        yield frame_table(done.volumes.with_columns(pl.col("per_one").round(1)), lines=None)
