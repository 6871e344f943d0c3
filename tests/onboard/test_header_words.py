from __future__ import annotations

import pytest

from ipvi_cli.onboard.headers import looks_like_data, read_header, subject_of, word_list


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("INCIDENT_NO", "incident_number"),
        ("CASE_NUMBER", "incident_number"),
        ("DR_NO", "incident_number"),
        ("Report No", "incident_number"),
        ("ComplaintNum", "incident_number"),
        ("IncidentNum", "incident_number"),
        ("CMPLNT_NUM", "incident_number"),
        ("AgencyName", "agency"),
        ("ORI", "agency"),
        ("Offense", "offense"),
        ("Crm Cd Desc", "offense"),
        ("UCR Code", "offense"),
        ("Charge", "charge"),
        ("DATE OCC", "occurred_on"),
        ("Occurred From Date", "occurred_on"),
        ("Date1 of Occurrence", "occurred_on"),
        ("TIME OCC", "occurred_time"),
        ("INCIDENT_HOUR", "occurred_time"),
        ("Date Rptd", "reported_on"),
        ("Victim Age", "age"),
        ("Vict Sex", "sex"),
        ("SUSP_RACE", "race"),
        ("V1_DOB", "birth_date"),
        ("RELATIONSHIP", "relationship"),
        ("VictimOffenderRelationship", "relationship"),
        ("Rel to Victim", "relationship"),
        ("Relation of Suspect to Victim", "relationship"),
        ("Domestic Y/N", "dv_flag"),
        ("DVFlag", "dv_flag"),
        ("ExcClearance", "clearance"),
        ("ExcClearDate", "cleared_on"),
        ("Arrest Date", "arrested_on"),
        ("Final Call Type", "call_type"),
        ("IPV_Fel_Assault", "ipv_felony_assault"),
        ("edad", "age"),
    ],
)
def test_a_header_means_its_column(name: str, concept: str) -> None:
    best = read_header(name).meanings[0]

    assert (best.concept, best.weight) == (concept, 1.0)


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("Victim Age Group", "age"),
        ("Officer Badge Number", "sequence"),
        ("Reporting Officer Name", "name"),
        ("CMPLNT_TO_DT", "occurred_on"),
        ("Incident Number wo/ Year", "incident_number"),
        ("Occurred To Date", "occurred_on"),
        ("Street Name", "name"),
        ("Suspect Vehicle Race", "race"),
        ("Call Cleared Date Time", "cleared_on"),
    ],
)
def test_a_word_that_makes_another_thing_of_it_spoils_it(name: str, concept: str) -> None:
    assert concept not in {meaning.concept for meaning in read_header(name).meanings}


@pytest.mark.parametrize(
    ("name", "roles", "turn", "number"),
    [
        ("Victim Age", ("victim",), None, None),
        ("VIC_SEX", ("victim",), None, None),
        ("V1_Age", ("victim",), None, 1),
        ("Suspect 2 Race", ("offender",), None, 2),
        ("PERP SEX", ("offender",), None, None),
        ("Relation of Suspect to Victim", ("offender", "victim"), "victim", None),
        ("Victim Relationship to Offender", ("victim", "offender"), "offender", None),
        ("VICTIM PERP RELATIONSHIP", ("victim", "offender"), None, None),
        ("Complainant Name", ("complainant",), None, None),
        ("Status", (), None, None),
    ],
)
def test_a_header_names_persons(
    name: str, roles: tuple[str, ...], turn: str | None, number: int | None
) -> None:
    header = read_header(name)

    assert (header.roles, header.turn, header.number) == (roles, turn, number)


@pytest.mark.parametrize(
    ("file", "subject"),
    [
        ("NIBRS_VICTIM_OFFENDER_REL.csv", "relationship"),
        ("persons.csv", "person"),
        ("book.xlsx#Arrests", "arrest"),
        ("cad_calls_2021.csv", "call"),
        ("export.zip!offenses.csv", "offense"),
        ("data.csv", None),
    ],
)
def test_a_file_name_says_what_its_rows_are(file: str, subject: str | None) -> None:
    assert subject_of(file) == subject


@pytest.mark.parametrize(
    ("columns", "recurring", "expected"),
    [
        (("21-00001", "03/04/2021", "DOE", "22"), 0, True),
        (("Case", "Date", "Name", "Age"), 0, False),
        (("ORI", "NAME", "POP", "0", "0__2", "A", "B", "C", "D"), 0, False),
        (("2019", "2020", "2021", "District"), 0, True),
        (("A-1", "DOE, JANE", "WIFE", "MAPLE ST"), 0, True),
        (("A-1", "DOE, JANE", "F", "M", "WIFE"), 3, True),
        (("1 MAPLE ST", "1990-01-31", "QUILLON", "DOE"), 0, True),
        (("Case", "Date", "Name", "Sex", "Notes", "F"), 1, True),
        (("Oddity",), 0, False),
        (("\u0416", "\u0416\u0416"), 0, False),
    ],
)
def test_a_record_is_not_taken_for_a_header(
    columns: tuple[str, ...], recurring: int, expected: bool
) -> None:
    assert looks_like_data(columns, recurring) is expected


def test_every_phrase_is_reached_by_its_own_words() -> None:
    lost = [
        (concept, phrase)
        for concept, entry in word_list()["columns"].items()
        for phrase in entry["strong"]
        if concept not in {meaning.concept for meaning in read_header(phrase).meanings}
    ]

    assert lost == []
