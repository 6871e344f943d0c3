"""What a report holds, before it becomes a page, a workbook or plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Boundaries:
    """Outlines of districts.

    Attributes:
        shapes: A GeoJSON geometry by the name of the district.
    """

    shapes: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Facts:
    """What is known of an audit besides its figures.

    Attributes:
        jurisdiction: Its name.
        period: First and last day; ``None`` where not declared.
        denominator: What the incidents of the denominator are, in words.
        version: Version of the tool.
        complete: Whether every source was read.
        failures: One line for each source that was not; file names may stand in them.
        read: Rows read.
        quarantined: Rows refused.
        findings: ``code``, ``severity``, ``title`` and ``count``, one row for each rule.
        known_only: Share undetermined up to which the share among known ties leads.
        range_: Share undetermined up to which the range leads.
        threshold: Counts from 1 to this are withheld.
        internal: Whether nothing is withheld, so that the report must stay inside.
        boundaries: Outlines of districts, if given.
        evaluation: Columns of ``EVALUATION_SCHEMA`` and ``suppressed``, as they may be shown; ``None`` without one.
    """

    jurisdiction: str
    period: tuple[date, date] | None
    denominator: str
    version: str
    complete: bool
    failures: tuple[str, ...]
    read: int
    quarantined: int
    findings: pl.DataFrame
    known_only: float
    range_: float
    threshold: int
    internal: bool = False
    boundaries: Boundaries | None = None
    evaluation: pl.DataFrame | None = None

    @property
    def days(self) -> str:
        """The period in words."""
        if self.period is None:
            return "period not declared"
        return f"{self.period[0]:%d %B %Y} to {self.period[1]:%d %B %Y}"


@dataclass(frozen=True)
class Table:
    """A table as it is shown.

    Attributes:
        caption: What it holds.
        headers: Header of each column.
        rows: Cells; the first ``keys`` of each row name it.
        keys: How many columns name a row.
        notes: What must be known with it.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A picture.

    Attributes:
        draw: Gives the drawing as SVG, whose colours are variables of the page; drawn only for a page.
        alt: What it shows, for those who do not see it.
        reading: How to read it.
    """

    draw: Callable[[], str]
    alt: str
    reading: str = ""


@dataclass(frozen=True)
class View:
    """A figure in one of its breakdowns.

    Attributes:
        key: Name in links, unique in the report.
        title: What is shown.
        table: The numbers.
        data: The same numbers, unrounded, to be downloaded.
        charts: Pictures of them.
    """

    key: str
    title: str
    table: Table
    data: pl.DataFrame
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Panel:
    """A figure in a section.

    Attributes:
        figure_id: Its code.
        key: Name in links.
        title: Its title.
        lead: Its total in a sentence.
        formula: What is divided by what, or what is counted.
        notes: What must be known with it.
        main: The breakdown that is shown first.
        more: Further breakdowns, as tables.
        elsewhere: Breakdowns that only the workbook holds.
    """

    figure_id: str
    key: str
    title: str
    lead: str
    formula: str
    notes: tuple[str, ...]
    main: View | None
    more: tuple[View, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """The answer to a question.

    Attributes:
        key: Name in links.
        title: The question.
        intro: What the section holds.
        overview: Every figure of the section in total; ``None`` where none could be made.
        panels: The figures one by one.
        missing: Figures that cannot be made, and what they need.
        numbers: All rows of the section, for the workbook.
    """

    key: str
    title: str
    intro: str
    overview: View | None
    panels: tuple[Panel, ...]
    missing: Table | None
    numbers: pl.DataFrame


@dataclass(frozen=True)
class Doubt:
    """Something to doubt, on the first page.

    Attributes:
        title: In a few words.
        text: In a sentence or two.
        items: Details.
        link: Section with more.
    """

    title: str
    text: str
    items: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Headline:
    """The answer on the first page.

    Attributes:
        big: The number, or the range.
        small: The range, or the number, beside it.
        text: What it means, with the denominator in words.
        more: What must be known with it.
        view: The incidents as a picture and a table.
    """

    big: str
    small: str
    text: str
    more: tuple[str, ...] = ()
    view: View | None = None


@dataclass(frozen=True)
class Report:
    """The whole report.

    Attributes:
        facts: What is known besides the figures.
        headline: The answer on the first page.
        doubts: What to doubt, the gravest first.
        sections: Answers by question.
        findings: What the checks found; ``None`` where they found nothing.
        definitions: Every figure as declared: ``id``, ``figure``, ``counts``, ``how it is made``,
            ``to be known with it`` and ``source``.
        glossary: Words of the report: ``kind``, ``word``, ``meaning`` and ``source``.
    """

    facts: Facts
    headline: Headline
    doubts: tuple[Doubt, ...]
    sections: tuple[Section, ...]
    findings: Table | None
    definitions: pl.DataFrame
    glossary: pl.DataFrame
