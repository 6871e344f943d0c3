"""What linking looks like on a terminal: counts, never a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ipvi_cli.cli.tables import frame_table, heading

if TYPE_CHECKING:
    from ipvi_cli.pipeline.link_check import Checked
    from ipvi_cli.pipeline.linking import LinkRun


def link_parts(run: LinkRun) -> Iterator[RenderableType]:
    """Lay out how good the links are.

    Args:
        run: What linking gave.
    """
    if run.quality is None:
        yield Text("No table holds a name or a number of a person: there is nobody to link.")
        return
    yield heading("Records linked to persons, at the strict and the loose threshold")
    yield frame_table(as_text(run.quality), lines=None)
    if not run.learned:
        yield Text(
            "Too few records, or too little in them, to learn how to compare them: only shared numbers link."
        )


def checked_parts(done: Checked) -> Iterator[RenderableType]:
    """Lay out how well known records were linked.

    Args:
        done: What linking them gave.
    """
    if done.agreement is not None:
        yield heading("Pairs against the truth, with 95 % intervals (Wilson)")
        rows = [
            {
                "threshold": f"{row['threshold']} ({row['probability']:g})",
                "linked": row["linked"],
                "true": row["true"],
                "both": row["both"],
                **{name: _share(row, name) for name in ("precision", "recall")},
                "f1": "–" if row["f1"] is None else f"{row['f1']:.3f}",
            }
            for row in done.agreement.iter_rows(named=True)
        ]
        yield frame_table(pl.DataFrame(rows), lines=None)
    yield heading("Counts at the strict and the loose threshold")
    yield frame_table(as_text(done.quality), lines=None)


def _share(row: Mapping[str, Any], name: str) -> str:
    if row[name] is None:
        return "–"
    return f"{row[name]:.3f} [{row[f'{name}_lower']:.3f}–{row[f'{name}_upper']:.3f}]"


def as_text(quality: pl.DataFrame) -> pl.DataFrame:
    """Write counts without decimals, and shares with them."""

    def written(name: str) -> pl.Expr:
        whole = pl.col(name) == pl.col(name).round(0)
        return (
            pl.when(whole)
            .then(pl.col(name).cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(pl.col(name).cast(pl.String))
            .alias(name)
        )

    return quality.with_columns(written("strict"), written("loose"))
