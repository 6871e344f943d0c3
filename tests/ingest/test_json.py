"""JSON in the shapes that portals and records systems write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from helpers_readers import assert_tells, codes, rows_of
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.ingest.json_records import read_json
from ipvi_cli.ingest.raw import RawInput, ReadOptions
from ipvi_cli.model.errors import InputError


def read(folder: Path, content: str | bytes, **options: Any) -> RawInput:
    path = folder / "in.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_json(path, "x.json", ReadOptions(**options), folder / "clean.parquet")


LIST = '[{"id":"a","n":1},\n {"n":2.50,"id":"b","more":true}]'
ROWS = [(1, "a", "1", None), (2, "b", "2.50", "true")]


@pytest.mark.parametrize(
    "content",
    [
        LIST,
        f"\n  {LIST}\n\n",
        f'{{"results": {LIST}}}',
        f'{{"count": 2, "note": ["x"], "results": {LIST}, "none": []}}',
        f'{{"response": {{"status": 0, "docs": {LIST}}}}}',
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        LIST.encode("utf-16-be"),
        LIST.encode("utf-32"),
    ],
)
def test_lists_of_objects(tmp_path: Path, content: str | bytes) -> None:
    raw = read(tmp_path, content)

    assert raw.columns == ("id", "n", "more")
    assert rows_of(raw) == ROWS
    assert raw.notes == ()
    assert {path.name for path in tmp_path.iterdir()} <= {
        "in.json",
        "clean.parquet",
        "clean.utf8.json",
    }


@pytest.mark.parametrize("path", ["rows", "data.rows", "data.deep.rows"])
def test_declared_list(tmp_path: Path, path: str) -> None:
    document: Any = [{"id": "a"}]
    for key in reversed(path.split(".")):
        document = {"other": [{"no": 1}], key: document}

    raw = read(tmp_path, json.dumps(document), records=path)

    assert rows_of(raw) == [(1, "a")]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("12345678901234567890123", "12345678901234567890123"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("20190000123.0", "20190000123.0"),
        ("-0.0", "-0.0"),
        ("true", "true"),
        ("null", None),
        ("NaN", None),
        ('""', None),
        ("{}", None),
        ("[]", None),
        ('"0012"', "0012"),
        ('" x "', " x "),
        ('"\\ud83d\\ude00 é"', "\U0001f600 é"),
        ('["a",null,"b"]', "a||b"),
        ("[1, 2.0]", "1||2.0"),
        ('[["a", 1.0], {}]', '[["a",1.0],{}]'),
    ],
)
def test_values_keep_their_text(tmp_path: Path, written: str, text: str | None) -> None:
    assert rows_of(read(tmp_path, f'[{{"id": "a", "v": {written}}}]')) == [(1, "a", text)]


def test_objects_are_spread_and_lists_of_them_packed(tmp_path: Path) -> None:
    persons = [{"role": "Victim", "age": 30}, {"role": None, "tie": {"to": [1]}}]
    record = {"id": 1, "at": {"place": {"city": "x"}, "when": None}, "persons": persons}

    raw = read(tmp_path, json.dumps([record, {"id": 2, "persons": []}]))

    assert raw.columns == (
        "id", "at.place.city", "at.when", "persons.role", "persons.age", "persons.tie.to", "persons",
    )  # fmt: skip
    packed = ("0::Victim", "0::30", "1::[1]", None)
    assert rows_of(raw) == [(1, "1", "x", None, *packed), (2, "2", *[None] * 6)]


def test_names_that_meet_stay_apart(tmp_path: Path) -> None:
    raw = read(tmp_path, '[{"a.b": 1, "a": {"b": 2}, "": 3, " c ": 4, "c": 5, "source_row": 6}]')

    assert raw.columns == ("a.b", "a.b__2", "column_3", "c", "c__2", "source_row_")
    assert rows_of(raw) == [(1, "1", "2", "3", "4", "5", "6")]
    assert codes(raw) == ["IPVI-105", "IPVI-106", "IPVI-105"]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("7", "not_an_object"),
        ('["SECRET"]', "not_an_object"),
        ("null", "not_an_object"),
        ('{"id": "SECRET", "id": 2}', "repeated_key"),
        ('{"id": {"x": "SECRET", "x": 2}}', "repeated_key"),
        ('{"id": "\\ud800 SECRET"}', "bad_encoding"),
        ('{"\\udfff": "SECRET"}', "bad_encoding"),
        ('{"id": ["SECRET||", 1]}', "separator_in_list"),
    ],
)
def test_items_that_are_set_aside(tmp_path: Path, item: str, reason: str) -> None:
    raw = read(tmp_path, f'[{{"id": "a"}}, {item}, {{"id": "b"}}]')

    assert rows_of(raw) == [(1, "a"), (3, "b")]
    (row, code, message, offset, record) = raw.quarantine.row(0)
    assert (row, code, offset) == (2, reason, None)
    assert "SECRET" not in message
    assert isinstance(record, bytes)
    (note,) = raw.notes
    assert (note.code, note.source_row) == ("IPVI-107", 2)


def test_one_object_a_line(tmp_path: Path) -> None:
    lines = [
        '\ufeff{"id": "a"}',
        "",
        '{"id": "b", "n": 1}\r',
        '{"id": "SECRET',
        "SECRET",
        '{"id": "c"} {"id": "SECRET"}',
        "[" * 100_000,
        "[1]",
        '  {"id": "d"}  ',
    ]
    content = "\n".join(lines).encode() + b'\n{"id": "SECRET \x81"}\n{"id": "cut'

    raw = read(tmp_path, content)

    assert rows_of(raw) == [(1, "a", None), (3, "b", "1"), (9, "d", None)]
    assert raw.lines_skipped == 1
    assert raw.quarantine["source_row"].to_list() == [4, 5, 6, 7, 8, 10, 11]
    reasons = ["bad_json"] * 3 + ["too_deep", "not_an_object", "bad_encoding", "bad_json"]
    assert raw.quarantine["reason_code"].to_list() == reasons
    for offset, record in raw.quarantine.select("byte_offset", "raw").iter_rows():
        assert content[offset : offset + len(record)] == record


@pytest.mark.parametrize("encoding", [None, "cp1252", "cp850"])
def test_lines_that_are_not_utf8(tmp_path: Path, encoding: str | None) -> None:
    content = '{"id": "a"}\n{"id": "é"}\n'.encode(encoding or "cp1252")

    raw = read(tmp_path, content, encoding=encoding)

    assert rows_of(raw) == [(1, "a"), (2, "é")]
    assert [(note.code, note.source_row) for note in raw.notes] == [("IPVI-101", 2)]


def test_document_that_is_not_utf8(tmp_path: Path) -> None:
    raw = read(tmp_path, '[\n{"id": "é"}]'.encode("cp1252"))

    assert rows_of(raw) == [(1, "é")]
    (note,) = raw.notes
    assert note.code == "IPVI-101"
    assert "1 bytes" in note.message
    assert "line 2" in note.message


SOCRATA = {
    "meta": {
        "view": {
            "name": "x",
            "columns": [
                {
                    "name": "sid",
                    "fieldName": ":sid",
                    "dataTypeName": "meta_data",
                    "flags": ["hidden"],
                },
                {"name": ":created_at", "fieldName": ":created_at"},
                {"name": " Total  DIRs ", "fieldName": "total_dirs", "dataTypeName": "number"},
                {"name": "Place", "fieldName": "place", "dataTypeName": "location"},
            ],
        }
    },
    "data": [
        ["row-1", 15, "108", ["{}", None]],
        ["row-2", 16, None, None],
        ["row-3", 17, "SECRET"],
        {"SECRET": 1},
    ],
}


def test_socrata(tmp_path: Path) -> None:
    raw = read(tmp_path, json.dumps(SOCRATA))

    assert raw.columns == ("Total DIRs", "Place")
    assert rows_of(raw) == [(1, "108", '["{}",null]'), (2, None, None)]
    assert raw.quarantine["reason_code"].to_list() == ["field_count", "not_an_object"]
    assert raw.quarantine["source_row"].to_list() == [3, 4]


def test_socrata_names_that_the_profile_maps(tmp_path: Path) -> None:
    raw = read(tmp_path, json.dumps(SOCRATA), expected=frozenset({"total_dirs", ":created_at"}))

    assert raw.columns == (":created_at", "total_dirs", "Place")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('[{"id": "SECRET"}, {"id": "SEC', "cut short at line 1"),
        ('[{"id": "SECRET"},\n', "cut short at line"),
        ('{"data": [{"id": "SECRET"}', "cut short"),
        ('{"meta": {"view"', "cut short"),
        ('[{"id": "SECRET"} {"id": 1}]', "not valid at line 1, column 19"),
        ('[{"id": "SECRET"}] SECRET', "not valid"),
        ('{"data": [{"id": 1}]} ]', "not valid"),
        ('{"data": [{"id": 1}]\n SECRET', "not valid at line 2, column 2"),
        ("[1, 2]", "no object"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a":' * 200_000, "nested too deeply"),
        ('{"a": [{"x": 1}], "b": [{"x": 1}]}', r"2 lists of records: a, b"),
        ('{"a": [{"x": 1}], "b": {"c": [{"x": 1}]}}', r"2 lists of records: a, b\.c"),
        ('{"a": [{"x": 1}], "a": [{"x": 2}]}', "names a key twice"),
        ('[{"id": "\x81\x8d SECRET"}]'.encode("latin-1"), "cannot be read as UTF-8 or as cp1252"),
        ('[{"id": "SECRET"}]'.encode("utf-16")[:-1], "cannot be read"),
    ],
)
def test_documents_that_cannot_be_read(tmp_path: Path, content: str | bytes, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)

    assert_tells(caught.value, "x.json", what)


@pytest.mark.parametrize("records", ["b", "a.b", "a.x", "c"])
@pytest.mark.parametrize("content", ['{"a": {"x": 1}, "c": 2}', '[{"a": 1}]'])
def test_declared_list_that_is_not_there(tmp_path: Path, content: str, records: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content, records=records)

    assert_tells(caught.value, "x.json", f"no list of records at '{records}'")


@pytest.mark.parametrize("content", ["[]", '{"data": []}', '[{"id": 1, "id": 2}]'])
def test_nothing_to_read(tmp_path: Path, content: str) -> None:
    raw = read(tmp_path, content)

    assert rows_of(raw) == []
    assert codes(raw)[-1] == "IPVI-108"


def test_one_object_is_one_record(tmp_path: Path) -> None:
    assert rows_of(read(tmp_path, '{"id": "a", "tags": ["x", "y"]}')) == [(1, "a", "x||y")]


def test_more_records_than_are_held_at_once(tmp_path: Path) -> None:
    records = [{"id": n} if n % 7 else {"id": n, f"c{n}": "x"} for n in range(41_000)]
    records[40_000]["late"] = "y"

    raw = read(tmp_path, json.dumps({"rows": records[:3] + records[39_000:]}))

    assert raw.rows_read == 2003
    assert "late" in raw.columns


_SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(
        st.dictionaries(st.text(max_size=3), _SCALARS | st.lists(_SCALARS, max_size=2), max_size=4)
        | _SCALARS
    ),
    st.booleans(),
)
def test_every_record_is_accepted_or_set_aside(
    tmp_path_factory: pytest.TempPathFactory, items: list[Any], lines: bool
) -> None:
    items = [{"id": 1}, {"id": 2}, *items]
    written = [json.dumps(item) for item in items]
    content = "\n".join(written) if lines else f"[{','.join(written)}]"

    raw = read(tmp_path_factory.mktemp("j"), content)

    accepted = [row[0] for row in rows_of(raw)]
    assert sorted(accepted + raw.quarantine["source_row"].to_list()) == list(
        range(1, len(items) + 1)
    )
    assert raw.rows_read == len(items)
