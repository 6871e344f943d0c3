"""The one figure that an audit is for: incidents in the denominator by class, the share, and its bounds."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ipvi_cli.classify.meaning import DETERMINATE, NOT_APPLICABLE, PARTNER, UNDETERMINED


@dataclass(frozen=True)
class Headline:
    """Incidents by class; all but ``incidents`` and ``not_applicable`` count those in the denominator.

    Attributes:
        incidents: All incidents.
        denominator: Incidents in the denominator.
        intimate_partner: Of intimate partners.
        other_family: Of other family.
        other_domestic: Of a household or care tie alone.
        known_not_domestic: Of others known to each other.
        stranger: Of strangers.
        undetermined: With nothing stated, or with words that allow more than one class.
        not_applicable: Left out because no tie of persons is called for.
        undetermined_unflagged: In the denominator only because the undetermined tie may be domestic.
        share: Intimate partner / (all of a known class); ``None`` where too much is undetermined.
        share_lower: Intimate partner / denominator; ``None`` without a denominator.
        share_upper: (Intimate partner + undetermined) / denominator.
        lead: ``known_only``, ``range`` or ``none``: what may be printed first.
    """

    incidents: int
    denominator: int
    intimate_partner: int
    other_family: int
    other_domestic: int
    known_not_domestic: int
    stranger: int
    undetermined: int
    not_applicable: int
    undetermined_unflagged: int
    share: float | None
    share_lower: float | None
    share_upper: float | None
    lead: str


def headline(
    incidents: pl.DataFrame | pl.LazyFrame, *, known_only: float = 0.10, range_: float = 0.25
) -> Headline:
    """Count classified incidents.

    Args:
        incidents: Classified incidents, as in ``incidents.parquet``.
        known_only: Share undetermined up to which the share among known ties leads.
        range_: Share undetermined up to which the range leads; above it no single figure is given.

    Returns:
        The counts, the share and its bounds.
    """
    of_class, counted = pl.col("incident_class"), pl.col("in_denominator")
    sums = (
        incidents.lazy()
        .select(
            pl.len().alias("incidents"),
            counted.sum().alias("denominator"),
            *(
                (counted & (of_class == name)).sum().alias(name)
                for name in (*DETERMINATE, UNDETERMINED)
            ),
            (of_class == NOT_APPLICABLE).sum().alias(NOT_APPLICABLE),
            (counted & pl.col("undetermined_unflagged")).sum().alias("undetermined_unflagged"),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )
    total, doubt, partner = (
        sums[name] for name in ("denominator", UNDETERMINED, "intimate_partner")
    )
    lead = _lead(doubt, total, known_only, range_)
    known = total - doubt
    return Headline(
        **sums,
        share=partner / known if known and lead != "none" else None,
        share_lower=partner / total if total else None,
        share_upper=(partner + doubt) / total if total else None,
        lead=lead,
    )


def linked_only(pairs: pl.LazyFrame, incidents: pl.DataFrame | pl.LazyFrame) -> int:
    """Count the incidents of the denominator that are intimate only because another incident of the same two is.

    Args:
        pairs: Classified pairs, as in ``pairs.parquet``.
        incidents: Classified incidents, as in ``incidents.parquet``.
    """
    basis = pl.col("basis")
    partners = (
        pairs.filter(pl.col("relationship_class") == PARTNER)
        .group_by("incident_id")
        .agg((basis == "linked").all().alias("linked"))
        .filter("linked")
    )
    counted = incidents.lazy().filter("in_denominator").join(partners, on="incident_id", how="semi")
    return int(counted.select(pl.len()).collect(engine="streaming").item())


def _lead(doubt: int, total: int, known_only: float, range_: float) -> str:
    share = doubt / total if total else 0.0
    if share <= known_only:
        return "known_only"
    return "range" if share <= range_ else "none"
