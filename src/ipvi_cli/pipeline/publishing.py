"""What may leave the building: figures with small counts withheld."""

from __future__ import annotations

import polars as pl

from ipvi_cli import publish as publishing
from ipvi_cli import summarize as summarizing
from ipvi_cli.model.profile import Profile


def suppressed(
    figures: pl.DataFrame, profile: Profile, earlier: tuple[pl.DataFrame, ...] = ()
) -> pl.DataFrame:
    """Withhold what must not leave the building, as the profile asks.

    Args:
        figures: ``FIGURE_SCHEMA``, with nothing withheld.
        profile: Says how far, in ``[publish]``.
        earlier: Figures of earlier releases, as they were given away.

    Returns:
        ``FIGURE_SCHEMA`` with ``suppressed`` set, and null wherever something is withheld.
    """
    settings = publishing.Disclosure(profile.publish.threshold, earlier, summarizing.counted())
    return publishing.suppress(figures, settings)
