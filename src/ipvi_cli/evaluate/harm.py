"""What may do harm: injuries, both arrested, victims who fall silent, and new reports right after a notice.

An intervention may hurt those it is for: a partner who pays for the notice, a victim arrested with the offender, or one
who calls no more. None of it is recorded as such. What is watched for is what it would leave in the records.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import polars as pl

from ipvi_cli.model.evaluation import EVERYONE, measured
from ipvi_cli.model.intervals import WILSON, wilson

INCIDENT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "incident_id": pl.String(),
    "date": pl.Date(),
    "injured": pl.Boolean(),
    "both_arrested": pl.Boolean(),
}
"""One row for each incident between partners: whether a partner was injured, null where it is not recorded, and whether
both were arrested, null without an arrest of a linked person."""

VICTIM_SCHEMA: Final[dict[str, pl.DataType]] = {
    "incident_id": pl.String(),
    "date": pl.Date(),
    "victim_person": pl.String(),
}
"""One row for each victim of each incident between partners."""

LEAST: Final = 30
"""Fewest incidents, victims or notified persons of which a share is told."""

SOON_DAYS: Final = 30
"""Days after the notice in which a new report against the same victim may be retaliation."""

NEWCOMBE: Final = "newcombe"
RISEN: Final = "a rise beyond chance: look at these incidents"

_SHARES: Final = {
    "injured": "incidents between partners with an injured partner, of those of which it is recorded",
    "both_arrested": "incidents between partners with both arrested, of those with an arrest",
}


def spans(start: date, since: date, until: date) -> tuple[date, date, int]:
    """Give whole years before and after a start, as many on both sides, so that seasons are alike.

    Args:
        start: When the intervention began.
        since: First day of the data.
        until: Last day of the data.

    Returns:
        The first day before, the first day beyond the years after, and the years; none where a side has no whole year.
    """
    years = 0
    while _years_on(start, -(years + 1)) >= since and _years_on(start, years + 1) <= _after(until):
        years += 1
    return _years_on(start, -years), _years_on(start, years), years


def _years_on(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def around_start(
    incidents: pl.DataFrame, victims: pl.DataFrame, start: date, since: date, until: date
) -> pl.DataFrame:
    """Set the years before the start beside the years after it.

    Args:
        incidents: ``INCIDENT_SCHEMA``.
        victims: ``VICTIM_SCHEMA``.
        start: When the intervention began.
        since: First day of the data.
        until: Last day of the data.

    Returns:
        ``EVALUATION_SCHEMA``: shares before and after with Wilson's intervals, their difference with Newcombe's (1998,
        Statistics in Medicine 17:873, method 10), and incidents for each victim; or why they are not told.
    """
    first, beyond, years = spans(start, since, until)
    if not years:
        note = "a whole year of data is needed before the start and after it"
        return measured([{"part": "refused", "measure": "harm watch", "note": note}])
    window = f"{years} year{'s' if years > 1 else ''}"
    told: list[dict[str, object]] = []
    for measure, words in _SHARES.items():
        sides = [
            side.filter(pl.col(measure).is_not_null())[measure]
            for side in _sides(incidents, start, first, beyond)
        ]
        told.extend(_before_and_after(measure, words, window, sides))
    told.extend(_for_each_victim(victims, window, start, first, beyond))
    return measured(told)


def _sides(
    rows: pl.DataFrame, start: date, first: date, beyond: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    day = pl.col("date")
    return (
        rows.filter(day.is_between(first, start, closed="left")),
        rows.filter(day.is_between(start, beyond, closed="left")),
    )


def _before_and_after(
    measure: str, words: str, window: str, sides: list[pl.Series]
) -> Iterator[dict[str, object]]:
    if min(len(side) for side in sides) < LEAST:
        yield {
            "part": "refused", "measure": measure,
            "note": f"{len(sides[0])} before the start and {len(sides[1])} after it ({words}): at least {LEAST} are"
            " needed on each side",
        }  # fmt: skip
        return
    found = [_share(int(side.sum()), len(side)) for side in sides]
    for group, one in zip(("before", "after"), found, strict=True):
        yield {
            "part": "harm",
            "measure": measure,
            "group": group,
            "window": window,
            "note": words,
        } | one
    (before, low, high), (after, low_after, high_after) = (
        (one["value"], one["ci_lower"], one["ci_upper"]) for one in found
    )
    gap = after - before
    lower = gap - ((after - low_after) ** 2 + (high - before) ** 2) ** 0.5
    upper = gap + ((high_after - after) ** 2 + (before - low) ** 2) ** 0.5
    note = RISEN if lower > 0 else "a fall beyond chance" if upper < 0 else "within chance"
    yield {
        "part": "harm", "measure": measure, "group": "difference", "window": window, "value": gap,
        "ci_lower": lower, "ci_upper": upper, "ci_method": NEWCOMBE, "note": note,
    }  # fmt: skip


def _share(part: int, whole: int) -> dict[str, Any]:
    lower, upper = wilson(pl.lit(part), pl.lit(whole))
    ends = pl.select(lower.alias("lower"), upper.alias("upper")).row(0)
    return {
        "numerator": part, "denominator": whole, "value": part / whole, "ci_lower": ends[0],
        "ci_upper": ends[1], "ci_method": WILSON,
    }  # fmt: skip


def _for_each_victim(
    victims: pl.DataFrame, window: str, start: date, first: date, beyond: date
) -> Iterator[dict[str, object]]:
    for group, side in zip(("before", "after"), _sides(victims, start, first, beyond), strict=True):
        persons = side["victim_person"].n_unique()
        if persons < LEAST:
            yield {
                "part": "refused", "measure": "per_victim",
                "note": f"{persons} victims {group} the start whose records are linked: at least {LEAST} are needed",
            }  # fmt: skip
            return
        reports = side.select("incident_id", "victim_person").unique().height
        yield {
            "part": "harm", "measure": "per_victim", "group": group, "window": window,
            "numerator": reports, "denominator": persons, "value": reports / persons,
            "note": "incidents for each victim who was reported at all; fewer are fewer assaults, or fewer calls of"
            " those who were assaulted, and records cannot tell these apart",
        }  # fmt: skip


def soon_after(
    follow: pl.DataFrame, again: pl.DataFrame, with_victim: pl.DataFrame, until: date
) -> pl.DataFrame:
    """Set new reports against the same victim in the 30 days after the notice beside those in the next 30.

    Both follow the notice, so that a fall from the peak at which persons are listed does not hide a rise.

    Args:
        follow: ``FOLLOW_SCHEMA``.
        again: ``person_id`` and ``date`` of new reports against a victim from before the notice.
        with_victim: ``person_id`` of all of whom such a victim is known.
        until: Last day of the data.

    Returns:
        ``EVALUATION_SCHEMA``: shares of the persons who were here for all 60 days, or why they are not told.
    """
    ends = pl.col("index_on").dt.offset_by(f"{2 * SOON_DAYS}d")
    seen = follow.join(with_victim, on="person_id", how="semi").filter(
        ends <= until, pl.col("left_on").is_null() | (pl.col("left_on") > ends)
    )
    measure = "same_victim"
    if seen.height < LEAST:
        note = (
            f"{seen.height} notified persons whose victim is known were seen for {2 * SOON_DAYS} days: at least {LEAST}"
            " are needed"
        )
        return measured([{"part": "refused", "measure": measure, "note": note}])
    age = (pl.col("date") - pl.col("index_on")).dt.total_days()
    dated = seen.join(again.select("person_id", "date"), on="person_id").with_columns(age=age)
    rows: list[dict[str, object]] = []
    for first in (1, SOON_DAYS + 1):
        last = first + SOON_DAYS - 1
        met = dated.filter(pl.col("age").is_between(first, last))["person_id"].n_unique()
        rows.append(
            {
                "part": "harm", "measure": measure, "group": EVERYONE,
                "window": f"days {first} to {last}",
                "note": "notified persons reported anew against the same victim; more in the first 30 days than in the"
                " next may be retaliation, which no record names",
            }
            | _share(met, seen.height)
        )  # fmt: skip
    return measured(rows)


def alarms(rows: pl.DataFrame, fewer: bool) -> list[str]:
    """Say in plain words what should be looked at.

    Args:
        rows: ``EVALUATION_SCHEMA``.
        fewer: Whether reports fell beyond chance.

    Returns:
        One sentence for each; none where nothing stands out, which does not mean that nothing happened.
    """
    risen = rows.filter(pl.col("note") == RISEN)["measure"].to_list()
    told = []
    if "injured" in risen and fewer:
        told.append(
            "Fewer incidents were reported, and a greater share of them with an injured partner: victims may call less,"
            " rather than be hurt less. Ask the advocates before this is called an improvement."
        )
    elif "injured" in risen:
        told.append(
            "The share of incidents with an injured partner rose beyond chance after the start."
        )
    if "both_arrested" in risen:
        told.append(
            "The share of arrests in which both partners were arrested rose beyond chance after the start."
        )
    soon = rows.filter(pl.col("measure") == "same_victim", pl.col("part") == "harm")
    if soon.height == 2 and soon["ci_lower"][0] > soon["value"][1]:
        told.append(
            "More notified persons were reported against the same victim in the 30 days after the notice than in the"
            " next 30: look for retaliation, and at the contact with victims before and after."
        )
    return told
