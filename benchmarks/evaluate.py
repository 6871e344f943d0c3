"""Count how often the intervals of an evaluation hold what was planted, a change and none.

Monthly series with season, slope and months of different length, Poisson and negative binomial, alone and with a
comparison series; and persons whose rates differ, notified after a report, beside the not yet notified: there with no
effect planted alone, as what a smaller rate makes of the share is not known beforehand. Seeded.

Run: python benchmarks/evaluate.py [--runs 500] [--lives 100]
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from ipvi_cli.evaluate.matched import compare, match
from ipvi_cli.evaluate.months import whole_months
from ipvi_cli.evaluate.series import fit

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "evaluate"))

MONTHS = whole_months(date(2015, 1, 1), date(2020, 12, 31))
START = date(2018, 1, 1)


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
                held = 0
                for seed in range(runs):
                    draw = np.random.default_rng(seed)
                    beside = series(draw, 0.0, alpha) if compared else None
                    found = fit(series(draw, step, alpha), START, comparison=beside)
                    lower, upper = found.estimates["change"][1:]
                    held += lower <= 1 + step <= upper
                print(
                    f"step {step:+.0%} alpha {alpha} compared {compared}: {held} of {runs} held",
                    flush=True,
                )


def planted_lives(runs: int) -> None:
    from helpers_evaluate import LAST, lives

    held, gaps = 0, []
    for seed in range(runs):
        told = lives(seed, persons=600)
        found = compare(match(told.follow, told.reports, told.reports.clear(), LAST), told.reports)
        if found.difference is not None:
            gaps.append(found.difference[0])
            held += found.difference[1] <= 0 <= found.difference[2]
    print(
        f"not yet notified, no effect: {held} of {len(gaps)} held; mean difference {np.mean(gaps):+.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--lives", type=int, default=100)
    asked = parser.parse_args()
    used = time.process_time()
    planted_series(asked.runs)
    planted_lives(asked.lives)
    print(f"{time.process_time() - used:.0f} seconds of processors")


if __name__ == "__main__":
    main()
