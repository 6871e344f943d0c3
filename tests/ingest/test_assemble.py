"""Layouts of deliveries: several tables of one row, column groups, roles, lists, files joined by numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
from helpers_ingest import FLAT, FLAT_HEAD, NORMAL, NORMAL_FILES, ROW_1, ROW_2, deliver


def test_one_line_feeds_four_tables(tmp_path: Path) -> None:
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + ROW_1 + ROW_2}, FLAT)

    assert made.account() == (2, 2, 0)
    assert made.fates("dir.csv") == {"new": 2}
    incident = made.table("incident").row(0, named=True)
    assert incident["incident_id"] == "TOWN:19-1"
    assert (incident["occurred_on"], incident["occurred_time"]) == (
        dt.date(2019, 5, 1),
        dt.time(13),
    )
    assert made.column("incident", "dv_flag") == [True, False]
    assert made.column("incident", "occurred_time") == [dt.time(13), None]
    assert made.column("victim", "victim_id") == ["TOWN:19-1:V1", "TOWN:19-2:V1"]
    assert made.column("victim", "age_years") == [29, 39]
    assert made.column("victim", "sex") == ["F", "M"]
    assert made.column("offender", "offender_id") == ["TOWN:19-1:O1", "TOWN:19-2:O1"]
    tie = made.table("relationship").row(0, named=True)
    assert (tie["victim_id"], tie["offender_id"]) == ("TOWN:19-1:V1", "TOWN:19-1:O1")
    assert (tie["relationship_raw"], tie["direction"]) == ("Husband", "offender_to_victim")
    assert (tie["source_file"], tie["source_row"]) == ("dir.csv", 2)
    assert made.codes == []


def test_a_row_that_states_no_person_makes_none(tmp_path: Path) -> None:
    bare = "19-3,2019-05-03,Y,,,,,,,,\n"
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + bare}, FLAT)
    assert made.table("incident").height == 1
    assert [made.table(name).height for name in ("victim", "offender", "relationship")] == [0, 0, 0]


def test_ties_of_rows_that_name_the_persons_again_point_at_the_same_persons(tmp_path: Path) -> None:
    second = ROW_1.replace("Ann A,1990-01-31", "Eve E,2010-02-02").replace("Husband", "Father")
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + ROW_1 + second}, FLAT)
    assert made.column("victim", "victim_id") == ["TOWN:19-1:V1", "TOWN:19-1:V2"]
    assert made.column("offender", "offender_id") == ["TOWN:19-1:O1"]
    assert made.table("relationship").select("victim_id", "offender_id").rows() == [
        ("TOWN:19-1:V1", "TOWN:19-1:O1"),
        ("TOWN:19-1:V2", "TOWN:19-1:O1"),
    ]


GROUPS = """
[[sources]]
name = "wide"
files = "wide*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
[[sources.tables]]
table = "victim"
repeat = 3
columns = { name = "Victim {n}", birth_date = "V{n} DOB", victim_type = { constant = "I" } }
[[sources.tables]]
table = "offender"
repeat = 2
columns = { name = "Offender {n}", birth_date = "O{n} DOB" }
[[sources.tables]]
table = "relationship"
repeat = 2
columns = { relationship_raw = "Tie {n}" }
"""
GROUPS_HEAD = (
    "No,Victim 1,V1 DOB,Victim 2,V2 DOB,Victim 3,V3 DOB,"
    "Offender 1,O1 DOB,Offender 2,O2 DOB,Tie 1,Tie 2,Note\n"
)


def test_column_groups_make_a_person_each(tmp_path: Path) -> None:
    row = "1,Ann,1990-01-01,Cid,2010-01-01,,,Bob,1988-01-01,,,Wife,Son,x\n"
    made = deliver(tmp_path, {"wide.csv": GROUPS_HEAD + row}, GROUPS)
    assert made.column("victim", "victim_id") == ["TOWN:1:V1", "TOWN:1:V2"]
    assert made.column("offender", "offender_id") == ["TOWN:1:O1"]
    ties = made.table("relationship").select("relationship_raw", "victim_id", "offender_id").rows()
    assert ties == [("Wife", None, "TOWN:1:O1"), ("Son", None, None)]


def test_persons_of_column_groups_are_known_again_in_any_group(tmp_path: Path) -> None:
    first = "1,Ann,1990-01-01,Cid,2010-01-01,,,Bob,1988-01-01,,,Wife,Son,x\n"
    again = "1,Cid,2010-01-01,Ann,1990-01-01,Eve,2011-01-01,Bob,1988-01-01,,,Son,Wife,y\n"
    made = deliver(
        tmp_path, {"wide_1.csv": GROUPS_HEAD + first, "wide_2.csv": GROUPS_HEAD + again}, GROUPS
    )
    assert made.fates("wide_2.csv") == {"merged": 1}
    assert made.counted("victim")["name"].to_list() == ["Ann", "Cid", "Eve"]
    assert made.counted("victim")["victim_id"].is_unique().all()
    assert made.counted("offender").height == 1


def test_two_of_one_name_and_birth_in_a_row_are_two(tmp_path: Path) -> None:
    twins = "1,Ann,1990-01-01,Ann,1990-01-01,,,Bob,1988-01-01,,,,,{}\n"
    rows = twins.format("x") + twins.format("y")
    made = deliver(tmp_path, {"wide.csv": GROUPS_HEAD + rows}, GROUPS)
    assert made.counted("victim").height == 2


ROLES = """
[[sources]]
name = "persons"
files = "persons*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
where = { "Role" = "Victim" }
columns = { occurred_on = "Date" }
[[sources.tables]]
table = "victim"
where = { "Role" = ["Victim", "V"] }
columns = { person_number = "PID", sex = "Sex" }
[[sources.tables]]
table = "offender"
unless = { "Role" = ["Victim", "V", "Witness"] }
columns = { person_number = "PID", sex = "Sex" }
"""


def test_the_role_decides_which_table_a_row_feeds(tmp_path: Path) -> None:
    rows = (
        "No,Date,Role,PID,Sex\n1,2019-01-01,Suspect,7,M\n1,2019-01-01,victim,8,F\n1,2019-01-01,Victim,7,M\n"
        "1,2019-01-01,Witness,9,M\n"
    )
    made = deliver(tmp_path, {"persons.csv": rows}, ROLES)
    assert made.account() == (4, 4, 0)
    assert made.table("victim")["person_number"].to_list() == ["8", "7"]
    assert made.table("offender")["person_number"].to_list() == ["7"]
    # Rows that cannot open an incident add to it, wherever they stand.
    opening = made.table("incident").filter(pl.col("row_fate") == "new")
    assert opening["source_row"].to_list() == [3]
    assert made.fates("persons.csv") == {"new": 1, "merged": 3}


def test_a_role_alone_states_a_person(tmp_path: Path) -> None:
    rows = "No,Date,Role,PID,Sex\n1,2019-01-01,Victim,,\n1,2019-01-01,Suspect,5,M\n"
    made = deliver(tmp_path, {"persons.csv": rows}, ROLES)
    assert (made.table("victim").height, made.table("offender").height) == (1, 1)


PACKED = """
[[sources]]
name = "lists"
files = "lists*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
[[sources.tables]]
table = "victim"
where = { type = "Victim" }
packed = { columns = ["type", "age"], items = "||", key = "::" }
columns = { age_years = "age" }
[[sources.tables]]
table = "offender"
where = { type = "Suspect" }
packed = { columns = ["type", "age"], items = "||", key = "::" }
columns = { age_years = "age" }
"""


def test_lists_in_cells_become_persons(tmp_path: Path) -> None:
    rows = (
        "No,type,age\n1,0::Victim||1::Suspect||2::Victim,0::30||2::8\n2,Victim||1::Suspect,1::40\n"
    )
    made = deliver(tmp_path, {"lists.csv": rows}, PACKED)
    assert made.table("victim").select("victim_id", "age_years").rows() == [
        ("TOWN:1:V1", 30),
        ("TOWN:1:V3", 8),
    ]
    assert made.table("offender").select("offender_id", "age_years").rows() == [
        ("TOWN:1:O2", None),
        ("TOWN:2:O2", 40),
    ]
    assert made.rows_of("IPVI-203") == [3]


def test_normalised_files_are_joined_by_the_numbers_of_persons(tmp_path: Path) -> None:
    made = deliver(tmp_path, NORMAL_FILES, NORMAL)

    ties = made.table("relationship").select("victim_id", "offender_id").rows()
    assert ties == [
        ("TOWN:1:V1", "TOWN:1:O2"),
        ("TOWN:2:V1", "TOWN:2:O1"),
        ("TOWN:2:V1", None),
    ]
    assert made.fates("persons.csv") == {"new": 5, "duplicate": 1}
    assert made.fates("ties.csv") == {"new": 3}
    assert made.rows_of("IPVI-133") == [5]
    assert made.column("victim", "age_years") == [18, 19]
    arrests = made.table("arrest").select("incident_id", "offender_id").rows()
    assert arrests == [("TOWN:1", "TOWN:1:O2"), ("TOWN:1", None), (None, None)]
    assert made.account() == (15, 14, 1)


def test_ties_without_an_incident_number_take_that_of_the_persons(tmp_path: Path) -> None:
    sources = NORMAL.replace(
        'files = "ties.csv"\nkeys = { incident_number = "No" }', 'files = "ties.csv"'
    )
    files = {
        **NORMAL_FILES,
        "persons.csv": "No,Role,PID,DOB\n1,V,10,\n1,O,11,\n2,V,20,\n2,O,11,\n",
        "ties.csv": "V,O,Tie\n10,11,Wife\n20,77,Ex\n",
    }
    ties = deliver(tmp_path, files, sources).table("relationship")
    assert ties.select("incident_id", "victim_id", "offender_id").rows() == [
        ("TOWN:1", "TOWN:1:V1", None),
        ("TOWN:2", "TOWN:2:V1", None),
    ]


NUMBERED = """
[[sources]]
name = "incidents"
files = "incidents*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
[[sources]]
name = "victims"
files = "victims*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "victim"
columns = { victim_number = "Seq", sex = "Sex" }
[[sources]]
name = "offenders"
files = "offenders*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "offender"
columns = { offender_number = "Seq", sex = "Sex" }
[[sources]]
name = "ties"
files = "ties*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "relationship"
columns = { victim_number = "V", offender_number = "O", relationship_raw = { column = "Tie", code_system = "nibrs" } }
"""
NUMBERED_FILES = {
    "incidents.csv": "No\n1\n",
    "victims_a.csv": "No,Seq,Sex\n1,1,F\n1,2,F\n1,2,M\n1,,F\n",
    "victims_b.csv": "No,Seq,Sex\n1,1,F\n1,1,U\n1,3,F\n",
    "offenders.csv": "No,Seq,Sex\n1,0,\n1,1,M\n",
    "ties.csv": "No,V,O,Tie\n1,1,1,SE\n1,2,0,RU\n",
}


def test_persons_are_known_by_the_numbers_that_the_source_gives(tmp_path: Path) -> None:
    made = deliver(tmp_path, NUMBERED_FILES, NUMBERED)

    # In one file a number that is given twice is a fault, which is kept; in another file it is the same person.
    assert made.counted("victim").select("victim_id", "source_file").rows() == [
        ("TOWN:1:V1", "victims_a.csv"),
        ("TOWN:1:V2", "victims_a.csv"),
        ("TOWN:1:V2", "victims_a.csv"),
        ("TOWN:1:V1003", "victims_a.csv"),
        ("TOWN:1:V3", "victims_b.csv"),
    ]
    assert made.fates("victims_b.csv") == {"duplicate": 1, "new": 2}
    assert made.column("offender", "offender_unknown") == [True, False]
    assert made.table("relationship").select("victim_id", "offender_id").rows() == [
        ("TOWN:1:V1", "TOWN:1:O1"),
        ("TOWN:1:V2", None),
    ]
    assert made.table("relationship")["code_system"].to_list() == ["nibrs", "nibrs"]


def test_numbers_name_the_same_person_in_a_second_source(tmp_path: Path) -> None:
    one = """
[[sources]]
name = "{0}"
files = "{0}.csv"
keys = {{ incident_number = "No" }}
tables = [{{ table = "incident" }}, {{ table = "victim", columns = {{ victim_number = "V" }} }},
          {{ table = "offender", columns = {{ offender_number = "O" }} }},
          {{ table = "relationship", columns = {{ victim_number = "V", offender_number = "O" }} }}]
"""
    sources = one.format("old") + one.format("new")
    files = {"old.csv": "No,V,O,Tie\n1,1,1,Wife\n", "new.csv": "No,V,O,T\n2,1,1,x\n"}
    made = deliver(tmp_path, files, sources)
    ties = made.table("relationship")
    assert set(ties["victim_id"]) == set(made.table("victim")["victim_id"])
    assert set(ties["offender_id"]) == set(made.table("offender")["offender_id"])


def test_a_relationship_row_stands_for_persons_that_no_source_describes(tmp_path: Path) -> None:
    sources = """
[[sources]]
name = "ties"
files = "ties.csv"
keys = { incident_number = "No" }
tables = [{ table = "incident" }, { table = "relationship", columns = { relationship_raw = "Tie" } }]
"""
    made = deliver(tmp_path, {"ties.csv": "No,Tie\n1,Wife\n1,Son\n2,Ex\n"}, sources)
    assert made.column("victim", "victim_id") == ["TOWN:1:V1", "TOWN:1:V2", "TOWN:2:V1"]
    assert made.column("relationship", "offender_id") == ["TOWN:1:O1", "TOWN:1:O2", "TOWN:2:O1"]


SPARE_GROUPS = """
[[sources]]
name = "wide"
files = "wide.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
[[sources.tables]]
table = "relationship"
repeat = 3
columns = { relationship_raw = "Tie {n}" }
"""
VICTIM_GROUPS = """
[[sources.tables]]
table = "victim"
repeat = 3
columns = { sex = "Sex {n}" }
"""
SPARE_FILE = "No,Tie 1,Sex 1,Tie 2,Sex 2,Tie 3,Sex 3\n1,Wife,F,,,,\n2,,F,,,,\n3,Mother,F,Son,M,,\n3,Aunt,F,,,,\n"


def test_a_group_that_states_no_tie_stands_for_nobody(tmp_path: Path) -> None:
    made = deliver(tmp_path, {"wide.csv": SPARE_FILE}, SPARE_GROUPS)
    for table, letter in (("victim", "V"), ("offender", "O")):
        numbers = ["1:{}1", "2:{}1", "3:{}1", "3:{}4", "3:{}2"]
        told = made.column(table, f"{table}_id")
        assert sorted(told) == sorted(f"TOWN:{one.format(letter)}" for one in numbers)


def test_groups_of_victims_have_the_one_offender_of_their_row(tmp_path: Path) -> None:
    made = deliver(tmp_path, {"wide.csv": SPARE_FILE}, SPARE_GROUPS + VICTIM_GROUPS)
    offenders = made.column("offender", "offender_id")
    assert sorted(offenders) == ["TOWN:1:O1", "TOWN:2:O1", "TOWN:3:O1", "TOWN:3:O2"]
    ties = made.table("relationship").select("relationship_raw", "offender_id")
    assert dict(ties.drop_nulls().rows()) == {
        "Wife": "TOWN:1:O1",
        "Mother": "TOWN:3:O1",
        "Son": "TOWN:3:O1",
        "Aunt": "TOWN:3:O2",
    }
    assert ties["offender_id"].is_in(offenders).all()
    assert made.table("relationship")["victim_id"].is_in(made.column("victim", "victim_id")).all()
