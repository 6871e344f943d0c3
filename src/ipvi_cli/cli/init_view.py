"""What ``ipvi init`` shows: the files, what each column looks like, and the open questions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.tables import frame_table, heading
from ipvi_cli.cli.text import plural, visible

if TYPE_CHECKING:
    from ipvi_cli.onboarding import Onboarded


def init_parts(done: Onboarded) -> list[RenderableType]:
    """Give what a person reads."""
    study = done.study
    parts: list[RenderableType] = [heading("Files"), frame_table(study.inputs, lines=60)]
    if study.known is not None:
        told = f"The columns are those of the profile {study.known.name}"
        if study.known.lost:
            lost = ", ".join(study.known.lost[:8])
            told = f"Adapted from the profile {study.known.name}; it names columns that are not here: {lost}"
        parts.append(Text(f"\n{visible(told)}. The draft is made from it."))
    mapped = study.guesses.filter(pl.col("table").is_not_null())
    if study.known is None:
        parts += [
            heading("Columns that are mapped"),
            frame_table(
                mapped.select("file", "column", "table", "canonical", "score", "evidence"),
                lines=200,
            ),
        ]
    if study.joins.height:
        parts += [heading("How the files hang together"), frame_table(study.joins, lines=30)]
    if study.known is None and study.questions:
        parts.append(heading("Open questions"))
        parts += [Text(f"- {visible(one.line())}") for one in study.questions]
    if not done.usable:
        told = "No file could be mapped, so the draft is not yet a profile: its questions say what is missing."
        parts.append(Text(f"\n{told}"))
    parts.append(
        Text(
            f"\n{plural(mapped.height, 'mapping')}, {plural(len(study.questions), 'open question')}."
        )
    )
    return parts


def init_json(done: Onboarded) -> bytes:
    """Give one JSON object: files, columns with score and evidence, joins, questions, and what was written."""
    study = done.study
    content = {
        "profile": str(done.profile),
        "letter": str(done.letter),
        "usable": done.usable,
        "based_on": study.known.name if study.known is not None else None,
        "files": study.inputs.to_dicts(),
        "unread": [{"file": label, "reason": why} for label, why in study.unread],
        "columns": study.guesses.to_dicts(),
        "joins": study.joins.to_dicts(),
        "questions": [
            {"key": one.key, "where": one.where, "question": one.text} for one in study.questions
        ],
    }
    return f"{json.dumps(content, ensure_ascii=False)}\n".encode()
