"""What a figure is: declared once, with everything that is shown of it and how its counts are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from ipvi_cli.model import figure as model_figure

if TYPE_CHECKING:
    from ipvi_cli.summarize.scene import Scene

Unit = Literal[
    "rows", "months", "incidents", "victims", "pairs", "offenders", "victims and offenders", "calls", "hours",
    "arrests", "charges", "orders", "persons", "clients", "nights and requests", "person-months", "places",
    "calls and incidents", "couples", "incidents and harm", "days between incidents",
]  # fmt: skip

Kind = Literal["count", "share", "change", "rate", "ratio", "rank", "hours", "median", "index"]
"""How the value comes from the counts; what is undetermined is part of the denominator, where there is one.

``count``: the numerator; what is undetermined may add to it.
``share``: numerator / (denominator - undetermined), the share among those of which it is known; the bounds are over the
whole denominator.
``change``: numerator / denominator - 1, of a later and an earlier count.
``rate``: numerator / denominator * 10,000; what is undetermined may add to the numerator.
``ratio``: numerator / denominator, of two different things.
``rank``: the numerator, 1 for the most; what is undetermined may better it by so many ranks.
``hours``: the numerator, which is minutes, in hours; the denominator is the number of things that were timed.
``median``: of those of which it is known, numerator = denominator - undetermined; its maker gives the value.
``index``: the maker gives the value, and the interval where one is meant; the counts say what it is made of.
"""

COUNTS: Final[dict[str, pl.DataType]] = {
    "by": pl.String(),
    "group": pl.String(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
    "undetermined": pl.Int64(),
    "note": pl.String(),
}
"""What a figure's function gives: one row for each group, whole numbers only."""

VALUED: Final = COUNTS | {"value": pl.Float64()}
"""Counts whose value does not follow from them."""

MEASURED: Final = VALUED | {
    "ci_lower": pl.Float64(), "ci_upper": pl.Float64(), "ci_method": pl.String(),
}  # fmt: skip
"""Counts whose interval does not follow from them either."""

CANNOT_BE_MADE: Final = model_figure.CANNOT_BE_MADE

PLACES: Final = ("year", "month", "agency", "district")
PERSONS: Final = ("victim_sex", "victim_age")

NIBRS: Final = "NIBRS practice"
PROBLEM_ANALYSIS: Final = "Problem analysis as in NNSC and High Point publications"
OWN: Final = "A figure of this project"

Make = Callable[["Scene", "Figure"], pl.DataFrame]
"""Makes the counts of a figure, ``COUNTS``."""


@dataclass(frozen=True, eq=False)
class Figure:
    """One declared figure.

    Attributes:
        figure_id: Letter and two digits; never reused and never given another meaning.
        title: What it is about.
        unit: What is counted.
        formula: Numerator and denominator in words.
        kind: How the value comes from the counts.
        needs: Columns without which it cannot be made, as a profile maps them; of several joined by ``|`` one is
            enough.
        source: Where it comes from.
        breakdowns: What it is broken down by, in the order in which it is printed.
        make: Makes its counts.
        suppress: Whether small cells are withheld when it leaves the building.
        interval: Whether groups are compared, so that a sampling interval is meant.
        note: What must be known with it.
        of: Table whose dates and places it is broken down by.
    """

    figure_id: str
    title: str
    unit: Unit
    formula: str
    kind: Kind
    needs: tuple[str, ...]
    source: str
    breakdowns: tuple[str, ...]
    make: Make
    suppress: bool = False
    interval: bool = False
    note: str = ""
    of: str = "incident"
