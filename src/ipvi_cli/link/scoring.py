"""The pairs of records that may be of one person, each with its weight and what every field said."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from ipvi_cli.link.comparisons import outcomes
from ipvi_cli.link.database import interruptible
from ipvi_cli.link.training import open_linker

LEAST_EVIDENCE: Final = 4.0
"""Pairs with less evidence (base 2) than this are never kept: at any prior that occurs they are of two persons."""

TOLD: Final = ("given", "middle", "surname", "suffix", "birth", "sex")
"""Fields whose outcome is looked at again after the weights are added up."""

_ROUNDS: Final = 200
_SAME_WEIGHT: Final = 1e-7


def score(
    nodes: pl.DataFrame, model: Mapping[str, Any], blocks: int, *, least: float = LEAST_EVIDENCE
) -> pl.DataFrame:
    """Compare the records that share a key.

    Args:
        nodes: Prepared records with the columns ``block_0`` ….
        model: Settings with every probability set.
        blocks: Number of those columns.
        least: Pairs with less evidence are not kept.

    Returns:
        ``a`` and ``b`` (nodes, ``a`` the lower), ``evidence`` (sum of the fields' weights, base 2) and, for each field,
        ``mw_<field>``, its own weight with what the frequency of the value adds (0 where one record does not state
        it); of the fields ``TOLD`` also ``is_<field>``, the outcome as ``comparisons.outcomes`` numbers it; sorted.
    """
    made = copy.deepcopy(dict(model))
    made["blocking_rules_to_generate_predictions"] = [
        {"blocking_rule": f"l.block_{number} = r.block_{number}", "sql_dialect": "duckdb"}
        for number in range(blocks)
    ]
    made["retain_intermediate_calculation_columns"] = True
    made["probability_two_random_records_match"] = 0.5
    linker = open_linker(nodes, made)
    found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    fields = [one["output_column_name"] for one in made["comparisons"]]
    frequencies = {
        one["output_column_name"]
        for one in made["comparisons"]
        if any(level.get("tf_adjustment_column") for level in one["comparison_levels"])
    }
    columns = ", ".join(
        f"mw_{field}, mw_tf_adj_{field}" if field in frequencies else f"mw_{field}"
        for field in fields
    )
    sql = f"SELECT node_l AS a, node_r AS b, match_weight AS evidence, {columns} FROM {found.physical_name}"
    with interruptible():
        frame: pl.DataFrame = linker._db_api.duckdb_con.sql(sql).pl()
    told = [_outcome(made, field).alias(f"is_{field}") for field in TOLD if field in fields]
    whole = [
        (pl.col(f"mw_{field}") + pl.col(f"mw_tf_adj_{field}").fill_null(0.0)).alias(f"mw_{field}")
        for field in fields
        if field in frequencies
    ]
    return (
        frame.with_columns(pl.col("evidence").round(6), *told, *whole)
        .drop(f"mw_tf_adj_{field}" for field in frequencies)
        .sort("a", "b")
    )


def _outcome(model: Mapping[str, Any], field: str) -> pl.Expr:
    """Tell the outcome of a field by its weight; no two have the same one."""
    numbers = outcomes(model, field)
    one = next(each for each in model["comparisons"] if each["output_column_name"] == field)
    found = pl.lit(-1)
    for level in one["comparison_levels"]:
        if not level.get("is_null_level"):
            weight = math.log2(level["m_probability"] / level["u_probability"])
            same = (pl.col(f"mw_{field}") - weight).abs() < _SAME_WEIGHT
            found = pl.when(same).then(numbers[level["label_for_charts"]]).otherwise(found)
    return found.cast(pl.Int8)


def prior(evidence: pl.Series, possible: int) -> float:
    """Find how many of all possible pairs are of one person, so that what is expected and what is scored agree.

    Args:
        evidence: Evidence of the scored pairs, base 2.
        possible: Number of all possible pairs.

    Returns:
        The share, rounded; at least one pair in all.
    """
    odds = np.exp2(np.clip(evidence.to_numpy(), -60.0, 200.0))
    share = min(0.5, max(1.0, float((odds > 2.0**20).sum())) / possible)
    for _ in range(_ROUNDS):
        given = share / (1 - share)
        expected = float((odds * given / (1 + odds * given)).sum())
        new = min(0.5, max(1.0, expected) / possible)
        if math.isclose(new, share, rel_tol=1e-6):
            break
        share = new
    return float(f"{share:.5g}")


def probability(evidence: pl.Expr, share: float) -> pl.Expr:
    """Give the probability that a pair is of one person, rounded to six digits.

    Args:
        evidence: Sum of the weights, base 2.
        share: Share of all possible pairs that are of one person.
    """
    weight = (evidence + math.log2(share / (1 - share))).clip(-60.0, 60.0)
    return (1 / (1 + pl.lit(2.0).pow(-weight))).round(6)
