"""The first look at a delivery: its files in, a drafted profile and the letter to the jurisdiction out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli import onboard, pipeline
from ipvi_cli.classify.crosswalk import Crosswalk, load_crosswalk
from ipvi_cli.ingest.preview import preview
from ipvi_cli.model.errors import InputError, OutputError
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.pipeline import PROFILE_NAME
from ipvi_cli.summarize.registry import figures
from ipvi_cli.workspace.files import write_output

LETTER_NAME: Final = "data_request.md"
"""The data request beside the drafted profile; beside ``city.toml`` it is ``city_data_request.md``."""


@dataclass(frozen=True)
class Looked:
    """What was found out about a delivery that nobody has described yet, before anything is written.

    Attributes:
        study: What each column looks like, and the open questions.
        profile: Where the drafted profile goes.
        letter: Where the data request goes.
        beside: Whether ``ipvi audit`` finds the profile there by itself.
    """

    study: onboard.Study
    profile: Path
    letter: Path
    beside: bool


@dataclass(frozen=True)
class Onboarded(Looked):
    """What was found out and written.

    Attributes:
        usable: Whether ``ipvi audit`` takes the draft as it is.
    """

    usable: bool


def init(
    delivery: Path,
    *,
    out: Path | None = None,
    like: Path | str | None = None,
    force: bool = False,
    ask: Callable[[onboard.Question], str | None] | None = None,
    progress: Progress | None = None,
) -> Onboarded:
    """Draft a profile for a delivery, and the letter that asks for what is missing.

    Args:
        delivery: A folder, or one file.
        out: The profile to write; by default ``jurisdiction.toml`` in or beside the delivery.
        like: A profile, or the name of a shipped one, that is to be adapted.
        force: Whether an earlier profile and letter may be replaced.
        ask: Told each question that a person can answer at once; ``None`` leaves all open.
        progress: Told what is being done.

    Returns:
        What was found out.

    Raises:
        InputError: There is no such delivery, or nothing in it can be read.
        OutputError: There is a profile already, or it cannot be written.
    """
    return draft(look(delivery, out=out, like=like, force=force, progress=progress), ask=ask)


def look(
    delivery: Path,
    *,
    out: Path | None = None,
    like: Path | str | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Looked:
    """Find out what the columns of a delivery look like; arguments as for ``init``."""
    folder = delivery if delivery.is_dir() else delivery.parent
    path = out or folder / PROFILE_NAME
    letter = path.with_name(
        LETTER_NAME if path.name == PROFILE_NAME else f"{path.stem}_{LETTER_NAME}"
    )
    for taken in (path, letter):
        if taken.exists() and not force:
            raise OutputError(
                "is there already and is not replaced.",
                where=str(taken),
                mend="Choose another place with --out, or replace it with --force.",
            )
    layouts = _shipped() if like is None else [_layout(like)]
    files, unread = _previews(delivery, progress)
    whole = delivery.resolve()
    name = whole.stem if delivery.is_file() else whole.name
    found = onboard.study(
        re.sub(r"[_-]+", " ", name).strip() or "Jurisdiction",
        files,
        vocabulary=_vocabulary(),
        layouts=layouts,
        unread=unread,
        demand=like is not None,
    )
    return Looked(found, path, letter, path == folder / PROFILE_NAME)


def draft(
    looked: Looked, *, ask: Callable[[onboard.Question], str | None] | None = None
) -> Onboarded:
    """Write the profile and the letter of what was found out; ``ask`` as for ``init``."""
    found = looked.study
    answers = {}
    if ask is not None and found.known is None:
        for question in found.questions:
            if question.asked_here and (answer := ask(question)):
                answers[question.key, question.where] = answer
    text = onboard.write_profile(found, answers)
    needs = [(one.figure_id, one.title, one.needs) for one in figures()]
    write_output(looked.profile, text.encode())
    write_output(looked.letter, onboard.write_letter(found, needs).encode())
    return Onboarded(found, looked.profile, looked.letter, looked.beside, _usable(text))


def _usable(text: str) -> bool:
    try:
        profile = parse_profile(text, where=PROFILE_NAME)
    except InputError:
        return False
    return any(one.feeds("incident") or one.feeds("tally") for one in profile.sources)


def _previews(
    delivery: Path, progress: Progress | None
) -> tuple[list[onboard.Delivered], list[tuple[str, str]]]:
    """Read every file of a delivery as it stands."""
    files, unread = [], []
    with tempfile.TemporaryDirectory(prefix="ipvi-") as folder:
        for one in preview(delivery, Path(folder), progress):
            if isinstance(one, tuple):
                unread.append((one[0], one[1].what))
                continue
            if not one.holds_table:
                unread.append((one.raw.file, "it holds no table."))
                continue
            recurring = sum(name in one.cells[name] for name in one.raw.columns if name)
            if onboard.looks_like_data(one.raw.columns, recurring):
                # Its names would be somebody's data.
                unread.append(
                    (one.raw.file, "its first row looks like a record; it has no header.")
                )
                continue
            files.append(
                onboard.Delivered(
                    file=one.raw.file,
                    form=one.form,
                    encoding=one.encoding,
                    delimiter=one.delimiter,
                    header_row=one.header_row,
                    rows=one.raw.rows_accepted,
                    refused=one.raw.rows_quarantined,
                    columns=one.raw.columns,
                    cells=one.cells,
                )
            )
    if not files:
        told = " ".join(sorted({why for _, why in unread}))
        raise InputError(
            f"no file of the delivery can be read as a table with a header: {told}",
            where=str(delivery),
            mend="Ask for the export as CSV or as an Excel workbook, with a header.",
        )
    return files, unread


def _vocabulary() -> onboard.Vocabulary:
    """Give the packaged crosswalks to onboarding; what is undetermined is ``?`` and its reason."""
    walks: dict[str, Crosswalk] = {}

    def meaning(kind: str, words: Sequence[str], code_system: str) -> Mapping[str, str | None]:
        if kind not in walks:
            walks[kind] = load_crosswalk(kind)
        mapped = walks[kind].map_values(
            pl.Series("value", list(words), dtype=pl.String), code_system=code_system
        )
        if kind != "relationship":
            return dict(mapped.select("value", "mapped_to").iter_rows())
        told = pl.when(pl.col("relationship_class") == "undetermined").then("?" + pl.col("reason"))
        decided = told.otherwise("relationship_class")
        unmapped = pl.col("reason") == "unmapped"
        return dict(
            mapped.select("value", pl.when(~unmapped.fill_null(False)).then(decided)).iter_rows()
        )

    return meaning


def _shipped() -> list[tuple[str, str, Profile]]:
    return [_layout(name) for name in pipeline.profiles()["profile"].to_list()]


def _layout(profile: Path | str) -> tuple[str, str, Profile]:
    parsed, text = pipeline.load_profile(Path(), profile)
    return Path(profile).stem, text, parsed
