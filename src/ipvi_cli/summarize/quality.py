"""Figures of data quality: what was read, what is stated, what contradicts itself."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from ipvi_cli.summarize.counting import OfLevel, OfMix
from ipvi_cli.summarize.figure import COUNTS, NIBRS, OWN, PERSONS, PLACES, Figure
from ipvi_cli.summarize.scene import Scene

TIE: Final = "relationship.relationship_raw|relationship.child_in_common"
INCIDENT: Final = "incident.incident_number"
OFFENDER: Final = "offender.offender_number"

_EVERY: Final = ("total", *PLACES, *PERSONS)


def _rows(scene: Scene, _figure: Figure) -> pl.DataFrame:
    read = sum(item.rows_read for item in scene.inputs)
    accepted = sum(item.rows_accepted for item in scene.inputs)
    fates = {"quarantined": sum(item.rows_quarantined for item in scene.inputs)}
    files: dict[str, tuple[int, int]] = {}
    for item in scene.inputs:
        before = files.get(item.file, (0, 0))
        files[item.file] = (before[0] + item.rows_accepted, before[1] + item.rows_read)
        for fate, number in item.row_fates.items():
            fates[fate] = fates.get(fate, 0) + number
    return _counts(
        [
            ("total", "total", accepted, read),
            *(("input", file, kept, of) for file, (kept, of) in sorted(files.items())),
            *(("row_fate", fate, number, read) for fate, number in sorted(fates.items())),
        ]
    )


def _empty_months(scene: Scene, _figure: Figure) -> pl.DataFrame:
    assert scene.window is not None
    first, last = (_month(day) for day in scene.window)
    cells = scene.levels["incident"]
    with_rows = pl.col("month").is_between(first, last) & (pl.col("incidents") > 0)
    seen = set(cells.places.filter(with_rows)["month"])
    months = range(first, last + 1)
    rows = [
        ("total", "total", len(months) - len(seen), len(months)),
        *(
            ("month", f"{month // 12:04}-{month % 12 + 1:02}", int(month not in seen), 1)
            for month in months
        ),
    ]
    for breakdown in ("agency", "district"):
        if not scene.breaks_down(breakdown):
            continue
        own = {agency.id: 0 for agency in scene.profile.agencies if breakdown == "agency"}
        named = cells.placed(breakdown).filter(pl.col(breakdown).is_not_null())
        filled = named.group_by("group").agg(pl.col("month").filter(with_rows).n_unique())
        own.update(filled.iter_rows())
        rows += [
            (breakdown, group, len(months) - filled, len(months))
            for group, filled in sorted(own.items())
        ]
    return _counts(rows)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _unmapped(scene: Scene, _figure: Figure) -> pl.DataFrame:
    if scene.values is None:
        return _counts([])
    words = scene.values.filter(pl.col("value").is_not_null())
    unmapped = words.filter(pl.col("reason") == "unmapped")
    rows = [
        ("total", "total", int(unmapped["count"].sum()), int(words["count"].sum())),
        ("words", "distinct words", unmapped["value"].n_unique(), words["value"].n_unique()),
    ]
    return _counts(rows)


def _counts(rows: list[tuple[str, str, int, int]]) -> pl.DataFrame:
    return pl.DataFrame([(*row, None, None) for row in rows], schema=COUNTS, orient="row")


FIGURES: Final = (
    Figure(
        "A01", "Rows read and kept", "rows", "rows accepted (of each fate) / rows read", "share", (), OWN,
        ("total", "input", "row_fate"), _rows,
        note="read = accepted + quarantined; only new and merged rows feed counts",
    ),
    Figure(
        "A02", "Months without a row", "months", "months of the declared period without an incident / its months",
        "share", (INCIDENT, "jurisdiction.period", "incident.occurred_on|incident.reported_on"), OWN,
        ("total", "month", "agency", "district"), _empty_months,
    ),
    Figure(
        "A03", "Relationship stated", "pairs", "pairs with a determinate class / pairs that call for one", "share",
        (TIE,), NIBRS, _EVERY, OfLevel("pair", "stated", "pairs"),
    ),
    Figure(
        "A04", "Undetermined by reason", "pairs", "undetermined pairs (of each reason) / pairs that call for a class",
        "share", (TIE,), OWN,
        (*_EVERY, "reason", *(f"{by}/reason" for by in (*PLACES, *PERSONS))),
        OfMix("reason", "n", part="reason", level="pair", denominator="pairs"), suppress=True,
    ),
    Figure(
        "A05", "Words that are not mapped", "rows",
        "rows (or distinct words) that are not mapped / all that are stated", "share",
        ("relationship.relationship_raw",), OWN, ("total", "words"), _unmapped, suppress=True,
        note="by month, agency and district: see A04, reason unmapped",
    ),
    Figure(
        "A06", "Relationship blank where required", "pairs",
        "pairs without a statement / pairs that call for one and whose offender is known", "share",
        (TIE, OFFENDER), f"{NIBRS}: edit 460", _EVERY, OfLevel("pair", "blank", "required"),
    ),
    Figure(
        "A07", "Offender unknown", "incidents", "incidents in which no offender is known / incidents", "share",
        (INCIDENT, OFFENDER), NIBRS, _EVERY, OfLevel("incident", "offender_unknown", "incidents"),
    ),
    Figure(
        "A08", "Evidence in conflict", "pairs", "pairs whose evidence contradicts itself / pairs that call for a class",
        "share", (TIE, "incident.dv_flag|relationship.child_in_common|victim.age_years|offender.age_years"), OWN,
        _EVERY, OfLevel("pair", "conflict", "pairs"), suppress=True,
    ),
    Figure(
        "A10", "Duplicate incidents", "incidents", "incidents of which a row was delivered again / incidents", "share",
        (INCIDENT,), NIBRS, _EVERY, OfLevel("incident", "repeated", "incidents"),
        note="rows equal in every cell to an earlier one; they are counted once",
    ),
    Figure(
        "A13", "Ages that do not fit the tie", "pairs", "findings on the ages of pairs / pairs that call for a class",
        "share", (TIE, "victim.age_years|offender.age_years"), f"{NIBRS}: edits 449, 450, 550 and 554",
        ("total", *PLACES), OfMix("incident", "implausible", level="pair", denominator="pairs"),
        note="a finding names the incident and not the victim, so there is no figure by victim",
    ),
)  # fmt: skip
"""Figures A01 to A13."""
