"""The rows of one source to rows of the canonical tables, batch by batch, every row accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from polars import selectors

from ipvi_cli.ingest.ahead import ahead
from ipvi_cli.ingest.books import Books
from ipvi_cli.ingest.distinct import repeated
from ipvi_cli.ingest.feeds import Feed, chosen, feeds
from ipvi_cli.ingest.inputs import Input, column_keys
from ipvi_cli.ingest.keys import (
    EXPUNGED,
    REASONS,
    UNKNOWN_AGENCY,
    agency_words,
    read_keys,
    without_expunged,
)
from ipvi_cli.ingest.ledger import INCIDENTS, Account, all_new, each_apart, settle
from ipvi_cli.ingest.links import link_arrests, link_relationships
from ipvi_cli.ingest.mapping import Tongue, lost_items, map_rows
from ipvi_cli.ingest.mentions import PERSON_TABLES, Recogniser, recognisers
from ipvi_cli.ingest.persons import ages_at, number_persons
from ipvi_cli.ingest.plan import SourcePlan, key_map, plan_source
from ipvi_cli.ingest.raw import SOURCE_ROW
from ipvi_cli.ingest.tally import settle_tally
from ipvi_cli.model.finding import Progress, problem
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.profile_sources import Source
from ipvi_cli.model.tables import FATES, TABLES

OVERLAP = "IPVI-138"
FED_BY_NONE = "IPVI-140"
REPEATED_ROW = "IPVI-136"
_ABOUT = {UNKNOWN_AGENCY: "agency", EXPUNGED: None}
"""Column that a refusal is about, where it is not the incident's number."""

_KEYED = ("incident", "offense", "victim", "offender", "relationship")
"""Tables whose rows are of no use without an incident."""
_EVENTS = tuple(
    table for table in TABLES if table not in {"incident", "relationship", "tally", *PERSON_TABLES}
)
"""Tables that get a row only where one is stated."""


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of one input.

    Attributes:
        quarantine: Refused records, ``QUARANTINE_SCHEMA``.
        fates: Accepted rows by fate.
    """

    quarantine: pl.DataFrame
    fates: dict[str, int]


@dataclass(frozen=True)
class _Batch:
    """Some rows of an input on their way.

    Attributes:
        frame: The source rows.
        keys: Their key columns.
        part: Their places among the rows of the source.
        refused: Which of them cannot be kept.
        rows: What the others become, by position of the feed; nothing where all are refused.
        problems: What could not be read of them.
    """

    frame: pl.DataFrame
    keys: pl.DataFrame
    part: slice
    refused: pl.Series
    rows: dict[int, pl.DataFrame]
    problems: list[pl.DataFrame]


class Assembly:
    """One source on its way into the canonical tables."""

    def __init__(
        self, source: Source, inputs: list[Input], profile: Profile, tongue: Tongue, books: Books
    ) -> None:
        self.source = source
        self.inputs = inputs
        self.profile = profile
        self.tongue = tongue
        self.books = books
        self.feeds = feeds(source)
        self.number = key_map(source, "incident_number")
        self.agency = key_map(source, "agency")
        self.expunged = dict(source.keys).get("expunged")
        self.words = agency_words(profile.agencies)
        self.plan: SourcePlan = plan_source(source, inputs, profile)
        self.fed = [0] * len(self.feeds)
        self.recognisers: list[Recogniser] = recognisers(source, self.feeds)
        books.problems.extend(self.plan.problems)

    def run(self, progress: Progress | None) -> list[Outcome]:
        """Account for all rows of the source and write them.

        Args:
            progress: Told how many rows are mapped.

        Returns:
            What became of each input's rows, in order.
        """
        rows, account = self._account()
        outcomes = []
        start = 0
        for item in self.inputs:
            quarantine = [item.raw.quarantine]
            fates = dict.fromkeys(FATES, 0)
            for batch in ahead(self._batches(item, account, start)):
                start = batch.part.stop
                if batch.refused.any():
                    quarantine.append(self._refuse(batch, item))
                settled = self._write(batch, account)
                for fate in FATES:
                    fates[fate] += int(((settled == fate) & ~batch.refused).sum())
                if progress is not None:
                    progress(f"mapping {self.source.name}", start, rows.height)
            outcomes.append(Outcome(pl.concat(quarantine), fates))
        self._notice(account, outcomes)
        if rows.height:
            self._notice_unfed()
        opened = rows.filter(pl.col("opens") & ~pl.col("refused"))["incident"].drop_nulls()
        self.books.incidents = pl.concat([self.books.incidents, opened])
        for table in PERSON_TABLES:
            if self.source.feeds(table):
                self.books.persons_fed[table] = self.books.persons_fed.get(table, 0) + 1
        return outcomes

    def _notice(self, account: Account, outcomes: list[Outcome]) -> None:
        for number, (item, outcome) in enumerate(zip(self.inputs, outcomes, strict=True)):
            if again := outcome.fates["duplicate"]:
                said = f"{again} rows repeat an earlier row and are not counted again"
                self.books.problems.append(problem(REPEATED_ROW, said, source_file=item.raw.file))
            if overlap := account.overlaps.get(number):
                said = f"{overlap} incidents stand in an earlier file of the source too"
                self.books.problems.append(problem(OVERLAP, said, source_file=item.raw.file))

    def _notice_unfed(self) -> None:
        for feed, fed in zip(self.feeds, self.fed, strict=True):
            if not fed:
                said = f"no row of source '{self.source.name}' feeds the table"
                self.books.problems.append(problem(FED_BY_NONE, said, table=feed.table))

    def _keys(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Give the key columns of a batch, a row for each of its rows, in order."""
        nulls = frozenset(self.source.null_words)
        keys = read_keys(
            frame,
            agency=self.agency,
            number=self.number,
            words=self.words,
            rule=self.profile.incident_number,
            nulls=nulls,
            usual_words=self.plan.usual_words,
            required=self._numbered(frame),
            partners=[partner.agency for partner in self.profile.partners],
        )
        if self.expunged is not None:
            keys = without_expunged(keys, frame, self.expunged, nulls)
        return keys

    def _numbered(self, frame: pl.DataFrame) -> pl.Series:
        """Say which rows of a batch are of no use without an incident number; all, where that does not depend on it."""
        keyed = [feed for feed in self.feeds if feed.table in _KEYED]
        needs = self.number is not None and bool(keyed)
        if not needs or not self._may_stand_alone(keyed):
            return pl.repeat(needs, frame.height, dtype=pl.Boolean, eager=True)
        events = [feed for feed in self.feeds if feed not in keyed]
        return frame.select(
            pl.any_horizontal(chosen(feed) for feed in keyed)
            | ~pl.any_horizontal(chosen(feed) for feed in events)
        ).to_series()

    def _may_stand_alone(self, keyed: list[Feed]) -> bool:
        """Say whether a row may feed tables of events alone, as a call does that led to no report."""
        return len(keyed) < len(self.feeds) and all(
            feed.packed is None and (feed in keyed) <= bool(feed.where or feed.unless)
            for feed in self.feeds
        )

    def _account(self) -> tuple[pl.DataFrame, Account]:
        """Settle the fates, reading whole rows only where several may be of one incident."""
        rows = pl.concat([pl.DataFrame(schema=INCIDENTS), *self._incidents()])
        if not self.books.incidents.len() and each_apart(rows):
            return rows, all_new(rows.height)
        hashes = [pl.Series(dtype=pl.UInt64)]
        persons: list[list[pl.DataFrame | pl.Series]] = [[] for _ in self.recognisers]
        order = sorted({key for item in self.inputs for key in column_keys(item.raw)})
        start = 0
        for item in self.inputs:
            for whole in item.whole():
                hashes.append(item.hashed(whole, order))
                numbered = item.named(whole).with_row_index("_row").cast({"_row": pl.Int64})
                for one, parts in zip(self.recognisers, persons, strict=True):
                    parts.append(one.read(numbered, start))
                start += whole.height
        mentions = [
            one.gather(parts) for one, parts in zip(self.recognisers, persons, strict=True) if parts
        ]
        hashed = rows.with_columns(pl.concat(hashes).alias("row"))
        return rows, settle(
            hashed,
            mentions,
            seen=self.books.incidents,
            supersede=self.source.later_files == "supersede",
        )

    def _incidents(self) -> Iterator[pl.DataFrame]:
        """Hash the incident of every row, by batches."""
        alone = self._may_stand_alone([feed for feed in self.feeds if feed.table in _KEYED])
        asking = [feed for feed in self.feeds if alone or feed.table == "incident"]
        maps = (self.agency, self.number, self.expunged)
        columns = {
            *(
                column
                for mapped in maps
                if mapped is not None
                for column in mapped.source_columns()
            ),
            *(column for feed in asking for column in (*feed.where, *feed.unless)),
        }
        for number, item in enumerate(self.inputs):
            for frame in ahead(item.batches(columns)):
                incident = pl.col("incident_id")
                yield self._keys(frame).select(
                    pl.when(incident.is_not_null()).then(incident.hash()).alias("incident"),
                    pl.col("refusal").is_not_null().alias("refused"),
                    self._opens(frame).alias("opens"),
                    pl.lit(number, pl.UInt16).alias("input"),
                )

    def _opens(self, frame: pl.DataFrame) -> pl.Series:
        """Say which rows of a batch feed the incident table."""
        opens = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
        for feed in self.feeds:
            if feed.table == "incident":
                opens = opens | frame.select(chosen(feed).alias("c")).to_series()
        return opens

    def _refuse(self, batch: _Batch, item: Input) -> pl.DataFrame:
        refused = batch.keys.filter(batch.refused)
        for code, count in refused["refusal"].value_counts(sort=True).sort("refusal").iter_rows():
            first = refused.filter(pl.col("refusal") == code)[SOURCE_ROW].min()
            self.books.problems.append(
                problem(
                    code,
                    f"{count} rows quarantined: {REASONS[code]}",
                    source_file=item.raw.file,
                    source_row=int(first) if isinstance(first, int) else None,
                    column=_ABOUT.get(code, "incident_number"),
                )
            )
        raw = batch.frame.filter(batch.refused).select(
            pl.struct(pl.exclude(SOURCE_ROW)).struct.json_encode().cast(pl.Binary).alias("raw")
        )
        return refused.select(
            SOURCE_ROW,
            pl.col("refusal").alias("reason_code"),
            pl.col("refusal").replace_strict(REASONS, return_dtype=pl.String).alias("message"),
            pl.lit(None, pl.Int64).alias("byte_offset"),
            # What the law lets nobody keep is not kept here either.
            pl.when(pl.col("refusal") != EXPUNGED).then(raw["raw"]).alias("raw"),
        )

    def _batches(self, item: Input, account: Account, start: int) -> Iterator[_Batch]:
        """Map the rows of an input, of which the first has the given place in its source."""
        for frame in item.batches():
            part = slice(start, start + frame.height)
            start = part.stop
            keys = self._keys(frame).with_columns(
                account.fates(part).alias("row_fate"),
                account.ordinals[part].alias("_ordinal"),
                repeated(item.raw.file, frame.height).alias("source_file"),
                frame[SOURCE_ROW],
            )
            refused = keys["refusal"].is_not_null()
            good = frame.with_row_index("_row").cast({"_row": pl.Int64})
            if refused.any():
                good = good.filter(~refused)
            batch = _Batch(frame, keys, part, refused, {}, [])
            if good.height:
                self._map(good, batch)
            yield batch

    def _map(self, good: pl.DataFrame, batch: _Batch) -> None:
        batch.problems.extend(lost_items(good, batch.keys, self.feeds))
        for position, feed in enumerate(self.feeds):
            mapped = map_rows(
                good,
                batch.keys,
                feed,
                position,
                source=self.source,
                plan=self.plan,
                profile=self.profile,
                tongue=self.tongue,
            )
            batch.problems.extend(mapped.problems)
            self.fed[position] += mapped.rows.height
            batch.rows[position] = mapped.rows

    def _write(self, batch: _Batch, account: Account) -> pl.Series:
        """Write the canonical rows of a batch.

        Returns:
            The fate of each of its rows.
        """
        keys, rows = batch.keys, batch.rows
        fates = keys["row_fate"]
        if not rows:
            return fates
        self.books.problems.extend(batch.problems)
        occurred = self._occurred(keys, rows)
        local: dict[str, list[pl.DataFrame]] = {table: [] for table in PERSON_TABLES}
        for position, feed in enumerate(self.feeds):
            if feed.table not in PERSON_TABLES:
                continue
            known = account.mentioned(position, batch.part)
            fed = self.books.persons_fed.get(feed.table, 0)
            persons = number_persons(rows[position], feed, keys, known, fed)
            persons = ages_at(persons, occurred)
            local[feed.table].append(persons)
            self.books.remember(feed.table, persons)
            self.books.write(feed.table, persons.filter("_first"))
        alone = self.number is None
        for position, feed in enumerate(self.feeds):
            out = rows[position]
            if feed.table in PERSON_TABLES:
                continue
            if feed.table in _EVENTS:
                out = out.filter("_stated")
            if feed.table == "relationship":
                ordinals = keys["_ordinal"]
                out = link_relationships(out, feed, ordinals, local, self.books, alone=alone)
            elif feed.table == "arrest":
                out = link_arrests(out, feed, self.books, alone=alone)
            elif feed.table == "incident":
                self.books.date(out)
            elif feed.table == "tally":
                out = self._tallied(out)
                fates = _one_fate(fates, out)
            self.books.write(feed.table, out)
        return fates

    def _occurred(self, keys: pl.DataFrame, rows: dict[int, pl.DataFrame]) -> pl.DataFrame | None:
        """Date of the incident by row of the batch, from the row itself or from the incidents read before."""
        for position, feed in enumerate(self.feeds):
            if feed.table == "incident" and "occurred_on" in rows[position].columns:
                return rows[position].select("_row", "occurred_on")
        return self.books.dates(keys.with_row_index("_row").cast({"_row": pl.Int64}))

    def _tallied(self, rows: pl.DataFrame) -> pl.DataFrame:
        texts = rows.cast({selectors.enum(): pl.String})
        rows, self.books.tallies, problems = settle_tally(
            texts, frozenset(self.plan.shown), self.books.tallies
        )
        self.books.problems.append(problems)
        return rows


def _one_fate(fates: pl.Series, tallied: pl.DataFrame) -> pl.Series:
    """Give each row the fate of its counts; one that feeds several counts is ``new`` when any of them is."""
    order = pl.Enum(FATES)
    settled = tallied.group_by("_row").agg(pl.col("row_fate").cast(order).min().cast(pl.String))
    whole = (
        fates.cast(pl.String)
        .alias("before")
        .to_frame()
        .with_row_index("_row")
        .cast({"_row": pl.Int64})
    )
    return (
        whole.join(settled, on="_row", how="left", maintain_order="left")
        .select(pl.coalesce("row_fate", "before"))
        .to_series()
    )
