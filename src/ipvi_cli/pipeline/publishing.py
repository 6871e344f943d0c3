"""What may leave the building: figures with small counts withheld."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from ipvi_cli import publish as publishing
from ipvi_cli import summarize as summarizing
from ipvi_cli.model.profile import Profile
from ipvi_cli.pipeline.stages import RELEASES

FIGURES: Final = "figures.parquet"


def given_away(folder: Path) -> list[Path]:
    """Find what a workspace published before, so that no difference from it tells of a few.

    Args:
        folder: The workspace.

    Returns:
        The files with the figures of each release, ``FIGURE_SCHEMA``, the first one first.
    """
    return sorted(folder.glob(f"{RELEASES}/*/{FIGURES}"))


def suppressed(
    figures: pl.DataFrame, profile: Profile, folder: Path, previous: tuple[pl.DataFrame, ...] = ()
) -> pl.DataFrame:
    """Withhold what must not leave the building, as the profile asks, and in view of what was published before.

    Args:
        figures: ``FIGURE_SCHEMA``, with nothing withheld.
        profile: Says how far, in ``[publish]``.
        folder: The workspace, which remembers what it published.
        previous: Figures that were published elsewhere, as they were given away.

    Returns:
        ``FIGURE_SCHEMA`` with ``suppressed`` set, and null wherever something is withheld.
    """
    earlier = (*previous, *map(pl.read_parquet, given_away(folder)))
    settings = publishing.Disclosure(profile.publish.threshold, earlier, summarizing.counted())
    return publishing.suppress(figures, settings)
