"""NIBRS submissions into the canonical tables: their actions played, every segment accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ipvi_cli.ingest.books import Books
from ipvi_cli.ingest.keys import agency_words, normalised
from ipvi_cli.ingest.nibrs import refusals
from ipvi_cli.ingest.nibrs.actions import changed_keys, play, replaced, sequence, slots
from ipvi_cli.ingest.nibrs.canonical import canonical
from ipvi_cli.ingest.nibrs.judge import Judge
from ipvi_cli.ingest.nibrs.segments import Account, Submission
from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA
from ipvi_cli.model.finding import PROBLEM_SCHEMA, Progress, problem
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.tables import FATES

_PERSONS: Final = ("victim", "offender")


@dataclass
class Delivered:
    """What became of the segments of one input.

    Attributes:
        quarantine: Refused segments, ``QUARANTINE_SCHEMA``.
        fates: Accepted segments by fate.
    """

    quarantine: list[pl.DataFrame]
    fates: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(FATES, 0)))


def deliver(
    submissions: Sequence[Submission], profile: Profile, books: Books, progress: Progress | None
) -> dict[str, Delivered]:
    """Write the canonical rows of submissions.

    Args:
        submissions: All submissions of a source, in the order of their files.
        profile: Words of the agencies, and the normalisation of incident numbers.
        books: Where the rows go, and what was written before.
        progress: Told how many segments are mapped.

    Returns:
        What became of the segments, by input.
    """
    fates = play([one.reports for one in submissions])
    gone = _replaced(submissions)
    total = sum(account.rows_read for one in submissions for account in one.inputs)
    delivered: dict[str, Delivered] = {}
    done = 0
    before = books.incidents
    for number, one in enumerate(submissions):
        books.problems.append(one.problems)
        for account in one.inputs:
            delivered[account.file] = Delivered([account.quarantine])
            delivered[account.file].fates.update(account.fates)
        aside = pl.concat([_segments_aside(account) for account in one.inputs])
        judge = Judge(one)
        for batch in one.batches():
            frames = _played(batch, fates[number], gone.get(number))
            frames = {level: _set_aside(frame, delivered, books) for level, frame in frames.items()}
            _count(frames, aside, delivered, segments=one.segments)
            named = _renamed(frames, profile)
            judge.look(frames, named, aside)
            _write(named, books, before)
            done += sum(frame.height for frame in frames.values())
            if progress is not None:
                progress("mapping segments", done, total)
        books.problems.append(judge.problems())
    books.problems.extend(_deletes(submissions))
    for table in _PERSONS:
        books.persons_fed[table] = books.persons_fed.get(table, 0) + 1
    return delivered


def _replaced(submissions: Sequence[Submission]) -> dict[int, pl.DataFrame]:
    """Find the segments that later ones change or delete, by number of the submission."""
    keys = changed_keys(one.reports for one in submissions)
    if not keys.len():
        return {}
    found = [
        pl.concat([slots({}, keys), *(slots(batch, keys) for batch in one.batches())])
        for one in submissions
    ]
    return dict(enumerate(replaced(found)))


def _played(
    batch: Mapping[str, pl.DataFrame], fates: pl.DataFrame, gone: pl.DataFrame | None
) -> dict[str, pl.DataFrame]:
    """Give each segment the fate of its report, and the reason why it has to be set aside."""
    frames = {}
    for level, frame in batch.items():
        stamped = frame.with_columns(
            fates[name].gather(frame["report"]).cast(pl.String).alias(name)
            for name in fates.columns
        )
        if gone is not None and gone.height:
            mine = gone.filter(pl.col("level") == level).select("sequence", "report", lost=True)
            stamped = (
                stamped.with_columns(sequence(level))
                .join(mine, on=["sequence", "report"], how="left", maintain_order="left")
                .with_columns(
                    pl.when("lost")
                    .then(pl.lit("superseded"))
                    .otherwise("row_fate")
                    .alias("row_fate")
                )
                .drop("sequence", "lost")
            )
        frames[level] = stamped
    return frames


def _set_aside(frame: pl.DataFrame, delivered: dict[str, Delivered], books: Books) -> pl.DataFrame:
    """Move the segments of refused reports into the quarantine."""
    if frame["refusal"].null_count() == frame.height:
        return frame.drop("refusal")
    refused = frame.filter(pl.col("refusal").is_not_null())
    said = pl.col("refusal").replace_strict(refusals.REASONS, return_dtype=pl.String)
    cells = pl.exclude("source_file", "source_row", "row_fate", "report", "refusal")
    rows = refused.select(
        "source_file",
        "source_row",
        pl.col("refusal").alias("reason_code"),
        said.alias("message"),
        pl.lit(None, pl.Int64).alias("byte_offset"),
        pl.struct(cells).struct.json_encode().cast(pl.Binary).alias("raw"),
    )
    for (file,), part in rows.group_by("source_file", maintain_order=True):
        delivered[str(file)].quarantine.append(part.select(*QUARANTINE_SCHEMA))
    books.problems.append(
        refused.select(
            pl.col("refusal").alias("code"),
            pl.lit(None, pl.String).alias("table"),
            pl.lit(None, pl.String).alias("column"),
            pl.col("ori").alias("agency"),
            pl.concat_str("ori", pl.lit(":"), "incident_number").alias("incident_id"),
            "source_file",
            "source_row",
            (said + "; it is set aside").alias("message"),
        ).select(*PROBLEM_SCHEMA)
    )
    return frame.filter(pl.col("refusal").is_null()).drop("refusal")


def _count(
    frames: Mapping[str, pl.DataFrame],
    aside: pl.DataFrame,
    delivered: dict[str, Delivered],
    *,
    segments: bool,
) -> None:
    """Count rows by input and fate: segments where each is a row, else reports.

    An incident put in the place of a refused segment is none.
    """
    parts = []
    for level, frame in frames.items():
        rows = frame.select("source_file", "report", "source_row", "row_fate")
        if level == "incident" and aside.height:
            rows = rows.join(aside, on=["source_file", "source_row"], how="anti")
        parts.append(rows)
    if not parts:
        return
    together = pl.concat(parts)
    if not segments:
        order = pl.col("row_fate").cast(pl.Enum(FATES))
        together = together.group_by("source_file", "report", "source_row").agg(order.min())
    for file, fate, count in together.group_by("source_file", "row_fate").len().iter_rows():
        delivered[file].fates[fate] += count


def _segments_aside(account: Account) -> pl.DataFrame:
    """Name the refused segments of an input in whose place an incident may stand."""
    refused = account.quarantine.filter(pl.col("reason_code").is_in(list(refusals.REASONS)))
    return refused.select(pl.lit(account.file).alias("source_file"), "source_row")


def _renamed(frames: Mapping[str, pl.DataFrame], profile: Profile) -> dict[str, pl.DataFrame]:
    """Write agencies and incident numbers as the profile declares."""
    words = {word: known for word, known in agency_words(profile.agencies).items() if word != known}
    number = normalised(profile.incident_number)
    return {level: _renamed_frame(frame, level, words, number) for level, frame in frames.items()}


def _renamed_frame(
    frame: pl.DataFrame, level: str, words: Mapping[str, str], number: pl.Expr
) -> pl.DataFrame:
    columns: list[pl.Expr | pl.Series] = []
    if words:
        columns.append(pl.col("ori").replace(words))
    if level not in ("zero", "group_b_arrest"):
        cells = frame["incident_number"].alias("cell").to_frame()
        columns.append(cells.select(number.alias("incident_number")).to_series())
    return frame.with_columns(columns)


def _write(frames: Mapping[str, pl.DataFrame], books: Books, before: pl.Series) -> None:
    tables = canonical(frames)
    incidents = _merged(tables["incident"], before)
    books.date(incidents)
    live = incidents.filter(pl.col("row_fate") == "new")["incident_id"]
    books.incidents = pl.concat([books.incidents, live.hash()])
    for table, rows in {**tables, "incident": incidents}.items():
        books.write(table, rows)


def _merged(rows: pl.DataFrame, before: pl.Series) -> pl.DataFrame:
    """Let rows of incidents that an earlier source opened add to these."""
    if not before.len():
        return rows
    known = pl.col("incident_id").hash().is_in(before.implode()) & (pl.col("row_fate") == "new")
    return rows.with_columns(
        pl.when(known).then(pl.lit("merged")).otherwise("row_fate").alias("row_fate")
    )


def _deletes(submissions: Sequence[Submission]) -> Iterator[pl.DataFrame]:
    """Say how many deletes are of reports that the delivery does not hold."""
    if not submissions:
        return
    named = pl.col("part").is_not_null()
    held = pl.concat([one.reports.filter(pl.col("action") != "D") for one in submissions])
    for one in submissions:
        deletes = one.reports.filter(pl.col("action") == "D")
        there = (
            deletes.filter(~named).join(held, on="key", how="semi").height
            + deletes.filter(named).join(held, on=["key", "part"], how="semi").height
        )
        absent = deletes.height - there
        if absent:
            said = f"{absent:,} of {deletes.height:,} deletes are of reports that the delivery does not hold"
            yield problem(refusals.DELETED, said, source_file=one.inputs[0].file)
