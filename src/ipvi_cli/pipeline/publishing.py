"""What may leave the building: figures with small counts withheld."""

from __future__ import annotations

import polars as pl

from ipvi_cli import publish as publishing
from ipvi_cli.model.profile import Profile


def suppressed(figures: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Withhold what must not leave the building, as the profile asks.

    Args:
        figures: ``FIGURE_SCHEMA``, with nothing withheld.
        profile: Says how far, in ``[publish]``.

    Returns:
        ``FIGURE_SCHEMA`` with ``suppressed`` set, and null wherever something is withheld.
    """
    return publishing.suppress(figures, publishing.Disclosure(threshold=profile.publish.threshold))
