"""Frames as tables that a person reads, also on a narrow terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from ipvi_cli.cli.text import percent, visible, whole

SHARES: Final = frozenset(
    {"share", "share_lower", "share_upper", "value", "lower", "upper", "ci_lower", "ci_upper"}
)
"""Columns that hold shares between 0 and 1."""

_LINES: Final = 20
"""Rows of a table that are shown; a file or another format has them all."""


_NARROW: Final = 60
_GAP: Final = 3


def heading(words: str) -> Text:
    """Make the line above a table."""
    return Text(f"\n{visible(words)}", style="bold")


class _Table(Table):
    """A table that becomes a list of its rows where a narrow terminal would cut its words."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if options.max_width >= _NARROW or self._least() <= options.max_width:
            yield from super().__rich_console__(console, options)
            return
        rows = zip(*(column.cells for column in self.columns), strict=True)
        for row in rows:
            for column, part in zip(self.columns, row, strict=True):
                said = _said(part)
                if said:
                    title = _said(column.header)
                    yield Text(f"{title}: {said}" if title else said)
            yield Text("")

    def _least(self) -> int:
        """Give the width at which no word and no number has to be cut."""
        widths = [
            max(
                len(part)
                for one in (column.header, *column.cells)
                for part in ([_said(one)] if column.no_wrap else _said(one).split() or [""])
            )
            for column in self.columns
        ]
        return sum(widths) + _GAP * (len(widths) - 1)


def _said(part: RenderableType) -> str:
    return part.plain if isinstance(part, Text) else str(part)


def plain_table(*columns: str, right: frozenset[str] = frozenset()) -> Table:
    """Make an empty table in the house's style.

    Args:
        *columns: Headers.
        right: Headers of columns of numbers, which stand at the right.
    """
    table = _Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for name in columns:
        number = name in right
        table.add_column(
            name, justify="right" if number else "left", no_wrap=number, overflow="fold"
        )
    return table


def frame_table(df: pl.DataFrame, *, lines: int | None = _LINES) -> RenderableType:
    """Show a frame.

    Args:
        df: Any frame.
        lines: Most rows to show, ``None`` for all; the rest is counted.

    Returns:
        The table, and a line that says how many rows it leaves out.
    """
    if not df.width:
        return Text("(none)")
    numbers = frozenset(name for name, dtype in df.schema.items() if dtype.is_numeric())
    table = plain_table(*(visible(name) for name in df.columns), right=numbers)
    shown = df if lines is None else df.head(lines)
    for row in shown.iter_rows(named=True):
        table.add_row(*(Text(cell(name, value)) for name, value in row.items()))
    if shown.height == df.height:
        return table
    return Group(table, Text(f"showing {shown.height} of {whole(df.height)}", style="dim"))


def frame_tables(tables: Mapping[str, pl.DataFrame]) -> list[RenderableType]:
    """Show several frames with their names above."""
    return [part for name, df in tables.items() for part in (heading(name), frame_table(df))]


def cell(name: str, value: Any) -> str:
    """Write one value as a person reads it.

    Args:
        name: Column, which says whether a number is a share, an amount or a year.
        value: The value.
    """
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value) if name == "year" else whole(value)
        case float():
            return percent(value) if name in SHARES and abs(value) <= 1 else f"{value:,.2f}"
        case list():
            return visible("|".join(str(item) for item in value))
        case _:
            return visible(str(value))
