"""Decisions over all values of a column: date order, hours or minutes, years of birth."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from helpers_ingest import HEAD, Delivery, deliver

from ipvi_cli.ingest.inputs import BATCH_ROWS

SOURCES = """
[[sources]]
name = "s"
files = "s*.csv"
{more}
keys = {{ incident_number = "No" }}
[[sources.tables]]
table = "incident"
columns = {{ occurred_on = "On", occurred_time = {time} }}
[[sources.tables]]
table = "victim"
columns = {{ birth_date = "DOB", sex = "Sex" }}
[[sources.tables]]
table = "offender"
columns = {{ birth_date = "DOB", sex = "Sex" }}
"""


def read(
    folder: Path, *files: list[str], more: str = "", time: str = '"At"', head: str = HEAD
) -> Delivery:
    """Read files of rows ``On,At,DOB``."""
    texts: dict[str, str | bytes] = {}
    number = 0
    for place, rows in enumerate(files):
        lines = ["No,On,At,DOB,Sex"]
        for row in rows:
            number += 1
            lines.append(f"{number},{row},F")
        texts[f"s_{place}.csv"] = "\n".join(lines) + "\n"
    return deliver(folder, texts, SOURCES.format(more=more, time=time), head)


def test_a_value_in_the_last_file_decides_the_order_of_the_first(tmp_path: Path) -> None:
    made = read(tmp_path, ["1/2/2019,,"], ["25/2/2019,,"])
    assert made.column("incident", "occurred_on") == [dt.date(2019, 2, 1), dt.date(2019, 2, 25)]
    assert made.codes == []


def test_columns_are_decided_apart(tmp_path: Path) -> None:
    made = read(tmp_path, ["1/2/2019,,25/12/1980", "1/31/2019,,1/2/1980"])
    assert made.column("incident", "occurred_on") == [dt.date(2019, 1, 2), dt.date(2019, 1, 31)]
    assert made.column("victim", "birth_date") == [dt.date(1980, 12, 25), dt.date(1980, 2, 1)]


def test_both_orders_leave_what_fits_both_unread(tmp_path: Path) -> None:
    made = read(tmp_path, ["1/2/2019,,", "1/31/2019,,", "31/1/2019,,", "3/3/2019,,"])
    january = dt.date(2019, 1, 31)
    assert made.column("incident", "occurred_on") == [None, january, january, dt.date(2019, 3, 3)]
    assert made.codes == ["IPVI-201", "IPVI-206"]
    assert made.rows_of("IPVI-201") == [2]


def test_a_column_that_tells_nothing_is_said_once(tmp_path: Path) -> None:
    made = read(tmp_path, [",,1/2/1980", ",,3/4/1980"])
    assert made.column("victim", "birth_date") == [None, None]
    assert made.rows_of("IPVI-202") == [None]
    assert made.rows_of("IPVI-201") == [2, 2, 3, 3]


def test_an_impossible_date_decides_nothing(tmp_path: Path) -> None:
    made = read(tmp_path, ["1/2/2019,,", "25/2/2019,,", "31/31/2019,,"])
    assert made.column("incident", "occurred_on")[0] == dt.date(2019, 2, 1)
    assert made.codes == ["IPVI-201"]
    assert made.rows_of("IPVI-201") == [4]


@pytest.mark.parametrize(
    ("more", "first"),
    [
        ('date_formats = "%d/%m/%Y"', dt.date(2019, 2, 1)),
        ('date_formats = ["%m/%d/%Y", "%d/%m/%Y"]', dt.date(2019, 1, 2)),
        ('date_formats = ["%d-%b-%Y", "%m/%d/%Y"]', dt.date(2019, 1, 2)),
        ('date_formats = ["%Y-%m-%d", "excel"]', None),
    ],
)
def test_declared_formats_decide(tmp_path: Path, more: str, first: dt.date | None) -> None:
    made = read(tmp_path, ["1/2/2019,,", "2019-05-01,,", "01-May-2019,,"], more=more)
    may = dt.date(2019, 5, 1)
    assert made.column("incident", "occurred_on") == [first, may, may]
    assert ("IPVI-202" in made.codes) is (first is None)


def test_values_decide_where_the_declared_formats_do_not(tmp_path: Path) -> None:
    made = read(tmp_path, ["1/2/2019,,", "43586,,", "1/31/2019,,"], more='date_formats = "excel"')
    expected = [dt.date(2019, 1, 2), dt.date(2019, 5, 1), dt.date(2019, 1, 31)]
    assert made.column("incident", "occurred_on") == expected


@pytest.mark.parametrize("more", ["", 'date_formats = "%Y-%m-%d"'])
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["19", "5"], [dt.time(19), dt.time(5)]),
        (["1330", "5"], [dt.time(13, 30), dt.time(0, 5)]),
        (["1:30 PM", "7"], [dt.time(13, 30), dt.time(7)]),
    ],
)
def test_bare_times_are_hours_only_where_no_value_has_minutes(
    tmp_path: Path, more: str, cells: list[str], expected: list[dt.time]
) -> None:
    made = read(tmp_path, [f",{cell}," for cell in cells], more=more)
    assert made.column("incident", "occurred_time") == expected


def test_a_declared_clock_decides(tmp_path: Path) -> None:
    time = '{ column = "At", date_formats = "%H%M" }'
    made = read(tmp_path, [",19,", ",5,"], time=time)
    assert made.column("incident", "occurred_time") == [dt.time(0, 19), dt.time(0, 5)]


@pytest.mark.parametrize(
    ("head", "year"), [(HEAD, 1921), (HEAD.replace("extract_date = 2020-01-31\n", ""), 2021)]
)
def test_nobody_is_born_after_the_extract(tmp_path: Path, head: str, year: int) -> None:
    made = read(tmp_path, ["5/31/21,,5/31/21"], head=head)
    assert made.column("victim", "birth_date") == [dt.date(year, 5, 31)]
    assert made.column("incident", "occurred_on") == [dt.date(2021, 5, 31)]


def test_stamps_with_an_offset_become_local(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        ["2019-02-01T02:00:00Z,2019-02-01T02:00:00Z,"],
        more='time_zone = "America/New_York"',
    )
    assert made.column("incident", "occurred_on") == [dt.date(2019, 1, 31)]
    assert made.column("incident", "occurred_time") == [dt.time(21)]


def test_dates_in_lists_are_decided_item_by_item(tmp_path: Path) -> None:
    sources = """
[[sources]]
name = "s"
files = "s.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
[[sources.tables]]
table = "victim"
packed = { columns = ["DOB"], items = "||", key = "::" }
columns = { birth_date = "DOB" }
"""
    made = deliver(tmp_path, {"s.csv": "No,DOB\n1,0::1/2/1980||1::25/2/1980\n"}, sources)
    assert made.column("victim", "birth_date") == [dt.date(1980, 2, 1), dt.date(1980, 2, 25)]


def test_no_decision_depends_on_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ["1/2/2019,19,", "3/4/2019,5,", "25/2/2019,7,"]
    whole = read(tmp_path / "whole", rows)
    monkeypatch.setattr("ipvi_cli.ingest.inputs.BATCH_ROWS", 1)
    apart = read(tmp_path / "apart", rows)
    assert BATCH_ROWS > 1
    assert apart.table("incident").equals(whole.table("incident"))
    assert apart.account() == whole.account()
