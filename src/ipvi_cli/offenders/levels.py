"""Candidate levels: the rules of the criteria applied to events; upward only, with reasons and caveats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from ipvi_cli.model.offending import HIDDEN, LEVELS
from ipvi_cli.offenders.charges import charge_events, counting, standing, uncounted_priors
from ipvi_cli.offenders.criteria import Criteria

RULE_LEVEL: Final = {
    "A1_three_charges": "A",
    "A2_weapon": "A",
    "A3_convictions": "A",
    "A4_complaints_multiple": "A",
    "B1_two_charges": "B",
    "B2_on_notice": "B",
    "C1_first_charge": "C",
    "D1_call": "D",
}
"""Reason codes of rules and the level that each gives."""

DOERS: Final = ("offender", "arrestee", "defendant")

_RANK: Final = {level: place for place, level in enumerate(LEVELS)}


@dataclass(frozen=True)
class Extent:
    """What a delivery can show at all.

    Attributes:
        charges: Whether it holds charges.
        since: First day of the declared period, where it is declared.
        until: Last day that is known.
    """

    charges: bool
    since: date | None
    until: date | None


def place(events: pl.DataFrame, criteria: Criteria, extent: Extent) -> pl.DataFrame:
    """Place each person at the highest level that a rule gives, with reasons and caveats.

    Nothing in a level depends on what came later than the events given, and more events never lower one: the look-back
    asks whether so many charge events ever lay together within it.

    Args:
        events: ``EVENT_SCHEMA``.
        criteria: The rules.
        extent: What the delivery can show.

    Returns:
        One row for each person with an event as an offender, arrestee or defendant that may be shown: ``person_id``,
        ``level``, ``level_is_floor``, ``reasons``, ``level_sure`` (by links that are not weak alone).
    """
    doing = events.filter(
        pl.col("role").is_in(DOERS), ~pl.col("left_out").is_in(HIDDEN).fill_null(False)
    )
    people = doing.select(pl.col("person_id").unique().sort())
    charged = charge_events(events, criteria, charges_delivered=extent.charges)
    stated = pl.col("standing") == "stated"
    sure = pl.col("match_probability") >= criteria.floor.identity
    met = _met(events, charged.filter(stated), criteria)
    level = _highest(people, met)
    sure_met = _met(events.filter(sure), charged.filter(stated & sure), criteria)
    may_be = pl.col("standing").is_in(["stated", "open"])
    open_met = _met(events, charged.filter(may_be), criteria, may_be_open=True)
    placed = level.join(_named(_highest(people, sure_met), "level_sure"), on="person_id")
    placed = placed.join(_named(_highest(people, open_met), "_open"), on="person_id")
    marks = _marks(events, charged, criteria)
    placed = placed.join(marks, on="person_id", how="left")
    return _with_reasons(placed, met, criteria, extent)


def _named(level: pl.DataFrame, name: str) -> pl.DataFrame:
    return level.rename({"level": name})


def _met(
    events: pl.DataFrame, charged: pl.DataFrame, criteria: Criteria, *, may_be_open: bool = False
) -> pl.DataFrame:
    """Find which rules each person meets: ``person_id``, ``rule``."""
    counted = events.filter(counting(criteria))
    ties = ["stated", "open"] if may_be_open else ["stated"]
    reports = counted.filter(
        (pl.col("kind") == "incident") & (pl.col("role") == "offender") & standing().is_in(ties)
    )
    rules = criteria.rules
    found = []
    for code in ("A1_three_charges", "B1_two_charges", "C1_first_charge"):
        needed = criteria.rule(code).charges
        if criteria.rule(code).on:
            within = criteria.event.look_back_years
            found.append((code, _together(charged, needed, within)))
    if rules.D1_call.on:
        none = reports.join(charged.select("person_id"), on="person_id", how="anti")
        found.append(("D1_call", _at_least(none, rules.D1_call.reports or 1)))
    if rules.A2_weapon.on:
        armed = pl.col("weapon_codes").list.set_intersection(rules.A2_weapon.weapons).list.len() > 0
        found.append(("A2_weapon", _at_least(reports.filter(armed), 1)))
    if rules.A3_convictions.on:
        convicted = counted.filter(pl.col("kind") == "conviction")
        many = _at_least(convicted, rules.A3_convictions.convictions or 1)
        both = many.join(_at_least(charged, rules.A3_convictions.charges or 1), on="person_id")
        found.append(("A3_convictions", both))
    if rules.A4_complaints_multiple.on:
        many = _at_least(reports, rules.A4_complaints_multiple.reports or 1)
        found.append(("A4_complaints_multiple", many))
    if rules.B2_on_notice.on:
        found.append(("B2_on_notice", _on_notice(counted, reports, criteria)))
    rows = [people.select("person_id", pl.lit(code).alias("rule")) for code, people in found]
    schema = {"person_id": pl.String, "rule": pl.String}
    return pl.concat([pl.DataFrame(schema=schema), *rows])


def _at_least(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    return rows.group_by("person_id").agg(pl.len()).filter(pl.col("len") >= number)


def _together(charged: pl.DataFrame, number: int, years: int | None) -> pl.DataFrame:
    """Find who has so many charge events within so many years of each other."""
    if years is None or number == 1:
        return _at_least(charged, number)
    earlier = pl.col("date").shift(number - 1).over("person_id", order_by="date")
    dated = charged.filter(pl.col("date").is_not_null()).with_columns(earlier.alias("_from"))
    near = dated.filter(pl.col("_from").dt.offset_by(f"{years}y") > pl.col("date"))
    return near.select("person_id").unique()


def _on_notice(counted: pl.DataFrame, reports: pl.DataFrame, criteria: Criteria) -> pl.DataFrame:
    """Find who did what is prohibited after a notice as D or C; the day of the notice itself does not count."""
    notices = counted.filter((pl.col("kind") == "notification") & pl.col("level").is_in(["D", "C"]))
    first = notices.group_by("person_id").agg(pl.col("date").min().alias("_notice"))
    wanted = criteria.rules.B2_on_notice.behaviours
    doing = counted.filter(pl.col("kind") != "notification")
    acts = []
    if "ipv_offence" in wanted:
        acts.append(reports)
    if "order_violation" in wanted:
        acts.append(doing.filter(pl.col("groups").list.contains("order_violation")))
    if "weapon_under_order" in wanted:
        armed = pl.col("groups").list.contains("weapon") & pl.col("under_order").fill_null(False)
        acts.append(doing.filter(armed & pl.col("role").is_in(DOERS)))
    rows = pl.concat([act.select("person_id", "date") for act in acts])
    after = rows.join(first, on="person_id").filter(pl.col("date") > pl.col("_notice"))
    return after.select("person_id").unique()


def _highest(people: pl.DataFrame, met: pl.DataFrame) -> pl.DataFrame:
    level = pl.col("rule").replace_strict(RULE_LEVEL, return_dtype=pl.String)
    rank = level.replace_strict(_RANK, return_dtype=pl.Int64)
    top = met.group_by("person_id").agg(level.sort_by(rank).first().alias("level"))
    joined = people.join(top, on="person_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("level").fill_null("none"))


def _marks(events: pl.DataFrame, charged: pl.DataFrame, criteria: Criteria) -> pl.DataFrame:
    """Say of each person what was found that could not count."""
    doing = events.filter(pl.col("role").is_in(DOERS))
    partner = standing().is_not_null()
    priors = uncounted_priors(events, charged, criteria).select("person_id").unique()
    marks = doing.group_by("person_id").agg(
        (standing() == "linked").any().alias("tie_linked_only"),
        ((standing() == "open") & counting(criteria)).any().alias("tie_undetermined"),
        *(
            ((pl.col("left_out") == name) & partner).any().alias(name)
            for name in ("age_unknown", "dual_arrest", "cross_complaint", "not_aggressor")
        ),
    )
    return marks.join(priors.with_columns(pl.lit(True).alias("_prior")), on="person_id", how="left")


def _with_reasons(
    placed: pl.DataFrame, met: pl.DataFrame, criteria: Criteria, extent: Extent
) -> pl.DataFrame:
    rank = {name: pl.col(name).replace_strict(_RANK, return_dtype=pl.Int64)
            for name in ("level", "level_sure", "_open")}  # fmt: skip
    there = pl.col("level") != "none"
    below = there & (pl.col("level") != "A")
    caveats = {
        "floor_truncated": below & pl.lit(_truncated(criteria, extent)),
        "floor_tie_open": below & (rank["_open"] < rank["level"]),
        "floor_prior_open": below & pl.col("_prior").fill_null(False),
        "identity_weak": there & (rank["level_sure"] > rank["level"]),
        "tie_linked_only": pl.col("tie_linked_only"),
        **{
            name: ~there & pl.col(name)
            for name in (
                "age_unknown", "dual_arrest", "cross_complaint", "not_aggressor", "tie_undetermined"
            )
        },
    }  # fmt: skip
    level = pl.col("rule").replace_strict(RULE_LEVEL, return_dtype=pl.String)
    own = (
        met.with_columns(level.alias("level"))
        .group_by("person_id", "level")
        .agg(pl.col("rule").unique().sort().alias("_rules"))
    )
    joined = placed.join(own, on=["person_id", "level"], how="left", maintain_order="left")
    marked = joined.with_columns(
        pl.concat_list(
            pl.when(test.fill_null(False)).then(pl.lit(code)) for code, test in caveats.items()
        )
        .list.drop_nulls()
        .alias("_caveats"),
        pl.any_horizontal(
            caveats[code].fill_null(False)
            for code in ("floor_truncated", "floor_tie_open", "floor_prior_open", "identity_weak")
        ).alias("level_is_floor"),
    )
    return marked.select(
        "person_id", "level", "level_is_floor",
        pl.concat_list(pl.col("_rules").fill_null([]), "_caveats").alias("reasons"),
        "level_sure",
    )  # fmt: skip


def _truncated(criteria: Criteria, extent: Extent) -> bool:
    """Say whether the declared period is too short to show history; one that is not declared is."""
    if extent.since is None or extent.until is None:
        return True
    return (extent.until - extent.since).days + 1 < criteria.floor.history_years * 365.2425 - 1
