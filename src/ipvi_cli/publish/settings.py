"""What a release may show: the threshold, what is never shown, and what was shown before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.model.disclosure import Counted

SMALLEST_THRESHOLD: Final = 10
"""Counts of 1 to 10 are withheld (CMS cell size policy); a jurisdiction may ask for more, never for less."""


@dataclass(frozen=True)
class Disclosure:
    """How far figures are withheld.

    Attributes:
        threshold: Counts from 1 to this are withheld; also how wide the range must be that a reader can work out for
            anything withheld.
        earlier: Figures of earlier releases, ``FIGURE_SCHEMA``, as they were given away.
        counted: What the counts of the figures add up. Without it a figure is held against its own breakdowns alone.
    """

    threshold: int = SMALLEST_THRESHOLD
    earlier: tuple[pl.DataFrame, ...] = ()
    counted: tuple[Counted, ...] = ()
