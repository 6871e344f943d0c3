"""Victims and offenders of a batch: their numbers within the incident, and their age at it."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.ingest.feeds import Feed

UNNUMBERED: Final = 1000
"""Persons to whom a source that numbers its persons gives no number are counted from here."""


def number_persons(
    rows: pl.DataFrame, feed: Feed, keys: pl.DataFrame, known: pl.DataFrame, fed: int
) -> pl.DataFrame:
    """Give each person an identifier within the incident.

    Args:
        rows: Mapped rows of a person table.
        feed: How the source feeds the table.
        keys: Key columns of the batch with ``_ordinal``, the number of the row within its incident.
        known: Persons of incidents with several rows where the source lets them be known again: ``_row``, ``_item``,
            ``_number``, ``_first``.
        fed: Sources that fed this table before.

    Returns:
        The rows that state a person, with ``<table>_id``, ``_label`` (what follows the incident in it) and ``_first``
        (whether the person is to be written); offenders also with ``offender_unknown``.
    """
    letter = feed.table[0].upper()
    counted_as = letter if not fed else f"{letter}{fed + 1}."
    number = f"{feed.table}_number"
    ordinal = pl.lit(keys["_ordinal"].gather(rows["_row"])).cast(pl.Int64)
    place = (ordinal * feed.total + feed.offset) * feed.step + pl.col("_item")
    rows = rows.with_columns((place + 1).alias("_counted"))
    if not rows["_stated"].all():
        rows = rows.filter("_stated")
    if known.is_empty():
        rows = rows.with_columns(
            pl.lit(None, pl.Int64).alias("_number"), pl.lit(None, pl.Boolean).alias("_first")
        )
    else:
        rows = rows.join(known, on=["_row", "_item"], how="left", maintain_order="left")
    counted = pl.coalesce("_number", "_counted")
    only = rows["_counted"].min()
    if known.is_empty() and only is not None and only == rows["_counted"].max():
        counted = pl.lit(only, pl.Int64)
    if number in feed.columns:
        own: pl.Expr = pl.col(number)
        given, numberless = pl.concat_str(pl.lit(letter), own), counted + UNNUMBERED
        label = pl.coalesce(given, pl.concat_str(pl.lit(counted_as), numberless))
    else:
        own = pl.lit(None, pl.Int64)
        label = pl.concat_str(pl.lit(counted_as), counted)
    rows = rows.with_columns(label.alias("_label"), pl.col("_first").fill_null(True)).with_columns(
        pl.format("{}:{}", "incident_id", "_label").alias(f"{feed.table}_id")
    )
    if feed.table == "offender":
        rows = rows.with_columns((own == 0).fill_null(False).alias("offender_unknown"))
    return rows.drop("_counted", "_number")


def ages_at(rows: pl.DataFrame, occurred: pl.DataFrame | None) -> pl.DataFrame:
    """Fill ages that are not stated from the date of birth and the date of the incident.

    Args:
        rows: Rows of a person table.
        occurred: Date of the incident by ``_row``.

    Returns:
        The rows with ``age_years`` in whole years; a stated age stays as stated.
    """
    if "birth_date" not in rows.columns or occurred is None:
        return rows
    dated = rows.join(occurred, on="_row", how="left", maintain_order="left")
    birth, day = pl.col("birth_date"), pl.col("occurred_on")
    before = (day.dt.month() * 100 + day.dt.day()) < (birth.dt.month() * 100 + birth.dt.day())
    age = (day.dt.year() - birth.dt.year()).cast(pl.Int64) - before.cast(pl.Int64)
    computed = pl.when(birth <= day).then(age)
    stated = [pl.col("age_years")] if "age_years" in rows.columns else []
    return dated.with_columns(pl.coalesce(*stated, computed).alias("age_years")).drop("occurred_on")
