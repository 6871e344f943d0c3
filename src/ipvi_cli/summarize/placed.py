"""Figures of candidate levels, and of who is at them by race, sex and age beside arrests and incidents."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

import polars as pl

from ipvi_cli.model.offending import LEVELS
from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.summarize.cells import AGE_BANDS, UNKNOWN
from ipvi_cli.summarize.concentration import until
from ipvi_cli.summarize.course import COUNTED, PARTNER, Course
from ipvi_cli.summarize.figure import OWN, PROBLEM_ANALYSIS, Figure
from ipvi_cli.summarize.quality import TIE
from ipvi_cli.summarize.things import OfThings, Several, Things, valued

_NEEDS: Final = (TIE, "offenders")
_PLACED: Final = LEVELS[:-1]
_ACTIVE: Final = (12, 24)
_WHY: Final = {
    "age_unknown": "age not known",
    "dual_arrest": "arrested like the other",
    "cross_complaint": "complained of by each other",
    "not_aggressor": "not the primary aggressor",
    "tie_undetermined": "tie undetermined",
    "tie_linked_only": "tie from another incident alone",
}
"""Why a person of whom something is on record is not placed; the first that holds."""

_WHO: Final = ("race", "sex", "age")

_NOTHING: Final = "nothing of a partner on record"


def _placed(course: Course) -> pl.DataFrame:
    assert course.scene.careers is not None
    columns = ("person_id", "level", "level_is_floor", "reasons")
    offenders = course.scene.careers.offenders.select(columns).collect()
    return offenders.sort("person_id").rename({"person_id": "unit"}).with_columns(
        part="level",
        things=pl.lit(1),
        placed=(pl.col("level") != "none").cast(pl.Int64),
        floor=(pl.col("level_is_floor") & (pl.col("level") != "none")).cast(pl.Int64),
    )  # fmt: skip


def _rows(course: Course) -> pl.DataFrame:
    rows = course.events.select("incident_id", unit="person_id")
    return rows.drop_nulls().unique().sort("unit", "incident_id")


def persons(course: Course) -> Things:
    """Give each person on record, by level."""
    return Things(_placed(course), _rows(course))


def reasons(level: str) -> Callable[[Course], Things]:
    """Give each person at a level with the reasons for it."""

    def things(course: Course) -> Things:
        mine = _placed(course).filter(pl.col("level") == level)
        part = pl.col("reasons").list.eval(pl.format("{}/{}", pl.lit(level), pl.element()))
        return Things(mine.with_columns(part=part), _rows(course))

    return things


def floors(course: Course) -> Things:
    """Give each person who is placed, by level: whether at least there."""
    return Things(_placed(course).filter(pl.col("placed") == 1), _rows(course))


def incidents(course: Course) -> Things:
    """Give each incident between partners, by the gravest level of its offenders; unknown where none is linked."""
    assert course.scene.incidents is not None
    partner = (pl.col("incident_class") == "intimate_partner") & pl.col("in_denominator")
    every = course.scene.incidents.filter(partner).select("incident_id").collect()
    level = _placed(course).select("level", person_id="unit")
    rank = pl.col("level").replace_strict(
        {name: place for place, name in enumerate(LEVELS)}, return_dtype=pl.Int64
    )
    of = course.reports.join(level, on="person_id").group_by("incident_id")
    gravest = of.agg(pl.col("level").sort_by(rank).first())
    frame = every.join(gravest, on="incident_id", how="left").select(
        pl.col("incident_id").alias("unit"),
        pl.col("level").alias("part"),
        things=pl.lit(1),
        unlinked=pl.col("level").is_null().cast(pl.Int64),
    )
    return Things(frame.sort("unit"), frame.select("unit", incident_id="unit"))


def active(months: int) -> Callable[[Course], Things]:
    """Count those with an incident with a partner within so many months before the last day."""

    def things(course: Course) -> Things:
        last = until(course)
        since = pl.lit(last, pl.Date).dt.offset_by(f"-{months}mo")
        recent = course.index.filter(pl.col("index") > since).select(
            unit="person_id", recent=pl.lit(1)
        )
        placed = _placed(course).filter(pl.col("placed") == 1)
        frame = placed.join(recent, on="unit", how="left").with_columns(
            pl.col("recent").fill_null(0),
            part=pl.format("{}/{}", "level", pl.lit(f"{months} months")),
        )
        return Things(frame.sort("unit"), _rows(course))

    return things


def not_placed(course: Course) -> Things:
    """Give each person who is not placed, by the first reason for it."""
    none = _placed(course).filter(pl.col("placed") == 0)
    part = pl.lit(_NOTHING)
    for code, words in reversed(_WHY.items()):
        part = pl.when(pl.col("reasons").list.contains(code)).then(pl.lit(words)).otherwise(part)
    return Things(none.with_columns(part=part), _rows(course))


def _who(course: Course) -> pl.DataFrame:
    """Give ``person_id``, ``race``, ``sex`` and ``age`` band of each; unknown where records say several things."""
    offender = course.scene.tables["offender"]
    rows = offender.filter(pl.col("row_fate").is_in(COUNTED_FATES)).select(
        "record_id", "incident_id", "race", "sex", "age_years"
    )
    named = rows.collect(engine="streaming").join(course.whose("offender"), on="record_id")
    days = course.events.filter(pl.col("kind") == "incident").select(
        "person_id", "incident_id", "date"
    )
    dated = named.join(days.unique(), on=["person_id", "incident_id"], how="left")
    stated = [
        pl.when(_stated(name).n_unique() == 1)
        .then(_stated(name).first())
        .fill_null(UNKNOWN)
        .alias(name)
        for name in ("race", "sex")
    ]
    order = dated.sort("person_id", "date", "incident_id", "record_id", nulls_last=False)
    each = order.group_by("person_id", maintain_order=True).agg(
        *stated, pl.col("age_years").drop_nulls().last()
    )
    age = pl.lit(UNKNOWN)
    for name, youngest in AGE_BANDS:
        age = pl.when(pl.col("age_years") >= youngest).then(pl.lit(name)).otherwise(age)
    return each.with_columns(age=age)


def _stated(name: str) -> pl.Expr:
    """Give the values that say something: U is unknown."""
    return pl.col(name).filter(pl.col(name).is_not_null() & (pl.col(name) != "U"))


def composition(name: str, level: str) -> Callable[[Course], Things]:
    """Give each person at a level by race, sex or age."""

    def things(course: Course) -> Things:
        who = _who(course).rename({"person_id": "unit"})
        mine = _placed(course).filter(pl.col("level") == level)
        part = pl.format("{}/{}", "level", pl.col(name).fill_null(UNKNOWN))
        joined = mine.join(who, on="unit", how="left").with_columns(part=part)
        return Things(joined.sort("unit"), _rows(course))

    return things


def _ratios(course: Course) -> Iterator[tuple[Any, ...]]:
    """Set the share of each group among those placed at A and B against its share of partner arrests and incidents."""
    who = _who(course)
    grave = _placed(course).filter(pl.col("level").is_in(["A", "B"])).select(person_id="unit")
    counted = course.events.filter(PARTNER, COUNTED)
    against = {
        "arrests": counted.filter(pl.col("kind") == "arrest"),
        "incidents": course.reports,
    }
    for name in _WHO:
        mine = _numbers(grave, who, name)
        for what, rows in against.items():
            others = _numbers(rows.select("person_id"), who, name)
            for group in sorted(set(mine) & set(others) - {UNKNOWN}):
                yield f"against/{name}", f"{what}/{group}", *_ratio(mine, others, group)


def _numbers(rows: pl.DataFrame, who: pl.DataFrame, name: str) -> dict[str, int]:
    told = rows.join(who, on="person_id", how="left").select(pl.col(name).fill_null(UNKNOWN))
    return dict(told[name].value_counts().rows())


def _ratio(mine: dict[str, int], others: dict[str, int], group: str) -> tuple[Any, ...]:
    """Give the ratio of two shares with its 95 % interval by logarithms (Katz and others 1978, Biometrics 34:469)."""
    whole, of = (
        sum(n for name, n in counts.items() if name != UNKNOWN) for counts in (mine, others)
    )
    part, other = mine[group], others[group]
    ratio = (part / whole) / (other / of)
    spread = math.exp(1.959963984540054 * math.sqrt(1 / part - 1 / whole + 1 / other - 1 / of))
    interval = (round(ratio / spread, 9), round(ratio * spread, 9), "log_ratio")
    doubt = mine.get(UNKNOWN, 0)
    return part, whole + doubt, doubt, None, round(ratio, 9), *interval


_CANDIDATES: Final = (
    "candidates for a team to review, never a verdict; levels of the strict threshold"
)
_SHOWN_NEVER_USED: Final = "as recorded of the offender; never an input to a level"

FIGURES: Final = (
    Figure(
        "H01", "Sizes of levels", "persons",
        "persons at each level / persons on record as offender, arrestee or defendant", "share", _NEEDS,
        PROBLEM_ANALYSIS, ("total", "level"),
        Several((
            OfThings(persons, "placed", "things", links=False),
            OfThings(persons, "things", "things", part="level", links=False),
        )),
        suppress=True, note=_CANDIDATES,
    ),
    Figure(
        "H02", "Reasons for levels", "persons", "persons at the level with the reason / persons at the level",
        "share", _NEEDS, OWN, ("level/reason",),
        Several(tuple(
            OfThings(reasons(level), "things", "things", part="level/reason", links=False) for level in _PLACED
        )),
        suppress=True, note="`ipvi explain reason:CODE` says what each means",
    ),
    Figure(
        "H03", "Levels that are floors", "persons", "persons who are at least at the level / persons who are placed",
        "share", _NEEDS, OWN, ("total", "level"),
        Several((
            OfThings(floors, "floor", "things", links=False),
            OfThings(floors, "floor", "things", part="level", within=True, links=False),
        )),
        suppress=True,
    ),
    Figure(
        "H04", "Incidents by level", "incidents",
        "intimate partner incidents of persons at the level / (all - those of which no offender is linked)", "share",
        _NEEDS, PROBLEM_ANALYSIS, ("level",),
        OfThings(incidents, "things", "things", "unlinked", part="level", links=False), suppress=True,
        note="an incident of two offenders counts at the graver level",
    ),
    Figure(
        "H05", "Active in the last 12 and 24 months", "persons",
        "persons at the level with an incident with a partner in that time / persons at the level", "share",
        (*_NEEDS, "incident.occurred_on|incident.reported_on"), OWN, ("level/active",),
        Several(tuple(
            OfThings(active(months), "recent", "things", part="level/active", within=True, links=False)
            for months in _ACTIVE
        )),
        suppress=True, note="before the last day of the data",
    ),
    Figure(
        "H06", "Not placed, and why", "persons", "persons who are not placed, by the first reason / all who are not",
        "share", _NEEDS, OWN, ("why",), OfThings(not_placed, "things", "things", part="why", links=False),
        suppress=True, note="sealed records and those under 18 are of no person here",
    ),
    Figure(
        "J01", "Who is at each level", "persons",
        "persons at the level by race, sex and age / persons at the level", "share",
        (*_NEEDS, "offender.race|offender.sex|offender.age_years"), OWN, tuple(f"level/{name}" for name in _WHO),
        Several(tuple(
            OfThings(composition(name, level), "things", "things", part=f"level/{name}", links=False)
            for name in _WHO
            for level in _PLACED
        )),
        suppress=True, note=_SHOWN_NEVER_USED,
    ),
    Figure(
        "J02", "Levels beside arrests and incidents", "persons",
        "share of the group among persons at A and B / its share of partner arrests, and of partner incidents", "index",
        (*_NEEDS, "offender.race|offender.sex|offender.age_years"), OWN,
        tuple(f"against/{name}" for name in _WHO), valued(_ratios, links=False),
        suppress=True,
        note="1 where the group is as common at A and B as there; persons at A and B are among those compared, so the"
        f" interval is a guide; {_SHOWN_NEVER_USED}",
    ),
)  # fmt: skip
"""Figures H01 to H06, J01 and J02."""
