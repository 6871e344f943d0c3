"""What readers have from earlier releases, and what must be withheld for it."""

from __future__ import annotations

from functools import reduce
from typing import Final

import polars as pl

from ipvi_cli.publish.primary import COUNTS, of_persons
from ipvi_cli.publish.settings import Disclosure

_CELL: Final = ("figure_id", "by", "group")


def stands_from_before(
    figures: pl.DataFrame, small: pl.DataFrame, settings: Disclosure
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Hold figures against those that were given away before.

    Args:
        figures: ``FIGURE_SCHEMA``, with nothing withheld.
        small: A flag for each of ``COUNTS``, row by row: too small to be shown.
        settings: With the earlier figures.

    Returns:
        A flag for each of ``COUNTS``, row by row: what is withheld, and what readers know. A count is withheld when it
        was before, or when it differs by no more than the threshold from what was shown; one that was shown as it is
        now is known.
    """
    known = small.with_columns(pl.lit(False).alias(name) for name in COUNTS)
    if not settings.earlier:
        return small, known
    each = [_against(figures, earlier, settings.threshold) for earlier in settings.earlier]
    hidden = reduce(_either, (one[0] for one in each), small)
    return hidden, reduce(_either, (one[1] for one in each), known)


def _either(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame([left[name] | right[name] for name in COUNTS])


def _against(
    figures: pl.DataFrame, earlier: pl.DataFrame, threshold: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    before = earlier.unique(_CELL, keep="first", maintain_order=True).select(
        *_CELL, pl.lit(True).alias("_there"), *(pl.col(name).alias(f"_{name}") for name in COUNTS),
        pl.col("suppressed").fill_null(False).alias("_suppressed"),
    )  # fmt: skip
    both = figures.join(before, on=list(_CELL), how="left", maintain_order="left")
    there = pl.col("_there").fill_null(False) & of_persons()
    hidden, known = {}, {}
    for name in COUNTS:
        now, then = pl.col(name), pl.col(f"_{name}")
        moved = (now - then).abs().is_between(1, threshold).fill_null(False)
        gone = now.is_not_null() & then.is_null() & pl.col("_suppressed").fill_null(False)
        hidden[name] = there & (moved | gone)
        known[name] = there & (now == then).fill_null(False)
    return both.select(**hidden), both.select(**known)
