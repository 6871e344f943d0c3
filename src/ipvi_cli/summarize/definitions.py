"""How far the share depends on who is called an intimate partner, and on what is counted."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.summarize.figure import COUNTS, OWN, Figure, Unit
from ipvi_cli.summarize.quality import TIE
from ipvi_cli.summarize.scene import Scene
from ipvi_cli.summarize.verdicts import counts_of

_BY: Final = ("definition", "choice")


def _shares(scene: Scene, figure: Figure) -> pl.DataFrame:
    found = scene.verdicts[figure.unit]
    rows = [(one.by, one.code, *counts_of(one, found), one.text) for one in DEFINITIONS]
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


def _figure(figure_id: str, unit: Unit, more: str = "") -> Figure:
    note = "of incidents of the denominator; one without a pair stands for one that is open"
    return Figure(
        figure_id, f"Share under other definitions, by {unit}", unit,
        f"{unit} with an intimate partner pair as the definition has it / (all - those that it leaves open)", "share",
        (TIE,), OWN, _BY, _shares, suppress=True, note=f"{note}{more}",
    )  # fmt: skip


_ONCE: Final = "; a person counts once in each incident"

FIGURES: Final = (
    _figure("S01", "incidents"),
    _figure("S02", "victims", _ONCE),
    _figure("S03", "pairs"),
    _figure("S04", "offenders", _ONCE),
)
"""Figures S01 to S04."""
