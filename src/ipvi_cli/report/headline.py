"""The answer on the first page: the share between partners, how far it may be off, and of what it is a share."""

from __future__ import annotations

from functools import partial
from typing import Final

import polars as pl

from ipvi_cli.report import charts
from ipvi_cli.report.content import Chart, Facts, Headline, Table, View
from ipvi_cli.report.tables import WITHHELD_LEGEND, Row, made
from ipvi_cli.report.words import percent, plural, sentence, whole, written

SHARE: Final = "B09"
"""Intimate partner share of domestic incidents."""

_ASSUMED: Final = "The share among known ties assumes that unknown ties split like known ones."
_NEXT_BEST: Final = ("T02", "T01", "B08", "B07", "B01")
"""What stands on the first page where there is no share of incidents."""


def headline(figures: pl.DataFrame, definitions: pl.DataFrame, facts: Facts) -> Headline:
    """Say what share was between partners, as far as the data, and what may be shown of them, let one say it.

    Args:
        figures: ``FIGURE_SCHEMA``, as they may be shown.
        definitions: Every figure as declared.
        facts: What else is known.

    Returns:
        Up to the first limit of what is undetermined the share first, up to the second the range first, above that
        the range alone.
    """
    rows = made(figures).filter(pl.col("figure_id") == SHARE, pl.col("by") == "total").to_dicts()
    if not rows or rows[0]["denominator"] is None or not rows[0]["denominator"]:
        return _without_share(figures, definitions, facts)
    row = rows[0]
    if row["lower"] is None or row["numerator"] is None:
        return Headline(
            "Withheld", "", f"The share of {facts.denominator} that were between intimate partners is withheld.",
            (WITHHELD_LEGEND,),
        )  # fmt: skip
    return _of_share(row, facts)


def _of_share(row: Row, facts: Facts) -> Headline:
    partner, total, doubt = row["numerator"], row["denominator"], row["undetermined"] or 0
    known = total - doubt
    between = f"between {percent(row['lower'])} and {percent(row['upper'])}"
    open_part = doubt / total
    split = f"Of {total:,} {facts.denominator}, {plural(doubt, 'is', 'are')} undetermined ({percent(open_part)})."
    view = _parts(partner, known - partner, doubt, facts)
    of_known = (
        f"of the {known:,} {facts.denominator} whose tie is known were between intimate partners"
    )
    if not doubt:
        text = f"of {total:,} {facts.denominator} were between intimate partners: {partner:,}."
        return Headline(percent(row["value"]), "", text, ("Every tie is known.",), view)
    if known == 0 or open_part > facts.range_ or row["value"] is None:
        text = f"of {total:,} {facts.denominator} were between intimate partners. There is no single figure."
        more = (split, "That is too many for a share: the reasons below say what to ask for.")
        return Headline(between.capitalize(), "", text, more, view)
    if open_part > facts.known_only:
        text = f"of {total:,} {facts.denominator} were between intimate partners."
        return Headline(
            between.capitalize(), f"{percent(row['value'])} of those whose tie is known", text, (split, _ASSUMED), view,
        )  # fmt: skip
    return Headline(
        percent(row["value"]), f"{between} of all", f"{of_known}: {partner:,}.", (split, _ASSUMED), view,
    )  # fmt: skip


def _parts(partner: int, others: int, doubt: int, facts: Facts) -> View:
    total = partner + others + doubt
    parts = (
        ("Between intimate partners", partner),
        ("Known to be something else", others),
        ("Undetermined", doubt),
    )
    drawn = [
        {
            "label": label,
            "value": count,
            "lower": None,
            "upper": None,
            "text": f"{whole(count)} · {percent(count / total)}",
        }
        for label, count in parts
    ]
    caption = f"{sentence(facts.denominator)[:-1]}, by what is known of the tie"
    told = "; ".join(f"{row['label']} {row['text']}" for row in drawn)
    return View(
        "headline",
        caption,
        Table(
            caption,
            ("Tie", "Incidents", "Share of all"),
            tuple((label, whole(count), percent(count / total)) for label, count in parts),
        ),
        pl.DataFrame(parts, schema={"tie": pl.String, "incidents": pl.Int64}, orient="row"),
        (Chart(partial(charts.bars, drawn), f"Bars. {caption}. {told}."),),
    )


def _without_share(figures: pl.DataFrame, definitions: pl.DataFrame, facts: Facts) -> Headline:
    declared = {row["figure_id"]: row for row in definitions.to_dicts()}
    there = made(figures).filter(pl.col("by").is_in(["total", "year"]))
    for figure_id in _NEXT_BEST:
        rows = there.filter(pl.col("figure_id") == figure_id, pl.col("value").is_not_null())
        if rows.height and figure_id in declared:
            row = rows.sort("group").row(-1, named=True)
            return _of_figure(row, declared[figure_id])
    if figures.height and not there.height:
        return Headline("No figure", "", "Nothing can be counted in what was delivered.")
    return Headline(
        "No share",
        "",
        "No share between intimate partners can be given.",
        ("“What to doubt” says what is missing.",),
    )


def _of_figure(row: Row, declared: Row) -> Headline:
    kind = declared["kind"]
    when = "" if row["by"] == "total" else f" in {row['group']}"
    big = written(kind, row["value"])
    text = f"{declared['title'][:1].lower()}{declared['title'][1:]}{when}."
    counts = (
        f"{whole(row['numerator'])} of {whole(row['denominator'])}." if row["denominator"] else ""
    )
    spread = row["upper"] is not None and row["upper"] != row["lower"]
    small = f"up to {written(kind, row['upper'])} with what is not known" if spread else ""
    more = tuple(part for part in (counts, sentence(declared["note"] or "")) if part)
    return Headline(big, small, text, more)
