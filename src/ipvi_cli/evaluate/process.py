"""Whether the intervention was carried out: who was notified when, and what came with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from ipvi_cli.evaluate.notices import delivered
from ipvi_cli.model.evaluation import EVERYONE, measured
from ipvi_cli.model.intervals import WILSON, wilson

CONSEQUENCE_DAYS: Final = 30
"""Days within which a consequence should follow prohibited behaviour."""

_PROHIBITED: Final = ("ipv_report", "ipv_arrest", "order_violation")
_STEPS: Final = {
    "eligible": pl.lit(True),
    "attempted": pl.col("notified_on").is_not_null(),
    "delivered": pl.col("delivered").fill_null(False),
    "declined": pl.col("declined").fill_null(False),
}
_FLAGS: Final = {
    "victim_contact_before": "notices with victim contact before",
    "victim_contact_after": "notices with victim contact after",
    "service_accepted": "notices after which a service was taken up",
}


def process(
    notices: pl.DataFrame, follow: pl.DataFrame, outcomes: pl.DataFrame, until: date
) -> pl.DataFrame:
    """Count the steps of notification by level and month, the days they took and what came with them.

    Args:
        notices: Rows of ``notices.of_persons``.
        follow: ``FOLLOW_SCHEMA``.
        outcomes: ``OUTCOME_SCHEMA``.
        until: Last day of the data.

    Returns:
        ``EVALUATION_SCHEMA``. Persons are counted once in a group; months are of the attempt, of eligible persons of
        the day that qualified them.
    """
    rows = [*_steps(notices), *_months(notices), *_waiting(notices), *_flags(notices)]
    rows.append(_consequences(notices, follow, outcomes, until))
    rows.extend(_enforced(follow, outcomes, until))
    return measured(rows).with_columns(pl.lit("process").alias("part"))


def _by_level(rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    yield EVERYONE, rows
    for level in rows["level"].unique().sort():
        yield level, rows.filter(pl.col("level") == level)


def _steps(notices: pl.DataFrame) -> Iterator[dict[str, object]]:
    for group, rows in _by_level(notices):
        eligible = rows["person_id"].n_unique()
        for step, took in _STEPS.items():
            persons = rows.filter(took)["person_id"].n_unique()
            yield _share(step, group, persons, eligible) if step != "eligible" else {
                "measure": step, "group": group, "numerator": persons,
                "note": "persons with a row in table notification",
            }  # fmt: skip


def _months(notices: pl.DataFrame) -> Iterator[dict[str, object]]:
    for step, took in _STEPS.items():
        day = "qualified_on" if step == "eligible" else "notified_on"
        counts = (
            notices.filter(took & pl.col(day).is_not_null())
            .group_by(pl.col(day).dt.strftime("%Y-%m").alias("month"))
            .agg(pl.col("person_id").n_unique().alias("persons"))
            .sort("month")
        )
        for month, persons in counts.iter_rows():
            yield {"measure": step, "group": month, "window": "month", "numerator": persons}


def _waiting(notices: pl.DataFrame) -> Iterator[dict[str, object]]:
    first = delivered(notices).group_by("person_id", maintain_order=True).first()
    days = (pl.col("notified_on") - pl.col("qualified_on")).dt.total_days()
    timed = first.with_columns(days.alias("days"))
    for group, rows in _by_level(timed):
        known = rows.filter(pl.col("days") >= 0)
        if not known.height:
            continue
        quartile = {q: known["days"].quantile(q, "linear") for q in (0.25, 0.5, 0.75)}
        yield {
            "measure": "days_to_delivery", "group": group, "window": "median",
            "denominator": known.height, "undetermined": rows.height - known.height,
            "value": quartile[0.5],
            "note": f"days from the qualifying event; quartiles {quartile[0.25]:g} and {quartile[0.75]:g}",
        }  # fmt: skip


def _flags(notices: pl.DataFrame) -> Iterator[dict[str, object]]:
    given = delivered(notices)
    for column, words in _FLAGS.items():
        for group, rows in _by_level(given):
            known = rows.filter(pl.col(column).is_not_null())
            yes = known.filter(column).height
            yield _share(column, group, yes, known.height) | {
                "undetermined": rows.height - known.height,
                "note": f"{words}, of those of which it is recorded",
            }


def _consequences(
    notices: pl.DataFrame, follow: pl.DataFrame, outcomes: pl.DataFrame, until: date
) -> dict[str, object]:
    """Count new prohibited behaviour after the notice that met with a consequence in time."""
    span = timedelta(days=CONSEQUENCE_DAYS)
    if notices["consequence_on"].null_count() == notices.height:
        return {
            "measure": "consequence", "group": EVERYONE, "window": f"{CONSEQUENCE_DAYS} days",
            "note": "no consequence is recorded in table notification",
        }  # fmt: skip
    breaches = _breaches(follow, outcomes, _PROHIBITED, until - span)
    answers = notices.select("person_id", "consequence_on").drop_nulls()
    met = breaches.join(answers, on="person_id", how="inner").filter(
        pl.col("consequence_on").is_between(pl.col("date"), pl.col("date") + span)
    )
    answered = met.select("person_id", "event").unique().height
    return _share("consequence", EVERYONE, answered, breaches.height) | {
        "window": f"{CONSEQUENCE_DAYS} days",
        "note": "events of prohibited behaviour after the notice with a recorded consequence",
    }


def _breaches(
    follow: pl.DataFrame, outcomes: pl.DataFrame, kinds: Sequence[str], last: date
) -> pl.DataFrame:
    """Give the first day of each event of some kinds after the notice, up to a last day."""
    return (
        outcomes.filter(pl.col("outcome").is_in(kinds))
        .join(follow.select("person_id", "index_on"), on="person_id", how="inner")
        .filter(pl.col("began") > pl.col("index_on"), pl.col("date") <= last)
        .group_by("person_id", "event")
        .agg(pl.col("date").min())
    )


def _enforced(
    follow: pl.DataFrame, outcomes: pl.DataFrame, until: date
) -> Iterator[dict[str, object]]:
    """Count violated orders after the notice that an arrest followed in time; nothing without either in the data."""
    held = outcomes.filter(pl.col("outcome") == "any_arrest")
    if not held.height or not (outcomes["outcome"] == "order_violation").any():
        return
    span = timedelta(days=CONSEQUENCE_DAYS)
    breaches = _breaches(follow, outcomes, ("order_violation",), until - span)
    arrests = held.select("person_id", arrested_on="date")
    met = breaches.join(arrests, on="person_id").filter(
        pl.col("arrested_on").is_between(pl.col("date"), pl.col("date") + span)
    )
    answered = met.select("person_id", "event").unique().height
    yield _share("violation_arrest", EVERYONE, answered, breaches.height) | {
        "window": f"{CONSEQUENCE_DAYS} days",
        "note": "violations of a protective order after the notice that an arrest of the same person followed",
    }  # fmt: skip


def _share(measure: str, group: str, part: int, whole: int) -> dict[str, object]:
    lower, upper = wilson(pl.lit(part), pl.lit(whole))
    ends = pl.select(lower.alias("lower"), upper.alias("upper")).row(0)
    return {
        "measure": measure, "group": group, "numerator": part, "denominator": whole,
        "value": part / whole if whole else None, "ci_lower": ends[0], "ci_upper": ends[1],
        "ci_method": WILSON if whole else None,
    }  # fmt: skip
