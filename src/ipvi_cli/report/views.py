"""A figure in one of its breakdowns: its table, its download, and the chart that suits it."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

import polars as pl

from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.report import charts
from ipvi_cli.report.content import Boundaries, Chart, View
from ipvi_cli.report.tables import DATA, DAYS, Row, table_of, week_table
from ipvi_cli.report.words import NONE, WITHHELD, by_words, group_words, percent, whole, written

MOST_BARS: Final = 15
"""A chart of more bars is not read at once; the table holds them all."""

_IN_ORDER: Final = frozenset(
    {"total", "year", "month", "hour", "weekday", "victim_age", "level", "stage", "measure"}
)  # fmt: skip
"""Breakdowns whose groups have an order of their own; others are shown greatest first."""

_DEFINED: Final = tuple(one.code for one in DEFINITIONS)
_QUARTERS: Final = ("lower quartile", "median", "upper quartile")
_OWN_ORDER: Final = {
    "definition": _DEFINED,
    "choice": _DEFINED,
    "quartile": _QUARTERS,
    "kaplan_meier": _QUARTERS,
}
"""Breakdowns whose groups are shown in the order in which they are declared."""

_WEEK: Final = "hour/weekday"
_FEWEST_MONTHS: Final = 3
_RANGE: Final = (
    "The thin line spans what the number would be if none, or all, of what is not known counted."
)


def view(
    rows: pl.DataFrame,
    *,
    kind: str,
    title: str,
    key: str,
    base_note: str = "",
    drawn: bool = True,
    boundaries: Boundaries | None = None,
) -> View:
    """Show one breakdown of a figure.

    Args:
        rows: Its rows, all of one ``by``.
        kind: Kind of the figure.
        title: What is shown.
        key: Name in links.
        base_note: Note of the figure, told elsewhere.
        drawn: Whether a chart is wanted.
        boundaries: Outlines of districts, if given.
    """
    by = rows["by"][0]
    listed = in_order(rows.to_dicts(), by)
    caption = f"{title}, by {by_words(by)}" if by != "total" else title
    if by == _WEEK:
        table = week_table(listed, caption)
    else:
        table = table_of(listed, kind=kind, by=by, caption=caption, base_note=base_note)
    if kind == "count":
        # The count itself may be shown where what might be added to it is withheld.
        listed = [{**row, "value": row["numerator"]} for row in listed]
    pictures = _charts(listed, by, kind, caption, boundaries) if drawn else []
    return View(key, caption, table, rows.select(DATA), tuple(pictures))


def in_order(rows: list[Row], by: str) -> list[Row]:
    """Sort rows as a reader looks for them: periods and bands in their order, anything else greatest first."""
    first = by.split("/", maxsplit=1)[0]
    bands = all(re.match(r"\d|unknown", row["group"]) for row in rows)
    if by.endswith(_WEEK):
        return sorted(rows, key=_hour_and_day)
    if first in _OWN_ORDER:
        places = {group: place for place, group in enumerate(_OWN_ORDER[first])}
        return sorted(rows, key=lambda row: places.get(row["group"], len(places)))
    if first in _IN_ORDER or (bands and first not in ("offense", "district", "agency")):
        return sorted(rows, key=lambda row: (row["group"] == "unknown", *_natural(row["group"])))
    if "/" in by:
        return sorted(rows, key=lambda row: _natural(row["group"]))
    return sorted(rows, key=lambda row: (row["group"] == "unknown", -_size(row), row["group"]))


def _charts(
    rows: list[Row], by: str, kind: str, title: str, boundaries: Boundaries | None
) -> list[Chart]:
    if not any(row["value"] or row["upper"] for row in rows):
        return []
    made = []
    if boundaries is not None and by == "district":
        made += _map(rows, kind, title, boundaries)
    if by == _WEEK:
        made.append(_heat(rows, title))
    elif by == "month" and len(rows) >= _FEWEST_MONTHS:
        made.append(_months(rows, kind, title))
    elif _is_curve(rows, by):
        made.append(_curve(rows, title))
    elif by.endswith("/stage"):
        made += _funnels(rows, title)
    elif "/" not in by and kind != "rank":
        made.append(_bars(rows, by, kind, title))
    return made


def _bars(rows: list[Row], by: str, kind: str, title: str) -> Chart:
    shown = rows[:MOST_BARS]
    drawn = [
        {
            "label": ", ".join(group_words(by, row["group"])),
            "text": _number(row, kind),
            **_ends(row),
        }
        for row in shown
    ]
    reading = [_RANGE] if any(_spread(row) for row in shown) else []
    if len(rows) > len(shown):
        reading.append(f"The {len(shown)} greatest of {len(rows)}; the table holds all.")
    return Chart(partial(charts.bars, drawn), _told(title, drawn), " ".join(reading))


def _ends(row: Row) -> Row:
    return {name: row[name] for name in ("value", "lower", "upper")}


def _told(title: str, drawn: list[Row]) -> str:
    most = "; ".join(f"{row['label']} {row['text']}" for row in drawn[:5])
    return f"Bars. {title}. {most}."


def _funnels(rows: list[Row], title: str) -> list[Chart]:
    """Draw the steps from one stage to the next, apart for each group that they are of."""
    made = []
    groups = dict.fromkeys(row["group"].split("/")[0] for row in rows)
    for group in groups:
        steps = [row for row in rows if row["group"].startswith(f"{group}/")]
        first = next((row["value"] for row in steps if row["value"]), None)
        drawn = []
        for row in steps:
            of_first = (
                f" · {percent(row['value'] / first)}" if first and row["value"] is not None else ""
            )
            label = group_words("class/stage", row["group"])[1]
            drawn.append(
                {"label": label, "text": f"{_number(row, 'count')}{of_first}", **_ends(row)}
            )
        name = group_words("class", group)[0]
        reading = (
            f"{name[:1].upper()}{name[1:]}: each step, and what it is of the first that is known."
        )
        made.append(Chart(partial(charts.bars, drawn), _told(f"{title}, {name}", drawn), reading))
    return made


def _number(row: Row, kind: str) -> str:
    if row["value"] is not None:
        return written(kind, row["value"])
    if row["suppressed"]:
        return WITHHELD
    if kind == "share" and row["lower"] is not None and row["upper"] is not None:
        return f"{row['lower'] * 100:.0f} to {percent(row['upper'])}"
    return NONE


def _months(rows: list[Row], kind: str, title: str) -> Chart:
    dated = [row for row in rows if re.fullmatch(r"\d{4}-\d\d", row["group"])]
    drawn = [
        {"month": row["group"], **{name: row[name] for name in ("value", "lower", "upper")}}
        for row in dated
    ]
    values = [(row["value"], row["group"]) for row in dated if row["value"] is not None]
    reading = []
    if any(_spread(row) for row in dated):
        reading.append("The pale band spans what is not known.")
    if any(row["value"] is None for row in dated):
        reading.append("A dot on the ground line marks a month without a number.")
    told = ""
    if values:
        (low, when_low), (high, when_high) = min(values), max(values)
        told = (
            f" Lowest {written(kind, low)} in {group_words('month', when_low)[0]}, highest"
            f" {written(kind, high)} in {group_words('month', when_high)[0]}."
        )
    return Chart(
        partial(charts.line, drawn, share=kind == "share"),
        f"Line. {title}.{told}",
        " ".join(reading),
    )


def _heat(rows: list[Row], title: str) -> Chart:
    drawn = []
    for row in rows:
        hour, _, day = row["group"].partition("/")
        if hour.isdigit() and day in DAYS:
            drawn.append({"hour": int(hour), "weekday": day, "value": row["value"]})
    seen = {(cell["hour"], cell["weekday"]) for cell in drawn}
    drawn += [
        {"hour": hour, "weekday": day, "value": 0}
        for hour in range(24)
        for day in DAYS
        if (hour, day) not in seen
    ]
    known = [cell for cell in drawn if cell["value"] is not None]
    most = max(known, key=lambda cell: (cell["value"], -cell["hour"]))
    hidden = len(drawn) - len(known)
    reading = f"The darkest square stands for {whole(most['value'])}."
    if hidden:
        reading += f" A dot marks the {hidden} squares that are withheld."
    alt = (
        f"Squares of hour and weekday, darker for more. {title}. Most:"
        f" {group_words('weekday', most['weekday'])[0]} {most['hour']:02}:00, {whole(most['value'])}."
    )
    return Chart(partial(charts.heat, drawn), alt, reading)


def _is_curve(rows: list[Row], by: str) -> bool:
    """Say whether groups are shares of people, ascending, as of a Lorenz curve."""
    return by in ("people", "lorenz", "share_of_people", "percentile") and all(
        re.fullmatch(r"[\d.]+ ?%?", row["group"]) for row in rows
    )


def _curve(rows: list[Row], title: str) -> Chart:
    points = [{"people": 0.0, "events": 0.0}]
    numbers = [float(row["group"].rstrip(" %")) for row in rows]
    whole_scale = 100 if max(numbers) > 1 else 1
    for number, row in zip(numbers, rows, strict=True):
        if row["value"] is not None:
            points.append({"people": number / whole_scale, "events": row["value"]})
    reading = "The further the curve hangs below the dashed line, the more comes from few people."
    return Chart(partial(charts.curve, points), f"Curve. {title}. {reading}", reading)


def _map(rows: list[Row], kind: str, title: str, boundaries: Boundaries) -> list[Chart]:
    by_name = {group_words("district", row["group"])[0]: row for row in rows}
    by_name |= {name.rpartition("/")[2]: row for name, row in list(by_name.items())}
    found = [
        {"geometry": shape, "label": name, "value": _shade(by_name.get(name))}
        for name, shape in boundaries.shapes.items()
    ]
    known = [
        (value, name)
        for name in boundaries.shapes
        if (value := _shade(by_name.get(name))) is not None
    ]
    if not known:
        return []
    most, where = max(known)
    reading = (
        f"The darkest district is {where} with {written(kind, most)}; a dashed outline without a colour has no number,"
        " or one that is withheld."
    )
    return [Chart(partial(charts.areas, found), f"Map. {title}. {reading}", reading)]


def _shade(row: Row | None) -> float | None:
    value: float | None = None if row is None else row["value"]
    return value


def _spread(row: Row) -> bool:
    return row["lower"] is not None and row["upper"] is not None and row["upper"] > row["lower"]


def _size(row: Row) -> float:
    for name in ("value", "lower", "numerator"):
        if row[name] is not None:
            return float(row[name])
    return -1.0


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts)


def _hour_and_day(row: Row) -> tuple[str, str, int]:
    *outer, hour, day = row["group"].split("/")
    return "/".join(outer), hour, DAYS.index(day) if day in DAYS else len(DAYS)
