"""The section of a report that holds an evaluation of the intervention."""

from __future__ import annotations

from functools import partial
from typing import Final

import polars as pl

from ipvi_cli.model.evaluation import MEASURES
from ipvi_cli.report import charts
from ipvi_cli.report.content import Chart, Panel, Section, Table, View
from ipvi_cli.report.tables import WITHHELD_LEGEND, Row
from ipvi_cli.report.words import NONE, WITHHELD, percent, sentence, whole

KEY: Final = "evaluation"
TITLE: Final = "What changed with the intervention?"

_INTRO: Final = (
    "Whether notices were delivered, what followed them, and what changed in the months after the start. People are"
    " listed at a peak of trouble and fall from it with no programme at all: shares after a notice say nothing of what"
    " would have been without it, and a change is no effect, since other things changed too."
)
_PARTS: Final = {
    "process": ("How it was carried out", "Steps of the notices, of persons in the partners' list."),
    "recidivism": (
        "Outcomes after the first delivered notice",
        "Of the persons who could be seen through the whole window, with an outcome or without.",
    ),
    "survival": ("Time to the main outcome", "Share without an outcome; beside it persons still at risk."),
    "comparison": (
        "Beside persons with the same history who were not yet notified",
        "Shares with a new report within a year. Why some were notified and others not is in no record, so a difference"
        " is not the effect of the notice.",
    ),
    "harm": (
        "What may do harm",
        "Signs that somebody is hurt by it. Fewer reports are fewer assaults, or victims who call less.",
    ),
    "series": ("Monthly counts before and after the start", ""),
}  # fmt: skip
_PLAIN: Final = ("days_to_delivery", "per_victim")
_WINDOWS: Final = {
    "change": "all months after", "step": "at the start", "slope_change": "slope, per month",
}  # fmt: skip


def evaluation_section(rows: pl.DataFrame) -> Section:
    """Lay out an evaluation.

    Args:
        rows: Columns of ``EVALUATION_SCHEMA`` and ``suppressed``, as they may be shown to whom the report is for.
    """
    panels = [
        _panel(part, title, lead, of_part)
        for part, (title, lead) in _PARTS.items()
        if (of_part := rows.filter(pl.col("part") == part)).height
    ]
    return Section(KEY, TITLE, _INTRO, None, tuple(panels), _refused(rows), _numbers(rows))


def _panel(part: str, title: str, lead: str, rows: pl.DataFrame) -> Panel:
    told = rows.filter((pl.col("window") != "month").fill_null(True)).to_dicts()
    cells = tuple(_cells(row) for row in told)
    notes = dict.fromkeys(
        sentence(f"{_named(row)}: {row['note']}")
        for row in told
        if row["note"] and part in ("harm", "series", "comparison") and row["group"] != "after"
    )
    legend = [WITHHELD_LEGEND] if any(row["suppressed"] for row in told) else []
    headers = ("What", "Of whom or when", "Window", "Value", "95 % interval", "Count", "Out of")
    if part == "series":
        headers = (*headers[:5], "Counted", "Expected")
    key = f"{KEY}-{part}"
    table = Table(title, headers, cells, keys=3, notes=tuple(legend))
    view = View(key, title, table, rows, _pictures(part, title, told))
    lead = _changed(told) if part == "series" else lead
    return Panel(part, f"{key}-panel", title, lead, "", tuple(notes), view)


def _named(row: Row) -> str:
    measure = str(row["measure"])
    return MEASURES.get(measure, measure.replace("_", " "))


def _cells(row: Row) -> tuple[str, ...]:
    if row["suppressed"]:
        return (
            sentence(_named(row)).rstrip("."), _group(row), _window(row), WITHHELD, NONE, WITHHELD, WITHHELD,
        )  # fmt: skip
    low, high = row["ci_lower"], row["ci_upper"]
    spread = NONE if low is None or high is None else f"{_value(row, low)} to {_value(row, high)}"
    spread = spread.replace(" points to", " to")
    return (
        sentence(_named(row)).rstrip("."),
        _group(row),
        _window(row),
        _value(row, row["value"]),
        spread,
        whole(row["numerator"]) if row["numerator"] is not None else NONE,
        whole(row["denominator"]) if row["denominator"] is not None else NONE,
    )


def _window(row: Row) -> str:
    window = str(row["window"] or NONE)
    return _WINDOWS.get(window, window)


def _group(row: Row) -> str:
    group = str(row["group"])
    return f"level {group}" if group in ("A", "B", "C", "D") else group


def _value(row: Row, value: float | None) -> str:
    if value is None:
        return NONE
    if row["measure"] in _PLAIN or row["group"] == "between levels":
        return f"{value:.2f}"
    signed = row["part"] == "series" or row["group"] == "difference"
    text = percent(abs(value))
    shown = round(value, 3)
    sign = ("+" if shown > 0 else "−" if shown < 0 else "") if signed else ""
    return f"{sign}{text[:-1].rstrip()} points" if row["group"] == "difference" else f"{sign}{text}"


def _changed(rows: list[Row]) -> str:
    """Say in a sentence what each series shows."""
    told = []
    for row in rows:
        if row["window"] != "change" or row["suppressed"]:
            continue
        other = str(row["note"] or "").startswith("difference in change")
        kind, than = (
            ("difference in change", "had they moved as the comparison series did")
            if other
            else ("change", "had the earlier course and season gone on")
        )
        sure = (
            "" if row["ci_lower"] > 0 or row["ci_upper"] < 0 else " The interval holds no change."
        )
        interval = f"{_value(row, row['ci_lower'])} to {_value(row, row['ci_upper'])}"
        told.append(
            f"{sentence(_named(row)).rstrip('.')} in the months after the start: {whole(row['numerator'])}, where about"
            f" {whole(row['denominator'])} would have been expected {than}; a {kind} of {_value(row, row['value'])}"
            f" (95 % interval {interval}).{sure}"
        )
    return " ".join(told)


def _pictures(part: str, title: str, rows: list[Row]) -> tuple[Chart, ...]:
    """Draw shares of everyone with their intervals."""
    if part != "recidivism":
        return ()
    drawn = [
        {
            "label": f"{_named(row)}, {row['window']}", "value": row["value"],
            "lower": row["ci_lower"], "upper": row["ci_upper"], "text": percent(row["value"]),
        }
        for row in rows
        if row["group"] == "all" and row["value"] is not None
    ]  # fmt: skip
    if len(drawn) < 2:
        return ()
    reading = (
        "Share with each outcome. The thin line is the 95 % interval: what chance alone allows."
    )
    return (Chart(partial(charts.bars, drawn), f"Bars of shares. {title}", reading),)


def _refused(rows: pl.DataFrame) -> Table | None:
    refused = rows.filter(pl.col("part") == "refused")
    if not refused.height:
        return None
    cells = tuple(
        (sentence(_named(row)).rstrip("."), sentence(row["note"] or "too few for it"))
        for row in refused.unique(["measure", "note"], maintain_order=True).iter_rows(named=True)
    )
    return Table(f"{TITLE} What is not told, and why", ("Figure", "Needs"), cells)


def _numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Lay out all rows for the workbook; columns of shares are named as those of figures."""
    told = rows.filter(pl.col("part") != "refused")
    share = ~pl.col("measure").is_in(_PLAIN) & (pl.col("group") != "between levels")
    return told.select(
        pl.col("part").replace_strict({p: t for p, (t, _) in _PARTS.items()}, default=pl.col("part"))
        .alias("about"),
        pl.col("measure").replace(MEASURES).alias("what"),
        "group",
        "window",
        pl.col("numerator").alias("count"),
        pl.col("denominator").alias("out of"),
        pl.col("undetermined").alias("not known"),
        pl.when(share).then("value").alias("share"),
        pl.when(share).then("ci_lower").alias("95 % interval from"),
        pl.when(share).then("ci_upper").alias("95 % interval to"),
        pl.when(~share).then("value").alias("value"),
        pl.when("suppressed").then(pl.lit(WITHHELD)).alias("withheld"),
        "note",
    )  # fmt: skip
