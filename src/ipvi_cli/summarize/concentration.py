"""Figures of repeat and concentration: how far incidents between partners come back to the same persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

import polars as pl

from ipvi_cli.model.concentration import (
    BOOTSTRAP,
    by_chance,
    come_by,
    generalised_gini,
    gini,
    gini_interval,
    sizes,
    survival,
    top,
)
from ipvi_cli.summarize.course import Course
from ipvi_cli.summarize.figure import OWN, PROBLEM_ANALYSIS, Figure
from ipvi_cli.summarize.measured import QUARTERS
from ipvi_cli.summarize.quality import TIE
from ipvi_cli.summarize.things import OfThings, Several, Things, valued

TOP: Final = (1, 3, 5, 10, 20)
"""Percents of the offenders whose part of the whole is shown."""

_WITHIN: Final = (30, 90, 180, 365)
_LAST_STEP: Final = 5
_DAYS: Final = "incident.occurred_on|incident.reported_on"
_NEEDS: Final = (TIE, "offenders")


def _grouped(rows: pl.DataFrame, *keys: str) -> Things:
    unit = pl.concat_str(*keys, separator="+").alias("unit")
    each = rows.group_by(unit).agg(pl.len().cast(pl.Int64).alias("n")).sort("unit")
    frame = each.with_columns(
        things=pl.lit(1),
        repeat=(pl.col("n") >= 2).cast(pl.Int64),
    )
    return Things(frame, rows.select(unit, "incident_id"))


def victims(course: Course) -> Things:
    """Give each victim of a partner: whether in two incidents or more."""
    return _grouped(course.suffered, "person_id")


def offenders(course: Course) -> Things:
    """Give each offender against a partner: whether in two incidents or more."""
    return _grouped(course.reports, "person_id")


def couples(course: Course) -> Things:
    """Give each couple with an incident: whether with two or more."""
    return _grouped(course.couples, "offender", "victim")


def incidents(course: Course) -> Things:
    """Give each incident between partners: whether of a repeat offender, and whether no offender is linked."""
    assert course.scene.incidents is not None
    partner = (pl.col("incident_class") == "intimate_partner") & pl.col("in_denominator")
    every = course.scene.incidents.filter(partner).select("incident_id").collect()
    size = pl.len().over("person_id")
    of_offenders = course.reports.select("incident_id", (size >= 2).alias("repeat"))
    each = of_offenders.group_by("incident_id").agg(pl.col("repeat").any())
    frame = every.join(each, on="incident_id", how="left").select(
        pl.col("incident_id").alias("unit"),
        things=pl.lit(1),
        repeat=pl.col("repeat").fill_null(False).cast(pl.Int64),
        unlinked=pl.col("repeat").is_null().cast(pl.Int64),
    )
    return Things(frame.sort("unit"), frame.select("unit", incident_id="unit"))


def victims_each(course: Course) -> Things:
    """Give each offender by the number of partners who were victims."""
    pairs = course.couples
    number = pl.col("victim").n_unique()
    part = pl.when(number >= 3).then(pl.lit("3+")).otherwise(number.cast(pl.String))
    each = pairs.group_by(pl.col("offender").alias("unit")).agg(
        part.alias("part"), things=pl.lit(1)
    )
    return Things(each.sort("unit"), pairs.select("incident_id", unit="offender"))


def steps(course: Course) -> Things:
    """Give each offender at each number of incidents: whether there was a further one."""
    each = course.reports.with_columns(size=pl.len().over("person_id").cast(pl.Int64))
    first = each.filter(pl.col("nth") <= _LAST_STEP)
    frame = first.select(
        pl.concat_str("person_id", pl.lit("+"), "nth").alias("unit"),
        pl.format("from {} to {}", "nth", pl.col("nth") + 1).alias("part"),
        things=pl.lit(1),
        went_on=(pl.col("size") > pl.col("nth")).cast(pl.Int64),
    )
    rows = first.select(pl.concat_str("person_id", pl.lit("+"), "nth").alias("unit"), "incident_id")
    return Things(frame, rows)


def followers(course: Course) -> Things:
    """Give each later incident of an offender: whether its victim was one before; unknown where none is linked."""
    told = course.reports.with_columns(
        pl.concat_str("person_id", pl.lit("+"), "incident_id").alias("unit")
    )
    named = course.couples.select("victim", "incident_id", person_id="offender")
    both = told.join(named, on=["person_id", "incident_id"], how="left")
    first = pl.col("nth") == pl.col("nth").min().over("person_id", "victim")
    seen = both.with_columns(known=pl.col("victim").is_not_null(), same=~first)
    each = seen.filter(pl.col("nth") > 1).group_by("unit").agg(
        same=(pl.col("known") & pl.col("same")).any().cast(pl.Int64),
        unlinked=(~pl.col("known")).all().cast(pl.Int64),
        things=pl.lit(1),
    )  # fmt: skip
    return Things(each.sort("unit"), told.select("unit", "incident_id"))


def until(course: Course) -> date | None:
    """Give the last day on which an incident could have been seen: of the period, or else the last that was."""
    careers = course.scene.careers
    if careers is not None and careers.as_of is not None:
        return date.fromisoformat(careers.as_of)
    if course.scene.window is not None:
        return course.scene.window[1]
    last = course.events["date"].max()
    return last if isinstance(last, date) else None


def returns(course: Course) -> pl.DataFrame:
    """Give each day with an incident of an offender, and when the next was.

    Returns:
        ``person_id``, ``date``, ``first`` (whether it is the first), ``days`` to the next or to the last day on which
        one could have been seen, and ``again`` (whether there was a next one).
    """
    last = until(course)
    days = (
        course.reports.select("person_id", "date").drop_nulls().unique().sort("person_id", "date")
    )
    if last is not None:
        days = days.filter(pl.col("date") <= last)
    later = pl.col("date").shift(-1).over("person_id")
    end = pl.lit(last, pl.Date)
    return days.select(
        "person_id",
        "date",
        first=pl.col("date").is_first_distinct().over("person_id")
        & (pl.col("date") == pl.col("date").min().over("person_id")),
        again=later.is_not_null(),
        days=(later.fill_null(end) - pl.col("date")).dt.total_days(),
    )


def within(days: int) -> Callable[[Course], Things]:
    """Count those of whom the first incident is followed by another within so many days."""

    def things(course: Course) -> Things:
        rows = returns(course).filter("first")
        came = pl.col("again") & (pl.col("days") <= days)
        # Who came back within the time is known to have done so, however short the rest of it is.
        last = until(course)
        followed = (pl.lit(last, pl.Date) - pl.col("date")).dt.total_days() >= days
        frame = rows.filter(followed.fill_null(False)).select(
            pl.lit(f"{days:03} days").alias("part"),
            pl.col("person_id").alias("unit"),
            came=came.cast(pl.Int64),
            things=pl.lit(1),
        )
        return Things(frame, course.reports.select("incident_id", unit="person_id"))

    return things


def _top(course: Course) -> Iterator[tuple[Any, ...]]:
    """Give what the offenders with the most have together, beside what chance alone would give them."""
    counted = sizes(offenders(course).frame["n"])
    persons, whole = _sums(counted)
    chance = by_chance(persons, whole)
    for percent in TOP if persons else ():
        _, has = top(counted, percent)
        expected = top(chance, percent)[1] / whole
        note = f"by chance alone {expected:.1%}"
        yield "top", f"{percent:02} %", round(has), whole, None, note, has / whole
    yield from _top_of(course, "repeat victims", _repeat_victims(course))
    yield from _top_of(course, "harm", _harm(course))


def _top_of(course: Course, name: str, held: pl.Series) -> Iterator[tuple[Any, ...]]:
    """Give what the offenders with the most of something have together; those without any are offenders too."""
    persons = offenders(course).frame.height
    some = held.filter(held > 0)
    whole = float(some.sum())
    if not whole:
        return
    none = pl.repeat(0, persons - some.len(), dtype=some.dtype, eager=True)
    counted = sizes(pl.concat([some, none]))
    for percent in TOP:
        _, has = top(counted, percent)
        note = f"of the offenders who have the most {name}"
        counts = (round(has), round(whole))
        yield "measure/top", f"{name}/{percent:02} %", *counts, None, note, has / whole


def _repeat_victims(course: Course) -> pl.Series:
    again = victims(course).frame.filter(pl.col("repeat") == 1)["unit"]
    pairs = course.couples.filter(pl.col("victim").is_in(again.implode()))
    return pairs.group_by("offender").agg(pl.col("victim").n_unique().cast(pl.Int64))["victim"]


def _harm(course: Course) -> pl.Series:
    """Give the harm of each offender against a partner, by the site's weights, where there are any."""
    assert course.scene.careers is not None
    harm = course.scene.careers.offenders.select("person_id", "harm").drop_nulls().collect()
    linked = course.as_linked(harm, "person_id")
    mine = linked.join(offenders(course).frame, left_on="person_id", right_on="unit", how="semi")
    # Sums are cut off so that they do not depend on the order of adding.
    return mine.group_by("person_id").agg(pl.col("harm").sum().round(6))["harm"]


def _lorenz(course: Course) -> Iterator[tuple[Any, ...]]:
    """Give what the offenders with the least have together, for every twentieth of the offenders."""
    counted = sizes(offenders(course).frame["n"])
    persons, whole = _sums(counted)
    chance = by_chance(persons, whole)
    for percent in range(5, 100, 5) if persons else ():
        least = whole - _share(counted, 100 - percent)
        expected = 1 - _share(chance, 100 - percent) / whole
        note = f"by chance alone {expected:.1%}"
        yield "people", f"{percent:02} %", round(least), whole, None, note, least / whole


def _share(counted: pl.DataFrame, percent: float) -> float:
    """Give what a share of the persons, those with the most, have together; of a part of a person its part."""
    wanted = float(counted["persons"].sum()) * percent / 100
    most = counted.sort("size", descending=True)
    before = pl.col("persons").cum_sum() - pl.col("persons")
    taken = (pl.lit(wanted) - before).clip(0, pl.col("persons"))
    return float(most.select((taken * pl.col("size")).sum()).item() or 0)


def _gini(course: Course) -> Iterator[tuple[Any, ...]]:
    mine = offenders(course).frame
    counted = sizes(mine["n"])
    persons, whole = _sums(counted)
    if not persons:
        return
    counts = (persons, whole, None)
    drawn = gini_interval(counted)
    interval = (None, None, None) if drawn is None else (*drawn, BOOTSTRAP)
    yield "total", "total", *counts, None, gini(counted), *interval
    yield "measure", "offenders against partners", *counts, None, gini(counted), *interval
    yield "measure", "by chance alone", *counts, None, gini(by_chance(persons, whole))
    everyone = _on_record(course)
    rest = pl.repeat(0, everyone - persons, dtype=pl.Int64, eager=True)
    sparse = generalised_gini(sizes(pl.concat([mine["n"], rest])))
    note = "against the most equal that so few incidents allow"
    yield "measure", "all on record, generalised", everyone, whole, None, note, sparse


def _on_record(course: Course) -> int:
    """Count everyone with an event as an offender, arrestee or defendant."""
    doing = course.events.filter(pl.col("role").is_in(["offender", "arrestee", "defendant"]))
    return doing["person_id"].n_unique()


def _days(course: Course) -> Iterator[tuple[Any, ...]]:
    """Give quartiles of the days to the next incident: of those there were, and of first ones by Kaplan and Meier."""
    rows = returns(course)
    if not rows.height:
        return
    gaps = rows.filter("again")["days"]
    seen = (gaps.len(), rows.height, rows.height - gaps.len(), None)
    yield "total", "total", *seen, gaps.median()
    for name, share in QUARTERS.items():
        yield "quartile", name, *seen, gaps.quantile(share, "linear")
    first = rows.filter("first")
    curve = survival(first["days"], first["again"])
    came = int(first["again"].sum())
    for name, share in QUARTERS.items():
        day = come_by(curve, share)
        note = None if day is not None else "the data end before so many came back"
        counts = (came, first.height, first.height - came)
        yield "kaplan_meier", name, *counts, note, day


def _sums(counted: pl.DataFrame) -> tuple[int, int]:
    both = counted.select(pl.col("persons").sum(), whole=(pl.col("size") * pl.col("persons")).sum())
    persons, whole = both.row(0)
    return int(persons), int(whole)


_OF_LINKED: Final = "of linked persons, where the aggressor is not in doubt"

FIGURES: Final = (
    Figure(
        "D01", "Repeat victims", "victims",
        "victims of partners in 2 or more incidents / victims of partners", "share", _NEEDS, PROBLEM_ANALYSIS,
        ("total", "link"), OfThings(victims, "repeat", "things"), suppress=True, note=_OF_LINKED,
    ),
    Figure(
        "D02", "Repeat offenders", "offenders",
        "offenders against partners in 2 or more incidents / offenders against partners", "share", _NEEDS,
        PROBLEM_ANALYSIS, ("total", "link"), OfThings(offenders, "repeat", "things"), suppress=True, note=_OF_LINKED,
    ),
    Figure(
        "D03", "Incidents by repeat offenders", "incidents",
        "intimate partner incidents of offenders with 2 or more / (all - those of which no offender is linked)",
        "share", _NEEDS, PROBLEM_ANALYSIS, ("total", "link"), OfThings(incidents, "repeat", "things", "unlinked"),
        suppress=True, note=_OF_LINKED,
    ),
    Figure(
        "D04", "Repeat couples", "couples",
        "couples with 2 or more incidents / couples with an incident", "share", _NEEDS, OWN, ("total", "link"),
        OfThings(couples, "repeat", "things"), suppress=True, note=_OF_LINKED,
    ),
    Figure(
        "D05", "Victims of each offender", "offenders",
        "offenders with 1, 2, 3 or more partners as victims / offenders with a linked victim", "share", _NEEDS,
        PROBLEM_ANALYSIS, ("victims", "link/victims"), OfThings(victims_each, "things", "things", part="victims"),
        suppress=True, note=_OF_LINKED,
    ),
    Figure(
        "D06", "Share of the top offenders", "incidents and harm",
        "incidents of the top 1, 3, 5, 10 and 20 % of the offenders against partners / all of theirs; likewise repeat"
        " victims, and harm where weights are given",
        "share", _NEEDS, PROBLEM_ANALYSIS, ("top", "measure/top", "link/top", "link/measure/top"), valued(_top),
        suppress=True,
        note="an incident of two offenders counts for each; offenders are ranked anew for each measure; sensitive to"
        " the length of the period and to failed linking",
    ),
    Figure(
        "D07", "Lorenz curve", "incidents",
        "incidents of the 5, 10, … 95 % of the offenders who have the least / all of theirs", "share", _NEEDS, OWN,
        ("people", "link/people"), valued(_lorenz), suppress=True,
        note="all identified offenders against partners; between two offenders in proportion",
    ),
    Figure(
        "D08", "Gini coefficient", "offenders",
        "2 * sum(i * x) / (n * sum(x)) - (n + 1) / n, with the incidents x of the i-th offender ascending; of all on"
        " record against the most equal that so few incidents allow (Bernasco and Steenbeek 2017)",
        "index", _NEEDS, OWN, ("total", "measure", "link", "link/measure"), valued(_gini),
        note="numerator offenders, denominator their incidents; chance alone: all equally likely at any time; the"
        " interval is of persons drawn anew",
    ),
    Figure(
        "D09", "Days to the next incident", "days between incidents",
        "quartiles of the days from each day with an incident of an offender to the next one; by Kaplan and Meier, of"
        " the first one, also of those who had none until the data end",
        "median", (*_NEEDS, _DAYS), OWN,
        ("total", "quartile", "kaplan_meier", "link", "link/quartile", "link/kaplan_meier"), valued(_days),
        suppress=True,
        note="days that were seen are short because long ones outlast the data: believe Kaplan and Meier",
    ),
    Figure(
        "D10", "Back within 30, 90, 180 and 365 days", "offenders",
        "offenders with another incident within so many days of the first / offenders who are followed that long",
        "share", (*_NEEDS, _DAYS), OWN, ("within", "link/within"),
        Several(tuple(OfThings(within(days), "came", "things", part="within", within=True) for days in _WITHIN)),
        suppress=True, note=_OF_LINKED,
    ),
    Figure(
        "D11", "From one incident to the next", "offenders",
        "offenders with a further incident / offenders with so many", "share", _NEEDS, OWN, ("step", "link/step"),
        OfThings(steps, "went_on", "things", part="step", within=True), suppress=True,
        note=f"later steps have less time for it; {_OF_LINKED}",
    ),
    Figure(
        "D12", "Same couple again", "incidents",
        "later incidents of an offender with a partner who was a victim before / (all later ones - those of which no"
        " victim is linked)",
        "share", _NEEDS, OWN, ("total", "link"), OfThings(followers, "same", "things", "unlinked"), suppress=True,
        note=f"the rest is of a new victim; {_OF_LINKED}",
    ),
)  # fmt: skip
"""Figures D01 to D12."""
