"""Shares with an outcome in fixed windows after the first delivered notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from ipvi_cli.evaluate.outcomes import first_after
from ipvi_cli.model.evaluation import EVERYONE, WINDOWS, measured
from ipvi_cli.model.intervals import WILSON, wilson


def groups(follow: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give everyone, then the persons of each level at the first notice."""
    yield EVERYONE, follow
    for level in follow["level"].unique().sort():
        yield level, follow.filter(pl.col("level") == level)


def recidivism(
    follow: pl.DataFrame, outcomes: pl.DataFrame, outcome: str, until: date
) -> pl.DataFrame:
    """Count who had an outcome in 6, 12 and 24 months.

    Who can be seen through the whole window is decided by the index and the end of the data alone: a person with too
    short a time is left out, with an outcome or without. Who is known to have died or moved within the window and
    before any outcome is left out too.

    Args:
        follow: ``FOLLOW_SCHEMA``.
        outcomes: ``OUTCOME_SCHEMA``.
        outcome: Which of them.
        until: Last day of the data.

    Returns:
        ``EVALUATION_SCHEMA``, with Wilson's interval; no value where nobody can be seen for so long.
    """
    rows: list[dict[str, object]] = []
    for group, members in groups(first_after(follow, outcomes, outcome)):
        for months in WINDOWS:
            rows.append(_window(members, months, until) | {"measure": outcome, "group": group})
    lower, upper = wilson(pl.col("numerator"), pl.col("denominator"))
    size = pl.when(pl.col("denominator") > 0).then(pl.col("denominator"))
    return measured(rows).with_columns(
        (pl.col("numerator") / size).alias("value"),
        lower.alias("ci_lower"),
        upper.alias("ci_upper"),
        pl.when(size.is_not_null()).then(pl.lit(WILSON)).alias("ci_method"),
    )


def _window(members: pl.DataFrame, months: int, until: date) -> dict[str, object]:
    ends = pl.col("index_on").dt.offset_by(f"{months}mo")
    seen = members.with_columns(ends.alias("ends")).filter(pl.col("ends") <= until)
    failed = (pl.col("first_on") <= pl.col("ends")).fill_null(False)
    left = (pl.col("left_on") <= pl.col("ends")).fill_null(False)
    gone = left & (pl.col("first_on").is_null() | (pl.col("first_on") > pl.col("left_on")))
    jailed = (pl.col("prison_on") <= pl.col("ends")).fill_null(False)
    kept = seen.filter(~gone)
    notes = []
    if members.height > seen.height:
        notes.append(f"{members.height - seen.height} too recent")
    if seen.height > kept.height:
        notes.append(f"{seen.height - kept.height} died or moved before")
    if (prison := kept.filter(jailed).height) > 0:
        notes.append(f"{prison} in prison within the window, counted")
    return {
        "part": "recidivism",
        "window": f"{months} months",
        "numerator": kept.filter(failed).height,
        "denominator": kept.height,
        "note": "; ".join(notes) or None,
    }
