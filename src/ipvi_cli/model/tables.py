"""The canonical tables, declared once: columns, types, nullability, meaning, and what identifies a person.

The same declarations feed checking, the schemas in ``schemas/``, the Parquet metadata, the split between
``tables/`` and ``restricted/identity/``, and the redaction of messages. Names are those of NIBRS where it has one.
"""

from __future__ import annotations

from typing import Any, Final

import dataframely as dy
import polars as pl

FATES: Final = ("new", "merged", "duplicate", "superseded", "total")
"""What becomes of an accepted row; only ``new`` and ``merged`` feed counts."""

COUNTED_FATES: Final = ("new", "merged")


def _meta(description: str, **more: Any) -> dict[str, Any]:
    return {"description": description, **more}


def _text(description: str, **more: Any) -> dy.String:
    return dy.String(nullable=True, metadata=_meta(description, **more))


def _identifying(description: str) -> dy.String:
    return dy.String(nullable=True, metadata=_meta(description, identifying=True))


def _date(description: str, **more: Any) -> dy.Date:
    return dy.Date(nullable=True, metadata=_meta(description, **more))


def _time(description: str) -> dy.Time:
    return dy.Time(nullable=True, metadata=_meta(description))


def _flag(description: str) -> dy.Bool:
    return dy.Bool(nullable=True, metadata=_meta(description))


def _whole(description: str, **more: Any) -> dy.Int64:
    return dy.Int64(nullable=True, metadata=_meta(description, **more))


def _codes(description: str, **more: Any) -> dy.List:
    return dy.List(dy.String(), nullable=True, metadata=_meta(description, **more))


class Traced(dy.Schema):
    """What every row keeps, so that any number can be followed to the rows behind it."""

    record_id = dy.Int64(
        nullable=False,
        metadata=_meta("Record number, unique in its table; joins tables/ to restricted/identity/"),
    )
    source_file = dy.String(nullable=False, metadata=_meta("Input that the row came from"))
    source_row = dy.Int64(
        nullable=False,
        metadata=_meta("Physical line, sheet row or item number where the record starts"),
    )
    row_fate = dy.String(
        nullable=False,
        metadata=_meta("new, merged, duplicate, superseded or total; the first two feed counts"),
    )


class Incident(Traced):
    """One occurrence: one incident number in one agency (NIBRS Group A incident; a domestic incident report)."""

    incident_id = _text("agency ':' the agency's number after the declared normalisation")
    agency = _text("Agency identifier (ORI) or the identifier that the profile gives")
    incident_number = _text("The agency's number after normalisation")
    occurred_on = _date("Date of occurrence, local")
    occurred_time = _time("Time of occurrence, local; null when not stated")
    reported_on = _date("Date of the report, local")
    district = _text("District, beat or precinct as the agency names it", site_word=True)
    dv_flag = _flag("The agency's own domestic violence flag")
    clearance = _text("NIBRS data element 4: A to E, or N", vocabulary="clearance")
    cleared_on = _date("Date of exceptional clearance")
    district_raw = _identifying("District as written, where it is too rare to be shown")
    address = _identifying("Place of occurrence")
    narrative = _identifying("Narrative or other free text")


class Offense(Traced):
    """One offence in an incident (NIBRS segment 2)."""

    incident_id = _text("Incident of the offence")
    offense_code = _text(
        "NIBRS offence code that the words map to; null when unmapped", kind="offense"
    )
    attempted = _flag("True when attempted, false when completed (NIBRS data element 7)")
    weapon_codes = _codes("NIBRS data element 13 codes that the words map to", kind="weapon")
    offense_raw = _identifying("Offence as written")
    statute = _identifying("Statute citation as written")
    weapon_raw = _identifying("Weapon as written")


class Victim(Traced):
    """One victim in an incident (NIBRS segment 4)."""

    incident_id = _text("Incident of the victim")
    victim_id = _text("incident_id ':V' a number within the incident")
    victim_number = _whole("Victim sequence number within the incident", minimum=0)
    victim_type = _text(
        "NIBRS data element 25: I, L, B, F, G, R, S, O or U", vocabulary="victim_type"
    )
    sex = _text("Sex as recorded: F, M, X or U", vocabulary="sex")
    race = _text("Race as recorded, NIBRS data element 28", vocabulary="race")
    age_years = _whole("Age at the incident, whole years; null when unknown", unit="years")
    injury_codes = _codes("NIBRS data element 33 codes that the words map to", kind="injury")
    injury_raw = _identifying("Injury as written")
    person_number = _identifying("The agency's own number for the person")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)
    address = _identifying("Address of the person")
    phone = _identifying("Telephone number of the person")


class Offender(Traced):
    """One suspected actor in an incident (NIBRS segment 5); not an arrestee, not proven."""

    incident_id = _text("Incident of the offender")
    offender_id = _text("incident_id ':O' a number within the incident")
    offender_number = _whole("Offender sequence number; 0 means that nothing is known", minimum=0)
    offender_unknown = _flag("True when nothing is known about the offender (NIBRS offender 00)")
    sex = _text("Sex as recorded: F, M, X or U", vocabulary="sex")
    race = _text("Race as recorded, NIBRS data element 39", vocabulary="race")
    age_years = _whole("Age at the incident, whole years; null when unknown", unit="years")
    person_number = _identifying("The agency's own number for the person")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)
    address = _identifying("Address of the person")
    phone = _identifying("Telephone number of the person")


class Relationship(Traced):
    """One statement about the tie of a victim and an offender within an incident (NIBRS elements 34 and 35)."""

    incident_id = _text("Incident of the pair")
    victim_id = _text("Victim of the pair; null when the row does not say which")
    offender_id = _text("Offender of the pair; null when the row does not say which")
    code_system = _text(
        "Code system of the words: nibrs, shr, ncic, ndex, cibrs, librs, text or site"
    )
    direction = _text("victim_to_offender, offender_to_victim, symmetric or undeclared")
    child_in_common = _flag("True when the record says that the two share a child")
    victim_number = _whole("Victim number that the row refers to", minimum=0)
    offender_number = _whole("Offender number that the row refers to", minimum=0)
    relationship_raw = _identifying("Relationship as written")
    victim_person_number = _identifying("The agency's number of the victim that the row refers to")
    offender_person_number = _identifying(
        "The agency's number of the offender that the row refers to"
    )


class Arrest(Traced):
    """One taking into custody or summons (NIBRS segment 6)."""

    incident_id = _text("Incident that the arrest belongs to; null when the row names none")
    offender_id = _text("Offender of that incident, when the row says which")
    arrested_on = _date("Date of the arrest, local")
    arrest_type = _text("NIBRS data element 43: O, S or T", vocabulary="arrest_type")
    age_years = _whole("Age at the arrest, whole years", unit="years")
    sex = _text("Sex as recorded: F, M, X or U", vocabulary="sex")
    offender_number = _whole("Offender number that the row refers to", minimum=0)
    arrest_number = _identifying("The agency's number for the arrest")
    person_number = _identifying("The agency's own number for the person")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)


class Charge(Traced):
    """One statute count at arrest or as filed, with its disposition."""

    incident_id = _text("Incident that the charge belongs to; null when the row names none")
    offense_code = _text(
        "NIBRS offence code that the words map to; null when unmapped", kind="offense"
    )
    disposition = _text("What became of the charge", kind="disposition")
    charged_on = _date("Date of the charge")
    disposed_on = _date("Date of the disposition")
    offense_raw = _identifying("Charge as written")
    statute = _identifying("Statute citation as written")
    disposition_raw = _identifying("Disposition as written")
    arrest_number = _identifying("The agency's number for the arrest")
    person_number = _identifying("The agency's own number for the person")


class Call(Traced):
    """One call for service (a CAD event); a domestic call type says nothing of partnership."""

    incident_id = _text("Incident that the call led to; null when the row names none")
    agency = _text("Agency identifier")
    received_on = _date("Date on which the call came in, local")
    received_time = _time("Time at which the call came in, local")
    district = _text("District, beat or precinct as the agency names it", site_word=True)
    call_type = _text("Final call type after the crosswalk", kind="call")
    call_type_raw = _identifying("Final call type as written")
    call_number = _identifying("The agency's event number")
    district_raw = _identifying("District as written, where it is too rare to be shown")
    address = _identifying("Place of the call")


class Order(Traced):
    """One protective order; its recorded basis is evidence of a tie between the same two persons."""

    incident_id = _text("Incident that the order refers to; null when it names none")
    agency = _text("Agency whose numbers the persons have")
    code_system = _text(
        "Code system of the words: nibrs, shr, ncic, ndex, cibrs, librs, text or site"
    )
    direction = _text("victim_to_offender, offender_to_victim, symmetric or undeclared")
    issued_on = _date("Date of issue")
    served_on = _date("Date of service")
    expires_on = _date("Date of expiry")
    temporary = _flag("True when temporary, false when final")
    civil = _flag("True when civil, false when criminal")
    brady = _flag("NCIC Brady indicator, 18 U.S.C. 922(g)(8); kept, and decides nothing")
    order_number = _identifying("Number of the order")
    order_type = _identifying("Kind of order as written")
    relationship_raw = _identifying(
        "What the protected person was to the respondent, as written; direction as for relationships"
    )
    protected_person_number = _identifying("The agency's own number for the protected person")
    respondent_person_number = _identifying("The agency's own number for the respondent")


class Tally(Traced):
    """Counts that arrive already aggregated, by year and area (no persons)."""

    year = _whole("Year that the counts are of")
    borough = _text("Borough or other larger area", site_word=True)
    district = _text("District label within the borough", site_word=True)
    area_kind = _text("district, joint_interest, unknown or total")
    ipv_dir = _whole("Intimate partner domestic incident reports", minimum=0)
    ipv_felony_assault = _whole("Intimate partner felony assaults", minimum=0)
    ipv_rape = _whole("Intimate partner rapes", minimum=0)
    family_dir = _whole("Other-family domestic incident reports", minimum=0)
    family_felony_assault = _whole("Other-family felony assaults", minimum=0)
    family_rape = _whole("Other-family rapes", minimum=0)
    dv_dir = _whole("Domestic incident reports, intimate partner and other family", minimum=0)
    dv_felony_assault = _whole(
        "Domestic felony assaults, intimate partner and other family", minimum=0
    )
    dv_rape = _whole("Domestic rapes, intimate partner and other family", minimum=0)


TABLES: Final[dict[str, type[Traced]]] = {
    "incident": Incident,
    "offense": Offense,
    "victim": Victim,
    "offender": Offender,
    "relationship": Relationship,
    "arrest": Arrest,
    "charge": Charge,
    "call": Call,
    "order": Order,
    "tally": Tally,
}
"""Every canonical table by its name."""

TRACE_COLUMNS: Final = tuple(Traced.columns())

TALLY_MEASURES: Final = tuple(
    f"{scope}_{what}"
    for scope in ("ipv", "family", "dv")
    for what in ("dir", "felony_assault", "rape")
)


def metadata(table: str, column: str) -> dict[str, Any]:
    """Give what is declared about a column besides its type.

    Args:
        table: Name of a canonical table.
        column: Name of one of its columns.

    Returns:
        ``description`` and, where they apply, ``identifying``, ``vocabulary``, ``kind``, ``unit``, ``minimum``,
        ``site_word``.
    """
    return dict(TABLES[table].columns()[column].metadata or {})


def polars_schema(table: str) -> dict[str, pl.DataType]:
    """Give the polars types of a canonical table, in column order."""
    return {name: column.dtype for name, column in TABLES[table].columns().items()}


def identifying_columns(table: str) -> tuple[str, ...]:
    """Name the columns that identify a person or hold free text; they live in ``restricted/identity/``."""
    return tuple(
        name for name in TABLES[table].columns() if metadata(table, name).get("identifying")
    )


def public_columns(table: str) -> tuple[str, ...]:
    """Name the columns of a canonical table that are not identifying."""
    hidden = set(identifying_columns(table))
    return tuple(name for name in TABLES[table].columns() if name not in hidden)
