"""Small made-up figures, and a report of them."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import polars as pl

from ipvi_cli.model.evaluation import measured
from ipvi_cli.model.figure import CANNOT_BE_MADE, FIGURE_SCHEMA
from ipvi_cli.report import DEFINED, Facts, Report, build

DECLARED = (
    ("A04", "Undetermined by reason", "pairs", "share"),
    ("B08", "Intimate partner incidents", "incidents", "count"),
    ("B09", "Intimate partner share", "incidents", "share"),
    ("C11", "Ties of intimate partners", "pairs", "share"),
    ("C13", "Hour and weekday", "incidents", "count"),
    ("C14", "At home", "incidents", "share"),
    ("D08", "Gini", "offenders", "index"),
    ("Q01", "Something new", "things", "share"),
)
DEFINITIONS = pl.DataFrame(
    [
        (code, title, unit, "part / all", kind, "", "Made up")
        for code, title, unit, kind in DECLARED
    ],
    schema=dict.fromkeys(DEFINED, pl.String),
    orient="row",
)
FINDINGS = {"code": pl.String, "severity": pl.String, "title": pl.String, "count": pl.Int64}
_ABOUT = {code: (title, unit, kind) for code, title, unit, kind in DECLARED}


def _evaluated() -> pl.DataFrame:
    def one(
        part: str, measure: str, group: str, window: str, *numbers: float | None
    ) -> dict[str, Any]:
        names = ("numerator", "denominator", "value", "ci_lower", "ci_upper")
        named = {"part": part, "measure": measure, "group": group, "window": window}
        return named | dict(zip(names, numbers, strict=False))

    rows = [
        one("process", "delivered", "all", "", 167, 185, 0.903, 0.85, 0.94),
        one("recidivism", "ipv_arrest", "all", "6 months", 32, 147, 0.2177, 0.159, 0.291),
        one("recidivism", "ipv_report", "all", "6 months", 46, 147, 0.3129, 0.244, 0.392),
        one("recidivism", "injury", "all", "6 months"),
        one("harm", "injured", "before", "2 years", 100, 469, 0.2132, 0.18, 0.25),
        one("harm", "injured", "after", "2 years", 94, 467, 0.2013, 0.17, 0.24),
        one("harm", "injured", "difference", "2 years", None, None, -0.012, -0.06, 0.036),
        one("series", "ipv_incidents", "all", "change", 440, 500, -0.12, -0.2, -0.03),
        one("series", "ipv_incidents", "all", "step", None, None, -0.1, -0.2, 0.01),
        {"part": "refused", "measure": "order_violation", "note": "no orders were delivered"},
    ]  # fmt: skip
    hidden = pl.col("measure") == "injury"
    return measured(rows).with_columns(suppressed=hidden)


EVALUATED = _evaluated()
"""An evaluation of which one count is withheld."""


def row(figure_id: str, by: str = "total", group: str = "total", **more: Any) -> dict[str, Any]:
    """One row of a figure; what follows from its counts is worked out."""
    title, unit, kind = _ABOUT[figure_id]
    made: dict[str, Any] = dict.fromkeys(FIGURE_SCHEMA)
    made |= {
        "figure_id": figure_id,
        "title": title,
        "counting_unit": unit,
        "by": by,
        "group": group,
    }
    made |= {"suppressed": False, **more}
    part, of, doubt = made["numerator"], made["denominator"], made["undetermined"] or 0
    if part is not None and kind == "count":
        made |= {"value": float(part), "lower": float(part), "upper": float(part + doubt)}
    if part is not None and of and kind == "share":
        made |= {
            "value": part / (of - doubt) if of > doubt else None,
            "lower": part / of,
            "upper": (part + doubt) / of,
        }
    return made | more


def withheld(figure_id: str, by: str, group: str, **shown: Any) -> dict[str, Any]:
    return row(figure_id, by, group, suppressed=True, note="withheld", **shown)


def missing(figure_id: str, needs: str) -> dict[str, Any]:
    return row(figure_id, note=f"{CANNOT_BE_MADE}{needs}")


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FIGURE_SCHEMA)


def facts(**changed: Any) -> Facts:
    given: dict[str, Any] = {
        "jurisdiction": "Springfield",
        "period": (date(2019, 1, 1), date(2019, 12, 31)),
        "denominator": "domestic incidents",
        "version": "1.2.3",
        "complete": True,
        "failures": (),
        "read": 1000,
        "quarantined": 0,
        "findings": pl.DataFrame(schema=FINDINGS),
        "known_only": 0.10,
        "range_": 0.25,
        "threshold": 10,
    }
    return Facts(**(given | changed))


def share(partner: int, others: int, doubt: int) -> dict[str, Any]:
    """The headline's row."""
    return row("B09", numerator=partner, denominator=partner + others + doubt, undetermined=doubt)


def report(*rows: dict[str, Any], **changed: Any) -> Report:
    return build(frame(*rows), DEFINITIONS, facts(**changed))


def full() -> tuple[dict[str, Any], ...]:
    """Rows of every kind of chart, with something withheld in each."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = [f"2019-{month:02}" for month in range(1, 13)]
    return (
        share(120, 60, 20),
        row("B08", numerator=120, undetermined=20),
        *(
            row("B08", "month", m, numerator=20 + i, undetermined=i)
            for i, m in enumerate(months[:-2])
        ),
        *(withheld("B08", "month", m) for m in months[-2:]),
        row(
            "B08",
            "district",
            "A long name of a district that needs two lines",
            numerator=80,
            undetermined=9,
        ),
        row("B08", "district", "<b>B&2</b>", numerator=40, undetermined=0),
        withheld("B08", "district", "C3"),
        row("B08", "victim_sex", "F", numerator=100, undetermined=11),
        row("B08", "victim_sex", "M", numerator=20, undetermined=0),
        row("C11", "tie", "partner_unspecified", numerator=70, denominator=120),
        row("C11", "tie", "co_parent", numerator=50, denominator=120),
        *(
            row("C13", "hour/weekday", f"{hour:02}/{day}", numerator=11 + hour)
            for hour in range(12, 24)
            for day in days
        ),
        withheld("C13", "hour/weekday", "03/Sun"),
        row("A04", numerator=20, denominator=200),
        row("A04", "reason", "missing", numerator=20, denominator=200),
        row("Q01", "shoe_size", "7", numerator=20, denominator=50),
        row("Q01", "shoe_size", "12", numerator=30, denominator=50),
        row("D08", value=0.4),
    )


@cache
def full_report() -> Report:
    """The report of ``full``, for whoever only reads it."""
    return report(*full())
