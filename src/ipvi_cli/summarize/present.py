"""A few tables of figures, ready to be printed or to be put into a workbook."""

from __future__ import annotations

from typing import Final, Protocol

import polars as pl

from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.summarize.figure import CANNOT_BE_MADE
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

_SHARES: Final = {"share": "value", "lower": "lower", "upper": "upper"}
"""Columns of a share and its bounds, and where they come from. Names are short, for a terminal of 80 columns."""

_AREAS_SHOWN: Final = 10
"""Areas with the most published incident reports that are shown."""

_IN_A_TABLE_OF_THEIR_OWN: Final = ("A09", "C01", "C11", "G15")

_PUBLISHED: Final = {
    "T01": "incident reports",
    "T02": "incident reports, same districts",
    "T03": "felony assaults",
    "T04": "rapes",
}
"""What each figure of published counts is about."""


def audit_tables(
    figures: pl.DataFrame, headline: HeadlineLike | None = None
) -> dict[str, pl.DataFrame]:
    """Make the tables of an audit.

    Args:
        figures: ``FIGURE_SCHEMA``.
        headline: Incidents by class; ``None`` for a delivery of tallies only.

    Returns:
        Frames by title, the most important first; those that would be empty are left out. Columns ``share``,
        ``lower`` and ``upper`` are shares between 0 and 1; ``share`` is null where too much is not known.
    """
    made = pl.col("numerator").is_not_null()
    counted = figures.filter(made)
    tables = {} if headline is None else _of_incidents(counted, headline)
    tables |= _of_tallies(counted)
    asked = ["T"] if headline is None else list("ABCDEFGHIJS")
    if counted["figure_id"].str.starts_with("T").any():
        asked.append("T")
    lacking = figures.filter(~made, pl.col("figure_id").str.head(1).is_in(asked))
    tables["Columns that are missing"] = _missing(lacking)
    return {title: table for title, table in tables.items() if table.height}


def _of_incidents(figures: pl.DataFrame, headline: HeadlineLike) -> dict[str, pl.DataFrame]:
    # Without a relationship there is no share, and the number of domestic incidents is all that can be told.
    known = (figures["figure_id"] == "B09").any()
    title, told = ("Incidents", _shares) if known else ("Domestic incidents", _numbers)
    by = {
        "year": told(figures, "year"),
        "agency": told(figures, "agency"),
        "month": told(figures, "month"),
        "district": told(figures, "district").sort(pl.nth(1), "district", descending=[True, False]),
        "sex of the victim": told(figures, "victim_sex"),
        "age of the victim": told(figures, "victim_age"),
    }
    return {
        "Incidents by class": _classes(headline),
        **{
            f"{title} by {name}": table
            for name, table in by.items()
            if table.height > 1 or name == "month"
        },
        "Why ties are undetermined": _parts(figures, "A04", "reason", "pairs"),
        "Ties of intimate partners": _parts(figures, "C11", "tie", "pairs"),
        "Offences between partners": _parts(figures, "C01", "offense", "incidents"),
        "Share under other definitions": _under_definitions(figures),
        "Share by what is counted": _by_unit(figures),
        "Counts in total": _counts(figures),
        "Shares in total": _totals(figures),
        "Ranks, times and rates": _others(figures),
    }


def _of_tallies(figures: pl.DataFrame) -> dict[str, pl.DataFrame]:
    both_known = (figures["figure_id"] == "T02").any()
    by_borough = {
        "Incident reports": _published(figures, "T02" if both_known else "T01", "year/borough"),
        "Felony assaults": _published(figures, "T03", "year/borough"),
        "Rapes": _published(figures, "T04", "year/borough"),
    }
    return {
        "Published counts by year": _published_by_year(figures),
        "Change of published counts": _changes(figures),
        **{f"{of} by borough": table for of, table in by_borough.items()},
        "Districts with most reports": _top_districts(figures),
    }


def _classes(headline: HeadlineLike) -> pl.DataFrame:
    schema = {"relationship_class": pl.String(), "incidents": pl.Int64()} | dict.fromkeys(
        _SHARES, pl.Float64()
    )
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
    return _of(figures, "B09", by).select(
        pl.col("group").alias(by),
        pl.col("numerator").alias("intimate"),
        pl.col("denominator").alias("incidents"),
        "undetermined",
        **{name: pl.col(column) for name, column in _SHARES.items()},
    )


def _numbers(figures: pl.DataFrame, by: str) -> pl.DataFrame:
    return _of(figures, "B07", by).select(
        pl.col("group").alias(by), pl.col("numerator").alias("incidents"), "undetermined"
    )


def _parts(figures: pl.DataFrame, figure: str, by: str, counted: str) -> pl.DataFrame:
    return (
        _of(figures, figure, by)
        .select(pl.col("group").alias(by), pl.col("numerator").alias(counted), share="value")
        .sort(counted, by, descending=[True, False])
    )


def _under_definitions(figures: pl.DataFrame) -> pl.DataFrame:
    named = pl.DataFrame(
        [(one.code, one.title) for one in DEFINITIONS], schema=["group", "definition"], orient="row"
    )
    counted = figures.filter(pl.col("figure_id") == "S01")
    in_order = named.join(counted, on="group", how="inner", maintain_order="left")
    return in_order.select("definition", *_as_counted())


def _by_unit(figures: pl.DataFrame) -> pl.DataFrame:
    """Set the headline's definition by incident beside the same by victim, pair and offender."""
    own = figures.filter(
        pl.col("figure_id").str.starts_with("S"), pl.col("group") == DEFINITIONS[0].code
    )
    return own.select(pl.col("counting_unit").alias("unit"), *_as_counted())


def _as_counted() -> list[pl.Expr]:
    return [
        pl.col("numerator").alias("intimate"),
        pl.col("denominator").alias("of"),
        pl.col("undetermined").alias("open"),
        *(pl.col(column).alias(name) for name, column in _SHARES.items()),
    ]


def _published_by_year(figures: pl.DataFrame) -> pl.DataFrame:
    each = [
        _published(figures, figure, "year").insert_column(1, pl.lit(about).alias("counts"))
        for figure, about in _PUBLISHED.items()
    ]
    return pl.concat(each).sort("year", maintain_order=True)


def _published(figures: pl.DataFrame, figure: str, by: str) -> pl.DataFrame:
    shares = pl.lit(figure != "T01")
    return _of(figures, figure, by).select(
        *_split(by.split("/")),
        pl.col("numerator").alias("intimate_partner"),
        pl.col("denominator").alias("domestic"),
        share=pl.when(shares).then("value"),
    )


def _changes(figures: pl.DataFrame) -> pl.DataFrame:
    return _of(figures, "T05", "year/measure").select(
        *_split(["year", "measure"]),
        pl.col("denominator").alias("year_before"),
        pl.col("numerator").alias("this_year"),
        change_percent=pl.col("value") * 100,
    )


def _top_districts(figures: pl.DataFrame) -> pl.DataFrame:
    by = "year/borough/district"
    change = _of(figures, "T05", by).select("group", change_percent=pl.col("value") * 100)
    districts = _of(figures, "T01", by).join(change, on="group", how="left", maintain_order="left")
    last = districts.select(
        *_split(by.split("/")), pl.col("numerator").alias("intimate_partner"), "change_percent"
    ).filter(pl.col("year") == pl.col("year").max())
    return last.sort("intimate_partner", descending=True, maintain_order=True).head(_AREAS_SHOWN)


def _counts(figures: pl.DataFrame) -> pl.DataFrame:
    return _in_total(figures, ("count",)).select(
        pl.col("figure_id").alias("id"),
        "title",
        pl.col("numerator").alias("count"),
        "undetermined",
    )


def _totals(figures: pl.DataFrame) -> pl.DataFrame:
    return _in_total(figures, ("share",)).select(
        pl.col("figure_id").alias("id"),
        "title",
        pl.col("numerator").alias("count"),
        pl.col("denominator").alias("of"),
        **{name: pl.col(column) for name, column in _SHARES.items()},
    )


def _others(figures: pl.DataFrame) -> pl.DataFrame:
    return _in_total(figures, ("rank", "hours", "median", "rate", "ratio", "index")).select(
        pl.col("figure_id").alias("id"), "title", "value", pl.col("denominator").alias("of")
    )


def _in_total(figures: pl.DataFrame, kinds: tuple[str, ...]) -> pl.DataFrame:
    wanted = [
        figure.figure_id
        for figure in FIGURES
        if figure.kind in kinds and figure.figure_id not in _IN_A_TABLE_OF_THEIR_OWN
    ]
    return figures.filter(pl.col("by") == "total", pl.col("figure_id").is_in(wanted))


def _missing(figures: pl.DataFrame) -> pl.DataFrame:
    """List what is missing, what lets the most figures be made first."""
    needs = pl.col("note").str.strip_prefix(CANNOT_BE_MADE).str.split("; ")
    return (
        figures.filter(pl.col("note").str.starts_with(CANNOT_BE_MADE))
        .select(needs.alias("missing"), "figure_id")
        .explode("missing")
        .group_by("missing", maintain_order=True)
        .agg(
            pl.col("figure_id").unique(maintain_order=True).alias("figures"),
            pl.len().alias("number"),
        )
        .sort("number", descending=True, maintain_order=True)
        .select("missing", pl.col("figures").list.join(", "))
    )


def _of(figures: pl.DataFrame, figure: str, by: str) -> pl.DataFrame:
    return figures.filter((pl.col("figure_id") == figure) & (pl.col("by") == by))


def _split(names: list[str]) -> list[pl.Expr]:
    parts = pl.col("group").str.splitn("/", len(names))
    return [parts.struct.field(f"field_{place}").alias(name) for place, name in enumerate(names)]
