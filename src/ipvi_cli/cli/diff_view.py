"""Two deliveries side by side, as a person reads them: what is beyond a threshold first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.tables import heading, plain_table
from ipvi_cli.cli.text import percent, plural, visible

_TITLES: Final = {
    "column": "Columns",
    "rows": "Incidents",
    "changed": "Cells of incidents that both hold",
    "word": "Words",
    "shift": "Distributions (population stability index)",
    "month": "Incidents by month",
    "headline": "Headline",
}
_NUMBERS: Final = frozenset({"old", "new", "change", "limit"})
_LINES: Final = 20


def difference_parts(differences: pl.DataFrame) -> Iterator[RenderableType]:
    """Lay out what changed.

    Args:
        differences: ``DIFFERENCE_SCHEMA``.
    """
    drifted = differences.filter("drift").height
    yield Text(
        f"{plural(drifted, 'change')} beyond a threshold"
        if drifted
        else "No change beyond a threshold",
        style="bold red" if drifted else "bold",
    )
    for kind, title in _TITLES.items():
        rows = differences.filter(pl.col("kind") == kind)
        if kind in ("shift", "month"):
            # What has not moved is not worth a line.
            rows = rows.filter(
                pl.col("drift") | ((pl.col("old") != pl.col("new")) & (kind == "month"))
            )
        if rows.is_empty():
            continue
        yield heading(title)
        yield _table(kind, rows.sort("drift", descending=True, maintain_order=True))
        if rows.height > _LINES:
            yield Text(f"showing {_LINES} of {rows.height}; --format csv has them all", style="dim")


def _table(kind: str, rows: pl.DataFrame) -> RenderableType:
    table = plain_table("", "where", "what", "old", "new", "change", "limit", right=_NUMBERS)
    for row in rows.head(_LINES).iter_rows(named=True):
        where = ".".join(part for part in (row["table"], row["column"]) if part)
        table.add_row(
            Text("!" if row["drift"] else "", style="bold red"),
            visible(where),
            visible(row["what"]),
            _number(kind, row["what"], row["old"]),
            _number(kind, row["what"], row["new"]),
            _measure(kind, row["measure"]),
            _measure(kind, row["threshold"]),
        )
    return table


def _number(kind: str, what: str, number: float) -> str:
    if kind == "headline" and what.startswith("share"):
        return percent(number)
    return f"{number:,.0f}"


def _measure(kind: str, measure: float | None) -> str:
    if measure is None:
        return ""
    return f"{measure:.2f}" if kind == "shift" else percent(measure)
