"""Dates and times in the ways that extracts write them."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.ingest.stamp_plan import Evidence, StampPlan, declared_orders, is_clock, weigh
from ipvi_cli.ingest.stamps import read_stamps, read_times

MAY_1 = dt.date(2019, 5, 1)
ONE_PM = dt.time(13, 0)


UNDECIDED = StampPlan()


def read_one(cell: str | None, plan: StampPlan = UNDECIDED) -> tuple[object, object, object]:
    return read_stamps(pl.Series([cell], dtype=pl.String), plan).row(0)


@pytest.mark.parametrize(
    "cell",
    [
        "2019-05-01", "2019/5/1", "2019.05.01", "20190501", "01-May-2019", "1-MAY-19", "May 1 2019",
        "May 1, 2019", "1 May 2019", "01MAY2019", " 2019-05-01 ", "1 May  2019",
    ],
)  # fmt: skip
def test_dates_that_can_be_read_in_one_way_only(cell: str) -> None:
    assert read_one(cell) == (MAY_1, None, False)


@pytest.mark.parametrize(
    "cell",
    [
        "2019-05-01T13:00:00", "2019-05-01 13:00", "2019-05-01 1:00 PM", "2019-05-01 01:00:00p.m.",
        "May 1, 2019 1:00 pm", "2019-05-01T13:00:00.000", "2019-05-01 1300",
    ],
)  # fmt: skip
def test_date_and_time_in_one_cell(cell: str) -> None:
    assert read_one(cell) == (MAY_1, ONE_PM, True)


@pytest.mark.parametrize(
    "cell",
    [
        "1/2/2019", "13/13/2019", "02/30/2019", "2019-02-29", "2019-13-01", "00/00/0000", "1/1/5",
        "1/1/201", "20199-01-01", "0019-05-01", "43586", "unknown", "May 2019", "", "12:30",
    ],
)  # fmt: skip
def test_what_is_no_date_or_two_dates_is_not_read(cell: str) -> None:
    assert read_one(cell)[0] is None


@pytest.mark.parametrize(
    ("day_first", "expected"), [(True, dt.date(2019, 2, 1)), (False, dt.date(2019, 1, 2))]
)
def test_the_order_of_the_column_decides(day_first: bool, expected: dt.date) -> None:
    assert read_one("1/2/2019", StampPlan(day_first=day_first))[0] == expected


def test_a_date_that_is_the_same_in_both_orders_needs_none() -> None:
    assert read_one("5/5/2019")[0] == dt.date(2019, 5, 5)


def test_declared_formats_come_first_and_others_fill_in() -> None:
    plan = StampPlan(formats=("%Y%d%m", "%m/%d/%Y"), day_first=False)
    cells = pl.Series(["20190105", "05/01/2019", "05/01/2019 13:00", "2019-05-01", "1/5/19"])
    expected = [MAY_1, MAY_1, MAY_1, MAY_1, dt.date(2019, 1, 5)]
    assert read_stamps(cells, plan)["date"].to_list() == expected


def test_declared_formats_of_both_orders_are_tried_in_turn() -> None:
    plan = StampPlan(formats=("%d/%m/%Y", "%m/%d/%Y"))
    cells = pl.Series(["1/5/2019", "1/31/2019"])
    assert read_stamps(cells, plan)["date"].to_list() == [MAY_1, dt.date(2019, 1, 31)]


@pytest.mark.parametrize(
    ("cell", "day", "time"),
    [
        ("43586", MAY_1, None),
        ("43586.0", MAY_1, None),
        ("43586.5", MAY_1, dt.time(12, 0)),
        ("43586.541666666664", MAY_1, ONE_PM),
        ("43585.99999999999", MAY_1, None),
        ("0.5", None, None),
        ("60", None, None),
        ("99999999", None, None),
        ("inf", None, None),
        ("-3", None, None),
    ],
)
def test_day_numbers_are_read_where_they_are_declared(
    cell: str, day: dt.date | None, time: dt.time | None
) -> None:
    assert read_one(cell, StampPlan(formats=("excel",)))[:2] == (day, time)


@pytest.mark.parametrize("cell", ["1/1/55", "1-Jan-55", "01/01/55 00:00"])
@pytest.mark.parametrize("formats", [(), ("%m/%d/%y", "%d-%b-%y")])
def test_two_digit_years_follow_the_pivot(cell: str, formats: tuple[str, ...]) -> None:
    births = StampPlan(formats, day_first=False, pivot=20)
    others = StampPlan(formats, day_first=False)
    assert read_one(cell, births)[0] == dt.date(1955, 1, 1)
    assert read_one(cell, others)[0] == dt.date(2055, 1, 1)


def test_stamps_with_an_offset_go_to_the_declared_zone() -> None:
    cells = pl.Series(["2019-02-01T02:00:00Z", "2019-02-01T02:00:00-05:00", "2019-02-01 02:00"])
    read = read_stamps(cells, StampPlan(zone="America/New_York"))
    assert read["date"].to_list() == [
        dt.date(2019, 1, 31),
        dt.date(2019, 2, 1),
        dt.date(2019, 2, 1),
    ]
    assert read["time"].to_list() == [dt.time(21), dt.time(2), dt.time(2)]


@pytest.mark.parametrize("cell", ["2019-05-01 25:00", "2019-05-01 13:60", "2019-05-01 13:30 PM"])
def test_an_illegible_time_leaves_the_date(cell: str) -> None:
    assert read_one(cell) == (MAY_1, None, True)


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("1330", dt.time(13, 30)), ("100", dt.time(1, 0)), ("5", dt.time(0, 5)), ("0005", dt.time(0, 5)),
        ("1330.0", dt.time(13, 30)), ("13:30", dt.time(13, 30)), ("1:30 PM", dt.time(13, 30)),
        ("12:05 AM", dt.time(0, 5)), ("12:05pm", dt.time(12, 5)), ("13:30:59", dt.time(13, 30, 59)),
        ("2019-05-01 13:30", dt.time(13, 30)), ("2400", None), ("1360", None), ("24:00", None),
        ("noon", None), ("2019-05-01", None), ("133000", None),
    ],
)  # fmt: skip
def test_times_of_day(cell: str, time: dt.time | None) -> None:
    assert read_times(pl.Series([cell]), StampPlan()).to_list() == [time]


def test_bare_numbers_are_hours_where_the_column_holds_hours() -> None:
    read = read_times(pl.Series(["19", "5", "24"]), StampPlan(hours=True))
    assert read.to_list() == [dt.time(19), dt.time(5), None]


def test_declared_clocks_and_fractions_of_a_day() -> None:
    plan = StampPlan(formats=("%H%M%S", "excel"))
    cells = pl.Series(["133000", "0.5", "43586.25", "1330"])
    expected = [dt.time(13, 30), dt.time(12), dt.time(6), dt.time(13, 30)]
    assert read_times(cells, plan).to_list() == expected


def test_cells_are_left_as_they_were() -> None:
    cells = pl.Series("d", ["1/2/2019", None, "2019-05-01"])
    read_stamps(cells, StampPlan())
    read_times(cells, StampPlan())
    assert cells.to_list() == ["1/2/2019", None, "2019-05-01"]


@pytest.mark.parametrize(
    ("cells", "order", "both", "either"),
    [
        (["1/2/2019", "1/31/2019"], False, False, True),
        (["1/2/2019", "31/1/2019"], True, False, True),
        (["1/31/2019", "31/1/2019"], None, True, False),
        (["1/2/2019", "3/4/2019"], None, False, True),
        (["5/5/2019"], None, False, False),
        (["31/31/2019", "1/31/2019", "00/13/2019"], False, False, False),
        (["2019-01-31", "Feb 1 2019", None], None, False, False),
        (["1/31/2019 13:00"], False, False, False),
    ],
)
def test_all_values_of_a_column_decide(
    cells: list[str | None], order: bool | None, both: bool, either: bool
) -> None:
    seen = weigh(pl.Series(cells, dtype=pl.String))
    assert (seen.order, seen.both, seen.either > 0) == (order, both, either)


def test_evidence_of_parts_adds_up_to_that_of_the_whole() -> None:
    parts = [["1/2/2019", "19"], ["1/31/2019", "1330"]]
    whole = weigh(pl.Series([cell for part in parts for cell in part]))
    assert sum((weigh(pl.Series(part)) for part in parts), Evidence()) == whole


@pytest.mark.parametrize(
    ("formats", "orders"),
    [
        (("%m/%d/%Y",), {False}), (("%d.%m.%y %H:%M",), {True}), (("%D",), {False}),
        (("%-m/%-d/%Y",), {False}), (("%Y-%m-%d", "excel", "%d-%b-%Y"), set()),
        (("%m/%d/%Y", "%d/%m/%Y"), {True, False}),
    ],
)  # fmt: skip
def test_formats_tell_the_order(formats: tuple[str, ...], orders: set[bool]) -> None:
    assert declared_orders(formats) == orders


@pytest.mark.parametrize(
    ("form", "clock"),
    [("%H:%M", True), ("%I:%M %p", True), ("%m/%d/%Y %H:%M", False), ("excel", False)],
)
def test_a_clock_holds_no_date(form: str, clock: bool) -> None:
    assert is_clock(form) is clock


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(DAYS, min_size=1, max_size=30), st.booleans())
def test_no_date_is_ever_read_in_an_order_that_the_column_does_not_have(
    days: list[dt.date], day_first: bool
) -> None:
    form = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    cells = pl.Series([day.strftime(form) for day in days])

    order = weigh(cells).order
    read = read_stamps(cells, StampPlan(day_first=order))["date"].to_list()

    assert order in (day_first, None)
    assert all(found in (day, None) for found, day in zip(read, days, strict=True))
    assert order is None or read == days
