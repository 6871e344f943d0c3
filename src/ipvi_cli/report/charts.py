"""Pictures as SVG, drawn offline; their colours are variables of the page, so that they are readable light and dark.

What a kind of chart looks like is declared once; a chart is that declaration with its rows. Texts are measured as
Arial, whose widths Liberation Sans and Helvetica share, and the page shows them in these.
"""

from __future__ import annotations

import copy
import re
import textwrap
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

WIDTH: Final = 360
"""Width of every chart in its own units, so that a phone shows its texts at nearly their size."""

_BAR: Final = "var(--bar)"
_BAND: Final = "var(--band)"
_INK: Final = "currentColor"
_GRID: Final = "var(--line)"
_TEXT: Final = 12
_LABEL_WIDTH: Final = 19
"""Letters of a line of a label."""

_ROOM: Final = 0.62
"""Part of the width of a bar chart that the longest bar takes; the rest is for its number."""

Row = dict[str, Any]


def bars(rows: Sequence[Row]) -> str:
    """Draw horizontal bars with the range of each and its number.

    Args:
        rows: ``label``, ``value``, ``lower``, ``upper`` (each may be null) and ``text``, the number as written.
    """
    ends = [x for row in rows for x in (row["value"], row["lower"], row["upper"]) if x is not None]
    least, most = min([0.0, *ends]), max([0.0, *ends])
    size = (most - least) or 1.0

    def at(value: float | None) -> float | None:
        return None if value is None else (value - least) / size * _ROOM

    values = []
    for row in rows:
        high = max([0.0, *(x for x in (row["value"], row["upper"]) if x is not None)])
        values.append(
            {
                "label": "\n".join(textwrap.wrap(row["label"], _LABEL_WIDTH) or [""]),
                "start": at(0.0),
                "value": at(row["value"]),
                "lower": at(row["lower"]),
                "upper": at(row["upper"]),
                "end": at(high),
                "text": row["text"],
            }
        )
    spec = copy.deepcopy(_bars())
    lines = max((value["label"].count("\n") + 1 for value in values), default=1)
    spec["height"] = {"step": 12 + 14 * lines}
    return _drawn(spec, values)


def line(rows: Sequence[Row], *, share: bool) -> str:
    """Draw a line over months with the range as a band.

    Args:
        rows: ``month`` (as ``2018-01``), ``value``, ``lower``, ``upper``; a month that is withheld has no value.
        share: Whether the values are shares.
    """
    values = [{**row, "month": f"{row['month']}-01T00:00:00Z"} for row in rows]
    return _drawn(copy.deepcopy(_line(share)), values)


def heat(rows: Sequence[Row]) -> str:
    """Draw hours and weekdays as a field of darker and lighter squares.

    Args:
        rows: ``hour`` (0 to 23), ``weekday`` (as ``Mon``), ``value`` (null where withheld).
    """
    most = max((row["value"] for row in rows if row["value"] is not None), default=0) or 1
    values = [
        {**row, "depth": None if row["value"] is None else row["value"] / most} for row in rows
    ]
    return _drawn(copy.deepcopy(_heat()), values)


def curve(rows: Sequence[Row]) -> str:
    """Draw a curve of cumulative shares beside the line of perfect evenness.

    Args:
        rows: ``people`` and ``events``, both between 0 and 1, in order.
    """
    return _drawn(copy.deepcopy(_curve()), list(rows))


def areas(rows: Sequence[Row]) -> str:
    """Draw districts, the darker the greater the value.

    Args:
        rows: ``geometry`` (GeoJSON), ``label``, ``value`` (null where withheld or not there).
    """
    most = max((row["value"] for row in rows if row["value"] is not None), default=0) or 1
    values = [
        {
            "type": "Feature",
            "geometry": row["geometry"],
            "label": row["label"],
            "depth": None if row["value"] is None else row["value"] / most,
        }
        for row in rows
    ]
    return _drawn(copy.deepcopy(_areas()), values)


def _drawn(spec: dict[str, Any], values: Sequence[Row]) -> str:
    import vl_convert

    spec["data"] = {"values": list(values)}
    svg = str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    # The page says what the picture is and in which letters its texts are set.
    svg = re.sub(r' font-family="[^"]*"', "", svg)
    svg = re.sub(r' (?:aria-[a-z]+|role|class|xmlns(?::xlink)?|pointer-events)="[^"]*"', "", svg)
    return svg.replace("<svg ", '<svg focusable="false" aria-hidden="true" ', 1)


def _spec(chart: Any, **autosize: Any) -> dict[str, Any]:
    import altair as alt

    configured = (
        chart.properties(
            width=WIDTH,
            padding={"left": 2, "top": 6, "right": 10, "bottom": 4},
            autosize=alt.AutoSizeParams(**(autosize or {"type": "fit-x", "contains": "padding"})),
        )
        .configure(font="Arial", background="transparent", aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_INK, titleColor=_INK, labelFontSize=_TEXT, titleFontSize=_TEXT, titleFontWeight="normal",
            gridColor=_GRID, domainColor=_GRID, tickColor=_GRID, labelLimit=0,
        )
        .configure_text(font="Arial", fontSize=_TEXT, color=_INK)
    )  # fmt: skip
    return dict(configured.to_dict())


def _empty() -> Any:
    import altair as alt

    return alt.Chart({"values": []})


@cache
def _bars() -> dict[str, Any]:
    import altair as alt

    axis = alt.Axis(
        title=None, domain=False, ticks=False, labelPadding=6, labelLineHeight=14,
        labelExpr="split(datum.label, '\\n')",
    )  # fmt: skip
    base = _empty().encode(y=alt.Y("label:N", sort=None, axis=axis))
    place = alt.Scale(domain=[0, 1], zero=False, nice=False)
    bar = base.mark_bar(color=_BAR, height={"band": 0.62}).encode(
        x=alt.X("start:Q", axis=None, scale=place), x2="value:Q"
    )
    spread = base.transform_filter("datum.upper > datum.lower").encode(x="lower:Q", x2="upper:Q")
    ends = base.transform_filter("datum.upper > datum.lower").mark_tick(
        color=_INK, thickness=1.5, height={"band": 0.3}
    )  # fmt: skip
    number = base.mark_text(align="left", dx=6).encode(x="end:Q", text="text:N")
    return _spec(
        alt.layer(
            bar,
            spread.mark_rule(color=_INK, strokeWidth=1.5),
            ends.encode(x="lower:Q"),
            ends.encode(x="upper:Q"),
            number,
        )
    )


@cache
def _line(share: bool) -> dict[str, Any]:
    import altair as alt

    base = _empty().encode(
        x=alt.X(
            "month:T",
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(title=None, format="%b %y", tickCount=5, grid=False, labelFlush=True),
        )
    )
    form = "%" if share else ",d"
    up = alt.Y(
        "lower:Q",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(title=None, format=form, tickCount=4, tickMinStep=0.01 if share else 1),
    )
    band = base.mark_area(color=_BAND, opacity=1).encode(y=up, y2="upper:Q")
    middle = base.mark_line(color=_BAR, strokeWidth=2).encode(y="value:Q")
    dots = base.transform_filter("isValid(datum.value)").mark_point(
        color=_BAR, filled=True, size=24, opacity=1
    )
    gaps = base.transform_filter("!isValid(datum.value)").mark_point(
        shape="cross", color=_INK, size=22, opacity=1
    )
    return _spec(
        alt.layer(band, middle, dots.encode(y="value:Q"), gaps.encode(y=alt.datum(0))).properties(
            height=180
        )
    )


@cache
def _heat() -> dict[str, Any]:
    import altair as alt

    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    base = _empty().encode(
        x=alt.X(
            "weekday:N",
            sort=days,
            scale=alt.Scale(domain=days),
            axis=alt.Axis(title=None, orient="top", domain=False, ticks=False, labelAngle=0),
        ),
        y=alt.Y(
            "hour:O",
            scale=alt.Scale(domain=list(range(24))),
            axis=alt.Axis(
                title=None,
                domain=False,
                ticks=False,
                values=list(range(0, 24, 3)),
                labelExpr="pad(datum.label, 2, '0', 'left') + ':00'",
            ),
        ),
    )
    fields = (
        base.transform_filter("isValid(datum.depth)")
        .mark_rect(color=_BAR, stroke=_GRID, strokeWidth=0.5)
        .encode(
            fillOpacity=alt.FillOpacity(
                "depth:Q", scale=alt.Scale(domain=[0, 1], range=[0.02, 1]), legend=None
            )
        )
    )
    hidden = base.transform_filter("!isValid(datum.depth)").mark_point(
        color=_INK, filled=True, size=7, opacity=0.45
    )
    return _spec(alt.layer(fields, hidden).properties(height=24 * 15))


@cache
def _curve() -> dict[str, Any]:
    import altair as alt

    across = alt.X(
        "people:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(title="People, those with fewest first", format="%", tickCount=4),
    )
    up = alt.Y(
        "events:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(title="Their part of all", format="%", tickCount=4),
    )
    base = _empty()
    even = base.mark_line(color=_INK, strokeDash=[4, 4], strokeWidth=1).encode(
        x=across, y=alt.Y("people:Q")
    )
    found = base.mark_line(color=_BAR, strokeWidth=2.5).encode(x=across, y=up)
    return _spec(alt.layer(found, even).properties(height=300))


@cache
def _areas() -> dict[str, Any]:
    import altair as alt

    base = _empty()
    known = base.transform_filter("isValid(datum.depth)").mark_geoshape(
        fill=_BAR, stroke=_INK, strokeWidth=0.7
    )
    hidden = base.transform_filter("!isValid(datum.depth)").mark_geoshape(
        fill="transparent", stroke=_INK, strokeWidth=0.7, strokeDash=[3, 3]
    )
    shade = alt.FillOpacity("depth:Q", scale=alt.Scale(domain=[0, 1], range=[0.05, 1]), legend=None)
    layers = alt.layer(known.encode(fillOpacity=shade), hidden).project(
        type="identity", reflectY=True
    )
    return _spec(layers.properties(height=360), type="none")
