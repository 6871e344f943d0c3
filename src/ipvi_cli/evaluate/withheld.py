"""An evaluation as it may be shown to others: without small counts, and without what would give one away."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ipvi_cli.model.evaluation import EVALUATION_SCHEMA, EVERYONE

SHOWN_SCHEMA: Final[dict[str, pl.DataType]] = {**EVALUATION_SCHEMA, "suppressed": pl.Boolean()}
"""``suppressed``: the count and all that it could be worked out from are left out."""

_NUMBERS: Final = (
    "numerator", "denominator", "undetermined", "value", "ci_lower", "ci_upper",
)  # fmt: skip
_WHOLE: Final = (EVERYONE, "notified", "not yet notified", "before", "after", "difference")
_NESTED: Final = ("process", "recidivism")
"""Parts whose counts lie within each other: a difference of two is a count of persons as well."""

_COUNTS_PERSONS: Final = ("recidivism", "comparison", "survival", "refused")
"""Parts whose notes hold counts of persons."""


def as_is(rows: pl.DataFrame) -> pl.DataFrame:
    """Give an evaluation with nothing withheld, as ``SHOWN_SCHEMA``."""
    return rows.with_columns(suppressed=pl.lit(False)).select(list(SHOWN_SCHEMA))


def withheld(rows: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Leave out small counts and what would give them away.

    Levels and months are left out, since with the total they tell each other; so are curves. Of the rest a count is
    withheld that is small, whose remainder is small, or that differs by a small count from another of the same persons
    in the same window: who was arrested for anything but not for partner violence is a count too.

    Args:
        rows: ``EVALUATION_SCHEMA``.
        threshold: Greatest count that is withheld.

    Returns:
        ``SHOWN_SCHEMA``.
    """
    month = (pl.col("window") == "month").fill_null(False)
    kept = rows.filter(
        ~month,
        pl.col("part") != "survival",
        pl.col("group").is_in(_WHOLE) | (pl.col("part") == "refused"),
    )
    nests: dict[tuple[str, str | None], set[int]] = {}
    made: list[dict[str, Any]] = []
    hidden: set[tuple[str, str]] = set()
    for row in kept.iter_rows(named=True):
        nest = nests.setdefault((row["part"], row["window"]), set())
        of = (row["part"], row["measure"])
        if row["group"] == "difference":
            small = of in hidden
        else:
            small = _gives_away(row, nest if row["part"] in _NESTED else set(), threshold)
        if small:
            hidden.add(of)
        elif row["numerator"] is not None:
            nest.add(row["numerator"])
        left_out = dict.fromkeys(_NUMBERS) if small else {}
        made.append({**row, **left_out, "note": _note(row), "suppressed": small})
    return pl.DataFrame(made, schema=SHOWN_SCHEMA)


def _note(row: dict[str, Any]) -> str | None:
    note: str | None = row["note"]
    if row["part"] not in _COUNTS_PERSONS or not any(sign.isdigit() for sign in note or ""):
        return note
    return "more data" if row["part"] == "refused" else None


def _gives_away(row: dict[str, Any], others: set[int], threshold: int) -> bool:
    part, whole = row["numerator"], row["denominator"]
    if row["part"] in ("series", "plan"):
        return part is not None and 0 < part <= threshold
    if part is None and whole is not None and row["value"] is not None and row["value"] <= 1:
        part = round(row["value"] * whole)
    told = [abs(part - other) for other in others] if part is not None else []
    told += [n for n in (part, whole, row["undetermined"]) if n is not None]
    if part is not None and whole is not None:
        told.append(abs(whole - part))
    return any(0 < n <= threshold for n in told)
