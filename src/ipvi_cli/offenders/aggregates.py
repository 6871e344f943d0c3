"""Counts over persons: levels, reasons, neighbouring criteria, markers, and who else knows those at A and B."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.model.offending import LEFT_OUT, LEVELS
from ipvi_cli.offenders.criteria import Criteria
from ipvi_cli.offenders.levels import DOERS, Extent, place

_FIREARMS: Final = ("11", "12", "13", "14", "15")
SMALLEST_SHOWN: Final = 11
"""Counts from 1 to one less than this are not shown where other agencies' persons are concerned."""


def level_counts(offenders: pl.DataFrame) -> pl.DataFrame:
    """Count the persons of each level: ``level``, ``persons``, ``at_least``, ``sure``, ``also_victims``."""
    levels = pl.DataFrame({"level": LEVELS}, schema={"level": pl.String})
    counts = offenders.group_by("level").agg(
        pl.len().alias("persons"),
        pl.col("level_is_floor").sum().alias("at_least"),
        pl.col("also_victim").sum().alias("also_victims"),
    )
    sure = offenders.group_by(level="level_sure").agg(pl.len().alias("sure"))
    joined = levels.join(counts, on="level", how="left", maintain_order="left")
    joined = joined.join(sure, on="level", how="left", maintain_order="left")
    names = ("persons", "at_least", "sure", "also_victims")
    return joined.select("level", *(pl.col(n).fill_null(0).cast(pl.Int64) for n in names))


def reason_counts(offenders: pl.DataFrame) -> pl.DataFrame:
    """Count the persons of each level and reason: ``level``, ``reason``, ``persons``."""
    rows = offenders.select("level", reason="reasons").explode("reason").drop_nulls()
    counts = rows.group_by("level", "reason").agg(pl.len().cast(pl.Int64).alias("persons"))
    return counts.sort("level", "reason")


def left_out_counts(events: pl.DataFrame) -> pl.DataFrame:
    """Count what raised nobody, and whom it was of: ``reason``, ``persons``, ``events``."""
    mine = events.filter(pl.col("role").is_in(DOERS), pl.col("left_out").is_not_null())
    counts = mine.group_by(reason="left_out").agg(
        pl.col("person_id").n_unique().cast(pl.Int64).alias("persons"),
        pl.len().cast(pl.Int64).alias("events"),
    )
    order = pl.col("reason").replace_strict(
        {n: i for i, n in enumerate(LEFT_OUT)}, return_dtype=pl.Int64
    )
    return counts.sort(order)


def what_if(events: pl.DataFrame, criteria: Criteria, extent: Extent) -> pl.DataFrame:
    """Count the persons of each level under neighbouring criteria.

    Args:
        events: ``EVENT_SCHEMA``.
        criteria: The criteria in force.
        extent: What the delivery can show.

    Returns:
        ``charges_for_b`` (2 or 3; A1 takes one more), ``look_back`` (``all``, 1, 3 or 5 years within which charge
        events must lie together), and the persons of each level.
    """
    rows = []
    for charges in (2, 3):
        for years in (None, 1, 3, 5):
            rules = criteria.rules
            varied = criteria.model_copy(
                update={
                    "event": criteria.event.model_copy(update={"look_back_years": years}),
                    "rules": rules.model_copy(
                        update={
                            "B1_two_charges": rules.B1_two_charges.model_copy(
                                update={"charges": charges}
                            ),
                            "A1_three_charges": rules.A1_three_charges.model_copy(
                                update={"charges": charges + 1}
                            ),
                        }
                    ),
                }
            )
            placed = place(events, varied, extent)["level"].value_counts()
            counts = dict(placed.iter_rows())
            rows.append(
                (charges, f"{years} years" if years else "all", *(counts.get(n, 0) for n in LEVELS))
            )
    schema = {"charges_for_b": pl.Int64, "look_back": pl.String, **dict.fromkeys(LEVELS, pl.Int64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def markers(
    events: pl.DataFrame,
    couples: pl.DataFrame,
    offenders: pl.DataFrame,
    strangled: pl.DataFrame | None,
) -> pl.DataFrame:
    """Count how common the markers of grave danger are among intimate partner incidents; never a person's score.

    Args:
        events: ``EVENT_SCHEMA``.
        couples: ``COUPLE_SCHEMA``.
        offenders: ``OFFENDER_SCHEMA``.
        strangled: ``incident_id`` and ``strangulation`` where a column tells of it; ``None`` where none does.

    Returns:
        ``marker``, ``incidents`` with it, ``known`` incidents in which it is known, and ``persons`` placed who had one;
        counts are null, and ``needs`` names what is missing, where nothing tells of it.
    """
    partner = pl.col("relationship_class") == "intimate_partner"
    reports = events.filter(
        pl.col("left_out").is_null() & partner,
        (pl.col("kind") == "incident") & (pl.col("role") == "offender"),
    )
    placed = offenders.filter(pl.col("level") != "none").select("person_id")
    armed = pl.col("weapon_codes")
    found = {
        "firearm": (armed.list.set_intersection(list(_FIREARMS)).list.len() > 0, armed.list.len() > 0),
        "asphyxiation": (armed.list.contains("85"), armed.list.len() > 0),
        "under an order": (pl.col("under_order"), pl.col("under_order").is_not_null()),
    }  # fmt: skip
    rows = [_marker(name, reports, yes, known, placed) for name, (yes, known) in found.items()]
    if strangled is None:
        rows.append(("strangulation", None, None, None, "incident.strangulation"))
    else:
        told = reports.join(strangled, on="incident_id", how="left")
        yes = pl.col("strangulation")
        rows.append(_marker("strangulation", told, yes, yes.is_not_null(), placed))
    apart = couples.filter(partner, pl.col("left_out").is_null()).with_columns(
        pl.col("offender_person").alias("person_id")
    )
    former = pl.col("partner_status") == "former"
    stated = pl.col("partner_status").is_in(["current", "former"])
    rows.append(_marker("separated (former partner)", apart, former, stated, placed))
    rows.append(("threats to kill", None, None, None, "a column for it; none is read yet"))
    schema = {"marker": pl.String, "incidents": pl.Int64, "known": pl.Int64, "persons": pl.Int64,
              "needs": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _marker(
    name: str, rows: pl.DataFrame, yes: pl.Expr, known: pl.Expr, placed: pl.DataFrame
) -> tuple[str, int | None, int | None, int | None, str | None]:
    told = rows.filter(known)
    if not told.height:
        return name, None, None, None, "a column that tells of it"
    having = told.filter(yes.fill_null(False))
    persons = having.select("person_id").unique().join(placed, on="person_id", how="semi").height
    return name, having["incident_id"].n_unique(), told["incident_id"].n_unique(), persons, None


def overlap(
    offenders: pl.DataFrame, listed: pl.DataFrame | None, supervised: pl.DataFrame | None
) -> pl.DataFrame:
    """Count who of those at A and B is on another effort's list, or under supervision.

    Args:
        offenders: ``OFFENDER_SCHEMA``.
        listed: ``person_id`` and ``focus`` of the partners' lists.
        supervised: ``person_id``, ``agency`` and ``kind`` of spells that last.

    Returns:
        ``known_to``, ``by``, ``persons``; a count from 1 to 10 is blank and ``suppressed``.
    """
    grave = offenders.filter(pl.col("level").is_in(["A", "B"])).select("person_id")
    rows = []
    for name, frame, column in (
        ("list", listed, "focus"),
        ("supervision", supervised, "kind"),
        ("supervision", supervised, "agency"),
    ):
        if frame is not None:
            own = frame.join(grave, on="person_id", how="semi")
            counts = own.group_by(by=pl.col(column).fill_null("not stated")).agg(
                pl.col("person_id").n_unique().cast(pl.Int64).alias("persons")
            )
            rows.append(
                counts.sort("by").select(
                    pl.lit(f"{name}, by {column}").alias("known_to"), "by", "persons"
                )
            )
    schema = {"known_to": pl.String, "by": pl.String, "persons": pl.Int64}
    counts = pl.concat([pl.DataFrame(schema=schema), *rows])
    small = pl.col("persons").is_between(1, SMALLEST_SHOWN - 1)
    return counts.with_columns(
        pl.when(~small).then("persons").alias("persons"), small.alias("suppressed")
    )
