"""What to doubt, on the first page: what is not known, not delivered, not right, or not shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.model.figure import CANNOT_BE_MADE
from ipvi_cli.model.finding import SEVERITIES
from ipvi_cli.model.tables import TABLES, metadata
from ipvi_cli.report.content import Doubt, Facts
from ipvi_cli.report.tables import WITHHELD_LEGEND, Row, made
from ipvi_cli.report.words import WITHHELD, group_word, percent, plural, sentence, whole

_WIDE: Final = 0.05
"""Difference between definitions that a reader must know of."""

_REASONS_OF: Final = "A04"
_DEFINITIONS_OF: Final = "S01"
_FLOORS_OF: Final = "H03"
_MONTHS_OF: Final = "A02"
_MOST_ITEMS: Final = 6
_FROM_ANYTHING: Final = "AIT"
"""Groups of figures that need no records of incidents: data quality, partners' totals, published counts."""


def doubts(figures: pl.DataFrame, facts: Facts) -> tuple[Doubt, ...]:
    """Say what to doubt, the gravest first.

    Args:
        figures: ``FIGURE_SCHEMA``, as they may be shown.
        facts: What else is known.
    """
    return tuple(
        one
        for told in (
            _sources,
            _ties,
            _definitions,
            _missing,
            _floors,
            _months,
            _findings,
            _withheld,
        )
        for one in told(figures, facts)
    )


def _sources(_figures: pl.DataFrame, facts: Facts) -> Iterator[Doubt]:
    if not facts.complete:
        number = plural(len(facts.failures), "source is", "sources are")
        yield Doubt(
            "Incomplete",
            f"{number} missing or could not be read. Every number here may be too low.",
            facts.failures if facts.internal else (),
        )
    if facts.quarantined:
        shown = whole(facts.quarantined)
        if not facts.internal and facts.quarantined <= facts.threshold:
            shown = f"Fewer than {facts.threshold + 1}"
        yield Doubt(
            "Rows refused", f"{shown} of {facts.read:,} rows could not be used and count nowhere.", link="quality"
        )  # fmt: skip


def _ties(figures: pl.DataFrame, _facts: Facts) -> Iterator[Doubt]:
    rows = made(figures).filter(pl.col("figure_id") == _REASONS_OF)
    total = rows.filter(pl.col("by") == "total").to_dicts()
    if not total or total[0]["numerator"] == 0:
        return
    reasons = rows.filter(pl.col("by") == "reason").sort(
        "numerator", "group", descending=[True, False], nulls_last=True
    )
    items = tuple(_reason(row) for row in reasons.to_dicts())
    row = total[0]
    if row["numerator"] is None:
        text = "For some pairs of victim and offender the tie is not known. How many is withheld."
    else:
        share = percent(row["numerator"] / row["denominator"])
        text = (
            f"Of {row['denominator']:,} pairs of victim and offender {plural(row['numerator'], 'has', 'have')} a tie"
            f" that is undetermined ({share}). They are never guessed; they widen the range."
        )
    yield Doubt("Ties that are not known", text, items, "quality")


def _reason(row: Row) -> str:
    count = WITHHELD if row["numerator"] is None else whole(row["numerator"])
    word = group_word("reason", row["group"])
    mend = {
        "missing": "only the agency can fill them",
        "unmapped": "shrinks when someone says what the words mean",
        "ambiguous_term": "a code book of the agency may settle them",
        "unknown": "the record itself says so",
    }.get(row["group"])
    return f"{word}: {count}{f' – {mend}' if mend else ''}"


def _definitions(figures: pl.DataFrame, _facts: Facts) -> Iterator[Doubt]:
    titles = {one.code: one.title for one in DEFINITIONS}
    told = [
        (value, titles[code])
        for code, value in made(figures)
        .filter(pl.col("figure_id") == _DEFINITIONS_OF, pl.col("value").is_not_null())
        .select("group", "value")
        .iter_rows()
        if code in titles
    ]
    if not told:
        return
    low, high = (pick(told, key=lambda one: one[0]) for pick in (min, max))
    if high[0] - low[0] > _WIDE:
        yield Doubt(
            "Who counts as a partner",
            f"The share depends on it: from {percent(low[0])} (“{low[1]}”) to {percent(high[0])}"
            f" (“{high[1]}”).",
            link="how-much",
        )


def _missing(figures: pl.DataFrame, _facts: Facts) -> Iterator[Doubt]:
    lacking = missing_needs(figures)
    if not lacking:
        return
    number = len({figure for _, those in lacking for figure in those})
    items = tuple(
        f"{need[:1].upper()}{need[1:]}: {plural(len(those), 'figure')}"
        for need, those in lacking[:_MOST_ITEMS]
    )
    more = len(lacking) - _MOST_ITEMS
    if more > 0:
        items += (f"and {more} more, named in each section",)
    yield Doubt(
        "Columns that are missing",
        f"{plural(number, 'figure')} cannot be made without what was not delivered. What would allow the most:",
        items,
    )


def asked_for(figures: pl.DataFrame) -> list[str]:
    """Name the figures that the delivery could be asked for: published counts where it holds some, others where not.

    Args:
        figures: ``FIGURE_SCHEMA``.
    """
    every = figures["figure_id"].unique(maintain_order=True).to_list()
    of_records = made(figures).filter(~pl.col("figure_id").str.contains(f"^[{_FROM_ANYTHING}]"))
    if made(figures)["figure_id"].str.starts_with("T").any() and not of_records.height:
        return [one for one in every if one.startswith("T")]
    return [one for one in every if not one.startswith("T")]


def missing_needs(figures: pl.DataFrame) -> list[tuple[str, list[str]]]:
    """Say which columns are missing for which figures, what would allow the most first.

    Args:
        figures: ``FIGURE_SCHEMA``.

    Returns:
        Each column in words, with the codes of the figures that need it.
    """
    those: dict[str, list[str]] = {}
    lacking = figures.filter(
        pl.col("note").str.starts_with(CANNOT_BE_MADE),
        pl.col("figure_id").is_in(asked_for(figures)),
    )
    for figure_id, note in (
        lacking.select("figure_id", "note").unique(maintain_order=True).iter_rows()
    ):
        for need in note.removeprefix(CANNOT_BE_MADE).split("; "):
            held = those.setdefault(need_words(need), [])
            if figure_id not in held:
                held.append(figure_id)
    return sorted(those.items(), key=lambda item: (-len(item[1]), item[0]))


def need_words(need: str) -> str:
    """Write a missing column, such as ``victim.injury_raw``, with what it is."""
    name, _, state = need.partition(", which ")
    words = []
    for one in name.split(" or "):
        table, _, column = one.strip().partition(".")
        if table in TABLES and column in TABLES[table].columns():
            about = str(metadata(table, column)["description"]).partition(";")[0].rstrip(".")
            words.append(f"{about[:1].lower()}{about[1:]} ({one})")
        else:
            words.append(one)
    return " or ".join(words) + (f", which {state}" if state else "")


def _floors(figures: pl.DataFrame, _facts: Facts) -> Iterator[Doubt]:
    rows = made(figures).filter(pl.col("figure_id") == _FLOORS_OF, pl.col("by") == "total")
    for row in rows.to_dicts():
        if row["value"]:
            yield Doubt(
                "Levels that are “at least”",
                f"{percent(row['value'])} of the people placed may belong to a higher level: the extract does not hold"
                " their whole history.",
                link="concentrated",
            )


def _months(figures: pl.DataFrame, facts: Facts) -> Iterator[Doubt]:
    if facts.period is None:
        yield Doubt(
            "Period not declared", "It is not known which days the extract covers, so gaps cannot be told."
        )  # fmt: skip
    empty = made(figures).filter(pl.col("figure_id") == _MONTHS_OF, pl.col("by") == "total")
    for row in empty.to_dicts():
        if row["numerator"]:
            yield Doubt(
                "Months without a row",
                f"{row['numerator']} of the {row['denominator']} months of the period hold no incident.",
                link="quality",
            )


def _findings(_figures: pl.DataFrame, facts: Facts) -> Iterator[Doubt]:
    if not facts.findings.height:
        return
    counted = dict(facts.findings.group_by("severity").agg(pl.col("code").n_unique()).iter_rows())
    words = {"error": "error", "warning": "warning", "info": "remark"}
    told = [plural(counted[one], words[one]) for one in SEVERITIES if counted.get(one)]
    gravest = facts.findings.filter(pl.col("severity") != "info").head(_MOST_ITEMS)
    items = tuple(sentence(title) for title in gravest["title"])
    yield Doubt(
        "Findings in the data",
        f"The checks found {', '.join(told)}, each a kind of problem that may touch many rows.",
        items,
        "findings",
    )


def _withheld(figures: pl.DataFrame, facts: Facts) -> Iterator[Doubt]:
    if facts.internal:
        return
    hidden = figures.filter(pl.col("suppressed")).height
    if hidden:
        yield Doubt(
            "Numbers that are withheld",
            f"{hidden:,} of {figures.height:,} numbers. {WITHHELD_LEGEND.replace('<11', f'<{facts.threshold + 1}')}"
            f" {_RANGE_STAYS}",
        )


_RANGE_STAYS: Final = "A blank is never a zero: zeros are shown."
