"""Figures and their declarations give a report: sections by question, panels by figure, the first page before them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Final

import polars as pl

from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.model.figure import CANNOT_BE_MADE
from ipvi_cli.model.meanings import MEANINGS
from ipvi_cli.report import charts
from ipvi_cli.report.content import Chart, Facts, Panel, Report, Section, Table, View
from ipvi_cli.report.doubts import asked_for, doubts, need_words
from ipvi_cli.report.evaluated import evaluation_section
from ipvi_cli.report.headline import headline
from ipvi_cli.report.questions import QUESTIONS, RESPONSE, WHERE, WHO, Question, question_of
from ipvi_cli.report.tables import DATA, RANGE_ONLY, WITHHELD_LEGEND, Row, made, range_only
from ipvi_cli.report.views import view
from ipvi_cli.report.words import WITHHELD, by_words, percent, sentence, whole, written

DEFINED: Final = (
    "figure_id", "title", "counting_unit", "formula", "kind", "note", "source",
)  # fmt: skip
"""Columns of the declarations that the report is driven by."""

_GENERAL: Final = frozenset(
    {"total", "year", "month", "agency", "district", "victim_sex", "victim_age"}
)
_SHOWN_FIRST: Final = ("year", "month", "agency", "victim_age", "victim_sex", "district")
_LONGEST: Final = 40
"""Rows of a breakdown by two things that the page still shows; longer ones are in the workbook."""


def build(figures: pl.DataFrame, definitions: pl.DataFrame, facts: Facts) -> Report:
    """Lay out a report.

    Args:
        figures: ``FIGURE_SCHEMA``, as they may be shown to whom the report is for.
        definitions: ``DEFINED``, every declared figure in its order. A figure that nothing is declared of is shown as
            a count.
        facts: What else is known.
    """
    figures = figures.with_columns(
        pl.struct("figure_id", "by")
        .map_elements(
            lambda one: question_of(one["figure_id"], one["by"]).key, return_dtype=pl.String
        )
        .alias("question")
    )
    declared = {row["figure_id"]: row for row in definitions.select(DEFINED).iter_rows(named=True)}
    asked = asked_for(figures)
    sections = [_section(question, figures, declared, facts, asked) for question in QUESTIONS]
    if facts.evaluation is not None and facts.evaluation.height:
        sections.insert(QUESTIONS.index(RESPONSE) + 1, evaluation_section(facts.evaluation))
    return Report(
        facts=facts,
        headline=headline(figures, definitions, facts),
        doubts=doubts(figures, facts),
        sections=tuple(one for one in sections if one.panels or one.missing),
        findings=_findings(facts),
        definitions=_defined(definitions),
        glossary=_glossary(),
    )


def _section(
    question: Question,
    figures: pl.DataFrame,
    declared: dict[str, Row],
    facts: Facts,
    asked: Collection[str],
) -> Section:
    rows = figures.filter(pl.col("question") == question.key)
    there = made(rows)
    panels = [
        _panel(question, of_figure, declared.get(of_figure["figure_id"][0], {}), facts)
        for of_figure in there.partition_by("figure_id", maintain_order=True)
    ]
    return Section(
        question.key,
        question.title,
        question.intro,
        _overview(question, there, declared),
        tuple(panels),
        _missing(question, rows.filter(pl.col("figure_id").is_in(asked))),
        numbers(there, declared),
    )


def _panel(question: Question, rows: pl.DataFrame, declared: Row, facts: Facts) -> Panel:
    figure_id, kind, note = (
        rows["figure_id"][0],
        declared.get("kind", "count"),
        declared.get("note") or "",
    )
    key = f"{question.key}-{figure_id}"
    shown, elsewhere = _breakdowns(rows)
    first = min(shown, key=_rank, default=None)
    every = figure_id.startswith("B") and question in (WHERE, WHO)
    views = {
        by: view(
            rows.filter(pl.col("by") == by),
            kind=kind,
            title=rows["title"][0],
            key=f"{key}-{by.replace('/', '-')}",
            base_note=note,
            drawn=every or by == first,
            boundaries=facts.boundaries,
        )
        for by in shown
    }
    return Panel(
        figure_id,
        key,
        rows["title"][0],
        _lead(rows, kind),
        declared.get("formula", ""),
        tuple(sentence(part) for part in note.split("; ") if part),
        views.get(first) if first else None,
        tuple(one for by, one in views.items() if by != first),
        tuple(by_words(by) for by in elsewhere),
    )


def _breakdowns(rows: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Say which breakdowns of a figure the page shows, and which only the workbook holds."""
    shown, elsewhere = [], []
    for by in rows["by"].unique(maintain_order=True):
        of = rows.filter(pl.col("by") == by)
        first = pl.col("group").str.split("/").list.first() if "/" in by else pl.col("group")
        groups = of.select(first.n_unique()).item()
        if by == "total" or (by in _GENERAL and groups < 2):
            continue
        if "/" in by and not by.startswith("hour"):
            if by.split("/")[0] in _GENERAL and groups < 2:
                continue
            if of.height > _LONGEST or by.split("/")[0] in ("month", "district"):
                elsewhere.append(by)
                continue
        shown.append(by)
    return shown, elsewhere


def _rank(by: str) -> tuple[int, int]:
    """Say how early a breakdown is shown: a figure's own before those that every figure has."""
    if by in _GENERAL:
        return 1, _SHOWN_FIRST.index(by)
    return (2, 0) if by.split("/", maxsplit=1)[0] in _GENERAL else (0, 0)


_UNITS: Final = {"rate": " per 10,000", "hours": " hours"}


def _lead(rows: pl.DataFrame, kind: str) -> str:
    total = rows.filter(pl.col("by") == "total").to_dicts()
    if not total:
        return ""
    row = total[0]
    part, of, doubt = row["numerator"], row["denominator"], row["undetermined"] or 0
    if row["suppressed"] and part is None:
        return f"In all: {WITHHELD}{f', of {whole(of)}' if of is not None else ''}."
    if row["value"] is None and row["lower"] is not None:
        return (
            f"In all: between {written(kind, row['lower'])} and {written(kind, row['upper'])}; too much is not known"
            " for a single figure."
        )
    if row["value"] is None:
        return ""
    middle = "half below and half above " if kind == "median" else ""
    text = f"In all: {middle}{written(kind, row['value'])}{_UNITS.get(kind, '')}"
    if kind == "share" and part is not None and of is not None:
        text += f", {whole(part)} of {whole(of - doubt)}"
    spread = row["upper"] is not None and row["lower"] is not None and row["upper"] > row["lower"]
    if spread and kind == "count":
        text += f"; up to {whole(row['upper'])} with those of which it is not known"
    elif spread:
        text += (
            f"; between {written(kind, row['lower'])} and {written(kind, row['upper'])}, whatever those turn out to be"
            " of which it is not known"
        )
    return f"{text}."


def _overview(question: Question, rows: pl.DataFrame, declared: dict[str, Row]) -> View | None:
    total = rows.filter(pl.col("by") == "total")
    if total.height < 2:
        return None
    cells, drawn = [], []
    for row in total.iter_rows(named=True):
        kind = declared.get(row["figure_id"], {}).get("kind", "count")
        cells.append(_overview_cells(row, kind))
        if (kind == "share" and row["lower"] is not None) or (
            kind == "share" and row["value"] is not None
        ):
            drawn.append(_overview_bar(row))
    caption = f"{question.title} In all"
    notes = [WITHHELD_LEGEND] if total["suppressed"].any() else []
    table = Table(
        caption,
        ("Figure", "Share or value", "Could be", "Count", "Out of", "Not known", "Counts"),
        tuple(cells),
        notes=tuple(notes),
    )
    pictures = (
        (
            Chart(
                partial(charts.bars, drawn),
                f"Bars of every share of the section. {question.title}",
                "Every share of this section. The thin line spans what it would be if none, or all, of what is not"
                " known counted.",
            ),
        )
        if len(drawn) > 1
        else ()
    )
    return View(f"{question.key}-in-all", caption, table, total.select(DATA), pictures)


def _overview_cells(row: Row, kind: str) -> tuple[str, ...]:
    def cell(name: str, shown: str) -> str:
        return WITHHELD if row["suppressed"] and row[name] is None else shown

    spread = row["upper"] is not None and row["upper"] != row["lower"]
    value = RANGE_ONLY if range_only(row) else written(kind, row["value"])
    return (
        f"{row['title']} ({row['figure_id']})",
        "" if kind == "count" else cell("value", value),
        f"{written(kind, row['lower'])} to {written(kind, row['upper'])}" if spread else "",
        "" if kind in ("rank", "hours") else cell("numerator", whole(row["numerator"])),
        "" if row["denominator"] is None else whole(row["denominator"]),
        whole(row["undetermined"]) if row["undetermined"] else "",
        row["counting_unit"],
    )


def _overview_bar(row: Row) -> Row:
    text = percent(row["value"])
    if row["value"] is None:
        text = f"{row['lower'] * 100:.0f} to {percent(row['upper'])}"
    return {
        "label": row["title"],
        **{name: row[name] for name in ("value", "lower", "upper")},
        "text": text,
    }


def _missing(question: Question, rows: pl.DataFrame) -> Table | None:
    lacking = rows.filter(pl.col("note").str.starts_with(CANNOT_BE_MADE)).filter(
        pl.col("by") == "total"
    )
    if not lacking.height:
        return None
    caption = f"{question.title} What cannot be made, and what it needs"
    cells = tuple(
        (f"{title} ({figure_id})", "; ".join(need_words(one) for one in _needs(note)))
        for figure_id, title, note in lacking.select("figure_id", "title", "note").iter_rows()
    )
    return Table(caption, ("Figure", "Needs"), cells)


def _findings(facts: Facts) -> Table | None:
    if not facts.findings.height:
        return None
    caption = "What the checks found, the gravest first"
    cells = tuple(
        (code, {"info": "remark"}.get(severity, severity), sentence(title), _found(count, facts))
        for code, severity, title, count in facts.findings.select(
            "code", "severity", "title", "count"
        ).iter_rows()
    )
    return Table(caption, ("Rule", "Severity", "What was found", "Times"), cells)


def _found(count: int, facts: Facts) -> str:
    small = 0 < count <= facts.threshold and not facts.internal
    return f"<{facts.threshold + 1}" if small else whole(count)


def _needs(note: str) -> Iterator[str]:
    yield from note.removeprefix(CANNOT_BE_MADE).split("; ")


def numbers(rows: pl.DataFrame, declared: dict[str, Row]) -> pl.DataFrame:
    """Lay out all rows of a section for the workbook, shares apart from other numbers.

    Args:
        rows: ``FIGURE_SCHEMA``.
        declared: Every declared figure by its code.
    """
    kinds = {figure_id: row["kind"] for figure_id, row in declared.items()}
    kind = pl.col("figure_id").replace_strict(kinds, default="count", return_dtype=pl.String)
    share = kind.is_in(["share", "change"])
    other = ~kind.is_in(["share", "change", "count"])
    return rows.select(
        pl.col("figure_id").alias("figure"),
        "title",
        pl.col("counting_unit").alias("counts"),
        "by",
        "group",
        pl.col("numerator").alias("count"),
        pl.col("denominator").alias("out of"),
        pl.col("undetermined").alias("not known"),
        pl.when(share).then("value").alias("share"),
        pl.when(share).then("lower").alias("share at least"),
        pl.when(share).then("upper").alias("share at most"),
        pl.when(share).then("ci_lower").alias("95 % interval from"),
        pl.when(share).then("ci_upper").alias("95 % interval to"),
        pl.when(other).then("value").alias("value"),
        pl.when(~share).then("lower").alias("at least"),
        pl.when(~share).then("upper").alias("at most"),
        pl.when("suppressed").then(pl.lit(WITHHELD)).alias("withheld"),
        "note",
    )


PERCENT: Final = (
    "share", "share at least", "share at most", "95 % interval from", "95 % interval to",
)  # fmt: skip
"""Columns of ``numbers`` that hold shares."""


def _defined(definitions: pl.DataFrame) -> pl.DataFrame:
    return definitions.select(
        pl.col("figure_id").alias("id"),
        pl.col("title").alias("figure"),
        pl.col("counting_unit").alias("counts"),
        pl.col("formula").alias("how it is made"),
        pl.col("note").alias("to be known with it"),
        "source",
    )


def _glossary() -> pl.DataFrame:
    wanted = ("class", "reason", "tie", "level")
    rows = [
        (one.kind, one.code.replace("_", " "), one.text, one.source)
        for one in MEANINGS
        if one.kind in wanted
    ]
    rows += [("definition of a partner", one.title, one.text, one.source) for one in DEFINITIONS]
    schema = dict.fromkeys(("kind", "word", "meaning", "source"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


__all__ = ["DEFINED", "PERCENT", "build"]
