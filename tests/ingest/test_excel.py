"""Workbooks as agencies send them."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from helpers_readers import Sheets, assert_tells, codes, make_xls, make_xlsx, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from ipvi_cli.ingest.excel import read_excel
from ipvi_cli.ingest.raw import RawInput, ReadOptions
from ipvi_cli.model.errors import InputError

MAKERS = pytest.mark.parametrize("make", [make_xlsx, make_xls])
DAY = dt.datetime(2019, 5, 1)


def read(path: Path, **options: Any) -> list[RawInput]:
    out = path.parent / "out"
    out.mkdir(exist_ok=True)
    return read_excel(path, "book.xlsx", ReadOptions(**options), out)


def read_one(path: Path, **options: Any) -> RawInput:
    (raw,) = read(path, **options)
    return raw


@MAKERS
def test_cells_become_text(tmp_path: Path, make: Any) -> None:
    cells = [
        12345.0,
        "00123",
        1.5,
        True,
        False,
        DAY,
        dt.datetime(2019, 5, 1, 13, 5, 9),
        dt.time(13, 5),
    ]
    path = make(tmp_path / "b", {"One": [[f"h{n}" for n in range(len(cells))], cells]})

    raw = read_one(path)

    assert raw.file == "book.xlsx#One"
    texts = ["12345", "00123", "1.5", "true", "false", "2019-05-01 00:00:00", "2019-05-01 13:05:09"]
    assert rows_of(raw) == [(2, *texts, "13:05:00")]
    assert raw.lines_skipped == 0
    assert raw.notes == ()


@MAKERS
def test_rows_keep_the_numbers_a_person_sees(tmp_path: Path, make: Any) -> None:
    title = [["Anytown Police Department"], ["Period 2019", None, "as of May"]]
    rows = [[], *title, [], ["ID", "WORD"], ["a", "x"], [], [None, None], ["b", "y"]]
    path = make(tmp_path / "b", {"One": rows})

    raw = read_one(path, expected=frozenset({"id", "word"}))

    assert raw.columns == ("ID", "WORD")
    assert rows_of(raw) == [(6, "a", "x"), (9, "b", "y")]
    assert raw.lines_skipped == 6
    assert [(note.code, note.source_row) for note in raw.notes] == [("IPVI-103", 1)]


def test_table_away_from_the_corner(tmp_path: Path) -> None:
    rows = [[], [], [None, None, "Victim", None, "ID"], [None, None, "Name", "Sex", None]]
    rows += [[None, None, "x", "F", n] for n in ("007", 8, 9)]

    def merge(book: openpyxl.Workbook) -> None:
        book["One"].merge_cells("C3:D3")
        book["One"].merge_cells("E3:E4")

    raw = read_one(make_xlsx(tmp_path / "b", {"One": rows}, merge))

    assert raw.columns == ("Victim Name", "Victim Sex", "ID")
    assert [row[0] for row in rows_of(raw)] == [5, 6, 7]
    assert [(note.code, note.column) for note in raw.notes] == [
        ("IPVI-120", None),
        ("IPVI-123", "ID"),
        ("IPVI-124", "ID"),
    ]


GROUPS = [
    ["ID", "Victim", None, "Offender", None],
    [None, "Sex", "Age", "Sex", "Age"],
    ["a", "F", 30, "M", 31],
]


@pytest.mark.parametrize("merged", [True, False])
@MAKERS
def test_group_titles_are_joined(tmp_path: Path, make: Any, merged: bool) -> None:
    def merge(book: Any) -> None:
        if isinstance(book, openpyxl.Workbook):
            for area in ("A1:A2", "B1:C1", "D1:E1"):
                book["One"].merge_cells(area)

    path = make(tmp_path / "b", {"One": GROUPS}, merge if merged else None)

    raw = read_one(path, expected=frozenset({"Victim Sex", "Offender Sex", "ID"}))

    assert raw.columns == ("ID", "Victim Sex", "Victim Age", "Offender Sex", "Offender Age")
    assert rows_of(raw) == [(3, "a", "F", "30", "M", "31")]
    assert codes(raw) == ["IPVI-120"]
    assert raw.lines_skipped == 0


def test_merged_title_is_no_group(tmp_path: Path) -> None:
    rows = [["All incidents", None, None], ["ID", "SEX", "AGE"], ["a", "F", 30]]
    path = make_xlsx(tmp_path / "b", {"One": rows}, lambda book: book["One"].merge_cells("A1:C1"))

    raw = read_one(path)

    assert raw.columns == ("ID", "SEX", "AGE")
    assert codes(raw) == ["IPVI-103"]


@pytest.mark.parametrize(
    ("options", "columns", "rows"),
    [
        ({"header_row": 2}, ("b", "2"), [(3, "c", "3")]),
        (
            {"header_row": 0},
            ("column_1", "column_2"),
            [(1, "a", "1"), (2, "b", "2"), (3, "c", "3")],
        ),
        (
            {"header_row": 0, "header_names": ("x", "y", "z")},
            ("x", "y", "z"),
            [(1, "a", "1", None), (2, "b", "2", None), (3, "c", "3", None)],
        ),
    ],
)
def test_declared_header(
    tmp_path: Path, options: dict[str, Any], columns: tuple[str, ...], rows: list[Any]
) -> None:
    raw = read_one(make_xlsx(tmp_path / "b", {"One": [["a", 1], ["b", 2], ["c", 3]]}), **options)

    assert raw.columns == columns
    assert rows_of(raw) == rows
    assert raw.lines_skipped == options["header_row"] // 2


def test_headers_without_a_name_or_given_twice(tmp_path: Path) -> None:
    rows = [["ID", None, " SEX ", "SEX", None], ["a", "b", "c", "d", None]]

    raw = read_one(make_xlsx(tmp_path / "b", {"One": rows}), expected=frozenset({"id"}))

    assert raw.columns == ("ID", "column_2", "SEX", "SEX__2")
    assert [(note.code, note.column) for note in raw.notes] == [
        ("IPVI-106", "column_2"),
        ("IPVI-105", "SEX__2"),
    ]


def test_hidden_rows_and_columns_are_kept(tmp_path: Path) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["One"].row_dimensions[2].hidden = True
        book["One"].column_dimensions["B"].hidden = True
        book["One"].auto_filter.ref = "A1:B3"

    raw = read_one(make_xlsx(tmp_path / "b", {"One": [["A", "B"], ["1", "x"], ["2", "y"]]}, hide))

    assert rows_of(raw) == [(2, "1", "x"), (3, "2", "y")]


MONTHS: Sheets = {
    "Jan": [["ID", "SEX"], ["1a", "F"]],
    "Feb": [["title"], ["SEX", "ID"], ["M", "2a"]],
    "Words": [["SEX"], ["F"]],
    "Empty": [],
    "Old": [["ID", "SEX"], ["0a", "F"]],
}


def hide_old(book: Any) -> None:
    if isinstance(book, openpyxl.Workbook):
        book["Old"].sheet_state = "hidden"
        chart = book.create_chartsheet("Chart", 0)
        chart.add_chart(BarChart())
    else:
        book.get_sheet("Old").visibility = 1


@pytest.mark.parametrize(
    ("sheet", "names"),
    [
        (None, ["Jan", "Feb"]),
        ("jan", ["Jan"]),
        ("?a*", ["Jan"]),
        ("*", ["Jan", "Feb", "Words"]),
        ("Old", ["Old"]),
    ],
)
@MAKERS
def test_sheets_are_chosen(tmp_path: Path, make: Any, sheet: str | None, names: list[str]) -> None:
    path = make(tmp_path / "b", MONTHS, hide_old)

    raws = read(path, sheet=sheet, expected=frozenset({"ID", "SEX"}))

    assert [raw.file for raw in raws] == [f"book.xlsx#{name}" for name in names]
    assert [len(rows_of(raw)) for raw in raws] == [1] * len(names)
    skipped = {"IPVI-126": "sheet Words holds fewer", "IPVI-122": "hidden sheet Old was not"}
    for code, said in skipped.items():
        told = [note.message for raw in raws for note in raw.notes if note.code == code]
        expected = (sheet is None) if code == "IPVI-126" else sheet in (None, "*")
        assert len(told) == expected
        assert all(one.startswith(said) for one in told)


def test_charts_make_no_noise(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    read(make_xlsx(tmp_path / "b", MONTHS, hide_old), expected=frozenset({"ID", "SEX"}))

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("sheets", "options", "what"),
    [
        ({"One": [], "Two": [[None], [" "]]}, {}, "every sheet is empty"),
        ({"One": [["a"]]}, {"sheet": "Two"}, "no sheet that holds data has the name 'Two'"),
        (
            {"One": [["a"], ["SECRET"]], "Two": [["b"], ["SECRET"]]},
            {"expected": frozenset("z")},
            "no visible sheet",
        ),
        ({"One": [["a"], ["SECRET"]]}, {"header_row": 9}, "no row 9"),
    ],
)
def test_refused_choices(
    tmp_path: Path, sheets: Sheets, options: dict[str, Any], what: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(make_xlsx(tmp_path / "b", sheets), **options)

    assert_tells(caught.value, "book.xlsx", what)


@MAKERS
def test_day_numbers_among_dates(tmp_path: Path, make: Any) -> None:
    days = [DAY, 43587, 43588.5, "43589", DAY, 2019, "unknown", DAY, DAY, DAY]
    path = make(
        tmp_path / "b", {"One": [["N", "WHEN"], *([f"n{n}", day] for n, day in enumerate(days))]}
    )

    raw = read_one(path)

    shown = [row[2] for row in rows_of(raw)]
    assert shown[:4] == [
        "2019-05-01 00:00:00",
        "2019-05-02 00:00:00",
        "2019-05-03 12:00:00",
        "43589",
    ]
    assert shown[5:7] == ["2019", "unknown"]
    (note,) = (one for one in raw.notes if one.code == "IPVI-128")
    assert (note.column, note.source_row) == ("WHEN", 3)
    assert note.message.startswith("2 cells")


def test_day_numbers_alone_stay_as_they_are(tmp_path: Path) -> None:
    raw = read_one(make_xlsx(tmp_path / "b", {"One": [["ID", "WHEN"], ["a", 43586], ["b", 43587]]}))

    assert rows_of(raw) == [(2, "a", "43586"), (3, "b", "43587")]


def test_days_from_1904(tmp_path: Path) -> None:
    rows = [["WHEN", "TIME"], [DAY, dt.time(13, 5)], [42125, dt.time(0, 0)], [DAY, dt.time(1, 0)]]

    def shift(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    raw = read_one(make_xlsx(tmp_path / "b", {"One": rows}, shift))

    assert rows_of(raw) == [
        (2, "2019-05-01 00:00:00", "13:05:00"),
        (3, "2019-05-02 00:00:00", "00:00:00"),
        (4, "2019-05-01 00:00:00", "01:00:00"),
    ]


@MAKERS
def test_identifiers_that_lost_their_zeros(tmp_path: Path, make: Any) -> None:
    ids = ["0012345", "0012346", 12347, 12348, "0012349"]
    path = make(tmp_path / "b", {"One": [["ID"], *([one] for one in ids)]})

    raw = read_one(path)

    assert [row[1] for row in rows_of(raw)] == ["0012345", "0012346", "12347", "12348", "0012349"]
    notes = {note.code: note for note in raw.notes}
    assert notes.keys() == {"IPVI-123", "IPVI-124"}
    assert (notes["IPVI-123"].column, notes["IPVI-123"].source_row) == ("ID", 4)
    assert notes["IPVI-123"].message.startswith("2 numbers are shorter than the 7 digits")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1, 2, 3], []),
        (["1", "2", "3"], []),
        (["1", 2, 3], ["IPVI-124"]),
        (["12", 3, 4], ["IPVI-124"]),
        ([1234567890123456789, 2, 3], ["IPVI-127"]),
    ],
)
def test_what_columns_of_numbers_tell(tmp_path: Path, values: list[Any], found: list[str]) -> None:
    raw = read_one(make_xlsx(tmp_path / "b", {"One": [["N"], *([one] for one in values)]}))

    assert codes(raw) == found


def test_formulas_and_errors(tmp_path: Path) -> None:
    path = tmp_path / "b"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("One")
        sheet.write_row(0, 0, ["ID", "SUM", "RATE"])
        for row, (total, rate) in enumerate([(3, "#DIV/0!"), (4.5, 0.5), ("x", "#N/A")], start=1):
            sheet.write_string(row, 0, f"n{row}")
            sheet.write_formula(row, 1, "=1+2", value=total)
            sheet.write_formula(row, 2, "=1/0", value=rate)

    raw = read_one(path)

    assert rows_of(raw) == [(2, "n1", "3", None), (3, "n2", "4.5", "0.5"), (4, "n3", "x", None)]
    (note,) = raw.notes
    assert (note.code, note.column, note.source_row) == ("IPVI-121", "RATE", 2)
    assert note.message.startswith("2 cells hold a formula error")


TABLE = [["ID", "SEX", "AGE", "CITY"], ["n1", "F", 30, "x"], ["n2", "M", 31, "y"]]


@pytest.mark.parametrize(
    "footer",
    [
        [["Total", 2]],
        [["Grand Total:", None, None, 61]],
        [[], ["Source: records system"], ["* counts may change"]],
        [[], ["Sealed cases are left out."], ["So are juveniles of any kind."]],
        [[None, "Total rows", 2], [], ["Printed on 5/1/2019", None, "page 1"]],
    ],
)
def test_footers_are_no_records(tmp_path: Path, footer: list[list[Any]]) -> None:
    raw = read_one(make_xlsx(tmp_path / "b", {"One": [*TABLE, *footer]}))

    assert [row[0] for row in rows_of(raw)] == [2, 3]
    assert raw.lines_skipped == len(footer)
    (note,) = raw.notes
    assert note.code == "IPVI-104"
    assert note.source_row == 4 + (not footer[0])


@pytest.mark.parametrize(
    "last",
    [
        [["Total", 1, 61, "x"]],
        [["n3"]],
        [[], ["n3", None, None, None]],
        [[], [None, None, None, "Two words"]],
        [["Sealed case follows"]],
    ],
)
def test_what_may_be_a_record_is_kept(tmp_path: Path, last: list[list[Any]]) -> None:
    raw = read_one(make_xlsx(tmp_path / "b", {"One": [*TABLE, *last]}))

    assert [row[0] for row in rows_of(raw)] == [2, 3, 3 + len(last)]
    assert "IPVI-104" not in codes(raw)


def test_total_of_a_narrow_table_is_kept(tmp_path: Path) -> None:
    raw = read_one(make_xlsx(tmp_path / "b", {"One": [["PLACE", "COUNT"], ["a", 1], ["Total", 1]]}))

    assert rows_of(raw) == [(2, "a", "1"), (3, "Total", "1")]


def test_repeated_header_is_no_record(tmp_path: Path) -> None:
    raw = read_one(make_xlsx(tmp_path / "b", {"One": [*TABLE, TABLE[0], ["n3", "F", 1, "z"]]}))

    assert [row[0] for row in rows_of(raw)] == [2, 3, 5]
    assert [(note.code, note.source_row) for note in raw.notes] == [("IPVI-109", 4)]
    assert raw.lines_skipped == 1


def test_header_alone(tmp_path: Path) -> None:
    raw = read_one(make_xlsx(tmp_path / "b", {"One": [["ID", "SEX"]]}))

    assert rows_of(raw) == []
    assert raw.columns == ("ID", "SEX")
    assert codes(raw) == ["IPVI-108"]


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    at = content.index(b"xl/worksheets/sheet1.xml") + 200
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 40]) + content[at + 40 :]


@pytest.mark.parametrize("spoil", [cut, flip, lambda _: b"PK\x03\x04 SECRET", lambda _: b"SECRET"])
def test_damaged_workbook(tmp_path: Path, spoil: Any) -> None:
    path = make_xlsx(tmp_path / "b", {"One": [["ID"], *([f"SECRET {n}"] for n in range(500))]})
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(InputError) as caught:
        read(path)

    assert_tells(caught.value, "book.xlsx", "damaged or cut short")


def test_damaged_xls(tmp_path: Path) -> None:
    path = make_xls(tmp_path / "b", {"One": [["ID"], *([f"SECRET {n}"] for n in range(500))]})
    path.write_bytes(cut(path.read_bytes()))

    with pytest.raises(InputError) as caught:
        read(path)

    assert_tells(caught.value, "book.xlsx", "damaged or cut short")


def test_sheet_that_is_no_xml(tmp_path: Path) -> None:
    good = make_xlsx(tmp_path / "good", {"One": [["ID"], ["SECRET"]]})
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "b", "w") as new:
        for name in old.namelist():
            sheet = name.endswith("sheet1.xml")
            new.writestr(name, b"<worksheet><SECRET" if sheet else old.read(name))

    with pytest.raises(InputError) as caught:
        read(tmp_path / "b")

    assert_tells(caught.value, "book.xlsx", "damaged or cut short")


def locked_xlsx(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))


def locked_xls(path: Path) -> None:
    content = bytearray(make_xls(path, {"One": [["SECRET"]]}).read_bytes())
    start = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    content[start : start + 2] = b"\x2f\x00"
    path.write_bytes(content)


@pytest.mark.parametrize("make", [locked_xlsx, locked_xls])
def test_password(tmp_path: Path, make: Any) -> None:
    make(tmp_path / "b")

    with pytest.raises(InputError) as caught:
        read(tmp_path / "b")

    assert_tells(caught.value, "book.xlsx", "protected by a password")


CELLS = (
    st.none()
    | st.integers(-9, 99999)
    | st.text("abc 01", max_size=4)
    | st.booleans()
    | st.just(DAY)
)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=8))
def test_every_row_is_read_or_skipped(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]
) -> None:
    path = tmp_path_factory.mktemp("x") / "b"
    head = ["ID", "SEX", "WHEN", "CITY"]

    raw = read_one(make_xlsx(path, {"One": [["title"], head, *rows, ["last", "a", "b", "c"]]}))

    numbers = [row[0] for row in rows_of(raw)]
    filled = [
        n for n, row in enumerate(rows, start=3) if any(str(c or "").strip() or c == 0 for c in row)
    ]
    assert numbers == [*filled, len(rows) + 3]
    assert raw.rows_read + raw.lines_skipped == len(rows) + 2


def test_stray_cell_in_the_far_corner(tmp_path: Path) -> None:
    def stray(book: openpyxl.Workbook) -> None:
        book["One"]["XFD1048576"] = "SECRET"

    path = make_xlsx(tmp_path / "b", {"One": [["ID"], ["a"]]}, stray)

    with pytest.raises(InputError) as caught:
        read(path)

    assert_tells(caught.value, "book.xlsx", "spans 1,048,576 rows and 16,384 columns")
