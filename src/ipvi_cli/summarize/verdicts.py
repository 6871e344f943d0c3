"""What each definition of an intimate partner says of incidents, victims, pairs and offenders: yes, open or no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Final

import polars as pl

from ipvi_cli.model.definitions import DEFINITIONS, OWN_DEFINITION, Definition, Treatment
from ipvi_cli.summarize.keyed import KEY, keyed, repeated
from ipvi_cli.summarize.levels import SIZE

UNITS: Final = ("incidents", "victims", "pairs", "offenders")

_KEYS: Final = {"incidents": KEY, "victims": "_victim", "pairs": None, "offenders": "_offender"}
_PERSONS: Final = ("victim", "offender")
_BITS: Final = ("yes", "open")
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
    inside = pl.col("in_denominator")
    outside = ~inside & (pl.col("incident_class") != "not_applicable")
    partners = inside & (pl.col("incident_class") == "intimate_partner")
    number, others, intimate = (
        incidents.select(
            inside.sum(), outside.sum().alias("others"), partners.sum().alias("partners")
        )
        .collect(engine="streaming")
        .row(0)
    )
    counted = incidents.filter(inside) if others else None
    called = pairs.filter(pl.col("relationship_class") != "not_applicable").with_columns(keyed())
    if counted is not None:
        called = called.join(counted.select(keyed()), on=KEY, how="semi")
    found: dict[str, Counter[tuple[int, int]]] = {unit: Counter() for unit in UNITS}
    with_pairs = _ask(called, found)
    for tally in found.values():
        tally[0, _ALL_OPEN] += number - with_pairs
    # One of several pairs is a partner's for certain, though every one of them is open.
    among = intimate - counts_of(OWN_DEFINITION, found["incidents"])[0]
    found["incidents"][0, _ALL_OPEN] -= among
    found["incidents"][1 << DEFINITIONS.index(OWN_DEFINITION), _ALL_OPEN] += among
    return dict(found)


def counts_of(definition: Definition, found: Verdicts) -> tuple[int, int, int]:
    """Give what a definition counts, all, and what it leaves open."""
    bit = 1 << DEFINITIONS.index(definition)
    yes = sum(number for (said, _), number in found.items() if said & bit)
    open_ = sum(number for (said, left), number in found.items() if left & bit and not said & bit)
    return yes, sum(found.values()), open_


def _ask(pairs: pl.LazyFrame, found: dict[str, Counter[tuple[int, int]]]) -> int:
    """Add what is said of the pairs.

    Returns:
        The number of their incidents.
    """
    rows = pairs.select(KEY, _kind()).collect(engine="streaming")
    among = repeated(rows[KEY])
    several = rows[KEY].is_in(among.implode())
    # The only pair of an incident stands for its victim and its offender too.
    alone = _tallied(rows.select(pl.col("kind").filter(~several)))
    for tally in found.values():
        tally.update(alone)
    for some in among.to_frame().iter_slices(SIZE):
        rest = pairs.filter(pl.col(KEY).is_in(some[KEY].implode())).select(
            KEY,
            _kind(),
            *(pl.coalesce(f"{one}_id", "pair_id").hash().alias(f"_{one}") for one in _PERSONS),
        )
        shared = rest.collect(engine="streaming")
        for unit, key in _KEYS.items():
            found[unit].update(_tallied(shared, key))
    return rows.height - int(several.sum()) + among.len()


def _tallied(rows: pl.DataFrame, key: str | None = None) -> dict[tuple[int, int], int]:
    """Count pairs, or what the key names, by what is said of them."""
    if key is None:
        kinds = rows.lazy().group_by("kind").agg(pl.len().alias("n"))
        told = _told(kinds.collect(engine="streaming"))
    else:
        told = _told(rows).group_by(key).agg(pl.col(_BITS).bitwise_or()).with_columns(n=1)
    counted = told.group_by(_BITS).agg(pl.col("n").sum())
    return {(yes, open_): n for yes, open_, n in counted.iter_rows()}


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    """Put what the definitions say in the place of the kind."""
    kinds = rows["kind"].unique().to_list()
    return rows.select(
        pl.exclude("kind"),
        *(
            pl.col("kind")
            .replace_strict(
                kinds, [_said_of(kind)[place] for kind in kinds], return_dtype=pl.UInt16
            )
            .alias(name)
            for place, name in enumerate(_BITS)
        ),
    )


_of_class, _tie, _status, _reason = (
    pl.col(name) for name in ("relationship_class", "tie", "partner_status", "reason")
)

_TRAITS: Final = {
    "partner": _of_class == "intimate_partner",
    "undetermined": _of_class == "undetermined",
    "cohabitant": (_reason == "ambiguous_term") & (pl.col("candidates") == _NEITHER_NOR),
    "otherwise_known": _reason == "otherwise_known_dv",
    "former": _status == "former",
    "status_open": _status.is_in(["either", "unknown"]) | _status.is_null(),
    "dating": _tie.is_in(["dating", "ex_dating"]),
    "tie_open": _tie == "partner_unspecified",
    "child_alone": _tie == "co_parent",
}
"""All that definitions look at in a pair, each a bit of its kind."""


def _kind() -> pl.Expr:
    return (
        pl.sum_horizontal(
            trait.fill_null(False).cast(pl.UInt16) * (1 << place)
            for place, trait in enumerate(_TRAITS.values())
        )
        .cast(pl.UInt32)
        .alias("kind")
    )


@cache
def _said_of(kind: int) -> tuple[int, int]:
    """Give the definitions that say yes, and those that leave it open, of a kind of pair; few kinds occur."""
    traits = {name for place, name in enumerate(_TRAITS) if kind >> place & 1}
    said = [_treatment(one, traits) for one in DEFINITIONS]
    counted, left_open = (
        sum(1 << place for place, how in enumerate(said) if how == wanted)
        for wanted in ("counted", "left_open")
    )
    return counted, left_open


def _treatment(one: Definition, traits: set[str]) -> Treatment:
    """Say what a definition makes of a pair."""
    if "partner" not in traits:
        if "cohabitant" in traits:
            return one.cohabitants
        if "otherwise_known" in traits:
            return one.otherwise_known
        return "left_open" if "undetermined" in traits else "left_out"
    ruled_out = {"former": one.former, "dating": one.dating}
    if any(how == "left_out" and name in traits for name, how in ruled_out.items()):
        return "left_out"
    # What the record does not say, and the definition asks for.
    asked = {
        "status_open": one.former == "left_out",
        "tie_open": one.dating == "left_out",
        "child_alone": one.child_in_common == "left_open",
    }
    return (
        "left_open"
        if any(name in traits for name, wanted in asked.items() if wanted)
        else "counted"
    )
