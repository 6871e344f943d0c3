"""Figures of what is on record of offenders from before their last incident with a partner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.summarize.course import Course
from ipvi_cli.summarize.figure import OWN, PROBLEM_ANALYSIS, Figure
from ipvi_cli.summarize.quality import TIE
from ipvi_cli.summarize.things import OfThings, Things, valued

_NEEDS: Final = (TIE, "offenders", "incident.occurred_on|incident.reported_on")
_ARRESTS: Final = (*_NEEDS, "arrest.arrested_on|history.happened_on")
_ADULT: Final = 18
_YEAR: Final = 365.2425
_GROUPS: Final = {
    "violent": ("other_violent", "ipv", "other_domestic"),
    "weapon": ("weapon",),
    "property": ("property",),
    "drug": ("drug",),
    "public order": ("public_order",),
    "order violation": ("order_violation",),
}
"""Kinds of priors and the groups of offences that are of them; domestic ones are violent here."""


def _people(course: Course, told: pl.DataFrame) -> Things:
    """Give every offender with a dated incident, with what is told of some of them."""
    joined = course.index.join(told, on="person_id", how="left")
    frame = joined.rename({"person_id": "unit"}).with_columns(things=pl.lit(1))
    return Things(frame.drop("index", "incident_id").sort("unit"), _rows(course))


def _rows(course: Course) -> pl.DataFrame:
    return course.index.select("incident_id", unit="person_id")


def priors(course: Course) -> Things:
    """Give each offender: whether arrested before, for what was not of a partner, and whether that is not clear."""
    other = ~pl.col("ipv") & ~pl.col("open")
    told = course.priors.group_by("person_id").agg(
        n=pl.len().cast(pl.Int64), other=other.any(), open=pl.col("open").any(), own=pl.col("ipv").all()
    )  # fmt: skip
    found = _people(course, told)
    number = pl.col("n").fill_null(0)
    part = pl.lit("0")
    for name, least in (("1", 1), ("2 to 4", 2), ("5 to 9", 5), ("10 or more", 10)):
        part = pl.when(number >= least).then(pl.lit(name)).otherwise(part)
    some = pl.col("other").fill_null(False)
    unsure = pl.col("open").fill_null(False)
    own = pl.col("own").fill_null(False)
    frame = found.frame.with_columns(
        part=part,
        any=(number > 0).cast(pl.Int64),
        other=some.cast(pl.Int64),
        other_open=(unsure & ~some).cast(pl.Int64),
        own=own.cast(pl.Int64),
        own_open=(unsure & ~some & ~own).cast(pl.Int64),
    )
    return Things(frame, found.rows)


def kinds(course: Course) -> Things:
    """Give each offender with the kinds of offences that earlier arrests were for."""
    groups = course.priors.select("person_id", group="groups").explode("group").drop_nulls()
    named = [
        groups.filter(pl.col("group").is_in(of)).select("person_id", pl.lit(name).alias("part"))
        for name, of in _GROUPS.items()
    ]
    told = pl.concat(named).unique().sort("person_id", "part")
    return _people(course, told.group_by("person_id").agg(pl.col("part").sort()))


def supervised(course: Course) -> Things:
    """Give each offender: whether under supervision on the day of the last incident with a partner."""
    return _of_last(course, "on_supervision")


def _of_last(course: Course, name: str) -> Things:
    reports = course.events.filter(pl.col("kind") == "incident", pl.col("role") == "offender")
    told = course.index.join(
        reports.select("person_id", "incident_id", name),
        on=["person_id", "incident_id"],
        how="left",
    )
    found = _people(course, told.select("person_id", name))
    frame = found.frame.with_columns(
        yes=pl.col(name).fill_null(False).cast(pl.Int64),
        blank=pl.col(name).is_null().cast(pl.Int64),
    )
    return Things(frame, found.rows)


def respondents(course: Course) -> Things:
    """Give each offender: whether an order was issued against the person before the last incident with a partner."""
    orders = course.events.filter(pl.col("kind") == "order").select("person_id", on="date")
    return _earlier(course, orders)


def felons(course: Course) -> Things:
    """Give each offender: whether convicted of a felony before the last incident with a partner."""
    convicted = {
        "history": ("happened_on", pl.col("event_kind") == "conviction"),
        "charge": ("disposed_on", pl.col("disposition") == "convicted"),
    }
    frames = []
    for table, (day, which) in convicted.items():
        if table in course.scene.tables:
            felony = pl.col("grade") == "felony"
            shown = pl.col("sealed").fill_null(False).not_()
            counted = pl.col("row_fate").is_in(COUNTED_FATES)
            rows = course.scene.tables[table].filter(counted, which, felony, shown)
            dated = rows.select("record_id", pl.col(day).alias("on")).collect(engine="streaming")
            frames.append(dated.join(course.whose(table), on="record_id").select("person_id", "on"))
    empty = pl.DataFrame(schema={"person_id": pl.String, "on": pl.Date})
    return _earlier(course, pl.concat([empty, *frames]))


def _earlier(course: Course, events: pl.DataFrame) -> Things:
    both = events.drop_nulls().join(course.index.select("person_id", "index"), on="person_id")
    before = both.filter(pl.col("on") < pl.col("index")).select("person_id").unique()
    found = _people(course, before.with_columns(yes=pl.lit(1)))
    return Things(found.frame.with_columns(pl.col("yes").fill_null(0)), found.rows)


def _variety(course: Course) -> Iterator[tuple[Any, ...]]:
    """Give mean and median of the groups of offences that earlier arrests of an offender were for."""
    groups = course.priors.select("person_id", group="groups").explode("group").drop_nulls()
    each = groups.group_by("person_id").agg(pl.col("group").n_unique())["group"]
    if each.len():
        counts = (each.len(), course.index.height, None, None)
        yield "measure", "mean", *counts, _cut(each.mean())
        yield "measure", "median", *counts, _cut(each.median())


def _diversity(course: Course) -> Iterator[tuple[Any, ...]]:
    """Give the mean of 1 - sum of squared shares of the groups over earlier arrests, of those with two or more."""
    several = course.priors.filter(pl.len().over("person_id") >= 2)
    groups = several.select("person_id", group="groups").explode("group").drop_nulls()
    each = groups.group_by("person_id", "group").len()
    share = pl.col("len") / pl.col("len").sum()
    found = each.group_by("person_id").agg((1 - (share**2).sum()).alias("index"))["index"]
    if found.len():
        # Sums are cut off so that they do not depend on the order of adding.
        mean = _cut(found.sort().mean())
        yield "total", "total", found.len(), course.index.height, None, None, mean


def _rate(course: Course) -> Iterator[tuple[Any, ...]]:
    """Give arrests for each year in which an offender was an adult and the data go."""
    window = course.scene.window
    if window is None:
        return
    birth = _births(course)
    adult = pl.col("birth").dt.offset_by(f"{_ADULT}y")
    since = pl.max_horizontal(adult, pl.lit(window[0]))
    years = ((pl.lit(window[1]) - since).dt.total_days() + 1) / _YEAR
    at_risk = birth.with_columns(since.alias("since"), years.alias("years")).filter(
        pl.col("years") > 0
    )
    arrests = course.events.filter(pl.col("kind") == "arrest").join(at_risk, on="person_id")
    inside = arrests.filter(pl.col("date").is_between(pl.col("since"), pl.lit(window[1]))).height
    time = round(float(at_risk["years"].sort().sum()), 6)
    if time:
        note = f"of {at_risk.height:,} offenders" if at_risk.height > _FEW else None
        yield "total", "total", inside, round(time), None, note, _cut(inside / time)


_FEW: Final = 10


def _births(course: Course) -> pl.DataFrame:
    """Give when offenders were born, by date or else by their age in the last incident."""
    offender = course.scene.tables["offender"]
    rows = offender.select("record_id", "incident_id", "birth_date", "age_years").collect(
        engine="streaming"
    )
    named = rows.join(course.whose("offender"), on="record_id")
    reports = course.reports.select("person_id", "incident_id", "date").drop_nulls()
    dated = named.join(reports, on=["person_id", "incident_id"])
    by_age = pl.col("date").dt.offset_by(pl.format("-{}y", "age_years"))
    born = dated.with_columns(birth=pl.coalesce("birth_date", by_age)).drop_nulls("birth")
    order = born.sort("person_id", "date", "incident_id", "record_id")
    return order.group_by("person_id", maintain_order=True).agg(pl.col("birth").last())


def _cut(value: Any) -> float | None:
    return None if value is None else round(float(value), 9)


_INDEX: Final = (
    "before the last incident with a partner; what the data do not reach back to is not seen"
)

FIGURES: Final = (
    Figure(
        "E01", "Any prior arrest", "offenders", "offenders with an arrest before / offenders against partners", "share",
        _ARRESTS, PROBLEM_ANALYSIS, ("total", "link"), OfThings(priors, "any", "things"), suppress=True, note=_INDEX,
    ),
    Figure(
        "E02", "Prior arrest that was not of a partner", "offenders",
        "offenders with such an arrest before / (offenders against partners - those of whom it is not clear)", "share",
        _ARRESTS, PROBLEM_ANALYSIS, ("total", "link"), OfThings(priors, "other", "things", "other_open"), suppress=True,
        note=_INDEX,
    ),
    Figure(
        "E03", "Number of prior arrests", "offenders",
        "offenders with 0, 1, 2 to 4, 5 to 9, 10 or more arrests before / offenders against partners",
        "share", _ARRESTS, PROBLEM_ANALYSIS, ("priors", "link/priors"),
        OfThings(priors, "things", "things", part="priors"), suppress=True, note=_INDEX,
    ),
    Figure(
        "E04", "Kinds of prior arrests", "offenders",
        "offenders with an arrest before for a violent, weapon, property, drug, public order offence, or the violation"
        " of an order / offenders against partners",
        "share", _ARRESTS, PROBLEM_ANALYSIS, ("kind", "link/kind"), OfThings(kinds, "things", "things", part="kind"),
        suppress=True, note=f"violent includes domestic; {_INDEX}",
    ),
    Figure(
        "E05", "Versatility", "offenders", "groups of offences that arrests before were for: mean and median", "index",
        _ARRESTS, PROBLEM_ANALYSIS, ("measure", "link/measure"), valued(_variety),
        note=f"of offenders with a prior arrest (numerator) of all (denominator); {_INDEX}",
    ),
    Figure(
        "E06", "Diversity of priors", "offenders",
        "mean of 1 - sum of the squared shares of the groups of offences over arrests before", "index", _ARRESTS, OWN,
        ("total", "link"), valued(_diversity),
        note=f"of offenders with two or more prior arrests (numerator) of all (denominator); {_INDEX}",
    ),
    Figure(
        "E07", "Partner violence alone", "offenders",
        "offenders whose every arrest before was of a partner / (offenders with one - those of whom it is not clear)",
        "share", _ARRESTS, OWN, ("total", "link"), OfThings(priors, "own", "any", "own_open"), suppress=True,
        note=_INDEX,
    ),
    Figure(
        "E08", "Arrests in a year at risk", "arrests",
        "arrests / years since the offender was 18, or since the declared period began", "index",
        (*_ARRESTS, "jurisdiction.period", "offender.birth_date|offender.age_years"), OWN, ("total", "link"),
        valued(_rate), note="numerator arrests, denominator years; time in prison is not taken off",
    ),
    Figure(
        "E09", "Under supervision at the time", "offenders",
        "offenders under supervision on the day of their last incident with a partner / (all - those of whom it is not"
        " known)",
        "share", (*_NEEDS, "supervision.started_on"), PROBLEM_ANALYSIS, ("total", "link"),
        OfThings(supervised, "yes", "things", "blank"), suppress=True,
    ),
    Figure(
        "E10", "Prior protective order", "offenders",
        "offenders with an order against them before / offenders against partners", "share",
        (*_NEEDS, "order.issued_on"), OWN, ("total", "link"), OfThings(respondents, "yes", "things"), suppress=True,
        note=_INDEX,
    ),
    Figure(
        "E11", "Prior felony conviction", "offenders",
        "offenders convicted of a felony before / offenders against partners", "share",
        (*_NEEDS, "charge.grade|history.grade"), PROBLEM_ANALYSIS, ("total", "link"),
        OfThings(felons, "yes", "things"), suppress=True, note=_INDEX,
    ),
)  # fmt: skip
"""Figures E01 to E11."""
