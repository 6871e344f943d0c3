"""Words that came and went, columns whose values are distributed otherwise, and the headline's move."""

from __future__ import annotations

import math
from typing import Final

import polars as pl

from ipvi_cli.compare.records import fresh
from ipvi_cli.compare.side import Side
from ipvi_cli.model.difference import (
    DIFFERENCE_SCHEMA,
    WORD_INCIDENTS,
    WORD_ROWS,
    differences,
)
from ipvi_cli.model.profile_sections import Diff
from ipvi_cli.model.tables import TABLES, metadata

WORDS: Final = (
    ("relationship", "relationship_raw"), ("offense", "offense_raw"), ("offense", "weapon_raw"),
    ("victim", "injury_raw"), ("charge", "disposition_raw"), ("call", "call_type_raw"),
)  # fmt: skip
"""Columns of words that a crosswalk reads."""
_LEAST: Final = 30
"""New incidents needed before they alone stand for the later delivery."""
_KINDS: Final = 20
"""Most frequent values that are told apart; the rest is one kind."""
_AGE_STEP: Final = 10


def value_changes(old: Side, new: Side, limits: Diff, *, show_values: bool = False) -> pl.DataFrame:
    """Say which words came and went and where values are distributed otherwise.

    The later delivery is judged by the incidents that only it holds, where they are enough; else by all.

    Args:
        old: The earlier delivery.
        new: The later one.
        limits: From when on a difference is drift.
        show_values: Whether rare words are shown, which may name somebody.

    Returns:
        ``DIFFERENCE_SCHEMA`` of kinds ``word`` and ``shift``.
    """
    only = fresh(old, new, _LEAST)
    found = [pl.DataFrame(schema=DIFFERENCE_SCHEMA)]
    for table in TABLES:
        before, after = old.counted(table), new.counted(table)
        if before is None or after is None:
            continue
        if only is not None and "incident_id" in TABLES[table].columns():
            after = after.filter(pl.col("incident_id").is_in(only.implode()))
        for column in _told_apart(table):
            counts = _counts(before, after, table, column)
            if not counts["old"].sum() or not counts["new"].sum():
                continue
            found.append(_shift(table, column, counts, limits))
            if (table, column) in WORDS:
                found.append(_words(table, column, counts, limits, show_values=show_values))
    return pl.concat(found)


def headline_changes(old: Side, new: Side, limits: Diff) -> pl.DataFrame:
    """Hold the share of intimate partner incidents and the undetermined share side by side.

    Args:
        old: The earlier delivery.
        new: The later one.
        limits: From when on a difference is drift.

    Returns:
        ``DIFFERENCE_SCHEMA`` of kind ``headline``: shares between 0 and 1, ``measure`` their difference.
    """
    rows: list[tuple[object, ...]] = []
    before, after = (_headline(side.figures) for side in (old, new))
    for what, first in before.items():
        second = after.get(what)
        if first is None or second is None:
            continue
        share = what.startswith("share")
        measure = second - first if share else None
        drift = share and abs(second - first) > limits.share
        limit = limits.share if share else None
        rows.append(("headline", None, None, what, first, second, measure, limit, drift))
    return differences(rows)


def _headline(figures: pl.DataFrame) -> dict[str, float | None]:
    total = figures.filter((pl.col("figure_id") == "B09") & (pl.col("by") == "total"))
    if total.is_empty():
        return {}
    row = total.row(0, named=True)
    denominator = row["denominator"] or 0
    return {
        "incidents in the denominator": float(denominator),
        "share intimate partner": row["value"],
        "share undetermined": (row["undetermined"] or 0) / denominator if denominator else None,
    }


def _told_apart(table: str) -> list[str]:
    """Name the columns whose values are few by their nature: codes, flags, words of a crosswalk, ages."""
    told = []
    for name, column in TABLES[table].columns().items():
        meta = metadata(table, name)
        few = {"vocabulary", "kind", "site_word"} & meta.keys() or column.dtype == pl.Boolean()
        if few or name == "age_years" or (table, name) in WORDS:
            told.append(name)
    return told


def _counts(before: pl.LazyFrame, after: pl.LazyFrame, table: str, column: str) -> pl.DataFrame:
    """Count each value on both sides: ``value``, ``old``, ``new``, and the incidents that hold it."""
    listed = TABLES[table].columns()[column].dtype == pl.List(pl.String())
    value = pl.col(column).list.join("|") if listed else pl.col(column)
    if column == "age_years":
        value = value // _AGE_STEP * _AGE_STEP
    if (table, column) in WORDS:
        value = value.str.to_uppercase()
    incident = pl.col("incident_id") if "incident_id" in TABLES[table].columns() else pl.lit(0)
    sides = [
        side.select(value.cast(pl.String).alias("value"), incident.alias("incident"))
        .group_by("value")
        .agg(
            pl.len().cast(pl.Int64).alias(name),
            pl.col("incident").n_unique().alias(f"{name}_incidents"),
        )
        for name, side in (("old", before), ("new", after))
    ]
    joined = sides[0].join(sides[1], on="value", how="full", coalesce=True, nulls_equal=True)
    return (
        joined.with_columns(pl.exclude("value").fill_null(0))
        .collect(engine="streaming")
        .sort("value")
    )


def _shift(table: str, column: str, counts: pl.DataFrame, limits: Diff) -> pl.DataFrame:
    """Measure how far the distribution of a column has moved.

    The population stability index is the sum over kinds of (q - p) ln(q / p), p and q being the shares before and after
    (half a row is added to every kind; blank is a kind). Where nothing changes it is on average
    (kinds - 1) (1 / n + 1 / m) for n and m rows (Yurdakul and Naranjo, 2020), so drift has to be three times that too.
    """
    top = counts.sort("old", "new", "value", descending=[True, True, False]).head(_KINDS)
    rest = counts.select(
        pl.col("old").sum() - top["old"].sum(), pl.col("new").sum() - top["new"].sum()
    )
    kinds = [*top.select("old", "new").iter_rows(), *rest.iter_rows()]
    kinds = [(before, after) for before, after in kinds if before or after]
    n, m = (sum(kind[side] for kind in kinds) for side in (0, 1))
    index = sum(_term(before, after, n, m, len(kinds)) for before, after in kinds)
    noise = (len(kinds) - 1) * (1 / n + 1 / m)
    drift = index > limits.psi and index > 3 * noise
    return differences(
        [("shift", table, column, "distribution", float(n), float(m), index, limits.psi, drift)]
    )


def _term(before: int, after: int, n: int, m: int, kinds: int) -> float:
    p = (before + 0.5) / (n + kinds / 2)
    q = (after + 0.5) / (m + kinds / 2)
    return (q - p) * math.log(q / p)


def _words(
    table: str, column: str, counts: pl.DataFrame, limits: Diff, *, show_values: bool
) -> pl.DataFrame:
    """Name the words that only one side holds, the rare ones only by their number."""
    words = counts.drop_nulls("value")
    n, m = (max(int(words[name].sum()), 1) for name in ("old", "new"))
    rows: list[tuple[object, ...]] = []
    for side, other, total, told in (("new", "old", m, "new"), ("old", "new", n, "vanished")):
        alone = words.filter((pl.col(other) == 0) & (pl.col(side) > 0)).sort(
            side, "value", descending=[True, False]
        )
        common = (pl.col(side) >= WORD_ROWS) & (pl.col(f"{side}_incidents") >= WORD_INCIDENTS)
        shown = alone if show_values else alone.filter(common)
        for value, count in shown.select("value", side).iter_rows():
            share = count / total
            drift = share > limits.words
            rows.append(
                _word(table, column, f"{told}: {value}", side, count, share, limits.words, drift)
            )
        hidden = alone.height - shown.height
        if hidden:
            count = int(alone[side].sum()) - int(shown[side].sum())
            share = count / total
            what = f"{told}: {hidden} further values, each seen fewer than {WORD_ROWS} times"
            drift = side == "new" and share > limits.words
            rows.append(_word(table, column, what, side, count, share, limits.words, drift))
    return differences(rows)


def _word(
    table: str,
    column: str,
    what: str,
    side: str,
    count: int,
    share: float,
    limit: float,
    drift: bool,
) -> tuple[object, ...]:
    old, new = (float(count), 0.0) if side == "old" else (0.0, float(count))
    return "word", table, column, what, old, new, share, limit, drift
