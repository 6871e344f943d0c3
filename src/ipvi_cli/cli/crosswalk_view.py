"""What site words map to, as a person reads it on a terminal of any width."""

from __future__ import annotations

import polars as pl

_CLASSES = 5
"""Classes that an open word may be of."""


def crosswalk_frame(mapped: pl.DataFrame) -> pl.DataFrame:
    """Bring what is known of each word into few columns.

    Args:
        mapped: ``value``, ``relationship_class`` or ``mapped_to``, ``reason``, ``nibrs_code``, ``candidates`` and
            ``rule``.

    Returns:
        ``value``, ``maps_to`` (with the reason where nothing is decided), ``code`` (of relationships), ``why`` (the
        rule, or what an open word may be).
    """
    of_class = "relationship_class" in mapped.columns
    target = pl.col("relationship_class" if of_class else "mapped_to").str.replace_all("_", " ")
    open_ = pl.col("reason").is_not_null()
    number = pl.col("candidates").list.len().fill_null(0)
    may_be = pl.format("may be {}", pl.col("candidates").list.join(", ").str.replace_all("_", " "))
    why = (
        pl.when(open_ & (number >= _CLASSES))
        .then(pl.lit("may be anything"))
        .when(open_ & (number > 0))
        .then(may_be)
        .otherwise("rule")
    )
    reason = pl.col("reason").str.replace_all("_", " ")
    columns = [
        pl.col("value"),
        pl.concat_str(target, reason, separator=": ", ignore_nulls=True).alias("maps_to"),
        *([pl.col("nibrs_code").alias("code")] if of_class else []),
        why.alias("why"),
    ]
    return mapped.select(columns)
