"""What candidate levels look like on a terminal: counts, and never a person or an identifier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.tables import frame_table, heading
from ipvi_cli.cli.text import visible

if TYPE_CHECKING:
    from ipvi_cli.offenders.criteria import Criteria
    from ipvi_cli.pipeline.offending import Placed


def placed_parts(placed: Placed) -> Iterator[RenderableType]:
    """Lay out the counts with the criteria they rest on.

    Args:
        placed: What the run gave.
    """
    for title, frame in placed.tables.items():
        if frame.height:
            yield heading(title)
            yield frame_table(frame, lines=None)
    yield Text(
        "at_least: the level may be higher; sure: by links of at least"
        f" {placed.criteria.floor.identity:g} alone; loose_links: with records linked at the loose threshold.",
        style="dim",
    )
    if placed.gaps:
        yield heading("What the data cannot show")
        for gap in placed.gaps:
            yield Text(f"- {visible(gap)}")
    yield from criteria_parts(placed.criteria)
    yield Text("Candidates for a team to review, never a verdict and no probability.", style="bold")


def criteria_parts(criteria: Criteria) -> Iterator[RenderableType]:
    """Say in words what places a person at which level.

    Args:
        criteria: The criteria in force.
    """
    yield heading("Criteria")
    for line in criteria.lines():
        yield Text(visible(line))
    yield Text(f"SHA-256 {criteria.sha256}", style="dim")


def placed_object(placed: Placed) -> dict[str, Any]:
    """Give the counts as plain lists, for JSON.

    Args:
        placed: What the run gave.
    """
    return {
        "criteria": {
            "name": placed.criteria.name,
            "sha256": placed.criteria.sha256,
            "lines": placed.criteria.lines(),
        },
        "as_of": None if placed.as_of is None else placed.as_of.isoformat(),
        "tables": {title: frame.to_dicts() for title, frame in placed.tables.items()},
        "gaps": list(placed.gaps),
        "workspace": str(placed.workspace),
    }
