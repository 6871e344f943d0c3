"""The account of a person: which records it has and what each link rests on, without a value of any record."""

from __future__ import annotations

import polars as pl

from ipvi_cli.explain.explanation import Explanation
from ipvi_cli.pipeline.linking import KEPT_LINKS, PERSONS
from ipvi_cli.workspace import Workspace


def explain_person(person_id: str, workspace: Workspace) -> Explanation | None:
    """Explain a person of a workspace.

    Args:
        person_id: Pseudonym at the strict threshold.
        workspace: The workspace.

    Returns:
        Its records, and its links with the weight of each field (base 2; 0: not stated by both); ``None`` where the
        workspace has no such person.
    """
    if not workspace.has(PERSONS) or not workspace.has(KEPT_LINKS):
        return None
    own = workspace.scan_output(PERSONS).filter(pl.col("person_id") == person_id).collect()
    if not own.height:
        return None
    links = workspace.scan_output(KEPT_LINKS)
    for side in "ab":
        ends = own.lazy().select(
            pl.col("record_table").alias(f"table_{side}"),
            pl.col("record_id").alias(f"record_{side}"),
            pl.col("role").alias(f"role_{side}"),
        )
        links = links.join(ends, on=ends.collect_schema().names(), how="semi")
    found = links.sort("probability", "record_a", "record_b", descending=[True, False, False])
    named = found.collect()
    told = [
        pl.when(pl.col(name) != 0).then(
            pl.format("{} {}", pl.lit(name.removeprefix("mw_")), pl.col(name).round(1))
        )
        for name in named.columns
        if name.startswith("mw_")
    ]
    shown = named.select(
        pl.format("{} {}", "table_a", "record_a").alias("record"),
        pl.format("{} {}", "table_b", "record_b").alias("other"),
        "basis",
        "probability",
        pl.concat_str(told, separator=", ", ignore_nulls=True).alias("weights")
        if told
        else pl.lit(None, pl.String).alias("weights"),
    )
    return Explanation(
        "person",
        person_id,
        f"{own.height} records linked to one person",
        "Each link rests on a shared number or on the fields compared; the weights add up to the evidence.",
        {"weakest link": f"{min(own['match_probability'].to_list()):.4f}"},
        {
            "Records": own.select("record_table", "record_id", "role", "match_probability"),
            "Links": shown,
        },
    )
