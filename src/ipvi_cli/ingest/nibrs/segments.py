"""The segments of a NIBRS submission, declared once for the flat file, the XML and the published bundles.

A reader of any of these formats gives one frame a level, with the key columns and a text column for each data
element, as written; ``canonical`` makes canonical rows of them. Names and numbers of the data elements are those of
the FBI NIBRS Technical Specification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA
from ipvi_cli.model.finding import PROBLEM_SCHEMA


@dataclass(frozen=True)
class Element:
    """One data element of a segment.

    Attributes:
        name: Column of the segment frame.
        number: Number of the data element in the specification; empty where it has none.
        title: What it says.
        slots: How often it may be given in one segment; more than one: the column is a list.
        column: Canonical ``table.column`` that it goes to; empty: read for the edits, or not at all.
    """

    name: str
    number: str
    title: str
    slots: int = 1
    column: str = ""

    @property
    def dtype(self) -> pl.DataType:
        """Type of its column: text, or a list of text in which blank slots are left out."""
        return pl.String() if self.slots == 1 else pl.List(pl.String())


KEYS: Final[dict[str, pl.DataType]] = {
    "source_file": pl.String(),
    "source_row": pl.Int64(),
    "row_fate": pl.String(),
    "report": pl.Int64(),
    "action": pl.String(),
    "submission_month": pl.String(),
    "submission_year": pl.String(),
    "ori": pl.String(),
    "incident_number": pl.String(),
}
"""Key columns of every segment frame.

``source_row`` is the segment number as the FBI counts (blank lines are not counted; an item number or a line where the
format has no segments); ``report`` is the number of the report in its input, from 0, and ties its segments together;
``action`` is I, A, M, D, R or W; ``row_fate`` is ``new`` until ``actions.play`` says otherwise; ``incident_number`` is
null in zero reports and Group B arrests."""

_PERSON: Final = {
    "age": "Age: whole years, a range of four digits, NN, NB, BB, 00 or 99",
    "sex": "Sex",
    "race": "Race",
    "ethnicity": "Ethnicity",
}


def _person(table: str, numbers: tuple[str, str, str, str]) -> tuple[Element, ...]:
    kept = {"age": "age_years", "sex": "sex", "race": "race"}
    return tuple(
        Element(name, number, title, column=f"{table}.{kept[name]}" if name in kept else "")
        for (name, title), number in zip(_PERSON.items(), numbers, strict=True)
    )


def _arrest(*, group_a: bool) -> tuple[Element, ...]:
    multiple = (Element("multiple_arrests", "44", "Multiple arrestee segments indicator"),)
    return (
        Element("arrestee_number", "40", "Arrestee sequence number"),
        Element("arrest_number", "41", "Arrest transaction number", column="arrest.arrest_number"),
        Element("arrested_on", "42", "Arrest date, YYYYMMDD", column="arrest.arrested_on"),
        Element("arrest_type", "43", "Type of arrest", column="arrest.arrest_type"),
        *(multiple if group_a else ()),
        Element("offense_code", "45", "UCR arrest offence code", column="arrest.offense_code"),
        Element("armed_with", "46", "Arrestee was armed with, A behind it: automatic", 2),
        *_person("arrest", ("47", "48", "49", "50")),
        Element("resident", "51", "Resident status of the arrestee"),
        Element("juvenile_disposition", "52", "Disposition of an arrestee under 18"),
    )


LEVELS: Final[dict[str, tuple[Element, ...]]] = {
    "zero": (
        Element("report_month", "", "Month without incidents, MM"),
        Element("report_year", "", "Year without incidents, YYYY"),
    ),
    "incident": (
        Element("occurred_on", "3", "Incident date, YYYYMMDD", column="incident.occurred_on"),
        Element("report_date", "3", "R where the date is that of the report"),
        Element("hour", "3", "Incident hour, 00 to 23", column="incident.occurred_time"),
        Element("clearance", "4", "Cleared exceptionally", column="incident.clearance"),
        Element("cleared_on", "5", "Exceptional clearance date", column="incident.cleared_on"),
        Element("cargo_theft", "2A", "Cargo theft"),
    ),
    "offense": (
        Element("offense_code", "6", "UCR offence code", column="offense.offense_code"),
        Element("attempted", "7", "A attempted, C completed", column="offense.attempted"),
        Element("suspected_use", "8", "Offender suspected of using", 3, "offense.suspected_use"),
        Element("bias", "8A", "Bias motivation", 5),
        Element("location", "9", "Location type", column="offense.location_code"),
        Element("premises", "10", "Number of premises entered"),
        Element("entry", "11", "Method of entry"),
        Element("activities", "12", "Type of criminal activity or gang information", 3),
        Element(
            "weapons",
            "13",
            "Type of weapon or force involved, A behind it: automatic",
            3,
            "offense.weapon_codes",
        ),
    ),
    "property": (Element("loss_type", "14", "Type of property loss"),),
    "victim": (
        Element("victim_number", "23", "Victim sequence number", column="victim.victim_number"),
        Element("offense_codes", "24", "Victim connected to UCR offence codes", 10),
        Element("victim_type", "25", "Type of victim", column="victim.victim_type"),
        Element("officer_activity", "25A", "Type of officer activity or circumstance"),
        Element("officer_assignment", "25B", "Officer assignment type"),
        Element("officer_ori", "25C", "Officer's other jurisdiction"),
        *_person("victim", ("26", "27", "28", "29")),
        Element("resident", "30", "Resident status of the victim"),
        Element(
            "circumstances",
            "31",
            "Aggravated assault or homicide circumstances",
            2,
            "victim.circumstance_codes",
        ),
        Element("justifiable", "32", "Additional justifiable homicide circumstances"),
        Element("injuries", "33", "Type of injury", 5, "victim.injury_codes"),
        Element(
            "offender_numbers",
            "34",
            "Offender numbers to be related; as long as relationships, null where not given",
            10,
            "relationship.offender_number",
        ),
        Element(
            "relationships",
            "35",
            "Relationships of the victim to these offenders",
            10,
            "relationship.relationship_raw",
        ),
    ),
    "offender": (
        Element(
            "offender_number",
            "36",
            "Offender sequence number; 00: nothing is known",
            column="offender.offender_number",
        ),
        *_person("offender", ("37", "38", "39", "39A")),
    ),
    "arrestee": _arrest(group_a=True),
    "group_b_arrest": _arrest(group_a=False),
}
"""Data elements of each level by its name, in the order of the levels 0 to 7."""

LEVEL_NUMBERS: Final = {name: number for number, name in enumerate(LEVELS)}

Segments = Mapping[str, pl.DataFrame]
"""Segment frames by level, ``segment_schema`` each; a level without segments may be absent. Whole reports only."""


@dataclass(frozen=True)
class Account:
    """What was read of one input: ``rows_read`` = accepted + quarantined.

    Attributes:
        file: Name of the input as in the manifest.
        rows_read: Its segments (reports, rows).
        lines_skipped: Its blank lines.
        quarantine: Refused segments, ``QUARANTINE_SCHEMA``.
        fates: Accepted rows that are no segments of their own, by fate: they add to one, or repeat one.
    """

    file: str
    rows_read: int
    lines_skipped: int
    quarantine: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=QUARANTINE_SCHEMA))
    fates: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What was read of one file, or of one bundle of files, without losing a segment.

    Attributes:
        inputs: The account of each of its files.
        reports: ``actions.REPORTS`` of its reports, in order; ``actions.summarise`` makes them of segment frames.
        batches: Gives the accepted segments anew each time it is called, in batches of whole reports, in order;
            ``report`` counts on from 0 through all of them.
        taken_for: What the file was taken for and why, in words that follow "read as".
        agencies: ORIs, sorted.
        problems: What was noticed, ``PROBLEM_SCHEMA``; the incident concerned is named where it is known.
        segments: Each segment is a row of the input; elsewhere a row may hold several.
        published: The FBI has accepted and published it, and left elements out.
    """

    inputs: tuple[Account, ...]
    reports: pl.DataFrame
    batches: Callable[[], Iterator[Segments]]
    taken_for: str
    agencies: tuple[str, ...] = ()
    problems: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROBLEM_SCHEMA))
    segments: bool = False
    published: bool = False


def segment_schema(level: str) -> dict[str, pl.DataType]:
    """Give the columns of the frame of a level: the keys, then its data elements."""
    return {**KEYS, **{element.name: element.dtype for element in LEVELS[level]}}
