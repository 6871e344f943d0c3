"""What happened in incidents between partners: columns that some deliveries have, and what they are set against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import polars as pl

from ipvi_cli.summarize.arrests import Arrested
from ipvi_cli.summarize.cells import DIMENSIONS, PART, VICTIMS
from ipvi_cli.summarize.keyed import KEY, keyed
from ipvi_cli.summarize.level import Level
from ipvi_cli.summarize.offences import offence

if TYPE_CHECKING:
    from ipvi_cli.summarize.levels import Part

_VIOLENT: Final = (
    "violent", "violent_partner", "violent_open", "aggravated", "aggravated_partner", "aggravated_open",
)  # fmt: skip

EXCEPTIONAL: Final = ("A", "B", "C", "D", "E")
"""NIBRS data element 4: death of the offender, prosecution declined, in custody elsewhere, victim refused, juvenile."""


def of_partners(
    part: Part, incidents: pl.DataFrame, arrested: Arrested, pairs: pl.DataFrame | None
) -> Iterable[Level]:
    """Give what is counted of incidents between partners, and of violent incidents and flags in all.

    Args:
        part: The incidents that are looked at.
        incidents: Their rows, with what their offences are.
        arrested: Their arrests.
        pairs: Their pairs.
    """
    if part.delivery.has("offense.offense_raw"):
        yield Level("violent", _violent(incidents), _VIOLENT)
    if "dv_flag" in incidents.columns:
        flag = pl.when("dv_flag").then(pl.lit("yes")).otherwise(pl.lit("no"))
        flag = pl.when(pl.col("dv_flag").is_null()).then(pl.lit("blank")).otherwise(flag)
        both = pl.format("{}/{}", flag, pl.col("incident_class").cast(pl.String))
        yield Level("flag", _mix(incidents, both), ("n",))
    partners = incidents.filter("partner")
    dual, doubtful = _both_arrested(part, arrested, pairs)
    measures = {
        "partners": pl.lit(1),
        "felony": offence("felony"),
        "grade_blank": ~offence("graded"),
        "residence": offence("residence"),
        "place_blank": ~offence("placed"),
        "influenced": offence("influenced"),
        "use_blank": ~offence("use_stated"),
        "with_offender": ~pl.col("offender_unknown"),
        "arrest": pl.col(KEY).is_in(arrested.incidents_with("arrest").implode()),
        "dual": pl.col(KEY).is_in(dual.implode()),
        "dual_blank": pl.col(KEY).is_in(doubtful.implode()),
        **_told(partners),
    }
    detail = partners.with_columns(value.alias(name) for name, value in measures.items())
    detail = detail.with_columns((pl.col("arrest") & pl.col("with_offender")).alias("arrest_made"))
    yield Level("detail", detail, (*measures, "arrest_made"))
    if "clearance" in partners.columns:
        cleared = partners.filter(pl.col("clearance").is_in(EXCEPTIONAL))
        yield Level("clearance", _mix(cleared, pl.col("clearance")), ("n",))


def _mix(incidents: pl.DataFrame, part: pl.Expr) -> pl.DataFrame:
    return incidents.select(*DIMENSIONS, VICTIMS, KEY, part.alias(PART), n=1)


def _violent(incidents: pl.DataFrame) -> pl.DataFrame:
    aggravated = offence("aggravated")
    return incidents.filter(
        offence("violent") & pl.col("applicable").fill_null(False)
    ).with_columns(
        pl.lit(1).alias("violent"),
        pl.col("partner").alias("violent_partner"),
        pl.col("open").alias("violent_open"),
        aggravated.alias("aggravated"),
        (aggravated & pl.col("partner")).alias("aggravated_partner"),
        (aggravated & pl.col("open")).alias("aggravated_open"),
    )


def _told(partners: pl.DataFrame) -> dict[str, pl.Expr]:
    """Give the measures of columns that few deliveries have; those that are absent are blank everywhere."""

    def column(name: str, dtype: pl.DataType) -> pl.Expr:
        return pl.col(name) if name in partners.columns else pl.lit(None, dtype)

    strangled = column("strangulation", pl.Boolean())
    known = strangled.fill_null(False) | offence("asphyxiation")
    children, cleared = column("children_present", pl.Boolean()), column("clearance", pl.String())
    return {
        "strangled": known,
        "strangled_blank": ~known & strangled.is_null() & ~offence("weapon_stated"),
        "children": children.fill_null(False),
        "children_blank": children.is_null(),
        "exceptional": cleared.is_in(EXCEPTIONAL).fill_null(False),
        "refused": (cleared == "D").fill_null(False),
        "clearance_blank": cleared.is_null(),
    }


def _both_arrested(
    part: Part, arrested: Arrested, pairs: pl.DataFrame | None
) -> tuple[pl.Series, pl.Series]:
    """Find incidents in which both partners of a pair were arrested, and those of which it cannot be told.

    An arrested person is a victim when the two have the same number of the agency within the incident.
    """
    nobody = pl.Series(KEY, [], pl.UInt64)
    made, victims = arrested.arrests, part.table("victim")
    if made is None or pairs is None or victims is None or "_number" not in made.columns:
        return nobody, nobody
    partners = pairs.filter("partner").select(KEY, "_victim", "_offender")
    persons = {
        role: table.select(KEY, keyed(f"{role}_id", f"_{role}"), keyed("person_number", "_number"))
        .collect(engine="streaming")
        .join(partners.select(KEY).unique(), on=KEY, how="semi")
        for role, table in (("victim", victims), ("offender", part.table("offender")))
        if table is not None
    }
    numbers = made.select(KEY, "_number").drop_nulls()
    held = {
        role: persons[role].join(numbers, on=[KEY, "_number"], how="semi")[f"_{role}"]
        for role in persons
    }
    offenders = pl.concat(
        [made["_offender"].drop_nulls(), held.get("offender", made["_offender"].clear())]
    )
    victim = pl.col("_victim").is_in(held["victim"].implode())
    dual = partners.filter(victim, pl.col("_offender").is_in(offenders.implode()))[KEY].unique()
    nameless = persons["victim"].filter(pl.col("_number").is_null())["_victim"]
    unclear = [
        made.filter(pl.col("_number").is_null())[KEY],
        partners.filter(pl.col("_victim").is_in(nameless.implode()) | pl.col("_victim").is_null())[
            KEY
        ],
    ]
    doubtful = pl.concat(unclear).unique()
    doubtful = doubtful.filter(doubtful.is_in(made[KEY].implode()))
    return dual, doubtful.filter(~doubtful.is_in(dual.implode()))
