"""Columns whose cells repeat, read once per different cell and not once per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

_LOOKED_AT: Final = 4096
"""Rows looked at to see whether cells repeat."""

_REPEATED: Final = 2
"""Cells that stand this often among them on average are worth telling apart."""


@dataclass(frozen=True)
class Distinct:
    """A column of text by its different cells.

    Attributes:
        cells: The cells to be read: each different one once, or those of all rows where few repeat.
        places: For each row the place of its cell among ``cells``; ``None`` where they are those of the rows.
    """

    cells: pl.Series
    places: pl.Series | None

    def spread(self, read: pl.Series) -> pl.Series:
        """Give each row what was read of its cell.

        Args:
            read: One value for each of ``cells``.

        Returns:
            The values by row; texts as an ``Enum`` where cells repeat, which takes a byte or two of each row.
        """
        if self.places is None:
            return read
        return (as_enum(read) if read.dtype == pl.String else read).gather(self.places)

    def rows(self) -> pl.Series:
        """Count the rows of each of ``cells``."""
        if self.places is None:
            return pl.repeat(1, self.cells.len(), dtype=pl.UInt32, eager=True)
        counted = self.places.value_counts(name="rows")
        none = pl.repeat(0, self.cells.len(), dtype=pl.UInt32, eager=True)
        return none.scatter(counted.to_series(0), counted["rows"].cast(pl.UInt32))


def as_enum(texts: pl.Series) -> pl.Series:
    """Give texts as an ``Enum`` of just these texts, in the order in which they first appear."""
    return texts.cast(pl.Enum(texts.drop_nulls().unique(maintain_order=True)))


def repeated(text: str, rows: int) -> pl.Series:
    """Give one text for every row, as an ``Enum``."""
    return as_enum(pl.Series([text])).new_from_index(0, rows)


def of_all(text: str, rows: int) -> Distinct:
    """Give a column that holds one text in every row."""
    if not rows:
        return Distinct(pl.Series("cell", dtype=pl.String), None)
    return Distinct(pl.Series("cell", [text]), pl.repeat(0, rows, dtype=pl.UInt32, eager=True))


def distinct(column: pl.Series) -> Distinct:
    """Tell the different cells of a column apart where they repeat.

    Args:
        column: Text cells.

    Returns:
        The different cells in the order in which they first appear, the null last.
    """
    head = column.head(_LOOKED_AT)
    if head.n_unique() * _REPEATED > head.len():
        return Distinct(column, None)
    coded = column.cast(pl.Categorical(pl.Categories.random()))
    places = coded.to_physical()
    known = coded.unique(maintain_order=True).drop_nulls()
    cells = known.cast(pl.String).gather(known.to_physical().arg_sort())
    if coded.null_count():
        places = places.fill_null(cells.len())
        cells = cells.extend(pl.Series([None], dtype=pl.String))
    return Distinct(cells.alias(column.name), places)
