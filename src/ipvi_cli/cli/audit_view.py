"""What an audit looks like on a terminal: read in a minute, the most important first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.findings_view import findings_parts
from ipvi_cli.cli.headline import headline_lines
from ipvi_cli.cli.tables import frame_table, frame_tables, heading, plain_table
from ipvi_cli.cli.text import days, percent, plural, span, visible, whole
from ipvi_cli.model import classified
from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.model.finding import SEVERITIES
from ipvi_cli.model.tables import FATES

if TYPE_CHECKING:
    from ipvi_cli.pipeline import Audit

CLASSES: Final = tuple(name for name in classified.CLASSES if name != "not_applicable")
"""Classes of the denominator; ``not_applicable`` stands outside."""

HEADLINE_KEYS: Final = (
    "incidents",
    "denominator",
    *CLASSES,
    "not_applicable",
    "undetermined_unflagged",
    "share",
    "share_lower",
    "share_upper",
    "lead",
)

SEEN_OFTEN: Final = 11
SEEN_WIDELY: Final = 3
_VALUES: Final = 10
_WIDE: Final = 0.05
"""Difference between definitions that a reader of the headline must know of."""


def audit_parts(audit: Audit, *, show_values: bool) -> Iterator[RenderableType]:
    """Lay out a whole audit.

    Args:
        audit: What was found.
        show_values: Whether rare site words are shown, which may name someone.

    Yields:
        Texts and tables, from the headline to what to do next.
    """
    yield Text(f"{visible(audit.jurisdiction)} · {days(audit.period)}", style="dim")
    yield from headline_parts(audit)
    yield from class_parts(audit)
    yield from definition_parts(audit.figures)
    yield from value_parts(audit.values, show_values=show_values)
    if audit.headline is None and audit.tables:
        yield from frame_tables(audit.tables)
    if audit.grouped is not None:
        yield from findings_parts(audit.grouped)
    yield from row_parts(audit)
    if audit.control is not None and audit.control.height:
        yield heading("Cover letter against delivery")
        yield frame_table(audit.control)
    yield from next_parts(audit)


def audit_json(audit: Audit) -> dict[str, Any]:
    """Give the one object that ``--format json`` prints.

    Args:
        audit: What was found.
    """
    head = audit.headline
    period = audit.period
    return {
        "jurisdiction": audit.jurisdiction,
        "period": {"start": str(period[0]), "end": str(period[1])} if period else None,
        "complete": audit.complete,
        "headline": {key: getattr(head, key) for key in HEADLINE_KEYS} if head else None,
        "findings": severity_counts(audit.findings),
        "rows": audit.rows,
        "workspace": str(audit.workspace) if audit.workspace else None,
    }


def severity_counts(findings: pl.DataFrame | None) -> dict[str, int]:
    """Count findings by severity, every severity named."""
    if findings is None:
        return dict.fromkeys(SEVERITIES, 0)
    counted = dict(findings.group_by("severity").len().iter_rows())
    return {severity: counted.get(severity, 0) for severity in SEVERITIES}


def headline_parts(audit: Audit) -> Iterator[RenderableType]:
    """Lay out the headline and what must be known with it."""
    first, *more = headline_lines(audit)
    yield Text(visible(first), style="bold")
    for line in more:
        yield Text(visible(line))


def class_parts(audit: Audit) -> Iterator[RenderableType]:
    """Lay out the incidents by class."""
    if audit.headline is None:
        return
    yield heading("Incidents by class")
    numbers = frozenset({"incidents", "share", "range"})
    table = plain_table("class", "incidents", "share", "range", right=numbers)
    for name, incidents, share, lower, upper in class_frame(audit).iter_rows():
        bounds = "" if lower is None else span(lower, upper)
        table.add_row(name.replace("_", " "), whole(incidents), percent(share), bounds)
    yield table
    left_out = audit.headline.not_applicable
    if left_out:
        yield Text(f"not applicable, outside the denominator: {plural(left_out, 'incident')}")
    if audit.headline.undetermined_unflagged:
        yield Text(
            f"undetermined without a domestic violence flag: {whole(audit.headline.undetermined_unflagged)}"
        )
    if audit.linked:
        yield Text(
            f"intimate only by another incident of the same two persons: {whole(audit.linked)}"
        )


def definition_parts(figures: pl.DataFrame | None) -> Iterator[RenderableType]:
    """Say how far the share depends on who is called an intimate partner, where it does.

    Args:
        figures: What was counted; figure S01 holds the share under each definition.
    """
    if figures is None:
        return
    shares = dict(
        figures.filter(pl.col("figure_id") == "S01", pl.col("value").is_not_null())
        .select("group", "value")
        .iter_rows()
    )
    told = [(shares[one.code], one.title) for one in DEFINITIONS if one.code in shares]
    if not told:
        return
    least, most = (end(told, key=lambda one: one[0]) for end in (min, max))
    if most[0] - least[0] > _WIDE:
        ends = " to ".join(f"{percent(share)} ({title})" for share, title in (least, most))
        yield Text(f"Depends on who counts: {ends}; `ipvi summarize` has every definition.")


def class_frame(audit: Audit) -> pl.DataFrame:
    """Give the incidents in the denominator by class.

    Args:
        audit: What was counted.

    Returns:
        ``relationship_class``, ``incidents``, ``share`` among the known ties (null where too much is undetermined for
        a single figure), ``share_lower`` and ``share_upper`` over all. ``undetermined`` has its share of all.
    """
    head = audit.headline
    rows: list[tuple[str, int, float | None, float | None, float | None]] = []
    if head is not None:
        total, doubt = head.denominator, head.undetermined
        for name in CLASSES:
            count = getattr(head, name)
            if name == "undetermined":
                rows.append((name, count, _share(count, total), None, None))
            else:
                share = None if head.lead == "none" else _share(count, total - doubt)
                rows.append(
                    (name, count, share, _share(count, total), _share(count + doubt, total))
                )
    schema = {
        "relationship_class": pl.String(),
        "incidents": pl.Int64(),
        "share": pl.Float64(),
        "share_lower": pl.Float64(),
        "share_upper": pl.Float64(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _share(part: int, of: int) -> float | None:
    return part / of if of else None


def value_parts(values: pl.DataFrame | None, *, show_values: bool) -> Iterator[RenderableType]:
    """Lay out the words that no crosswalk maps, the most frequent first.

    A word is shown only where it occurs so often, in so many incidents, that it can hardly be about one person.
    """
    if values is None:
        return
    unmapped = values.filter(pl.col("reason") == "unmapped").sort(
        ["count", "value"], descending=[True, False]
    )
    if not unmapped.height:
        return
    often = (pl.col("count") >= SEEN_OFTEN) & (pl.col("incidents") >= SEEN_WIDELY)
    open_words = unmapped if show_values else unmapped.filter(often)
    hidden = unmapped.height - open_words.height
    yield heading(f"Relationship words that are not mapped ({whole(unmapped.height)})")
    if open_words.height:
        columns = open_words.select("value", "count", "incidents")
        yield frame_table(columns, lines=None if show_values else _VALUES)
    if hidden:
        rare = unmapped.filter(~often)["count"].max()
        also = "" if int(str(rare)) < SEEN_OFTEN else f", or in fewer than {SEEN_WIDELY} incidents"
        yield Text(
            f"{plural(hidden, 'further value')}, each seen fewer than {SEEN_OFTEN} times{also};"
            " --show-values shows them"
        )
    yield Text(
        "All of them are in restricted/ of the workspace; `ipvi review` asks about them and puts answers into the"
        " profile."
    )


def row_parts(audit: Audit) -> Iterator[RenderableType]:
    """Lay out what became of the rows of each input."""
    yield heading("Rows and their fates: read = accepted + quarantined")
    numbers = frozenset({"read", "accepted", "quarantined", "skipped"})
    table = plain_table("input", "read", "accepted", "quarantined", "skipped", right=numbers)
    for item in audit.inputs:
        fates = ", ".join(f"{name} {whole(n)}" for name, n in item.row_fates.items() if n)
        table.add_row(
            Text(visible(item.file)).append(f"\n{fates}", style="dim"),
            whole(item.rows_read),
            whole(item.rows_accepted),
            whole(item.rows_quarantined),
            whole(item.lines_skipped),
        )
    if len(audit.inputs) > 1:
        total = audit.rows
        table.add_row("all", *(whole(total[name]) for name in ("read", "accepted", "quarantined")))
    yield table
    for line in audit.failures:
        yield Text(f"Not read: {visible(line)}", style="bold red")


def row_frame(audit: Audit) -> pl.DataFrame:
    """Give the account of every input as a frame, one column for each fate."""
    rows = [
        {
            "file": item.file,
            "rows_read": item.rows_read,
            "rows_accepted": item.rows_accepted,
            "rows_quarantined": item.rows_quarantined,
            **{fate: item.row_fates.get(fate, 0) for fate in FATES},
            "lines_skipped": item.lines_skipped,
        }
        for item in audit.inputs
    ]
    names = ("rows_read", "rows_accepted", "rows_quarantined", *FATES, "lines_skipped")
    return pl.DataFrame(rows, schema={"file": pl.String, **dict.fromkeys(names, pl.Int64)})


def next_parts(audit: Audit) -> Iterator[RenderableType]:
    """Lay out where everything lies and what to do now."""
    if audit.asks:
        yield heading("Ask the jurisdiction for")
        for line in audit.asks:
            yield Text(f"- {visible(line)}")
    if audit.workspace is None:
        return
    yield heading("Workspace (confidential)")
    yield Text(visible(str(audit.workspace)), overflow="fold")
    if severity_counts(audit.findings)["error"]:
        yield Text("Next: send the fix lists in it (fix_lists/*.csv) back, then run this again.")
    if audit.tables:
        yield Text("Next: `ipvi summarize` prints the figures; with --xlsx it makes a workbook.")
