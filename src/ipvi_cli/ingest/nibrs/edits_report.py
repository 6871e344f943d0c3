"""Edits on all segments of a report together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs.edits_single import empty, has
from ipvi_cli.ingest.nibrs.edits_victim import beside_its_part
from ipvi_cli.ingest.nibrs.segments import LEVEL_NUMBERS, segment_schema
from ipvi_cli.model import nibrs_codes as codes

_WHOLE: Final = ("I", "R")
_NOBODY: Final = "00"
_RAPE: Final = "11A"
_JUSTIFIABLE: Final = "09C"
_UNKNOWN_TIES: Final = ("RU", "Relationship Unknown")
_CARGO: Final = (
    "120", "210", "220", "23D", "23F", "23H", "240", "26A", "26B", "26C", "26E", "270", "510",
)  # fmt: skip
"""Offences that may be cargo theft (edits 119 and 122; 23H is all other larceny)."""


@dataclass(frozen=True, eq=False)
class Found:
    """Segments that fail an edit on their report.

    Attributes:
        level: Level of the segments.
        code: Rule of the registry.
        number: The FBI's number of the edit.
        element: Column of the segment frame that it is about.
        said: What is wrong, without any value.
        rows: The segments, by ``place`` in the frame of their level.
    """

    level: str
    code: str
    number: str
    element: str
    said: str
    rows: pl.DataFrame


def report_edits(frames: Mapping[str, pl.DataFrame], damaged: pl.Series) -> Iterator[Found]:
    """Judge whole reports.

    Args:
        frames: Segment frames by level, each with ``place``, the number of its row.
        damaged: Numbers of reports that have lost a segment; nothing is said of these.

    Returns:
        What fails. Reports that change or add single segments are left out, for the rest of them is elsewhere.
    """
    admin = frames.get("incident")
    if admin is None or admin.is_empty():
        return
    whole = admin.filter(
        pl.col("action").is_in(_WHOLE) & ~pl.col("report").is_in(damaged.implode())
    )
    reports = whole["report"].implode()
    of = {
        level: (frames[level] if level in frames else _none(level)).filter(
            pl.col("report").is_in(reports)
        )
        for level in ("offense", "victim", "offender", "arrestee")
    }
    told = _told(whole, of)
    yield from _of_offenses(of["offense"], of["victim"], told)
    yield from _of_victims(of["victim"], of["offense"], told)
    yield from _of_ties(of["victim"], of["offender"])
    yield from _of_offenders(of["offender"], told)
    yield from _of_arrestees(of["arrestee"], told)
    yield from _of_incidents(whole, told)


def _none(level: str) -> pl.DataFrame:
    schema = {**segment_schema(level), "place": pl.UInt32()}
    return pl.DataFrame(schema=schema)


def _told(whole: pl.DataFrame, of: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Sum up each report: its offences, victims and offenders."""
    known = ~_unknown("age", "00") & ~_unknown("sex", "U") & ~_unknown("race", "U")
    numbered = pl.col("offender_number") != _NOBODY
    numbered_at_all = numbered.fill_null(True).any().alias("one_numbered")
    code = pl.col("offense_code")
    offenses = (
        of["offense"]
        .group_by("report")
        .agg(
            pl.len().alias("offenses"),
            (code == _JUSTIFIABLE).any().alias("justifiable"),
            code.is_in(codes.AGAINST_SOCIETY).all().alias("society"),
            code.is_in(_CARGO).any().alias("cargo"),
        )
    )
    offenders = (
        of["offender"]
        .group_by("report")
        .agg(
            pl.len().alias("offenders"),
            numbered_at_all,
            (numbered & known).any().alias("one_known"),
            pl.col("sex").filter(numbered).alias("offender_sexes"),
        )
    )
    victims = of["victim"].group_by("report").agg(pl.len().alias("victims"))
    told = whole.select("report", "clearance", "hour", "cargo_theft", "ori")
    for part in (offenses, offenders, victims):
        told = told.join(part, on="report", how="left")
    return told


def _unknown(column: str, code: str) -> pl.Expr:
    return pl.col(column).is_null() | (pl.col(column) == code)


def out_of_order(frames: Mapping[str, pl.DataFrame]) -> Iterator[Found]:
    """Find segments that stand behind one of a higher level of their incident (050).

    Args:
        frames: Segment frames by level, each with ``place``, the number of its row.
    """
    parts = [
        frame.select(
            "report", "source_row", "place", pl.lit(LEVEL_NUMBERS[level], pl.Int8).alias("level")
        )
        for level, frame in frames.items()
        if level not in ("zero", "group_b_arrest")
    ]
    if not parts:
        return
    together = pl.concat(parts).sort("report", "source_row", maintain_order=True)
    before = (pl.col("report").shift() == pl.col("report")) & (
        pl.col("source_row").shift() < pl.col("source_row")
    )
    late = together.filter(before & (pl.col("level").shift() > pl.col("level")))
    for (level,), rows in late.group_by("level", maintain_order=True):
        name = next(one for one, number in LEVEL_NUMBERS.items() if number == level)
        said = "stands behind a segment of a higher level"
        yield Found(name, "IPVI-156", "050", "", said, rows)


def _of_offenses(
    offense: pl.DataFrame, victim: pl.DataFrame, told: pl.DataFrame
) -> Iterator[Found]:
    connected = victim.select("report", offense_code="offense_codes").explode("offense_code")
    lone = offense.join(connected, on=["report", "offense_code"], how="anti")
    said = "is connected to no victim"
    yield Found("offense", "IPVI-529", "065", "offense_code", said, lone)
    several = offense.filter(pl.col("report").is_duplicated())
    again = several.filter(~pl.struct("report", "offense_code").is_first_distinct())
    said = "is the same as that of another segment"
    yield Found("offense", "IPVI-523", "262", "offense_code", said, again)
    many = several.filter(pl.int_range(pl.len()).over("report") >= 10)
    said = "is beyond the tenth of the incident"
    yield Found("offense", "IPVI-528", "263", "offense_code", said, many)
    justifiable = told.filter("justifiable")["report"]
    beside = several.filter(
        pl.col("report").is_in(justifiable.implode()) & (pl.col("offense_code") != _JUSTIFIABLE)
    )
    said = "stands beside a justifiable homicide"
    yield Found("offense", "IPVI-661", "266", "offense_code", said, beside)


def _of_victims(victim: pl.DataFrame, offense: pl.DataFrame, told: pl.DataFrame) -> Iterator[Found]:
    connected = victim.select("place", "report", offense_code="offense_codes").explode(
        "offense_code"
    )
    absent = (
        connected.drop_nulls("offense_code")
        .join(offense.select("report", "offense_code"), on=["report", "offense_code"], how="anti")
        .unique("place", maintain_order=True)
    )
    said = "holds an offence of which there is no segment"
    yield Found("victim", "IPVI-531", "466", "offense_codes", said, absent)
    several = victim.filter(pl.col("offense_codes").list.len() > 1).filter(beside_its_part())
    said = "holds an offence beside one that is part of it or that excludes it"
    yield Found("victim", "IPVI-656", "478", "offense_codes", said, several)
    rows = victim.join(told.drop("ori"), on="report", how="left", maintain_order="left")
    edits = (
        (
            "IPVI-532", "085", "offender_numbers", "names fewer than two of three or more offenders",
            (pl.col("offenders") >= 3)
            & has("offense_codes", (*codes.AGAINST_PERSONS, "120"))
            & (pl.col("offender_numbers").list.n_unique() < 2),
        ),
        (
            "IPVI-533", "080", "victim_type", "is of one of several victims of crimes against society",
            pl.col("society") & (pl.col("victims") > 1),
        ),
        (
            "IPVI-655", "480", "circumstances", "says another felony, and there is one offence and one victim",
            has("circumstances", ("08",)) & (pl.col("offenses") == 1) & (pl.col("victims") == 1),
        ),
        (
            "IPVI-658", "560", "sex", "is that of all offenders of a rape",
            has("offense_codes", (_RAPE,)) & pl.col("sex").is_in(["M", "F"])
            & (pl.col("offender_sexes").list.n_unique() == 1)
            & (pl.col("offender_sexes").list.first() == pl.col("sex")),
        ),
        (
            "IPVI-662", "490", "victim_type", "is an officer, and the incident has no hour",
            (pl.col("victim_type") == "L") & has("offense_codes", ("09A", "13A", "13B", "13C"))
            & pl.col("hour").is_null(),
        ),
    )  # fmt: skip
    flags = rows.select(bad.fill_null(False).alias(number) for _, number, _, _, bad in edits)
    for code, number, element, said, _ in edits:
        yield Found("victim", code, number, element, said, rows.filter(flags[number]))


def _of_ties(victim: pl.DataFrame, offender: pl.DataFrame) -> Iterator[Found]:
    """Find ties to offenders of whom neither age, sex nor race is known (472, 572)."""
    undescribed = _unknown("age", "00") & _unknown("sex", "U") & _unknown("race", "U")
    blank = offender.filter(undescribed & (pl.col("offender_number") != _NOBODY))
    said_at_all = pl.col("relationships").list.len() > 0
    ties = (
        victim.filter(said_at_all & pl.col("report").is_in(blank["report"].implode()))
        .select("place", "report", "offender_numbers", "relationships")
        .explode("offender_numbers", "relationships")
    )
    told = ties.filter(~pl.col("relationships").is_in(_UNKNOWN_TIES)).join(
        blank.select("report", offender_numbers="offender_number"),
        on=["report", "offender_numbers"],
        how="semi",
    )
    said = "is known although the offender's age, sex and race are not"
    rows = told.unique("place", maintain_order=True)
    yield Found("victim", "IPVI-654", "472", "relationships", said, rows)


def _of_offenders(offender: pl.DataFrame, told: pl.DataFrame) -> Iterator[Found]:
    rows = offender.join(
        told.select("report", "clearance", "one_known", "justifiable"),
        on="report",
        how="left",
        maintain_order="left",
    )
    cleared = pl.col("clearance").is_in(list("ABCDE"))
    nobody = pl.col("offender_number") == _NOBODY
    bad = cleared & nobody
    said = "is 00 in an incident that was cleared exceptionally"
    yield Found("offender", "IPVI-659", "557", "offender_number", said, rows.filter(bad))
    first = rows.filter(pl.col("report").is_first_distinct())
    bad = cleared & ~pl.col("one_known") & ~nobody
    said = "is one of offenders none of whom is known by age, sex and race, in an incident cleared exceptionally"
    yield Found("offender", "IPVI-659", "558", "offender_number", said, first.filter(bad))
    said = "is one of offenders of whom nothing is known, in a justifiable homicide"
    bad = pl.col("justifiable") & ~pl.col("one_known")
    yield Found("offender", "IPVI-661", "559", "offender_number", said, first.filter(bad))


def _of_arrestees(arrestee: pl.DataFrame, told: pl.DataFrame) -> Iterator[Found]:
    numbered = arrestee.drop_nulls("arrestee_number")
    again = numbered.filter(~pl.struct("report", "arrestee_number").is_first_distinct())
    said = "is the same as that of another arrestee"
    yield Found("arrestee", "IPVI-534", "661", "arrestee_number", said, again)
    nobody = told.filter(~pl.col("one_numbered"))["report"]
    rows = arrestee.filter(pl.col("report").is_in(nobody.implode()))
    said = "is of an arrest in an incident whose only offender is 00"
    yield Found("arrestee", "IPVI-526", "656", "arrestee_number", said, rows)
    justifiable = told.filter("justifiable")["report"]
    rows = arrestee.filter(pl.col("report").is_in(justifiable.implode()))
    said = "is of an arrest for an incident that is a justifiable homicide"
    yield Found("arrestee", "IPVI-661", "669", "arrestee_number", said, rows)


def _of_incidents(whole: pl.DataFrame, told: pl.DataFrame) -> Iterator[Found]:
    """Judge cargo theft: asked for (119) of agencies that report it at all, possible (122) with some offences."""
    rows = whole.join(
        told.select("report", "cargo"), on="report", how="left", maintain_order="left"
    )
    possible = pl.col("cargo")
    reports = pl.col("cargo_theft").is_not_null().any().over("ori")
    said = "is blank and the offence calls for it"
    bad = reports & possible & empty("incident", "cargo_theft")
    yield Found("incident", "IPVI-663", "119", "cargo_theft", said, rows.filter(bad))
    said = "is Y and no offence can be cargo theft"
    bad = (pl.col("cargo_theft") == "Y") & ~possible
    yield Found("incident", "IPVI-663", "122", "cargo_theft", said, rows.filter(bad))
