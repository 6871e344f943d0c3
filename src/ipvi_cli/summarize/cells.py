"""Counts by month, agency and district, and by what the victims are: small, and added up whatever they are cut into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import polars as pl

DIMENSIONS: Final = ("month", "agency", "district")
"""``month`` counts from January of year 0; all are null where not known."""

VICTIMS: Final = "victims"
"""What the victims are, one bit for each group of sex and of age: an incident may have several."""

PART: Final = "part"
"""What counts are kept apart by besides, where they are: a reason, a tie, an offence, an hour and weekday, a role."""

UNKNOWN: Final = "unknown"

SEXES: Final = ("F", "M", "X", UNKNOWN)

AGE_BANDS: Final = (
    ("0-12", 0), ("13-17", 13), ("18-24", 18), ("25-34", 25), ("35-44", 35), ("45-54", 45), ("55-64", 55),
    ("65+", 65),
)  # fmt: skip
"""Bands of age in years at the incident with their youngest."""

AGES: Final = (*(name for name, _ in AGE_BANDS), UNKNOWN)

_FIRST_AGE: Final = len(SEXES)
NOBODY: Final = 1 << SEXES.index(UNKNOWN) | 1 << (_FIRST_AGE + AGES.index(UNKNOWN))
"""Bits of an incident of whose victims nothing is told."""


def victim_bits() -> pl.Expr:
    """Give the bits of a victim from ``sex`` and ``age_years``."""
    sex = pl.lit(1 << SEXES.index(UNKNOWN), pl.UInt16)
    for bit, name in enumerate(SEXES[:-1]):
        sex = pl.when(pl.col("sex") == name).then(pl.lit(1 << bit, pl.UInt16)).otherwise(sex)
    age = pl.lit(1 << (_FIRST_AGE + AGES.index(UNKNOWN)), pl.UInt16)
    for position, (_, youngest) in enumerate(AGE_BANDS):
        bits = pl.lit(1 << (_FIRST_AGE + position), pl.UInt16)
        age = pl.when(pl.col("age_years") >= youngest).then(bits).otherwise(age)
    return (sex | age).alias(VICTIMS)


def victim_bit(breakdown: str, group: str) -> int:
    """Give the bit of a group of victims, by ``victim_sex`` or ``victim_age``."""
    if breakdown == "victim_sex":
        return 1 << SEXES.index(group)
    return 1 << (_FIRST_AGE + AGES.index(group))


@dataclass(frozen=True)
class Cells:
    """Counts of one kind of thing.

    Attributes:
        places: Counts by ``DIMENSIONS`` and, for a mix, by ``PART``.
        persons: The same counts by ``VICTIMS`` and, for a mix, by ``PART``.
        several_agencies: Whether the delivery is of several agencies, of which two may have a district 1.
    """

    places: pl.DataFrame
    persons: pl.DataFrame
    several_agencies: bool = False
    _made: dict[tuple[str, bool], pl.DataFrame] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def by(self, breakdown: str, *, in_parts: bool = False) -> pl.DataFrame:
        """Add up the counts.

        Args:
            breakdown: ``total``, ``year``, one of ``DIMENSIONS``, ``victim_sex`` or ``victim_age``.
            in_parts: Whether ``PART`` is kept apart.

        Returns:
            ``group`` as a person reads it, ``PART``, and the counts, sorted. Where an incident has victims of several
            groups it counts in each of them.
        """
        if (breakdown, in_parts) not in self._made:
            self._made[breakdown, in_parts] = self._added_up(breakdown, in_parts)
        return self._made[breakdown, in_parts]

    def _added_up(self, breakdown: str, in_parts: bool) -> pl.DataFrame:
        parts = [PART] if in_parts else []
        if breakdown in ("victim_sex", "victim_age"):
            names = SEXES if breakdown == "victim_sex" else AGES
            frame = pl.concat(
                self.persons.filter(
                    pl.col(VICTIMS) & victim_bit(breakdown, name) != 0
                ).with_columns(pl.lit(name).alias("group"))
                for name in names
            )
        else:
            frame = self.placed(breakdown)
        sums = pl.col(_measures(frame)).sum()
        if breakdown == "total" and not in_parts:
            return frame.select(pl.lit("total").alias("group"), sums)
        return frame.group_by("group", *parts).agg(sums).sort("group", *parts)

    def placed(self, breakdown: str) -> pl.DataFrame:
        """Give ``places`` with the ``group`` of each, for ``total``, ``year`` or one of ``DIMENSIONS``."""
        named = label(breakdown, self.several_agencies)
        return self.places.with_columns(named.fill_null(UNKNOWN).alias("group"))


def count(frame: pl.DataFrame | pl.LazyFrame, measures: Sequence[str]) -> Cells:
    """Count things by where and when they are and by what their victims are.

    Args:
        frame: One row for each thing, with ``DIMENSIONS``, ``VICTIMS``, for a mix ``PART``, and the measures.
        measures: Columns that say whether, or how often, a thing counts.
    """
    sums = pl.col(measures).sum().cast(pl.Int64)
    lazy = frame.lazy()
    places, persons = pl.collect_all(
        [lazy.group_by(keys).agg(sums) for keys in _keys(frame)], engine="streaming"
    )
    texts = pl.col(pl.Categorical).cast(pl.String)
    return Cells(places.with_columns(texts), persons.with_columns(texts))


def merged(several: Iterable[Cells]) -> Cells:
    """Add up the counts of several parts of a delivery."""
    return reduce(_added, several)


def _added(left: Cells, right: Cells) -> Cells:
    at, of = _keys(left.places)
    sums = pl.col(_measures(left.places)).sum()
    return Cells(
        pl.concat([left.places, right.places]).group_by(at).agg(sums),
        pl.concat([left.persons, right.persons]).group_by(of).agg(sums),
    )


def _keys(frame: pl.DataFrame | pl.LazyFrame) -> tuple[list[str], list[str]]:
    parts = [PART] if PART in frame.collect_schema() else []
    return [*DIMENSIONS, *parts], [VICTIMS, *parts]


def _measures(frame: pl.DataFrame) -> list[str]:
    keys = {*DIMENSIONS, VICTIMS, PART, "group"}
    return [name for name in frame.columns if name not in keys]


def label(breakdown: str, several_agencies: bool) -> pl.Expr:
    """Name the group of a breakdown by time or place, null where it is not known."""
    year = (pl.col("month") // 12).cast(pl.String).str.zfill(4)
    match breakdown:
        case "total":
            return pl.lit("total")
        case "year":
            return year
        case "month":
            return pl.concat_str(
                year, (pl.col("month") % 12 + 1).cast(pl.String).str.zfill(2), separator="-"
            )
        case "district" if several_agencies:
            return pl.concat_str(pl.col("agency", "district").fill_null(UNKNOWN), separator="/")
        case _:
            return pl.col(breakdown)
