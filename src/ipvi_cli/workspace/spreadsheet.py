"""Text and workbooks for people: no cell can run as a formula, and equal frames give equal bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import polars as pl

CONFIDENTIAL: Final = "CONFIDENTIAL"

# A cell that starts so is run by spreadsheets; one that follows a semicolon or a tab is, where those separate fields.
_RUNNABLE: Final = r"(^|[;\t\r\n])([=+\-@])"
_LEADING_CONTROL: Final = r"^([\t\r\n])"

_HEAD_ROWS: Final = 3
"""Title, mark and header above the rows of a sheet."""

_SHEET_ROWS: Final = 1_000_000
_CELL_TEXT: Final = 32_767
_WIDEST: Final = 60
_FIXED_DATE: Final = datetime(2000, 1, 1)


def joined_lists(df: pl.DataFrame) -> pl.DataFrame:
    """Join each list column with ``|``."""
    return df.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join("|")
        for name, dtype in df.schema.items()
        if isinstance(dtype, pl.List)
    )


def without_formulas(df: pl.DataFrame, *, keep: Collection[str] = ()) -> pl.DataFrame:
    """Put an apostrophe before whatever a spreadsheet would run.

    Args:
        df: Any frame; list columns are joined first.
        keep: Columns that must stay byte for byte.

    Returns:
        The frame with safe text and safe column names.
    """
    df = joined_lists(df)
    texts = [n for n, dtype in df.schema.items() if dtype == pl.String and n not in keep]
    # To look for a match costs a fraction of replacing, and most columns hold none.
    looked = df.select(pl.col(texts).str.contains(f"{_RUNNABLE}|{_LEADING_CONTROL}").any())
    found = [name for name in texts if looked[name].item()]
    safe = df.with_columns(
        pl.col(found).str.replace_all(_RUNNABLE, "${1}'${2}").str.replace(_LEADING_CONTROL, "'${1}")
    )
    return safe.rename({name: re.sub(r"^(?=[=+\-@\t\r\n])", "'", name) for name in safe.columns})


def csv_bytes(df: pl.DataFrame, *, keep: Collection[str] = ()) -> bytes:
    r"""Write a frame as CSV: UTF-8, ``\n``, lists joined with ``|``, nothing that runs as a formula.

    Args:
        df: Any frame without nested columns other than lists.
        keep: Columns that must stay byte for byte.

    Returns:
        The text with its header line.
    """
    return without_formulas(df, keep=keep).write_csv(line_terminator="\n").encode()


def xlsx_bytes(
    sheets: Mapping[str, pl.DataFrame],
    *,
    title: str,
    percent: Collection[str] = (),
    choices: Mapping[str, tuple[str, Sequence[str]]] | None = None,
    mark: str = CONFIDENTIAL,
) -> bytes:
    """Write frames as a formatted workbook, one sheet each.

    Every sheet is marked on screen and in the page header; the third row is the header.

    Args:
        sheets: Frames by sheet name.
        title: What the workbook is about; first line of every sheet.
        percent: Columns that hold shares between 0 and 1.
        choices: By sheet a column that takes one of some words only, and the words; they make its drop-downs.
        mark: What is said on every sheet of who may see it.

    Returns:
        The workbook; the same bytes for the same frames.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(buffer, options)
    # The only clock in a workbook: without a fixed date equal tables would give unequal files.
    book.set_properties({"title": title, "comments": mark, "created": _FIXED_DATE})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "mark": book.add_format({"bold": True, "font_color": "#9C0006"}),
        "head": book.add_format(
            {"bold": True, "bg_color": "#D9E1F2", "bottom": 1, "text_wrap": True, "valign": "top"}
        ),
        "percent": book.add_format({"num_format": "0.0%"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "number": book.add_format({"num_format": "#,##0.00"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "time": book.add_format({"num_format": "hh:mm"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    names: set[str] = set()
    made = {}
    for label, df in sheets.items():
        name = _sheet_name(label, names)
        names.add(name.casefold())
        made[label] = book.add_worksheet(name)
        _fill(made[label], joined_lists(df), title, mark, formats, frozenset(percent))
    if choices:
        _offer(book, {made[label]: sheets[label] for label in choices}, list(choices.values()))
    book.close()
    return buffer.getvalue()


def _sheet_name(label: str, taken: set[str]) -> str:
    base = re.sub(r"[\[\]:*?/\\]", " ", label).strip("' ")[:31] or "sheet"
    name, number = base, 2
    while name.casefold() in taken:
        name = f"{base[:27]} ({number})"
        number += 1
    return name


def _fill(
    sheet: Any,
    df: pl.DataFrame,
    title: str,
    mark: str,
    formats: Mapping[str, Any],
    percent: frozenset[str],
) -> None:
    shown = df.head(_SHEET_ROWS)
    cut = f"; showing {shown.height:,} of {df.height:,} rows" if df.height > shown.height else ""
    sheet.set_header(f"&C&B{mark}")
    sheet.set_footer("&L&A&RPage &P of &N")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, f"{mark}{cut}", formats["mark"])
    sheet.freeze_panes(3, 1)
    if df.width:
        sheet.autofilter(2, 0, 2 + shown.height, df.width - 1)
    for place, column in enumerate(shown.get_columns()):
        style = _style(column, percent)
        sheet.write_string(2, place, column.name, formats["head"])
        for row, value in enumerate(column.to_list(), start=3):
            _put(sheet, row, place, value, formats[style])
        sheet.set_column(place, place, _width(column))


def _offer(
    book: Any, sheets: Mapping[Any, pl.DataFrame], choices: Sequence[tuple[str, Sequence[str]]]
) -> None:
    """Let the cells of a column be chosen from a list, which lies in a hidden sheet."""
    lists = book.add_worksheet("choices")
    lists.hide()
    for place, ((sheet, df), (column, words)) in enumerate(
        zip(sheets.items(), choices, strict=True)
    ):
        lists.write_column(0, place, words)
        letter = chr(ord("A") + place)
        at = df.columns.index(column)
        sheet.data_validation(
            _HEAD_ROWS,
            at,
            _HEAD_ROWS - 1 + max(df.height, 1),
            at,
            {"validate": "list", "source": f"=choices!${letter}$1:${letter}${len(words)}"},
        )


def _style(column: pl.Series, percent: frozenset[str]) -> str:
    if column.name in percent:
        return "percent"
    if column.dtype.is_integer():
        # A year is a name, not an amount.
        return "text" if column.name == "year" else "whole"
    if column.dtype.is_numeric():
        return "number"
    kinds = {pl.Date: "date", pl.Datetime: "datetime", pl.Time: "time"}
    return kinds.get(column.dtype.base_type(), "text")


def _put(sheet: Any, row: int, place: int, value: object, style: Any) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_string(row, place, "yes" if value else "no", style)
        case int() | float():
            sheet.write_number(row, place, value, style)
        case date() | time():
            sheet.write_datetime(row, place, value, style)
        case _:
            sheet.write_string(row, place, str(value)[:_CELL_TEXT], style)


def _width(column: pl.Series) -> float:
    longest = column.cast(pl.String, strict=False).str.len_chars().max()
    widest = max(len(column.name), int(longest) if isinstance(longest, int) else 0)
    return min(widest, _WIDEST) + 2.0
