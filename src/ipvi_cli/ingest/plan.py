"""What is decided about a source once, over all its rows, before any row is mapped.

Day/month order, hours or minutes, words that are part of the site's incident numbers, district names that are common
enough to be shown: none of these may depend on the batch or the row in which a value happens to stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from ipvi_cli.ingest.ahead import ahead
from ipvi_cli.ingest.distinct import distinct
from ipvi_cli.ingest.feeds import Feed, choose, feeds
from ipvi_cli.ingest.inputs import Input
from ipvi_cli.ingest.keys import RARE, rare_words, read_numbers
from ipvi_cli.ingest.stamp_plan import PIVOT, Evidence, StampPlan, declared_orders, is_clock, weigh
from ipvi_cli.ingest.values import cells
from ipvi_cli.model.finding import problem
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.profile_sources import MAPPED_KEYS, ColumnMap, Source
from ipvi_cli.model.tables import metadata, polars_schema

_CODE_LIKE: Final = re.compile(r"^[A-Z-]{0,4}\d{0,4}[A-Z]?$")
_WORD: Final = re.compile(r"^[A-Z]{4,}$")
_BIRTH_PIVOT: Final = 30


@dataclass
class SourcePlan:
    """Decisions about one source.

    Attributes:
        stamps: How each mapped date or time is read, by position of the feed and canonical column.
        usual_words: Long letter runs that are part of the site's incident numbers.
        shown: District names that may be shown, by the name in capitals: as most rows write it.
        problems: What was noticed while deciding.
    """

    stamps: dict[tuple[int, str], StampPlan] = field(default_factory=dict)
    usual_words: frozenset[str] = frozenset()
    shown: dict[str, str] = field(default_factory=dict)
    problems: list[pl.DataFrame] = field(default_factory=list)


def key_map(source: Source, name: str) -> ColumnMap | None:
    """Say where a source states the agency or the incident number: for all its tables, or in one of them."""
    own = (table.columns[name] for table in source.tables if name in table.columns)
    return dict(source.keys).get(name) or next(own, None)  # type: ignore[call-overload]


def plan_source(source: Source, inputs: Sequence[Input], profile: Profile) -> SourcePlan:
    """Decide how the columns of a source are read.

    Args:
        source: The source.
        inputs: All its inputs.
        profile: The whole profile.

    Returns:
        The decisions, with problems where the values do not decide.
    """
    nulls = frozenset(source.null_words)
    number = key_map(source, "incident_number")
    stamped = _stamped(source)
    districts = [
        mapped
        for feed in feeds(source)
        for column, mapped in feed.columns.items()
        if column not in MAPPED_KEYS and metadata(feed.table, column).get("site_word")
    ]
    words: Counter[str] = Counter()
    names: Counter[str] = Counter()
    evidence: dict[tuple[str, ...], Evidence] = {}
    rows = 0
    wanted = {
        column
        for mapped in (*(one.mapped for one in stamped), *districts, number)
        if mapped is not None
        for column in mapped.source_columns()
    } | {
        column
        for one in stamped
        if one.feed.packed is not None
        for column in one.feed.packed.columns
    }
    for item in inputs if wanted else ():
        for frame in ahead(item.batches(wanted)):
            rows += frame.height
            numbered = frame.with_row_index("_row")
            for key, one in {one.cells: one for one in stamped}.items():
                found = weigh(one.read(numbered, nulls))
                evidence[key] = evidence.get(key, Evidence()) + found
            if number is not None:
                numbers = read_numbers(frame, number, profile.incident_number, nulls)
                words.update(rare_words(numbers))
            for mapped in {one.model_dump_json(): one for one in districts}.values():
                names.update(_counted(frame, mapped, nulls))
    plan = SourcePlan(
        usual_words=frozenset(
            word for word, count in words.items() if count >= RARE or count * 2 > rows
        ),
        shown=_shown(names, profile),
    )
    said: set[tuple[str, ...]] = set()
    for one in stamped:
        seen = evidence.get(one.cells, Evidence())
        plan.stamps[one.position, one.column] = _stamp_plan(source, one, profile, seen)
        if one.cells not in said:
            plan.problems.extend(_undecided(source, one, seen))
            said.add(one.cells)
    return plan


def _counted(frame: pl.DataFrame, mapped: ColumnMap, nulls: frozenset[str]) -> dict[str, int]:
    """Count the rows of each different cell."""
    if mapped.column is None:
        return dict(cells(frame, mapped, nulls).drop_nulls().value_counts().iter_rows())
    apart = distinct(frame[mapped.column])
    read = cells(apart.cells.to_frame(), mapped, nulls).alias("cell")
    counted = pl.DataFrame([read, apart.rows().alias("rows")]).drop_nulls("cell")
    return dict(counted.group_by("cell").sum().iter_rows())


def _shown(names: Counter[str], profile: Profile) -> dict[str, str]:
    """Say how each district that may be shown is written: as declared, else as in most rows."""
    shown = {name.upper(): name for name in profile.districts}
    written: dict[str, Counter[str]] = {}
    for name, count in names.items():
        written.setdefault(name.upper(), Counter())[name] += count
    for key, spellings in written.items():
        like_a_code = _CODE_LIKE.search(key) and not _WORD.search(key)
        if like_a_code or spellings.total() >= RARE:
            usual = min(spellings, key=lambda name: (-spellings[name], name))
            shown.setdefault(key, usual)
    return shown


@dataclass(frozen=True)
class _Stamped:
    """A mapped date or time."""

    position: int
    feed: Feed
    column: str
    mapped: ColumnMap

    @property
    def cells(self) -> tuple[str, ...]:
        """What tells the cells apart: every column that reads the same cells is read alike."""
        mapped = self.mapped
        where = mapped.source_columns() or (str(mapped.constant),)
        return (*where, mapped.split or "", str(mapped.part), str(self._packed))

    @property
    def where(self) -> str:
        return " + ".join(self.mapped.source_columns())

    @property
    def _packed(self) -> bool:
        packed = self.feed.packed
        return packed is not None and bool({*packed.columns} & {*self.mapped.source_columns()})

    def read(self, frame: pl.DataFrame, nulls: frozenset[str]) -> pl.Series:
        """Give the different cells of a batch, at least, of every row whatever table it feeds."""
        if self._packed:
            frame = choose(frame, replace(self.feed, where={}, unless={}))
        if self.mapped.column is not None:
            frame = distinct(frame[self.mapped.column]).cells.to_frame()
        return cells(frame, self.mapped, nulls)


def _stamped(source: Source) -> list[_Stamped]:
    return [
        _Stamped(position, feed, column, mapped)
        for position, feed in enumerate(feeds(source))
        for column, mapped in feed.columns.items()
        if column not in MAPPED_KEYS and polars_schema(feed.table)[column] in (pl.Date(), pl.Time())
    ]


def _formats(mapped: ColumnMap, source: Source) -> tuple[str, ...]:
    return tuple(mapped.date_formats or source.date_formats)


def _stamp_plan(source: Source, one: _Stamped, profile: Profile, seen: Evidence) -> StampPlan:
    pivot = PIVOT
    if one.column == "birth_date":
        last = profile.jurisdiction.extract_date or (
            profile.jurisdiction.period.end if profile.jurisdiction.period else None
        )
        # Nobody is born after the extract: 1/1/55 in an extract of 2019 is 1955.
        pivot = last.year % 100 if last is not None else _BIRTH_PIVOT
    formats = _formats(one.mapped, source)
    orders = declared_orders(formats)
    order = seen.order if not orders else orders.pop() if len(orders) == 1 else None
    clocks = [form for form in one.mapped.date_formats if is_clock(form)]
    hours = clocks == ["%H"] if clocks else 0 < seen.digits <= 2
    return StampPlan(formats, order, hours=hours, zone=source.time_zone, pivot=pivot)


def _undecided(source: Source, one: _Stamped, seen: Evidence) -> list[pl.DataFrame]:
    if declared_orders(_formats(one.mapped, source)):
        return []
    place = f"column '{one.where}' of source {source.name}"
    if seen.both:
        code = "IPVI-206"
        said = f"{place} holds dates in both orders; those that fit both are not read"
    elif seen.either and seen.order is None:
        code = "IPVI-202"
        said = f"no date in {place} tells day from month; those that fit both orders are not read"
    else:
        return []
    return [problem(code, said, table=one.feed.table, column=one.column)]
