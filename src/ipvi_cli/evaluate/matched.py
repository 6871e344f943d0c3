"""Notified persons beside persons with the same history on the same day who were not yet notified.

People are listed at a peak of trouble and fall from it without any programme (regression to the mean), and nobody can
fail before an index that he had to reach (immortal time). So a control enters on the day of the case's notice, with the
same history on that day, not notified, alive and here, and is followed until notified.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from ipvi_cli.model.evaluation import measured

LEAST_PERSONS: Final = 30
LEAST_EVENTS: Final = 11
"""Fewest matched notified persons, and fewest new events on each side, with which the comparison is printed."""

CONTROLS: Final = 5
"""Most controls for one case."""

WINDOW_DAYS: Final = 365
_AT_ONCE: Final = 2_000_000
"""Reports times days of notice that are looked at together."""

_Z: Final = 1.959963984540054

WARNING: Final = (
    "Notified persons and the others had the same recorded events, as many and as recent, on the same day, and that is"
    " all that is the same: why these were notified and those not is not in the data. A difference is a difference, not"
    " the effect of the notice; a fall from before to after says nothing by itself, since it happens on both sides."
)

_HISTORY: Final = ("reports", "reports_year", "arrests", "recent")


@dataclass(frozen=True)
class Comparison:
    """What the two sides come to.

    Attributes:
        cases: Notified persons with a control.
        unmatched: Notified persons without any.
        controls: Persons who are a control of somebody.
        before: Shares with an event in the year before, of cases and controls.
        after: Shares with a new event in the year after (Kaplan-Meier), of cases and controls.
        events: Persons with a new event, of cases and of controls.
        difference: Share of cases less share of controls after, with its interval; ``None`` without events.
    """

    cases: int
    unmatched: int
    controls: int
    before: tuple[float, float]
    after: tuple[float, float]
    events: tuple[int, int]
    difference: tuple[float, float, float] | None


def history_on(reports: pl.DataFrame, arrests: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Give what is known of each person on each day, in the classes in which persons are matched.

    Args:
        reports: ``person_id``, ``date``: reports as an offender against a partner.
        arrests: The same of arrests.
        days: ``index_on``, each day once; what happened on it counts.

    Returns:
        ``index_on``, ``person_id``; ``reports`` and ``arrests`` ever and ``reports_year`` in the year before, in
        classes, and ``recent``, the class of days since the last report.
    """
    keys = ["index_on", "person_id"]
    age = (pl.col("index_on") - pl.col("date")).dt.total_days()
    since = age.min()
    known = _past(reports, days).group_by(keys).agg(
        _class(pl.len()).alias("reports"),
        _class((age < WINDOW_DAYS).sum()).alias("reports_year"),
        pl.when(since <= 14).then(0).when(since <= 30).then(1).when(since <= 60).then(2)
        .when(since <= 120).then(3).when(since <= 240).then(4).when(since <= 480).then(5)
        .otherwise(6).alias("recent"),
    )  # fmt: skip
    counts = _past(arrests, days).group_by(keys).agg(_class(pl.len()).alias("arrests"))
    joined = known.join(counts, on=keys, how="left")
    return joined.with_columns(pl.col("arrests").fill_null(0))


def _past(events: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    dated = events.select("person_id", "date")
    return days.join(dated, how="cross").filter(pl.col("date") <= pl.col("index_on"))


def _class(count: pl.Expr) -> pl.Expr:
    """Put a count into a class: up to 6 by itself, then ever wider, so that few are alone and none far apart."""
    number = count.cast(pl.Int64)
    wide = (number.cast(pl.Float64).clip(6) / 6).log(1.25).floor().cast(pl.Int64) + 6
    return pl.when(number <= 6).then(number).otherwise(wide)


def match(
    follow: pl.DataFrame, reports: pl.DataFrame, arrests: pl.DataFrame, until: date
) -> pl.DataFrame:
    """Find controls for each notified person on the day of the notice.

    Args:
        follow: ``FOLLOW_SCHEMA``.
        reports: ``person_id``, ``date`` of reports against a partner, each incident once.
        arrests: The same of arrests.
        until: Last day of the data.

    Returns:
        ``case``, ``person_id``, ``notified`` (whether the case itself), ``index_on``, ``ends_on`` (the last day of
        observation) and ``weight``; controls of a case weigh one together. Cases without a control are in it alone.
    """
    exits = follow.select("person_id", "left_on", own="index_on")
    days = follow.filter(pl.col("index_on") < until).select(pl.col("index_on").unique().sort())
    step = max(1, _AT_ONCE // max(1, reports.height))
    parts = [
        _of_days(history_on(reports, arrests, some).join(exits, on="person_id", how="left"), until)
        for some in days.iter_slices(step)
    ]
    if not parts:
        schema = {"case": pl.String, "person_id": pl.String, "notified": pl.Boolean,
                  "index_on": pl.Date, "ends_on": pl.Date, "weight": pl.Float64}  # fmt: skip
        return pl.DataFrame(schema=schema)
    return pl.concat(parts)


def _of_days(state: pl.DataFrame, until: date) -> pl.DataFrame:
    """Give the cases of some days and their controls, of what is known of everyone on each of the days."""
    day = pl.col("index_on")
    here = state.filter(pl.col("left_on").is_null() | (pl.col("left_on") > day))
    mine = here.filter(pl.col("own") == day)
    free = here.filter(pl.col("own").is_null() | (pl.col("own") > day))
    keys = ["index_on", *_HISTORY]
    pairs = mine.select(*keys, case="person_id").join(free, on=keys, how="inner")
    # Whom a hash of both puts first; the same for the same persons.
    order = pl.concat_str("case", "person_id").hash(seed=11)
    chosen = (
        pairs.with_columns(order.alias("order"))
        .sort("case", "order", "person_id")
        .with_columns(pl.int_range(pl.len()).over("case").alias("place"))
        .filter(pl.col("place") < CONTROLS)
        .with_columns((1 / pl.len().over("case")).alias("weight"))
    )
    controls = chosen.select(
        "case", "person_id", "index_on", "own", "left_on", "weight", notified=pl.lit(False)
    )
    cases = mine.select(
        pl.col("person_id").alias("case"), "person_id", "index_on",
        pl.lit(None, pl.Date).alias("own"), "left_on",
        pl.lit(1.0).alias("weight"), pl.lit(True).alias("notified"),
    )  # fmt: skip
    both = pl.concat([cases.sort("case"), controls.select(cases.columns)])
    last = pl.min_horizontal(day.dt.offset_by(f"{WINDOW_DAYS}d"), pl.lit(until))
    return both.select(
        "case", "person_id", "notified", "index_on",
        pl.min_horizontal(last, "own", "left_on").alias("ends_on"), "weight",
    )  # fmt: skip


def compare(matched: pl.DataFrame, events: pl.DataFrame) -> Comparison:
    """Compare the shares with an event in the year before and in the year after on both sides.

    Only the first new event is looked at: a control who has one may be notified for it and leave, so that later events
    of those with most of them would be missed on that side alone.

    Args:
        matched: Rows of ``match``.
        events: ``person_id``, ``date`` of the events that are counted.

    Returns:
        Shares, and the difference after. Its interval allows for persons who are a control of several, or a control
        first and notified later: influences on the Kaplan-Meier estimates are summed by person.
    """
    paired = matched.filter((~pl.col("notified")).any().over("case")).with_row_index("row")
    dated = paired.join(events.select("person_id", "date"), on="person_id", how="inner")
    age = (pl.col("date") - pl.col("index_on")).dt.total_days()
    new = (age > 0) & (pl.col("date") <= pl.col("ends_on"))
    told = dated.group_by("row").agg(
        age.is_between(1 - WINDOW_DAYS, 0).any().alias("before"),
        age.filter(new).min().alias("first"),
    )
    rows = (
        paired.join(told, on="row", how="left", maintain_order="left")
        .with_columns(
            pl.col("before").fill_null(False),
            pl.col("first").is_not_null().alias("event"),
            pl.coalesce("first", (pl.col("ends_on") - pl.col("index_on")).dt.total_days()).alias(
                "time"
            ),
        )
        .sort("person_id", "case")
    )
    cases, others = rows.filter("notified"), rows.filter(~pl.col("notified"))
    seen = [side.filter("event")["person_id"].n_unique() for side in (cases, others)]
    found = [_share(side) for side in (cases, others)]
    difference = None
    if min(seen):
        influence = pl.concat(
            [
                side.select("person_id", sign * pl.Series("influence", of_side))
                for side, sign, (_, of_side) in zip((cases, others), (1, -1), found, strict=True)
            ]
        )
        summed = influence.group_by("person_id", maintain_order=True).agg(pl.col("influence").sum())
        error = float((summed["influence"] ** 2).sum()) ** 0.5
        gap = found[0][0] - found[1][0]
        difference = (gap, gap - _Z * error, gap + _Z * error)
    return Comparison(
        cases=cases.height,
        unmatched=matched.filter("notified").height - cases.height,
        controls=others["person_id"].n_unique(),
        before=(_weighted(cases), _weighted(others)),
        after=(found[0][0], found[1][0]),
        events=(seen[0], seen[1]),
        difference=difference,
    )


def _weighted(side: pl.DataFrame) -> float:
    total = float(side["weight"].sum())
    return float((side["before"].cast(pl.Float64) * side["weight"]).sum()) / total if total else 0.0


def _share(side: pl.DataFrame) -> tuple[float, Any]:
    """Give the weighted Kaplan-Meier share with an event, and each row's influence on it."""
    import numpy as np

    time, event, weight = (side[name].to_numpy() for name in ("time", "event", "weight"))
    survival, influence = 1.0, np.zeros(len(time))
    for day in np.unique(time[event]):
        at_risk = time >= day
        size = float(weight[at_risk].sum())
        failed = event & (time == day)
        hazard = float(weight[failed].sum()) / size
        if hazard >= 1:
            return 1.0, np.zeros(len(time))
        influence += weight * (failed - at_risk * hazard) / (size * (1 - hazard))
        survival *= 1 - hazard
    return 1 - survival, survival * influence


def comparison_rows(found: Comparison, measure: str) -> pl.DataFrame:
    """Lay out a comparison as ``EVALUATION_SCHEMA``, or the reason for which it is not printed."""
    base: dict[str, object] = {"measure": measure, "group": "difference"}
    if found.cases < LEAST_PERSONS or min(found.events) < LEAST_EVENTS or found.difference is None:
        note = (
            f"before and after is not printed: {found.cases} notified persons have somebody with the same history on"
            f" the same day who was not yet notified, {found.unmatched} have nobody; {found.events[0]} and"
            f" {found.events[1]} had a new event. Needed are {LEAST_PERSONS} persons and {LEAST_EVENTS} with a new"
            " event on each side"
        )
        return measured([{**base, "part": "refused", "note": note}])
    rows: list[dict[str, object]] = []
    for window, shares in (("year before", found.before), ("year after", found.after)):
        for group, share in zip(("notified", "not yet notified"), shares, strict=True):
            notified = group == "notified"
            rows.append(
                {
                    "part": "comparison", "measure": measure, "group": group, "window": window,
                    "numerator": found.events[not notified] if window == "year after" else None,
                    "denominator": found.cases if notified else found.controls, "value": share,
                    "note": "share with an event; those not yet notified weigh one together for each notified person",
                }
            )  # fmt: skip
    value, lower, upper = found.difference
    sure = "" if lower > 0 or upper < 0 else "; the interval includes no difference"
    rows.append(
        {
            **base, "part": "comparison", "window": "year after", "value": value, "ci_lower": lower,
            "ci_upper": upper, "ci_method": "robust_by_person", "denominator": found.cases,
            "note": f"notified less not yet notified{sure}; {found.unmatched} notified had nobody with the same history"
            " and are left out",
        }
    )  # fmt: skip
    return measured(rows)
