"""Exact links: records that share a number which stands for one person, unless the number was given to several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.link.database import interruptible, open_database
from ipvi_cli.link.fields import NUMBERS

TIES: Final = ("offender_key", "victim_key", "arrest_key")
"""The agency's own ties: the offender or victim of an incident that several rows tell of, and one arrest's rows."""

_MOST_FORMS: Final = 40
"""Different persons' data under one number, above which nobody needs to look at them: it is no number of a person."""

_CONFLICT: Final = """
SELECT DISTINCT l.number
FROM forms l JOIN forms r ON l.number = r.number AND l.form < r.form
WHERE
  (l.birth <> r.birth
   AND substr(l.birth, 1, 7) <> substr(r.birth, 1, 7)
   AND substr(l.birth, 6, 5) <> substr(r.birth, 6, 5)
   AND NOT (left(l.birth, 4) = left(r.birth, 4) AND right(l.birth, 2) = right(r.birth, 2))
   AND NOT (left(l.birth, 4) = left(r.birth, 4) AND substr(l.birth, 6, 2) = right(r.birth, 2)
            AND right(l.birth, 2) = substr(r.birth, 6, 2))
   AND damerau_levenshtein(l.birth, r.birth) > 2)
  OR (l.birth IS DISTINCT FROM r.birth OR l.birth IS NULL)
   AND l.given <> r.given
   AND NOT list_has_any(l.given_roots, r.given_roots)
   AND jaro_winkler_similarity(l.given, r.given) < 0.75
   AND left(l.given, length(r.given)) <> r.given AND left(r.given, length(l.given)) <> l.given
   AND coalesce(jaro_winkler_similarity(l.given, r.surname1), 0) < 0.85
   AND coalesce(jaro_winkler_similarity(l.surname1, r.given), 0) < 0.85
   AND coalesce(l.given <> r.middle, true) AND coalesce(l.middle <> r.given, true)
  OR (l.sex <> r.sex AND l.given IS DISTINCT FROM r.given)
"""


@dataclass(frozen=True)
class Exact:
    """What shared numbers say.

    Attributes:
        pairs: Rows of two records of one person, each with the first of those that share the number.
        reused: Numbers by kind that several persons have, so that they link nobody by themselves.
        records: Records by kind that hold such a number.
        nodes: The prepared records without those numbers.
    """

    pairs: list[tuple[int, int]]
    reused: dict[str, int]
    records: dict[str, int]
    nodes: pl.DataFrame


def link_exactly(nodes: pl.DataFrame, labels: pl.DataFrame) -> Exact:
    """Link the records that share a number.

    A number is not believed where two of its records have clearly different dates of birth, given names that are not
    alike in any way without one date of birth, or two sexes with different given names.

    Args:
        nodes: Prepared records.
        labels: ``row`` and the agency's own ties, as far as there are any.
    """
    ties = [name for name in TIES if name in labels.columns]
    nodes_with = nodes.join(
        labels.select("row", *ties), on="row", how="left", maintain_order="left"
    )
    pairs: list[tuple[int, int]] = []
    reused: dict[str, int] = {}
    records: dict[str, int] = {}
    for kind in (*NUMBERS, *ties):
        own = nodes_with.filter("primary").drop_nulls(kind)
        if not own.height:
            continue
        bad = _given_to_several(own, kind)
        good = own.join(bad, left_on=kind, right_on="number", how="anti", maintain_order="left")
        held = own.height - good.height
        if held:
            reused[kind], records[kind] = bad.height, held
            if kind in NUMBERS:
                doubted = pl.col(kind).is_in(bad["number"].implode())
                nodes = nodes.with_columns(
                    pl.when(~doubted.fill_null(False)).then(pl.col(kind)).alias(kind)
                )
        starred = good.select("row", pl.col("row").min().over(kind).alias("first"))
        pairs += starred.filter(pl.col("row") != pl.col("first")).select("first", "row").rows()
    return Exact(sorted(set(pairs)), reused, records, nodes)


def _given_to_several(own: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Find the numbers whose records speak against one person: ``number``."""
    told: Sequence[str] = (
        "birth",
        "given",
        "given_roots",
        "middle",
        "surname1",
        "surname2",
        "sex",
    )
    forms = (
        own.select(pl.col(kind).alias("number"), *told)
        .unique(subset=["number", *(name for name in told if name != "given_roots")])
        .filter(pl.len().over("number") > 1)
    )
    counts = forms.group_by("number").len()
    many = counts.filter(pl.col("len") > _MOST_FORMS).select("number")
    few = forms.join(many, on="number", how="anti").with_columns(pl.int_range(pl.len()).alias("form"))  # fmt: skip
    if not few.height:
        return many.sort("number")
    connection = open_database()
    connection.register("forms", few.to_arrow())
    with interruptible():
        found: pl.DataFrame = connection.sql(_CONFLICT).pl()
    numbers = found.select(pl.col("number").cast(pl.String))
    return pl.concat([many, numbers]).unique().sort("number")
