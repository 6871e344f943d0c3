"""One report of a NIBRS submission in XML to segments.

Elements are known by their local names wherever NIEM or the FBI declare them, so that releases of the schema that
moved an element from one of their namespaces to another are read alike; elements of a state's own namespaces are not
read. What the flat file writes otherwise (ages, attempts, property losses) is put as the flat file has it; words for
the tie of victim and offender stay as written, for the crosswalk knows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

FAMILIES: Final = (
    "{http://fbi.gov/cjis/",
    "{http://release.niem.gov/niem/",
    "{https://docs.oasis-open.org/niemopen/",
)
"""Beginnings of the namespaces whose elements are read."""
NIBRS: Final = "{http://fbi.gov/cjis/nibrs/"

UNFIT: Final = {
    "unknown_report": "the report is of no kind that is known",
    "no_agency": "the report names no agency (data element 1)",
    "no_incident_number": "the report has no incident number (data element 2)",
}
"""Why a report that is well-formed cannot be read."""

_KINDS: Final = {
    "GROUP A": "incident",
    "GROUP B": "group_b_arrest",
    "ZERO RE": "zero",
}
_LOSSES: Final = {
    "NONE": "1",
    "BURNED": "2",
    "COUNTERFEITED": "3",
    "DESTROYED_DAMAGED_VANDALIZED": "4",
    "RECOVERED": "5",
    "SEIZED": "6",
    "STOLEN": "7",
    "UNKNOWN": "8",
}
_AGES: Final = {"NEONATAL": "NN", "NEWBORN": "NB", "BABY": "BB", "UNKNOWN": "00"}
_YES: Final = ("true", "1")
_NOBODY: Final = "\0"
"""An identifier that no XML text can hold."""

Segment = tuple[str, dict[str, Any]]
"""Level and data elements; with ``incident_number`` where it has one."""
_Leaves = Mapping[str, list[str]]


class Unfit(ValueError):
    """A report that cannot be read; its text is a key of ``UNFIT``."""


def read_report(report: Any) -> tuple[dict[str, Any], list[Segment]]:
    """Read a report.

    Args:
        report: Its element.

    Returns:
        The key columns that all its segments share, and its segments.

    Raises:
        Unfit: It is of an unknown kind, or names no agency or no incident.
    """
    children: dict[str, list[Any]] = {}
    for child in report:
        children.setdefault(_name(child.tag), []).append(child)
    header = children.get("ReportHeader")
    if not report.tag.startswith(NIBRS) or header is None:
        raise Unfit("unknown_report")
    told = _leaves(header[0])
    kind = _KINDS.get(_first(told, "NIBRSReportCategoryCode", "").upper()[:7])
    if kind is None:
        raise Unfit("unknown_report")
    agency = _under(header[0], "OrganizationORIIdentification", "IdentificationID")
    if agency is None:
        raise Unfit("no_agency")
    year, _, month = _first(told, "YearMonthDate", "").partition("-")
    keys = {
        "action": _first(told, "ReportActionCategoryCode"),
        "submission_month": month or None,
        "submission_year": year or None,
        "ori": agency.upper(),
        "incident_number": None,
    }
    if kind == "zero":
        return keys, [("zero", {"report_month": month or None, "report_year": year or None})]
    parts = _Parts(children)
    if kind == "group_b_arrest":
        return keys, [(kind, arrest) for arrest in parts.arrests()]
    incident = children["Incident"][0] if "Incident" in children else header[0]
    keys["incident_number"] = _under(incident, "ActivityIdentification", "IdentificationID")
    if keys["incident_number"] is None:
        raise Unfit("no_incident_number")
    return keys, [("incident", _incident(incident)), *parts.segments()]


class _Parts:
    """The parts of a report, which refer to each other by identifiers."""

    def __init__(self, children: Mapping[str, list[Any]]) -> None:
        self._of = children
        self._persons: dict[str | None, Any] = {
            _identity(one): one for one in children.get("Person", ())
        }
        self._subjects: dict[str | None, str | None] = {
            _identity(one): _number(_leaves(one), "SubjectSequenceNumberText", 2)
            for one in children.get("Subject", ())
        }

        self._roles: dict[str, dict[str | None, str]] = {
            kind: {
                _references(one).get("RoleOfPerson"): _identity(one)
                for one in children.get(kind, ())
            }
            for kind in ("Victim", "Subject", "Arrestee")
        }

    def _role(self, kind: str, told: str | None) -> str | None:
        """Give the role that is referred to; submissions of the first releases refer to its person."""
        return self._roles[kind].get(told, told)

    def segments(self) -> Iterator[Segment]:
        offenses: dict[str | None, _Leaves] = {
            _identity(one): _leaves(one) for one in self._of.get("Offense", ())
        }
        places: dict[str | None, _Leaves] = {
            _identity(one): _leaves(one) for one in self._of.get("Location", ())
        }
        placed = {
            refs.get("Offense"): places.get(refs.get("Location"), {})
            for refs in self._links("OffenseLocationAssociation")
        }
        for key, told in offenses.items():
            yield "offense", _offense(told, placed.get(key, {}))
        for loss in dict.fromkeys(self._losses()):
            yield "property", {"loss_type": loss}
        yield from self._victims(offenses)
        for one in self._of.get("Subject", ()):
            number = self._subjects[_identity(one)]
            yield "offender", {"offender_number": number, **self._person(one)}
        for arrest in self.arrests():
            yield "arrestee", arrest

    def _losses(self) -> Iterator[str | None]:
        for kind in ("Item", "Substance"):
            for one in self._of.get(kind, ()):
                status = _first(_leaves(one), "ItemStatusCode")
                yield status if status is None else _LOSSES.get(status.upper(), status)

    def _victims(self, offenses: Mapping[str | None, _Leaves]) -> Iterator[Segment]:
        of: dict[str | None, list[str | None]] = {}
        for refs in self._links("OffenseVictimAssociation"):
            code = _first(offenses.get(refs.get("Offense"), {}), "OffenseUCRCode")
            of.setdefault(self._role("Victim", refs.get("Victim")), []).append(code)
        ties: dict[str | None, list[tuple[str | None, str | None]]] = {}
        for one in self._of.get("SubjectVictimAssociation", ()):
            refs = _references(one)
            tie = _first(_leaves(one), "VictimToSubjectRelationshipCode")
            number = self._subjects.get(self._role("Subject", refs.get("Subject")))
            ties.setdefault(self._role("Victim", refs.get("Victim")), []).append((number, tie))
        officers = {
            _references(one).get("RoleOfPerson"): one
            for one in self._of.get("EnforcementOfficial", ())
        }
        for one in self._of.get("Victim", ()):
            key, told = _identity(one), _leaves(one)
            yield (
                "victim",
                {
                    "victim_number": _number(told, "VictimSequenceNumberText", 3),
                    "offense_codes": [code for code in of.get(key, ()) if code],
                    "victim_type": _first(told, "VictimCategoryCode"),
                    **_officer(officers.get(_references(one).get("RoleOfPerson"))),
                    **self._person(one),
                    "circumstances": told.get("VictimAggravatedAssaultHomicideFactorCode", []),
                    "justifiable": _first(told, "VictimJustifiableHomicideFactorCode"),
                    "injuries": told.get("InjuryCategoryCode", []),
                    "offender_numbers": [number for number, _ in ties.get(key, ())],
                    "relationships": [tie for _, tie in ties.get(key, ())],
                },
            )

    def arrests(self) -> Iterator[dict[str, Any]]:
        """Give each arrestee with the arrest that it is tied to, and each arrest that names nobody."""
        arrests: dict[str | None, Any] = {_identity(one): one for one in self._of.get("Arrest", ())}
        by_arrestee = {
            self._role("Arrestee", refs.get("Subject")): refs.get("Activity")
            for refs in self._links("ArrestSubjectAssociation")
        }
        named = set()
        for one in self._of.get("Arrestee", ()):
            told = _leaves(one)
            key = by_arrestee.get(_identity(one))
            named.add(key)
            yield {
                "arrestee_number": _number(told, "ArrestSequenceID", 2),
                **_arrest(arrests.get(key)),
                "multiple_arrests": _first(told, "ArrestSubjectCountCode"),
                "armed_with": told.get("ArresteeArmedWithCode", []),
                **self._person(one),
                "juvenile_disposition": _first(told, "ArresteeJuvenileDispositionCode"),
            }
        for key, arrest in arrests.items():
            if key not in named:
                yield _arrest(arrest)

    def _links(self, kind: str) -> Iterator[dict[str, str]]:
        return (_references(one) for one in self._of.get(kind, ()))

    def _person(self, role: Any) -> dict[str, Any]:
        person = self._persons.get(_references(role).get("RoleOfPerson"))
        if person is None:
            return {}
        told = _leaves(person)
        return {
            "age": _age(told),
            "sex": _first(told, "PersonSexCode"),
            "race": _first(told, "PersonRaceNDExCode") or _first(told, "PersonRaceCode"),
            "ethnicity": _first(told, "PersonEthnicityCode"),
            "resident": _first(told, "PersonResidentCode"),
        }


def _incident(incident: Any) -> dict[str, Any]:
    told = _leaves(incident)
    moment = _under(incident, "ActivityDate", "DateTime")
    day = moment or _under(incident, "ActivityDate", "Date")
    cleared = _under(incident, "IncidentExceptionalClearanceDate", "Date")
    return {
        "occurred_on": _day(day),
        "report_date": _flag(told, "IncidentReportDateIndicator", "R", None),
        "hour": moment[11:13] if moment and len(moment) > 12 else None,
        "clearance": _first(told, "IncidentExceptionalClearanceCode"),
        "cleared_on": _day(cleared),
        "cargo_theft": _flag(told, "OffenseCargoTheftIndicator", "Y", "N"),
    }


def _offense(told: _Leaves, place: _Leaves) -> dict[str, Any]:
    return {
        "offense_code": _first(told, "OffenseUCRCode"),
        "attempted": _flag(told, "OffenseAttemptedIndicator", "A", "C"),
        "suspected_use": told.get("OffenseFactorCode", []),
        "bias": told.get("OffenseFactorBiasMotivationCode", []),
        "location": _first(place, "LocationCategoryCode"),
        "premises": _first(told, "OffenseStructuresEnteredQuantity"),
        "entry": _first(told, "PassagePointMethodCode"),
        "activities": told.get("CriminalActivityCategoryCode", []),
        "weapons": told.get("ForceCategoryCode", []),
    }


def _arrest(arrest: Any) -> dict[str, Any]:
    if arrest is None:
        return {}
    told = _leaves(arrest)
    day = _under(arrest, "ActivityDate", "Date") or _under(arrest, "ActivityDate", "DateTime")
    return {
        "arrest_number": _under(arrest, "ActivityIdentification", "IdentificationID"),
        "arrested_on": _day(day),
        "arrest_type": _first(told, "ArrestCategoryCode"),
        "offense_code": _first(told, "ChargeUCRCode"),
    }


def _officer(officer: Any) -> dict[str, Any]:
    if officer is None:
        return {}
    told = _leaves(officer)
    return {
        "officer_activity": _first(told, "EnforcementOfficialActivityCategoryCode"),
        "officer_assignment": _first(told, "EnforcementOfficialAssignmentCategoryCode"),
        "officer_ori": _first(told, "IdentificationID"),
    }


@lru_cache(maxsize=4096)
def _name(tag: str) -> str:
    """Give the local name of an element of the families; nothing for others."""
    return tag.rpartition("}")[2] if tag.startswith(FAMILIES) else ""


def _leaves(element: Any) -> dict[str, list[str]]:
    """Give the texts inside an element by the names of the elements that hold them."""
    found: dict[str, list[str]] = {}
    for one in element.iter("*"):
        text = one.text
        if text is not None and (text := text.strip()):
            found.setdefault(_name(one.tag), []).append(text)
    return found


def _first(told: _Leaves, name: str, default: Any = None) -> Any:
    return told[name][0] if name in told else default


def _under(element: Any, holder: str, name: str) -> str | None:
    """Give the text of the first element of a name inside the first holder that has one."""
    for one in element.iter("*"):
        if _name(one.tag) == holder:
            for inner in one:
                if _name(inner.tag) == name and inner.text and inner.text.strip():
                    return str(inner.text.strip())
    return None


def _identity(element: Any) -> str:
    """Give the identifier of an element, whatever the release of NIEM's structures.

    A role without one is known by its person, as in submissions of the first releases; what has neither is referred to
    by nothing.
    """
    for key, value in element.items():
        if key.rpartition("}")[2] == "id":
            return str(value)
    return _references(element).get("RoleOfPerson", _NOBODY)


def _references(element: Any) -> dict[str, str]:
    """Give what the children of an element refer to, by their names."""
    found = {}
    for one in element:
        for key, value in one.items():
            if key.rpartition("}")[2] in ("ref", "uri"):
                found[_name(one.tag)] = value.removeprefix("#")
    return found


def _number(told: _Leaves, name: str, digits: int) -> str | None:
    value = _first(told, name)
    return None if value is None else str(value).zfill(digits)


def _flag(told: _Leaves, name: str, yes: str, no: str | None) -> str | None:
    value = _first(told, name)
    return None if value is None else yes if value.lower() in _YES else no


def _day(written: str | None) -> str | None:
    """Write a day as in the flat file, without its zone."""
    return None if written is None else written[:10].replace("-", "")


def _age(told: _Leaves) -> str | None:
    """Write an age as in the flat file: two digits, four for a range, or a code."""
    low, high = (_number(told, f"Range{end}IntegerValue", 2) for end in ("Minimum", "Maximum"))
    if low and high:
        return low if low == high else low + high
    word = _first(told, "MeasureValueText") or _first(told, "PersonAgeCode")
    return _number(told, "MeasureIntegerValue", 2) or (
        None if word is None else _AGES.get(word.upper(), word)
    )
