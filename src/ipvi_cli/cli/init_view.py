"""What ``ipvi init`` shows: the files, what each column looks like, and the open questions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.tables import frame_table, heading
from ipvi_cli.cli.text import percent, plural, visible

if TYPE_CHECKING:
    from ipvi_cli.onboard import Study
    from ipvi_cli.pipeline.onboarding import Onboarded

_SIGNS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def init_parts(done: Onboarded) -> list[RenderableType]:
    """Give what a person reads."""
    study = done.study
    parts: list[RenderableType] = [heading("Files"), frame_table(_files(study), lines=60)]
    if study.joins.height:
        parts += [heading("Keys found in other files"), frame_table(_joins(study), lines=30)]
    if study.known is not None:
        told = (
            f"The columns are those of the profile {study.known.name}: the draft is made from it."
        )
        if study.known.lost:
            lost = ", ".join(study.known.lost[:8])
            told = f"Adapted from the profile {study.known.name}. It names columns that are not here: {lost}."
        parts.append(Text(f"\n{visible(told)}"))
        return parts
    mapped = study.guesses.drop_nulls("table")
    parts += [heading("Columns that are mapped"), frame_table(_columns(mapped), lines=200)]
    parts.append(heading("Open questions, marked # ASK: in the draft"))
    parts += [Text(f"- {visible(one.line())}") for one in study.questions]
    if not done.usable:
        told = "No file holds the incidents, so no audit can be made yet: the questions say what is missing."
        parts.append(Text(f"\n{told}"))
    counts = plural(mapped.height, "mapping"), plural(len(study.questions), "open question")
    parts.append(Text(f"\n{', '.join(counts)}."))
    return parts


def _files(study: Study) -> pl.DataFrame:
    text = pl.concat_str(
        "format", "encoding", pl.col("delimiter").replace(_SIGNS), separator=", ", ignore_nulls=True
    )
    return study.inputs.select("file", text.alias("read as"), "rows", "refused", "columns", "feeds")


def _joins(study: Study) -> pl.DataFrame:
    """The best find of each key column."""
    best = study.joins.sort("share_normalised", descending=True, maintain_order=True).unique(
        ["file", "column"], keep="first", maintain_order=True
    )
    alike = pl.col("share_normalised").map_elements(percent, return_dtype=pl.String)
    return best.sort("file", maintain_order=True).select(
        "file", "column", pl.col("other_file").alias("found in"), "share", alike.alias("normalised")
    )


def _columns(mapped: pl.DataFrame) -> pl.DataFrame:
    asked = pl.when(pl.col("question").is_not_null()).then(pl.lit("ASK")).otherwise(pl.lit(""))
    evidence = pl.col("evidence").str.strip_prefix("header says so; ")
    feeds = pl.concat_str("table", "canonical", separator=".")
    return mapped.select(
        "file", "column", feeds.alias("feeds"), "score", asked.alias("?"), evidence
    )


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
