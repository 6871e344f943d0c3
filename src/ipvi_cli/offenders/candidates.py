"""The named list for the team that reviews candidates; it is confidential, and no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from ipvi_cli.model.finding import Frames
from ipvi_cli.offenders.criteria import Criteria

NOTE: Final = "for team review; not evidence"

_NAMED: Final = ("offender", "arrest", "charge", "history", "notification", "supervision")

_MISSING: Final = {
    "floor_truncated": "earlier history: the extract is too short to show it",
    "floor_tie_open": "the tie in a further charge event, which is undetermined",
    "floor_prior_open": "whether priors under a domestic section were between partners",
    "identity_weak": "whether all records are of the same person",
    "tie_linked_only": "a stated tie where only another incident tells of it",
}

_COLUMNS: Final = (
    "level", "at_least", "names", "birth_dates", "person_numbers", "reasons", "missing", "for_care",
    "next_step", "incidents", "ipv_incidents", "arrests", "ipv_charges", "convictions", "victims",
    "categories", "first_date", "last_date", "person_id", "note",
)  # fmt: skip


def candidates(
    offenders: pl.DataFrame, tables: Frames, persons: pl.LazyFrame, criteria: Criteria
) -> pl.DataFrame:
    """Put names to the persons who are placed.

    Args:
        offenders: ``OFFENDER_SCHEMA``.
        tables: Canonical tables, identifying columns included.
        persons: Which record is of which person.
        criteria: The criteria in force.

    Returns:
        One row for each person at A to D, the gravest level and the latest event first, with names, birth dates and
        numbers as recorded, the reasons, what is missing, and that it is no evidence.
    """
    placed = offenders.filter(pl.col("level") != "none")
    named = _identity(placed.select("person_id"), tables, persons)
    steps = {level: getattr(criteria.next_step, level) for level in "ABCD"}
    missing = pl.concat_list(
        pl.when(pl.col("reasons").list.contains(code)).then(pl.lit(words))
        for code, words in _MISSING.items()
    )
    care = pl.when("also_victim").then(pl.lit("also the victim of a partner: for care"))
    rows = placed.join(named, on="person_id", how="left", maintain_order="left").with_columns(
        pl.col("level_is_floor").alias("at_least"),
        missing.list.drop_nulls().list.join("; ").alias("missing"),
        care.alias("for_care"),
        pl.col("level").replace_strict(steps, return_dtype=pl.String).alias("next_step"),
        pl.lit(NOTE).alias("note"),
    )
    return rows.sort("level", "last_date", "person_id", descending=[False, True, False]).select(
        _COLUMNS
    )


def cover(
    criteria: Criteria, *, jurisdiction: str, purpose: str, as_of: str, gaps: Sequence[str]
) -> pl.DataFrame:
    """Make the cover sheet of the list: ``what``, ``said``."""
    rows = [
        ("This list", f"Candidates {NOTE}. A level is no verdict and no probability."),
        ("Jurisdiction", jurisdiction),
        ("Purpose", purpose),
        ("As of", as_of),
        *(("Criteria", line.strip()) for line in criteria.lines()),
        ("Criteria, SHA-256", criteria.sha256),
        *(("Data gap", gap) for gap in gaps),
    ]
    return pl.DataFrame(rows, schema={"what": pl.String, "said": pl.String}, orient="row")


def _identity(wanted: pl.DataFrame, tables: Frames, persons: pl.LazyFrame) -> pl.DataFrame:
    """Gather the names, birth dates and numbers that the records of persons hold."""
    fields: dict[str, Any] = {
        "name": pl.String, "birth_date": pl.String, "person_number": pl.String
    }  # fmt: skip
    whose = persons.join(wanted.lazy(), on="person_id", how="semi")
    parts = [pl.DataFrame(schema={"person_id": pl.String, **fields})]
    for name in _NAMED:
        if name not in tables:
            continue
        there = tables[name].collect_schema().names()
        own = whose.filter(pl.col("record_table") == name).select("record_id", "person_id")
        rows = tables[name].join(own, on="record_id", how="inner")
        parts.append(
            rows.select(
                "person_id",
                *(
                    (pl.col(field) if field in there else pl.lit(None)).cast(dtype).alias(field)
                    for field, dtype in fields.items()
                ),
            ).collect(engine="streaming")
        )
    return (
        pl.concat(parts)
        .group_by("person_id")
        .agg(
            pl.col(field).drop_nulls().unique().sort().str.join(" | ").alias(f"{field}s")
            for field in fields
        )
    )
