"""Small delimited files with one defect each: which cells are read, which records are set aside, and what is said."""

from __future__ import annotations

import threading
import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from helpers_delimited import LABEL, read

from ipvi_cli.ingest.delimited import read_delimited
from ipvi_cli.ingest.raw import QUARANTINE_SCHEMA, SOURCE_ROW, ReadOptions
from ipvi_cli.model.errors import InputError

H = b"id,name,note\n"
EXPECTED = ReadOptions(expected=frozenset({"id", "name", "note"}))
CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "delimited.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("block", [3, 1 << 20])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], block: int) -> None:
    content = case["content"].encode(case.get("encoding", "utf-8"))
    options = ReadOptions(**case["options"]) if "options" in case else EXPECTED

    seen = read(content, options, block=block)

    assert seen.raw.columns == ("id", "name", "note")
    assert [
        [line, *(cell or "" for cell in row)]
        for line, row in zip(seen.lines, seen.rows, strict=True)
    ] == case["rows"]
    assert "" not in {cell for row in seen.rows for cell in row}
    refused = case.get("refused", [])
    assert [list(one) for one in seen.refused] == refused
    assert seen.raw.rows_read == len(case["rows"]) + len(refused)
    assert seen.raw.lines_skipped == case.get("skipped", 0)
    assert seen.codes == case.get("codes", [])


def test_half_a_letter_at_the_end() -> None:
    seen = read((H.decode() + "1,a,x\n2,b,y").encode("utf-16-le")[:-1], EXPECTED)

    assert seen.rows == [("1", "a", "x")]
    assert seen.refused == [(3, "bad_encoding")]


def test_records_set_aside_keep_their_bytes_and_place() -> None:
    content = H + b'1,a,x\r\n9,S\xe9cret\r\n8,"Secret,q\r\n2,b,y\r\n'

    seen = read(content, EXPECTED)

    assert seen.raw.quarantine.schema == pl.Schema(QUARANTINE_SCHEMA)
    assert seen.raw.quarantine.rows() == [
        (3, "too_few_fields", "fewer fields than the header: 2 instead of 3", 20, b"9,S\xe9cret"),
        (4, "unclosed_quote", "a quotation mark is opened and never closed", 30, b'8,"Secret,q'),
    ]
    assert "ecret" not in str([note.message for note in seen.raw.notes])


@pytest.mark.parametrize("block", [5, 1 << 20])
def test_places_are_those_of_the_file_whatever_the_encoding(block: int) -> None:
    content = H + b"1,\xe9\xe9\xe9,x\n" * 50 + b"9,\xe9\n" + b"1,\xe9,x\n" * 50 + b"9,\xe8"

    quarantine = read(content, EXPECTED, block=block).raw.quarantine

    offsets = [content.index(b"9,\xe9"), content.index(b"9,\xe8")]
    assert quarantine["byte_offset"].to_list() == offsets
    assert quarantine["raw"].to_list() == [b"9,\xe9", b"9,\xe8"]


def test_places_are_not_guessed_where_the_text_is_decoded_as_a_whole() -> None:
    content = (H.decode() + "9,é\n").encode("utf-16")

    (refused,) = read(content, EXPECTED).raw.quarantine.iter_rows(named=True)

    assert refused["byte_offset"] is None
    assert refused["raw"].decode() == "9,é"


def test_bytes_of_another_encoding_are_counted() -> None:
    content = H + "1,é,x\n".encode() + b"2,\xe9\xe9,y\n\n3,\xe9,z\n"

    (note,) = read(content, EXPECTED).raw.notes

    assert (note.code, note.source_row) == ("IPVI-101", 3)
    assert note.message == "read as cp1252; bytes concerned: 3"


def test_duplicate_and_blank_headers() -> None:
    seen = read(b"id, name ,,name,\n1,a,x,b,y\n", ReadOptions(header_row=1))

    assert seen.raw.columns == ("id", "name", "column_3", "name__2", "column_5")
    assert [(note.code, note.column, note.source_row) for note in seen.raw.notes] == [
        ("IPVI-106", "column_3", 1),
        ("IPVI-105", "name__2", 1),
        ("IPVI-106", "column_5", 1),
    ]


def test_one_column_without_delimiter() -> None:
    seen = read(b'name\na b\n\n"c, d"\n""\ne "f\n', ReadOptions(delimiter=","))

    assert list(zip(seen.lines, seen.rows, strict=True)) == [
        (2, ("a b",)),
        (4, ("c, d",)),
        (6, ('e "f',)),
    ]
    assert seen.raw.lines_skipped == 2


def test_a_header_of_several_lines() -> None:
    seen = read(b'id,"name\nof victim",note\n1,a,x\n', EXPECTED)

    assert seen.raw.columns == ("id", "name of victim", "note")
    assert seen.lines == [3]


def test_columns_without_header_are_numbered() -> None:
    seen = read(b"1;a\n2;b\n", ReadOptions(header_row=0))

    assert seen.raw.columns == ("column_1", "column_2")
    assert seen.rows == [("1", "a"), ("2", "b")]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"\n \n", EXPECTED, "holds only blanks"),
        (b"", EXPECTED, "holds only blanks"),
        (b"a" * (3 << 20), EXPECTED, "first line has no end"),
        (H, ReadOptions(header_row=7), "no header on line 7"),
        (H, ReadOptions(encoding="klingon"), "encoding 'klingon' does not exist"),
        (H, ReadOptions(encoding="base64"), "encoding 'base64' does not exist"),
        (H, ReadOptions(delimiter="§"), "delimiter must be one plain character"),
        (H + b"1," + b"a" * 300 + b",x\n", EXPECTED, "line 2 is longer than"),
        (H + b"1," + b"a" * 300, EXPECTED, "line 2 is longer than"),
    ],
)
@pytest.mark.parametrize("block", [16, 1 << 20])
def test_what_cannot_be_read_is_refused(
    content: bytes, options: ReadOptions, said: str, block: int
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read(content, options, block=block, longest=256)

    assert refused.value.where == LABEL


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    path, out = tmp_path / LABEL, tmp_path / "clean.parquet"
    path.write_bytes(H + b"1,a,x\n" * 100 + b"9" * 300)

    with pytest.raises(InputError):
        read_delimited(path, LABEL, EXPECTED, out, lambda done, total: None, block=64, longest=256)

    assert not out.exists()
    assert threading.active_count() == 1


def test_an_unclosed_quote_does_not_wait_for_the_end_of_the_file() -> None:
    content = H + b'9,"q,q\n' + b"1,a,x\n" * 200

    seen = read(content, EXPECTED, block=64, longest=256)

    assert seen.refused == [(2, "unclosed_quote")]
    assert len(seen.rows) == 200


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    path = tmp_path / LABEL
    path.write_bytes(H + b"1,a,x\n" * 100)
    steps: list[tuple[int, int]] = []

    read_delimited(
        path, LABEL, EXPECTED, tmp_path / "o", lambda *step: steps.append(step), block=100
    )

    size = path.stat().st_size
    assert steps == sorted(steps)
    assert steps[-1] == (size, size)
    assert len(steps) > 3


def test_many_rows_are_written_in_groups_with_bounds_of_the_source_row(tmp_path: Path) -> None:
    path, out = tmp_path / LABEL, tmp_path / "clean.parquet"
    rows = 300_000
    path.write_bytes(b"id,word\n" + b"".join(b"%d,same\n" % row for row in range(rows)))

    raw = read_delimited(path, LABEL, ReadOptions(), out, lambda done, total: None, block=1 << 18)

    data = pl.read_parquet(out)
    assert raw.rows_accepted == rows
    assert data[SOURCE_ROW].to_list() == list(range(2, rows + 2))
    assert data["id"].to_list() == [str(row) for row in range(rows)]
    meta = pq.read_metadata(out)
    assert meta.num_row_groups > 1
    bounds = meta.row_group(0).column(0).statistics
    assert (bounds.min, bounds.max + 1) == (2, meta.row_group(0).num_rows + 2)
    assert meta.row_group(0).column(1).statistics is None
