"""Formats are told by content, whatever the name says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers_readers import assert_tells, make_xls, make_xlsx, make_zip
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.ingest.sniff import is_ndjson, sniff_format
from ipvi_cli.model.errors import InputError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "x.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"id,word\n1,a\n", "delimited"),
        (b"one", "delimited"),
        ("id,wörd\n1,é\n".encode("cp1252"), "delimited"),
        ("id,word\n1,a\n".encode("utf-16"), "delimited"),
        ("id,word\n1,a\n".encode("utf-16-le"), "delimited"),
        (b"\xef\xbb\xbfid\n1\n", "delimited"),
        (b"id,word\n1,\x00\n" + b"2,b\n" * 50, "delimited"),
        (b"[ID],[WORD]\n1,a\n", "delimited"),
        (b"{guid},x\n", "delimited"),
        (b"-----\nid\n1\n", "delimited"),
        (b'[{"id": 1}]', "json"),
        (b" \n [ 1, 2]", "json"),
        (b"[]", "json"),
        (b'\xef\xbb\xbf{"data": []}', "json"),
        (b'{\n "data": [\n {"id": 1}\n ]\n}', "json"),
        ('[{"id": 1}]'.encode("utf-16"), "json"),
        (b'{"id": 1}\n{"id": 2}\n', "ndjson"),
        (b'{"id": 1}\n{"id": 2', "ndjson"),
        (b'{"id": 1\n{"id": 2}\n{"id": 3}\n', "ndjson"),
    ],
)
def test_texts(tmp_path: Path, content: bytes, expected: str) -> None:
    assert sniff_format(written(tmp_path, content)) == expected


def test_binary_formats_that_are_read(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1]}).write_parquet(tmp_path / "a.csv")
    make_xlsx(tmp_path / "b.csv", {"One": [["id"]]})
    make_xls(tmp_path / "c.csv", {"One": [["id"]]})

    found = [sniff_format(tmp_path / name) for name in ("a.csv", "b.csv", "c.csv")]

    assert found == ["parquet", "excel", "excel"]


def noise(length: int) -> bytes:
    return bytes((number * number * 31 + number * 7) % 251 for number in range(length))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b" \t\r\n\n", "only blanks"),
        (b"\xef\xbb\xbf\n", "only blanks"),
        ("\n \n".encode("utf-16"), "only blanks"),
        (b"\x89PNG\r\n\x1a\n" + noise(200), "a PNG image"),
        (b"%PDF-1.7\n", "a PDF document"),
        (noise(5000), "a binary file"),
        (OLE + "WordDocument".encode("utf-16-le"), "a Word document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE, "an old Office document"),
        (b"\n<html><body><table><tr><td>SECRET", "a web page"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "a web page"),
        (b"<!DOCTYPE HTML>", "a web page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "a web page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "an XML spreadsheet",
        ),
        (b'<?xml version="1.0"?><incidents>', "an XML file"),
        (b"SQLite format 3\x00", "an SQLite database"),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", "an Access database"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(9), "a 7-Zip archive"),
        (b"a.csv" + bytes(252) + b"ustar", "a tar archive"),
        (b"PARE" + noise(50), "an encrypted Parquet file"),
        (b"PK\x03\x04 SECRET", "damaged or cut short"),
    ],
)
def test_what_is_not_read(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(InputError) as caught:
        sniff_format(written(tmp_path, content), "sub/x.csv")

    assert_tells(caught.value, "sub/x.csv", what)


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"a.csv": b"x"}, "archive inside an archive"),
        ({"[Content_Types].xml": b"x", "word/document.xml": b"x"}, "a Word document"),
        ({"[Content_Types].xml": b"x", "ppt/x.xml": b"x"}, "an Office document"),
        ({"mimetype": b"x", "content.xml": b"x"}, "an OpenDocument file"),
    ],
)
def test_archives_that_are_documents(tmp_path: Path, members: dict[str, bytes], what: str) -> None:
    with pytest.raises(InputError) as caught:
        sniff_format(make_zip(tmp_path / "x.csv", members))

    assert_tells(caught.value, "x.csv", what)


def test_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        sniff_format(tmp_path / "x.csv")

    assert_tells(caught.value, "x.csv", "cannot be opened")


_VALUES = st.none() | st.integers() | st.text(max_size=4) | st.lists(st.integers(), max_size=2)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(
        st.dictionaries(st.text(max_size=3), _VALUES, min_size=1, max_size=3),
        min_size=2,
        max_size=5,
    ),
    st.sampled_from([None, 1]),
)
def test_objects_a_line_and_documents_are_told_apart(
    tmp_path_factory: pytest.TempPathFactory, items: list[Any], indent: int | None
) -> None:
    folder = tmp_path_factory.mktemp("s")
    lines = written(folder, "\n".join(json.dumps(item) for item in items).encode())
    assert is_ndjson(lines)
    assert sniff_format(lines) == "ndjson"
    for document in (items, {"rows": items}):
        path = written(folder, json.dumps(document, indent=indent).encode())
        assert not is_ndjson(path)
        assert sniff_format(path) == "json"
