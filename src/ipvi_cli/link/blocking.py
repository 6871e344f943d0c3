"""Which pairs of records are looked at: keys that two records share, none of them so common that it costs too much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

_PAIRS_PER_RECORD: Final = 12
"""Pairs that one rule may bring for each record, on average."""

_LEAST_BUDGET: Final = 3_000_000
"""Pairs that a rule may always bring: below this nothing is slow."""

_LARGEST_BLOCK: Final = 3_000
"""Records that may share one key; a key that more share is no key but a habit of writing."""


@dataclass(frozen=True)
class Key:
    """One way of bringing records together.

    Attributes:
        name: What they share.
        forms: The key, from the widest form to the narrowest; the first that is not too costly is used.
    """

    name: str
    forms: tuple[pl.Expr, ...]


def sound(name: str) -> pl.Expr:
    """Write a name by its consonants: what survives most slips of the pen and of the ear."""
    text = pl.col(name)
    for pattern, sound in ((r"PH", "F"), (r"[CQ]K?|K", "K"), (r"[SZX]+", "S"), (r"[DT]+", "T")):
        text = text.str.replace_all(pattern, sound)
    tail = text.str.slice(1).str.replace_all(r"[AEIOUYHW]", "")
    return pl.concat_str([text.str.slice(0, 1), tail]).str.slice(0, 4)


def _together(*parts: pl.Expr | str) -> pl.Expr:
    """Join parts; null where any is."""
    return pl.concat_str(
        [pl.col(part) if isinstance(part, str) else part for part in parts], separator="|"
    )


def _either_order(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Join two texts in the order of the alphabet, so that exchanged ones meet."""
    return _together(pl.min_horizontal(first, second), pl.max_horizontal(first, second))


def keys() -> tuple[Key, ...]:
    """Give every key that records may share."""
    given, surname, second = pl.col("given"), pl.col("surname1"), pl.col("surname2")
    initial, first = given.str.slice(0, 1), surname.str.slice(0, 1)
    root = pl.col("given_roots").list.last()
    month, day = pl.col("birth").str.slice(5, 2), pl.col("birth").str.slice(8, 2)
    year = pl.col("birth_year")
    return (
        Key("document", (pl.col("document"),)),
        Key("state_id", (pl.col("state_id"),)),
        Key("fbi_number", (pl.col("fbi_number"),)),
        Key("person_number", (pl.col("person_number"),)),
        Key("phone", (pl.col("phone"), _together("phone", initial))),
        Key("email", (pl.col("email"),)),
        Key(
            "names",
            (
                _either_order(given, surname),
                _together(_either_order(given, surname), year),
                _together(_either_order(given, surname), "birth"),
            ),
        ),
        Key("second surname", (_together(given, second), _together(given, second, year))),
        Key(
            "birth",
            (
                pl.col("birth"),
                _together("birth", _either_order(initial, first)),
                _together("birth", _either_order(sound("given"), sound("surname1"))),
            ),
        ),
        Key("sound and year", (_together(sound("surname1"), initial, year),)),
        Key("root and month", (_together(root, year, month), _together(root, first, year, month))),
        Key("surname and month", (_together(surname, year, month),)),
        Key("surname and day", (_together(surname, month, day),)),
        Key("given and day", (_together(given, month, day), _together(given, first, month, day))),
        Key("turned birth", (_together(surname, year, _either_order(month, day)),)),
        Key("address", (_together("number", "street"), _together("number", "street", initial))),
        Key("surname and postcode", (_together(surname, "postcode"),)),
        Key("given and postcode", (_together(given, "postcode"),)),
        Key("surname and place", (_together(surname, "place"), _together(surname, "place", year))),
        Key("given and place", (_together(given, "place"), _together(given, "place", year))),
        Key("unit", (_together("unit", "postcode"),)),
    )


def _year_keys() -> tuple[Key, ...]:
    """Give the keys that stand in for those with a month or day where mostly the year of birth is known."""
    year = pl.col("birth_year")
    return (
        Key("surname and year", (_together("surname1", year),)),
        Key("given and year", (_together("given", year),)),
    )


def add_keys(nodes: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Add to each node the keys under which it meets others.

    Args:
        nodes: Prepared records.

    Returns:
        The nodes with columns ``block_0`` …, null where the key is missing, alone or too common, and the names of the
        keys that bring any pair, by number.
    """
    budget = max(_LEAST_BUDGET, _PAIRS_PER_RECORD * nodes.height)
    found: list[pl.Series] = []
    names: list[str] = []
    dated = int(nodes["birth"].is_not_null().sum())
    with_year = int(nodes["birth_year"].is_not_null().sum())
    for key in (*keys(), *(_year_keys() if dated < with_year / 2 else ())):
        for form in key.forms:
            texts = nodes.select(form.alias("key")).to_series()
            counts = texts.drop_nulls().value_counts(sort=False, name="n")
            shared = counts.filter(pl.col("n").is_between(2, _LARGEST_BLOCK))
            pairs = shared.select((pl.col("n") * (pl.col("n") - 1) // 2).sum()).item()
            if pairs <= budget or form is key.forms[-1]:
                break
        if not pairs or pairs > 4 * budget:
            continue
        numbered = shared.sort("key").select("key", pl.int_range(pl.len()).alias("number"))
        block = (
            pl.DataFrame({"key": texts}).join(numbered, on="key", how="left", maintain_order="left")
        )["number"]
        found.append(block.alias(f"block_{len(names)}"))
        names.append(key.name)
    return nodes.with_columns(found), names
