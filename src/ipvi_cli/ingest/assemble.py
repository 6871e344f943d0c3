"""The rows of one source to rows of the canonical tables, batch by batch, every row accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

import polars as pl

from ipvi_cli.ingest.keys import REASONS, agency_words, read_keys
from ipvi_cli.ingest.ledger import HASHES, Account, settle
from ipvi_cli.ingest.mapping import TABLE_KEYS, Tongue, choose, map_rows
from ipvi_cli.ingest.persons import ages_at, number_persons
from ipvi_cli.ingest.plan import Feed, Input, SourcePlan, feeds, plan_source
from ipvi_cli.ingest.raw import SOURCE_ROW
from ipvi_cli.ingest.tally import settle_tally
from ipvi_cli.ingest.values import cells
from ipvi_cli.model.finding import Progress, problem
from ipvi_cli.model.profile import ColumnMap, Profile, Source
from ipvi_cli.model.tables import polars_schema

PERSON_TABLES: Final = ("victim", "offender")


class Sink(Protocol):
    """Where the rows of one canonical table go."""

    def write(self, rows: pl.DataFrame) -> None:
        """Append rows, all canonical columns."""


@dataclass
class Books:
    """What is carried from source to source.

    Attributes:
        sinks: Where the rows of each table go.
        counts: Rows written of each table; numbers the records.
        incidents: Hashes of the incidents opened so far.
        persons_fed: Sources that fed each person table so far.
        implied: Person tables that no source of the profile feeds: every relationship row stands for one person.
        problems: What was noticed.
        wanted: Person tables to whose persons a source refers by the agency's number.
        dates_wanted: Whether a source needs the dates of incidents read before.
        index: Persons by the agency's number.
        dates: Dates of incidents.
        tallies: Areas and years of the tally rows seen so far.
    """

    sinks: dict[str, Sink]
    implied: frozenset[str]
    counts: dict[str, int] = field(default_factory=dict)
    incidents: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.UInt64))
    persons_fed: dict[str, int] = field(default_factory=dict)
    problems: list[pl.DataFrame] = field(default_factory=list)
    wanted: frozenset[str] = frozenset()
    dates_wanted: bool = False
    index: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    dates: list[pl.DataFrame] = field(default_factory=list)
    tallies: pl.DataFrame | None = None

    def remember(self, table: str, persons: pl.DataFrame) -> None:
        """Keep the agency's numbers of persons, where a later source refers to them."""
        if table in self.wanted and "person_number" in persons.columns:
            known = persons.select("incident_id", "person_number", f"{table}_id")
            self.index.setdefault(table, []).append(known.drop_nulls())

    def date(self, incidents: pl.DataFrame) -> None:
        """Keep the dates of incidents, where a later source states births but no dates."""
        if self.dates_wanted and "occurred_on" in incidents.columns:
            self.dates.append(incidents.select("incident_id", "occurred_on").drop_nulls())

    def find(self, rows: pl.DataFrame, table: str, reference: str) -> pl.DataFrame:
        """Find the person to whom an agency's number refers, and the incident where the row names none."""
        column = f"{table}_id"
        parts = self.index.get(table)
        if not parts:
            return rows.with_columns(pl.lit(None, pl.String).alias(column))
        known = pl.concat(parts).rename({"person_number": reference})
        if rows["incident_id"].is_null().all():
            alone = known.unique(column).unique(reference, keep="none")
            found = rows.drop("incident_id").join(
                alone, on=reference, how="left", maintain_order="left"
            )
        else:
            on = ["incident_id", reference]
            alone = known.unique([*on, column]).unique(on, keep="none")
            found = rows.join(alone, on=on, how="left", maintain_order="left")
        return found

    def write(self, table: str, rows: pl.DataFrame) -> None:
        """Write rows of a table, filling the columns that the source does not feed."""
        if rows.is_empty():
            return
        start = self.counts.get(table, 0)
        self.counts[table] = start + rows.height
        schema = polars_schema(table)
        columns = [
            pl.col(name) if name in rows.columns else pl.lit(None, dtype).alias(name)
            for name, dtype in schema.items()
            if name != "record_id"
        ]
        numbered = rows.select(columns).with_row_index("record_id", offset=start + 1)
        self.sinks[table].write(numbered.cast({"record_id": pl.Int64}))


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of one input.

    Attributes:
        quarantine: Refused records, ``QUARANTINE_SCHEMA``.
        fates: Accepted rows by fate.
    """

    quarantine: pl.DataFrame
    fates: dict[str, int]


class Assembly:
    """One source on its way into the canonical tables."""

    def __init__(
        self,
        source: Source,
        inputs: list[Input],
        profile: Profile,
        tongue: Tongue,
        books: Books,
        repeated: frozenset[str],
    ) -> None:
        self.source = source
        self.inputs = inputs
        self.profile = profile
        self.tongue = tongue
        self.books = books
        self.repeated = repeated
        self.feeds = feeds(source)
        self.nulls = frozenset(source.null_words)
        self.number = self._key("incident_number")
        self.agency = self._key("agency")
        self.words = agency_words(profile.agencies)
        self.required = any(
            feed.table in ("incident", "offense", "victim", "offender") for feed in self.feeds
        )
        self.plan: SourcePlan = plan_source(source, inputs, profile)
        self.books.problems.extend(self.plan.problems)
        self.tally_fates: dict[str, int] = {}

    def _key(self, name: str) -> ColumnMap | None:
        own = (feed.columns[name] for feed in self.feeds if name in feed.columns)
        return self.source.keys.get(name) or next(own, None)  # type: ignore[call-overload]

    def run(self, progress: Progress | None) -> list[Outcome]:
        """Account for all rows of the source and write them.

        Args:
            progress: Told how many rows are mapped.

        Returns:
            What became of each input's rows, in order.
        """
        rows, persons = self._hashes()
        account = settle(
            rows,
            persons,
            opens_incidents=self.source.feeds("incident"),
            seen=self.books.incidents,
        )
        total = rows.height
        outcomes = []
        start = 0
        for item in self.inputs:
            quarantine, fates = (
                [item.raw.quarantine],
                dict.fromkeys(("new", "merged", "duplicate"), 0),
            )
            for frame in item.batches():
                part = slice(start, start + frame.height)
                start += frame.height
                keys = self._keys(frame, item, account.fates[part])
                refused = keys["refusal"].is_not_null()
                if refused.any():
                    quarantine.append(self._refuse(frame, keys, refused, item))
                for fate, count in keys["row_fate"].filter(~refused).value_counts().iter_rows():
                    fates[fate] += count
                self._map(frame, keys, account, part)
                if progress is not None:
                    progress(f"mapping {self.source.name}", start, total)
            if self.source.feeds("tally"):
                fates = self.tally_fates
                self.tally_fates = {}
            outcomes.append(Outcome(pl.concat(quarantine), fates))
        if self.source.feeds("incident"):
            opened = rows.filter(~pl.col("refused"))["incident"].unique()
            self.books.incidents = pl.concat([self.books.incidents, opened]).unique()
        for table in PERSON_TABLES:
            if self.source.feeds(table):
                self.books.persons_fed[table] = self.books.persons_fed.get(table, 0) + 1
        return outcomes

    def _keys(self, frame: pl.DataFrame, item: Input, fates: pl.Series | None) -> pl.DataFrame:
        """Give the key columns of a batch, a row for each of its rows, in order."""
        keys = read_keys(
            frame,
            agency=self.agency,
            number=self.number,
            words=self.words,
            rule=self.profile.incident_number,
            nulls=self.nulls,
            usual_words=self.plan.usual_words,
            required=self.required,
        )
        if fates is None:
            return keys
        if item.raw.file in self.repeated:
            fates = pl.repeat("duplicate", fates.len(), dtype=pl.String, eager=True)
        return keys.with_columns(
            fates.alias("row_fate"),
            pl.lit(item.raw.file).alias("source_file"),
            frame[SOURCE_ROW],
        )

    def _hashes(self) -> tuple[pl.DataFrame, dict[int, pl.Series]]:
        again = {
            position: columns
            for position, feed in enumerate(self.feeds)
            if (columns := self._known_again(feed)) is not None
        }
        rows: list[pl.DataFrame] = [pl.DataFrame(schema=HASHES)]
        persons: dict[int, list[pl.Series]] = {position: [] for position in again}
        for item in self.inputs:
            for frame in item.batches():
                keys = self._keys(frame, item, None)
                rows.append(
                    pl.DataFrame(
                        {
                            "row": frame.drop(SOURCE_ROW).hash_rows(),
                            "incident": keys.select(
                                pl.when(pl.col("incident_id").is_not_null()).then(
                                    pl.col("incident_id").hash()
                                )
                            ).to_series(),
                            "refused": keys["refusal"].is_not_null(),
                        },
                        schema=HASHES,
                    )
                )
                for position, columns in again.items():
                    persons[position].append(self._person_hash(frame, columns))
        empty = pl.Series(dtype=pl.UInt64)
        return pl.concat(rows), {
            position: pl.concat([empty, *parts]) for position, parts in persons.items()
        }

    def _known_again(self, feed: Feed) -> list[ColumnMap] | None:
        """Columns by which a person is known again within an incident, if the source has any."""
        if feed.table not in PERSON_TABLES or feed.packed is not None or feed.total > 1:
            return None
        own = feed.columns
        number = own.get(f"{feed.table}_number")
        if number is not None:
            return (
                [number] if self.source.feeds("relationship") and number.constant is None else None
            )
        if "person_number" in own:
            return [own["person_number"]]
        if "name" in own and "birth_date" in own:
            return [own["name"], own["birth_date"]]
        return None

    def _person_hash(self, frame: pl.DataFrame, columns: list[ColumnMap]) -> pl.Series:
        parts = pl.DataFrame(
            {str(i): cells(frame, mapped, self.nulls) for i, mapped in enumerate(columns)}
        )
        whole = pl.all_horizontal(pl.all().is_not_null())
        return parts.select(pl.when(whole).then(pl.struct(pl.all()).hash())).to_series()

    def _refuse(
        self, frame: pl.DataFrame, keys: pl.DataFrame, which: pl.Series, item: Input
    ) -> pl.DataFrame:
        refused = keys.filter(which)
        for code, count in refused["refusal"].value_counts(sort=True).sort("refusal").iter_rows():
            first = refused.filter(pl.col("refusal") == code)[SOURCE_ROW].min()
            self.books.problems.append(
                problem(
                    code,
                    f"{count} rows quarantined: {REASONS[code]}",
                    source_file=item.raw.file,
                    source_row=int(first) if isinstance(first, int) else None,
                    column="agency" if code == "IPVI-135" else "incident_number",
                )
            )
        raw = frame.filter(which).select(
            pl.struct(pl.exclude(SOURCE_ROW)).struct.json_encode().cast(pl.Binary).alias("raw")
        )
        return refused.select(
            SOURCE_ROW,
            pl.col("refusal").alias("reason_code"),
            pl.col("refusal").replace_strict(REASONS, return_dtype=pl.String).alias("message"),
            pl.lit(None, pl.Int64).alias("byte_offset"),
            raw["raw"],
        )

    def _map(self, frame: pl.DataFrame, keys: pl.DataFrame, account: Account, part: slice) -> None:
        good = frame.with_row_index("_row").filter(keys["refusal"].is_null())
        if good.is_empty():
            return
        keys = keys.with_columns(account.ordinals[part].alias("_ordinal"))
        rows = dict(self._mapped(good, keys))
        occurred = self._occurred(keys, rows)
        local: dict[str, list[pl.DataFrame]] = {table: [] for table in PERSON_TABLES}
        for position, feed in enumerate(self.feeds):
            if feed.table not in PERSON_TABLES:
                continue
            known = account.persons.get(position)
            known_part = None if known is None else (known[0][part], known[1][part])
            fed = self.books.persons_fed.get(feed.table, 0)
            persons = number_persons(rows[position], feed, keys, known_part, fed)
            persons = ages_at(persons, occurred)
            local[feed.table].append(persons)
            self.books.remember(feed.table, persons)
            self.books.write(feed.table, persons.filter("_first"))
        for position, feed in enumerate(self.feeds):
            if feed.table in PERSON_TABLES:
                continue
            out = rows[position]
            if feed.table == "relationship":
                out = self._linked(out, feed, keys, local)
            elif feed.table in ("arrest", "charge", "call", "offense"):
                out = out.filter("_stated")
            elif feed.table == "incident":
                self.books.date(out)
            if feed.table == "tally":
                out = self._tallied(out)
            if feed.table == "arrest":
                out = self._arrested(out, feed)
            self.books.write(feed.table, out)

    def _mapped(self, good: pl.DataFrame, keys: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
        for position, feed in enumerate(self.feeds):
            mapped = map_rows(
                choose(good, feed),
                keys,
                feed,
                position,
                source=self.source,
                plan=self.plan,
                profile=self.profile,
                tongue=self.tongue,
            )
            self.books.problems.extend(mapped.problems)
            yield position, mapped.rows

    def _occurred(self, keys: pl.DataFrame, rows: dict[int, pl.DataFrame]) -> pl.DataFrame | None:
        """Date of the incident by row of the batch, from the row itself or from the incidents read before."""
        for position, feed in enumerate(self.feeds):
            if feed.table == "incident" and "occurred_on" in rows[position].columns:
                return rows[position].select("_row", "occurred_on")
        if not self.books.dates:
            return None
        dates = pl.concat(self.books.dates).unique("incident_id", keep="first", maintain_order=True)
        return keys.with_row_index("_row").select("_row", "incident_id").join(
            dates, on="incident_id", how="left", maintain_order="left"
        ).select("_row", "occurred_on")  # fmt: skip

    def _tallied(self, rows: pl.DataFrame) -> pl.DataFrame:
        rows, self.books.tallies, problems = settle_tally(rows, self.plan.shown, self.books.tallies)
        self.books.problems.append(problems)
        for fate, count in rows["row_fate"].value_counts().iter_rows():
            self.tally_fates[fate] = self.tally_fates.get(fate, 0) + count
        return rows

    def _arrested(self, rows: pl.DataFrame, feed: Feed) -> pl.DataFrame:
        """Say which offender of its incident an arrest is of, as far as the row says it."""
        if "offender_number" in feed.columns:
            return rows.with_columns(_named("offender_number", "O").alias("offender_id"))
        if "person_number" in feed.columns:
            return self.books.find(rows, "offender", "person_number")
        return rows

    def _linked(
        self,
        rows: pl.DataFrame,
        feed: Feed,
        keys: pl.DataFrame,
        local: dict[str, list[pl.DataFrame]],
    ) -> pl.DataFrame:
        """Say of which victim and offender each relationship row is, as far as the row itself says it."""
        for table, letter in (("victim", "V"), ("offender", "O")):
            column = f"{table}_id"
            if f"{table}_number" in feed.columns:
                rows = rows.with_columns(_named(f"{table}_number", letter).alias(column))
            elif f"{table}_person_number" in feed.columns:
                rows = self.books.find(rows, table, f"{table}_person_number")
            elif table in self.books.implied:
                rows = self._implied(rows, feed, keys, table, letter)
            else:
                rows = _joined(rows, feed, local[table], column)
        both = pl.col("victim_id").is_not_null() & pl.col("offender_id").is_not_null()
        return rows.filter(pl.col("_stated") | both)

    def _implied(
        self, rows: pl.DataFrame, feed: Feed, keys: pl.DataFrame, table: str, letter: str
    ) -> pl.DataFrame:
        """Let each relationship row stand for one person, because no source of the profile describes them."""
        number = keys["_ordinal"].gather(rows["_row"]) * feed.total + feed.offset + 1
        rows = rows.with_columns(
            pl.concat_str("incident_id", pl.lit(f":{letter}"), number).alias(f"{table}_id")
        )
        persons = rows.select(*TABLE_KEYS, f"{table}_id")
        if table == "offender":
            persons = persons.with_columns(pl.lit(False).alias("offender_unknown"))
        self.books.write(table, persons)
        return rows


def _named(number: str, letter: str) -> pl.Expr:
    told = pl.col("incident_id").is_not_null() & pl.col(number).is_not_null()
    if letter == "O":
        told = told & (pl.col(number) > 0)
    return pl.when(told).then(pl.concat_str("incident_id", pl.lit(f":{letter}"), number))


def _joined(
    rows: pl.DataFrame, feed: Feed, persons: list[pl.DataFrame], column: str
) -> pl.DataFrame:
    """Join the person that the same row (and packed item or column group) names."""
    if not persons:
        return rows.with_columns(pl.lit(None, pl.String).alias(column))
    grouped = feed.total > 1 and len(persons) == feed.total
    chosen = [persons[feed.offset]] if grouped else persons
    on = ["_row", "_item"] if feed.packed is not None else ["_row"]
    known = pl.concat([one.select(*on, column) for one in chosen])
    # A row that names several persons on this side does not say of which one the tie is.
    alone = known.filter(~pl.struct(on).is_duplicated()) if len(chosen) > 1 else known
    return rows.join(
        alone.unique(on, keep="none", maintain_order=True), on=on, how="left", maintain_order="left"
    )
