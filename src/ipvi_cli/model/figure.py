"""Figures: the numbers of the audit, kept as mergeable counts until they are printed."""

from __future__ import annotations

from typing import Final

import polars as pl

CANNOT_BE_MADE: Final = "cannot be made: needs "
"""How the note begins of a figure whose columns are missing; they follow, separated by ``; ``."""

FIGURE_SCHEMA: Final[dict[str, pl.DataType]] = {
    "figure_id": pl.String(),
    "title": pl.String(),
    "counting_unit": pl.String(),
    "by": pl.String(),
    "group": pl.String(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
    "undetermined": pl.Int64(),
    "value": pl.Float64(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "ci_lower": pl.Float64(),
    "ci_upper": pl.Float64(),
    "ci_method": pl.String(),
    "suppressed": pl.Boolean(),
    "note": pl.String(),
}
"""Columns of ``figures.parquet``. ``by`` is ``total``, ``year``, ``month``, ``agency``, ``district``, ``victim_sex``,
``victim_age`` or a figure's own breakdown (two joined by ``/``, as their groups are); ``lower`` and ``upper`` are the
bounds from what is undetermined, ``ci_*`` a sampling interval. What is undetermined is part of the denominator: a share
is numerator / (denominator - undetermined), its bounds are over the whole denominator. In a breakdown into parts
(offences, ties, reasons) a part that does not occur in a group has no row. A figure that cannot be made has one row
with a null ``value`` and a note that names the missing column."""

BEHIND_SCHEMA: Final[dict[str, pl.DataType]] = {
    "unit": pl.String(),
    "adds": pl.Int64(),
    "incident_id": pl.String(),
    "table": pl.String(),
    "source_file": pl.String(),
    "source_row": pl.Int64(),
    "row_fate": pl.String(),
    "record_id": pl.Int64(),
}
"""Columns of a list of what lies behind a number: one row for each row of a file behind each thing that is counted.
``adds`` is what the thing adds to the number, in the first row of each thing; it is null in the others, so that it adds
up."""
