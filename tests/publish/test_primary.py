from __future__ import annotations

import polars as pl
import pytest

from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.publish import WITHHELD, Disclosure, suppress

COUNTS = ("numerator", "denominator", "undetermined")
MADE_OF_COUNTS = ("value", "lower", "upper", "ci_lower", "ci_upper", "ci_method")


def row(
    counts: tuple[int, int | None, int | None],
    *,
    figure: str = "X01",
    by: str = "total",
    unit: str = "incidents",
) -> pl.DataFrame:
    told = {
        "figure_id": figure, "counting_unit": unit, "by": by, "group": by, **dict(zip(COUNTS, counts, strict=True)),
        "value": 0.5, "lower": 0.4, "upper": 0.6, "ci_lower": 0.3, "ci_upper": 0.7, "ci_method": "wilson",
    }  # fmt: skip
    return pl.DataFrame([told], schema=FIGURE_SCHEMA)


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ((0, 50, 0), set()),
        ((1, 50, 0), {"numerator"}),
        ((10, 50, 0), {"numerator"}),
        ((11, 50, 0), set()),
        ((20, 50, 10), {"undetermined"}),
        ((47, 50, 0), {"numerator"}),
        ((50, 50, 0), set()),
        ((8, None, None), {"numerator"}),
    ],
)
def test_counts_of_one_to_ten_and_small_remainders_are_withheld(
    counts: tuple[int, int | None, int | None], withheld: set[str]
) -> None:
    figures = row(counts)

    shown = suppress(figures, Disclosure())

    there = [name for name in COUNTS if figures[name].item() is not None]
    assert {name for name in there if shown[name].item() is None} == withheld
    assert shown["suppressed"].item() is bool(withheld)
    assert shown["note"].item() == (WITHHELD if withheld else None)
    assert all((shown[name].item() is None) is bool(withheld) for name in MADE_OF_COUNTS)


def test_the_threshold_may_be_raised() -> None:
    assert not suppress(row((20, 500, 0)), Disclosure(10))["suppressed"].item()
    assert suppress(row((20, 500, 0)), Disclosure(25))["suppressed"].item()


def test_homicides_are_never_told_by_area() -> None:
    assert suppress(row((40, None, None), figure="F01", by="agency"), Disclosure())[
        "suppressed"
    ].item()
    assert not suppress(row((40, None, None), figure="F01"), Disclosure())["suppressed"].item()


def test_months_are_no_persons() -> None:
    assert not suppress(row((2, 12, None), unit="months"), Disclosure())["suppressed"].item()
