"""Several jurisdictions side by side, as a person reads them: what differs first, no ranking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.tables import heading, plain_table
from ipvi_cli.cli.text import percent, plural, visible, whole

if TYPE_CHECKING:
    from ipvi_cli.pipeline.peers import SideBySide

_SHARES: Final = ("share", "change")


def peer_parts(done: SideBySide) -> Iterator[RenderableType]:
    """Lay out what was set side by side.

    Args:
        done: What it is.
    """
    if done.internal:
        yield Text("CONFIDENTIAL: small counts of the workspaces are shown", style="bold red")
    yield Text(
        f"{plural(len(done.names), 'jurisdiction')}, in the order of their names", style="bold"
    )
    yield from _differing(done)
    totals = done.figures.filter(pl.col("by") == "total")
    told = pl.any_horizontal(pl.col("numerator", "denominator", "value").is_not_null())
    none = totals.filter(~told.any().over("figure_id"))["figure_id"].unique(maintain_order=True)
    totals = totals.filter(told.any().over("figure_id"))
    for (figure,), rows in totals.group_by("figure_id", maintain_order=True):
        yield heading(f"{figure} {rows['title'][0]} ({rows['unit'][0]})")
        yield _side_by_side(rows)
    if none.len():
        yield Text(f"\nMade or shown by none of them: {', '.join(none)}")
    if (done.figures["by"] != "total").any():
        yield Text("by year: --format csv", style="dim")
    yield from _funnels(done.funnels)
    yield from _in_place(done)


def _differing(done: SideBySide) -> Iterator[RenderableType]:
    rows = done.differing.filter(pl.col("differs").any().over("what"))
    yield heading("What they differ in")
    if rows.is_empty():
        yield Text("Nothing that figures rest on.")
        return
    table = plain_table("what", *(visible(name) for name in done.names))
    for (what,), each in rows.group_by("what", maintain_order=True):
        here = dict(each.select("jurisdiction", "here").iter_rows())
        marked = dict(each.select("jurisdiction", "differs").iter_rows())
        cells = (
            Text(visible(here[name]), style="bold" if marked[name] else "") for name in done.names
        )
        table.add_row(str(what), *cells)
    yield table


def _side_by_side(rows: pl.DataFrame) -> RenderableType:
    table = plain_table(
        "jurisdiction", "value", "range", "95 % interval", "of", "comparable",
        right=frozenset({"value", "range", "95 % interval", "of"}),
    )  # fmt: skip
    for row in rows.iter_rows(named=True):
        table.add_row(
            visible(row["jurisdiction"]),
            _number(row, row["value"]),
            _between(row, "lower", "upper"),
            _between(row, "ci_lower", "ci_upper"),
            whole(row["denominator"]),
            "yes" if row["comparable"] else visible(f"no: {row['why_not']}"),
        )
    return table


def _funnels(funnels: pl.DataFrame) -> Iterator[RenderableType]:
    for (figure,), rows in funnels.group_by("figure_id", maintain_order=True):
        first = rows.row(0, named=True)
        yield heading(
            f"{figure} around the pooled value of {first['places']} places, {_number(first, first['pooled'])}"
        )
        table = plain_table(
            "jurisdiction", "size", "value", "95 % limits", "99.8 % limits", "outside",
            right=frozenset({"size", "value", "95 % limits", "99.8 % limits"}),
        )  # fmt: skip
        for row in rows.iter_rows(named=True):
            table.add_row(
                visible(row["jurisdiction"]),
                whole(row["size"]),
                _number(row, row["value"]),
                _between(row, "low_95", "high_95"),
                _between(row, "low_998", "high_998"),
                row["outside"],
            )
        yield table
        if first["overdispersed"]:
            yield Text(
                f"The places lie apart by more than chance ({first['dispersion']:.1f} times): differences in recording"
                " and people put places outside too, so outside is a question to ask and no verdict.",
                style="dim",
            )


def _in_place(done: SideBySide) -> Iterator[RenderableType]:
    if done.assessed < 2:
        return
    yield heading("In place at a peer of similar size")
    if done.in_place.is_empty():
        yield Text("Nothing that is missing elsewhere, or no peer of similar size.")
        return
    table = plain_table("jurisdiction", "id", "item", "here", "in place at")
    for row in done.in_place.iter_rows(named=True):
        table.add_row(
            visible(row["jurisdiction"]),
            visible(row["id"]),
            visible(row["item"] or ""),
            row["answer"],
            visible(", ".join(row["peers"])),
        )
    yield table


def _number(row: dict[str, Any], number: float | None) -> str:
    if number is None:
        return "–"
    if row["kind"] in _SHARES:
        return percent(number)
    return whole(int(number)) if row["kind"] == "count" else f"{number:,.1f}"


def _between(row: dict[str, Any], lower: str, upper: str) -> str:
    if row[lower] is None or row[upper] is None:
        return "–"
    return f"{_number(row, row[lower])} to {_number(row, row[upper])}"
