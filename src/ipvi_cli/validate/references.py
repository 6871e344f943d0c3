"""Rules about identifiers: what points to nothing, what nothing points to, and what stands twice."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from ipvi_cli.model.finding import Severity
from ipvi_cli.validate.keys import (
    KEY,
    among,
    collect_keys,
    differences,
    distinct,
    hashed,
    keys_in_order,
    repeated,
    rows_with,
)
from ipvi_cli.validate.listed import listed
from ipvi_cli.validate.rule import Check, Rule, nibrs, nothing
from ipvi_cli.validate.scope import Scope


def _without_incident(code: str, table: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        rows = scope.table(table)
        if rows is None or not scope.has("incident"):
            return nothing()
        orphans = scope.compared(table)[0]
        if not orphans.size:
            return nothing()
        message = "the incident table holds no row of this incident_id"
        found = rows_with(rows, orphans, "incident_id")
        return listed(scope, code, found, message, of=table, column="incident_id")

    return check


def _incident_without(code: str, table: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        if scope.opened is None or not scope.has(table) or not scope.rows(table):
            return nothing()
        childless = scope.compared(table)[1]
        if not childless.size:
            return nothing()
        message = f"the {table} table holds no row of this incident"
        found = rows_with(scope.opened, childless, "incident_id")
        return listed(scope, code, found, message, of="incident", column="incident_id")

    return check


def _names_absent(code: str, table: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        rows, persons = scope.table("relationship"), scope.table(table)
        if rows is None or persons is None:
            return nothing()
        column = f"{table}_id"
        absent = differences(keys_in_order(rows, column), scope.keys(table, column))[0]
        if not absent.size:
            return nothing()
        message = f"{table}_number names a {table} that the incident does not have"
        found = rows_with(rows, absent, column)
        return listed(scope, code, found, message, of="relationship", column=f"{table}_number")

    return check


def _number_twice(code: str, table: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        persons = scope.table(table)
        if persons is None or scope.lies_alike(table):
            return nothing()
        again = repeated(np.sort(scope.keys(table, f"{table}_id")))
        if not again.size:
            return nothing()
        message = f"several {table} rows of the incident have the same {table}_number"
        found = rows_with(persons, again, f"{table}_id")
        return listed(scope, code, found, message, of=table, column=f"{table}_number")

    return check


def _rows_disagree(scope: Scope) -> pl.DataFrame:
    incident, opened = scope.table("incident"), scope.opened
    if incident is None or opened is None or not scope.merges:
        return nothing()
    later = incident.filter(pl.col("row_fate") == "merged").with_columns(hashed("incident_id"))
    first = opened.select(KEY, pl.col("occurred_on").alias("first"))
    far = (pl.col("occurred_on") - pl.col("first")).abs() > pl.duration(days=1)
    found = later.join(first, on=KEY, how="inner").filter(far)
    message = "occurred_on differs by more than a day from another row of the same incident number"
    return listed(scope, "IPVI-524", found, message, of="incident", column="occurred_on")


def _unknown_beside_known(scope: Scope) -> pl.DataFrame:
    offender = scope.table("offender")
    if offender is None or scope.lies_alike("offender"):
        return nothing()
    unknown = offender.filter(pl.col("offender_unknown"))
    keys = distinct(collect_keys(unknown, "incident_id"))
    if not keys.size:
        return nothing()
    known = rows_with(offender.filter(pl.col("offender_unknown").not_()), keys, "incident_id")
    both = distinct(collect_keys(known, "incident_id"))
    message = "offender_number is 0 while the incident has a known offender"
    found = rows_with(unknown, both, "incident_id")
    return listed(scope, "IPVI-525", found, message, of="offender", column="offender_number")


def _more_arrestees(scope: Scope) -> pl.DataFrame:
    arrest, offender, opened = scope.table("arrest"), scope.table("offender"), scope.opened
    if arrest is None or offender is None or opened is None:
        return nothing()
    person = pl.coalesce("offender_id", "person_number", "arrest_number").hash().alias("person")
    told = pl.any_horizontal(
        pl.col(name).is_not_null() for name in ("offender_id", "person_number", "arrest_number")
    )
    several = (
        arrest.filter(told).select(hashed("incident_id"), person).drop_nulls().unique()
        .group_by(KEY).agg(pl.len().alias("arrestees")).filter(pl.col("arrestees") > 1)
    )  # fmt: skip
    offenders = offender.filter(pl.col("offender_unknown").fill_null(False).not_()).select(
        hashed("incident_id")
    )
    counted = (
        offenders.join(several, on=KEY, how="semi").group_by(KEY).agg(pl.len().alias("offenders"))
    )
    more = several.join(counted, on=KEY, how="inner").filter(
        pl.col("arrestees") > pl.col("offenders")
    )
    found = opened.join(more, on=KEY, how="semi")
    message = "more persons are arrested than the incident has offenders"
    return listed(scope, "IPVI-526", found, message, of="incident", table="arrest")


def _told_twice(scope: Scope) -> pl.DataFrame:
    """Incidents of different numbers at the same minute and place, with the same two persons by sex and age."""
    opened = scope.opened
    if opened is None or not all(
        scope.has(table, "sex", "age_years") for table in ("victim", "offender")
    ):
        return nothing()
    exact = (pl.col("occurred_time").dt.hour() > 0) | (pl.col("occurred_time").dt.minute() > 0)
    # Hashes of different seeds, put together bit by bit, cost a third of the hash of a struct.
    where = pl.col("agency").hash(1) ^ pl.col("district").hash(2)
    when = pl.col("occurred_on").hash(3) ^ pl.col("occurred_time").hash(4)
    filled = (
        pl.col("agency").is_not_null()
        & pl.col("district").is_not_null()
        & pl.col("occurred_on").is_not_null()
    )
    placed = opened.filter(exact & filled).select(KEY, (where ^ when).alias("where"))
    rows = placed.collect(engine="streaming")
    near = repeated(np.sort(rows["where"].to_numpy()))
    rows = rows.filter(among("where", pl.Series(near)))
    if not rows.height:
        return nothing()
    persons: list[pl.LazyFrame] = []
    for table in ("victim", "offender"):
        described = scope.keyed(table).filter(among(KEY, rows[KEY]))
        about = pl.struct("sex", "age_years").hash()
        whole = pl.col("sex").is_not_null() & pl.col("age_years").is_not_null()
        persons.append(
            described.select(KEY, pl.when(whole).then(about).alias("who"))
            .group_by(KEY)
            .agg(pl.col("who").min(), pl.len().alias("n"))
            .filter((pl.col("n") == 1) & pl.col("who").is_not_null())
            .drop("n")
        )
    both = rows.lazy().join(persons[0], on=KEY).join(persons[1], on=KEY, suffix="_offender")
    same = both.filter(pl.struct("where", "who", "who_offender").is_duplicated()).select(KEY)
    found = same.collect(engine="streaming")
    if not found.height:
        return nothing()
    alike = opened.join(found.lazy(), on=KEY, how="semi")
    message = (
        "another incident number has the same agency, district, date, time, and sex and age of"
        " its only victim and offender"
    )
    return listed(scope, "IPVI-527", alike, message, of="incident", column="incident_number")


_NAMING: Final[tuple[tuple[int, str, str, Severity, str], ...]] = (
    (501, "victim", "A", "error", nibrs("075")),
    (502, "offender", "An", "error", nibrs("075")),
    (503, "offense", "An", "error", nibrs("075")),
    (504, "relationship", "A", "error", nibrs("075")),
    (505, "arrest", "An", "warning", "N-DEx: an arrest names its incident."),
    (506, "charge", "A", "warning", "N-DEx: a charge names its arrest and incident."),
    (507, "call", "A", "info", "A call names its report; reports outside the extract are common."),
)

_NAMED: Final[tuple[tuple[int, str, Severity, str], ...]] = (
    (511, "victim", "error", "It makes no pair, so nothing can be said of its tie."),
    (512, "offender", "warning", "It makes no pair; an unknown offender is stated as number 0."),
    (513, "offense", "warning", "It is missing from the offence mix and the severity figures."),
)

RULES: Final = (
    *(
        Rule(
            f"IPVI-{number}", f"{table}-without-incident", severity, "reference",
            f"{article} {table} row names an incident that is not in the delivery.",
            "It cannot be counted, and tells of a filter or of a number that is written in another way.",
            "Ask for the lacking incidents, or correct incident_number in the profile.",
            source, table, "incident_id", check=_without_incident(f"IPVI-{number}", table),
        )
        for number, table, article, severity, source in _NAMING
    ),
    *(
        Rule(
            f"IPVI-{number}", f"incident-without-{table}", severity, "reference",
            f"An incident has no {table}.", why, f"Ask for the {table} rows of these incidents.",
            nibrs("075"), "incident", "incident_id", check=_incident_without(f"IPVI-{number}", table),
        )
        for number, table, severity, why in _NAMED
    ),
    Rule(
        "IPVI-514", "tie-to-absent-offender", "error", "reference",
        "A relationship names an offender that the incident does not have.",
        "The tie is lost and the pair counts as undetermined.",
        "Correct the offender number, or ask for the offender's row.",
        nibrs("070"), "relationship", "offender_number", check=_names_absent("IPVI-514", "offender"),
    ),
    Rule(
        "IPVI-515", "tie-to-absent-victim", "error", "reference",
        "A relationship names a victim that the incident does not have.",
        "The tie is lost and the pair counts as undetermined.",
        "Correct the victim number, or ask for the victim's row.",
        nibrs("075"), "relationship", "victim_number", check=_names_absent("IPVI-515", "victim"),
    ),
    Rule(
        "IPVI-521", "victim-number-repeated", "error", "uniqueness",
        "Two victims of an incident have the same number.",
        "A tie that names the number cannot be given to one of them.",
        "Number the victims of each incident apart.",
        nibrs("451"), "victim", "victim_number", check=_number_twice("IPVI-521", "victim"),
    ),
    Rule(
        "IPVI-522", "offender-number-repeated", "error", "uniqueness",
        "Two offenders of an incident have the same number.",
        "A tie that names the number cannot be given to one of them.",
        "Number the offenders of each incident apart.",
        nibrs("551"), "offender", "offender_number", check=_number_twice("IPVI-522", "offender"),
    ),
    Rule(
        "IPVI-524", "incident-rows-disagree", "error", "uniqueness",
        "Rows of one incident number give dates that are more than a day apart.",
        "The number was used twice, so two incidents count as one.",
        "Ask how numbers are given, and declare a normalisation that keeps them apart.",
        nibrs("056"), "incident", "occurred_on", ("occurred_on",), check=_rows_disagree,
    ),
    Rule(
        "IPVI-525", "unknown-offender-beside-known", "warning", "uniqueness",
        "An offender of whom nothing is known stands beside a known one.",
        "The number of offenders is doubtful.",
        "Remove the row of number 0, or give it a number from 1.",
        nibrs("555"), "offender", "offender_number", ("offender_unknown",),
        check=_unknown_beside_known,
    ),
    Rule(
        "IPVI-526", "more-arrestees-than-offenders", "warning", "reference",
        "More persons were arrested than the incident has offenders.",
        "An offender is missing, or both parties were arrested and the second is not an offender here.",
        "Add the missing offender; check for a dual arrest.",
        nibrs("656"), "arrest", "incident_id", ("incident_id",), check=_more_arrestees,
    ),
    Rule(
        "IPVI-527", "incident-told-twice", "warning", "duplicate",
        "Two incident numbers seem to tell of the same incident.",
        "It would be counted twice.",
        "Ask whether one of the numbers is a supplement or a second form.",
        nibrs("056"), "incident", "incident_number", ("occurred_time", "occurred_on", "district"),
        check=_told_twice,
    ),
)  # fmt: skip
"""Rules of identifiers."""
