"""What an explanation looks like on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ipvi_cli.cli.tables import frame_table, heading
from ipvi_cli.cli.text import visible

if TYPE_CHECKING:
    from ipvi_cli.explain import Explanation


def explanation_parts(told: Explanation) -> Iterator[RenderableType]:
    """Lay out an explanation: title, paragraph, facts, tables.

    Args:
        told: What is explained.
    """
    yield Text(visible(f"{told.kind} {told.code}: {told.title}"), style="bold")
    yield Text(visible(told.text))
    if told.facts:
        facts = Table.grid(padding=(0, 2))
        facts.add_column(style="bold")
        facts.add_column(overflow="fold")
        for name, answer in told.facts.items():
            facts.add_row(visible(name), Text(visible(answer)))
        yield Text()
        yield facts
    for title, table in told.tables.items():
        yield heading(title)
        # What a step does is on the method page, and in JSON.
        yield frame_table(table.drop("does", strict=False), lines=None)
