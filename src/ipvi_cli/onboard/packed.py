"""Cells that hold a list of persons, as ``0::Victim||1::Suspect``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

_SIGNS: Final = (("||", "::"), ("|", "::"), ("|", ":"), (";", ":"))
_SHARE: Final = 0.95
_SEVERAL: Final = 0.01


@dataclass(frozen=True)
class Packing:
    """How cells are packed.

    Attributes:
        items: Separator between items.
        key: Separator between the number of an item and its value.
    """

    items: str
    key: str


def packing(cells: pl.Series) -> Packing | None:
    """Say how the cells of a column are packed.

    Args:
        cells: The column, as text.

    Returns:
        The separators; ``None`` where cells hold one value.
    """
    filled = cells.drop_nulls().str.strip_chars()
    filled = filled.filter(filled != "")
    if filled.is_empty() or not filled.head(200).str.contains(r"^\d{1,3}:").any():
        return None
    for items, key in _SIGNS:
        sign, mark = _escaped(items), _escaped(key)
        other = f"[^{sign[-1]}]" if len(items) == 1 else r"(?:[^|]|\|[^|])"
        pattern = rf"^\d{{1,3}}{mark}{other}*(?:{sign}\d{{1,3}}{mark}{other}*)*$"
        several = filled.str.contains(items, literal=True).mean()
        fits = filled.str.contains(pattern).mean()
        if _number(fits) >= _SHARE and _number(several) >= _SEVERAL:
            return Packing(items, key)
    return None


def unpacked(cells: pl.Series, how: Packing) -> pl.Series:
    """Give the values of all items, a row for each."""
    return (
        cells.drop_nulls()
        .str.split(how.items)
        .explode()
        .drop_nulls()
        .str.splitn(how.key, 2)
        .struct.field("field_1")
        .str.strip_chars()
        .alias(cells.name)
    )


def _escaped(sign: str) -> str:
    return sign.replace("|", r"\|")


def _number(mean: object) -> float:
    return float(mean) if isinstance(mean, int | float) else 0.0
