"""A stratified random sample of pairs for a person to code from the records, without seeing the class given here."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ipvi_cli.model.errors import UsageError

SAMPLE_SCHEMA: Final[dict[str, pl.DataType]] = {
    "pair_id": pl.String(),
    "incident_id": pl.String(),
    "relationship_class": pl.String(),
    "stratum": pl.String(),
    "size": pl.Int64(),
    "drawn": pl.Int64(),
    "weight": pl.Float64(),
    "seed": pl.Int64(),
}
"""Columns of a drawn sample: the class given here when it was drawn, the stratum with its number of pairs and how many
of them were drawn, and how many pairs each drawn one stands for."""

LEAST: Final = 5
"""Pairs drawn from each stratum at least, where it has them and the sample is large enough."""


def draw(pairs: pl.LazyFrame, size: int, seed: int) -> pl.DataFrame:
    """Draw pairs by class and by the kind of evidence that decided them.

    The sample is shared out in proportion to the strata, after each has got its least number. Pairs that call for no
    tie are not drawn.

    Args:
        pairs: Classified pairs.
        size: Pairs to draw; all of them where there are fewer.
        seed: Seed; the same pairs and seed give the same sample.

    Returns:
        ``SAMPLE_SCHEMA``, in the order of the pairs.

    Raises:
        UsageError: There are more strata than pairs to draw.
    """
    numbered = pairs.with_row_index("place")
    strata = (
        numbered.filter(pl.col("relationship_class") != "not_applicable")
        .select("place", _stratum())
        .collect(engine="streaming")
        .sort("place")
    )
    sizes = strata.group_by("stratum").len("size").sort("stratum")
    if not sizes.height or size < sizes.height:
        raise UsageError(
            f"a sample of {size} is too small for {sizes.height} groups of pairs.",
            mend=f"Ask for at least --sample {sizes.height * LEAST}.",
        )
    drawn = share_out(sizes["size"].to_numpy().astype(np.int64), size)
    random = np.random.default_rng(seed)
    chosen = [
        random.choice(strata.filter(pl.col("stratum") == name)["place"].to_numpy(), count, False)
        for name, count in zip(sizes["stratum"], drawn, strict=True)
    ]
    places = pl.Series("place", np.concatenate([*chosen, []]), pl.UInt32)
    found = (
        numbered.filter(pl.col("place").is_in(places.implode()))
        .select("place", "pair_id", "incident_id", "relationship_class", _stratum())
        .collect(engine="streaming")
        .sort("place")
    )
    counts = sizes.with_columns(pl.Series("drawn", drawn, pl.Int64))
    return (
        found.join(counts, on="stratum", how="left", maintain_order="left")
        .with_columns(
            (pl.col("size") / pl.col("drawn")).alias("weight"), pl.lit(seed).alias("seed")
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SAMPLE_SCHEMA.items())
    )


def share_out(sizes: NDArray[np.int64], total: int) -> list[int]:
    """Share a sample out over strata: the least number each, the rest in proportion (method of Sainte-Laguë).

    Args:
        sizes: Pairs in each stratum, at least one.
        total: Pairs to draw, at least one for each stratum.

    Returns:
        Pairs to draw from each.
    """
    drawn = np.minimum(sizes, min(LEAST, total // len(sizes)))
    while drawn.sum() < min(total, int(sizes.sum())):
        drawn[np.argmax(np.where(drawn < sizes, sizes / (2 * drawn + 1), -1))] += 1
    return [int(count) for count in drawn]


def _stratum() -> pl.Expr:
    """Name the class, and what decided it or why nothing did."""
    kind = pl.col("rule").str.split(":").list.first()
    grounds = pl.concat_str(pl.coalesce("basis", "reason"), kind, separator="/", ignore_nulls=True)
    return pl.concat_str("relationship_class", grounds, separator=" ").alias("stratum")


def read_sample(content: bytes) -> pl.DataFrame:
    """Read a kept sample.

    Args:
        content: What ``restricted/sample_drawn_*.csv`` holds.

    Returns:
        ``SAMPLE_SCHEMA``.
    """
    frame = pl.read_csv(io.BytesIO(content), infer_schema=False).select(*SAMPLE_SCHEMA)
    plain = pl.col("pair_id", "incident_id").str.replace(r"^'([=+\-@])", "${1}")
    return frame.with_columns(plain).cast(pl.Schema(SAMPLE_SCHEMA))
