"""The FBI's published edits that need the segment as it was sent: what they are, and how a batch is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from ipvi_cli.ingest.nibrs.segments import LEVELS, Element, Segments
from ipvi_cli.model.finding import PROBLEM_SCHEMA, problem

TABLES: Final = {
    "incident": "incident",
    "offense": "offense",
    "victim": "victim",
    "offender": "offender",
    "arrestee": "arrest",
    "group_b_arrest": "arrest",
}
"""Canonical table of a level."""

MANY: Final = 1_000
"""From so many segments on, and more than half of the level's, an edit gives one problem about the input."""


_MANY_MORE: Final = 20
"""How many times as many segments it takes to sum an edit up before all are read."""


@dataclass(frozen=True, eq=False)
class Edit:
    """One edit on single segments.

    Attributes:
        code: Rule of the registry.
        number: The FBI's number of the edit.
        element: Column of the segment frame.
        bad: True for a segment that fails; null holds.
        said: What is wrong with the element, without any value.
        mandatory: The element has to be there; not asked of what the FBI has published, which leaves elements out.
    """

    code: str
    number: str
    element: str
    bad: pl.Expr
    said: str
    mandatory: bool = False


def title(level: str, column: str) -> str:
    """Name a data element as messages do.

    Args:
        level: Level of the segment.
        column: Column of its frame; empty: the segment as a whole.
    """
    element = _element(level, column)
    if element is None:
        return "the incident number" if column else "the segment"
    named = element.title.split(":")[0].split(",")[0].split(";")[0]
    return f"data element {element.number} ({named})" if element.number else named


def _element(level: str, column: str) -> Element | None:
    return next((one for one in LEVELS[level] if one.name == column), None)


def problems(
    level: str, code: str, number: str, element: str, said: str, rows: pl.DataFrame
) -> pl.DataFrame:
    """Make a problem of each failing segment.

    Args:
        level: Level of the segments.
        code: Rule of the registry.
        number: The FBI's number of the edit.
        element: Column of the segment frame that it is about.
        said: What is wrong, without any value.
        rows: Key columns of the failing segments.

    Returns:
        ``PROBLEM_SCHEMA``.
    """
    told = _element(level, element)
    table, _, column = (told.column if told else "").partition(".")
    incident = pl.concat_str("ori", pl.lit(":"), "incident_number")
    return rows.select(
        pl.lit(code).alias("code"),
        pl.lit(table or TABLES.get(level), pl.String).alias("table"),
        pl.lit(column or None, pl.String).alias("column"),
        pl.col("ori").alias("agency"),
        incident.alias("incident_id"),
        "source_file",
        "source_row",
        pl.lit(f"{title(level, element)} {said} (FBI edit {number})").alias("message"),
    ).select(*PROBLEM_SCHEMA)


def single_problems(
    level: str, edits: Sequence[Edit], frame: pl.DataFrame, keys: pl.DataFrame
) -> list[pl.DataFrame]:
    """Judge the segments of a level by edits on single segments.

    Args:
        level: Level of the segments.
        edits: What they are judged by.
        frame: The segments as sent.
        keys: Key columns of the same segments, as they are written in the tables.
    """
    if frame.is_empty() or not edits:
        return []
    bad = [edit.bad.fill_null(False).alias(str(n)) for n, edit in enumerate(edits)]
    flags = (
        frame.lazy().select(bad).collect()
    )  # lazily, for what edits have in common is found once
    failing = flags.sum().row(0)
    return [
        problems(level, edit.code, edit.number, edit.element, edit.said, keys.filter(flags[str(n)]))
        for n, edit in enumerate(edits)
        if failing[n]
    ]


_OF: Final = ("source_file", "level", "code", "message")


@dataclass
class Ledger:
    """What the edits found in all batches.

    Attributes:
        segments: Segments judged, by input and level.
    """

    segments: Counter[tuple[str, str]] = field(default_factory=Counter)
    _found: dict[tuple[str, str, str], list[pl.DataFrame]] = field(default_factory=dict)
    _summed: dict[tuple[str, str, str], pl.DataFrame] = field(default_factory=dict)

    def count(self, level: str, frame: pl.DataFrame) -> None:
        """Count the segments of a level that are judged."""
        for file, rows in frame.group_by("source_file").len().iter_rows():
            self.segments[str(file), level] += rows

    def add(self, level: str, rows: pl.DataFrame) -> None:
        """Take in the problems of a level that one edit gives in a batch.

        An edit that most of very many segments fail is summed up on the way, so that memory does not grow with them.
        """
        if rows.is_empty():
            return
        of = (level, *rows.select("code", "message").row(0))
        held = self._found.setdefault(of, [])
        held.append(rows)
        failing = sum(part.height for part in held)
        judged = sum(count for (_, name), count in self.segments.items() if name == level)
        if of in self._summed or (failing >= MANY * _MANY_MORE and failing * 2 > judged):
            told = [self._summed[of]] if of in self._summed else []
            self._summed[of] = _failing(
                pl.concat([*told, *(_failing(_at(level, p)) for p in held)])
            )
            held.clear()

    def problems(self) -> pl.DataFrame:
        """Give the problems, and a single one where most segments of a level fail the same edit."""
        none = pl.DataFrame(schema={**PROBLEM_SCHEMA, "level": pl.String()})
        found = [_at(of[0], rows) for of, parts in self._found.items() for rows in parts]
        told = pl.concat([none, *found])
        summed = pl.concat([_failing(none), *self._summed.values()])
        failing = _failing(told).join(self._judged(), on=["source_file", "level"])
        most = (pl.col("failing") >= MANY) & (pl.col("failing") * 2 > pl.col("judged"))
        whole = pl.concat(
            [failing.filter(most), summed.join(self._judged(), on=["source_file", "level"])]
        )
        rest = told.join(whole, on=_OF, how="anti")
        single = [_of_all(row) for row in whole.sort(_OF).iter_rows(named=True)]
        return pl.concat([rest.select(*PROBLEM_SCHEMA), *single])

    def _judged(self) -> pl.DataFrame:
        rows = [(file, level, count) for (file, level), count in self.segments.items()]
        schema = {"source_file": pl.String(), "level": pl.String(), "judged": pl.Int64()}
        return pl.DataFrame(rows, schema=schema, orient="row")


def _at(level: str, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(level=pl.lit(level))


def _failing(told: pl.DataFrame) -> pl.DataFrame:
    """Count problems, or add up their counts, by input, level and edit."""
    count = pl.col("failing").sum() if "failing" in told.columns else pl.len()
    return told.group_by(_OF).agg(
        count.cast(pl.Int64).alias("failing"), pl.col("table", "column").first()
    )


def _of_all(row: Mapping[str, Any]) -> pl.DataFrame:
    """Make one problem of all the segments of a level that fail an edit."""
    return problem(
        row["code"],
        f"{row['failing']:,} of {row['judged']:,} segments: {row['message']}",
        table=row["table"],
        column=row["column"],
        source_file=row["source_file"],
    )


def live(segments: Segments) -> Mapping[str, pl.DataFrame]:
    """Keep the segments that count."""
    return {
        level: frame.filter(pl.col("row_fate") == "new")
        for level, frame in segments.items()
        if level != "property"
    }
