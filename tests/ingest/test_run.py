"""Whole deliveries: every row accounted for, files laid over one another, what is missing told at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from helpers_ingest import (
    FLAT,
    FLAT_HEAD,
    HEAD,
    NORMAL,
    NORMAL_FILES,
    ROW_1,
    ROW_2,
    deliver,
)

from ipvi_cli.model.errors import InputError


def test_equal_files_and_overlapping_files_count_nothing_twice(tmp_path: Path) -> None:
    files = {
        "dir_1.csv": FLAT_HEAD + ROW_1 + ROW_2,
        "dir_2.csv": FLAT_HEAD + ROW_1 + ROW_2,
        "dir_3.csv": FLAT_HEAD
        + ROW_2.replace("Sister", "sister in law")
        + ROW_1.replace("19-1", "19-3"),
    }
    made = deliver(tmp_path, files, FLAT)

    assert made.account() == (6, 6, 0)
    assert made.fates("dir_2.csv") == {"duplicate": 2}
    assert made.fates("dir_3.csv") == {"merged": 1, "new": 1}
    assert made.counted("incident")["incident_id"].n_unique() == 3
    assert made.counted("victim")["victim_id"].to_list() == [
        "TOWN:19-1:V1",
        "TOWN:19-2:V1",
        "TOWN:19-3:V1",
    ]
    assert made.counted("offender").height == 3
    assert {"IPVI-136", "IPVI-137", "IPVI-138"} <= set(made.codes)


@pytest.mark.parametrize(
    "again",
    [
        ROW_1.replace("Ann A", " Ann A ").replace(",M,", ", M,"),
        ROW_1.replace("2019-05-01 13:00", '" 2019-05-01 13:00"'),
    ],
)
def test_rows_that_differ_in_outer_blanks_are_duplicates(tmp_path: Path, again: str) -> None:
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + ROW_1 + again}, FLAT)
    assert made.fates("dir.csv") == {"new": 1, "duplicate": 1}
    assert made.counted("victim").height == 1


def test_columns_in_another_order_are_the_same_row(tmp_path: Path) -> None:
    turned = "No ,DATE,DV,Suspect,S DOB,S Sex,Victim,V DOB,V Sex,V Age,Tie\n"
    row = "19-1,2019-05-01 13:00,Y,Bob B,1988-06-01,M,Ann A,1990-01-31,F,,Husband\n"
    made = deliver(tmp_path, {"dir_1.csv": FLAT_HEAD + ROW_1, "dir_2.csv": turned + row}, FLAT)
    assert made.fates("dir_2.csv") == {"duplicate": 1}


def test_rows_that_differ_in_an_unmapped_column_are_two(tmp_path: Path) -> None:
    files = {
        "dir.csv": FLAT_HEAD.replace("Tie\n", "Tie,Clerk\n")
        + ROW_1.replace("\n", ",a\n")
        + ROW_1.replace("\n", ",b\n")
    }
    made = deliver(tmp_path, files, FLAT)
    assert made.fates("dir.csv") == {"new": 1, "merged": 1}
    assert made.counted("victim").height == made.counted("offender").height == 1


def test_refused_rows_are_quarantined_with_their_reason(tmp_path: Path) -> None:
    head = HEAD.replace("[[agencies]]", "[[agencies]]\nid = 'B'\n[[agencies]]")
    sources = FLAT.replace('incident_number = "No"', 'incident_number = "No", agency = "DV"')
    rows = (
        ROW_1.replace("Y", "Town police", 1)
        + ROW_2
        + ROW_1.replace("19-1", "")
        + ROW_1.replace("19-1", "see 19-1 below")
    )
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + rows}, sources, head)
    assert made.account() == (4, 1, 3)
    kept = made.ingested.quarantine["dir.csv"]
    assert kept.select("source_row", "reason_code").rows() == [
        (3, "IPVI-135"),
        (4, "IPVI-133"),
        (5, "IPVI-134"),
    ]
    assert b"Cid C" in kept["raw"][0]
    assert made.rows_of("IPVI-135") == [3]
    assert not any("Cid" in said for said in made.ingested.problems["message"])


def test_a_file_that_two_sources_name_keeps_both_quarantines(tmp_path: Path) -> None:
    sources = FLAT + FLAT.replace('name = "dir"', 'name = "again"')
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + ROW_1 + ROW_1.replace("19-1", "")}, sources)
    assert made.ingested.quarantine["dir.csv"].height == 2
    assert [one.rows_quarantined for one in made.ingested.inputs] == [1, 1]


def test_incident_numbers_match_only_as_declared(tmp_path: Path) -> None:
    rows = ROW_1.replace("19-1", "19-00123") + ROW_1.replace("19-1", "19-123")
    plain = deliver(tmp_path / "a", {"dir.csv": FLAT_HEAD + rows}, FLAT)
    padded = deliver(
        tmp_path / "b", {"dir.csv": FLAT_HEAD + rows}, FLAT, HEAD + "[incident_number]\npad = 5\n"
    )
    assert plain.table("incident")["incident_id"].n_unique() == 2
    assert padded.table("incident")["incident_id"].unique().to_list() == ["TOWN:19-00123"]
    assert padded.fates("dir.csv") == {"new": 1, "merged": 1}


def test_all_missing_columns_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    files = {
        "dir_1.csv": FLAT_HEAD.replace("V Sex", "V Sexes").replace("Tie", "Bond") + ROW_1,
        "dir_2.csv": FLAT_HEAD.replace("S DOB", "S DOB (2)") + ROW_1,
    }
    with pytest.raises(InputError) as caught:
        deliver(tmp_path, files, FLAT)
    line = caught.value.line()
    assert "'V Sex' (did you mean 'V Sexes'?)" in line
    assert "'Tie'" in line
    assert "'S DOB' (did you mean 'S DOB (2)'?)" in line
    assert "dir_1.csv" in line
    assert "dir_2.csv" in line


def test_names_of_columns_match_whatever_their_case_and_blanks(tmp_path: Path) -> None:
    head = FLAT_HEAD.replace("V DOB", " v  dob ").replace("Tie", "TIE ")
    made = deliver(tmp_path, {"dir.csv": head + ROW_1}, FLAT)
    assert made.column("victim", "birth_date") == [dt.date(1990, 1, 31)]


@pytest.mark.parametrize("column", ["_row", "_item", "source_row", "cell", "incident_id"])
def test_a_source_may_use_any_name_for_a_column(tmp_path: Path, column: str) -> None:
    head = FLAT_HEAD.replace("Tie\n", f"Tie,{column}\n")
    made = deliver(tmp_path, {"dir.csv": head + ROW_1.replace("\n", ",x\n")}, FLAT)
    assert made.account() == (1, 1, 0)


def test_missing_and_unreadable_sources_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    files = {
        "incidents.csv": "No,Date\n1,2019-06-01\n",
        "ties.csv": NORMAL_FILES["ties.csv"],
        "notes.txt": "x\n",
    }
    made = deliver(tmp_path, files, NORMAL)
    assert not made.ingested.complete
    assert len(made.ingested.failures) == 1
    assert "source persons" in made.ingested.failures[0]
    assert {"IPVI-130", "IPVI-132"} <= set(made.codes)


def test_without_the_incidents_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="source incidents"):
        deliver(tmp_path, {"ties.csv": NORMAL_FILES["ties.csv"]}, NORMAL)


def test_a_profile_that_feeds_no_incidents_is_refused(tmp_path: Path) -> None:
    sources = """
[[sources]]
name = "ties"
files = "ties.csv"
keys = { incident_number = "No" }
tables = [{ table = "relationship", columns = { relationship_raw = "Tie" } }]
"""
    with pytest.raises(
        InputError, match=r"table incident.*nothing to count.*Add \[\[sources.tables\]\]"
    ):
        deliver(tmp_path, {"ties.csv": "No,Tie\n1,Wife\n"}, sources)


def test_mojibake_is_repaired_and_said(tmp_path: Path) -> None:
    files = {"dir.csv": FLAT_HEAD + ROW_1.replace("Ann A", "José Ñuñez".encode().decode("cp1252"))}
    made = deliver(tmp_path, files, FLAT)
    assert made.column("victim", "name") == ["José Ñuñez"]
    assert "IPVI-125" in made.codes


def test_an_expunged_row_is_set_aside_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    files = {
        "dir.csv": FLAT_HEAD.replace("Tie", "Tie,Exp")
        + ROW_1.replace("Husband", "Husband,N")
        + ROW_2.replace("Sister", "Sister,Y")
    }
    profile = FLAT.replace(
        'keys = { incident_number = "No" }',
        'keys = { incident_number = "No", expunged = "Exp" }',
    )
    made = deliver(tmp_path, files, profile)

    assert made.account() == (2, 1, 1)
    assert made.counted("incident")["incident_number"].to_list() == ["19-1"]
    refused = made.ingested.quarantine["dir.csv"]
    assert refused["reason_code"].to_list() == ["IPVI-139"]
    assert refused["raw"].to_list() == [None]


def test_a_condition_that_no_row_meets_is_noticed(tmp_path: Path) -> None:
    made = deliver(
        tmp_path,
        NORMAL_FILES,
        NORMAL.replace('where = { "Role" = "O" }', 'where = { "Role" = "X" }'),
    )
    assert "IPVI-140" in made.codes
    assert "IPVI-140" not in deliver(tmp_path / "right", NORMAL_FILES, NORMAL).codes
