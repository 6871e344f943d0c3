"""A report as Markdown, without pictures."""

from __future__ import annotations

from collections.abc import Iterator

from ipvi_cli.report.content import Panel, Report, Table


def markdown(report: Report) -> str:
    """Write the report as text.

    Args:
        report: What it holds.

    Returns:
        Markdown with a table for each figure; the same text for the same report.
    """
    lines = list(_lines(report))
    return "\n".join(lines).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    facts, head = report.facts, report.headline
    mark = "**CONFIDENTIAL**" if facts.internal else "Small counts are withheld."
    yield from (f"# {_safe(facts.jurisdiction)}", "", mark, "", facts.days, "", "## The answer", "")
    yield from (" ".join(part for part in (f"**{head.big}**", head.small, head.text) if part), "")
    for line in head.more:
        yield from (_safe(line), "")
    if head.view is not None:
        yield from _table(head.view.table)
    yield from ("## What to doubt", "")
    for doubt in report.doubts:
        yield f"- **{doubt.title}.** {_safe(doubt.text)}"
        yield from (f"    - {_safe(item)}" for item in doubt.items)
    yield ""
    for section in report.sections:
        yield from (f"## {section.title}", "", section.intro, "")
        if facts.internal:
            yield from (mark, "")
        if section.overview is not None:
            yield from _table(section.overview.table)
        for panel in section.panels:
            yield from _panel(panel)
        if section.missing is not None:
            yield from _table(section.missing)
        if section.key == "quality" and report.findings is not None:
            yield from _table(report.findings)
    yield from ("## Definitions and methods", "")
    for row in report.definitions.iter_rows(named=True):
        note = f" {row['to be known with it']}." if row["to be known with it"] else ""
        made = f"{_safe(row['how it is made'])}.{_safe(note)} {row['source']}."
        yield f"- **{row['id']} {row['figure']}** ({row['counts']}): {made}"
    yield ""


def _panel(panel: Panel) -> Iterator[str]:
    if panel.main is None:
        return
    yield from (f"### {panel.title} ({panel.figure_id})", "")
    if panel.lead:
        yield from (panel.lead, "")
    yield from _table(panel.main.table)


def _table(table: Table) -> Iterator[str]:
    yield from (f"*{_safe(table.caption)}*", "")
    yield f"| {' | '.join(map(_safe, table.headers))} |"
    yield f"|{'|'.join(' --- ' if place < table.keys else ' ---: ' for place in range(len(table.headers)))}|"
    for row in table.rows:
        yield f"| {' | '.join(map(_safe, row))} |"
    yield ""
    for note in table.notes:
        yield from (_safe(note), "")


def _safe(text: str) -> str:
    """Keep words of a site from being read as signs of Markdown or HTML."""
    for sign in "\\`*_[]|<":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", " ")
