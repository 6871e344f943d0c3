"""Rules about what a publisher left out, and what the cover letter says was sent."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from ipvi_cli.validate.completeness import SMALL
from ipvi_cli.validate.cube import cube, total
from ipvi_cli.validate.heaping import ages
from ipvi_cli.validate.rule import Check, Rule, nothing, said
from ipvi_cli.validate.scope import Scope

ENOUGH: Final = 100
"""Rows that it takes to find it strange that a class does not occur."""

MANY: Final = 1_000
"""Persons that it takes to find it strange that none is under 18."""

DOMESTIC: Final = ("intimate_partner", "other_family", "other_domestic")


def pair_classes(scope: Scope) -> dict[str, int]:
    """Count pairs by class."""
    pairs = scope.table("pairs")
    if pairs is None:
        return {}
    counted = pairs.group_by("relationship_class").len().collect(engine="streaming")
    return dict(counted.iter_rows())


def _flag_of_one_value(scope: Scope) -> pl.DataFrame:
    flags, flagged = total(scope, "flags"), total(scope, "flagged")
    domestic = scope.profile.jurisdiction.population == "domestic"
    if flags < SMALL or (flagged not in (0, flags)) or (domestic and flagged == flags):
        return nothing()
    message = f"dv_flag is {'yes' if flagged else 'no'} in all {flags:,} incidents that have it"
    return said("IPVI-831", message, table="incident", column="dv_flag")


def _no_domestic_pair(scope: Scope) -> pl.DataFrame:
    classes = scope.once(pair_classes)
    decided = sum(
        count for name, count in classes.items() if name not in ("undetermined", "not_applicable")
    )
    if decided < SMALL or any(classes.get(name) for name in DOMESTIC):
        return nothing()
    message = f"none of {decided:,} pairs of known tie is of partners, family or a household"
    return said("IPVI-832", message, table="relationship", column="relationship_raw")


def _ties_blank(scope: Scope) -> pl.DataFrame:
    rows = scope.table("relationship")
    if rows is None:
        return nothing()
    seen = rows.select(pl.len(), pl.col("relationship_raw").count().alias("filled"))
    count, filled = seen.collect(engine="streaming").row(0)
    if not count or filled:
        return nothing()
    return said(
        "IPVI-833",
        f"relationship_raw is blank in all {count:,} rows",
        table="relationship",
        column="relationship_raw",
    )


def _class_absent(code: str, population: str, names: tuple[str, ...], words: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        if scope.profile.jurisdiction.population != population:
            return nothing()
        classes = scope.once(pair_classes)
        pairs = sum(classes.values())
        others = pairs - classes.get("undetermined", 0) - classes.get("not_applicable", 0)
        if others < ENOUGH or any(classes.get(name) for name in names):
            return nothing()
        message = f"none of {others:,} pairs of known tie is {words}"
        return said(code, message, table="relationship", column="relationship_raw")

    return check


def _one_sex(scope: Scope) -> pl.DataFrame:
    victim = scope.table("victim")
    if victim is None:
        return nothing()
    counted = victim.select(
        pl.col("sex").is_in(["F", "M"]).sum(), (pl.col("sex") == "F").sum().alias("women")
    )
    known, women = counted.collect(engine="streaming").row(0)
    if known < ENOUGH or women not in (0, known):
        return nothing()
    message = f"all {known:,} victims of known sex are of the same sex"
    return said("IPVI-836", message, table="victim", column="sex")  # fmt: skip


def _agency_absent(scope: Scope) -> pl.DataFrame:
    if not scope.rows("incident"):
        return nothing()
    present = set(scope.once(cube)["agency"].drop_nulls())
    found = [
        said(
            "IPVI-837", "the profile lists the agency and no incident is of it",
            table="incident", column="agency", agency=agency.id,
        )
        for agency in scope.profile.agencies
        if agency.id not in present
    ]  # fmt: skip
    return pl.concat([nothing(), *found])


def _no_minors(scope: Scope) -> pl.DataFrame:
    counts = scope.once(ages).get("victim", {})
    known = sum(counts.values())
    if known < MANY or any(age < 18 for age in counts):
        return nothing()
    message = f"none of {known:,} victims of known age is under 18"
    return said("IPVI-838", message, table="victim", column="age_years")


def _differs(code: str, what: str, stated: int | None, seen: int) -> pl.DataFrame:
    if stated is None or stated == seen:
        return nothing()
    message = f"{what}: {stated:,} stated, {seen:,} seen, {seen - stated:+,}"
    return said(code, message)


def _rows_differ(scope: Scope) -> pl.DataFrame:
    if not scope.inputs:
        return nothing()
    seen = sum(item.rows_read for item in scope.inputs)
    return _differs("IPVI-841", "rows", scope.profile.control.rows, seen)


def _incidents_differ(scope: Scope) -> pl.DataFrame:
    if scope.opened is None:
        return nothing()
    return _differs(
        "IPVI-842", "incidents", scope.profile.control.incidents, total(scope, "incidents")
    )


def _partners_differ(scope: Scope) -> pl.DataFrame:
    stated, incidents = scope.profile.control.intimate_partner, scope.table("incidents")
    if stated is None or incidents is None:
        return nothing()
    of_class = pl.col("incident_class") == "intimate_partner"
    counts = pl.col("in_denominator").fill_null(False) & of_class
    seen = incidents.select(counts.sum()).collect(engine="streaming").item()
    return _differs("IPVI-843", "intimate partner incidents", stated, int(seen))


def _period_differs(scope: Scope) -> pl.DataFrame:
    stated, declared = scope.profile.control.period, scope.profile.jurisdiction.period
    if stated is None:
        return nothing()
    if declared is not None and declared != stated:
        return said("IPVI-844", "the period of the letter is not the one that the profile declares")
    cells = scope.once(cube)
    if "first" not in cells.columns or cells["first"].is_null().all():
        return nothing()
    first, last = cells["first"].min(), cells["last"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    short = max((first - stated.start).days, (stated.end - last).days)
    if short <= 31:
        return nothing()
    message = "the dates of occurrence leave more than a month of the letter's period without a row"
    return said("IPVI-844", message, table="incident", column="occurred_on")


_LETTER: Final = "Ask the agency which is right before any figure is used."

RULES: Final = (
    Rule(
        "IPVI-831", "flag-of-one-value", "warning", "filter",
        "The domestic violence flag has the same value in every incident.",
        "The export was filtered by it, or nobody sets it; it tells nothing.",
        "Ask how the export was filtered; leave the flag unmapped if nobody sets it.",
        table="incident", column="dv_flag", needs=("dv_flag",), check=_flag_of_one_value,
    ),
    Rule(
        "IPVI-832", "no-domestic-pair", "warning", "filter",
        "No pair is of partners, family or a household.",
        "Domestic incidents were left out of the export, or the ties are mapped wrongly.",
        "Ask whether domestic incidents are kept in another file.",
        table="relationship", column="relationship_raw", view="pairs", check=_no_domestic_pair,
    ),
    Rule(
        "IPVI-833", "ties-blank-throughout", "error", "filter",
        "The relationship column is blank in every row.",
        "Nothing can be said of intimate partners.",
        "Ask for the relationship of victim and offender with its code list.",
        "FBI NIBRS data element 35.", "relationship", "relationship_raw", check=_ties_blank,
    ),
    Rule(
        "IPVI-834", "no-family-tie", "warning", "filter",
        "A delivery of domestic incidents holds no tie of family or household.",
        "It was filtered to partners, so the share of partners means nothing.",
        "Ask for all domestic incidents, family included.",
        table="relationship", column="relationship_raw",
        view="pairs",
        check=_class_absent(
            "IPVI-834", "domestic", ("other_family", "other_domestic"), "of family or a household"
        ),
    ),
    Rule(
        "IPVI-835", "no-stranger-or-acquaintance", "warning", "filter",
        "A delivery of all incidents holds no tie of strangers or acquaintances.",
        "It was filtered to domestic incidents, which changes the denominator.",
        "Ask how the export was filtered, and correct population in the profile.",
        table="relationship", column="relationship_raw",
        view="pairs",
        check=_class_absent(
            "IPVI-835", "all", ("stranger", "known_not_domestic"), "of strangers or acquaintances"
        ),
    ),
    Rule(
        "IPVI-836", "victims-of-one-sex", "warning", "filter",
        "All victims are of the same sex.",
        "The others were left out, so shares and totals are of a part only.",
        "Ask how the export was filtered.",
        table="victim", column="sex", needs=("sex",), check=_one_sex,
    ),
    Rule(
        "IPVI-837", "agency-without-incidents", "warning", "filter",
        "An agency that the profile lists has no incident.",
        "Its file is missing, or its name is written in another way.",
        "Ask for its file, or add the name as an alias.",
        table="incident", column="agency", check=_agency_absent,
    ),
    Rule(
        "IPVI-838", "no-victim-under-18", "info", "filter",
        "No victim is under 18.",
        "Minors were left out, or their ages were removed.",
        "Ask, and say it beside the figures.",
        table="victim", column="age_years", needs=("age_years",), check=_no_minors,
    ),
    Rule(
        "IPVI-841", "rows-differ-from-letter", "error", "control",
        "The rows read are not as many as the cover letter states.",
        "Rows were lost or added on the way.",
        _LETTER, "Profile: control.rows.", check=_rows_differ,
    ),
    Rule(
        "IPVI-842", "incidents-differ-from-letter", "error", "control",
        "The incidents are not as many as the cover letter states.",
        "Incidents were lost, added, or are numbered in another way.",
        _LETTER, "Profile: control.incidents.", check=_incidents_differ,
    ),
    Rule(
        "IPVI-843", "partner-count-differs", "warning", "control",
        "The intimate partner incidents are not as many as the agency published.",
        "The agency counts by another definition, or ties are mapped in another way.",
        "Compare the definitions, then the unmapped words.",
        "Profile: control.intimate_partner.", check=_partners_differ,
    ),
    Rule(
        "IPVI-844", "period-differs-from-letter", "warning", "control",
        "The period is not the one that the cover letter states.",
        "Counts of different windows are compared.",
        _LETTER, "Profile: control.period.", check=_period_differs,
    ),
)  # fmt: skip
"""Rules of filters and control totals."""
