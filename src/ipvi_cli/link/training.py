"""The weights of the comparisons: learned with splink, seeded, and mended where nothing was learned."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import polars as pl

from ipvi_cli.link.comparisons import Comparison, settings
from ipvi_cli.link.database import for_splink, open_database

SEED: Final = 20190331
FEWEST_RECORDS: Final = 200
"""Records below which nothing is learned: then only exact links are made."""

_FEWEST_PAIRS: Final = 40
MOST_PAIRS: Final = 2_000_000
_RANDOM: Final = (80_000, 1_500_000)
_DIGITS: Final = 6
_ONE_PROCESSOR: Final = 20_000
"""Records below which sharing the work out costs more than the work."""
_LEAST_SHARE: Final = 0.001
"""Least share of the pairs of one person that any outcome is taken to have: every field is written wrongly at times."""

_NO_MATCH: Final = 0.998
"""Most that a difference counts: less than nothing, so that its weight is not that of what is not stated."""
_NEXT: Final = 0.999
"""The most that an outcome counts, as part of a closer one: no two have one weight."""

TRAINED_ON: Final = (
    ("given", "surname"),
    ("birth",),
    ("document",),
    ("email",),
    ("state_id",),
    ("fbi_number",),
)
"""Fields that the pairs share from which the weights of the other fields are learned, the best first.

Never address or telephone: those who share them are couples, and couples are not one person.
"""

_ELSE_ON: Final = (("surname", "postcode"), ("surname", "place"), ("given", "place"))
"""Fields that serve where fewer than two of the above bring enough pairs."""

_TELLING: Final = frozenset(
    {"given", "surname", "birth", "sex", "document", "state_id", "fbi_number", "person_number"}
)
"""Fields that are mostly the same in two records of one person, whatever else changes."""

_MOST_DIFFERENT: Final = 0.25

_AGREEING: Final = (
    ("given", "surname", "birth"), ("surname", "birth", "document"), ("given", "surname", "email"),
    ("given", "surname", "phone"), ("given", "surname", "postcode"),
)  # fmt: skip


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the messages of splink back: they may quote the data, and what matters of them is looked at here."""
    log = logging.getLogger("splink")
    before, spoke = log.level, log.disabled
    log.setLevel(logging.CRITICAL)
    log.disabled = True
    try:
        yield
    finally:
        log.setLevel(before)
        log.disabled = spoke


def train(nodes: pl.DataFrame, comparisons: Sequence[Comparison]) -> dict[str, Any] | None:
    """Learn the weights.

    Args:
        nodes: Prepared records; only primary ones are learned from.
        comparisons: What is compared.

    Returns:
        Settings of splink with every probability set, or ``None`` where the records are too few or share too little.
    """
    primary = nodes.filter("primary")
    if primary.height < FEWEST_RECORDS or len(comparisons) < 2:
        return None
    rules = shared_fields(primary, {one.name for one in comparisons})
    if not rules:
        return None
    linker = _learned(primary, comparisons, rules)
    model = mended(
        linker.misc.save_model_to_json(), comparisons, _same_by_chance(primary, comparisons)
    )
    return without_matches(model, _matching_share(primary, model))


def _learned(
    nodes: pl.DataFrame, comparisons: Sequence[Comparison], rules: Sequence[tuple[str, ...]]
) -> Any:
    """Learn over each rule; one on which nothing can be learned is left out, as splink says only by failing."""
    from splink.internals.exceptions import SplinkException

    linker = open_linker(nodes, settings(comparisons, 0))
    linker.training.estimate_u_using_random_sampling(
        max_pairs=random_pairs(nodes.height), seed=SEED, num_chunks=1
    )
    for rule in rules:
        condition = " AND ".join(f"l.{name} = r.{name}" for name in rule)
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                condition,
                estimate_without_term_frequencies=True,
                max_pairs=MOST_PAIRS,
                record_sample_proportion=0.1,
            )
        except (ValueError, SplinkException):
            # A share fell to nothing. The linker is left half changed, so it is begun anew.
            return _learned(nodes, comparisons, [other for other in rules if other != rule])
    return linker


def random_pairs(records: int) -> int:
    """Say how many random pairs show what two persons have in common: more where more records can be told apart."""
    least, most = _RANDOM
    return min(most, max(least, 20 * records))


def open_linker(nodes: pl.DataFrame, made: dict[str, Any]) -> Any:
    """Open splink over records on a database of its own in memory, without a word on the terminal."""
    from splink import Linker

    api = for_splink(open_database(one_processor=nodes.height < _ONE_PROCESSOR))
    return Linker(api.register(nodes.to_arrow()), made, log_level=None, validate_settings=False)


def shared_fields(nodes: pl.DataFrame, compared: set[str]) -> list[tuple[str, ...]]:
    """Choose at most three sets of shared fields that bring enough pairs, and together leave no field untrained."""
    chosen: list[tuple[str, ...]] = []
    for rules, enough in ((TRAINED_ON, 3), (_ELSE_ON, 2)):
        for rule in rules:
            if len(chosen) >= enough or not compared.issuperset(rule):
                continue
            sizes = nodes.drop_nulls(rule).group_by(rule).len()["len"].cast(pl.Int64)
            if int((sizes * (sizes - 1) // 2).sum()) >= _FEWEST_PAIRS:
                chosen.append(rule)
    return chosen


def _same_by_chance(nodes: pl.DataFrame, comparisons: Sequence[Comparison]) -> dict[str, float]:
    """Count how often two records have the very same value, over all pairs and not a sample: shares by field."""
    shares = {}
    for one in comparisons:
        column = nodes[one.name] if one.name in nodes.columns else None
        if column is None or one.levels[0].sql != f"{one.name}_l = {one.name}_r":
            continue
        sizes = column.drop_nulls().value_counts()["count"].cast(pl.Int64)
        pairs = int(sizes.sum()) * (int(sizes.sum()) - 1)
        if pairs:
            shares[one.name] = int((sizes * (sizes - 1)).sum()) / pairs
    return shares


def mended(
    model: dict[str, Any],
    comparisons: Sequence[Comparison],
    chance: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Fill in what was not learned, and keep the order of the levels.

    A level that no pair showed keeps what was expected of it before training. No level counts more than the
    closest one, and a difference never counts for a match.

    Args:
        model: Settings as splink saves them.
        comparisons: What is compared.
        chance: Share of all pairs that have the very same value, by field, where it was counted.

    Returns:
        The settings with every probability set, rounded so that they are the same on every machine.
    """
    expected = {one.name: one for one in comparisons}
    for saved in model["comparisons"]:
        one = expected[saved["output_column_name"]]
        priors = [*((level.matches, level.others) for level in one.levels), (one.rest, 0.9)]
        levels = [level for level in saved["comparison_levels"] if not level.get("is_null_level")]
        most = math.inf
        counted = (chance or {}).get(one.name)
        if counted:
            levels[0]["u_probability"] = counted
        if one.name in _TELLING and (levels[-1].get("m_probability") or 0.0) > _MOST_DIFFERENT:
            # What was learned is not of pairs of one person.
            for level in levels:
                level.pop("m_probability", None)
        for level, (expected_m, u) in zip(levels, priors, strict=True):
            m = max(level.get("m_probability") or expected_m, _LEAST_SHARE)
            ratio = min(m / (level.get("u_probability") or u), most)
            if level is levels[-1]:
                ratio = min(ratio, _NO_MATCH)
            if level is levels[0]:
                most = ratio
            most *= _NEXT
            level["m_probability"] = _rounded(m)
            level["u_probability"] = _rounded(m / ratio)
    return model


def without_matches(model: dict[str, Any], share: float) -> dict[str, Any]:
    """Take the pairs of one person out of what random pairs show.

    Where many records are of few persons, random pairs hold some that match: ``u = share * m + (1 - share) * others``.

    Args:
        model: Settings with every probability set.
        share: Share of all pairs that are of one person.
    """
    for one in model["comparisons"]:
        for level in one["comparison_levels"]:
            if not level.get("is_null_level"):
                m, u = level["m_probability"], level["u_probability"]
                level["u_probability"] = _rounded(max((u - share * m) / (1 - share), u / 50))
    return model


def _matching_share(nodes: pl.DataFrame, model: dict[str, Any]) -> float:
    """Estimate the share of pairs of one person by those that agree in three fields, and how often such agree."""
    same = {
        one["output_column_name"]: level["m_probability"]
        for one in model["comparisons"]
        for level in one["comparison_levels"]
        if level["label_for_charts"] == "same"
    }
    found = 0.0
    pairs = nodes.height * (nodes.height - 1) / 2
    for fields in _AGREEING:
        if all(name in same for name in fields):
            sizes = nodes.drop_nulls(fields).group_by(fields).len()["len"]
            agreeing = int((sizes * (sizes - 1) // 2).sum())
            stated = nodes.select(pl.all_horizontal(pl.col(fields).is_not_null()).mean()).item()
            often = math.prod(same[name] for name in fields) * stated**2
            found = max(found, agreeing / max(often, 0.01) / pairs)
    return min(found, 0.1)


def _rounded(share: float) -> float:
    return float(f"{min(max(share, 1e-9), 0.999999):.{_DIGITS}g}")
