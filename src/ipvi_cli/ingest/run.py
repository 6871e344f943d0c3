"""A delivery and a profile in; canonical tables, quarantine and the account of every row out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import polars as pl

from ipvi_cli.ingest.assemble import Assembly, Outcome
from ipvi_cli.ingest.books import Books, Sink, references, wants
from ipvi_cli.ingest.delivery import Failure, Found, belongs, find, read
from ipvi_cli.ingest.inputs import Input, open_inputs
from ipvi_cli.ingest.ledger import repeated_files
from ipvi_cli.ingest.mapping import Tongue
from ipvi_cli.ingest.mentions import PERSON_TABLES
from ipvi_cli.ingest.nibrs.deliver import Delivered, deliver
from ipvi_cli.ingest.nibrs.formats import FORMATS
from ipvi_cli.ingest.nibrs.segments import Submission
from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA, RawInput
from ipvi_cli.ingest.values import Coder
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import PROBLEM_SCHEMA, Progress, problem
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.profile_sources import Source
from ipvi_cli.model.tables import FATES, TABLES

MISSING: Final = "IPVI-130"
UNREADABLE: Final = "IPVI-131"
NOT_IN_PROFILE: Final = "IPVI-132"
REPEATED_FILE: Final = "IPVI-137"

_HEART: Final = ("incident", "relationship")
"""Without the rows of these tables there is nothing to audit."""
_COUNTED: Final = ("incident", "tally")
"""A profile that feeds neither of these tables gives nothing to count."""


class Store(Protocol):
    """Where the canonical tables go; the workspace is one."""

    scratch: Path

    def table_writer(self, table: str) -> Writer:
        """Open a canonical table for writing."""


class Writer(Sink, Protocol):
    """A table that is open for writing."""

    def close(self) -> None:
        """Finish the table."""


@dataclass(frozen=True)
class InputRecord:
    """One input in the manifest: read = accepted + quarantined; the fates sum to accepted."""

    file: str
    source: str
    sha256: str
    bytes: int
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    row_fates: dict[str, int]
    lines_skipped: int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ingested:
    """What reading a delivery gives.

    Attributes:
        tables: Names of the canonical tables that hold rows.
        problems: What was noticed, ``PROBLEM_SCHEMA``.
        inputs: The account of every input.
        quarantine: Refused records by input, with ``record_id``.
        unmapped: Words that no crosswalk holds: ``kind``, ``value``, ``count``; confidential.
        failures: One line for each source or file that could not be read.
        taken_for: One line for each submission whose format was recognised: what it was taken for, and why.
    """

    tables: tuple[str, ...]
    problems: pl.DataFrame
    inputs: tuple[InputRecord, ...]
    quarantine: dict[str, pl.DataFrame]
    unmapped: pl.DataFrame
    failures: tuple[str, ...]
    taken_for: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every source was there and could be read."""
        return not self.failures


@dataclass(frozen=True)
class _Opened:
    source: Source
    inputs: list[tuple[Found, RawInput]]
    files: list[Found] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)


def ingest(
    delivery: Path,
    profile: Profile,
    store: Store,
    coder: Coder,
    progress: Progress | None = None,
) -> Ingested:
    """Read a delivery into the canonical tables.

    Args:
        delivery: A folder or a file.
        profile: What its columns mean.
        store: Where the tables go.
        coder: Crosswalks of the coded columns.
        progress: Told what is being done.

    Returns:
        The account of what was read.

    Raises:
        InputError: Nothing can be read, a column that the profile names is missing, or the source that holds the
            incidents or the relationships cannot be read.
    """
    opened, failures, problems = _open(delivery, profile, store.scratch, progress)
    _require_heart(profile, opened, failures)
    matched = _match(opened)
    writers: dict[str, Writer] = {
        table: store.table_writer(table)
        for table in TABLES
        if any(one.source.feeds(table) for one in opened) or table in PERSON_TABLES
    }
    books = Books(
        sinks=dict(writers),
        implied=frozenset(
            table
            for table in PERSON_TABLES
            if not any(source.feeds(table) for source in profile.sources)
        ),
        wanted=wants(profile),
        problems=problems,
    )
    tongue = Tongue(coder)
    records: list[InputRecord] = []
    quarantine: dict[str, list[pl.DataFrame]] = {}
    for one in sorted(opened, key=_rank):
        if one.source.is_nibrs:
            for file, done in deliver(one.submissions, profile, books, progress).items():
                record, refused = _delivered(one, file, done)
                records.append(record)
                quarantine.setdefault(file, []).append(refused)
            continue
        inputs = matched[one.source.name]
        outcomes = Assembly(one.source, inputs, profile, tongue, books).run(progress)
        for (found, raw), outcome in zip(one.inputs, outcomes, strict=True):
            records.append(_record(found, raw, one.source, outcome))
            quarantine.setdefault(raw.file, []).append(outcome.quarantine)
            books.problems.extend(_noticed(raw))
    for writer in writers.values():
        writer.close()
    return Ingested(
        tables=tuple(table for table in TABLES if books.counts.get(table)),
        problems=pl.concat([pl.DataFrame(schema=PROBLEM_SCHEMA), *books.problems]),
        inputs=tuple(sorted(records, key=lambda record: record.file)),
        quarantine=_numbered(quarantine),
        unmapped=_unmapped(tongue),
        failures=tuple(failure.error.line() for failure in failures),
        taken_for=tuple(
            f"{taken.inputs[0].file}: read as {taken.taken_for}"
            for one in opened
            for taken in one.submissions
        ),
    )


def _open(
    delivery: Path, profile: Profile, scratch: Path, progress: Progress | None
) -> tuple[list[_Opened], list[Failure], list[pl.DataFrame]]:
    """Read every file of the delivery that a source of the profile names."""
    opened = {source.name: _Opened(source, []) for source in profile.sources}
    failures: list[Failure] = []
    problems: list[pl.DataFrame] = []
    hashes: list[tuple[str, str]] = []
    for number, found in enumerate(find(delivery, scratch / "members")):
        label = found[0] if isinstance(found, tuple) else found.label
        if label == profile.findings.accepted:
            continue
        sources = [source for source in profile.sources if belongs(label, source)]
        if not sources and isinstance(found, tuple):
            # Nobody can say whose files an archive holds that cannot be opened.
            failures.append(Failure(None, UNREADABLE, found[1]))
            said = f"this file could not be read: {found[1].what}"
            problems.append(problem(UNREADABLE, said, source_file=label))
        elif not sources:
            what = "no source of the profile names this file; it was not read"
            problems.append(problem(NOT_IN_PROFILE, what, source_file=label))
        for source in sources:
            try:
                if isinstance(found, tuple):
                    raise found[1]
                if source.is_nibrs:
                    opened[source.name].files.append(found)
                    hashes.append((found.label, f"{source.name} {found.sha256}"))
                    continue
                place = scratch / f"clean{number}-{source.name}"
                raws = read(found, source, place, progress)
            except InputError as error:
                failures.append(Failure(source, UNREADABLE, error))
                said = f"this file could not be read: {error.what}"
                problems.append(problem(UNREADABLE, said, source_file=label))
                continue
            opened[source.name].inputs.extend((found, raw) for raw in raws)
            hashes.extend((raw.file, f"{source.name} {found.sha256} {_sheet(raw)}") for raw in raws)
    for one in opened.values():
        for label, lost_file in _take(one, scratch, progress):
            failures.append(Failure(one.source, UNREADABLE, lost_file))
            said = f"this file could not be read: {lost_file.what}"
            problems.append(problem(UNREADABLE, said, source_file=label))
    for source in profile.sources:
        lost = any(failure.source is source for failure in failures)
        if not _has_any(opened[source.name]) and not lost and source.required:
            absent = InputError(
                f"no file fits '{source.files}'.",
                where=f"source {source.name}",
                mend="Add the file, or mend 'files' in the profile.",
            )
            failures.append(Failure(source, MISSING, absent))
            problems.append(problem(MISSING, f"source {source.name} is missing: {absent.what}"))
    twice = repeated_files(hashes)
    for later, earlier in sorted(twice.items()):
        said = f"the same bytes as {earlier}; none of its rows is counted again"
        problems.append(problem(REPEATED_FILE, said, source_file=later))
    return [one for one in opened.values() if _has_any(one)], failures, problems


def _has_any(one: _Opened) -> bool:
    return bool(one.inputs or one.submissions)


def _take(one: _Opened, scratch: Path, progress: Progress | None) -> list[tuple[str, InputError]]:
    """Read the NIBRS submissions of a source.

    Returns:
        Name and error of each file that cannot be read.
    """
    if not one.files:
        return []
    if one.source.format not in FORMATS:
        unread = InputError(
            f"submissions of the format {one.source.format} are not read.",
            where=f"source {one.source.name}",
            mend=f"Formats that are: {', '.join(FORMATS)}.",
        )
        return [(file.label, unread) for file in one.files]
    place = scratch / f"nibrs-{one.source.name}"
    place.mkdir(parents=True, exist_ok=True)
    taken = FORMATS[one.source.format].read(one.files, place, progress)
    one.submissions.extend(taken.submissions)
    return taken.failures


def _match(opened: list[_Opened]) -> dict[str, list[Input]]:
    """Match the columns of every input to the profile before anything is written; what is missing is told at once."""
    matched: dict[str, list[Input]] = {}
    lacking: list[InputError] = []
    for one in opened:
        if one.source.is_nibrs:
            continue
        try:
            matched[one.source.name] = open_inputs(one.source, [raw for _, raw in one.inputs])
        except InputError as error:
            lacking.append(error)
    if lacking:
        raise _together(lacking)
    return matched


def _sheet(raw: RawInput) -> str:
    return raw.file.rsplit("#", 1)[1] if "#" in raw.file else ""


def _require_heart(profile: Profile, opened: list[_Opened], failures: list[Failure]) -> None:
    """Refuse to go on without what is counted, or when the incidents or the relationships cannot be read."""
    if not any(source.feeds(table) for source in profile.sources for table in _COUNTED):
        raise InputError(
            "no source of the profile feeds the table incident, so there is nothing to count.",
            mend='Add [[sources.tables]] with table = "incident" to the source that has a row for each incident.',
        )
    for table in _HEART:
        meant = [source for source in profile.sources if source.feeds(table)]
        there = [one for one in opened if one.source.feeds(table)]
        if meant and not there:
            raise _all_of([one for one in failures if one.source is None or one.source in meant])
    if not opened:
        raise _all_of(failures)


def _all_of(failures: list[Failure]) -> InputError:
    return _together([failure.error for failure in failures])


def _together(errors: list[InputError]) -> InputError:
    if len(errors) == 1:
        return errors[0]
    return InputError(" ".join(error.line() for error in errors) or "nothing to read.")


def _rank(one: _Opened) -> int:
    """Put sources that others refer to first."""
    if any(not one.source.feeds(table) for table in references(one.source)):
        return 3
    if one.source.feeds("incident"):
        return 0
    return 1 if any(one.source.feeds(table) for table in PERSON_TABLES) else 2


def _delivered(one: _Opened, file: str, done: Delivered) -> tuple[InputRecord, pl.DataFrame]:
    """Account for an input of a NIBRS submission."""
    found = next(found for found in one.files if found.label == file)
    accounts = (account for taken in one.submissions for account in taken.inputs)
    account = next(account for account in accounts if account.file == file)
    refused = pl.concat(done.quarantine)
    record = InputRecord(
        file=file,
        source=one.source.name,
        sha256=found.sha256,
        bytes=found.bytes,
        rows_read=account.rows_read,
        rows_accepted=sum(done.fates.values()),
        rows_quarantined=refused.height,
        row_fates=dict(done.fates),
        lines_skipped=account.lines_skipped,
    )
    return record, refused


def _record(found: Found, raw: RawInput, source: Source, outcome: Outcome) -> InputRecord:
    fates = {fate: outcome.fates.get(fate, 0) for fate in FATES}
    return InputRecord(
        file=raw.file,
        source=source.name,
        sha256=found.sha256,
        bytes=found.bytes,
        rows_read=raw.rows_read,
        rows_accepted=sum(fates.values()),
        rows_quarantined=outcome.quarantine.height,
        row_fates=fates,
        lines_skipped=raw.lines_skipped,
        columns=raw.columns,
    )


def _noticed(raw: RawInput) -> list[pl.DataFrame]:
    return [
        problem(
            note.code,
            note.message,
            column=note.column,
            source_file=raw.file,
            source_row=note.source_row,
        )
        for note in raw.notes
    ]


def _numbered(quarantine: Mapping[str, Sequence[pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    start = 1
    numbered = {}
    for file, parts in sorted(quarantine.items()):
        rows = pl.concat([pl.DataFrame(schema=QUARANTINE_SCHEMA), *parts])
        if rows.is_empty():
            continue
        numbered[file] = (
            rows.sort("source_row", maintain_order=True)
            .with_row_index("record_id", offset=start)
            .with_columns(pl.col("record_id").cast(pl.Int64), pl.lit(file).alias("source_file"))
        )
        start += rows.height
    return numbered


def _unmapped(tongue: Tongue) -> pl.DataFrame:
    rows = [(kind, word, count) for (kind, word), count in tongue.unmapped.items()]
    frame = pl.DataFrame(
        rows, schema={"kind": pl.String, "value": pl.String, "count": pl.Int64}, orient="row"
    )
    return frame.sort(["kind", "count", "value"], descending=[False, True, False])
