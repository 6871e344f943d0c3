"""Count how often the intervals of an evaluation hold what was planted, a change and none.

Monthly series with season, slope and months of different length, Poisson and negative binomial, alone and with a
comparison series; and persons whose rates differ, notified after a report: the shares with a new report in the windows
after the notice, and the difference to the not yet notified. Which share a rate makes is worked out from the rates that
were drawn. Beside each count stand the counts between which chance alone would keep an interval of 95 % in 95 % of
such benchmarks. Seeded.

Run: python benchmarks/evaluate.py [--runs 500] [--lives 500]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import binom

from ipvi_cli.evaluate.matched import WINDOW_DAYS, compare, match
from ipvi_cli.evaluate.months import whole_months
from ipvi_cli.evaluate.recidivism import recidivism
from ipvi_cli.evaluate.series import fit
from ipvi_cli.evaluate.survival import spells, survival

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "evaluate"))

MONTHS = whole_months(date(2015, 1, 1), date(2020, 12, 31))
START = date(2018, 1, 1)


@dataclass
class Held:
    """Intervals of many runs, and what each run's persons should come to on average."""

    intervals: list[tuple[float, float, float]] = field(default_factory=list)
    planted: list[float] = field(default_factory=list)

    def told(self) -> str:
        """Say how many intervals hold the mean of what was planted."""
        truth, runs = float(np.mean(self.planted)), len(self.intervals)
        held = sum(lower <= truth <= upper for _, lower, upper in self.intervals)
        low, high = (int(binom.ppf(q, runs, 0.95)) for q in (0.025, 0.975))
        mean = np.mean([value for value, _, _ in self.intervals])
        return (
            f"{held} of {runs} held ({held / runs:.1%}; chance {low} to {high});"
            f" planted {truth:+.3f}, mean {mean:+.3f}"
        )


def series(draw: np.random.Generator, step: float, alpha: float) -> pl.DataFrame:
    """Make monthly counts, about 120 a month before the start."""
    season = 0.2 * np.sin(2 * np.pi * MONTHS.dt.month().to_numpy() / 12)
    level = 120 * np.exp(-0.002 * np.arange(len(MONTHS)) + season)
    level *= MONTHS.dt.month_end().dt.day().to_numpy() / 30.4
    level *= np.where(MONTHS.to_numpy() >= np.datetime64(START), 1 + step, 1)
    if alpha:
        level = level * draw.gamma(1 / alpha, alpha, len(level))
    return pl.DataFrame({"month": MONTHS, "count": draw.poisson(level)})


def planted_series(runs: int) -> None:
    for step in (0.0, -0.2):
        for alpha in (0.0, 0.03):
            for compared in (False, True):
                held = Held(planted=[1 + step])
                for seed in range(runs):
                    draw = np.random.default_rng(seed)
                    beside = series(draw, 0.0, alpha) if compared else None
                    found = fit(series(draw, step, alpha), START, comparison=beside)
                    held.intervals.append(found.estimates["change"])
                print(f"step {step:+.0%} alpha {alpha} compared {compared}: {held.told()}")
                sys.stdout.flush()


def planted_lives(runs: int) -> None:
    for ratio in (1.0, 0.5):
        held: dict[str, Held] = defaultdict(Held)
        for seed in range(runs):
            _one_town(seed, ratio, held)
        for what, of_runs in held.items():
            print(f"rate after a notice times {ratio}, {what}: {of_runs.told()}", flush=True)


def _one_town(seed: int, ratio: float, held: dict[str, Held]) -> None:
    from helpers_evaluate import LAST, lives

    told = lives(seed, persons=600, ratio=ratio)
    rates = pl.col("person_id").replace_strict(told.rates, return_dtype=pl.Float64)
    follow = told.follow.with_columns(rate=rates)
    outcomes = told.reports.select(
        "person_id", outcome=pl.lit("ipv_report"), event=pl.int_range(pl.len()).cast(pl.String),
        date="date", began="date",
    )  # fmt: skip
    after = recidivism(told.follow, outcomes, "ipv_report", LAST)
    curve = survival(spells(told.follow, outcomes, "ipv_report", LAST), "ipv_report")
    for part, rows in (("share", after), ("curve", curve.filter(pl.col("part") == "survival"))):
        everyone = rows.filter(pl.col("group") == "all", pl.col("value").is_not_null())
        for row in everyone.iter_rows(named=True):
            months = int(row["window"].split()[0])
            end = pl.col("index_on").dt.offset_by(f"{months}mo")
            seen = follow.filter(end <= LAST) if part == "share" else follow
            days = (end - pl.col("index_on")).dt.total_days()
            free = seen.select((-pl.col("rate") * ratio * days).exp())["rate"]
            of = held[f"{part} at {row['window']}"]
            of.planted.extend((1 - free) if part == "share" else free)
            of.intervals.append((row["value"], row["ci_lower"], row["ci_upper"]))
    matched = match(told.follow, told.reports, told.reports.clear(), LAST)
    found = compare(matched, told.reports)
    if found.difference is not None:
        paired = matched.filter((~pl.col("notified")).any().over("case"), "notified")
        rate = paired.select(rates.alias("rate"))["rate"]
        of = held["notified less not yet notified"]
        of.planted.extend((-WINDOW_DAYS * rate).exp() - (-WINDOW_DAYS * rate * ratio).exp())
        of.intervals.append(found.difference)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--lives", type=int, default=500)
    asked = parser.parse_args()
    used = time.process_time()
    if asked.runs:
        planted_series(asked.runs)
    if asked.lives:
        planted_lives(asked.lives)
    print(f"{time.process_time() - used:.0f} seconds of processors")


if __name__ == "__main__":
    main()
