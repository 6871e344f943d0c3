"""What each definition of an intimate partner says of incidents, victims, pairs and offenders: yes, open or no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from ipvi_cli.model.definitions import DEFINITIONS, Definition
from ipvi_cli.summarize.keyed import KEY, keyed
from ipvi_cli.summarize.levels import SIZE

UNITS: Final = ("incidents", "victims", "pairs", "offenders")

_KEYS: Final = {"incidents": KEY, "victims": "_victim", "pairs": None, "offenders": "_offender"}
_ALL_OPEN: Final = (1 << len(DEFINITIONS)) - 1
_NEITHER_NOR: Final = ["intimate_partner", "other_domestic"]
"""Candidates of the words that allow a partner or a housemate, and nobody else."""

Verdicts = Mapping[tuple[int, int], int]
"""Number of things by their bits: definitions that say yes, and definitions that leave it open."""


def verdicts(pairs: pl.LazyFrame, incidents: pl.LazyFrame) -> dict[str, Verdicts]:
    """Ask every definition about everything in the denominator.

    An incident without a pair stands for one open pair, victim and offender. A person whom the record does not name
    is another one in each pair.

    Args:
        pairs: Classified pairs.
        incidents: Classified incidents.

    Returns:
        The verdicts for each of ``UNITS``.
    """
    counted = incidents.filter("in_denominator")
    number = counted.select(pl.len()).collect(engine="streaming").item()
    parts = -(-number // SIZE) or 1
    found: dict[str, Counter[tuple[int, int]]] = {unit: Counter() for unit in UNITS}
    for part in range(parts):
        inside, without = _part(pairs, counted, part, parts)
        for unit, key in _KEYS.items():
            found[unit].update(_counted(inside, key))
            found[unit][0, _ALL_OPEN] += without
    return dict(found)


def counts_of(definition: Definition, found: Verdicts) -> tuple[int, int, int]:
    """Give what a definition counts, all, and what it leaves open."""
    bit = 1 << DEFINITIONS.index(definition)
    yes = sum(number for (said, _), number in found.items() if said & bit)
    open_ = sum(number for (said, left), number in found.items() if left & bit and not said & bit)
    return yes, sum(found.values()), open_


def _part(
    pairs: pl.LazyFrame, counted: pl.LazyFrame, part: int, parts: int
) -> tuple[pl.DataFrame, int]:
    """Give the pairs of some of the incidents, and how many of these have none."""
    of_part = pl.col(KEY) % parts == part
    keys = counted.select(keyed()).filter(of_part).collect(engine="streaming")
    rows = (
        pairs.filter(pl.col("relationship_class") != "not_applicable")
        .select(
            keyed(),
            pl.coalesce("victim_id", "pair_id").hash().alias("_victim"),
            pl.coalesce("offender_id", "pair_id").hash().alias("_offender"),
            _bits(_counts).alias("yes"),
            _bits(_is_open).alias("open"),
        )
        .filter(of_part)
        .join(keys.lazy(), on=KEY, how="semi")
        .collect(engine="streaming")
    )
    return rows, keys.height - rows[KEY].n_unique()


def _counted(rows: pl.DataFrame, key: str | None) -> dict[tuple[int, int], int]:
    both = ["yes", "open"]
    if key is not None:
        rows = rows.lazy().group_by(key).agg(pl.col(both).bitwise_or()).collect(engine="streaming")
    return {(yes, open_): n for yes, open_, n in rows.group_by(both).len().iter_rows()}


def _bits(says: Callable[[Definition], pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(
        says(one).fill_null(False).cast(pl.UInt16) * (1 << place)
        for place, one in enumerate(DEFINITIONS)
    ).cast(pl.UInt16)


_of_class, _tie, _status, _reason = (
    pl.col(name) for name in ("relationship_class", "tie", "partner_status", "reason")
)
_partner = _of_class == "intimate_partner"
_former = _status == "former"
_dating = _tie.is_in(["dating", "ex_dating"])
_cohabitant = (_reason == "ambiguous_term") & (pl.col("candidates") == _NEITHER_NOR)
_known = _reason == "otherwise_known_dv"


def _counts(one: Definition) -> pl.Expr:
    ruled = _ruled_out(one) | _doubted(one)
    return (_partner & ~ruled) | _when(one.cohabitants == "counted", _cohabitant)


def _is_open(one: Definition) -> pl.Expr:
    settled = _when(one.cohabitants != "left_open", _cohabitant) | _when(
        one.otherwise_known != "left_open", _known
    )
    undetermined = (_of_class == "undetermined") & ~settled.fill_null(False)
    return undetermined | (_partner & _doubted(one) & ~_ruled_out(one))


def _ruled_out(one: Definition) -> pl.Expr:
    """Say of a partner that the definition does not count the tie."""
    out = _when(one.former == "left_out", _former) | _when(one.dating == "left_out", _dating)
    return out.fill_null(False)


def _doubted(one: Definition) -> pl.Expr:
    """Say of a partner that the record does not say what the definition asks for."""
    status = _when(
        one.former == "left_out", _status.is_in(["either", "unknown"]) | _status.is_null()
    )
    kind = _when(one.dating == "left_out", _tie == "partner_unspecified")
    child = _when(one.child_in_common == "left_open", _tie == "co_parent")
    return (status | kind | child).fill_null(False)


def _when(applies: bool, expression: pl.Expr) -> pl.Expr:
    return expression if applies else pl.lit(False)
