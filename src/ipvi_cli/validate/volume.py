"""Rules about numbers over time: months without incidents, sudden drops, an unfinished last month, late reports."""

from __future__ import annotations

import calendar
from statistics import median
from typing import Final

import polars as pl

from ipvi_cli.validate.completeness import NAMED, SMALL
from ipvi_cli.validate.cube import LATE_DAYS, by_agency_month, cube, month_name
from ipvi_cli.validate.rule import Rule, nothing, said
from ipvi_cli.validate.scope import Scope

USUAL: Final = 5
"""Usual incidents a month from which a month without any is reported; by chance it would be one month in 150."""

ENOUGH: Final = 20
"""Usual incidents a month from which a drop is judged."""

DROP: Final = 0.5
UNFINISHED: Final = 0.6
"""Share of the usual number below which a month, or the last month, is reported."""

AROUND: Final = 6
"""Months before and after that say what is usual."""

LATE_SHARE: Final = 0.20
SAME_DAY: Final = 100
"""Incidents with both dates that it takes to doubt that none was reported on a later day."""


def _months(scope: Scope) -> dict[str, dict[int, int]]:
    """Incidents by month of each agency, every month of the window written out."""
    counts = scope.once(by_agency_month)
    if not counts.height:
        return {}
    period = scope.profile.jurisdiction.period
    observed = counts["month"]
    if period is not None:
        first, last = (
            day.year * 12 + day.month - 1 for day in (period.start, period.end)
        )  # fmt: skip
    else:
        first, last = int(observed.min()), int(observed.max())  # type: ignore[arg-type]
    series: dict[str, dict[int, int]] = {}
    for agency, month, incidents in counts.select("agency", "month", "incidents").iter_rows():
        months = series.setdefault(str(agency), dict.fromkeys(range(first, last + 1), 0))
        if month in months:
            months[month] = incidents
    return {agency: months for agency, months in series.items() if any(months.values())}


def _listed(months: list[int]) -> str:
    more = f" and {len(months) - NAMED} more" if len(months) > NAMED else ""
    return ", ".join(map(month_name, months[:NAMED])) + more


def _empty_months(scope: Scope) -> pl.DataFrame:
    found = [nothing()]
    for agency, months in _months(scope).items():
        empty = [month for month, count in months.items() if not count]
        if empty and median(filter(None, months.values())) >= USUAL:
            message = (
                f"no incident occurred in {len(empty)} of {len(months)} months: {_listed(empty)}"
            )
            found.append(
                said("IPVI-801", message, table="incident", column="occurred_on", agency=agency)
            )
    return pl.concat(found)  # fmt: skip


def _drops(scope: Scope) -> pl.DataFrame:
    found = [nothing()]
    for agency, months in _months(scope).items():
        inner = list(months)[1:-1]
        low = []
        for month in inner:
            near = [
                months[other] for other in inner
                if other != month and abs(other - month) <= AROUND and months[other]
            ]  # fmt: skip
            usual = median(near) if len(near) >= 3 else 0
            if usual >= ENOUGH and 0 < months[month] < usual * DROP:
                low.append(month)
        if low:
            message = f"the incidents of {_listed(low)} are fewer than half of the months around"
            found.append(
                said("IPVI-802", message, table="incident", column="occurred_on", agency=agency)
            )
    return pl.concat(found)  # fmt: skip


def _unfinished_month(scope: Scope) -> pl.DataFrame:
    found = [nothing()]
    period = scope.profile.jurisdiction.period
    place = {"table": "incident", "column": "occurred_on"}
    if (
        period is not None
        and period.end.day < calendar.monthrange(period.end.year, period.end.month)[1]
    ):
        message = f"the period ends within {period.end:%Y-%m}, which is not to be set against whole months"
        return said("IPVI-803", message, **place)
    for agency, months in _months(scope).items():
        filled = [month for month, count in months.items() if count]
        last = filled[-1]
        before = [months[month] for month in filled[-AROUND - 1 : -1]]
        usual = median(before) if len(before) >= 3 else 0
        if usual >= ENOUGH and months[last] < usual * UNFINISHED:
            message = f"{month_name(last)}, the last month, has {months[last]:,} incidents where {usual:,.0f} are usual"
            found.append(said("IPVI-803", message, **place, agency=agency))
    return pl.concat(found)  # fmt: skip


def _late_reports(scope: Scope) -> pl.DataFrame:
    found = [nothing()]
    lags = scope.once(cube).group_by("agency").agg(pl.col("lags", "late").sum()).sort("agency")
    for agency, count, late in lags.iter_rows():
        if count >= SMALL and late >= count * LATE_SHARE:
            message = f"{late:,} of {count:,} incidents were reported more than {LATE_DAYS} days after they occurred"
            found.append(
                said("IPVI-821", message, table="incident", column="reported_on", agency=agency)
            )
    return pl.concat(found)  # fmt: skip


def _always_same_day(scope: Scope) -> pl.DataFrame:
    lags = scope.once(cube).select(pl.col("lags", "same_day").sum())
    count, same = lags.row(0)
    if count < SAME_DAY or same < count:
        return nothing()
    message = f"reported_on equals occurred_on in all {count:,} incidents that have both"
    return said("IPVI-822", message, table="incident", column="occurred_on")


_DATED: Final = ("occurred_on",)
_BOTH: Final = ("occurred_on", "reported_on")

RULES: Final = (
    Rule(
        "IPVI-801", "month-without-incidents", "warning", "volume",
        "A month of the period has no incident in an agency that otherwise has them every month.",
        "Rows are missing, and the month reads as one without violence.",
        "Ask for the month, or for the date on which the system changed.",
        table="incident", column="occurred_on", needs=_DATED, check=_empty_months,
    ),
    Rule(
        "IPVI-802", "sudden-drop", "warning", "volume",
        "A month has fewer than half the incidents of the months around it.",
        "Mostly a part of the rows is missing.",
        "Ask whether the month is whole.",
        table="incident", column="occurred_on", needs=_DATED, check=_drops,
    ),
    Rule(
        "IPVI-803", "last-month-unfinished", "info", "volume",
        "The last month is not whole.",
        "Set against whole months it shows a fall that is none.",
        "Leave the month out of comparisons, or ask for the rest.",
        table="incident", column="occurred_on", needs=_DATED, check=_unfinished_month,
    ),
    Rule(
        "IPVI-821", "reports-come-late", "warning", "lag",
        f"Many incidents are reported more than {LATE_DAYS} days after they occurred.",
        "The last months of the extract are not complete yet.",
        "Leave the last months out of comparisons; check that the two dates are what they seem.",
        table="incident", column="reported_on", needs=_BOTH, check=_late_reports,
    ),
    Rule(
        "IPVI-822", "occurrence-always-on-report-day", "info", "lag",
        "Every incident is reported on the day on which it occurred.",
        "One of the dates is probably a copy of the other.",
        "Ask which of the two dates the column holds.",
        table="incident", column="occurred_on", needs=_BOTH, check=_always_same_day,
    ),
)  # fmt: skip
"""Rules of volume and lag."""
