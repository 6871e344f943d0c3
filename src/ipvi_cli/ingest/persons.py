"""Victims and offenders of a batch: their numbers within the incident, and their age at it."""

from __future__ import annotations

import polars as pl

from ipvi_cli.ingest.plan import Feed

_ITEMS = 1000
"""Room for the packed persons of one row, so that those of a later row of the incident get other numbers."""


def number_persons(
    rows: pl.DataFrame,
    feed: Feed,
    keys: pl.DataFrame,
    known: tuple[pl.Series, pl.Series] | None,
    fed: int,
) -> pl.DataFrame:
    """Give each person an identifier within the incident.

    Args:
        rows: Mapped rows of a person table.
        feed: How the source feeds the table.
        keys: Key columns of the batch with ``_ordinal``, the number of the row within its incident.
        known: Number of the person in the incident and whether the row is the first that names the person, by
            position in the batch, where the source lets a person be known again.
        fed: Sources that fed this table before.

    Returns:
        The rows that state a person, and every item of a list, with ``<table>_id`` and ``_first``; offenders also with
        ``offender_unknown``.
    """
    letter = feed.table[0].upper() if not fed else f"{feed.table[0].upper()}{fed + 1}."
    number = f"{feed.table}_number"
    if feed.packed is None:
        rows = rows.filter("_stated")
    # Whoever stands in a list of persons is there, even if nothing else is said of them.
    place = rows["_row"]
    if known is not None:
        counted = known[0].gather(place) + 1
        first = known[1].gather(place)
    else:
        size = _ITEMS if feed.packed is not None else feed.total
        counted = keys["_ordinal"].gather(place) * size + rows["_item"] + feed.offset + 1
        first = pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True)
    own = pl.col(number) if number in rows.columns else pl.lit(None, pl.Int64)
    rows = rows.with_columns(counted.alias("_counted"), first.alias("_first")).with_columns(
        pl.concat_str(
            "incident_id", pl.lit(f":{letter}"), pl.coalesce(own, pl.col("_counted"))
        ).alias(f"{feed.table}_id")
    )
    if feed.table == "offender":
        rows = rows.with_columns((own == 0).fill_null(False).alias("offender_unknown"))
    return rows


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
