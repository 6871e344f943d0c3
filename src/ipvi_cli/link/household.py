"""What two persons of one household share says nothing of them being one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

_SHARED: Final = ("address", "unit", "place", "postcode", "phone")
_NUMBERS: Final = ("document", "state_id", "fbi_number", "person_number", "email")
TWINS: Final = 0.9
"""Probability that a pair of different given names and sexes with one date of birth has at most."""


def allow_for_households(pairs: pl.DataFrame, model: Mapping[str, Any]) -> pl.DataFrame:
    """Count what a household shares once, or not at all, where the given names are different.

    The weights of splink add up as if address, telephone and postcode were told by chance alone; those who live
    together share all of them, and partners are what these records are about. So of two records with different given
    names only the strongest of these counts, and none where a date of birth is missing.

    Args:
        pairs: Scored pairs with ``evidence`` and the weights of the fields.
        model: The trained model.

    Returns:
        The pairs with ``evidence`` corrected, and ``twins``: different given name and sex, same date of birth.
    """
    fields = [f"mw_{name}" for name in _SHARED if f"mw_{name}" in pairs.columns]
    if "mw_given" not in pairs.columns:
        return pairs.with_columns(pl.lit(False).alias("twins"))
    differs = _is_different("given", model)
    birth = pl.col("mw_birth") if "mw_birth" in pairs.columns else pl.lit(0.0)
    told = pl.sum_horizontal(pl.col(fields).clip(0)) if fields else pl.lit(0.0)
    most = pl.max_horizontal(pl.col(fields).clip(0)) if fields else pl.lit(0.0)
    twins = pl.lit(False)
    if "mw_sex" in pairs.columns:
        numbers = [f"mw_{name}" for name in _NUMBERS if f"mw_{name}" in pairs.columns]
        agreed = pl.any_horizontal(pl.col(numbers) > 0) if numbers else pl.lit(False)
        twins = differs & _is_different("sex", model) & ~agreed
    return pairs.with_columns(
        pl.when(differs & (birth < 0))
        .then(pl.col("evidence") - told + most)
        .when(differs & (birth == 0))
        .then(pl.col("evidence") - told)
        .otherwise(pl.col("evidence"))
        .alias("evidence"),
        twins.alias("twins"),
    )


def _is_different(field: str, model: Mapping[str, Any]) -> pl.Expr:
    """Say whether a field came out different in every way."""
    import math

    one = next(each for each in model["comparisons"] if each["output_column_name"] == field)
    last = one["comparison_levels"][-1]
    weight = math.log2(last["m_probability"] / last["u_probability"])
    column = pl.col(f"mw_{field}")
    return ((column - weight).abs() < 1e-9) & (column != 0)
