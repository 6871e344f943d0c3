"""The pairs of records that may be of one person, each with its weight and what every field said."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from ipvi_cli.link.database import interruptible
from ipvi_cli.link.training import open_linker

LEAST_EVIDENCE: Final = 4.0
"""Pairs with less evidence (base 2) than this are never kept: at any prior that occurs they are of two persons."""

_ROUNDS: Final = 200


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
        ``mw_<field>``, its own weight (0 where one record does not state it); sorted.
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
    columns = ", ".join(f"mw_{field}" for field in fields)
    sql = f"SELECT node_l AS a, node_r AS b, match_weight AS evidence, {columns} FROM {found.physical_name}"
    with interruptible():
        frame: pl.DataFrame = linker._db_api.duckdb_con.sql(sql).pl()
    return frame.with_columns(pl.col("evidence").round(6)).sort("a", "b")


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
