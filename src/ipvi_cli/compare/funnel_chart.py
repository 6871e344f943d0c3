"""A funnel plot as SVG, drawn offline."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from ipvi_cli.compare.funnel import limits

_POINTS: Final = 120
_INK: Final = "#222222"
_LINE: Final = "#1f6f8b"


def funnel_svg(rows: pl.DataFrame) -> str:
    """Draw the places of one figure with the limits around their pooled value.

    Args:
        rows: ``FUNNEL_SCHEMA`` of one figure.

    Returns:
        A whole SVG document.
    """
    import altair as alt
    import vl_convert

    kind, pooled, title = rows["kind"][0], rows["pooled"][0], rows["title"][0]
    share = kind == "share"
    across = alt.X(
        "size:Q",
        title="Those of whom it is known" if share else "Persons, added up over the years",
        scale=alt.Scale(zero=True, nice=True),
    )
    up = alt.Axis(format="%" if share else ",.1f", title=None)
    lines = alt.Chart({"values": _lines(max(rows["size"].to_list()), pooled, kind)})
    drawn = lines.mark_line(color=_LINE, strokeWidth=1.5).encode(
        x=across,
        y=alt.Y("value:Q", axis=up, scale=alt.Scale(zero=False)),
        detail="line:N",
        strokeDash=alt.StrokeDash(
            "limit:N",
            title=None,
            scale=alt.Scale(domain=["pooled", "95 %", "99.8 %"], range=[[1, 0], [5, 4], [2, 2]]),
        ),
    )
    places = alt.Chart({"values": rows.select("size", "value", "jurisdiction").to_dicts()}).encode(
        x=across, y="value:Q"
    )
    chart = alt.layer(
        drawn,
        places.mark_point(color=_INK, filled=True, size=45, opacity=1),
        places.mark_text(color=_INK, dy=-10, fontSize=11).encode(text="jurisdiction:N"),
    ).properties(
        width=520,
        height=340,
        title=title,
        padding={"left": 10, "right": 60, "top": 10, "bottom": 10},
    )
    spec = chart.configure(font="Arial", background="white").to_dict()
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


def _lines(most: float, pooled: float, kind: str) -> list[dict[str, Any]]:
    sizes = [most * 1.1 * (point + 1) / _POINTS for point in range(_POINTS)]
    if kind == "share":
        # A share of a part of a person has no limits.
        sizes = sorted({float(max(1, round(size))) for size in sizes})
    low, high, lowest, highest = limits(sizes, pooled, kind)
    named = {
        ("low", "95 %"): low, ("high", "95 %"): high, ("lowest", "99.8 %"): lowest, ("highest", "99.8 %"): highest,
        ("pooled", "pooled"): [pooled] * len(sizes),
    }  # fmt: skip
    return [
        {"line": line, "limit": limit, "size": size, "value": value}
        for (line, limit), values in named.items()
        for size, value in zip(sizes, values, strict=True)
    ]
