"""NIBRS flat files: every segment read or set aside with its number, and the actions played in order."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from helpers_nibrs_flat import incident, line, read_lines, rows

from ipvi_cli.ingest.nibrs import refusals
from ipvi_cli.ingest.nibrs.actions import changed_keys, play, replaced, slots
from ipvi_cli.ingest.nibrs.flat import flat_agencies, is_flat
from ipvi_cli.ingest.nibrs.scan import blocks
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.nibrs import NIBRS_COLUMNS
from ipvi_cli.model.tables import polars_schema

SHARED = Path(__file__).parents[3] / "shared" / "data" / "nibrs_search" / "flatfile"
PARTNERS = ("SE", "CS", "BG", "HR", "XS", "XR")


def test_elements_go_to_their_columns(tmp_path: Path) -> None:
    tables = rows(read_lines(tmp_path, incident()))
    admin = tables["incident"].row(0, named=True)
    victim = tables["victim"].row(0, named=True)
    pair = tables["relationship"].row(0, named=True)
    assert admin["incident_id"] == "NY0130100:20-0001"
    assert (admin["occurred_on"], admin["occurred_time"]) == (date(2020, 4, 1), time(7))
    assert tables["offense"]["weapon_codes"].to_list() == [["11", "40"]]
    assert (victim["age_years"], victim["injury_codes"]) == (0, ["M", "B"])
    assert tables["offender"]["age_years"].to_list() == [None]
    assert (pair["victim_id"], pair["offender_id"]) == (
        "NY0130100:20-0001:V1",
        "NY0130100:20-0001:O1",
    )
    assert (pair["relationship_raw"], pair["code_system"], pair["direction"]) == (
        "BG", "nibrs", "victim_to_offender",
    )  # fmt: skip


def test_canonical_rows_fit_the_tables(tmp_path: Path) -> None:
    arrest = line(
        "arrestee", arrestee_number="01", arrest_number="A1", arrested_on="20200402", arrest_type="O",
        offense_code="13A", age="30", sex="M", race="W",
    )  # fmt: skip
    for table, frame in rows(read_lines(tmp_path, [*incident(), arrest])).items():
        schema = polars_schema(table)
        assert {name: schema.get(name) for name in frame.columns} == dict(frame.schema)
        assert set(NIBRS_COLUMNS[table]) <= set(frame.columns)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(
    "shape", ["as stated", "stripped", "padded", "blank lines", "no last line end"]
)
def test_variants_of_states_read_alike(end: str, shape: str, tmp_path: Path) -> None:
    lines = incident() + incident("20-0002", "SE")
    expected = rows(read_lines(tmp_path, lines, end))
    if shape == "stripped":
        lines = [one.rstrip() for one in lines]
    elif shape == "padded":
        lines = [one.ljust(307) for one in lines]
    elif shape == "blank lines":
        lines = ["", lines[0], "   ", *lines[1:], ""]
    text = end.join(lines) + ("" if shape == "no last line end" else end)
    one = read_lines(tmp_path, text.encode())
    assert one.inputs[0].rows_read == len(incident()) * 2
    assert one.inputs[0].lines_skipped == (3 if shape == "blank lines" else 0)
    got = rows(one)
    assert all(got[table].equals(frame) for table, frame in expected.items())


def test_ten_ties_by_position_and_nobody(tmp_path: Path) -> None:
    victim = line(
        "victim", victim_number="001", victim_type="I", offender_numbers=[f"{n:02d}" for n in range(10)],
        relationships=["", *["ST"] * 8, ""],
    )  # fmt: skip
    pairs = rows(read_lines(tmp_path, [*incident()[:2], victim]))["relationship"]
    assert pairs["offender_number"].to_list() == list(range(1, 10))
    assert pairs["relationship_raw"].to_list() == [*["ST"] * 8, None]


@pytest.mark.parametrize("length", [129, 141])
def test_record_versions(length: int, tmp_path: Path) -> None:
    victim = line(
        "victim", length=length, victim_number="001", victim_type="L", officer_activity="02"
    )
    assert rows(read_lines(tmp_path, [*incident()[:2], victim]))["victim"][
        "victim_type"
    ].to_list() == ["L"]


BROKEN = {
    refusals.LENGTH: lambda one: f"0140{one[4:]}",
    refusals.LEVEL: lambda one: f"{one[:4]}e{one[5:]}",
    refusals.CUT: lambda one: one[:60],
    refusals.BYTES: lambda one: one.replace("NY0130100", "NYÑ30100"),
    refusals.ACTION: lambda one: f"{one[:5]}X{one[6:]}",
    refusals.STATE: lambda one: f"{one[:4]}9{one[5:]}",
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_segment_is_set_aside_and_the_rest_read(code: str, tmp_path: Path) -> None:
    lines = [*incident("20-0000"), *incident(), *incident("20-0002")]
    lines[6] = BROKEN[code](lines[6])
    one = read_lines(tmp_path, lines)
    assert one.inputs[0].quarantine.select("source_row", "reason_code").rows() == [(7, code)]
    tables = rows(one)
    assert tables["incident"].height == 3
    assert tables["victim"]["incident_id"].to_list() == ["NY0130100:20-0000", "NY0130100:20-0002"]
    told = one.problems.filter(code=refusals.DAMAGED)["incident_id"].to_list()
    assert told == ["NY0130100:20-0001"]


def test_an_incident_outlives_its_administrative_segment(tmp_path: Path) -> None:
    lines = incident()
    one = read_lines(tmp_path, [f"0080{lines[0][4:80]}", *lines[1:]])
    tables = rows(one)
    assert tables["incident"].select("incident_id", "occurred_on", "source_row").rows() == [
        ("NY0130100:20-0001", None, 1)
    ]
    assert tables["victim"].height == 1


def test_orphans_are_refused(tmp_path: Path) -> None:
    one = read_lines(tmp_path, [*incident(), incident("20-0009")[2]])
    assert play([one.reports])[0].rows() == [("new", None), ("new", refusals.ORPHAN)]


def test_a_shifted_file_is_refused(tmp_path: Path) -> None:
    lines = incident()
    lines[2] = f"{lines[2][:89]} {lines[2][89:-1]}"
    with pytest.raises(InputError, match="one column off"):
        read_lines(tmp_path, lines)


def _delete(number: str = "20-0001") -> str:
    return line("incident", number, action="D", occurred_on="20200401")


@pytest.mark.parametrize(
    ("reports", "fates"),
    [
        ([incident(), [_delete()]], ["superseded", "superseded"]),
        ([[_delete()], incident()], ["superseded", "new"]),
        ([incident(), [_delete()], incident(tie="SE")], ["superseded", "superseded", "new"]),
        ([incident(), incident()], ["new", "duplicate"]),
        (
            [incident(), [line("incident", action="R", occurred_on="20200401")]],
            ["superseded", "new"],
        ),
        ([incident("20-0002"), [_delete()]], ["new", "superseded"]),
    ],
)
def test_actions_in_order(reports: list[list[str]], fates: list[str], tmp_path: Path) -> None:
    one = read_lines(tmp_path, [text for report in reports for text in report])
    assert play([one.reports])[0]["row_fate"].to_list() == fates


def test_the_same_number_with_other_contents_is_refused(tmp_path: Path) -> None:
    one = read_lines(tmp_path, [*incident(), *incident(tie="ST")])
    assert play([one.reports])[0]["refusal"].to_list() == [None, refusals.REPEATED]


@pytest.mark.parametrize("size", [200, 500, 1000])
def test_blocks_hold_whole_reports(size: int, tmp_path: Path) -> None:
    lines = [text for n in range(20) for text in incident(f"20-{n:04d}")]
    lines[13] = "torn"
    read_lines(tmp_path, lines)
    seen = list(blocks(tmp_path / "submission.txt", size))
    assert len(seen) > 1
    whole = next(iter(blocks(tmp_path / "submission.txt")))
    assert [row for block in seen for row in block.rows] == whole.rows.tolist()
    assert [row for block in seen for row in block.reports] == whole.reports.tolist()
    owners = [{*block.reports.tolist()} - {-1} for block in seen]
    assert sum(map(len, owners)) == len(set().union(*owners))


def test_recognition(tmp_path: Path) -> None:
    read_lines(tmp_path, incident())
    other = tmp_path / "other.txt"
    other.write_text("a,b\n0088,I\n")
    assert is_flat(tmp_path / "submission.txt")
    assert not is_flat(other)
    assert flat_agencies(tmp_path / "submission.txt") == {"NY0130100"}


REAL = [
    ("VTUCR0001_20200420_NIBRS_010.txt", 6516, 1041, 1134, 48, 47),
    ("Test-Submission-1.txt", 1393, 212, 240, 46, 29),
    ("old_format_8_incidents.txt", 53, 8, 8, 1, 1),
]


@pytest.mark.skipif(not SHARED.exists(), reason="the real extracts are not here")
@pytest.mark.parametrize(("name", "segments", "incidents", "victims", "pairs", "partners"), REAL)
def test_real_submissions(
    name: str,
    segments: int,
    incidents: int,
    victims: int,
    pairs: int,
    partners: int,
    tmp_path: Path,
) -> None:
    one = read_lines(tmp_path, (SHARED / name).read_bytes())
    live = {table: frame.filter(row_fate="new") for table, frame in rows(one).items()}
    tied = live["relationship"].filter(live["relationship"]["relationship_raw"].is_in(PARTNERS))
    assert one.inputs[0].rows_read == segments
    assert (live["incident"].height, live["victim"].height) == (incidents, victims)
    assert (tied.height, tied["incident_id"].n_unique()) == (pairs, partners)


def test_a_modified_segment_replaces_the_one_before(tmp_path: Path) -> None:
    change = line("offender", action="M", offender_number="01", age="31", sex="M", race="W")
    one = read_lines(tmp_path, [*incident(), change])
    fates = play([one.reports])
    keys = changed_keys([one.reports])
    gone = replaced([slots(batch, keys) for batch in one.batches()])
    assert fates[0].rows() == [("new", None), ("new", None)]
    assert gone[0].rows() == [("offender", "01", 0)]


def arrested(sequence: str, **cells: object) -> str:
    """Write a Group B arrest of one arrestee of the transaction."""
    row = {
        "arrest_number": "B-1",
        "arrested_on": "20200402",
        "arrest_type": "O",
        "offense_code": "90Z",
    }
    return line("group_b_arrest", arrestee_number=sequence, **{"action": "A", **row, **cells})


@pytest.mark.parametrize(
    ("deleted", "left"),
    [("01", [2]), ("1", [2]), ("02", [1]), (None, []), ("03", [1, 2])],
    ids=["first", "without its zero", "second", "the whole report", "one that is not there"],
)
def test_a_group_b_delete_takes_the_arrestee_it_names_or_all(
    deleted: str | None, left: list[int], tmp_path: Path
) -> None:
    gone = line("group_b_arrest", action="D", arrest_number="B-1", arrestee_number=deleted)
    read = read_lines(tmp_path, [arrested("01"), arrested("02"), gone])
    arrests = rows(read)["arrest"]
    assert arrests.filter(arrests["row_fate"] == "new")["source_row"].to_list() == left


def test_a_group_b_arrest_after_its_delete_stands(tmp_path: Path) -> None:
    gone = line("group_b_arrest", action="D", arrest_number="B-1")
    read = read_lines(tmp_path, [arrested("01"), gone, arrested("01")])
    assert rows(read)["arrest"]["row_fate"].to_list() == ["superseded", "superseded", "new"]


def test_a_delete_may_end_behind_the_number(tmp_path: Path) -> None:
    gone = [
        line("incident", "20-000000001", action="D")[:37],
        line("group_b_arrest", action="D", arrest_number="B-0000000001")[:37],
    ]
    read = read_lines(tmp_path, [*incident("20-000000001"), *gone])
    assert read.inputs[0].quarantine.is_empty()
    assert rows(read)["incident"]["row_fate"].unique().to_list() == ["superseded"]
