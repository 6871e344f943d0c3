"""The evidence of each pair, settled once for each combination of words and flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.classify.keys import pair_key, positions
from ipvi_cli.classify.pairs import Paired
from ipvi_cli.classify.settle import Case, Decision, Statement, settle

OUTCOME_SCHEMA: Final[dict[str, pl.DataType]] = {
    "relationship_raw": pl.String(),
    "relationship_class": pl.String(),
    "tie": pl.String(),
    "partner_status": pl.String(),
    "basis": pl.String(),
    "rule": pl.String(),
    "reason": pl.String(),
    "candidates": pl.List(pl.String()),
    "evidence": pl.List(pl.String()),
    "conflict": pl.List(pl.String()),
    "nibrs_code": pl.String(),
}
"""What a settled combination gives to each of its pairs."""

_FLAGS: Final = ("flagged", "person", "called", "young")


@dataclass(frozen=True)
class Settled:
    """What the pairs come to.

    Attributes:
        decisions: One for each combination of evidence.
        of_pair: Position of the decision of each pair, in the order of the pairs.
        under_18: ``victim_under_18`` and ``offender_under_18`` of each pair, in the same order.
    """

    decisions: tuple[Decision, ...]
    of_pair: pl.Series
    under_18: pl.DataFrame


def settle_pairs(
    paired: Paired,
    statements: tuple[Statement, ...],
    flagged: pl.Series,
    called: pl.Series,
) -> Settled:
    """Settle every pair.

    Args:
        paired: The pairs and what is said of them.
        statements: What each word says.
        flagged: Domestic violence flag of each incident.
        called: Whether the offences of each incident call for a relationship.
    """
    pairs = paired.pairs
    victims, offenders = paired.people["victim"], paired.people["offender"]
    of, by = pairs["victim"], pairs["offender"]
    young = pl.DataFrame(
        {"v": victims["under_13"].gather(of), "o": offenders["under_13"].gather(by)}
    )
    texts, said = _said_of(paired)
    evidence = pl.DataFrame(
        {
            "said": said,
            "flagged": flagged.gather(pairs["incident"]),
            "person": victims["person"].gather(of),
            "called": called.gather(pairs["incident"]),
            "young": young.select(pl.any_horizontal(pl.all().fill_null(False))).to_series(),
        }
    )
    kinds = evidence.unique().sort(pl.all(), nulls_last=True)
    keys = [frame.select(pl.struct(pl.all()).hash()).to_series() for frame in (evidence, kinds)]
    decisions = tuple(
        settle(_case(texts[row["said"]], statements, row)) for row in kinds.iter_rows(named=True)
    )
    under_18 = pl.DataFrame(
        {
            "victim_under_18": victims["under_18"].gather(of),
            "offender_under_18": offenders["under_18"].gather(by),
        }
    )
    return Settled(decisions, positions(keys[0], keys[1]), under_18)


def outcomes(decisions: Iterable[Decision]) -> pl.DataFrame:
    """Lay out decisions as rows, ``OUTCOME_SCHEMA``."""
    rows = []
    for one in decisions:
        meaning = one.meaning
        rows.append(
            {
                "relationship_raw": one.raw,
                "relationship_class": meaning.relationship_class,
                "tie": meaning.tie,
                "partner_status": meaning.partner_status,
                "basis": one.basis,
                "rule": meaning.rule,
                "reason": meaning.reason,
                "candidates": list(meaning.candidates),
                "evidence": list(one.evidence),
                "conflict": list(one.conflict),
                "nibrs_code": meaning.nibrs_code,
            }
        )
    return pl.DataFrame(rows, schema=OUTCOME_SCHEMA)


def _said_of(paired: Paired) -> tuple[list[tuple[int, ...]], pl.Series]:
    """Number the combinations of words that are said of one pair; each word with its two marks is one number."""
    said = paired.said.select(
        pair_key(),
        (pl.col("word").cast(pl.UInt64) * 4 + pl.col("child") * 2 + pl.col("paired")).alias("code"),
    ).unique()
    several = said["pair"].is_duplicated()
    one, more = said.filter(~several), said.filter(several)
    single = one["code"].unique().sort()
    texts: list[tuple[int, ...]] = [(), *((code,) for code in single)]
    numbered = one.select("pair", (positions(one["code"], single) + 1).alias("said"))
    if more.height:
        listed = more.group_by("pair").agg(pl.col("code").unique().sort())
        listed = listed.with_columns(
            pl.col("code").list.eval(pl.element().cast(pl.String)).list.join(",").alias("text")
        )
        kinds = listed["text"].unique().sort()
        places = positions(listed["text"].hash(), kinds.hash()) + len(texts)
        texts += [tuple(int(code) for code in text.split(",")) for text in kinds]
        numbered = pl.concat([numbered, listed.select("pair", places.alias("said"))])
    at = positions(paired.pairs.select(pair_key()).to_series(), numbered["pair"])
    return texts, numbered["said"].gather(at).fill_null(0).cast(pl.UInt32)


def _case(
    codes: tuple[int, ...], statements: tuple[Statement, ...], row: dict[str, object]
) -> Case:
    paired = tuple(statements[code // 4] for code in codes if code & 1)
    unpaired = tuple(statements[code // 4] for code in codes if not code & 1)
    return Case(
        statements=paired,
        unpaired=unpaired,
        child_in_common=any(code & 3 == 3 for code in codes),
        flagged=row["flagged"],  # type: ignore[arg-type]
        victim_is_person=bool(row["person"]),
        called_for=bool(row["called"]),
        child=bool(row["young"]),
    )
