"""One of several jurisdictions that are held side by side, and what must be known of it first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import polars as pl

from ipvi_cli.model.provenance import Provenance

CELL: Final = ("figure_id", "by", "group")
"""Columns that name a cell of the figures of one jurisdiction."""

_NUMBERS: Final = (
    "numerator", "denominator", "undetermined", "value", "lower", "upper", "ci_lower", "ci_upper", "ci_method",
)  # fmt: skip
_DAYS_OF_MONTH: Final = 365.25 / 12

Value = TypeVar("Value")


@dataclass(frozen=True)
class Peer:
    """One jurisdiction.

    Attributes:
        name: Name under which it is shown; no two have the same.
        told: What its figures were counted from.
        version: Version of the tool that counted them.
        rules: Hash of the rules and crosswalks that decided.
        threshold: Counts from 1 to it are withheld.
        figures: ``FIGURE_SCHEMA``, withheld already.
        definitions: ``figure_id``, ``formula`` and ``kind`` of each figure, and whatever else.
        answers: The partners' answers, ``ANSWER_SCHEMA``; ``None`` where none are known.
    """

    name: str
    told: Provenance
    version: str
    rules: str
    threshold: int
    figures: pl.DataFrame
    definitions: pl.DataFrame
    answers: pl.DataFrame | None = None

    @property
    def months(self) -> int | None:
        """Length of the declared period in months."""
        period = self.told.period
        return (
            None if period is None else round(((period[1] - period[0]).days + 1) / _DAYS_OF_MONTH)
        )

    @property
    def part_years(self) -> tuple[str, ...]:
        """Years of which the declared period holds only a part."""
        if self.told.period is None:
            return ()
        first, last = self.told.period
        parts = []
        if (first.month, first.day) != (1, 1):
            parts.append(str(first.year))
        if (last.month, last.day) != (12, 31):
            parts.append(str(last.year))
        return tuple(parts)

    def rows(self, figure: str, by: str) -> pl.DataFrame:
        """Give the rows of a figure in a breakdown, in the order of their groups."""
        return self.figures.filter((pl.col("figure_id") == figure) & (pl.col("by") == by)).sort(
            "group"
        )


def of_most(values: Sequence[Value]) -> Value | None:
    """Give what more than half of them are; ``None`` where there is no such value.

    Args:
        values: One for each peer.
    """
    value, count = Counter(values).most_common(1)[0]
    return value if count * 2 > len(values) else None


def named_apart(peers: Sequence[Peer]) -> list[Peer]:
    """Put the peers in the order of their names, and number those that are called the same.

    Args:
        peers: The peers; of equal names the earlier one gets the smaller number.
    """
    ordered = sorted(peers, key=lambda peer: peer.name)
    often = Counter(peer.name for peer in peers)
    seen: Counter[str] = Counter()
    apart = []
    for peer in ordered:
        seen[peer.name] += 1
        number = f" ({seen[peer.name]})" if often[peer.name] > 1 else ""
        apart.append(replace(peer, name=f"{peer.name}{number}"))
    return apart


def withheld_throughout(peers: Sequence[Peer]) -> list[Peer]:
    """Withhold in every delivery of a jurisdiction the cells that are withheld in any other of it.

    Two deliveries of the same place hold the same people: what one withholds could be read from the other.

    Args:
        peers: The peers, called as their figures say.
    """
    hidden = pl.concat(
        peer.figures.filter(pl.col("suppressed")).select(
            *CELL, pl.lit(peer.told.jurisdiction).alias("place")
        )
        for peer in peers
    ).unique()
    return [
        replace(peer, figures=_withheld(peer.figures, hidden, peer.told.jurisdiction))
        for peer in peers
    ]


def _withheld(figures: pl.DataFrame, hidden: pl.DataFrame, place: str) -> pl.DataFrame:
    cells = hidden.filter(pl.col("place") == place).select(*CELL, pl.lit(True).alias("elsewhere"))
    marked = figures.join(cells, on=CELL, how="left", nulls_equal=True, maintain_order="left")
    fresh = pl.col("elsewhere").fill_null(False) & ~pl.col("suppressed")
    return marked.with_columns(
        *(pl.when(~fresh).then(name).alias(name) for name in (*_NUMBERS, "note")),
        (pl.col("suppressed") | fresh).alias("suppressed"),
    ).select(figures.columns)
