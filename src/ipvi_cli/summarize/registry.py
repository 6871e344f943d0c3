"""Every figure, from the modules that declare them."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.summarize import (
    concentration,
    deaths,
    definitions,
    happening,
    incident,
    justice,
    partners,
    persons,
    placed,
    priors,
    quality,
    tally,
    volume,
)
from ipvi_cli.summarize.figure import Figure

FIGURES: Final[tuple[Figure, ...]] = tuple(
    sorted(
        (
            *quality.FIGURES,
            *volume.FIGURES,
            *happening.FIGURES,
            *incident.FIGURES,
            *justice.FIGURES,
            *deaths.FIGURES,
            *persons.FIGURES,
            *concentration.FIGURES,
            *priors.FIGURES,
            *placed.FIGURES,
            *partners.FIGURES,
            *definitions.FIGURES,
            *tally.FIGURES,
        ),
        key=lambda figure: figure.figure_id,
    )
)
"""Every figure in the order of its code."""

_SHOWN: Final = (
    "figure_id", "title", "counting_unit", "formula", "needs", "by", "suppress", "source",
)  # fmt: skip


def figures() -> tuple[Figure, ...]:
    """Give every figure in the order of its code."""
    return FIGURES


def figures_frame() -> pl.DataFrame:
    """List the figures.

    Returns:
        One row for each figure: ``figure_id``, ``title``, ``counting_unit``, ``formula``, ``needs``, ``by`` (what it is
        broken down by), ``suppress`` (whether small cells are withheld) and ``source``.
    """
    rows = [
        (
            figure.figure_id,
            figure.title,
            figure.unit,
            figure.formula,
            ", ".join(need.replace("|", " or ") for need in figure.needs) or "any row",
            ", ".join(figure.breakdowns),
            figure.suppress,
            figure.source,
        )
        for figure in FIGURES
    ]
    types = {name: pl.Boolean if name == "suppress" else pl.String for name in _SHOWN}
    return pl.DataFrame(rows, schema=types, orient="row")


def definitions_frame() -> pl.DataFrame:
    """Say how each figure is made.

    Returns:
        One row for each figure: ``figure_id``, ``title``, ``counting_unit``, ``formula``, ``kind``, ``note`` and
        ``source``.
    """
    rows = [
        (one.figure_id, one.title, one.unit, one.formula, one.kind, one.note, one.source)
        for one in FIGURES
    ]
    columns = ("figure_id", "title", "counting_unit", "formula", "kind", "note", "source")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
