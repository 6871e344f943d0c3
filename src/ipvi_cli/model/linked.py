"""The columns of what linking leaves in a workspace, which other rooms read."""

from __future__ import annotations

from typing import Final

import polars as pl

THRESHOLDS: Final = (0.95, 0.5)
"""Least probability of a link: one on which a level may rest, since a false one raises somebody's level; and one that
is rather right than wrong. Figures at both say what linking does."""

PERSON_SCHEMA: Final[dict[str, pl.DataType]] = {
    "record_table": pl.String(),
    "record_id": pl.Int64(),
    "role": pl.String(),
    "person_id": pl.String(),
    "match_probability": pl.Float64(),
    "person_id_loose": pl.String(),
    "match_probability_loose": pl.Float64(),
}
"""Columns of ``persons.parquet``."""

PERSON_ROLES: Final = (
    "offender", "victim", "arrestee", "charged", "respondent", "protected", "notified", "supervised", "prior",
    "listed",
)  # fmt: skip
"""What a person is in a record."""

QUALITY_SCHEMA: Final[dict[str, pl.DataType]] = {
    "measure": pl.String(),
    "strict": pl.Float64(),
    "loose": pl.Float64(),
}
"""Columns of ``link_quality.parquet``."""
