"""From the files of an unknown delivery to everything that a drafted profile needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Final

import polars as pl

from ipvi_cli.model.profile import Profile
from ipvi_cli.onboard.asking import open_questions
from ipvi_cli.onboard.delivered import Delivered, Vocabulary
from ipvi_cli.onboard.guess import find_lookups, is_lookup, read_columns
from ipvi_cli.onboard.guesses import guesses
from ipvi_cli.onboard.headers import words_of
from ipvi_cli.onboard.joins import AgencyGuess, Join, Numbering, agencies, find_joins, numbering
from ipvi_cli.onboard.layouts import Known, fit_layouts
from ipvi_cli.onboard.questions import Question
from ipvi_cli.onboard.shape import KEYED, Shape, shape_file
from ipvi_cli.onboard.sources import Drafted, draft_sources

_DETAIL: Final = ("person", "victim", "offender", "arrest", "charge", "offense", "relationship")
_DOMESTIC: Final = frozenset({"DOMESTIC", "DIR", "DIRS", "PARTNER", "DV", "VIF"})


@dataclass(frozen=True)
class Study:
    """What was found out about a delivery.

    Attributes:
        name: A name for the jurisdiction, until the site gives one.
        files: Every input that could be read.
        unread: Label and reason of those that could not.
        shapes: How files feed the canonical tables, those that feed none included.
        sources: Sources of the draft.
        lists: Names of the files that only say what codes stand for.
        found_joins: How the key columns of the files find each other.
        numbering: How incident numbers are made alike.
        agencies: Agencies that the files name.
        agencies_matched: Whether identifiers and names were set beside each other by the incidents that they share.
        observed: First and last date of occurrence or report.
        population: ``domestic`` or ``all``, as the draft has it.
        known: A layout that fits, if one does.
        questions: What only the site can answer.
    """

    name: str
    files: tuple[Delivered, ...]
    unread: tuple[tuple[str, str], ...]
    shapes: tuple[Shape, ...]
    sources: tuple[Drafted, ...]
    lists: tuple[str, ...]
    found_joins: tuple[Join, ...]
    numbering: Numbering
    agencies: tuple[AgencyGuess, ...]
    agencies_matched: bool
    observed: tuple[date, date] | None
    population: str
    known: Known | None
    questions: tuple[Question, ...]

    @property
    def agency_in_part(self) -> bool:
        """Whether only some of the files that name incidents name their agency, which then serves as the district."""
        return any(
            one.candidate.concept == "agency" and one.column == "district"
            for shape in self.shapes
            for one in shape.placed
        )

    @property
    def guesses(self) -> pl.DataFrame:
        """What each column looks like, ``GUESSES``."""
        return guesses(self.shapes)

    @property
    def inputs(self) -> pl.DataFrame:
        """The files as read: ``file``, ``format``, ``encoding``, ``delimiter``, ``header_row``, ``rows``, ``refused``,
        ``columns`` (their number) and ``feeds`` (canonical tables)."""
        fed = {name: source.shape.tables for source in self.sources for name in source.inputs}
        rows = [
            {
                "file": one.file,
                "format": one.form,
                "encoding": one.encoding or None,
                "delimiter": one.delimiter or None,
                "header_row": one.header_row or None,
                "rows": one.rows,
                "refused": one.refused,
                "columns": len(one.columns),
                "feeds": ", ".join(fed.get(one.file, ()))
                or ("codes" if one.file in self.lists else None),
            }
            for one in self.files
        ]
        texts = dict.fromkeys(("file", "format", "encoding", "delimiter", "feeds"), pl.String)
        whole = dict.fromkeys(("header_row", "rows", "refused", "columns"), pl.Int64)
        return pl.DataFrame(rows, schema_overrides={**texts, **whole})

    @property
    def joins(self) -> pl.DataFrame:
        """Key columns that find each other: ``file``, ``column``, ``other_file``, ``other_column``, and the ``share``
        of values found, as they stand and normalised (``share_normalised``)."""
        rows = [vars(one) for one in self.found_joins]
        types = {"share": pl.Float64, "share_normalised": pl.Float64}
        text = dict.fromkeys(("file", "column", "other_file", "other_column"), pl.String)
        return pl.DataFrame(rows, schema={**text, **types})

    @property
    def mapped(self) -> frozenset[str]:
        """Canonical columns that the draft maps, as ``table.column``."""
        return frozenset(
            f"{one.table}.{one.column}" for shape in self.shapes for one in shape.placed
        )


def study(
    name: str,
    files: Sequence[Delivered],
    *,
    vocabulary: Vocabulary,
    layouts: Sequence[tuple[str, str, Profile]] = (),
    unread: Sequence[tuple[str, str]] = (),
    demand: bool = False,
) -> Study:
    """Find out what the columns of a delivery look like.

    Args:
        name: A name for the jurisdiction, until the site gives one.
        files: The inputs.
        vocabulary: What words mean.
        layouts: Profiles that may fit: name, text, profile.
        unread: Label and reason of inputs that could not be read.
        demand: Whether the first of ``layouts`` is to be adapted even where it fits in part.

    Returns:
        Everything that the draft and the letter need.
    """
    given = tuple(files)
    lookups = find_lookups(given)
    weighed = [(file, read_columns(file, lookups, vocabulary)) for file in given]
    referred = {file.file for file in given if is_lookup(file)}
    shapes = [shape_file(file, columns) for file, columns in weighed if file.file not in referred]
    shapes = _together([_feasible(shape) for shape in shapes])
    how = numbering(
        [_cells(one, "incident_number") for one in shapes if one.get("keys", "incident_number")]
    )
    joins = find_joins([pair for pair in weighed if pair[0].file not in referred], shapes, how)
    shapes = [_known_persons(shape, shapes) for shape in shapes]
    shapes, found, matched = _agencies(shapes, how)
    population = _population(given)
    sources = draft_sources(shapes)
    draft = Study(
        name=name,
        files=given,
        unread=tuple(unread),
        shapes=tuple(shapes),
        sources=sources,
        lists=tuple(sorted(referred)),
        found_joins=joins,
        numbering=how,
        agencies=found,
        agencies_matched=matched,
        observed=_observed(shapes),
        population=population,
        known=fit_layouts(given, layouts, demand=demand, sources=sources),
        questions=(),
    )
    asked = open_questions(
        name, population, shapes, draft.sources, agencies=found, matched=matched, how=how
    )
    return replace(draft, questions=asked)


def _feasible(shape: Shape) -> Shape:
    """Leave out tables whose rows could not be told apart or put into an incident."""
    numbered = shape.get("keys", "incident_number") is not None
    persons = all(
        shape.get("relationship", f"{who}_person_number") for who in ("victim", "offender")
    )
    barred = set() if numbered else {*KEYED}
    if not numbered and not persons:
        barred.add("relationship")
    if shape.get("relationship", "relationship_raw") is None:
        barred.add("relationship")
    if shape.get("arrest", "arrested_on") is None and shape.get("arrest", "arrest_number") is None:
        barred.add("arrest")
    if shape.get("charge", "offense_raw") is None and shape.get("charge", "statute") is None:
        barred.add("charge")
    if shape.get("call", "received_on") is None and shape.get("call", "call_type_raw") is None:
        barred.add("call")
    placed = [one for one in shape.placed if one.table not in barred]
    if not any(one.table != "keys" for one in placed):
        placed = []
    return replace(shape, placed=tuple(placed))


def _together(shapes: list[Shape]) -> list[Shape]:
    """Let the file that holds the incidents alone say what is said once for an incident."""
    dated = [
        s for s in shapes if s.get("incident", "occurred_on") or s.get("incident", "reported_on")
    ]
    heads = [s for s in dated if s.subject not in _DETAIL] or dated
    settled = [
        shape
        if shape in heads or not heads or not _is_detail(shape, dated)
        else _without_incident(shape)
        for shape in shapes
    ]
    if not any("incident" in shape.tables for shape in settled):
        settled = [_incident_of_call(shape) for shape in settled]
    return [shape if "incident" in shape.tables else _unasked(shape) for shape in settled]


def _unasked(shape: Shape) -> Shape:
    """Ask for nothing of an incident where a file says nothing of incidents."""
    kept = tuple(one for one in shape.open if one[1].concept not in ("clearance", "dv_flag"))
    return replace(shape, open=kept)


def _is_detail(shape: Shape, dated: list[Shape]) -> bool:
    return shape.subject in _DETAIL or shape not in dated


def _without_incident(shape: Shape) -> Shape:
    placed = tuple(one for one in shape.placed if one.table != "incident")
    return replace(shape, placed=placed if any(one.table != "keys" for one in placed) else ())


def _incident_of_call(shape: Shape) -> Shape:
    """Let calls that carry an incident number stand for the incidents where nothing else does."""
    received = shape.get("call", "received_on")
    if received is None or shape.get("keys", "incident_number") is None:
        return shape
    doubt = "the time of the call; is there a file of incidents?"
    more = [replace(received, table="incident", column="reported_on", doubt=doubt)]
    district = shape.get("call", "district")
    if district is not None:
        more.append(replace(district, table="incident"))
    return replace(shape, placed=(*more, *shape.placed))


def _known_persons(shape: Shape, shapes: Sequence[Shape]) -> Shape:
    """Keep the person number of an arrest only where it is a number of the persons' file."""
    own = shape.get("arrest", "person_number")
    if own is None:
        return shape
    theirs = [
        other.file.cells[one.source.name]
        for other in shapes
        if other is not shape and (one := other.get("offender", "person_number")) is not None
    ]
    cells = shape.file.cells[own.source.name].drop_nulls().unique()
    if theirs and cells.len():
        shared = cells.is_in(pl.concat(theirs).unique().implode()).sum() / cells.len()
        if shared >= 0.5:
            return shape
    placed = tuple(one for one in shape.placed if one is not own)
    why = "is it the number of the same person in the persons' file? hardly any of its values stand there"
    return replace(shape, placed=placed, open=(*shape.open, (own.source, own.candidate, why)))


def _cells(shape: Shape, key: str) -> pl.Series:
    placed = shape.get("keys", key)
    assert placed is not None
    return shape.file.cells[placed.source.name]


def _agencies(
    shapes: list[Shape], how: Numbering
) -> tuple[list[Shape], tuple[AgencyGuess, ...], bool]:
    """Take the agency from the files only where every file that names incidents names it."""
    keyed = [s for s in shapes if s.get("keys", "incident_number") and s.placed]
    everywhere = all(s.get("keys", "agency") for s in keyed)
    found, matched = agencies([s for s in shapes if s.placed], how)
    if keyed and (everywhere or len(found) <= 1) and found:
        return shapes, found, matched
    return [_district_of_agency(shape) for shape in shapes], (), False


def _district_of_agency(shape: Shape) -> Shape:
    """Let an agency that only some files name serve as the place by which figures are broken down."""
    agency = shape.get("keys", "agency")
    if agency is None:
        return shape
    placed = [one for one in shape.placed if one is not agency]
    if "incident" in shape.tables and shape.get("incident", "district") is None:
        placed.append(replace(agency, table="incident", column="district"))
    return replace(shape, placed=tuple(placed))


def _population(files: Sequence[Delivered]) -> str:
    named = [set(words_of(PurePosixPath(file.file).name)) & _DOMESTIC for file in files]
    return "domestic" if named and sum(map(bool, named)) * 2 >= len(named) else "all"


def _observed(shapes: Sequence[Shape]) -> tuple[date, date] | None:
    for table, column in (
        ("incident", "occurred_on"),
        ("incident", "reported_on"),
        ("call", "received_on"),
    ):
        seen = [
            days
            for shape in shapes
            for one in shape.placed
            if (one.table, one.column) == (table, column)
            and (days := one.source.values.observed_dates())
        ]
        if seen:
            return min(first for first, _ in seen), max(last for _, last in seen)
    return None
