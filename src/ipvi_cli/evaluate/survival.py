"""Time to an outcome: Kaplan–Meier, the log-rank test, and cumulative incidence with competing exits."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import polars as pl

from ipvi_cli.evaluate.outcomes import first_after
from ipvi_cli.evaluate.recidivism import groups
from ipvi_cli.model.evaluation import WINDOWS, measured

CURVE_SCHEMA: Final[dict[str, pl.DataType]] = {
    "time": pl.Float64(),
    "at_risk": pl.Int64(),
    "events": pl.Int64(),
    "survival": pl.Float64(),
    "se": pl.Float64(),
    "ci_lower": pl.Float64(),
    "ci_upper": pl.Float64(),
}
"""One row for each time at which something happened; ``se`` is Greenwood's."""

GREENWOOD: Final = "greenwood_loglog"
AALEN: Final = "aalen_johansen"
LEAST_EVENTS: Final = 11
"""Fewest outcomes with which levels are compared."""

_DAYS: Final = {6: 183, 12: 365, 24: 730}
_Z: Final = 1.959963984540054


def kaplan_meier(time: Iterable[float], event: Iterable[bool]) -> pl.DataFrame:
    """Estimate the share without the event (Kaplan and Meier 1958, JASA 53:457).

    Args:
        time: Time to the event or to the end of observation, above 0.
        event: Whether it was the event.

    Returns:
        ``CURVE_SCHEMA``. The interval is Greenwood's on the scale of log(-log S), so that it stays between 0 and 1
        (Kalbfleisch and Prentice 1980); null while S is 1 and once it is 0.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    times, status = _arrays(time, event)
    if not len(times):
        return pl.DataFrame(schema=CURVE_SCHEMA)
    with warnings.catch_warnings():
        # Greenwood's formula divides by nought where the last person at risk has the event.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = SurvfuncRight(times, status)
    frame = pl.DataFrame(
        {
            "time": found.surv_times, "at_risk": found.n_risk, "events": found.n_events,
            "survival": found.surv_prob, "se": found.surv_prob_se,
        }
    ).cast({"time": pl.Float64, "at_risk": pl.Int64, "events": pl.Int64}).fill_nan(None)  # fmt: skip
    share = pl.col("survival")
    inner = (share > 0) & (share < 1) & (pl.col("se") > 0)
    safe = pl.when(inner).then(share)
    spread = (_Z * pl.col("se") / (safe * safe.log()).abs()).exp()
    return frame.with_columns(
        (safe**spread).alias("ci_lower"), (safe ** (1 / spread)).alias("ci_upper")
    ).select(pl.col(name).cast(dtype) for name, dtype in CURVE_SCHEMA.items())


def log_rank(
    time: Iterable[float], event: Iterable[bool], group: Iterable[str]
) -> tuple[float, int, float]:
    """Test whether groups differ in the time to the event (Mantel 1966, Cancer Chemotherapy Reports 50:163).

    Returns:
        Chi-squared, its degrees of freedom and p.
    """
    import numpy as np
    from statsmodels.duration.survfunc import survdiff

    times, status = _arrays(time, event)
    labels = np.asarray(list(group))
    chi2, p = survdiff(times, status, labels)
    return float(np.squeeze(chi2)), len(set(labels.tolist())) - 1, float(np.squeeze(p))


def cumulative_incidence(time: Iterable[float], status: Iterable[int]) -> pl.DataFrame:
    """Estimate the share with the event where other ends compete (Aalen and Johansen 1978, Scand J Statist 5:141).

    Args:
        time: Time to the first end, above 0.
        status: 0 still under observation, 1 the event, 2 another end.

    Returns:
        ``time``, ``incidence`` and ``se`` of the event.
    """
    import numpy as np
    from statsmodels.duration.survfunc import CumIncidenceRight

    times = np.asarray(list(time), dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found = CumIncidenceRight(times, np.asarray(list(status), dtype=int))
    return pl.DataFrame(
        {"time": found.times, "incidence": found.cinc[0], "se": found.cinc_se[0]}
    ).fill_nan(None)


def _arrays(time: Iterable[float], event: Iterable[bool]) -> tuple[Any, Any]:
    import numpy as np

    return np.asarray(list(time), dtype=float), np.asarray(list(event), dtype=int)


def spells(follow: pl.DataFrame, outcomes: pl.DataFrame, outcome: str, until: date) -> pl.DataFrame:
    """Give the time under observation of each person and how it ended.

    Args:
        follow: ``FOLLOW_SCHEMA``.
        outcomes: ``OUTCOME_SCHEMA``.
        outcome: Which of them.
        until: Last day of the data.

    Returns:
        ``person_id``, ``level``, ``time`` in days and ``event``: to the outcome, else to death, move or the end of the
        data. With ``other_time`` and ``other_status`` (0, 1, 2) where prison ends the observation as well. Whoever was
        not seen for a day is left out.
    """
    first = first_after(follow, outcomes, outcome).with_columns(pl.lit(until).alias("until"))
    ends = pl.min_horizontal("first_on", "left_on", "until")
    sooner = pl.min_horizontal("left_on", "prison_on")
    either = pl.min_horizontal(ends, "prison_on")

    def days(day: pl.Expr) -> pl.Expr:
        return (day - pl.col("index_on")).dt.total_days().cast(pl.Float64)

    met = (pl.col("first_on") == ends).fill_null(False)
    other_met = (pl.col("first_on") == either).fill_null(False)
    competing = (sooner == either).fill_null(False) & ~other_met
    timed = first.select(
        "person_id", "level", days(ends).alias("time"), met.alias("event"),
        days(either).alias("other_time"),
        pl.when(other_met).then(1).when(competing).then(2).otherwise(0).alias("other_status"),
    )  # fmt: skip
    return timed.filter(pl.col("time") > 0)


def survival(spent: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """Say which share of each level is without an outcome after 6, 12 and 24 months, and whether levels differ.

    Args:
        spent: Rows of ``spells``.
        outcome: Which outcome.

    Returns:
        ``EVALUATION_SCHEMA``: ``numerator`` is outcomes until then, ``denominator`` persons at risk then; nothing for a
        window at the end of which nobody is at risk.
    """
    rows: list[dict[str, object]] = []
    for group, members in groups(spent):
        rows.extend(_at_windows(members, outcome, group))
    rows.extend(_incidence(spent, outcome))
    events, levels = int(spent["event"].sum()), spent["level"].n_unique()
    base: dict[str, object] = {"measure": outcome, "group": "between levels"}
    if levels > 1 and events >= LEAST_EVENTS:
        chi2, degrees, p = log_rank(spent["time"], spent["event"], spent["level"])
        note = f"log-rank chi-squared, {degrees} degrees of freedom, p {'< 0.001' if p < 0.001 else f'= {p:.3f}'}"
        rows.append(base | {"part": "survival", "value": chi2, "numerator": events,
                            "denominator": spent.height, "note": note})  # fmt: skip
    elif levels > 1:
        note = f"levels are not compared: {events} outcomes, at least {LEAST_EVENTS} are needed"
        rows.append(base | {"part": "refused", "note": note})
    return measured(rows)


def _at_windows(members: pl.DataFrame, outcome: str, group: str) -> list[dict[str, object]]:
    curve = kaplan_meier(members["time"], members["event"])
    rows: list[dict[str, object]] = []
    for months in WINDOWS:
        day = _DAYS[months]
        at_risk = members.filter(pl.col("time") >= day).height
        if not at_risk:
            continue
        passed = curve.filter(pl.col("time") <= day)
        last = passed.tail(1).to_dicts()
        found = last[0] if last else {"survival": 1.0, "ci_lower": None, "ci_upper": None}
        rows.append(
            {
                "part": "survival", "measure": outcome, "group": group, "window": f"{months} months",
                "numerator": int(passed["events"].sum()), "denominator": at_risk,
                "value": found["survival"], "ci_lower": found["ci_lower"],
                "ci_upper": found["ci_upper"], "ci_method": GREENWOOD,
                "note": f"share without an outcome (Kaplan-Meier); {members.height} began; those notified last are"
                " taken to be as those notified first",
            }
        )  # fmt: skip
    return rows


def _incidence(spent: pl.DataFrame, outcome: str) -> list[dict[str, object]]:
    known = spent.filter(pl.col("other_time") > 0)
    exits = known.filter(pl.col("other_status") == 2).height
    if not exits or not (known["other_status"] == 1).any():
        return []
    curve = cumulative_incidence(known["other_time"], known["other_status"])
    rows: list[dict[str, object]] = []
    for months in WINDOWS:
        day = _DAYS[months]
        at_risk = known.filter(pl.col("other_time") >= day).height
        passed = curve.filter(pl.col("time") <= day).tail(1).to_dicts()
        if not at_risk or not passed:
            continue
        value, se = passed[0]["incidence"], passed[0]["se"] or 0.0
        met = known.filter((pl.col("other_status") == 1) & (pl.col("other_time") <= day)).height
        rows.append(
            {
                "part": "survival", "measure": outcome, "group": "with competing exits",
                "window": f"{months} months", "numerator": met, "denominator": at_risk,
                "value": value, "ci_lower": max(0.0, value - _Z * se),
                "ci_upper": min(1.0, value + _Z * se), "ci_method": AALEN,
                "note": f"share with an outcome; {exits} died, moved or went to prison first",
            }
        )  # fmt: skip
    return rows
