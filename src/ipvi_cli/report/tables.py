"""The rows of a figure as a table that is read, and as one that is downloaded."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.model.figure import CANNOT_BE_MADE
from ipvi_cli.report.content import Table
from ipvi_cli.report.words import (
    NONE,
    WITHHELD,
    by_words,
    group_words,
    percent,
    sentence,
    whole,
    written,
)

Row = dict[str, Any]

DATA: Final = (
    "figure_id", "by", "group", "numerator", "denominator", "undetermined", "value", "lower", "upper", "ci_lower",
    "ci_upper", "suppressed", "note",
)  # fmt: skip
"""Columns of a download, as they stand in ``figures.parquet``."""

_IN_THE_GLOSSARY: Final = frozenset(one.text for one in DEFINITIONS)

_IN_THE_CELLS: Final = ("withheld", "too much is undetermined", CANNOT_BE_MADE.strip())

_HEADERS: Final = {
    "share": ("Share", "Lowest", "Highest", "Count", "Out of", "Not known"),
    "change": ("Change", "Lowest", "Highest", "Later", "Earlier", "Not known"),
    "count": ("", "", "At most", "Count", "Out of", "Not known"),
    "rate": ("Per 10,000", "Lowest", "Highest", "Count", "Residents", "Not known"),
    "ratio": ("Ratio", "Lowest", "Highest", "Count", "Set against", "Not known"),
    "rank": ("Rank", "Lowest", "Highest", "", "Out of", "Not known"),
    "hours": ("Hours", "Lowest", "Highest", "", "Timed", "Not timed"),
    "median": ("Value", "Lowest", "Highest", "Count", "Out of", "Not known"),
}
_OTHER: Final = ("Value", "Lowest", "Highest", "Count", "Out of", "Not known")


def made(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out what cannot be made or had nothing to count."""
    something = pl.any_horizontal(
        pl.col("numerator", "denominator", "value", "lower").is_not_null(), pl.col("suppressed")
    )
    return rows.filter(something & ~pl.col("note").fill_null("").str.starts_with(CANNOT_BE_MADE))


def table_of(rows: list[Row], *, kind: str, by: str, caption: str, base_note: str) -> Table:
    """Lay out the rows of one breakdown.

    Args:
        rows: Rows of ``FIGURE_SCHEMA``, in the order in which they are to be read.
        kind: Kind of the figure, such as ``share``.
        by: What their groups are.
        caption: What the table holds.
        base_note: Note of the figure, which is told elsewhere and left out of the notes of rows.

    Returns:
        The table, without columns that hold nothing.
    """
    keys = [word[:1].upper() + word[1:] for word in map(by_words, by.split("/"))]
    numbers = [_numbers(row, kind, rows) for row in rows]
    headers = _HEADERS.get(kind, _OTHER)
    intervals = [_interval(row, kind) for row in rows]
    notes = [own_note(row["note"], base_note) for row in rows]
    common = notes[0] if notes and len(notes) > 1 and len(set(notes)) == 1 else ""
    columns = [
        (header, [cells[place] for cells in numbers])
        for place, header in enumerate(headers)
        if header
    ]
    columns.append(("95 % interval", intervals))
    columns.append(("Note", ["" if common else sentence(note) for note in notes]))
    if kind == "count":
        columns.sort(key=lambda column: column[0] != "Count")
    kept = [(name, cells) for name, cells in columns if any(c not in ("", NONE) for c in cells)]
    legend = [sentence(common)] if common else []
    if any(row["suppressed"] for row in rows):
        legend.append(WITHHELD_LEGEND)
    if any(RANGE_ONLY in cells for cells in numbers):
        legend.append(f"“{RANGE_ONLY}”: too much is not known for a single figure.")
    if any(cell for cell in intervals):
        legend.append("The 95 % interval is of use only to compare groups or periods.")
    body = tuple(
        (*group_words(by, row["group"]), *(cells[place] for _, cells in kept))
        for place, row in enumerate(rows)
    )
    return Table(caption, (*keys, *(name for name, _ in kept)), body, len(keys), tuple(legend))


RANGE_ONLY: Final = "range only"
WITHHELD_LEGEND: Final = (
    "“withheld”: the count is <11 (1 to 10), or it would give such a count away; it keeps people from being"
    " recognised."
)
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def week_table(rows: list[Row], caption: str) -> Table:
    """Lay out counts by hour and weekday as a week: an hour a row, a day a column; nothing stands for none.

    Args:
        rows: Rows of ``FIGURE_SCHEMA`` whose groups are such as ``08/Mon``.
        caption: What the table holds.
    """
    cells = {
        row["group"]: WITHHELD if row["suppressed"] else whole(row["numerator"]) for row in rows
    }
    body = tuple(
        (f"{hour:02}:00", *(cells.get(f"{hour:02}/{day}", "0") for day in DAYS))
        for hour in range(24)
    )
    legend = (WITHHELD_LEGEND,) if any(row["suppressed"] for row in rows) else ()
    return Table(caption, ("Hour", *DAYS), body, notes=legend)


def own_note(note: str | None, base_note: str) -> str:
    """Give what a row's note says besides the note of its figure and what its cells say themselves."""
    parts = (note or "").removeprefix(base_note).split("; ")
    rest = "; ".join(part for part in parts if part and not part.startswith(_IN_THE_CELLS))
    return "" if rest in _IN_THE_GLOSSARY else rest


def _numbers(row: Row, kind: str, rows: list[Row]) -> tuple[str, ...]:
    hidden = bool(row["suppressed"])

    def count(name: str) -> str:
        if row[name] is None and hidden and (name == "numerator" or _filled(name, rows)):
            return WITHHELD
        return whole(row[name])

    def rate(name: str) -> str:
        if name == "value" and range_only(row):
            return RANGE_ONLY
        if row[name] is None and hidden and (name == "value" or _filled(name, rows)):
            return WITHHELD
        return written(kind, row[name])

    value = "" if kind == "count" else rate("value")
    told = _spread(row) or (hidden and any(map(_spread, rows)))
    lower, upper = (rate("lower"), rate("upper")) if told else ("", "")
    doubt = "" if not row["undetermined"] and not hidden else count("undetermined")
    whole_of = count("denominator")
    return (
        value, lower, upper, count("numerator"), "" if whole_of == NONE else whole_of, doubt,
    )  # fmt: skip


def range_only(row: Row) -> bool:
    """Say whether too much is undetermined for a single figure, so that its range alone is shown."""
    return row["value"] is None and row["lower"] is not None and not row["suppressed"]


def _spread(row: Row) -> bool:
    return row["upper"] is not None and row["lower"] != row["upper"]


def _filled(name: str, rows: list[Row]) -> bool:
    return any(row[name] is not None for row in rows)


def _interval(row: Row, kind: str) -> str:
    if row["ci_lower"] is None or row["ci_upper"] is None:
        return ""
    if kind == "share":
        return f"{row['ci_lower'] * 100:.1f}–{percent(row['ci_upper'])}"
    return f"{written(kind, row['ci_lower'])}–{written(kind, row['ci_upper'])}"
