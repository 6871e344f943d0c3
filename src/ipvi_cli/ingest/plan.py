"""What is decided about a source once, over all its rows, before any row is mapped.

Day/month order, hours or minutes, words that are part of the site's incident numbers, district names that are common
enough to be shown: none of these may depend on the batch or the row in which a value happens to stand.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl
import pyarrow.parquet as pq

from ipvi_cli.ingest.keys import RARE, rare_words, read_numbers
from ipvi_cli.ingest.raw import RawInput
from ipvi_cli.ingest.stamps import StampPlan, decide_order, order_evidence
from ipvi_cli.ingest.values import cells
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import problem
from ipvi_cli.model.profile import ColumnMap, Packed, Profile, Source
from ipvi_cli.model.tables import TABLES, metadata

BATCH_ROWS = 250_000
_CODE_LIKE = r"^[A-Za-z-]{0,4}\d{0,4}[A-Za-z]?$"
_CODE_LIKE_MAX_LETTERS = r"^[A-Za-z]{4,}$"


@dataclass(frozen=True)
class Feed:
    """How the rows of a source feed one canonical table, one column group at a time.

    Attributes:
        table: Canonical table.
        columns: Canonical column to its origin, group numbers written out.
        where: Source column to the words that a row must hold.
        unless: Source column to the words that keep a row out.
        packed: List cells to unpack first.
        group: Number of the column group, from 0.
        offset: Number of column groups of this table before this one in the source.
        total: Number of column groups of this table in the source.
    """

    table: str
    columns: dict[str, ColumnMap]
    where: dict[str, list[str]]
    unless: dict[str, list[str]]
    packed: Packed | None
    group: int
    offset: int
    total: int


def feeds(source: Source) -> tuple[Feed, ...]:
    """Write out how a source feeds the canonical tables, one column group at a time."""
    total = Counter[str]()
    for table in source.tables:
        total[table.table] += table.repeat
    seen = Counter[str]()
    found = []
    for table in source.tables:
        for group in range(table.repeat):
            found.append(
                Feed(
                    table.table,
                    {name: _numbered(mapped, group) for name, mapped in table.columns.items()},
                    {
                        name.replace("{n}", str(group + 1)): words
                        for name, words in table.where.items()
                    },
                    {
                        name.replace("{n}", str(group + 1)): words
                        for name, words in table.unless.items()
                    },
                    table.packed,
                    group,
                    seen[table.table],
                    total[table.table],
                )
            )
            seen[table.table] += 1
    return tuple(found)


def _numbered(mapped: ColumnMap, group: int) -> ColumnMap:
    number = str(group + 1)
    column = mapped.column.replace("{n}", number) if mapped.column is not None else None
    columns = [name.replace("{n}", number) for name in mapped.columns]
    return mapped.model_copy(update={"column": column, "columns": columns})


def resolve(source: Source, raw: RawInput) -> dict[str, str]:
    """Match the columns that the profile names to those of an input, blanks and case aside.

    Args:
        source: The source.
        raw: One of its inputs.

    Returns:
        The input's name of a column to the profile's.

    Raises:
        InputError: Columns that the profile names are not in the input; all of them are listed.
    """
    by_key: dict[str, str] = {}
    for actual in raw.columns:
        by_key.setdefault(_key(actual), actual)
    names: dict[str, str] = {}
    missing: list[str] = []
    for wanted in sorted(source.source_columns()):
        found = wanted if wanted in raw.columns else by_key.get(_key(wanted))
        if found is None:
            near = difflib.get_close_matches(wanted, raw.columns, n=1, cutoff=0.6)
            missing.append(f"'{wanted}'" + (f" (did you mean '{near[0]}'?)" if near else ""))
        else:
            names[found] = wanted
    if missing:
        what = "column" if len(missing) == 1 else "columns"
        raise InputError(
            f"source {source.name} maps {what} {', '.join(missing)}, not in this file.",
            where=raw.file,
            mend="Mend the profile, or ask the agency for the missing column.",
        )
    return names


def _key(name: str) -> str:
    return "".join(name.split()).casefold()


@dataclass(frozen=True)
class Input:
    """One input of a source, its columns under the profile's names."""

    raw: RawInput
    names: dict[str, str]

    def batches(self) -> Iterator[pl.DataFrame]:
        """Give the accepted records in order, a bounded number at a time."""
        with pq.ParquetFile(self.raw.data) as file:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                yield pl.DataFrame(batch).rename(self.names)


@dataclass
class SourcePlan:
    """Decisions about one source.

    Attributes:
        stamps: How each mapped date or time is read, by position of the feed and canonical column.
        usual_words: Long letter runs that are part of the site's incident numbers.
        shown: District names that may be shown.
        problems: What was noticed while deciding.
    """

    stamps: dict[tuple[int, str], StampPlan] = field(default_factory=dict)
    usual_words: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    problems: list[pl.DataFrame] = field(default_factory=list)


def plan_source(source: Source, inputs: Sequence[Input], profile: Profile) -> SourcePlan:
    """Decide how the columns of a source are read.

    Args:
        source: The source.
        inputs: All its inputs.
        profile: The whole profile.

    Returns:
        The decisions, with problems where the values do not decide.
    """
    plan = SourcePlan()
    nulls = frozenset(source.null_words)
    number = source.keys.get("incident_number")
    districts = [
        mapped
        for table in source.tables
        for column, mapped in table.columns.items()
        if column in TABLES[table.table].columns()
        and metadata(table.table, column).get("site_word")
    ]
    stamped = _stamped(source)
    undeclared = sorted(
        {
            name
            for _, _, mapped in stamped
            if not _formats(mapped, source)
            for name in mapped.source_columns()
        }
    )
    words: Counter[str] = Counter()
    names: Counter[str] = Counter()
    extremes: dict[str, int] = {}
    rows = 0
    for item in inputs if undeclared or districts or number is not None else ():
        for frame in item.batches():
            rows += frame.height
            if undeclared:
                found = frame.select(one for name in undeclared for one in order_evidence(name))
                for key, value in found.row(0, named=True).items():
                    extremes[key] = max(extremes.get(key, 0), value or 0)
            if number is not None:
                numbers = read_numbers(frame, number, profile.incident_number, nulls)
                words.update(rare_words(numbers))
            for mapped in districts:
                counted = cells(frame, mapped, nulls).drop_nulls().value_counts()
                names.update(dict(counted.iter_rows()))
    plan.usual_words = frozenset(
        word for word, count in words.items() if count >= RARE or count * 2 > rows
    )
    plan.shown = frozenset(_may_be_shown(names, profile))
    for position, column, mapped in stamped:
        plan.stamps[position, column] = _stamp_plan(
            source, feeds(source)[position].table, column, mapped, profile, extremes, plan.problems
        )
    return plan


def _may_be_shown(names: Counter[str], profile: Profile) -> list[str]:
    labels = pl.Series("name", sorted(names), dtype=pl.String).to_frame()
    code_like = labels.filter(
        pl.col("name").str.contains(_CODE_LIKE)
        & ~pl.col("name").str.contains(_CODE_LIKE_MAX_LETTERS)
    )["name"]
    common = [name for name, count in names.items() if count >= RARE]
    return [*common, *code_like, *profile.districts]


def _stamped(source: Source) -> list[tuple[int, str, ColumnMap]]:
    found = []
    for position, feed in enumerate(feeds(source)):
        for column, mapped in feed.columns.items():
            dtype = TABLES[feed.table].columns()[column].dtype if _own(feed, column) else None
            if dtype in (pl.Date(), pl.Time()):
                found.append((position, column, mapped))
    return found


def _own(feed: Feed, column: str) -> bool:
    return column in TABLES[feed.table].columns()


def _formats(mapped: ColumnMap, source: Source) -> tuple[str, ...]:
    return tuple(mapped.date_formats or source.date_formats)


def _stamp_plan(
    source: Source,
    table: str,
    column: str,
    mapped: ColumnMap,
    profile: Profile,
    extremes: dict[str, int],
    problems: list[pl.DataFrame],
) -> StampPlan:
    pivot = 68
    if column == "birth_date":
        last = profile.jurisdiction.extract_date or (
            profile.jurisdiction.period.end if profile.jurisdiction.period else None
        )
        # Nobody is born after the extract: 1/1/55 in an extract of 2019 is 1955.
        pivot = last.year % 100 if last is not None else 30
    formats = _formats(mapped, source)
    if formats:
        first = {form.lstrip()[:2] for form in formats}
        day_first = True if first <= {"%d"} else False if first <= {"%m"} else None
        return StampPlan(formats, day_first, zone=source.time_zone, pivot=pivot)
    seen = {
        what: max(
            (extremes.get(f"{name}|{what}", 0) for name in mapped.source_columns()), default=0
        )
        for what in ("first", "second", "slashed", "digits")
    }
    day_first, both = decide_order(seen["first"], seen["second"])
    where = " + ".join(mapped.source_columns())
    if both:
        problems.append(
            problem(
                "IPVI-206",
                f"column '{where}' of source {source.name} holds dates in both orders; those that fit both are"
                " not read",
                table=table,
                column=column,
            )
        )
    elif seen["slashed"] and day_first is None:
        problems.append(
            problem(
                "IPVI-202",
                f"no date in column '{where}' of source {source.name} tells day from month; those that fit both orders"
                " are not read",
                table=table,
                column=column,
            )
        )
    hours = 0 < seen["digits"] <= 2
    return StampPlan((), day_first, hours=hours, zone=source.time_zone, pivot=pivot)
