import csv
import io
from datetime import date, time
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipvi_cli.workspace import csv_bytes
from ipvi_cli.workspace.spreadsheet import xlsx_bytes

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "a;=1+1", "a\t@x"]


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("value", FORMULAS)
def test_no_cell_of_a_csv_runs(value: str) -> None:
    (_, (cell, other)) = cells(csv_bytes(pl.DataFrame({"a": [value], "b": ["plain"]})))
    assert cell.replace("'", "") == value
    assert cell != value
    assert other == "plain"


@given(st.text())
def test_no_field_starts_as_a_formula_whatever_separates_fields(value: str) -> None:
    (_, (cell, _)) = cells(csv_bytes(pl.DataFrame({"a": [value], "b": [1]})))
    assert cell.replace("'", "") == value.replace("'", "")
    for separator in ("\t", ";", "\n", "\r"):
        for field in cell.split(separator):
            assert not field.startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r", "\n"))


def test_a_kept_column_stays_byte_for_byte() -> None:
    df = pl.DataFrame({"value": ["=x", ' "quoted", and\nlong '], "rule": ["=x", "r"]})
    rows = cells(csv_bytes(df, keep=("value",)))
    assert rows[1:] == [["=x", "'=x"], [' "quoted", and\nlong ', "r"]]


def test_numbers_lists_and_dates_are_plain() -> None:
    df = pl.DataFrame(
        {"n": [-1], "share": [0.5], "l": [["a", "b"]], "none": [[]], "d": [date(2019, 5, 1)]},
        schema_overrides={"none": pl.List(pl.String)},
    )
    assert csv_bytes(df) == b'n,share,l,none,d\n-1,0.5,a|b,"",2019-05-01\n'


def test_a_column_name_cannot_run_either() -> None:
    assert csv_bytes(pl.DataFrame({"=cmd": [1]})) == b"'=cmd\n1\n"


def test_a_workbook_holds_what_the_frame_holds(tmp_path: Path) -> None:
    # Arrange
    df = pl.DataFrame(
        {
            "group": [*FORMULAS, "http://example.org", None],
            "incidents": range(11),
            "share": [0.83] * 11,
            "day": [date(2019, 5, 1)] * 11,
            "at": [time(13, 5)] * 11,
            "complete": [True] * 11,
            "codes": [["SE", "CS"]] * 11,
            "year": [2019] * 11,
        }
    )
    path = tmp_path / "audit.xlsx"

    # Act
    path.write_bytes(
        xlsx_bytes({"A01: a/b": df, "a01: a/b": df}, title="Somewhere", percent=("share",))
    )
    book = openpyxl.load_workbook(path)

    # Assert
    assert book.sheetnames == ["A01  a b", "a01  a b (2)"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet["A"][:3]] == ["Somewhere", "CONFIDENTIAL", "group"]
    assert "CONFIDENTIAL" in sheet.oddHeader.center.text
    shown = [str(cell.value).replace("_x000D_", "\r") for cell in sheet["A"][3:13]]
    assert shown == [*FORMULAS, "http://example.org"]
    assert all(cell.data_type == "s" and not cell.hyperlink for cell in sheet["A"][3:13])
    assert sheet["C4"].number_format == "0.0%"
    assert sheet["C4"].value == 0.83
    assert sheet["D4"].value.date() == date(2019, 5, 1)
    assert sheet["F4"].value == "yes"
    assert sheet["G4"].value == "SE|CS"
    assert sheet.freeze_panes == "B4"


def test_equal_frames_make_equal_workbooks() -> None:
    df = pl.DataFrame({"a": ["x"], "b": [1.5]})
    assert xlsx_bytes({"s": df}, title="t") == xlsx_bytes({"s": df}, title="t")
