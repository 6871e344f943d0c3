"""Who was notified when, and until when each is known about."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from ipvi_cli.model.tables import COUNTED_FATES

FOLLOW_SCHEMA: Final[dict[str, pl.DataType]] = {
    "person_id": pl.String(),
    "level": pl.String(),
    "index_on": pl.Date(),
    "left_on": pl.Date(),
    "left_how": pl.String(),
    "prison_on": pl.Date(),
}
"""One row for each person with a delivered notice: the first is the index. ``left_on`` is when the person died, moved
or else left observation; prison is noted apart, since it takes nobody out."""

UNKNOWN_LEVEL: Final = "unknown"


def of_persons(notification: pl.LazyFrame, persons: pl.LazyFrame) -> pl.DataFrame:
    """Give the counted rows of table ``notification`` with their persons.

    Args:
        notification: Canonical table.
        persons: ``record_table``, ``record_id``, ``person_id``.

    Returns:
        The rows with ``person_id``, by record; a row that could not be linked is a person of its own, ``linked`` false.
    """
    whose = persons.filter(pl.col("record_table") == "notification").select(
        "record_id", "person_id"
    )
    rows = notification.filter(pl.col("row_fate").is_in(COUNTED_FATES)).join(
        whose.unique("record_id"), on="record_id", how="left"
    )
    alone = pl.format("notice {}", "record_id")
    return (
        rows.with_columns(
            pl.col("person_id").is_not_null().alias("linked"),
            pl.coalesce("person_id", alone).alias("person_id"),
            pl.col("level").fill_null(UNKNOWN_LEVEL),
        )
        .sort("record_id")
        .collect(engine="streaming")
    )


def delivered(notices: pl.DataFrame) -> pl.DataFrame:
    """Give the notices that were delivered on a known day, the earliest first."""
    rows = notices.filter(
        pl.col("delivered").fill_null(False) & pl.col("notified_on").is_not_null()
    )
    return rows.sort("notified_on", "record_id")


def followed(notices: pl.DataFrame) -> pl.DataFrame:
    """Give the index of each person and when that person left.

    Args:
        notices: Rows of ``of_persons``.

    Returns:
        ``FOLLOW_SCHEMA``, by person; rows that could not be linked have no history and are left out.
    """
    linked = notices.filter("linked")
    index = (
        delivered(linked)
        .group_by("person_id", maintain_order=True)
        .agg(pl.col("level").first(), pl.col("notified_on").first().alias("index_on"))
    )
    exits = linked.filter(pl.col("exit_on").is_not_null()).sort("exit_on", "record_id")
    jailed = pl.col("exit_kind").eq_missing("prison")
    left = (
        exits.filter(~jailed)
        .group_by("person_id", maintain_order=True)
        .agg(
            pl.col("exit_on").first().alias("left_on"),
            pl.col("exit_kind").first().alias("left_how"),
        )
    )
    prison = (
        exits.filter(jailed).group_by("person_id").agg(pl.col("exit_on").first().alias("prison_on"))
    )
    joined = index.join(left, on="person_id", how="left").join(prison, on="person_id", how="left")
    return joined.select(pl.col(name).cast(dtype) for name, dtype in FOLLOW_SCHEMA.items()).sort(
        "person_id"
    )


def doubtful(notices: pl.DataFrame, seen_before: pl.DataFrame, until: date) -> list[str]:
    """Say in plain words what of a list of notices cannot be as it stands, or cannot be followed.

    Args:
        notices: Rows of ``of_persons``.
        seen_before: ``person_id`` of everyone who is in a record other than a notice.
        until: Last day of the data.

    Returns:
        One sentence for each.
    """
    given = delivered(notices)
    beyond = given.filter(pl.col("notified_on") > until).height
    early = given.filter(pl.col("notified_on") < pl.col("qualified_on")).height
    persons = given.filter("linked").select("person_id").unique()
    alone = persons.join(seen_before.select("person_id"), on="person_id", how="anti").height
    told = []
    if beyond:
        told.append(
            f"{_of(beyond, given.height)} delivered notices are dated after the end of the data, {until}: they are in"
            " the process counts, and nothing after them can be seen."
        )
    if early:
        told.append(
            f"{_of(early, given.height)} delivered notices are dated before the day that qualified the person: one of"
            " the two dates is wrong, and no days are counted from it."
        )
    if alone:
        told.append(
            f"{_of(alone, persons.height)} notified persons are in no other record. Either the records were not found"
            " to be theirs, or their incidents lie outside the data; they count as without an outcome, so that shares"
            " after a notice may be too low."
        )
    return told


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}"
