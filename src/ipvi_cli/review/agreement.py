"""How far a person who coded a sample from the records agrees, and what that does to the intimate partner share."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ipvi_cli.model.classified import CLASSES

Z: Final = 1.959963984540054
"""Normal quantile of 97.5 %."""

_PARTNER: Final = CLASSES.index("intimate_partner")
_DETERMINATE: Final = 5
"""The first so many classes are ties."""


@dataclass(frozen=True)
class Agreement:
    """What the codes of a sample say. Intervals are of 95 %.

    Attributes:
        drawn: Pairs drawn.
        coded: Pairs coded.
        confusion: ``relationship_class`` (given here), counts by the class that the person gave, and ``coded``.
        observed: Share of pairs on which both agree, each weighted by the pairs that it stands for.
        kappa: Cohen's kappa of the same; ``None`` where both always give one class.
        kappa_interval: Its interval.
        share: Intimate partner among determinate pairs, as classified.
        corrected: The same as the person would have it; ``None`` where a class has no coded pair.
        corrected_interval: Its interval.
        uncoded: Classes without a coded pair.
    """

    drawn: int
    coded: int
    confusion: pl.DataFrame
    observed: float
    kappa: float | None
    kappa_interval: tuple[float, float] | None
    share: float | None
    corrected: float | None
    corrected_interval: tuple[float, float] | None
    uncoded: tuple[str, ...]


def agree(sample: pl.DataFrame, coded: pl.DataFrame) -> Agreement:
    """Compare the classes of a drawn sample with those that a person gave.

    Args:
        sample: ``SAMPLE_SCHEMA``.
        coded: ``pair_id`` and ``given``, the class that the person gave, of at least one drawn pair.

    Returns:
        Agreement, kappa, and the corrected share. Pairs that were drawn and not coded are taken as missing at random
        within their stratum.
    """
    both = sample.join(coded, on="pair_id", how="inner", maintain_order="left")
    ours = _places(both["relationship_class"])
    theirs = _places(both["given"])
    cells, sizes = _tables(sample, both)
    weights = (sizes / cells.sum(axis=(1, 2)).clip(1))[_strata(sample, both["stratum"])]
    weighted = np.zeros((len(CLASSES), len(CLASSES)))
    np.add.at(weighted, (ours, theirs), weights)
    counts = cells.sum(axis=0)
    table = weighted / weighted.sum()
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    value, spread = kappa(table, effective)
    class_sizes = {
        name: int(size)
        for name, size in sample.unique("stratum")
        .group_by("relationship_class")
        .agg(pl.col("size").sum())
        .iter_rows()
    }
    uncoded = tuple(
        name for name in CLASSES if name in class_sizes and not counts[CLASSES.index(name)].any()
    )
    corrected = None if uncoded else corrected_share(*_pooled(sample, cells, sizes))
    known = sum(class_sizes.get(name, 0) for name in CLASSES[:_DETERMINATE])
    return Agreement(
        drawn=sample.height,
        coded=both.height,
        confusion=_confusion(counts),
        observed=float(np.trace(table)),
        kappa=value,
        kappa_interval=None
        if value is None or spread is None
        else (max(-1.0, value - Z * spread), min(1.0, value + Z * spread)),
        share=class_sizes.get(CLASSES[_PARTNER], 0) / known if known else None,
        corrected=corrected[0] if corrected else None,
        corrected_interval=corrected[1:] if corrected else None,
        uncoded=uncoded,
    )


def kappa(table: NDArray[np.float64], size: float) -> tuple[float | None, float | None]:
    """Give Cohen's kappa with its large-sample standard error (Fleiss, Cohen & Everitt 1969, Psychol. Bull. 72:323).

    Args:
        table: Shares of all pairs by the class given here (rows) and by the person (columns).
        size: Number of pairs; for weighted ones their effective number (Kish 1965), the square of the sum of the
            weights over the sum of their squares.

    Returns:
        Kappa and its standard error, not that of the hypothesis that it is zero; nothing where chance alone gives full
        agreement.
    """
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    agreed, chance = float(np.trace(table)), float(rows @ columns)
    if chance >= 1 - 1e-12:
        return None, None
    value = (agreed - chance) / (1 - chance)
    on = np.diag(table) * ((1 - chance) - (columns + rows) * (1 - agreed)) ** 2
    off = table * (columns[:, None] + rows[None, :]) ** 2
    np.fill_diagonal(off, 0)
    inner = on.sum() + (1 - agreed) ** 2 * off.sum()
    inner -= (agreed * chance - 2 * chance + agreed) ** 2
    return value, sqrt(max(0.0, float(inner)) / size) / (1 - chance) ** 2


def corrected_share(
    cells: NDArray[np.float64], sizes: NDArray[np.float64], groups: NDArray[np.int64]
) -> tuple[float, float, float] | None:
    """Correct the intimate partner share for misclassification, from a sample stratified by the class given here.

    All pairs are classified, a random part of each stratum is coded too, so what a person would say of the others is
    estimated stratum by stratum: the calibration estimator of double sampling (Tenenbein 1970, JASA 65:1350; for
    strata of known size it is the post-stratified estimator, Cochran 1977, ch. 5A). The share is that of intimate
    partners among determinate ties, a ratio; its variance comes by linearisation (delta method) with the finite
    population correction. Inside the variance alone the shares of a stratum are drawn to those of its class by one
    pseudo-observation, and these to equal shares by another, because a handful of equal codes is no proof that there
    are no others. The interval is Wilson's at the sample size that has this variance.

    Args:
        cells: Coded pairs of each stratum by what the person said: partners, other determinate ties, neither.
        sizes: Pairs of each stratum; every stratum has coded pairs.
        groups: Class of each stratum, as a number.

    Returns:
        The share and the ends of its 95 % interval; ``None`` where the person found no tie at all.
    """
    coded = cells.sum(axis=1)
    known = np.array([1.0, 1.0, 0.0])
    partner = np.array([1.0, 0.0, 0.0])
    means = cells / coded[:, None]
    ties = float(sizes @ (means @ known))
    if ties == 0:
        return None
    share = float(sizes @ (means @ partner)) / ties
    pooled = np.array([cells[groups == group].sum(axis=0) for group in groups])
    prior = (pooled + 1 / 3) / (pooled.sum(axis=1, keepdims=True) + 1)
    smooth = (cells + prior) / (coded + 1)[:, None]
    likely = float(sizes @ (smooth @ partner)) / float(sizes @ (smooth @ known))
    residual = (partner - likely * known) / float(sizes @ (smooth @ known))
    spread = smooth @ residual**2 - (smooth @ residual) ** 2
    variance = float((sizes**2 * (1 - coded / sizes).clip(0) * spread / coded).sum())
    if variance <= 0:
        return share, share, share
    return share, *_wilson(share, likely * (1 - likely) / variance)


def _wilson(share: float, size: float) -> tuple[float, float]:
    """Give the 95 % score interval (Wilson 1927, JASA 22:209)."""
    scale = 1 + Z**2 / size
    middle = (share + Z**2 / (2 * size)) / scale
    half = Z * sqrt(share * (1 - share) / size + Z**2 / (4 * size**2)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def _tables(
    sample: pl.DataFrame, both: pl.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Count the coded pairs of each stratum by both classes, and give its size."""
    strata = _named(sample)
    cells = np.zeros((strata.height, len(CLASSES), len(CLASSES)))
    at = _strata(sample, both["stratum"])
    np.add.at(cells, (at, _places(both["relationship_class"]), _places(both["given"])), 1)
    return cells, strata["size"].to_numpy().astype(np.float64)


def _pooled(
    sample: pl.DataFrame, cells: NDArray[np.float64], sizes: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Bring the tables to three outcomes, a stratum without a coded pair joined to the largest of its class."""
    said = cells.sum(axis=1)
    kinds = np.stack(
        [
            said[:, _PARTNER],
            said[:, _PARTNER + 1 : _DETERMINATE].sum(axis=1),
            said[:, _DETERMINATE:].sum(axis=1),
        ],
        axis=1,
    )
    groups = _places(_named(sample)["relationship_class"])
    sizes = sizes.copy()
    for bare in np.flatnonzero(kinds.sum(axis=1) == 0):
        alike = np.flatnonzero((groups == groups[bare]) & (kinds.sum(axis=1) > 0))
        sizes[alike[np.argmax(sizes[alike])]] += sizes[bare]
    some = kinds.sum(axis=1) > 0
    return kinds[some], sizes[some], groups[some]


def _named(sample: pl.DataFrame) -> pl.DataFrame:
    return sample.unique("stratum").sort("stratum")


def _strata(sample: pl.DataFrame, stratum: pl.Series) -> NDArray[np.int64]:
    return np.searchsorted(_named(sample)["stratum"].to_numpy(), stratum.to_numpy())


def _places(classes: pl.Series) -> NDArray[np.int64]:
    return classes.cast(pl.Enum(CLASSES)).to_physical().to_numpy().astype(np.int64)


def _confusion(counts: NDArray[np.float64]) -> pl.DataFrame:
    whole = counts.astype(np.int64)
    rows = [place for place in range(len(CLASSES)) if whole[place].any()]
    given = [place for place in range(len(CLASSES)) if whole[:, place].any()]
    return pl.DataFrame(
        {
            "relationship_class": [CLASSES[place] for place in rows],
            **{f"given_{CLASSES[place]}": whole[rows, place] for place in given},
            "coded": whole[rows].sum(axis=1),
        }
    )
