"""Columns that a delivery gained, lost or seems to have renamed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from ipvi_cli.model.difference import differences

_ALIKE: Final = 0.75
"""Likeness of two names (``difflib`` ratio) from which on one may be the other, renamed."""


def column_changes(
    old: Mapping[str, Iterable[str]],
    new: Mapping[str, Iterable[str]],
    mapped: Mapping[str, frozenset[str]],
) -> pl.DataFrame:
    """Say which columns of the files came and went.

    Args:
        old: Columns of the earlier delivery, by source.
        new: Columns of the later one, by source.
        mapped: Columns that the profile maps, by source; losing one of these is drift.

    Returns:
        ``DIFFERENCE_SCHEMA`` of kind ``column``.
    """
    rows: list[tuple[object, ...]] = []
    for source in sorted({*old, *new}):
        before, after = list(old.get(source, ())), list(new.get(source, ()))
        if not before or not after:
            what = "source lost" if before else "source added"
            rows.append(
                ("column", source, None, what, *_there(before, after), None, None, bool(before))
            )
            continue
        lost = [name for name in before if name not in after]
        added = [name for name in after if name not in before]
        for name in lost:
            again = _renamed(name, added) or _in_its_place(name, before, after, added)
            what = f"renamed to {again}, it seems" if again else "lost"
            drift = name in mapped.get(source, frozenset())
            rows.append(("column", source, name, what, 1.0, 0.0, None, None, drift))
            if again:
                added.remove(again)
        rows.extend(
            ("column", source, name, "added", 0.0, 1.0, None, None, False) for name in added
        )
    return differences(rows)


def _there(before: list[str], after: list[str]) -> tuple[float, float]:
    return float(bool(before)), float(bool(after))


def _renamed(name: str, added: list[str]) -> str | None:
    folded = {_folded(other): other for other in reversed(added)}
    if _folded(name) in folded:
        return folded[_folded(name)]
    near = difflib.get_close_matches(_folded(name), list(folded), n=1, cutoff=_ALIKE)
    return folded[near[0]] if near else None


def _in_its_place(name: str, before: list[str], after: list[str], added: list[str]) -> str | None:
    """Name the new column that stands where another stood, in files of the same width."""
    if len(before) != len(after):
        return None
    other = after[before.index(name)]
    return other if other in added else None


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
