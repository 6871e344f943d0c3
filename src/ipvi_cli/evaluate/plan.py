"""What change could be seen with the volumes there are, and by when."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

import polars as pl

from ipvi_cli.evaluate.months import terms
from ipvi_cli.evaluate.series import fit_course
from ipvi_cli.model.evaluation import WINDOWS, measured

AFTER: Final = (12, 24, 36)
"""Months after the start for which a plan is made."""

POWER: Final = 0.8
_Z_POWER: Final = 0.8416212335729143
"""Normal quantile of 80 %."""


def visible_drop(before: pl.DataFrame, start: date, after: int) -> tuple[float, float, float]:
    """Work out the smallest drop that would be seen, by the normal approximation on negative binomial counts.

    The course before the start is fitted and carried on; the same model with step and slope change then has the
    expected information of these months, of which the standard error of the change over all months after follows.

    Args:
        before: ``month`` and ``count`` of the months before the start.
        start: When the intervention begins.
        after: Months after the start.

    Returns:
        The drop, as a share below 0, that is seen in 80 of 100 such studies at 5 % (two sides); the mean count of a
        month before; and the dispersion.
    """
    import numpy as np
    from scipy.stats import t

    course = fit_course(before, start)
    first = (
        start if start.day == 1 else date(start.year + start.month // 12, start.month % 12 + 1, 1)
    )
    follow = pl.date_range(first, interval="1mo", end=_months_on(first, after - 1), eager=True)
    months = [*before["month"], *follow]
    alpha = course.alpha
    own = terms(months, start)
    mean = course.expected(months)
    weights = mean / (1 + alpha * mean)
    covariance = np.linalg.inv(own.values.T @ (own.values * weights[:, None]))
    rows = own.values[own.after].copy()
    bare = rows.copy()
    for name in ("step", "slope_change"):
        bare[:, own.names.index(name)] = 0
    share = mean[own.after] / mean[own.after].sum()
    gradient = share @ (rows - bare)
    error = math.sqrt(float(gradient @ covariance @ gradient))
    freedom = len(months) - len(own.names)
    drop = 1 - math.exp(-(float(t.ppf(0.975, freedom)) + _Z_POWER) * error)
    return -drop, float(before["count"].mean() or 0.0), alpha  # type: ignore[arg-type]


def _months_on(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def series_plan(before: pl.DataFrame, start: date, measure: str) -> pl.DataFrame:
    """Say which change of a monthly count could be seen by when.

    Args:
        before: ``month`` and ``count`` of the months before the start.
        start: When the intervention begins.
        measure: What is counted.

    Returns:
        ``EVALUATION_SCHEMA``: ``value`` is the smallest drop.
    """
    rows: list[dict[str, object]] = []
    for after in AFTER:
        drop, mean, alpha = visible_drop(before, start, after)
        rows.append(
            {
                "part": "plan", "measure": measure, "group": "all", "window": f"{after} months after",
                "denominator": before.height, "value": drop, "ci_method": "normal_approximation",
                "note": f"by {_months_on(start.replace(day=1), after)}: the smallest drop seen with power 80 %,"
                f" at {mean:.1f} a month before, dispersion {alpha:.3f}",
            }
        )  # fmt: skip
    return measured(rows)


def notice_plan(per_month: float, start: date) -> pl.DataFrame:
    """Say how closely a share with an outcome would be known after a year of notices, and by when.

    Args:
        per_month: Persons with a first delivered notice in a month.
        start: When notices began.

    Returns:
        ``EVALUATION_SCHEMA``: ``ci_lower`` and ``ci_upper`` are Wilson's for a share of 15 %.
    """
    persons = round(12 * per_month)
    rows: list[dict[str, object]] = []
    if persons < 1:
        return measured(rows)
    share, z = 0.15, 1.959963984540054
    scale = 1 + z * z / persons
    middle = (share + z * z / (2 * persons)) / scale
    spread = z * math.sqrt(share * (1 - share) / persons + z * z / (4 * persons**2)) / scale
    for months in WINDOWS:
        rows.append(
            {
                "part": "plan", "measure": "recidivism", "group": "all", "window": f"{months} months",
                "denominator": persons, "value": share, "ci_lower": middle - spread,
                "ci_upper": middle + spread, "ci_method": "wilson",
                "note": f"by {_months_on(start.replace(day=1), 12 + months)}: how closely a share of 15 % would be"
                f" known of the notices of one year, at {per_month:.1f} a month",
            }
        )  # fmt: skip
    return measured(rows)
