"""Sampling intervals of shares."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.model.intervals import EXACT_UP_TO, poisson, wilson


def interval(part: int | None, whole: int | None) -> tuple[float | None, float | None]:
    frame = pl.DataFrame({"p": [part], "w": [whole]}, schema={"p": pl.Int64, "w": pl.Int64})
    lower, upper = wilson(pl.col("p"), pl.col("w"))
    found = frame.select(lower.alias("lower"), upper.alias("upper")).row(0)
    return found[0], found[1]


@pytest.mark.parametrize(
    ("part", "whole", "lower", "upper"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(part: int, whole: int, lower: float, upper: float) -> None:
    assert interval(part, whole) == pytest.approx((lower, upper), abs=5e-5)


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (None, 5), (0, None), (None, None)])
def test_no_share_has_no_interval(part: int | None, whole: int | None) -> None:
    lower, upper = interval(part, whole)
    assert upper is None
    assert lower is None


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(1, 10**6), st.floats(0, 1))
def test_the_interval_holds_the_share_and_mirrors(whole: int, share: float) -> None:
    part = round(share * whole)
    lower, upper = interval(part, whole)
    assert lower is not None
    assert upper is not None
    assert 0 <= lower <= part / whole <= upper <= 1
    assert interval(whole - part, whole) == pytest.approx((1 - upper, 1 - lower), abs=1e-9)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 10, 47, 100, 101, 500, 20_000])
def test_a_count_has_the_interval_that_chi_square_gives(count: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    lower, upper = poisson(count)
    near = 1e-9 if count <= EXACT_UP_TO else 1e-3
    assert lower == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0, rel=near)
    assert upper == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2, rel=near)
