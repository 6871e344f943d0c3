"""Monthly series: planted changes are found, none is found where none is, and too little is refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from ipvi_cli.evaluate.months import (
    monthly,
    parse_series,
    terms,
    told_apart,
    whole_months,
    without_start,
)
from ipvi_cli.evaluate.plan import visible_drop
from ipvi_cli.evaluate.series import fit, sentence, series_rows, too_little
from ipvi_cli.model.errors import InputError

MONTHS = whole_months(date(2015, 1, 1), date(2020, 12, 31))
START = date(2018, 1, 1)


def made(
    seed: int, *, step: float = 0.0, mean: float = 120.0, alpha: float = 0.0, noise: bool = True
) -> pl.DataFrame:
    """Counts with season, days of the month, a slope and a planted step."""
    draw = np.random.default_rng(seed)
    place = np.arange(len(MONTHS))
    days = MONTHS.dt.month_end().dt.day().to_numpy()
    course = np.exp(-0.002 * place + 0.2 * np.sin(2 * np.pi * MONTHS.dt.month().to_numpy() / 12))
    level = mean * course * days / 30.4
    level = level * np.where(MONTHS.to_numpy() >= np.datetime64(START), 1 + step, 1)
    if alpha:
        level = level * draw.gamma(1 / alpha, alpha, len(level))
    counts = draw.poisson(level) if noise else np.rint(level * 1000)
    return pl.DataFrame({"month": MONTHS, "count": counts.astype(np.int64)})


@pytest.mark.parametrize("step", [0.0, -0.25, 0.4])
def test_a_planted_step_without_noise_is_found_exactly(step: float) -> None:
    found = fit(made(0, step=step, noise=False), START)

    assert found.estimates["step"][0] == pytest.approx(1 + step, rel=1e-3)
    assert found.estimates["slope_change"][0] == pytest.approx(1, abs=1e-3)
    assert found.estimates["change"][0] == pytest.approx(1 + step, rel=1e-3)


@pytest.mark.parametrize(("step", "alpha"), [(0.0, 0.0), (-0.3, 0.04)])
def test_planted_steps_lie_in_their_intervals_at_the_nominal_rate(
    step: float, alpha: float
) -> None:
    runs = 12
    fits = [fit(made(seed, step=step, alpha=alpha), START) for seed in range(runs)]

    held = sum(one.estimates["change"][1] <= 1 + step <= one.estimates["change"][2] for one in fits)
    assert held >= 9  # fewer than 9 of 12 happen once in 400 times at 95 %
    assert (sum(one.alpha > 0 for one in fits) > runs / 2) == (alpha > 0)


def test_a_comparison_takes_away_what_happens_to_both() -> None:
    both = [made(seed, step=-0.3) for seed in (1, 2)]

    alone, beside = fit(both[0], START), fit(both[0], START, comparison=both[1])

    assert alone.estimates["change"][2] < 1
    assert beside.estimates["change"][1] < 1 < beside.estimates["change"][2]
    assert "difference in change" in sentence(beside, "reports", START, "thefts")
    assert "difference in change" in series_rows(beside, "reports")["note"][0]


def test_without_a_comparison_the_word_is_change() -> None:
    found = fit(made(1, step=-0.3), START)
    said = sentence(found, "reports", START) + " ".join(series_rows(found, "reports")["note"])
    assert "a change of −" in said
    assert "effect" not in said
    assert "difference" not in said


def test_autocorrelated_residuals_widen_the_interval() -> None:
    series = made(3, mean=400)
    draw = np.random.default_rng(5)
    drift = np.zeros(len(MONTHS))
    for place in range(1, len(MONTHS)):
        drift[place] = 0.85 * drift[place - 1] + draw.normal(0, 0.12)
    moved = series.with_columns((pl.col("count") * pl.Series(np.exp(drift))).round().cast(pl.Int64))

    found = fit(moved, START)

    assert found.ljung_box < 0.05
    assert found.robust
    assert set(series_rows(found, "x")["ci_method"]) == {"newey_west_t"}


def test_a_known_change_of_recording_is_not_taken_for_the_intervention() -> None:
    day = date(2017, 1, 1)
    jump = pl.when(pl.col("month") >= day).then(pl.col("count") * 2).otherwise(pl.col("count"))
    series = made(0, noise=False).with_columns(jump)

    known = fit(series, START, changes=[day])

    assert known.estimates["step"][0] == pytest.approx(1, abs=0.01)
    assert fit(series, START).estimates["step"][0] != pytest.approx(1, abs=0.05)


def test_changes_too_near_the_start_or_an_end_are_named() -> None:
    months = MONTHS.to_list()
    days = [date(2014, 1, 1), date(2015, 2, 1), date(2016, 6, 1), date(2018, 2, 1)]
    used, unusable = told_apart(months, START, days)
    assert used == [date(2016, 6, 1)]
    assert unusable == [date(2015, 2, 1), date(2018, 2, 1)]


def test_short_series_have_harmonics_and_long_ones_months() -> None:
    assert "month 12" in terms(MONTHS.to_list(), START).names
    assert "season cos 2" in terms(MONTHS.to_list()[:30], date(2016, 2, 1)).names


@pytest.mark.parametrize(
    ("start", "mean", "said"),
    [
        (date(2015, 6, 1), 120.0, "5 whole months before the start and 67 after it: at least 12"),
        (date(2020, 6, 1), 120.0, "65 whole months before the start and 7 after it: at least 12"),
        (START, 2.0, "a month on average: at least 5 are needed"),
    ],
)
def test_too_little_is_refused_with_how_much_is_needed(start: date, mean: float, said: str) -> None:
    assert said in (too_little(made(1, mean=mean), start) or "")


def test_only_whole_months_count_and_empty_ones_are_nought() -> None:
    assert whole_months(date(2019, 1, 2), date(2019, 4, 29)).to_list() == [
        date(2019, 2, 1),
        date(2019, 3, 1),
    ]
    assert whole_months(date(2019, 1, 1), date(2019, 2, 28)).len() == 2
    days = pl.Series([date(2019, 2, 3), date(2019, 2, 4), None])
    counted = monthly(days, whole_months(date(2019, 1, 1), date(2019, 3, 31)))
    assert counted["count"].to_list() == [0, 2, 0]
    assert without_start(counted, date(2019, 2, 10))["month"].to_list() == [
        date(2019, 1, 1),
        date(2019, 3, 1),
    ]


def test_the_planned_drop_is_seen_as_often_as_planned() -> None:
    before = made(0, mean=90, alpha=0.0, noise=False).filter(pl.col("month") < START)
    before = before.with_columns((pl.col("count") / 1000).round().cast(pl.Int64))
    drop, mean, alpha = visible_drop(before, START, 36)

    runs = 20
    seen = sum(
        fit(made(seed, step=drop, mean=90), START).estimates["change"][2] < 1
        for seed in range(runs)
    )

    assert mean == pytest.approx(before["count"].mean())
    assert alpha == 0
    assert seen >= 11  # 80 % of 20 is 16; fewer than 11 happen once in 400 times


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("month,number\n2019-01,3\n", "lacks the column count"),
        ("month,count\n2019-01,3\nJanuary,4\n", "line 3 holds no month or no count"),
        ("month,count\n2019-01,3\n2019-01,4\n", "holds a month twice"),
        ("month,count\n2019-01,-3\n", "line 2"),
    ],
)
def test_a_comparison_file_that_cannot_be_meant_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as failed:
        parse_series(text.encode(), "other.csv")
    assert said in failed.value.line()
