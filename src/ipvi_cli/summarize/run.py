"""A delivery with its pairs and findings gives figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from ipvi_cli.model.careers import Careers
from ipvi_cli.model.finding import Frames, Progress
from ipvi_cli.model.profile import Profile
from ipvi_cli.summarize.finish import finished
from ipvi_cli.summarize.registry import FIGURES
from ipvi_cli.summarize.scene import InputLike, Scene


def summarize(
    tables: Frames,
    *,
    pairs: pl.LazyFrame | None,
    incidents: pl.LazyFrame | None,
    values: pl.DataFrame | None,
    findings: pl.DataFrame,
    inputs: Sequence[InputLike],
    profile: Profile,
    plausibility_codes: Collection[str] = (),
    progress: Progress | None = None,
    persons: pl.LazyFrame | None = None,
    careers: Careers | None = None,
) -> pl.DataFrame:
    """Make every declared figure.

    Args:
        tables: Canonical tables by name, rows of every fate: only those that feed counts are counted, and the
            duplicate ones are figure A10.
        pairs: Classified pairs, as in ``pairs.parquet``.
        incidents: Classified incidents, as in ``incidents.parquet``, with ``undetermined_unflagged``.
        values: Distinct relationship words with ``value``, ``count`` (rows) and ``reason``.
        findings: What validation found.
        inputs: The account of every input.
        profile: What the columns mean.
        plausibility_codes: Codes of the rules on the ages of a pair.
        progress: Told how far it is.
        persons: Who is one person, as in ``persons.parquet``; figures that need it say so where there is none.
        careers: Histories of linked persons; figures of repeat, priors and levels say so where there are none.

    Returns:
        ``FIGURE_SCHEMA``, in the order of the figures, of their breakdowns, and of the groups. Nothing is withheld:
        that is done when figures leave the workspace.
    """
    scene = Scene(
        tables=tables,
        pairs=pairs,
        incidents=incidents,
        values=values,
        findings=findings,
        inputs=inputs,
        profile=profile,
        plausibility_codes=plausibility_codes,
        progress=progress,
        persons=persons,
        careers=careers,
    )
    return finished(FIGURES, scene)
