"""Cells of one source column read as one canonical type; what cannot be read is null, and said so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from ipvi_cli.model.profile_sources import ColumnMap

YES: Final = frozenset({"Y", "YES", "TRUE", "T", "1", "SI", "SÍ"})
NO: Final = frozenset({"N", "NO", "FALSE", "F", "0"})

_AGE = r"^(?:AGE )?(\d{1,3})(?:\.0+)? ?(?:Y|YR|YRS|YEAR|YEARS|YO|Y/O|YEARS OLD)?\.?$"
_NEWBORN: Final = ("NN", "NB", "BB")
_YOUNG = r"^(\d{1,3}) ?(?:(D|DAY|DAYS)|(W|WK|WKS|WEEK|WEEKS)|(M|MO|MOS|MONTH|MONTHS))\.?(?: OLD)?$"
_PER_YEAR: Final = {2: 365, 3: 52, 4: 12}
"""Days, weeks and months in a year, by the group of ``_YOUNG`` that matches."""
_AGE_UNKNOWN: Final = frozenset({"U", "UNK", "UNKNOWN", "NOT STATED", "N/A", "NA", "99+"})

Coder = Callable[[str, list[str], str], Mapping[str, str | None]]
"""Kind, words and code system in; word to code out (``None``: unmapped)."""


def cells(frame: pl.DataFrame, mapped: ColumnMap, null_words: frozenset[str]) -> pl.Series:
    """Give the cells that a profile maps to one canonical column, before they are read as a type.

    Args:
        frame: Source columns, as text.
        mapped: Where the column comes from.
        null_words: Words that mean that nothing was stated.

    Returns:
        Text, stripped; null where nothing was stated.
    """
    if mapped.constant is not None:
        text = str(mapped.constant)
        return pl.Series("cell", [text], dtype=pl.String).new_from_index(0, frame.height)
    nulls = sorted({"", *null_words, *mapped.null_words})

    def stated(column: str) -> pl.Expr:
        cell = pl.col(column).str.strip_chars()
        return pl.when(~cell.is_in(nulls)).then(cell)

    if mapped.column is not None:
        expression = stated(mapped.column)
    else:
        joined = pl.concat_str(
            *(stated(column) for column in mapped.columns), separator=mapped.join, ignore_nulls=True
        )
        expression = pl.when(joined != "").then(joined)
    if mapped.split is not None and mapped.part is not None:
        parts = expression.str.split(mapped.split)
        place = mapped.part - 1 if mapped.part > 0 else mapped.part
        part = parts.list.get(place, null_on_oob=True).str.strip_chars()
        expression = pl.when(~part.is_in(nulls)).then(part)
    return frame.select(expression.alias("cell")).to_series()


def replace(
    text: pl.Series, words: Mapping[str, str | bool | None], dtype: pl.DataType
) -> pl.Series:
    """Replace whole cells by what their words mean; words that are not listed become null."""
    if not words:
        return pl.repeat(None, text.len(), dtype=dtype, eager=True)
    old = pl.Series(list(words), dtype=pl.String)
    new = pl.Series(list(words.values()), dtype=dtype)
    return text.replace_strict(old, new, default=None, return_dtype=dtype)


def read_whole(text: pl.Series) -> pl.Series:
    """Read whole numbers (``1,234`` and ``1234.0`` too)."""
    frame = text.to_frame("t")
    plain = pl.col("t").cast(pl.Int64, strict=False)
    grouped = (
        pl.col("t")
        .str.extract(r"^([+-]?(?:\d{1,3}(?:,\d{3})+|\d+))(?:\.0*)?$", 1)
        .str.replace_all(",", "")
        .cast(pl.Int64, strict=False)
    )
    return frame.select(pl.coalesce(plain, grouped)).to_series()


def read_age(text: pl.Series, *, nibrs: bool) -> tuple[pl.Series, pl.Series]:
    """Read ages in whole years.

    Args:
        text: Cells.
        nibrs: Whether the cells are NIBRS codes, in which 00 means unknown.

    Returns:
        Ages (NIBRS NN, NB and BB are 0; ``18 MONTHS`` is 1), and which cells could not be read. A range or ``18+``
        states no age and counts as not readable; a word for unknown does not.
    """
    upper = pl.col("t").str.to_uppercase()
    years = upper.str.extract(_AGE, 1).cast(pl.Int64, strict=False)
    count = upper.str.extract(_YOUNG, 1).cast(pl.Int64, strict=False)
    young = pl.coalesce(
        pl.when(upper.str.extract(_YOUNG, group).is_not_null()).then(count // parts)
        for group, parts in _PER_YEAR.items()
    )
    years = pl.coalesce(years, young, pl.when(upper.is_in(_NEWBORN)).then(pl.lit(0, pl.Int64)))
    unknown = upper.is_in(sorted(_AGE_UNKNOWN))
    if nibrs:
        unknown = unknown | (upper == "00")
    age = pl.when(~unknown).then(years)
    frame = text.to_frame("t").select(
        age.alias("age"), (pl.col("t").is_not_null() & age.is_null() & ~unknown).alias("bad")
    )
    return frame["age"], frame["bad"]


def read_yes_no(text: pl.Series, mapped: ColumnMap) -> pl.Series:
    """Read yes and no words; with ``split`` a cell is a yes when any of its parts is."""
    yes = sorted({word.upper() for word in mapped.yes} or YES)
    no = sorted({word.upper() for word in mapped.no} or (NO - set(yes)))
    upper = pl.col("t").str.to_uppercase()
    if mapped.split is not None and mapped.part is None:
        parts = upper.str.split(mapped.split.upper()).list.eval(pl.element().str.strip_chars())
        is_yes = parts.list.set_intersection(yes).list.len() > 0
        is_no = parts.list.set_intersection(no).list.len() > 0
    else:
        is_yes, is_no = upper.is_in(yes), upper.is_in(no)
    otherwise = {"yes": True, "no": False, "unknown": None, None: None}[mapped.otherwise]
    rest = pl.when(pl.col("t").is_not_null()).then(pl.lit(otherwise, pl.Boolean))
    return (
        text.to_frame("t")
        .select(pl.when(is_yes).then(True).when(is_no).then(False).otherwise(rest))
        .to_series()
    )
