"""Pictures of an evaluation as SVG, drawn offline, with what rests on small counts left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

_WIDTH: Final = 560
_HEIGHT: Final = 260
_BLUE: Final = "#1f5a8a"
_GREY: Final = "#6b6b6b"


def shown_counts(months: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Withhold monthly counts from 1 to the threshold; what is modelled from many months stays.

    Args:
        months: ``month``, ``count``, ``expected``, ``without``.
        threshold: Greatest count that is withheld.
    """
    small = pl.col("count").is_between(1, threshold)
    return months.with_columns(pl.when(~small).then("count").alias("count"))


def shown_steps(curve: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Leave out the steps of a survival curve that rest on small counts.

    Args:
        curve: ``CURVE_SCHEMA``.
        threshold: Greatest count that is withheld.

    Returns:
        ``time`` and ``survival`` from 0 on, only where more than ``threshold`` events came since the step shown before
        and more than ``threshold`` persons were still at risk.
    """
    times, shares = [0.0], [1.0]
    since = 0
    for row in curve.iter_rows(named=True):
        since += row["events"]
        if row["at_risk"] - row["events"] <= threshold:
            break
        if since > threshold:
            times.append(row["time"])
            shares.append(row["survival"])
            since = 0
    return pl.DataFrame({"time": times, "survival": shares})


def series_chart(months: pl.DataFrame, start: date, title: str, threshold: int) -> str:
    """Draw monthly counts, the model, and what the earlier course and season would have led to.

    Args:
        months: ``month``, ``count``, ``expected``, ``without``.
        start: When the intervention began.
        title: What is counted.
        threshold: Greatest count that is withheld.
    """
    import altair as alt

    shown = shown_counts(months, threshold).with_columns(
        pl.col("month").dt.strftime("%Y-%m-%dT00:00:00Z")
    )
    without = pl.when(pl.col("expected") != pl.col("without")).then("without")
    rows = shown.with_columns(without.alias("without")).to_dicts()
    x = alt.X("month:T", scale=alt.Scale(type="utc"), axis=alt.Axis(title=None, format="%b %Y"))
    y = alt.Y("expected:Q", axis=alt.Axis(title="a month"), scale=alt.Scale(zero=True))
    base = alt.Chart(_data(rows)).encode(x=x)
    points = base.transform_filter("isValid(datum.count)").mark_point(
        filled=True, size=22, color=_GREY, opacity=0.8
    )
    rule = alt.Chart(_data([{"start": f"{start.isoformat()}T00:00:00Z"}])).mark_rule(
        color=_GREY, strokeDash=[2, 3]
    )
    layers = alt.layer(
        base.mark_line(color=_BLUE, strokeWidth=2).encode(y=y),
        base.transform_filter("isValid(datum.without)")
        .mark_line(color=_BLUE, strokeDash=[5, 4], strokeWidth=1.5)
        .encode(y="without:Q"),
        points.encode(y="count:Q"),
        rule.encode(x=alt.X("start:T")),
    )
    words = ["points: counted; line: model; dashed: earlier course and season carried on"]
    if shown["count"].null_count():
        words = [*words, f"months with 1 to {threshold} are not shown as points"]
    return _drawn(layers, title, words)


def survival_chart(curves: Mapping[str, pl.DataFrame], title: str, threshold: int) -> str | None:
    """Draw the share without an outcome over the days since the notice, a line for each level.

    Args:
        curves: ``CURVE_SCHEMA`` by level.
        title: Which outcome.
        threshold: Greatest count on which a step may not rest.

    Returns:
        The picture; ``None`` where no step may be shown.
    """
    import altair as alt

    steps = {level: shown_steps(curve, threshold) for level, curve in curves.items()}
    rows = [
        {"level": level, **row}
        for level, frame in steps.items()
        if frame.height > 1
        for row in frame.iter_rows(named=True)
    ]
    if not rows:
        return None
    lines = (
        alt.Chart(_data(rows))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=alt.X("time:Q", axis=alt.Axis(title="days since the notice")),
            y=alt.Y(
                "survival:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=None, format="%")
            ),
            strokeDash=alt.StrokeDash("level:N", legend=alt.Legend(title="level")),
            color=alt.Color("level:N", legend=alt.Legend(title="level")),
        )
    )
    words = [f"each step rests on more than {threshold} outcomes and persons still at risk"]
    return _drawn(lines, title, words)


def _data(rows: list[dict[str, Any]]) -> Any:
    import altair as alt

    return alt.InlineData(values=rows)


def _drawn(chart: Any, title: str, words: list[str]) -> str:
    import altair as alt
    import vl_convert

    spec = (
        chart.properties(
            width=_WIDTH, height=_HEIGHT, background="white",
            title=alt.TitleParams(title, subtitle=words, anchor="start"),
        )
        .configure(font="Arial, Helvetica, sans-serif")
        .configure_view(stroke=None)
        .configure_title(fontSize=14, subtitleFontSize=11)
        .to_dict()
    )  # fmt: skip
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
