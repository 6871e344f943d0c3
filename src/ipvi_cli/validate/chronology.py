"""Rules about dates and ages: their order, the declared period, and what a life allows."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from ipvi_cli.model.profile import Profile
from ipvi_cli.validate.rule import Bad, Rule, always, nibrs

OLDEST: Final = 110
"""Age in years above which a recorded age is taken for an error; NIBRS itself ends at 99, "over 98"."""

YOUNGEST_OFFENDER: Final = 10
"""Age in years below which an offender is doubted: the age of responsibility at common law is between 7 and 14."""

NIBRS_BEGAN: Final = date(1991, 1, 1)

_occurred = pl.col("occurred_on")
_reported = pl.col("reported_on")
_born = pl.col("birth_date")
_entry = pl.coalesce(_reported, _occurred)


def _outside(profile: Profile) -> pl.Expr | None:
    period = profile.jurisdiction.period
    return None if period is None else (_entry < period.start) | (_entry > period.end)


def _earlier(profile: Profile) -> pl.Expr | None:
    period = profile.jurisdiction.period
    if period is None:
        return None
    return (_occurred < period.start) & _reported.is_between(period.start, period.end)


def _after_extract(column: str) -> Bad:
    def bad(profile: Profile) -> pl.Expr | None:
        drawn = profile.jurisdiction.extract_date
        return None if drawn is None else pl.col(column) > drawn

    return bad


def _before_nibrs(profile: Profile) -> pl.Expr | None:
    period = profile.jurisdiction.period
    if period is not None and period.start < NIBRS_BEGAN:
        return None
    return _occurred < NIBRS_BEGAN


def _age_on(day: pl.Expr) -> pl.Expr:
    """Whole years from birth to a day."""
    before_birthday = (day.dt.month() * 100 + day.dt.day()) < (
        _born.dt.month() * 100 + _born.dt.day()
    )
    return day.dt.year() - _born.dt.year() - before_birthday.cast(pl.Int32)


def _person_rules(table: str, first: int) -> tuple[Rule, ...]:
    """Make the rules that hold for victims and offenders alike."""
    edit = {"victim": "410, data element 26", "offender": "510, data element 37"}[table]
    return (
        Rule(
            f"IPVI-{first}",
            f"{table}-age-impossible",
            "error",
            "range",
            f"The age of a {table} is below 0 or above {OLDEST}.",
            "Tables by age and the check of under-age ties go wrong.",
            "Correct the age, or leave it blank where it is not known.",
            nibrs(edit),
            table,
            "age_years",
            ("age_years",),
            bad=always(~pl.col("age_years").is_between(0, OLDEST)),
            message=f"age_years is below 0 or above {OLDEST}",
        ),
        Rule(
            f"IPVI-{first + 1}",
            f"{table}-born-after-incident",
            "error",
            "chronology",
            f"The birth date of a {table} lies after the incident.",
            "A wrong century or a report date in the wrong column spoils ages and linkage.",
            "Correct birth_date or occurred_on.",
            "A person is born before taking part in an incident.",
            table,
            "birth_date",
            ("birth_date",),
            f"{table}+incident",
            always(_born > _occurred),
            message="birth_date is after the incident's occurred_on",
        ),
        Rule(
            f"IPVI-{first + 2}",
            f"{table}-age-contradicts-birth-date",
            "warning",
            "chronology",
            f"The age of a {table} differs by more than one year from the one that the birth date gives.",
            "One of the two is wrong, or the age is the one of another day.",
            "Correct age_years or birth_date.",
            "Whole years from birth_date to occurred_on; one year is left for rounding.",
            table,
            "age_years",
            ("birth_date", "age_years"),
            f"{table}+incident",
            always((_age_on(_occurred) - pl.col("age_years")).abs() > 1),
            message="age_years and birth_date disagree by more than one year",
        ),
    )


RULES: Final = (
    Rule(
        "IPVI-401", "report-before-occurrence", "error", "chronology",
        "An incident was reported before it occurred.",
        "One of the dates is wrong, so the incident may count in the wrong month.",
        "Correct occurred_on or reported_on; often day and month are swapped.",
        nibrs("105, data element 3"), "incident", "reported_on", ("reported_on", "occurred_on"),
        bad=always(_reported < _occurred), message="reported_on is before occurred_on",
    ),
    Rule(
        "IPVI-402", "outside-period", "warning", "range",
        "An incident lies outside the declared period.",
        "It counts in months that the extract does not cover whole.",
        "Correct the date, the period in the profile, or the filter of the export.",
        nibrs("170"), "incident", "reported_on", ("occurred_on",),
        bad=_outside, message="the report, or the occurrence where no report is dated, is outside the period",
    ),
    Rule(
        "IPVI-403", "occurred-before-period", "info", "range",
        "An incident was reported within the declared period but occurred before it.",
        "The months before the period hold late reports only and must not be read as a trend.",
        "Nothing need be done if the export was drawn by report date.",
        nibrs("172"), "incident", "occurred_on", ("occurred_on", "reported_on"),
        bad=_earlier, message="occurred_on is before the period and reported_on within it",
    ),
    Rule(
        "IPVI-404", "occurred-after-extract", "error", "range",
        "An incident occurred after the extract was drawn.",
        "The date cannot be right.",
        "Correct occurred_on, or extract_date in the profile.",
        nibrs("105, data element 3"), "incident", "occurred_on", ("occurred_on",),
        bad=_after_extract("occurred_on"), message="occurred_on is after extract_date",
    ),
    Rule(
        "IPVI-405", "reported-after-extract", "error", "range",
        "An incident was reported after the extract was drawn.",
        "The date cannot be right.",
        "Correct reported_on, or extract_date in the profile.",
        nibrs("105, data element 3"), "incident", "reported_on", ("reported_on",),
        bad=_after_extract("reported_on"), message="reported_on is after extract_date",
    ),
    Rule(
        "IPVI-406", "occurred-before-1991", "error", "range",
        "An incident is dated before 1991 in a delivery whose period does not reach so far back.",
        "It is mostly a two-digit year or a default date.",
        "Correct occurred_on, or declare the period in the profile.",
        nibrs("172"), "incident", "occurred_on", ("occurred_on",),
        bad=_before_nibrs, message="occurred_on is before 1 January 1991",
    ),
    Rule(
        "IPVI-407", "clearance-date-before-incident", "error", "chronology",
        "An incident was cleared before it occurred.",
        "One of the dates is wrong.",
        "Correct cleared_on or occurred_on.",
        nibrs("155"), "incident", "cleared_on", ("cleared_on", "occurred_on"),
        bad=always(pl.col("cleared_on") < _occurred), message="cleared_on is before occurred_on",
    ),
    Rule(
        "IPVI-408", "exceptional-clearance-without-date", "warning", "chronology",
        "An exceptional clearance has no date.",
        "It cannot be said how long the case was open.",
        "Fill cleared_on.",
        nibrs("156"), "incident", "cleared_on", ("clearance", "cleared_on"),
        bad=always(pl.col("clearance").is_in(list("ABCDE")) & pl.col("cleared_on").is_null()),
        message="clearance is exceptional and cleared_on is blank",
    ),
    Rule(
        "IPVI-409", "clearance-date-without-clearance", "warning", "chronology",
        "A date of exceptional clearance is given although the case was not so cleared.",
        "The code or the date is wrong.",
        "Correct clearance or remove cleared_on.",
        nibrs("153"), "incident", "cleared_on", ("clearance", "cleared_on"),
        bad=always((pl.col("clearance") == "N") & pl.col("cleared_on").is_not_null()),
        message="cleared_on is filled and clearance says not applicable",
    ),
    *_person_rules("victim", 411),
    *_person_rules("offender", 414),
    Rule(
        "IPVI-417", "offender-under-10", "warning", "range",
        f"An offender is under {YOUNGEST_OFFENDER} years old.",
        "Often the victim's age stands in the offender's place, or an age was typed with one digit.",
        "Check the age and the role of the person.",
        nibrs("550"), "offender", "age_years", ("age_years",),
        bad=always(pl.col("age_years").is_between(0, YOUNGEST_OFFENDER - 1)),
        message=f"age_years of the offender is under {YOUNGEST_OFFENDER}",
    ),
    Rule(
        "IPVI-421", "arrest-before-incident", "error", "chronology",
        "An arrest was made before the incident.",
        "It belongs to another incident, or one of the dates is wrong.",
        "Correct arrested_on, occurred_on, or the incident number of the arrest.",
        nibrs("665"), "arrest", "arrested_on", ("arrested_on",), "arrest+incident",
        always(pl.col("arrested_on") < _occurred),
        message="arrested_on is before the incident's occurred_on",
    ),
    Rule(
        "IPVI-422", "arrest-by-exceptional-clearance", "warning", "chronology",
        "An arrest was made on or before the day on which its incident was cleared exceptionally.",
        "A case with an arrest is cleared by it and not by exception.",
        "Correct the clearance or the dates.",
        nibrs("071"), "arrest", "arrested_on", ("arrested_on",), "arrest+incident",
        always(
            pl.col("clearance").is_in(list("ABCDE"))
            & (pl.col("arrested_on") <= pl.col("cleared_on"))
        ),
        message="arrested_on is on or before cleared_on of an exceptionally cleared incident",
    ),
    Rule(
        "IPVI-423", "arrest-after-extract", "error", "range",
        "An arrest was made after the extract was drawn.",
        "The date cannot be right.",
        "Correct arrested_on, or extract_date in the profile.",
        nibrs("605"), "arrest", "arrested_on", ("arrested_on",),
        bad=_after_extract("arrested_on"), message="arrested_on is after extract_date",
    ),
    Rule(
        "IPVI-424", "disposed-before-charged", "error", "chronology",
        "A charge was disposed of before it was brought.",
        "One of the dates is wrong, and times to disposition go negative.",
        "Correct charged_on or disposed_on.",
        "A disposition follows its charge.",
        "charge", "disposed_on", ("charged_on", "disposed_on"),
        bad=always(pl.col("disposed_on") < pl.col("charged_on")),
        message="disposed_on is before charged_on",
    ),
    Rule(
        "IPVI-425", "charged-before-incident", "error", "chronology",
        "A charge was brought before the incident.",
        "It belongs to another incident, or one of the dates is wrong.",
        "Correct charged_on, occurred_on, or the incident number of the charge.",
        "A charge follows the act.",
        "charge", "charged_on", ("charged_on",), "charge+incident",
        always(pl.col("charged_on") < _occurred),
        message="charged_on is before the incident's occurred_on",
    ),
    Rule(
        "IPVI-426", "call-after-report", "warning", "chronology",
        "A call led to an incident that had been reported before the day of the call.",
        "The call is joined to the wrong incident, or one of the dates is wrong.",
        "Check the incident number of the call.",
        "A call that leads to a report precedes it.",
        "call", "received_on", ("received_on",), "call+incident",
        always(pl.col("received_on") > _reported),
        message="received_on is after the incident's reported_on",
    ),
)  # fmt: skip
"""Rules of dates and ages."""
