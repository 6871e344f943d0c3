"""Records to persons: exact links, a trained model, compared pairs, and the persons that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from ipvi_cli.link.blocking import add_keys
from ipvi_cli.link.clusters import Clusters, joined, make_persons
from ipvi_cli.link.commonness import allow_for_common_names, crowded_rows
from ipvi_cli.link.comparisons import COMPARISONS, usable
from ipvi_cli.link.fields import prepare
from ipvi_cli.link.household import allow_for_households
from ipvi_cli.link.numbers import Exact, link_exactly
from ipvi_cli.link.rivals import allow_for_rivals
from ipvi_cli.link.scoring import prior, probability, score
from ipvi_cli.link.training import FEWEST_RECORDS, mended, quiet, train
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.linked import THRESHOLDS

STRICT: Final = THRESHOLDS[0]
"""Least probability of a link on which a level may rest: a false one raises somebody's level."""

LOOSE: Final = THRESHOLDS[1]
"""Least probability of a link that is rather right than wrong; figures at both thresholds say what linking does."""

FAINT: Final = 0.05
"""Pairs below this probability are no question for anybody."""

_LEAST_STATED: Final = 20


@dataclass(frozen=True)
class Decisions:
    """What persons decided about pairs of records, as rows.

    Attributes:
        same: Pairs that are one person.
        apart: Pairs that are not.
    """

    same: Sequence[tuple[int, int]] = ()
    apart: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Linked:
    """Records linked to persons.

    Attributes:
        clusters: The persons at both thresholds, by row.
        pairs: Compared pairs that are not out of the question: ``a`` and ``b`` (rows), ``evidence``, ``probability``,
            ``mw_<field>``, ``is_<field>``, ``at_most``.
        exact: What shared numbers say.
        model: The weights; ``None`` where the records are too few to learn any.
        share: Share of all possible pairs that are of one person, as estimated.
        alone: Records that say too little to be linked by what they say.
        keys: Keys under which records were brought together.
    """

    clusters: Clusters
    pairs: pl.DataFrame
    exact: Exact
    model: Mapping[str, Any] | None
    share: float | None
    alone: int
    keys: tuple[str, ...] = field(default=())


def link_records(
    raw: pl.DataFrame,
    *,
    labels: pl.DataFrame | None = None,
    model: Mapping[str, Any] | None = None,
    decisions: Decisions | None = None,
    progress: Progress | None = None,
) -> Linked:
    """Link records to persons.

    Args:
        raw: ``row``, from 0 without a gap, and any columns of ``fields.RAW``.
        labels: ``row`` and the agency's own ties between records, where there are any.
        model: A model trained before; by default one is learned from the records.
        decisions: What persons decided.
        progress: Told what is being done.
    """
    tell = progress or (lambda *_: None)
    tell("reading names and dates", 0, 5)
    prepared = prepare(raw)
    labels = raw.select("row") if labels is None else labels
    exact = link_exactly(prepared, labels)
    nodes, keys = add_keys(exact.nodes)
    compared = usable(nodes.filter("primary"), min(_LEAST_STATED, raw.height // 10))
    tell("learning weights", 1, 5)
    with quiet():
        if model is None:
            model = train(nodes, compared)
        elif raw.height:
            model = _of_stated(model, nodes)
        tell("comparing pairs", 2, 5)
        pairs = _no_pairs() if model is None or not keys else score(nodes, model, len(keys))
    births = nodes.filter("primary").sort("row")["birth"].to_list()
    share = None
    if model is not None:
        pairs = allow_for_households(_by_row(pairs, nodes), nodes, model)
        possible = max(1, raw.height * (raw.height - 1) // 2)
        share = prior(pairs["evidence"], possible)
        pairs = allow_for_common_names(pairs, nodes, model, share)
        share = prior(pairs["evidence"], possible)
        likely = pl.min_horizontal(probability(pl.col("evidence"), share), "at_most")
        pairs = pairs.with_columns(likely.alias("probability")).filter(
            pl.col("probability") >= FAINT
        )
        pairs = allow_for_rivals(pairs, births, joined(exact.pairs, raw.height), share)
    tell("making persons", 4, 5)
    decided = decisions or Decisions()
    clusters = make_persons(
        births,
        pairs,
        strict=STRICT,
        loose=LOOSE,
        decided=decided.same,
        exact=exact.pairs,
        apart=[*decided.apart, *_beside_each_other(labels, nodes)],
        crowded=crowded_rows(nodes),
    )
    alone = _alone(nodes, model, share)
    return Linked(clusters, pairs, exact, model, share, alone, tuple(keys))


def enough(records: int) -> bool:
    """Say whether weights can be learned from so many records."""
    return records >= FEWEST_RECORDS


def _no_pairs() -> pl.DataFrame:
    columns = {"a": pl.Int64, "b": pl.Int64, "evidence": pl.Float64, "probability": pl.Float64}
    return pl.DataFrame(schema={**columns, "at_most": pl.Float64})


def _of_stated(model: Mapping[str, Any], nodes: pl.DataFrame) -> Mapping[str, Any] | None:
    """Keep the comparisons of a stored model whose fields these records state."""
    stated = {one.name for one in usable(nodes, 1)}
    kept = [one for one in model["comparisons"] if one["output_column_name"] in stated]
    if not kept:
        return None
    known = {one.name: one for one in COMPARISONS}
    made = {**model, "comparisons": kept}
    return mended(made, [known[one["output_column_name"]] for one in kept])


def _by_row(pairs: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs of records for those of their names; of several names the best pair counts."""
    if not pairs.height:
        return pairs
    rows = nodes["row"].to_numpy()
    a, b = rows[pairs["a"].to_numpy()], rows[pairs["b"].to_numpy()]
    named = pairs.with_columns(
        pl.Series("a", np.minimum(a, b), pl.Int64), pl.Series("b", np.maximum(a, b), pl.Int64)
    ).filter(pl.col("a") != pl.col("b"))
    if nodes.height == len(set(rows.tolist())):
        return named
    return (
        named.sort("evidence", descending=True, maintain_order=True)
        .unique(["a", "b"], keep="first", maintain_order=True)
        .sort("a", "b")
    )


def _beside_each_other(labels: pl.DataFrame, nodes: pl.DataFrame) -> list[tuple[int, int]]:
    """Name the pairs of offenders, and of victims, whom one incident lists as two, unless all is said alike of them."""
    found: list[tuple[int, int]] = []
    said = nodes.filter("primary").select("row", "given", "surname", "birth")
    for key in ("offender_key", "victim_key"):
        if key not in labels.columns:
            continue
        own = labels.select("row", "incident_id", "role", key).drop_nulls()
        own = own.filter(pl.len().over("incident_id") > 1).join(said, on="row", how="left")
        pairs = own.join(own, on=["incident_id", "role"], suffix="_r").filter(
            (pl.col("row") < pl.col("row_r")) & (pl.col(key) != pl.col(f"{key}_r"))
        )
        alike = pl.all_horizontal(
            pl.col(name).eq_missing(pl.col(f"{name}_r")) for name in ("given", "surname", "birth")
        )
        found += pairs.filter(~alike).select("row", "row_r").sort("row", "row_r").rows()
    return found


def _alone(nodes: pl.DataFrame, model: Mapping[str, Any] | None, share: float | None) -> int:
    """Count the records that would not be linked even to their like: too little is said in them."""
    primary = nodes.filter("primary")
    if model is None or share is None:
        return primary.height
    known = {one.name: one for one in COMPARISONS}
    told = pl.lit(0.0)
    for one in model["comparisons"]:
        first = next(level for level in one["comparison_levels"] if not level.get("is_null_level"))
        weight = float(np.log2(first["m_probability"] / first["u_probability"]))
        stated = pl.all_horizontal(
            pl.col(name).is_not_null() for name in known[one["output_column_name"]].needs
        )
        told = told + pl.when(stated).then(weight).otherwise(0.0)
    enough_said = probability(told, share) >= STRICT
    return int(primary.select((~enough_said).sum()).item())
