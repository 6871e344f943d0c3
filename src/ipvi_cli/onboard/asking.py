"""The questions of a whole draft, the most telling first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from ipvi_cli.onboard.doubts import doubts
from ipvi_cli.onboard.guess import Column
from ipvi_cli.onboard.joins import AgencyGuess, Numbering
from ipvi_cli.onboard.questions import Question
from ipvi_cli.onboard.shape import Shape
from ipvi_cli.onboard.sources import Drafted, direction_of

DIRECTIONS: Final = ("victim_to_offender", "offender_to_victim", "symmetric", "undeclared")
"""Answers to the question whose tie to whom a column states."""

NO_INCIDENTS: Final = (
    "which file has a row for each incident? None here has, and an audit cannot be made without."
)
"""Question about a delivery of calls, arrests, charges or orders alone."""

_TIES: Final = r"(?i)\b(?:intimate|partner|spous|cohabit|dating|girlfriend|boyfriend|wife|husband)"


def open_questions(
    name: str,
    population: str,
    shapes: Sequence[Shape],
    sources: Sequence[Drafted],
    *,
    agencies: Sequence[AgencyGuess],
    matched: bool,
    how: Numbering,
) -> tuple[Question, ...]:
    """Collect what only the site can answer.

    Args:
        name: Name of the jurisdiction in the draft.
        population: Population in the draft.
        shapes: How files feed the canonical tables.
        sources: Sources of the draft.
        agencies: Agencies that the files name.
        matched: Whether identifiers and names of agencies were set beside each other.
        how: Drafted normalisation of incident numbers.

    Returns:
        The questions.
    """
    found = [
        Question("name", "what is the jurisdiction called?", "[jurisdiction] name", (), name, True),
        Question(
            "population",
            "do the files hold only domestic incidents (domestic), or everything (all)?",
            "[jurisdiction] population",
            ("domestic", "all"),
            population,
            True,
        ),
        Question(
            "period",
            "which first and last day does the extract cover (2019-01-01..2019-12-31)?",
            "[jurisdiction] period",
            asked_here=True,
        ),
    ]
    tables = {one.table for source in sources for one in source.shape.placed}
    if not agencies and "keys" in tables:
        text = "what is the agency's ORI or short name?"
        found.append(Question("agency", text, "[[agencies]]", (), "AGENCY", True))
        if any(
            one.candidate.concept == "agency" for source in sources for one in source.shape.placed
        ):
            text = "only some files name the agency; are incident numbers unique over all agencies?"
            found.append(Question("agency", text, "[[agencies]]"))
    elif len(agencies) > 1 and not matched:
        text = "do two of these words name the same agency?"
        found.append(Question("agency", text, "[[agencies]]"))
    if how.changes:
        text = "are numbers that become equal by these rules the same incident?"
        found.append(Question("number", text, "[incident_number]"))
    if shapes and not {"relationship", "tally"} & tables:
        found.append(Question("relationship", _where_ties(sources)))
    if sources and not {"incident", "tally"} & tables:
        found.append(Question("incident", NO_INCIDENTS))
    for source in sources:
        found += _of_columns(source)
    if not sources:
        text = "which files hold the incidents, and which column is their number?"
        found.append(Question("column", text))
        found += [
            Question(
                "column",
                f"looks like {candidate.concept.replace('_', ' ')}; {why}",
                _place(shape, column),
            )
            for shape in shapes
            for column, candidate, why in shape.open
        ]
    return tuple(found)


def _place(shape: Shape, column: Column) -> str:
    return f"{shape.file.file}: column '{column.name}'"


def _where_ties(sources: Sequence[Drafted]) -> str:
    """Ask for the relationship where no column states it, with what the words of offences say of it."""
    text = "where does it stand what victim and offender were to each other?"
    for source in sources:
        for one in source.shape.placed:
            if one.column != "offense_raw":
                continue
            words = one.source.values.counts.filter(pl.col("value").str.contains(_TIES))
            if words.height:
                text += (
                    f" {words.height} of the words in '{one.source.name}' ({words['count'].sum()} rows) name partners:"
                    " does the offence say it?"
                )
    return text


def _of_columns(source: Drafted) -> list[Question]:
    found: dict[tuple[str, str], Question] = {}
    for one in source.shape.placed:
        where = f"{source.name}: column '{one.source.name}'"
        for doubt in doubts(one, direction_of(one)):
            choices = DIRECTIONS if doubt.key == "direction" else ()
            asked = Question(doubt.key, doubt.text, where, choices, "", bool(choices))
            found.setdefault((where, doubt.text), asked)
    for column, _, why in source.shape.open:
        where = f"{source.name}: column '{column.name}'"
        found.setdefault((where, why), Question("column", why, where))
    return list(found.values())
