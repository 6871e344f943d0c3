"""The files of a delivery are found, opened and read, each for itself."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers_readers import assert_tells, make_xlsx, make_zip, rows_of

from ipvi_cli.ingest import delivery
from ipvi_cli.ingest.delivery import Found, belongs, find, list_files, read
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.profile_sources import Source

CSV = b"id,word\na,x\nb,y\n"


def source(files: str = "*", **more: Any) -> Source:
    table = {"table": "incident", "columns": {"incident_number": "id", "agency": "word"}}
    return Source.model_validate({"name": "s", "files": files, "tables": [table], **more})


@pytest.mark.parametrize(
    ("label", "files", "fits"),
    [
        ("dir.csv", "dir.csv", True),
        ("DIR_2019.CSV", "dir_*.csv", True),
        ("2019/dir.csv", "dir.csv", True),
        ("2019/dir.csv", "2019/*.csv", True),
        ("2019/dir.csv", "2019\\dir.csv", True),
        ("2019/dir.csv", "./2019/dir.csv", True),
        ("2019/dir.csv", "2018/*.csv", False),
        ("dir.csv.gz", "dir.csv", True),
        ("DIR.CSV.GZ", "dir.csv", True),
        ("dir.csv.gz", "*.gz", True),
        ("a.zip!sub/dir.csv", "dir.csv", True),
        ("a.zip!sub/dir.csv", "sub/*.csv", True),
        ("a.zip!sub/dir.csv", "a.zip!*.csv", True),
        ("a.zip!sub/dir.csv.gz", "dir.csv", True),
        ("2019/a.zip!dir.csv", "a.zip", True),
        ("a.zip!dir.csv", "b.zip", False),
        ("a.zip!dir.csv", "a.csv", False),
        ("report [1].csv", "report [1].csv", True),
        ("re\u0301sume\u0301.csv", "r\u00e9sum\u00e9.csv", True),
        ("dir.csv.bak", "dir.csv", False),
        ("mydir.csv", "dir.csv", False),
    ],
)
def test_which_files_belong_to_a_source(label: str, files: str, fits: bool) -> None:
    assert belongs(label, source(files)) == fits


def fill(folder: Path) -> Path:
    for name in (
        "b.csv", "A.csv", "sub/c.csv", "jurisdiction.toml", ".DS_Store", ".hidden/x.csv", "~$b.xlsx", "old.audit/x.csv",
    ):  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(CSV)
    return folder


def test_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = list_files(fill(tmp_path / "d"))

    assert [path.relative_to(tmp_path / "d").as_posix() for path in files] == [
        "A.csv",
        "b.csv",
        "sub/c.csv",
    ]
    assert list_files(tmp_path / "d" / "b.csv") == [tmp_path / "d" / "b.csv"]


@pytest.mark.parametrize(
    ("name", "what"), [("nothing", "no such file"), ("empty", "holds no file")]
)
def test_no_files(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(InputError) as caught:
        list_files(tmp_path / name)

    assert_tells(caught.value, str(tmp_path / name), what)


def found_in(folder: Path) -> dict[str, Found | InputError]:
    found: dict[str, Found | InputError] = {}
    for one in find(folder, folder.parent / "scratch"):
        if isinstance(one, Found):
            found[one.label] = one
        else:
            found[one[0]] = one[1]
    return found


def test_one_unreadable_file_among_ten(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    for number in range(7):
        (folder / f"{number}.csv").write_bytes(CSV)
    (folder / "7.csv.gz").write_bytes(gzip.compress(CSV)[:-9])
    make_zip(
        folder / "8.zip",
        {"a.csv": CSV, "in.zip": make_zip(tmp_path / "z", {"x": CSV}).read_bytes()},
    )
    (folder / "9.zip").write_bytes(b"PK\x03\x04 SECRET")

    found = found_in(folder)

    errors = {label: one for label, one in found.items() if isinstance(one, InputError)}
    assert list(errors) == ["7.csv.gz", "8.zip!in.zip", "9.zip"]
    for label, error in errors.items():
        assert_tells(error, label, "archive")
    assert len(found) - len(errors) == 8


def test_same_content_has_the_same_sum(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "a.csv").write_bytes(CSV)
    (folder / "b.csv.gz").write_bytes(gzip.compress(CSV))

    found = [one for one in found_in(folder).values() if isinstance(one, Found)]

    assert len({one.sha256 for one in found}) == 1
    assert [one.bytes for one in found] == [len(CSV), len(CSV)]


@pytest.mark.parametrize("error", [PermissionError(13, "SECRET"), OSError(5, "SECRET")])
def test_file_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(delivery, "expand", refuse)

    found = found_in(fill(tmp_path / "d"))

    assert list(found) == ["A.csv", "b.csv", "sub/c.csv"]
    for label, one in found.items():
        assert isinstance(one, InputError)
        assert_tells(one, label, "the file cannot be opened")


def as_file(folder: Path, kind: str) -> Path:
    path = folder / "in.dat"
    records = [{"id": "a", "word": "x"}, {"id": "b", "word": "y"}]
    if kind == "excel":
        make_xlsx(path, {"One": [["id", "word"], ["a", "x"], ["b", "y"]]})
    elif kind == "parquet":
        pl.DataFrame(records).write_parquet(path)
    elif kind == "json":
        path.write_text(json.dumps(records))
    elif kind == "ndjson":
        path.write_text("\n".join(map(json.dumps, records)))
    else:
        path.write_bytes(CSV)
    return path


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    ("kind", "first", "label"),
    [
        ("delimited", 2, "in.dat"),
        ("excel", 2, "in.dat#One"),
        ("json", 1, "in.dat"),
        ("ndjson", 1, "in.dat"),
        ("parquet", 1, "in.dat"),
    ],
)
def test_every_format_gives_the_same_rows(
    tmp_path: Path, kind: str, first: int, label: str, declared: bool
) -> None:
    path = as_file(tmp_path, kind)
    told: list[tuple[str, int, int]] = []

    (raw,) = read(
        Found("in.dat", path, "", 0),
        source(format=kind if declared else "auto"),
        tmp_path / "out",
        lambda *said: told.append(said),
    )

    assert raw.file == label
    assert raw.columns == ("id", "word")
    assert rows_of(raw) == [(first, "a", "x"), (first + 1, "b", "y")]
    assert raw.lines_skipped == 0


@pytest.mark.parametrize("kind", ["excel", "json", "parquet"])
@pytest.mark.parametrize(
    "content", [b"", b"SECRET,1\n", b"\x89PNG\r\n\x1a\n\x00SECRET", bytes(300)]
)
def test_file_that_is_not_what_the_profile_says(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / "in.dat"
    path.write_bytes(content)

    with pytest.raises(InputError) as caught:
        read(Found("in.dat", path, "", 0), source(format=kind), tmp_path / "out", None)

    assert_tells(caught.value, "in.dat", ".")
