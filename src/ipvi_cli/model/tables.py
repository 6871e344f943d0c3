"""The canonical tables, declared once: columns, types, nullability, meaning, and what identifies a person.

The same declarations feed checking, the schemas in ``schemas/``, the Parquet metadata, the split between
``tables/`` and ``restricted/identity/``, and the redaction of messages. Names are those of NIBRS where it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
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
    children_present = _flag("True when the record says that children were there")
    strangulation = _flag("True when the record has strangulation as an item of its own")
    homicide_suicide = _flag("True when the offender of a homicide took their own life")
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
    location_code = _text("NIBRS data element 9: 01 to 58", vocabulary="location")
    grade = _text("felony, misdemeanor or violation, as charged", vocabulary="grade")
    suspected_use = _codes("NIBRS data element 8: A alcohol, C computer, D drugs, N none")
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
    circumstance_codes = _codes(
        "NIBRS data element 31: circumstances of aggravated assault and homicide"
    )
    injury_raw = _identifying("Injury as written")
    person_number = _identifying("The agency's own number for the person")
    state_id = _identifying("State identification number")
    fbi_number = _identifying("FBI number")
    name = _identifying("Name of the person")
    other_names = _identifying("Other names and aliases of the person")
    birth_date = _date("Date of birth", identifying=True)
    address = _identifying("Address of the person")
    phone = _identifying("Telephone number of the person")


class Offender(Traced):
    """One suspected actor in an incident (NIBRS segment 5); not an arrestee, not proven."""

    incident_id = _text("Incident of the offender")
    offender_id = _text("incident_id ':O' a number within the incident")
    offender_number = _whole("Offender sequence number; 0 means that nothing is known", minimum=0)
    offender_unknown = _flag("True when nothing is known about the offender (NIBRS offender 00)")
    primary_aggressor = _flag("True when the agency identified this person as primary aggressor")
    sex = _text("Sex as recorded: F, M, X or U", vocabulary="sex")
    race = _text("Race as recorded, NIBRS data element 39", vocabulary="race")
    age_years = _whole("Age at the incident, whole years; null when unknown", unit="years")
    person_number = _identifying("The agency's own number for the person")
    state_id = _identifying("State identification number")
    fbi_number = _identifying("FBI number")
    name = _identifying("Name of the person")
    other_names = _identifying("Other names and aliases of the person")
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
    agency = _text("Agency that made the arrest")
    offender_id = _text("Offender of that incident, when the row says which")
    arrested_on = _date("Date of the arrest, local")
    arrest_type = _text("NIBRS data element 43: O, S or T", vocabulary="arrest_type")
    offense_code = _text(
        "NIBRS offence code that the words map to; null when unmapped", kind="offense"
    )
    sealed = _flag("True when sealed by law; counts in aggregates only")
    age_years = _whole("Age at the arrest, whole years", unit="years")
    sex = _text("Sex as recorded: F, M, X or U", vocabulary="sex")
    race = _text("Race as recorded, NIBRS data element 49", vocabulary="race")
    offender_number = _whole("Offender number that the row refers to", minimum=0)
    offense_raw = _identifying("Offence of the arrest as written")
    statute = _identifying("Statute citation as written")
    arrest_number = _identifying("The agency's number for the arrest")
    person_number = _identifying("The agency's own number for the person")
    state_id = _identifying("State identification number")
    fbi_number = _identifying("FBI number")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)


class Charge(Traced):
    """One statute count at arrest or as filed, with its disposition."""

    incident_id = _text("Incident that the charge belongs to; null when the row names none")
    agency = _text("Agency that charged")
    offense_code = _text(
        "NIBRS offence code that the words map to; null when unmapped", kind="offense"
    )
    grade = _text("felony, misdemeanor or violation, as charged", vocabulary="grade")
    filed = _flag("True when filed in court, false when declined; null when not stated")
    sealed = _flag("True when sealed by law; counts in aggregates only")
    disposition = _text("What became of the charge", kind="disposition")
    charged_on = _date("Date of the charge")
    disposed_on = _date("Date of the disposition")
    jail_days = _whole("Jail or prison days of the sentence", minimum=0, unit="days")
    probation_days = _whole("Probation days of the sentence", minimum=0, unit="days")
    sex = _text("Sex as recorded: F, M, X or U", vocabulary="sex")
    offense_raw = _identifying("Charge as written")
    statute = _identifying("Statute citation as written")
    disposition_raw = _identifying("Disposition as written")
    arrest_number = _identifying("The agency's number for the arrest")
    person_number = _identifying("The agency's own number for the person")
    state_id = _identifying("State identification number")
    fbi_number = _identifying("FBI number")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)


class Call(Traced):
    """One call for service (a CAD event); a domestic call type says nothing of partnership."""

    incident_id = _text("Incident that the call led to; null when the row names none")
    agency = _text("Agency identifier")
    received_on = _date("Date on which the call came in, local")
    received_time = _time("Time at which the call came in, local")
    dispatched_on = _date("Date on which the first unit was sent, local")
    dispatched_time = _time("Time at which the first unit was sent, local")
    cleared_on = _date("Date on which the call was cleared, local")
    cleared_time = _time("Time at which the call was cleared, local")
    officer_initiated = _flag("True when an officer started the event, false when somebody called")
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
    violated_on = _date("Date of a reported violation")
    temporary = _flag("True when temporary, false when final")
    civil = _flag("True when civil, false when criminal")
    brady = _flag("NCIC Brady indicator, 18 U.S.C. 922(g)(8); kept, and decides nothing")
    order_number = _identifying("Number of the order")
    order_type = _identifying("Kind of order as written")
    relationship_raw = _identifying(
        "What the protected person was to the respondent, as written; direction as for relationships"
    )
    protected_person_number = _identifying("The agency's own number for the protected person")
    protected_name = _identifying("Name of the protected person")
    protected_birth_date = _date("Date of birth of the protected person", identifying=True)
    respondent_person_number = _identifying("The agency's own number for the respondent")
    respondent_name = _identifying("Name of the respondent")
    respondent_birth_date = _date("Date of birth of the respondent", identifying=True)


class Notification(Traced):
    """One attempt to deliver the message of the intervention to an offender."""

    incident_id = _text("Incident that led to it; null when the row names none")
    agency = _text("Agency that notified")
    level = _text("Level at which the person was notified: A, B, C or D", vocabulary="level")
    qualified_on = _date("Date of the event that qualified the person")
    notified_on = _date("Date of the attempt; of the notification where it was delivered")
    delivered = _flag("True when delivered, false when not")
    declined = _flag("True when the person declined")
    method = _text("call_in, custom, letter, detective or other", vocabulary="notification_method")
    victim_contact_before = _flag("True when an advocate reached the victim before (no detail)")
    victim_contact_after = _flag("True when an advocate reached the victim after (no detail)")
    service_accepted = _flag("True when the person took up an offer of help")
    consequence_on = _date("Date of enforcement after prohibited behaviour")
    exit_on = _date("Date on which the person left observation")
    exit_kind = _text("death, prison or moved", vocabulary="exit_kind")
    person_number = _identifying("The agency's own number for the person")
    state_id = _identifying("State identification number")
    fbi_number = _identifying("FBI number")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)


class Supervision(Traced):
    """One spell under supervision: probation, parole, pretrial release."""

    agency = _text("Agency that supervises")
    kind = _text("probation, parole, pretrial or other", vocabulary="supervision_kind")
    started_on = _date("First day of the spell")
    ended_on = _date("Last day of the spell; null while it lasts")
    no_contact = _flag("True when no contact with the victim is a condition")
    person_number = _identifying("The agency's own number for the person")
    state_id = _identifying("State identification number")
    fbi_number = _identifying("FBI number")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)


class History(Traced):
    """One prior arrest, charge or conviction that comes without an incident of the extract."""

    agency = _text("Agency of the event")
    event_kind = _text("arrest, charge or conviction", vocabulary="event_kind")
    happened_on = _date("Date of the event")
    offense_code = _text(
        "NIBRS offence code that the words map to; null when unmapped", kind="offense"
    )
    disposition = _text("What became of the charge", kind="disposition")
    grade = _text("felony, misdemeanor or violation, as charged", vocabulary="grade")
    sealed = _flag("True when sealed by law; counts in aggregates only")
    sex = _text("Sex as recorded: F, M, X or U", vocabulary="sex")
    offense_raw = _identifying("Offence as written")
    statute = _identifying("Statute citation as written")
    disposition_raw = _identifying("Disposition as written")
    person_number = _identifying("The agency's own number for the person")
    state_id = _identifying("State identification number")
    fbi_number = _identifying("FBI number")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)


class PartnerList(Traced):
    """One person whom another effort has on its list: group violence, guns, drugs."""

    agency = _text("Agency that keeps the list")
    focus = _text("group, gun, drug or other", vocabulary="focus")
    listed_on = _date("Date on which the person was listed")
    person_number = _identifying("The agency's own number for the person")
    state_id = _identifying("State identification number")
    fbi_number = _identifying("FBI number")
    name = _identifying("Name of the person")
    birth_date = _date("Date of birth", identifying=True)


class Population(Traced):
    """One count of residents, by year and area, with its source."""

    year = _whole("Year that the count is of")
    district = _text(
        "District as the agency names it; null for the whole jurisdiction", site_word=True
    )
    adults = _whole("Residents of 18 and over", minimum=0)
    people = _whole("All residents", minimum=0)
    source = _text("Who counted, and where it is published")
    district_raw = _identifying("District as written, where it is too rare to be shown")


class Change(Traced):
    """One dated change of a system, a policy, the law or a definition, after which counts may differ."""

    changed_on = _date("Date of the change")
    kind = _text("records_system, policy, law, definition or other", vocabulary="change_kind")
    description = _identifying("What changed, in the agency's words")


class Tally(Traced):
    """Counts that arrive already aggregated, by year and area or by partner service and month (no persons)."""

    year = _whole("Year that the counts are of")
    borough = _text("Borough or other larger area", site_word=True)
    district = _text("District label within the borough", site_word=True)
    area_kind = _text("district, joint_interest, unknown or total")
    month = _whole("Month that the count is of, 1 to 12; null for a whole year", minimum=1)
    agency = _text("Partner agency whose total it is")
    service = _text("Service that the total is of, in the partner's words", site_word=True)
    measure = _text("What a partner's total counts", vocabulary="tally_measure")
    count = _whole("The partner's total", minimum=0)
    source = _text("Where the total comes from")
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
    "notification": Notification,
    "supervision": Supervision,
    "history": History,
    "partner_list": PartnerList,
    "population": Population,
    "change": Change,
    "tally": Tally,
}
"""Every canonical table by its name."""

TRACE_COLUMNS: Final = tuple(Traced.columns())

TALLY_MEASURES: Final = tuple(
    f"{scope}_{what}"
    for scope in ("ipv", "family", "dv")
    for what in ("dir", "felony_assault", "rape")
)


@cache
def _columns(table: str) -> Mapping[str, dy.Column]:
    """Give the declared columns of a table; each asking builds them anew, which takes most of a millisecond."""
    return TABLES[table].columns()


def metadata(table: str, column: str) -> dict[str, Any]:
    """Give what is declared about a column besides its type.

    Args:
        table: Name of a canonical table.
        column: Name of one of its columns.

    Returns:
        ``description`` and, where they apply, ``identifying``, ``vocabulary``, ``kind``, ``unit``, ``minimum``,
        ``site_word``.
    """
    return dict(_columns(table)[column].metadata or {})


def polars_schema(table: str) -> dict[str, pl.DataType]:
    """Give the polars types of a canonical table, in column order."""
    return {name: column.dtype for name, column in _columns(table).items()}


def identifying_columns(table: str) -> tuple[str, ...]:
    """Name the columns that identify a person or hold free text; they live in ``restricted/identity/``."""
    return tuple(name for name in _columns(table) if metadata(table, name).get("identifying"))


def public_columns(table: str) -> tuple[str, ...]:
    """Name the columns of a canonical table that are not identifying."""
    hidden = set(identifying_columns(table))
    return tuple(name for name in _columns(table) if name not in hidden)
