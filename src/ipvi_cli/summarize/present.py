"""A few tables of figures, ready to be printed or to be put into a workbook."""

from __future__ import annotations

from typing import Final, Protocol

import polars as pl

from ipvi_cli.summarize.registry import FIGURES


class HeadlineLike(Protocol):
    """Incidents in the denominator by class."""

    @property
    def denominator(self) -> int:
        """Incidents in the denominator."""

    @property
    def undetermined(self) -> int:
        """Undetermined ones of them."""

    @property
    def not_applicable(self) -> int:
        """Incidents outside the denominator because no pair calls for a class."""

    @property
    def lead(self) -> str:
        """What is printed: ``known_only``, ``range`` or ``none``."""


_CLASSES: Final = (
    "intimate_partner", "other_family", "other_domestic", "known_not_domestic", "stranger",
)  # fmt: skip

_BOUNDS: Final = {"share": "value", "share_lower": "lower", "share_upper": "upper"}


def audit_tables(
    figures: pl.DataFrame, headline: HeadlineLike | None = None
) -> dict[str, pl.DataFrame]:
    """Make the tables of an audit.

    Args:
        figures: ``FIGURE_SCHEMA``.
        headline: Incidents by class; ``None`` for a delivery of tallies only.

    Returns:
        Frames by title, the most important first; those that would be empty are left out. Columns ``share``,
        ``share_lower`` and ``share_upper`` are shares between 0 and 1, null where too much is undetermined.
    """
    made = pl.col("numerator").is_not_null()
    tables = {
        "Incidents by class": _classes(headline),
        "Intimate partner incidents by agency": _shares(figures, "agency"),
        "Intimate partner incidents by month": _shares(figures, "month"),
        "Ties of intimate partners": _ties(figures),
        "Published counts by year": _published(figures, "year"),
        "Published counts by year and borough": _published(figures, "year/borough"),
        "Change of published counts": _changes(figures),
        "Figures in total": _totals(figures.filter(made)),
        "Figures that cannot be made": figures.filter(~made).select("figure_id", "title", "note"),
    }
    return {title: table for title, table in tables.items() if table.height}


def _classes(headline: HeadlineLike | None) -> pl.DataFrame:
    schema = {"relationship_class": pl.String(), "incidents": pl.Int64()} | dict.fromkeys(
        _BOUNDS, pl.Float64()
    )
    if headline is None:
        return pl.DataFrame(schema=schema)
    of, doubt = headline.denominator, headline.undetermined
    rows: list[tuple[str, int, float | None, float | None, float | None]] = []
    for name in _CLASSES:
        count = getattr(headline, name)
        share = None if headline.lead == "none" or of == doubt else count / (of - doubt)
        bounds = (count / of, (count + doubt) / of) if of else (None, None)
        rows.append((name, count, share, *bounds))
    rows.append(("undetermined", doubt, doubt / of if of else None, None, None))
    rows.append(("not_applicable", headline.not_applicable, None, None, None))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _shares(figures: pl.DataFrame, by: str) -> pl.DataFrame:
    return figures.filter((pl.col("figure_id") == "B09") & (pl.col("by") == by)).select(
        pl.col("group").alias(by),
        pl.col("numerator").alias("intimate_partner"),
        "denominator",
        "undetermined",
        **{name: pl.col(column) for name, column in _BOUNDS.items()},
    )


def _ties(figures: pl.DataFrame) -> pl.DataFrame:
    ties = figures.filter((pl.col("figure_id") == "C11") & (pl.col("by") == "tie"))
    return ties.select(
        pl.col("group").alias("tie"), pl.col("numerator").alias("pairs"), share="value"
    ).sort("pairs", "tie", descending=[True, False])


def _published(figures: pl.DataFrame, by: str) -> pl.DataFrame:
    counted = figures.filter(
        pl.col("figure_id").is_in(["T01", "T02", "T03", "T04"]) & (pl.col("by") == by)
    )
    return counted.select(
        pl.col("group").alias(by.replace("/", "_")),
        "title",
        pl.col("numerator").alias("intimate_partner"),
        pl.col("denominator").alias("domestic"),
        share=pl.when(pl.col("denominator").is_not_null()).then("value"),
    ).sort(by.replace("/", "_"), maintain_order=True)


def _changes(figures: pl.DataFrame) -> pl.DataFrame:
    of_measure = (pl.col("figure_id") == "T05") & (pl.col("by") == "year/measure")
    year, measure = (pl.col("group").str.split("/").list.get(part) for part in (0, 1))
    return figures.filter(of_measure).select(
        measure.alias("measure"),
        year.alias("year"),
        pl.col("denominator").alias("year_before"),
        pl.col("numerator").alias("this_year"),
        change_percent=pl.col("value") * 100,
    )


def _totals(figures: pl.DataFrame) -> pl.DataFrame:
    counts = [figure.figure_id for figure in FIGURES if figure.kind == "count"]
    is_share = ~pl.col("figure_id").is_in(counts)
    return figures.filter(pl.col("by") == "total").select(
        "figure_id",
        "title",
        "counting_unit",
        "numerator",
        "denominator",
        "undetermined",
        **{name: pl.when(is_share).then(column) for name, column in _BOUNDS.items()},
    )
