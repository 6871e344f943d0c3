"""What two persons of one household or family share says nothing of them being one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ipvi_cli.link.comparisons import outcomes, shares

_SHARED: Final = ("address", "unit", "place", "postcode", "phone")
_NUMBERS: Final = ("document", "state_id", "fbi_number", "person_number", "email")
DOUBTED: Final = 0.9
"""Probability that a pair has at most where twins, or father and son, would look the same."""


def allow_for_households(
    pairs: pl.DataFrame, nodes: pl.DataFrame, model: Mapping[str, Any]
) -> pl.DataFrame:
    """Count what a household shares once, or not at all, where the given names are different.

    The weights of splink add up as if address, telephone and postcode were told by chance alone; those who live
    together share all of them, and partners are what these records are about. So of two records with different given
    names only the strongest of these counts, and none where a date of birth is missing.

    Twins share all but the given name, father and son all but the date of birth and the suffix; a suffix that is
    written says that there is another of that name. Without a number that agrees, such pairs are doubted, however much
    else is the same.

    Args:
        pairs: Scored pairs with ``evidence``, the weights of the fields and their outcomes.
        nodes: Prepared records.
        model: The trained model.

    Returns:
        The pairs with ``evidence`` corrected, and ``at_most``, the most that its probability can be.
    """
    if "is_given" not in pairs.columns:
        return pairs.with_columns(pl.lit(1.0).alias("at_most"))
    shared = [f"mw_{name}" for name in _SHARED if f"mw_{name}" in pairs.columns]
    told, most = pl.lit(0.0), pl.lit(0.0)
    if shared:
        told = pl.sum_horizontal(pl.col(shared).clip(0))
        most = pl.max_horizontal(pl.col(shared).clip(0))
    differs = (pl.col("is_given") == 0) | (pl.col("mw_given") < 0)
    doubted = differs | _half_exchanged(model)
    birth = pl.lit(0.0)
    if "is_birth" in pairs.columns:
        birth = pl.col("mw_birth")
        unknown = pl.col("is_birth") < 0
        doubted |= pl.col("is_birth") == 0
        suffix = nodes.filter("primary").sort("row")["suffix"].fill_null("")
        other = pl.lit(suffix.gather(pairs["a"]) != suffix.gather(pairs["b"]))
        doubted |= other & unknown
        if "is_suffix" in pairs.columns:
            same = outcomes(model, "birth")["same"]
            doubted |= (pl.col("is_suffix") == 0) & (pl.col("is_birth") != same)
        for name in ("is_middle", "is_sex"):
            if name in pairs.columns:
                doubted |= (pl.col(name) == 0) & unknown
    if "is_sex" in pairs.columns:
        exact = pl.col("is_given") >= outcomes(model, "given")["short form of the same"]
        doubted |= (pl.col("is_sex") == 0) & ~exact
    doubted &= ~number_agrees(pairs)
    held = pl.when(doubted).then(DOUBTED).otherwise(1.0).alias("at_most")
    found = pairs.with_columns(
        pl.when(differs & (birth < 0))
        .then(pl.col("evidence") - told + most)
        .when(differs & (birth == 0))
        .then(pl.col("evidence") - told)
        .otherwise(pl.col("evidence"))
        .alias("evidence"),
        held,
    )
    return _as_twins_have_it(found, shared, model)


def _as_twins_have_it(
    pairs: pl.DataFrame, shared: list[str], model: Mapping[str, Any]
) -> pl.DataFrame:
    """Hold given names that are only alike, of one day and home, down by as many twins as other pairs show."""
    if not {"is_birth", "is_surname"}.issubset(pairs.columns) or not shared:
        return pairs
    given, birth = outcomes(model, "given"), outcomes(model, "birth")
    home = (
        pl.any_horizontal(pl.col(shared) > 0) & ~number_agrees(pairs) & (pl.col("is_surname") > 0)
    )
    one_day = home & (pl.col("is_birth") == birth["same"])
    twins = int(pairs.select((one_day & (pl.col("is_given") == 0)).sum()).item())
    held = pl.lit(1.0)
    others = shares(model, "given", "u_probability")
    for label in others:
        if label not in ("same", "different"):
            alike = one_day & (pl.col("is_given") == given[label])
            by_chance = twins * others[label] / others["different"]
            least = (1 - by_chance / alike.sum().clip(1)).clip(0)
            held = pl.when(alike).then(pl.min_horizontal(held, least)).otherwise(held)
    return pairs.with_columns(pl.min_horizontal("at_most", held).round(6).alias("at_most"))


def number_agrees(pairs: pl.DataFrame) -> pl.Expr:
    """Say whether a number or an address for mail that stands for one person speaks for a pair."""
    numbers = [f"mw_{name}" for name in _NUMBERS if f"mw_{name}" in pairs.columns]
    return pl.any_horizontal(pl.col(numbers) > 0) if numbers else pl.lit(False)


def _half_exchanged(model: Mapping[str, Any]) -> pl.Expr:
    """Say whether the given name is the other's surname, but the surname is in no way the other's given name."""
    fields = {one["output_column_name"] for one in model["comparisons"]}
    if "surname" not in fields:
        return pl.lit(False)
    exchanged = outcomes(model, "given")["exchanged with the surname"]
    return (pl.col("is_given") == exchanged) & (pl.col("is_surname") == 0)
