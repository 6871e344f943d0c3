from __future__ import annotations

from pathlib import Path

import pytest
from helpers_onboard import Column, days, mapped, numbers, study, write_csv

from ipvi_cli.onboard import write_profile

ROOT = Path(__file__).parents[2] / "sample_data"


def test_a_flat_form_feeds_persons_pairs_and_offences(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "dir_2021.csv",
        Column("DIR No", numbers()),
        Column("Date of Occurrence", days()),
        Column("Victim's Age", ["22", "41", "35"]),
        Column("SUSPECT SEX", ["M", "F"]),
        Column("Relation of Suspect to Victim", ["HUSBAND", "SON", "BOYFRIEND", "EX-WIFE"]),
        Column("Offense", ["SIMPLE ASSAULT", "VANDALISM"]),
        Column("Officer Name", ["A B"]),
    )

    found = study(tmp_path)

    assert mapped(found) == {
        ("keys", "incident_number"): ("DIR No", "mapped"),
        ("incident", "occurred_on"): ("Date of Occurrence", "mapped"),
        ("victim", "age_years"): ("Victim's Age", "mapped"),
        ("offender", "sex"): ("SUSPECT SEX", "mapped"),
        ("relationship", "relationship_raw"): ("Relation of Suspect to Victim", "mapped"),
        ("offense", "offense_raw"): ("Offense", "mapped"),
    }
    assert 'direction = "offender_to_victim"' in write_profile(found)


def test_a_role_column_decides_whose_row_it_is(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "parties.csv",
        Column("Incident ID", numbers("{:06}")),
        Column("Party ID", numbers("{}")),
        Column("Party Type", ["V", "S", "W"]),
        Column("Age", [str(age) for age in range(18, 40)]),
        Column("Gender", ["Male", "Female"]),
    )

    text = write_profile(study(tmp_path))

    assert 'where = { "Party Type" = ["V"] }' in text
    assert 'where = { "Party Type" = ["S"] }' in text
    assert "W" not in text.split('"Party Type"')[1].split("}")[0]


def test_numbered_persons_become_one_group_also_where_the_second_is_empty(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "wide.csv",
        Column("CaseNo", numbers()),
        Column("V1_Age", ["22", "41"]),
        Column("V2_Age", [""]),
        Column("V1_LastName", ["DOE"]),
        Column("V1_FirstName", ["TEST"]),
        Column("V2_LastName", [""]),
        Column("V2_FirstName", [""]),
        Column("S1_Sex", ["M", "F"]),
    )

    text = write_profile(study(tmp_path))

    assert "repeat = 2" in text
    assert 'age_years = "V{n}_Age"' in text
    assert 'columns = ["V{n}_LastName", "V{n}_FirstName"], join = ", "' in text
    assert 'sex = "S1_Sex"' in text


def test_lists_of_codes_explain_the_codes_of_other_files(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "pairs.csv",
        Column("VICTIM_ID", numbers("{}")),
        Column("OFFENDER_ID", numbers("9{}")),
        Column("RELATIONSHIP_ID", ["1", "2", "3"]),
    )
    write_csv(
        tmp_path / "relationship_codes.csv",
        Column("RELATIONSHIP_ID", ["1", "2", "3"]),
        Column("RELATIONSHIP_CODE", ["SE", "CH", "ST"]),
        Column("RELATIONSHIP_NAME", ["Spouse", "Child", "Stranger"]),
        rows=3,
    )

    text = write_profile(study(tmp_path))

    assert '[code_lists.relationship]\n"1" = "SE"\n"2" = "CH"\n"3" = "ST"' in text
    assert 'code_system = "nibrs", direction = "victim_to_offender"' in text
    assert 'victim_person_number = "VICTIM_ID"' in text


def test_packed_cells_are_taken_apart(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "incidents.csv",
        Column("incident_id", numbers("88{:04}")),
        Column("participant_type", ["0::Victim||1::Subject-Suspect"]),
        Column("participant_age", ["0::22||1::41", "1::30"]),
    )

    text = write_profile(study(tmp_path))

    assert 'where = { participant_type = ["Victim"] }' in text
    assert (
        'packed = { columns = ["participant_type", "participant_age"], items = "||", key = "::" }'
        in text
    )


def test_calls_stand_for_incidents_where_nothing_else_does(tmp_path: Path) -> None:
    calls = (
        Column("Report Number", numbers("22-{:04}")),
        Column("Received DateTime", days("2022-{m:02}-{d:02} 05:10:00")),
        Column("Final Call Type", ["DOMESTIC DISTURBANCE", "ASSAULT"]),
        Column("Disposition", ["RPT", "NR"]),
    )
    write_csv(tmp_path / "alone" / "cad_calls.csv", *calls)
    write_csv(tmp_path / "both" / "cad_calls.csv", *calls)
    write_csv(
        tmp_path / "both" / "reports.csv",
        Column("Report Number", numbers("22-{:04}")),
        Column("Offense Date", days()),
    )

    alone, both = study(tmp_path / "alone"), study(tmp_path / "both")

    assert mapped(alone)["incident", "reported_on"] == ("Received DateTime", "mapped_asked")
    assert mapped(alone)["call", "received_time"] == ("Received DateTime", "mapped")
    assert ("incident", "reported_on") not in mapped(both)
    assert mapped(both)["incident", "occurred_on"] == ("Offense Date", "mapped")


@pytest.mark.parametrize(
    ("header", "cells", "question"),
    [
        ("Relationship", ["SPOUSE", "CHILD", "FRIEND"], "victim was to the offender"),
        ("Victim DOB", ["1/2/1990", "3/4/1988"], "month or the day"),
        ("Victim Age", ["0", "0", "31"], "0 mean that the age is not known"),
        ("Exceptional Clearance", ["DA DECLINED", "NO PROS"], "which NIBRS code"),
        ("Offense", ["ZORBING", "QUIBBLING WITHOUT CAUSE"], "hardly any of its words is known"),
        ("Domestic Partner Benefits", ["Y", "N"], "further words"),
    ],
)
def test_what_is_not_certain_is_asked(
    tmp_path: Path, header: str, cells: list[str], question: str
) -> None:
    write_csv(
        tmp_path / "cases.csv",
        Column("Case Number", numbers()),
        Column("Occurred", days("2021-{m:02}-{d:02}")),
        Column(header, cells),
    )

    found = study(tmp_path)

    row = found.guesses.filter(column=header, status="mapped_asked")
    assert row.height == 1
    assert question in row["question"][0]
    above = write_profile(found).split(f'"{header}"')[0].splitlines()[-5:]
    assert any(line.startswith("# ASK: ") for line in above)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Victim Age", ["ABC", "DEF"]),
        ("Victim Sex", ["1200", "900"]),
        ("Age", ["22", "30", "41"]),
        ("F3", ["WIFE", "HUSBAND", "GIRLFRIEND", "BROTHER", "STRANGER"]),
    ],
)
def test_header_and_values_that_disagree_are_not_mapped_but_asked(
    tmp_path: Path, header: str, cells: list[str]
) -> None:
    write_csv(
        tmp_path / "cases.csv",
        Column("Case Number", numbers()),
        Column("Occurred", days("2021-{m:02}-{d:02}")),
        Column(header, cells),
    )

    found = study(tmp_path)

    row = found.guesses.filter(column=header)
    assert row["status"].to_list() == ["asked"]
    assert f"# ASK: '{header}' looks like" in write_profile(found)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Location", ["RESIDENCE", "STREET", "BAR"]),
        ("Number of Victims", ["1", "1", "2"]),
        ("Department", ["PATROL", "DETECTIVES"]),
        ("Clearance", ["Y", "N"]),
        ("Relationship Status", ["MARRIED", "SINGLE", "DIVORCED"]),
        ("DV History Y/N", ["Y", "N"]),
        ("Reporting Officer Sex", ["M", "F"]),
        ("Suspect Age Range", ["25-44", "18-24"]),
        ("Offense Type", ["PART1", "PART2"]),
    ],
)
def test_what_only_looks_like_it_is_never_mapped_without_a_mark(
    tmp_path: Path, header: str, cells: list[str]
) -> None:
    write_csv(
        tmp_path / "cases.csv",
        Column("Case Number", numbers()),
        Column("Occurred", days("2021-{m:02}-{d:02}")),
        Column(header, cells),
    )

    row = study(tmp_path).guesses.filter(column=header)

    assert "mapped" not in row["status"].to_list()


def test_an_agency_that_only_some_files_name_is_not_part_of_the_key(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "incidents.csv",
        Column("Incident ID", numbers("{:06}")),
        Column("Agency ID", ["9132", "9332"]),
        Column("Incident Date", days()),
    )
    write_csv(
        tmp_path / "victims.csv",
        Column("Incident ID", numbers("{:06}")),
        Column("Age", [str(age) for age in range(18, 40)]),
    )

    found = study(tmp_path)

    assert mapped(found)["incident", "district"] == ("Agency ID", "mapped")
    assert ("keys", "agency") not in mapped(found)
    assert any("only some files name the agency" in one.text for one in found.questions)


def test_files_of_the_same_layout_are_one_source(tmp_path: Path) -> None:
    for year in (2020, 2021):
        write_csv(
            tmp_path / f"dir_{year}.csv",
            Column("Case Number", numbers(f"{year}-{{:05}}")),
            Column("Occurred", days()),
        )

    found = study(tmp_path)

    assert [(one.name, one.files) for one in found.sources] == [("dir", "dir_*.csv")]


def test_the_names_of_agencies_are_set_beside_their_identifiers() -> None:
    found = study(ROOT / "two_agencies_rms")

    assert [(one.id, one.aliases) for one in found.agencies] == [
        ("ZZ0020000", ("LAKE CITY PD",)),
        ("ZZ0020100", ("HILL TOWN PD",)),
    ]


def test_numbers_are_made_alike_where_the_files_write_them_apart() -> None:
    how = study(ROOT / "two_agencies_rms").numbering

    assert (how.strip, how.century, how.pad) == ("", 20, 6)
