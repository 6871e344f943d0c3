"""The review loop over a workspace: undecided words and pairs out to a person, and the decisions back in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli import pipeline
from ipvi_cli import review as reviewing
from ipvi_cli.classify import (
    decided_class,
    decision_fault,
    decision_words,
    word_key,
)
from ipvi_cli.model.errors import InputError, OutputError
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.profile import parse_profile
from ipvi_cli.pipeline import Audit
from ipvi_cli.pipeline.site_profile import own_profile, profile_with, writable
from ipvi_cli.pipeline.undecided import decisions, known_words, undecided
from ipvi_cli.workspace import Staging, Workspace, csv_bytes, find_workspace, open_workspace
from ipvi_cli.workspace.files import rewrite, write_output
from ipvi_cli.workspace.spreadsheet import xlsx_bytes

KINDS: Final = ("relationship", "offense", "weapon", "injury", "disposition", "call")

_SAMPLE_NAME: Final = r"\d+-\d+-[0-9a-f]{8}"
_OF_VALUES: Final = ("pair_id", "incident_id")
_OF_PAIRS: Final = (
    "word_kind", "value", "code_system", "direction", "count", "incidents", "examples",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What was written for a person to decide.

    Attributes:
        file: The review file, or the file of the sample.
        counts: What is undecided, or the strata of the sample, as counts.
        values: Distinct relationship words with rows, incidents and class; confidential. ``None`` for a sample.
    """

    file: Path
    counts: pl.DataFrame
    values: pl.DataFrame | None = None


@dataclass(frozen=True)
class Applied:
    """What became of a filled file.

    Attributes:
        words: Decided words by kind.
        pairs: Decided pairs.
        audit: The workspace as it is now; ``None`` for a sample, which changes nothing.
        profile: The site's profile that holds the words now.
        left: The site's profile, where it could not be changed.
        agreement: What the codes of a sample say.
    """

    words: Mapping[str, int]
    pairs: int
    audit: Audit | None = None
    profile: Path | None = None
    left: Path | None = None
    agreement: reviewing.Agreement | None = None


def review(
    path: Path | None = None, *, out: Path | None = None, progress: Progress | None = None
) -> Asked:
    """Write what is undecided into one file.

    Args:
        path: A workspace; ``None`` for the only one in the current folder.
        out: The file, a workbook with drop-downs where its name ends in ``.xlsx``; by default ``restricted/review.csv``
            of the workspace.
        progress: Told what is being done.

    Returns:
        The file, and what is undecided as counts.

    Raises:
        InputError: There is no workspace, or nothing in it is classified.
        OutputError: The file cannot be written, or holds decisions that were not applied yet.
    """
    workspace = _opened(path)
    asked = undecided(workspace)
    file = out or workspace.path / pipeline.REVIEW_FILE
    _keep_work(file, asked)
    content = _workbook(asked) if file.suffix.casefold() == ".xlsx" else csv_bytes(asked)
    _write(workspace, out, pipeline.REVIEW_FILE, content, progress)
    values = workspace.scan_output(pipeline.KEPT_VALUES).collect()
    return Asked(file, reviewing.count_undecided(asked), values)


def draw_sample(
    path: Path | None = None,
    *,
    size: int,
    seed: int,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Asked:
    """Draw pairs for a person to code from the records, blind; their classes and weights stay in the workspace.

    Args:
        path: A workspace; ``None`` for the only one in the current folder.
        size: Pairs to draw.
        seed: Seed.
        out: The file to be filled in, by default ``restricted/sample.csv`` of the workspace.
        progress: Told what is being done.

    Returns:
        The file, and the strata with their size and the pairs drawn.

    Raises:
        InputError: There is no workspace, or nothing in it is classified.
        UsageError: The sample is too small.
        OutputError: The file cannot be written, or holds codes already.
    """
    workspace = _opened(path)
    sample = reviewing.draw(workspace.scan_output("pairs.parquet"), size, seed)
    drawn = csv_bytes(sample)
    name = f"{size}-{seed}-{hashlib.sha256(drawn).hexdigest()[:8]}"
    columns = ["kind", "sample", "pair_id", "incident_id", "decision", "decided_by", "note"]
    blank = (
        reviewing.blank_rows(sample.select("pair_id", "incident_id"), reviewing.SAMPLE)
        .with_columns(pl.lit(name).alias("sample"))
        .select(columns)
    )
    file = out or workspace.path / pipeline.SAMPLE_FILE
    _keep_work(file, blank)
    content = csv_bytes(blank)
    if file.suffix.casefold() == ".xlsx":
        words = decision_words("relationship")
        content = xlsx_bytes(
            {"sample": blank}, title="Pairs to code", choices={"sample": ("decision", words)}
        )
    _write(
        workspace,
        out,
        pipeline.SAMPLE_FILE,
        content,
        progress,
        more={_drawn_file(name): drawn},
    )
    strata = sample.unique("stratum").select("stratum", "size", "drawn").sort("stratum")
    return Asked(file, strata)


def apply_review(
    path: Path | None,
    file: Path,
    *,
    profile: Path | None = None,
    progress: Progress | None = None,
) -> Applied:
    """Take decisions back, all or none, and make the workspace anew with them; or judge a coded sample.

    Words go under ``[site_words.<kind>]`` of the workspace's profile and of the site's own file, which is the one that
    the workspace was read with unless another is named. Pairs go to ``restricted/decisions.csv``, which a new audit
    into the same workspace takes over.

    Args:
        path: A workspace; ``None`` for the only one in the current folder.
        file: The filled file.
        profile: The site's profile.
        progress: Told what is being done.

    Returns:
        What was stored, and the workspace as it is now.

    Raises:
        InputError: The file cannot be read, or a decision is not allowed; every bad row is named.
        OutputError: The profile that was named, or the workspace, cannot be written.
    """
    workspace = _opened(path)
    rows = reviewing.read_filled(_content(file), str(file))
    if not rows:
        raise InputError(
            "holds no decision.", where=str(file), mend="Fill in decision and decided_by."
        )
    if all(row.kind == reviewing.SAMPLE for row in rows):
        return _judged(workspace, rows, file)
    pairs = workspace.scan_output("pairs.parquet").select("pair_id", "incident_id")
    named = reviewing.named_pairs(rows)
    known = dict(
        pairs.filter(pl.col("pair_id").is_in(named)).collect(engine="streaming").iter_rows()
    )
    _check(workspace, rows, known, file)
    words = [row for row in rows if row.kind == reviewing.VALUE]
    decided = [
        replace(row, incident_id=known[row.pair_id]) for row in rows if row.kind == reviewing.PAIR
    ]
    own = own_profile(workspace, profile) if words else None
    if own is not None and not writable(own):
        if profile is not None:
            raise OutputError(
                "cannot be changed.", where=str(own), mend="Name a copy of it with --profile."
            )
        changed, left = None, own
    else:
        changed, left = own, None
    today = date.today()
    put = partial(reviewing.with_words, rows=words, same=word_key, today=today)
    text = b"" if changed is None else changed.read_bytes()
    new = "" if changed is None else profile_with(put, text, changed)
    done = pipeline.again(path, partial(_stored, put=put, decided=decided, today=today), progress)
    if changed is not None and new.encode() != text:
        rewrite(changed, new.encode())
    counts = {kind: sum(row.word_kind == kind for row in words) for kind in KINDS}
    stored = {kind: count for kind, count in counts.items() if count}
    return Applied(stored, len(decided), done, changed, left)


def _stored(
    workspace: Workspace,
    staging: Staging,
    done: Audit,
    progress: Progress | None,
    *,
    put: partial[str],
    decided: Sequence[reviewing.Filled],
    today: date,
) -> Audit:
    """Store decisions in a workspace and make it anew."""
    text = put(workspace.read_text(pipeline.KEPT_PROFILE), where=pipeline.KEPT_PROFILE)
    staging.write_text(pipeline.KEPT_PROFILE, text)
    done = replace(done, profile=parse_profile(text, where=pipeline.KEPT_PROFILE))
    if decided:
        kept = reviewing.merge_decisions(decisions(workspace), decided, today)
        staging.write_csv(pipeline.KEPT_DECISIONS, kept)
    xlsx = workspace.has("audit.xlsx")
    return pipeline.summarized_again(workspace, staging, done, progress, xlsx=xlsx)


def _judged(workspace: Workspace, rows: Sequence[reviewing.Filled], file: Path) -> Applied:
    """Compare a coded sample with the classes that it was drawn with."""
    names = {row.sample for row in rows}
    name = next(iter(names))
    drawn = workspace.path / _drawn_file(name)
    if len(names) > 1 or not re.fullmatch(_SAMPLE_NAME, name) or not drawn.is_file():
        raise InputError(
            "its column sample does not name one sample that was drawn in this workspace.",
            where=str(file),
            mend="Fill in the file that `ipvi review --sample N` wrote for this workspace.",
        )
    sample = reviewing.read_sample(drawn.read_bytes())
    _check(workspace, rows, sample["pair_id"].to_list(), file)
    coded = pl.DataFrame(
        {
            "pair_id": [row.pair_id for row in rows],
            "given": [decided_class(row.decision) for row in rows],
        }
    ).unique("pair_id", keep="first", maintain_order=True)
    return Applied({}, 0, agreement=reviewing.agree(sample, coded))


def _workbook(asked: pl.DataFrame) -> bytes:
    """Lay the review out as a workbook: a sheet for each kind of words, and one for the pairs."""
    sheets: dict[str, pl.DataFrame] = {}
    choices: dict[str, tuple[str, Sequence[str]]] = {}
    for kind in KINDS:
        own = asked.filter((pl.col("kind") == reviewing.VALUE) & (pl.col("word_kind") == kind))
        if own.height or kind == "relationship":
            sheets[f"{kind} words"] = own.drop(_OF_VALUES)
            choices[f"{kind} words"] = ("decision", decision_words(kind))
    sheets["pairs"] = asked.filter(pl.col("kind") == reviewing.PAIR).drop(_OF_PAIRS)
    choices["pairs"] = ("decision", decision_words("relationship"))
    return xlsx_bytes(sheets, title="To be decided", choices=choices)


def _write(
    workspace: Workspace,
    out: Path | None,
    inside: str,
    content: bytes,
    progress: Progress | None,
    more: Mapping[str, bytes] | None = None,
) -> None:
    """Write a file for a person where it was asked for, else into the workspace."""
    files = {**(more or {}), **({inside: content} if out is None else {})}

    def made(_: Workspace, staging: Staging, done: Audit, __: Progress | None) -> Audit:
        for name, its in files.items():
            staging.write_bytes(name, its)
        return done

    if files:
        pipeline.again(workspace.path, made, progress)
    if out is not None:
        write_output(out, content)


def _drawn_file(name: str) -> str:
    """Name the file that holds the classes and weights of a sample, apart from the one to be filled in."""
    return f"restricted/sample_drawn_{name}.csv"


def _keep_work(file: Path, asked: pl.DataFrame) -> None:
    """Refuse to replace a file with decisions that are still asked for."""
    if not file.is_file():
        return
    try:
        rows = reviewing.read_filled(file.read_bytes(), str(file))
    except InputError:
        rows = []
    pairs = set(asked["pair_id"].drop_nulls()) if "pair_id" in asked.columns else set()
    words = set()
    if "value" in asked.columns:
        named = asked.filter(pl.col("kind") == reviewing.VALUE).select("word_kind", "value")
        words = {(kind, word_key(kind, value)) for kind, value in named.iter_rows()}
    open_ = [
        row
        for row in rows
        if row.pair_id in pairs
        or (row.word_kind in KINDS and (row.word_kind, word_key(row.word_kind, row.value)) in words)
    ]
    if open_:
        raise OutputError(
            f"holds {len(open_)} decisions that were not applied.",
            where=str(file),
            mend="Apply it with `ipvi review --apply FILE`, move it away, or name another file with --out.",
        )


def _check(
    workspace: Workspace,
    rows: Sequence[reviewing.Filled],
    pairs: Sequence[str] | Mapping[str, str],
    file: Path,
) -> None:
    judge = reviewing.Judge(
        mend=decision_fault,
        key=word_key,
        kinds=KINDS,
        words=known_words(workspace),
        pairs=set(pairs),
    )
    reviewing.check(rows, judge, str(file))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise InputError("cannot be read.", where=str(file), mend="Check the path.") from None


def _opened(path: Path | None) -> Workspace:
    workspace = find_workspace(path) if path is None else open_workspace(path)
    workspace.scan_output("pairs.parquet")
    return workspace
