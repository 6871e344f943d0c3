"""Rules about what is unknown: in a column as a whole, and in some months, agencies or districts more than in most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.model.profile import Profile
from ipvi_cli.validate.cube import count_by_cell, cube, month_name
from ipvi_cli.validate.rule import Check, Rule, nothing, said
from ipvi_cli.validate.scope import Scope

MUCH: Final = 0.30
"""Share of unknown cells from which a column as a whole is reported."""

APART: Final = 0.20
"""A group is reported when its share of unknown is this much above that of the rest, and at least twice it."""

SMALL: Final = 30
"""Incidents or rows below which no share is judged."""

NAMED: Final = 6
"""Groups that are named in a message."""


@dataclass(frozen=True, eq=False)
class Watched:
    """A column whose unknown cells are counted.

    Attributes:
        table: Table, or ``pairs`` for the tie after classification.
        column: Column.
        unknown: True for a row whose cell is unknown; null is unknown too.
        mapped: Canonical columns of a profile that feed it.
    """

    table: str
    column: str
    unknown: pl.Expr
    mapped: tuple[str, ...]

    @property
    def about(self) -> tuple[str, str]:
        """Canonical table and column that a finding names."""
        if self.table == "pairs":
            return "relationship", "relationship_raw"
        return self.table, self.column


def _blank(table: str, column: str, *more: str) -> Watched:
    return Watched(table, column, pl.col(column).is_null(), (column, *more))


def _coded(table: str, column: str) -> Watched:
    return Watched(table, column, (pl.col(column).fill_null("U") == "U"), (column,))


_KNOWN_OFFENDER: Final = pl.col("offender_unknown").fill_null(False).not_()

WATCHED: Final = (
    _blank("incident", "occurred_on"),
    _blank("incident", "occurred_time", "occurred_on"),
    _blank("incident", "district"),
    _blank("incident", "dv_flag"),
    _coded("victim", "sex"),
    _coded("victim", "race"),
    _blank("victim", "age_years", "birth_date"),
    _coded("offender", "sex"),
    _coded("offender", "race"),
    _blank("offender", "age_years", "birth_date"),
    Watched("pairs", "relationship_class", pl.col("relationship_class") == "undetermined", ("relationship_raw",)),
)  # fmt: skip
"""Columns whose unknown cells are counted; an undetermined tie counts as unknown, whatever the words."""


def _mapped(profile: Profile) -> set[tuple[str, str]]:
    return {
        (table.table, column)
        for source in profile.sources
        for table in source.tables
        for column in table.columns
    }


def _rows(scope: Scope, table: str) -> pl.LazyFrame | None:
    """Rows that are asked: of an offender of whom nothing is known nothing can be filled."""
    frame = scope.table(table)
    if frame is None or table not in ("incident", "offender"):
        return frame
    return scope.opened if table == "incident" else frame.filter(_KNOWN_OFFENDER)


def unknown_counts(scope: Scope) -> dict[Watched, tuple[int, int]]:
    """Count unknown cells and rows of each watched column; columns that no source maps are left out."""
    mapped = _mapped(scope.profile)
    counts: dict[Watched, tuple[int, int]] = {}
    for table in dict.fromkeys(one.table for one in WATCHED):
        frame = _rows(scope, table)
        watched = [
            one for one in WATCHED
            if one.table == table and any((one.about[0], name) in mapped for name in one.mapped)
        ]  # fmt: skip
        if frame is None or not watched:
            continue
        seen = frame.select(
            pl.len().alias("rows"), *(one.unknown.sum().alias(one.column) for one in watched)
        ).collect(engine="streaming").row(0, named=True)  # fmt: skip
        counts |= {one: (seen[one.column], seen["rows"]) for one in watched}
    return counts


def _never_filled(scope: Scope) -> pl.DataFrame:
    # A time may be mapped by the same column as the date; where no row has one, none was promised.
    found = [
        said(
            "IPVI-701",
            f"{one.column} is mapped and unknown in all {rows:,} rows",
            table=one.table,
            column=one.column,
        )
        for one, (unknown, rows) in scope.once(unknown_counts).items()
        if one.table != "pairs"
        and 0 < rows == unknown
        and (one.table, one.mapped[0]) in _mapped(scope.profile)
    ]
    return pl.concat([nothing(), *found])


def _mostly_unknown(scope: Scope) -> pl.DataFrame:
    found = [
        said(
            "IPVI-702",
            f"{one.about[1]} is {'undetermined' if one.table == 'pairs' else 'unknown'} in {unknown:,} of {rows:,} rows"
            f" ({unknown / rows:.0%})",
            table=one.about[0],
            column=one.about[1],
        )
        for one, (unknown, rows) in scope.once(unknown_counts).items()
        if rows >= SMALL and unknown >= rows * MUCH and (unknown < rows or one.table == "pairs")
    ]
    return pl.concat([nothing(), *found])


def unknown_by_cell(scope: Scope) -> dict[Watched, pl.Series]:
    """Count, for each watched column, the incidents of each cell of the cube that have an unknown cell."""
    judged = [
        one
        for one, (unknown, rows) in scope.once(unknown_counts).items()
        if one.column != "occurred_on" and rows >= SMALL and 0 < unknown < rows
    ]
    found: dict[Watched, pl.Series] = {}
    for table in dict.fromkeys(one.table for one in judged):
        columns = [one for one in judged if one.table == table]
        asked = _KNOWN_OFFENDER if table == "offender" else pl.lit(True)
        counted = count_by_cell(scope, table, [one.unknown & asked for one in columns])
        found |= dict(zip(columns, counted.get_columns(), strict=True))
    return found


def _above_the_rest(code: str, dimension: str) -> Check:
    def check(scope: Scope) -> pl.DataFrame:
        found = [nothing()]
        for one, unknown in scope.once(unknown_by_cell).items():
            if one.column == dimension:
                continue
            groups = _judged(scope.once(cube), unknown, dimension)
            if groups.height:
                found.append(_told(code, one, dimension, groups))
        return pl.concat(found)

    return check


def _judged(cells: pl.DataFrame, unknown: pl.Series, dimension: str) -> pl.DataFrame:
    """Groups whose share of incidents with an unknown cell is markedly above that of all the others."""
    groups = (
        cells.select(pl.col(dimension).alias("group"), pl.col("incidents").cast(pl.Int64))
        .with_columns(unknown.alias("unknown"))
        .drop_nulls("group")
        .group_by("group")
        .agg(pl.all().sum())
        .sort("group")
    )
    rest = (pl.col("unknown").sum() - pl.col("unknown")) / (
        pl.col("incidents").sum() - pl.col("incidents")
    )
    share = pl.col("unknown") / pl.col("incidents")
    return groups.with_columns(share.alias("share"), rest.alias("rest")).filter(
        (pl.col("incidents") >= SMALL)
        & (pl.col("incidents").sum() - pl.col("incidents") >= SMALL)
        & (pl.col("share") >= pl.col("rest") + APART)
        & (pl.col("share") >= pl.col("rest") * 2)
    )


def _told(code: str, one: Watched, dimension: str, groups: pl.DataFrame) -> pl.DataFrame:
    table, column = one.about
    word = "undetermined" if one.table == "pairs" else "unknown"
    rows = list(groups.iter_rows(named=True))
    if dimension == "agency":
        return pl.concat(
            said(
                code,
                f"{column} is {word} in {row['share']:.0%} of the incidents of this agency and in {row['rest']:.0%} of"
                " the others",
                table=table, column=column, agency=row["group"],
            )
            for row in rows
        )  # fmt: skip
    names = [
        f"{month_name(row['group']) if dimension == 'month' else row['group']} ({row['share']:.0%})"
        for row in rows[:NAMED]
    ]
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    message = f"{column} is {word} in far more incidents of these {dimension}s than elsewhere: {', '.join(names)}{more}"
    return said(code, message, table=table, column=column)


RULES: Final = (
    Rule(
        "IPVI-701", "mapped-column-blank", "warning", "completeness",
        "A column that the profile maps is unknown in every row.",
        "The profile may name the wrong column, or the export left it out.",
        "Check the mapping, then ask for the column.",
        check=_never_filled,
    ),
    Rule(
        "IPVI-702", "column-mostly-unknown", "warning", "completeness",
        "A large part of a column is unknown.",
        "Figures by this column speak of the rest only, which may not be like the whole.",
        "Ask who fills the column, and since when.",
        check=_mostly_unknown,
    ),
    Rule(
        "IPVI-703", "unknown-in-some-months", "warning", "completeness",
        "A column is unknown in some months far more than in the others.",
        "A change of system or practice looks like a change of violence.",
        "Ask what changed then, and note it beside the figures.",
        check=_above_the_rest("IPVI-703", "month"),
    ),
    Rule(
        "IPVI-704", "unknown-in-an-agency", "warning", "completeness",
        "A column is unknown in one agency far more than in the others.",
        "The agencies cannot be compared by this column.",
        "Ask the agency how it fills the column.",
        check=_above_the_rest("IPVI-704", "agency"),
    ),
    Rule(
        "IPVI-705", "unknown-in-some-districts", "warning", "completeness",
        "A column is unknown in some districts far more than in the others.",
        "The districts cannot be compared by this column.",
        "Ask the districts how they fill the column.",
        check=_above_the_rest("IPVI-705", "district"),
    ),
)  # fmt: skip
"""Rules of completeness."""
