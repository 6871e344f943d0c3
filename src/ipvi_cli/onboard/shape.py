"""How the rows of a file feed the canonical tables: which column goes where, and under which condition."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from ipvi_cli.model.profile_sources import MAPPED_KEYS, mappable_columns
from ipvi_cli.model.tables import TALLY_MEASURES
from ipvi_cli.onboard.delivered import Delivered
from ipvi_cli.onboard.guess import Candidate, Column
from ipvi_cli.onboard.headers import subject_of
from ipvi_cli.onboard.values import COMMON, Fit

KEYED: Final = ("incident", "offense", "victim", "offender")
"""Tables whose rows need an incident number."""

PERSON: Final[dict[str, str]] = {
    "age": "age_years", "sex": "sex", "race": "race", "birth_date": "birth_date", "name": "name",
    "first_name": "name", "last_name": "name", "person_number": "person_number", "phone": "phone",
    "address": "address", "injury": "injury_raw", "victim_type": "victim_type",
}  # fmt: skip

_INCIDENT: Final[dict[str, str]] = {
    "occurred_on": "occurred_on", "occurred_time": "occurred_time", "reported_on": "reported_on",
    "district": "district", "dv_flag": "dv_flag", "clearance": "clearance", "cleared_on": "cleared_on",
    "address": "address", "narrative": "narrative", "children_present": "children_present",
    "strangulation": "strangulation",
}  # fmt: skip
_OFFENSE: Final = {
    "offense": "offense_raw",
    "statute": "statute",
    "attempted": "attempted",
    "weapon": "weapon_raw",
}
_ARREST: Final = {
    "arrested_on": "arrested_on",
    "arrest_type": "arrest_type",
    "arrest_number": "arrest_number",
}
_CHARGE: Final = {
    "charge": "offense_raw", "charged_on": "charged_on", "disposition": "disposition_raw",
    "disposed_on": "disposed_on",
}  # fmt: skip
_CALL: Final = {
    "call_type": "call_type_raw", "call_number": "call_number", "received_on": "received_on",
    "received_time": "received_time", "event_date": "received_on", "district": "district", "address": "address",
    "dispatched_on": "dispatched_on", "call_cleared_on": "cleared_on", "cleared_on": "cleared_on",
}  # fmt: skip
_ORDER: Final = {
    name: name
    for name in (
        "order_number",
        "order_type",
        "issued_on",
        "served_on",
        "expires_on",
        "violated_on",
    )
} | {"relationship": "relationship_raw"}
_SIDES: Final = ("protected", "respondent")
_TALLY: Final = {
    "year": "year",
    "borough": "borough",
    "tally_district": "district",
    "district": "district",
}

_DOMESTIC: Final = r"(?i)\bdomestic\b|\bdv\b"

_MANY: Final = re.compile(r"(?i)(?:victim|offender|suspect|perp)s(?![a-z])")
"""Several persons: how many they are, and not which of them."""
_MOST_GROUPS: Final = 32

GROUPED: Final = frozenset(
    {"offense", "weapon", "injury", "charge", "statute", "relationship", *PERSON}
)
"""Concepts that may stand in a row several times, as ``Victim 1 Age`` and ``Victim 2 Age``."""

_DATED: Final = {
    ("incident", "occurred_on"): "occurred_time",
    ("call", "received_on"): "received_time",
    ("call", "dispatched_on"): "dispatched_time",
    ("call", "cleared_on"): "cleared_time",
}
_TELLING: Final = 2
"""So many different columns about charges make a file one of charges."""
_NUMBERED: Final = 0.9
_HINT: Final = 0.5
_TIMED: Final = 0.3
"""Share of stamps with a time of day from which they feed the time too."""


@dataclass(frozen=True)
class Target:
    """Where a column may go."""

    table: str
    column: str


@dataclass(frozen=True)
class Placed:
    """A source column set against a canonical one.

    Attributes:
        table: Canonical table; ``keys`` for what all tables of the source share.
        column: Canonical column.
        source: The column.
        candidate: Why.
        doubt: What is to be asked about it; empty when nothing is.
        others: Further columns that look the same.
        repeat: How many columns of this kind stand in a row.
        joined: Columns that are joined to one, as first and last names.
    """

    table: str
    column: str
    source: Column
    candidate: Candidate
    doubt: str = ""
    others: tuple[str, ...] = ()
    repeat: int = 1
    joined: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The source column as a profile writes it."""
        return self.source.header.template if self.repeat > 1 else self.source.name


@dataclass(frozen=True)
class Shape:
    """How one file feeds the canonical tables.

    Attributes:
        file: The file.
        columns: Its columns with their candidates.
        subject: What its rows are, by its name.
        placed: Mapped columns.
        open: Columns that are to be asked about, with the question.
        role: Column that says which person a row is of.
        arrest_flag: Column that says whether there was an arrest.
    """

    file: Delivered
    columns: tuple[Column, ...]
    subject: str | None
    placed: tuple[Placed, ...] = ()
    open: tuple[tuple[Column, Candidate, str], ...] = ()
    role: Column | None = None
    arrest_flag: Column | None = None

    def get(self, table: str, column: str) -> Placed | None:
        """Find what is mapped to a canonical column."""
        return next(
            (one for one in self.placed if (one.table, one.column) == (table, column)), None
        )

    @property
    def tables(self) -> tuple[str, ...]:
        """The canonical tables that are fed, in the order in which their columns stand."""
        return tuple(dict.fromkeys(one.table for one in self.placed if one.table != "keys"))


def shape_file(file: Delivered, columns: tuple[Column, ...]) -> Shape:
    """Decide how a file feeds the canonical tables.

    Args:
        file: The file.
        columns: Its columns, weighed.

    Returns:
        The shape, before the other files are looked at.
    """
    subject = subject_of(file.file)
    concepts = Counter(
        one.concept for column in columns for one in column.candidates[:1] if one.sure
    )
    tally = sum(concepts[name] for name in TALLY_MEASURES) >= 2
    if subject == "call" and (
        concepts["occurred_on"] or not (concepts["call_type"] + concepts["received_on"])
    ):
        subject = "incident"
    elif subject != "call" and not concepts["occurred_on"] and not concepts["event_date"]:
        subject = "call" if concepts["call_type"] and concepts["received_on"] else subject
    subject = _by_content(subject, concepts)
    role = _role_column(columns)
    shape = Shape(file, columns, "tally" if tally else subject, role=role)
    relation = bool(concepts["relationship"]) and not (concepts["age"] or concepts["sex"])
    wanted: dict[tuple[str, str], list[Placed]] = {}
    empty: dict[tuple[str, str], list[Placed]] = {}
    doubts: list[tuple[Column, Candidate, str]] = []
    for column in columns:
        if column is role or column.name.endswith(("__2", "__3")):
            continue
        candidate, targets = _first(column, shape, relation=relation)
        if candidate is None:
            continue
        if column.values.empty and column.header.template:
            for target in targets:
                rival = Placed(target.table, target.column, column, candidate)
                empty.setdefault((target.table, target.column), []).append(rival)
        if not targets or not candidate.sure:
            doubts.append((column, candidate, _why(candidate, targets)))
            continue
        doubt = _complaint(column, role) or _more(candidate, column, columns, role)
        for target in targets:
            rival = Placed(target.table, target.column, column, candidate, doubt)
            wanted.setdefault((target.table, target.column), []).append(rival)
    for place, rivals in wanted.items():
        templates = {one.source.header.template for one in rivals}
        rivals += [one for one in empty.get(place, []) if one.source.header.template in templates]
    placed = [one for rivals in wanted.values() for one in _settle(rivals)]
    placed = _timed(placed)
    placed = [*_likely_number(columns, placed, subject), *placed]
    flag = next(
        (
            c
            for c in columns
            for one in c.candidates[:1]
            if one.concept == "arrest_flag" and one.sure
        ),
        None,
    )
    taken = {(one.table, one.column) for one in placed}
    doubts = [
        (column, candidate, why)
        for column, candidate, why in doubts
        if not {
            (t.table, t.column)
            for t in _targets(candidate.concept, column, shape, relation=relation)
        }
        & taken
    ]
    if ("incident", "dv_flag") not in taken and subject not in ("call", "tally"):
        doubts += _flags(columns, placed, {column.name for column, _, _ in doubts})
    return replace(shape, placed=tuple(placed), open=tuple(doubts), arrest_flag=flag)


def _by_content(subject: str | None, concepts: Counter[str]) -> str | None:
    """Take a file of charges or arrests for one where its name says nothing better than its columns."""
    if subject not in (None, "incident", "offense"):
        return subject
    if any(concepts[name] for name in ("occurred_on", "reported_on", "event_date", "relationship")):
        return subject
    charges = ("charge", "charged_on", "disposition", "disposed_on")
    if sum(bool(concepts[name]) for name in charges) >= _TELLING:
        return "charge"
    if concepts["arrest_number"] and concepts["arrested_on"]:
        return "arrest"
    return subject


def _likely_number(
    columns: tuple[Column, ...], placed: list[Placed], subject: str | None
) -> list[Placed]:
    """Take the one column of numbers that hardly ever repeat for the incident's, asking, where no header names it."""
    if subject not in (None, "incident") or any(one.table == "keys" for one in placed):
        return []
    if not any(one.column in ("occurred_on", "reported_on") for one in placed):
        return []
    taken = {one.source.name for one in placed}
    likely = [
        column
        for column in columns
        if column.name not in taken
        and column.values.near_unique
        and not column.header.roles
        and column.values.type in ("code", "whole number", "words")
        and column.values.matching(r"\d") >= _NUMBERED
        and not any(one.sure for one in column.candidates)
    ]
    if len(likely) != 1:
        return []
    fit = Fit(1.0, "hardly any value occurs twice")
    candidate = Candidate("incident_number", _HINT, 0.0, 0, fit)
    why = "is it the number of the incident? its header does not say so, and no other column looks like one"
    return [Placed("keys", "incident_number", likely[0], candidate, why)]


def _flags(
    columns: tuple[Column, ...], placed: list[Placed], asked: set[str]
) -> list[tuple[Column, Candidate, str]]:
    """Find columns of which some values speak of domestic violence, where no column flags it."""
    private = {one.source.name for one in placed if one.column in ("narrative", "name", "address")}
    found = []
    for column in columns:
        rows = column.values.counts.filter(pl.col("value").str.contains(_DOMESTIC))["count"].sum()
        if rows >= COMMON and column.name not in private | asked:
            fit = Fit(
                float(rows / max(column.values.looked_at, 1)),
                f"{rows} cells speak of domestic violence",
            )
            candidate = Candidate("dv_flag", 0.0, 0.0, 0, fit)
            found.append((column, candidate, "do they flag the incident as domestic?"))
    return found


def _role_column(columns: tuple[Column, ...]) -> Column | None:
    found = [
        (candidate.score, column)
        for column in columns
        for candidate in column.candidates
        if candidate.concept == "role"
        and candidate.score >= 0.65
        and not candidate.contradicted
        and not column.values.empty
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _first(
    column: Column, shape: Shape, *, relation: bool
) -> tuple[Candidate | None, tuple[Target, ...]]:
    """Take the surest concept that the file has room for."""
    for candidate in column.candidates:
        if candidate.concept == "role":
            continue
        targets = _targets(candidate.concept, column, shape, relation=relation)
        if targets and (
            candidate.sure or candidate.weight >= 1 or not candidate.weight or _words(candidate)
        ):
            return candidate, targets
        if candidate.concept in PERSON and candidate.sure and _bare(column, shape, candidate):
            return candidate, ()
    return None, ()


def _words(candidate: Candidate) -> bool:
    """Say whether a column of few words may hold the clearance, which only its words can tell."""
    return candidate.concept == "clearance" and not candidate.contradicted


def _bare(column: Column, shape: Shape, candidate: Candidate) -> bool:
    """Say whether a column is about a person of whom nothing says who it is."""
    if candidate.weight < 1 and candidate.concept not in ("sex", "race", "age", "birth_date"):
        return False
    return (
        not column.header.roles
        and shape.subject not in ("call", "tally")
        and column.values.type != "code"
    )


def _targets(concept: str, column: Column, shape: Shape, *, relation: bool) -> tuple[Target, ...]:
    found = _wanted(concept, column, shape, relation=relation)
    return tuple(
        Target(table, name)
        for table, name in found
        if (table == "keys" and name in MAPPED_KEYS)
        or (table != "keys" and name in mappable_columns(table))
    )


def _wanted(concept: str, column: Column, shape: Shape, *, relation: bool) -> list[tuple[str, str]]:
    roles, subject = column.header.roles, shape.subject
    if column.header.number is not None and column.header.number > 1 and concept not in GROUPED:
        return []
    if subject == "tally":
        name = concept if concept in TALLY_MEASURES else _TALLY.get(concept)
        return [("tally", name)] if name else []
    if concept in TALLY_MEASURES or concept in ("year", "borough", "tally_district"):
        return []
    if concept in MAPPED_KEYS:
        return [("keys", concept)] if not roles else []
    if subject == "order" or (roles and roles[0] in _SIDES):
        return _of_order(concept, roles, subject)
    if concept in _ORDER and concept != "relationship":
        return []
    if concept == "relationship":
        return [("relationship", "relationship_raw")]
    if concept == "child_in_common":
        return [("relationship", "child_in_common")]
    if concept == "sequence":
        return [] if _MANY.search(column.header.name) else _numbered(roles, relation=relation)
    if relation and concept == "person_number" and roles[:1] in (("victim",), ("offender",)):
        return [("relationship", f"{roles[0]}_person_number")]
    if "witness" in roles or ("complainant" in roles and concept not in PERSON):
        return []
    if subject == "call" and not roles:
        if concept == "clearance":
            return [("incident", "clearance")]
        name = _CALL.get(concept)
        return [("call", name)] if name else []
    if concept in _ARREST:
        return [
            (
                "charge" if concept == "arrest_number" and subject == "charge" else "arrest",
                _ARREST[concept],
            )
        ]
    if concept in _CHARGE:
        return (
            [("charge", _CHARGE[concept])]
            if subject in ("charge", "arrest") or concept != "disposition"
            else []
        )
    if concept in _OFFENSE:
        table = "charge" if subject in ("arrest", "charge") or "arrest" in roles else "offense"
        return [(table, _OFFENSE[concept])] if not {"victim", "offender"} & set(roles) else []
    if concept == "event_date":
        table, name = {"arrest": ("arrest", "arrested_on"), "charge": ("charge", "charged_on")}.get(
            str(subject), ("incident", "occurred_on")
        )
        return [(table, name)] if not roles else []
    persons = _persons(concept, roles, shape)
    if persons is not None:
        return persons
    return [("incident", _INCIDENT[concept])] if concept in _INCIDENT and not roles else []


def _of_order(concept: str, roles: tuple[str, ...], subject: str | None) -> list[tuple[str, str]]:
    """Say what a column of a file of protective orders is; of any other file the sides of an order are nobody."""
    if subject != "order":
        return []
    if roles and roles[0] in _SIDES:
        return [("order", f"{roles[0]}_{PERSON.get(concept, concept)}")]
    return [("order", _ORDER[concept])] if concept in _ORDER and not roles else []


def _numbered(roles: tuple[str, ...], *, relation: bool) -> list[tuple[str, str]]:
    who = roles[0] if roles else ""
    if who not in ("victim", "offender"):
        return []
    return [("relationship" if relation else who, f"{who}_number")]


def _persons(concept: str, roles: tuple[str, ...], shape: Shape) -> list[tuple[str, str]] | None:
    """Say of which persons a column is; ``None`` when it is of none."""
    name = PERSON.get(concept)
    if name is None:
        return None
    who = roles[0] if roles else None
    if who in ("victim", "offender", "arrest"):
        return [(who, name)]
    if concept in ("injury", "victim_type"):
        return [("victim", name)]
    if shape.role is not None and (concept != "address" or who or shape.subject == "person"):
        return [
            (table, name)
            for table in ("victim", "offender")
            if shape.role.values.role_values(table)
        ]
    if who == "complainant":
        return [("victim", name)]
    if shape.subject in ("victim", "offender", "arrest"):
        return [(shape.subject, name)]
    if shape.subject == "charge" and concept == "person_number":
        return [("charge", name)]
    return None if concept == "address" else []


def _why(candidate: Candidate, targets: tuple[Target, ...]) -> str:
    if not targets:
        return "whose is it: the victim's or the suspect's?"
    if candidate.fit.share is None:
        return "the column is empty; is it ever filled in?"
    if candidate.contradicted:
        return "the header says so, but the values do not look like it; what does it hold?"
    if not candidate.weight:
        return "the values look like it, but the header does not say so; is it?"
    return "header and values are not clear enough; is it?"


def _complaint(column: Column, role: Column | None) -> str:
    if "complainant" in column.header.roles and role is None:
        return "is the complainant always the victim?"
    return ""


def _more(
    candidate: Candidate, column: Column, columns: tuple[Column, ...], role: Column | None
) -> str:
    """Ask when the header has words that may make another thing of it, unless nothing else can be meant."""
    if not candidate.more or candidate.lookup is not None:
        return ""
    alone = [
        one
        for other in columns
        for one in other.candidates
        if one.concept == candidate.concept and not one.contradicted and other is not column
    ]
    if candidate.concept == "incident_number" and column.values.near_unique and not alone:
        return ""
    if candidate.concept == "person_number" and column.values.unique and role is not None:
        # The number of a row, where a row is a person in an incident.
        return ""
    return "the header has further words; is it?"


def _settle(rivals: list[Placed]) -> list[Placed]:
    """Choose among columns that want the same canonical column, or take them as a numbered group."""
    names = [one for one in rivals if one.candidate.concept in ("first_name", "last_name")]
    whole = [one for one in rivals if one not in names]
    if names and not whole:
        return [_joined(names)]
    rivals = whole
    groups: dict[str, list[Placed]] = {}
    for one in rivals:
        if one.source.header.template and one.candidate.concept in GROUPED:
            groups.setdefault(one.source.header.template, []).append(one)
    for members in groups.values():
        if (count := _count(members)) > 1:
            return [replace(members[0], repeat=count)]
    ordered = sorted(rivals, key=_preferred)
    best, rest = ordered[0], ordered[1:]
    others = tuple(one.source.name for one in rest[:3])
    close = [one for one in rest if _preferred(one)[0] == _preferred(best)[0]]
    doubt = best.doubt
    if close and best.column in ("relationship_raw", "incident_number", "dv_flag"):
        doubt = doubt or f"or is it '{close[0].source.name}'?"
    return [replace(best, others=others, doubt=doubt)]


def _count(members: list[Placed]) -> int:
    """Give the number of columns of a group that is numbered from 1 without gaps, else 1."""
    numbers = sorted(one.source.header.number or 0 for one in members)
    whole = numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= _MOST_GROUPS
    return len(numbers) if whole else 1


def _joined(names: list[Placed]) -> Placed:
    """Join last and first names, those of the first of several persons standing for all."""
    by_number = sorted(
        names,
        key=lambda one: (one.source.header.number or 0, one.candidate.concept == "first_name"),
    )
    number = by_number[0].source.header.number
    first = [one for one in by_number if one.source.header.number == number]
    count = _count([one for one in names if one.candidate.concept == first[0].candidate.concept])
    written = [one.source.header.template if count > 1 else one.source.name for one in first]
    return replace(first[0], repeat=count, joined=tuple(written))


def _preferred(one: Placed) -> tuple[float, int, float, float]:
    ranked = one.candidate.rank if one.candidate.weight >= 1 else 50 + one.candidate.rank
    if one.column == "offense_raw":
        return (
            -round(one.candidate.fit.share or 0.0, 1),
            ranked,
            -one.candidate.score,
            -one.source.values.filled_share,
        )
    level = -1.0 if one.candidate.weight >= 1 else -round(one.candidate.weight, 1)
    return (level, ranked, -one.candidate.score, -one.source.values.filled_share)


def _timed(placed: list[Placed]) -> list[Placed]:
    """Let a stamp feed the time of day too, unless a column of its own does so for sure."""
    found = list(placed)
    for one in placed:
        time = _DATED.get((one.table, one.column))
        if time is None or one.source.values.times_of_day < _TIMED:
            continue
        own = next(
            (other for other in found if (other.table, other.column) == (one.table, time)), None
        )
        if own is not None and own.candidate.weight >= 1:
            continue
        others = (own.source.name,) if own is not None else ()
        found = [other for other in found if other is not own]
        found.append(replace(one, column=time, others=others))
    return found
