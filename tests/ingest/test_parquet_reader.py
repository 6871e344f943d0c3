"""Parquet as text that changes no value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from helpers_readers import assert_tells, codes, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.ingest.parquet import read_parquet
from ipvi_cli.ingest.raw import RawInput, ReadOptions
from ipvi_cli.model.errors import InputError


def read(path: Path) -> RawInput:
    return read_parquet(path, "x.parquet", ReadOptions(), path.with_name("clean.parquet"))


def read_values(folder: Path, values: list[Any], kind: pa.DataType) -> list[str | None]:
    path = folder / "in.parquet"
    pq.write_table(pa.table({"v": pa.array(values, kind)}), path)
    return [row[1] for row in rows_of(read(path))]


NOON = dt.datetime(2019, 5, 1, 12)


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        ([1, -(2**63), None], pa.int64(), ["1", str(-(2**63)), None]),
        ([2**64 - 1], pa.uint64(), [str(2**64 - 1)]),
        ([12345.0, 0.1, float("nan"), None], pa.float64(), ["12345", "0.1", None, None]),
        ([0.1, 1.5], pa.float32(), ["0.1", "1.5"]),
        ([Decimal("1.10"), Decimal(0)], pa.decimal128(20, 2), ["1.10", "0.00"]),
        ([True, False, None], pa.bool_(), ["true", "false", None]),
        ([dt.date(2019, 5, 1), dt.date(1931, 1, 1)], pa.date32(), ["2019-05-01", "1931-01-01"]),
        ([NOON, None], pa.timestamp("ms"), ["2019-05-01 12:00:00", None]),
        ([NOON.replace(microsecond=5)], pa.timestamp("us"), ["2019-05-01 12:00:00.000005"]),
        ([NOON], pa.timestamp("ns"), ["2019-05-01 12:00:00"]),
        ([NOON], pa.timestamp("us", "America/New_York"), ["2019-05-01 08:00:00-04:00"]),
        ([dt.time(13, 5), None], pa.time64("us"), ["13:05:00", None]),
        ([dt.timedelta(days=1, hours=6)], pa.duration("us"), ["P1DT6H"]),
        (["0012", "", " x ", "é", None], pa.string(), ["0012", None, " x ", "é", None]),
        (["a", "b", "a"], pa.dictionary(pa.int32(), pa.string()), ["a", "b", "a"]),
        ([b"0012", b"\xff", None], pa.binary(), ["0012", "\\xff", None]),
        ([[1, 2], [], None], pa.list_(pa.int64()), ["[1,2]", None, None]),
        ([{"a": 1}, None], pa.struct({"a": pa.int64()}), ['{"a":1}', None]),
        ([None], pa.null(), [None]),
    ],
)
def test_values_keep_their_text(
    tmp_path: Path, values: list[Any], kind: pa.DataType, texts: list[str | None]
) -> None:
    assert read_values(tmp_path, values, kind) == texts


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=6) | st.none(), min_size=1))
def test_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, values: list[str | None]
) -> None:
    read_back = read_values(tmp_path_factory.mktemp("p"), values, pa.string())

    assert read_back == [value or None for value in values]


def test_rows_are_numbered_and_names_made_usable(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pl.DataFrame({" ID  no": ["a", "b"], "": [1, 2], "source_row": [7, 7]}).write_parquet(path)

    raw = read(path)

    assert raw.columns == ("ID no", "column_2", "source_row_")
    assert rows_of(raw) == [(1, "a", "1", "7"), (2, "b", "2", "7")]
    assert raw.lines_skipped == 0
    assert raw.notes == ()


def test_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pl.DataFrame({"id": []}, schema={"id": pl.String}).write_parquet(path)

    raw = read(path)

    assert rows_of(raw) == []
    assert codes(raw) == ["IPVI-108"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:-9] + b"\xff" * 5 + content[-4:],
        lambda content: content[:4] + bytes(200) + content[204:],
        lambda _: b"PAR1 SECRET PAR1",
        lambda _: b"PAR1",
        lambda _: b"",
    ],
)
def test_damaged_file(tmp_path: Path, spoil: Any) -> None:
    path = tmp_path / "in.parquet"
    pl.DataFrame({"id": [f"SECRET {n}" for n in range(500)]}).write_parquet(path)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(InputError) as caught:
        read(path)

    assert_tells(caught.value, "x.parquet", "damaged or cut short")


def test_bytes_inside_lists_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_values(tmp_path, [[b"SECRET"]], pa.list_(pa.binary()))

    assert_tells(caught.value, "x.parquet, column v", "nests values")
