"""How the dates and times of a column are read, decided over all its values and never per row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

SERIAL: Final = "excel"
"""Declared format of a spreadsheet's day number (43586)."""

BARE: Final = r"^(\d{1,4})(?:\.0+)?$"
"""A time written as a bare number."""

PIVOT: Final = 68
"""Largest two-digit year of this century (POSIX strptime)."""

_SHORT_FIRST = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})\b"
_DAY_PARTS = re.compile(r"%[-_0]?[YyCGgdejmbBhDFvxcUWVs+]")
_DAY, _MONTH = re.compile(r"%[-_0]?[de]"), re.compile(r"%[-_0]?m")


@dataclass(frozen=True)
class StampPlan:
    """How the cells of one column are read, decided over all its values.

    Attributes:
        formats: Declared formats, tried in order.
        day_first: Whether 03/04 is the third of April; ``None`` leaves such cells unread.
        hours: Whether bare numbers of a time column are whole hours, not hours and minutes.
        zone: Zone to which stamps with an offset are converted.
        pivot: Largest two-digit year of this century; births lie before the extract.
    """

    formats: tuple[str, ...] = ()
    day_first: bool | None = None
    hours: bool = False
    zone: str | None = None
    pivot: int = PIVOT


@dataclass(frozen=True)
class Evidence:
    """What the values of a column tell of how it is to be read; counts are of different values in a batch.

    Attributes:
        day_first: Short dates that are dates only when the day comes first.
        month_first: Short dates that are dates only when the month comes first.
        either: Short dates that are two different dates in the two orders.
        digits: Most digits of a bare number.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    digits: int = 0

    def __add__(self, other: Evidence) -> Evidence:
        """Bring the evidence of two parts of a column together."""
        return Evidence(
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.either + other.either,
            max(self.digits, other.digits),
        )

    @property
    def both(self) -> bool:
        """Whether both orders occur."""
        return self.day_first > 0 and self.month_first > 0

    @property
    def order(self) -> bool | None:
        """Whether the day comes first; ``None`` when the values do not decide."""
        if self.both or not (self.day_first or self.month_first):
            return None
        return self.day_first > 0


def weigh(cells: pl.Series) -> Evidence:
    """Gather what the cells of a column tell of how it is to be read.

    Args:
        cells: Text cells.

    Returns:
        The evidence. A date that fits neither order (31/31/2019) tells nothing.
    """
    text = cells.drop_nulls().unique().str.strip_chars()
    first, second = (text.str.extract(_SHORT_FIRST, n).cast(pl.Int32).alias(str(n)) for n in (1, 2))
    months = [pl.col(n).is_between(1, 12) for n in ("1", "2")]
    days = [pl.col(n).is_between(13, 31) for n in ("1", "2")]
    counts = pl.DataFrame([first, second]).select(
        (days[0] & months[1]).sum().alias("day_first"),
        (months[0] & days[1]).sum().alias("month_first"),
        (months[0] & months[1] & (pl.col("1") != pl.col("2"))).sum().alias("either"),
    )
    digits = text.str.extract(BARE, 1).str.len_chars().max()
    day, month, either = counts.row(0)
    return Evidence(day, month, either, digits if isinstance(digits, int) else 0)


def declared_orders(formats: tuple[str, ...]) -> set[bool]:
    """Say of each declared numeric format whether the day comes before the month."""
    spelled = [form.replace("%D", "%m/%d/%y").lstrip() for form in formats]
    return {
        day.start() < month.start()
        for form in spelled
        if not form.startswith(("%Y", "%y", "%F"))
        and (day := _DAY.search(form))
        and (month := _MONTH.search(form))
    }


def is_clock(form: str) -> bool:
    """Say whether a format holds a time of day and no date."""
    return form != SERIAL and _DAY_PARTS.search(form) is None
