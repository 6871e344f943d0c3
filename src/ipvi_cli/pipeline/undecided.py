"""What is undecided in a workspace, and what was decided of it before."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ipvi_cli import pipeline
from ipvi_cli import review as reviewing
from ipvi_cli.classify import (
    load_crosswalk,
    match_statutes,
    near_misses,
    partner_statutes,
    word_key,
)
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.model.tables import COUNTED_FATES
from ipvi_cli.workspace import Workspace


def undecided(workspace: Workspace) -> pl.DataFrame:
    """Gather what is undecided in a workspace, ``REVIEW_SCHEMA``."""
    tables = {name: workspace.scan(name) for name in workspace.tables}
    values = workspace.scan_output(pipeline.KEPT_VALUES).collect()
    unmapped = values.filter(pl.col("reason") == "unmapped")["value"].unique().sort()
    parts = [
        reviewing.undecided_ties(values, tables.get("relationship"), near_misses(unmapped)),
        reviewing.undecided_words(_other_words(workspace), tables),
        reviewing.undecided_pairs(
            workspace.scan_output("pairs.parquet"),
            _charged(workspace, tables),
            decisions(workspace)["pair_id"].to_list(),
        ),
    ]
    return pl.concat(parts)


def _charged(workspace: Workspace, tables: Mapping[str, pl.LazyFrame]) -> pl.DataFrame:
    """Find the incidents with one pair, undetermined, that is charged under a section which protects partners only.

    Returns:
        ``incident_id`` and ``statute``.
    """
    alone = (
        workspace.scan_output("pairs.parquet")
        .group_by("incident_id")
        .agg(pl.len(), pl.col("relationship_class").first())
        .filter((pl.col("len") == 1) & (pl.col("relationship_class") == "undetermined"))
        .select("incident_id")
    )
    if "offender" in tables:
        nobody = tables["offender"].filter("offender_unknown").select("incident_id")
        alone = alone.join(nobody, on="incident_id", how="anti")
    cited = [
        tables[name]
        .filter(pl.col("row_fate").is_in(COUNTED_FATES) & pl.col("statute").is_not_null())
        .select("incident_id", "statute")
        .join(alone, on="incident_id", how="semi")
        for name in ("offense", "charge")
        if name in tables
    ]
    empty = pl.DataFrame(schema={"incident_id": pl.String, "statute": pl.String})
    rows = pl.concat([empty.lazy(), *cited]).collect(engine="streaming")
    matched = match_statutes(rows["statute"], _kept_profile(workspace).jurisdiction.state)
    matched = matched.filter(pl.col("statute").is_in(partner_statutes()))
    return (
        rows.rename({"statute": "value"})
        .join(matched.select("value", "statute"), on="value", how="inner")
        .group_by("incident_id")
        .agg(pl.col("statute").min())
    )


def _kept_profile(workspace: Workspace) -> Profile:
    text = workspace.read_text(pipeline.KEPT_PROFILE)
    return parse_profile(text, where=pipeline.KEPT_PROFILE)


def _other_words(workspace: Workspace) -> pl.DataFrame:
    """Read the words of the other kinds that were not mapped, with the reason as the profile stands now."""
    schema = {
        "word_kind": pl.String(), "value": pl.String(), "count": pl.Int64(), "reason": pl.String(),
        "candidates": pl.List(pl.String()),
    }  # fmt: skip
    parts = [pl.DataFrame(schema=schema)]
    if workspace.has(pipeline.KEPT_UNMAPPED):
        words = pl.read_csv(workspace.path / pipeline.KEPT_UNMAPPED, infer_schema=False).select(
            pl.col("kind").alias("word_kind"), "value", pl.col("count").cast(pl.Int64)
        )
        profile = _kept_profile(workspace)
        for (kind,), own in words.group_by("word_kind", maintain_order=True):
            walk = load_crosswalk(
                str(kind),
                overrides=profile.site_words.get(str(kind), {}),  # type: ignore[call-overload]
            )
            told = walk.map_values(own["value"]).select("value", "reason", "candidates")
            parts.append(own.join(told, on="value", how="left", maintain_order="left"))
    return pl.concat(part.select(list(schema)) for part in parts)


def known_words(workspace: Workspace) -> set[tuple[str, str]]:
    """Give kind and key of every relationship word, of the other words not mapped, and of those in the profile."""
    values = workspace.scan_output(pipeline.KEPT_VALUES).select("value").unique().collect()
    other = _other_words(workspace).select("word_kind", "value")
    decided = _kept_profile(workspace).site_words
    named = [
        *(("relationship", value) for value in values["value"]),
        *other.iter_rows(),
        *((kind, word) for kind, words in decided.items() for word in words),
    ]
    return {(kind, word_key(kind, word)) for kind, word in named}


def decisions(workspace: Workspace) -> pl.DataFrame:
    """Give the decisions about pairs that the workspace holds, ``DECISIONS_SCHEMA``."""
    path = workspace.path / pipeline.KEPT_DECISIONS
    if not path.is_file():
        return pl.DataFrame(schema=reviewing.DECISIONS_SCHEMA)
    return reviewing.read_decisions(path.read_bytes())
