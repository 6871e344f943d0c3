"""Records to persons in a workspace: reads and writes for the room that links."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli import link as linking
from ipvi_cli import pipeline
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.linked import PERSON_SCHEMA
from ipvi_cli.pipeline import Audit
from ipvi_cli.pipeline.link_review import (
    ASKED,
    KEPT,
    keep_work,
    kept_decisions,
    merged,
    read_decisions,
)
from ipvi_cli.workspace import Staging, Workspace

KEY_VARIABLE: Final = "IPVI_PERSON_KEY"
"""Environment variable that may hold the secret, in place of a file."""

KEPT_KEY: Final = "restricted/person_key"
KEPT_MODEL: Final = "restricted/link_model.json"
KEPT_LINKS: Final = "restricted/links.parquet"
PERSONS: Final = "persons.parquet"
QUALITY: Final = "link_quality.parquet"

_SHORTEST_KEY: Final = 16


@dataclass(frozen=True)
class LinkRun:
    """What linking gives to whoever shows it.

    Attributes:
        quality: ``QUALITY_SCHEMA``; ``None`` where the workspace names nobody.
        learned: Whether records were compared; otherwise only numbers link.
        workspace: The workspace.
        asked: Pairs written for a person to decide; ``None`` where that was not asked for.
        decided: Pairs that persons decided.
    """

    quality: pl.DataFrame | None
    learned: bool
    workspace: Path
    asked: int | None = None
    decided: int = 0


def link(
    path: Path | None = None,
    *,
    key: Path | None = None,
    model: Path | None = None,
    review: bool = False,
    apply: Path | None = None,
    progress: Progress | None = None,
) -> LinkRun:
    """Link the records of a workspace to persons.

    Args:
        path: A workspace; ``None`` for the only one in the current folder.
        key: File with the agency's secret, in place of the one in the workspace.
        model: Weights stored by an earlier run, in place of learning them.
        review: Whether to write the pairs that only a person can decide to ``restricted/link_review.csv``.
        apply: Such a file, filled in, whose decisions are kept from now on.
        progress: Told what is being done.

    Returns:
        How good the links are, as counts.

    Raises:
        InputError: There is no workspace, or the key, the model or the filled file cannot be used.
        OutputError: A review file holds decisions that were not applied.
    """
    secret = given_key(key)
    weights = None if model is None else stored_model(model)
    filled = [] if apply is None else read_decisions(apply)
    made: list[LinkRun] = []

    def step(workspace: Workspace, staging: Staging, done: Audit, told: Progress | None) -> Audit:
        tables = {name: staging.scan(name) for name in workspace.tables}
        if filled:
            staging.write_csv(KEPT, merged(kept_decisions(staging.path), filled))
        if review:
            keep_work(staging.path / ASKED, kept_decisions(staging.path))
        run = link_tables(
            tables, staging, secret=secret, model=weights, review=review, progress=told
        )
        if run is None:
            staging.write_frame(PERSONS, pl.DataFrame(schema=PERSON_SCHEMA))
        made.append(replace(run or LinkRun(None, False, workspace.path), workspace=workspace.path))
        return pipeline.careers_again(workspace, staging, done, told)

    pipeline.again(path, step, progress)
    return made[0]


def link_tables(
    tables: Mapping[str, pl.LazyFrame],
    staging: Staging,
    *,
    secret: bytes | None = None,
    model: Mapping[str, Any] | None = None,
    review: bool = False,
    progress: Progress | None = None,
) -> LinkRun | None:
    """Link the records of a workspace in the making.

    Args:
        tables: Canonical tables with their identifying columns.
        staging: Takes what is made.
        secret: The agency's secret; by default the one that the workspace holds, or one made now.
        model: Weights, in place of learning them.
        review: Whether to write the pairs that only a person can decide.
        progress: Told what is being done.

    Returns:
        How good the links are; ``None``, and nothing is written, where no table names anybody.
    """
    if not linking.names_anybody(tables):
        for name in (PERSONS, QUALITY, KEPT_MODEL, KEPT_LINKS):
            staging.drop(name)
        return None
    gathered = linking.gather(tables)
    labels = gathered.records
    key = secret or _kept_key(staging)
    decided = kept_decisions(staging.path)
    linked = linking.link_records(
        labels.select("row", *(name for name in linking.RAW if name in labels.columns)),
        labels=labels.select("row", *linking.LABELS),
        model=model,
        decisions=linking.decided_rows(labels, key, decided),
        progress=progress,
    )
    quality = linking.quality_rows(linked, gathered.left_out)
    staging.write_frame(PERSONS, linking.person_rows(labels, linked, key))
    staging.write_frame(QUALITY, quality)
    staging.write_frame(KEPT_LINKS, linking.link_rows(labels, linked))
    if linked.model is None:
        staging.drop(KEPT_MODEL)
    else:
        staging.write_text(KEPT_MODEL, f"{json.dumps(linked.model, indent=1, sort_keys=True)}\n")
    asked = None
    if review:
        asked = linking.asked_pairs(labels, linked, key, decided)
        staging.write_csv(ASKED, asked)
    return LinkRun(
        quality,
        linked.model is not None,
        staging.path,
        None if asked is None else asked.height,
        decided.height,
    )


def person_records(tables: Mapping[str, pl.LazyFrame]) -> int:
    """Count the rows of the tables that may name persons."""
    named = {role.table for role in linking.ROLES}
    return sum(
        int(table.select(pl.len()).collect().item())
        for name, table in tables.items()
        if name in named
    )


def given_key(file: Path | None) -> bytes | None:
    """Read the secret from a file, or else from the environment; ``None`` where neither gives one.

    Raises:
        InputError: It cannot be read, or is too short.
    """
    if file is not None:
        try:
            secret = file.read_bytes().strip()
        except OSError:
            raise InputError("cannot be read.", where=str(file), mend="Check the path.") from None
        where = str(file)
    else:
        secret = os.environ.get(KEY_VARIABLE, "").strip().encode()
        where = KEY_VARIABLE
        if not secret:
            return None
    if len(secret) < _SHORTEST_KEY:
        raise InputError(
            f"holds no secret of at least {_SHORTEST_KEY} characters.",
            where=where,
            mend="Make one with `openssl rand -hex 32`.",
        )
    return secret


def _kept_key(staging: Staging) -> bytes:
    """Give the secret of a workspace, made from all that identifies persons in it when there is none yet.

    So a first audit gives the same names for the same delivery, and nobody without the delivery can make them.
    """
    file = staging.path / KEPT_KEY
    if file.is_file():
        return file.read_bytes().strip()
    made = hashlib.sha256(b"ipvi person key 1")
    for identity in sorted((staging.path / "restricted" / "identity").glob("*.parquet")):
        made.update(hashlib.sha256(identity.read_bytes()).digest())
    secret = made.hexdigest().encode()
    staging.write_bytes(KEPT_KEY, secret + b"\n")
    return secret


def stored_model(file: Path) -> dict[str, Any]:
    """Read weights that an earlier run stored.

    Raises:
        InputError: It cannot be read, or compares otherwise than this version does.
    """
    try:
        model = json.loads(file.read_bytes())
        known = isinstance(model, dict) and bool(linking.known_model(model))
    except (OSError, ValueError, TypeError, KeyError):
        known = False
    if not known:
        raise InputError(
            "holds no weights that this version can use.",
            where=str(file),
            mend=f"Name a {Path(KEPT_MODEL).name} that `ipvi link` wrote.",
        )
    return dict(model)
