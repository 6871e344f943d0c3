"""Text that was UTF-8, was decoded as a Western code page by someone, and can be put right for certain."""

from __future__ import annotations

from typing import Final

import polars as pl

PAIRS_SCHEMA: Final[dict[str, pl.DataType]] = {"old": pl.String(), "new": pl.String()}
"""A text as it came, and the text that it was; one row a distinct text that is repaired, sorted."""

_SUSPECT: Final = (
    "[\u00c2-\u00f4]"
    "[\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
"""A byte that opens a UTF-8 sequence before one that goes on with it, both shown in windows-1252 or latin-1."""

_ROUNDS: Final = 3
"""Text that went wrong twice is seen; more often has not been."""


def repair_mojibake(values: pl.Series) -> pl.DataFrame:
    """Find the texts that are certainly UTF-8 read in windows-1252 or latin-1, and what they were.

    A repair is certain when ``ftfy`` proposes it and the repaired text, written as UTF-8 and read in one of the two
    code pages (up to three times), gives the text as it came, letter by letter. Whatever was lost or changed on the
    way, such as a no-break space turned into a space, makes the text stay as it is.

    Args:
        values: Texts; nulls and repetitions do not matter.

    Returns:
        ``old`` and ``new``, one row for each distinct text that is repaired; empty when there is none.
    """
    suspects = values.filter(values.str.contains(_SUSPECT)).unique().sort()
    if suspects.is_empty():
        return pl.DataFrame(schema=PAIRS_SCHEMA)
    import ftfy  # registers the code pages that keep their five undefined bytes

    pairs = [
        (old, new)
        for old in suspects
        if (new := ftfy.fix_encoding(old)) != old and _certain(old, new)
    ]
    return pl.DataFrame(pairs, schema=PAIRS_SCHEMA, orient="row")


def _certain(old: str, new: str) -> bool:
    """Whether damaging the repaired text gives the text as it came."""
    damaged = {new}
    for _ in range(_ROUNDS):
        damaged = {
            text.encode().decode(page)
            for text in damaged
            for page in ("sloppy-windows-1252", "latin-1")
        }
        if old in damaged:
            return True
    return False
