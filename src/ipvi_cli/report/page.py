"""A report as one self-contained page: nothing is fetched, nothing runs, every download lies in the page itself."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from importlib import resources

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ipvi_cli.report.content import Report
from ipvi_cli.report.tables import WITHHELD_LEGEND
from ipvi_cli.report.words import plural, sentence

Csv = Callable[[pl.DataFrame], bytes]
"""Writes a frame as CSV in which nothing runs as a formula."""


def page(report: Report, csv: Csv) -> str:
    """Write the page.

    Args:
        report: What it holds.
        csv: Writes the downloads.

    Returns:
        HTML; the same text for the same report.
    """
    text = (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            facts=report.facts,
            style=Markup(_style()),
            download=lambda data: _data_uri(csv(data)),
            withheld=WITHHELD_LEGEND,
        )
    )
    return f"{text.strip()}\n"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("ipvi_cli.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["drawing"] = Markup
    made.filters["sentence"] = sentence
    made.globals["plural"] = plural
    return made


@cache
def _style() -> str:
    return (resources.files("ipvi_cli.report") / "templates" / "report.css").read_text(
        encoding="utf-8"
    )


def _data_uri(content: bytes) -> str:
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(content).decode('ascii')}"
