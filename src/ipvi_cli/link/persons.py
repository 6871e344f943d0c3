"""What a workspace keeps of linking: ``persons.parquet``, the links behind it, and how good they are."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import polars as pl

from ipvi_cli.link.pseudonyms import pseudonyms
from ipvi_cli.link.run import LOOSE, STRICT, Linked
from ipvi_cli.model.linked import PERSON_SCHEMA, QUALITY_SCHEMA

_BANDS: Final = (0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999, 1.01)


def person_rows(labels: pl.DataFrame, linked: Linked, key: bytes) -> pl.DataFrame:
    """Give each record its person.

    A person is named after the first record that it has, so that an extract with further records at its end keeps the
    names that were given.

    Args:
        labels: ``row`` and ``gather.LABELS``.
        linked: The records, linked.
        key: The agency's secret.

    Returns:
        ``PERSON_SCHEMA``, by table and record.
    """
    first = labels.select(
        pl.concat_str("record_table", "role", "record_id", separator=":").alias("text")
    )["text"]
    clusters = linked.clusters
    strict = first.gather(pl.Series(clusters.strict, dtype=pl.Int64))
    loose = first.gather(pl.Series(clusters.loose, dtype=pl.Int64))
    names = pseudonyms(key, [*strict, *loose])
    return (
        labels.select("record_table", "record_id", "role")
        .with_columns(
            strict.replace_strict(names, return_dtype=pl.String).alias("person_id"),
            pl.Series("match_probability", clusters.strict_probability),
            loose.replace_strict(names, return_dtype=pl.String).alias("person_id_loose"),
            pl.Series("match_probability_loose", clusters.loose_probability),
        )
        .select(*PERSON_SCHEMA)
        .sort("record_table", "record_id", "role")
    )


def link_rows(labels: pl.DataFrame, linked: Linked) -> pl.DataFrame:
    """Give the links that were found, without what the records say.

    Returns:
        Of each pair both records (``table_a``, ``record_a``, ``role_a``, …), ``basis`` (``number`` or ``compared``),
        ``probability``, ``evidence`` and ``mw_<field>``, the weight of each field, base 2.
    """
    ends = labels.select("row", "record_table", "record_id", "role")
    numbered = pl.DataFrame(
        linked.exact.pairs, schema={"a": pl.Int64, "b": pl.Int64}, orient="row"
    ).with_columns(pl.lit("number").alias("basis"), pl.lit(1.0).alias("probability"))
    compared = linked.pairs.with_columns(pl.lit("compared").alias("basis"))
    both = pl.concat([numbered, compared], how="diagonal_relaxed")
    for side in "ab":
        named = ends.rename(
            {
                "row": side,
                "record_table": f"table_{side}",
                "record_id": f"record_{side}",
                "role": f"role_{side}",
            }
        )
        both = both.join(named, on=side, how="left", maintain_order="left")
    fields = [name for name in both.columns if name.startswith("mw_")]
    ends_of = [f"{what}_{side}" for side in "ab" for what in ("table", "record", "role")]
    evidence = (
        pl.col("evidence")
        if "evidence" in both.columns
        else pl.lit(None, pl.Float64).alias("evidence")
    )
    return both.select(*ends_of, "basis", "probability", evidence, *fields)


def quality_rows(linked: Linked, left_out: dict[str, int]) -> pl.DataFrame:
    """Say how good the links are, as counts.

    Args:
        linked: The records, linked.
        left_out: Records that never become persons, by reason.

    Returns:
        ``QUALITY_SCHEMA``.
    """
    clusters, pairs = linked.clusters, linked.pairs
    rows: list[tuple[str, float, float]] = []

    def count(measure: str, strict: float, loose: float | None = None) -> None:
        rows.append((measure, strict, strict if loose is None else loose))

    count("records", len(clusters.strict))
    for why, number in left_out.items():
        count(f"records left out: {why}", number)
    sizes = [
        pl.Series(each).value_counts()["count"].cast(pl.Int64)
        for each in (clusters.strict, clusters.loose)
    ]
    count("persons", sizes[0].len(), sizes[1].len())
    count("persons with several records", int((sizes[0] > 1).sum()), int((sizes[1] > 1).sum()))
    largest = [max(each.to_list(), default=0) for each in sizes]
    count("records of the largest person", largest[0], largest[1])
    count("records that say too little to be compared", linked.alone)
    count("links by number", len(linked.exact.pairs))
    for kind, number in linked.exact.reused.items():
        count(f"numbers of several persons: {kind}", number)
        count(f"records with such a number: {kind}", linked.exact.records[kind])
    count("threshold", STRICT, LOOSE)
    taken = [pairs.filter(pl.col("probability") >= least) for least in (STRICT, LOOSE)]
    count("pairs at or above the threshold", taken[0].height, taken[1].height)
    expected = [round(float((1 - each["probability"]).sum()), 1) for each in taken]
    count("false pairs expected among them", expected[0], expected[1])
    for why, number in sorted(clusters.refused.items()):
        count(f"links refused: {why}", number)
    for low, high in pairwise(_BANDS):
        inside = pairs.filter(pl.col("probability").is_between(low, high, closed="left"))
        count(f"pairs with probability {low:g} to {min(high, 1.0):g}", inside.height)
    return pl.DataFrame(rows, schema=QUALITY_SCHEMA, orient="row")
