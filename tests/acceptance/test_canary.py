"""Nothing that identifies a person leaves ``restricted/``: not in an output, a message or a traceback."""

from __future__ import annotations

import csv
import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import polars as pl
import pytest
import xlsxwriter
from helpers_acceptance import ipvi, texts_in
from helpers_canary import BIRTHS, FORMS, MARK, write_delivery

FORMATS = ("table", "json", "csv", "ndjson")


def leaks(texts: list[tuple[str, str]]) -> list[str]:
    """Places whose text holds a mark, or a birth as it was written."""
    return [place for place, text in texts if MARK in text.upper() or BIRTHS[0] in text]


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("canary") / "delivery"
    write_delivery(folder)
    return folder


def test_no_mark_leaves_the_restricted_part(delivery: Path, tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []

    def run(*arguments: str | Path) -> None:
        done = ipvi(*arguments, cwd=tmp_path, code=None)
        assert done.returncode in (0, 1), (arguments, done.stderr)
        name = " ".join(map(str, arguments))
        said.extend([(f"{name} stdout", done.stdout), (f"{name} stderr", done.stderr)])

    for form in FORMATS:
        run("audit", delivery, "--out", "c.audit", "--format", form, "--verbose", "--xlsx")
    for form in (*FORMATS, "concise", "sarif", "junit", "github"):
        run("validate", delivery, "--format", form)
        run("validate", "c.audit", "--format", form)
    for stage in ("classify", "summarize", "link", "offenders"):
        for form in FORMATS:
            run(stage, "c.audit", "--format", form)
    run("offenders", "c.audit", "--restricted", "--purpose", "team review", "--verbose")
    run("report", "c.audit")
    for form in FORMATS:
        run("evaluate", "c.audit", "--plan", "--format", form)
    for form in ("html", "xlsx", "md"):
        run("report", "c.audit", "--internal", "--out", f"inside/report.{form}")
    run("publish", "c.audit", "--out", "given")
    run("publish", "c.audit", "--like", "nyc-snapshot", "--out", "snapshot")
    for form in FORMATS:
        run("diff", "c.audit", delivery, "--format", form)
        run("compare", "c.audit", "given", "--figures", "A,B,C", "--format", form)
    for more in ([], ["--parquet", "--format", "json"], ["--group", "agency=ZZ0010000"]):
        done = ipvi("rows", "B08", "c.audit", *more, cwd=tmp_path, code=None)
        said.extend([("rows stdout", done.stdout), ("rows stderr", done.stderr)])
    incident = pl.read_parquet(tmp_path / "c.audit" / "incidents.parquet")["incident_id"][0]
    for form in ("table", "json"):
        run("explain", incident, "c.audit", "--format", form)
    run("ingest", delivery, "--out", "i.audit", "--verbose")

    assert leaks(said) == []
    for name in ("c.audit", "i.audit", "inside", "given", "snapshot"):
        assert leaks(list(texts_in(tmp_path / name))) == []


def test_the_marks_did_go_in(delivery: Path, tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    ipvi("audit", delivery, "--out", "c.audit", cwd=tmp_path)
    hidden = list(texts_in(tmp_path / "c.audit", restricted=True))
    marked = " ".join(text for _, text in hidden if MARK in text)
    for part in (
        "Narrative", "Address", "Victim 1", "Suspect Phone", "Victim Number", "SMITHS WIFE", "Statute", "Arrest Number",
        "Disposition", "NATURE", "EVENT", "LONG", "SHORT", "NUMBER",
    ):  # fmt: skip
        assert f"{MARK} {part}" in marked or f"{MARK}-{part}" in marked, part
    assert any(BIRTHS[0] in text for _, text in hidden)


def test_an_internal_failure_tells_nothing(delivery: Path, tmp_path: Path) -> None:
    broken = (
        "import polars as pl\n"
        "from ipvi_cli import classify\n"
        "def fail(tables, *_):\n"
        "    values = tables['victim'].select('name').collect()['name'].drop_nulls()\n"
        "    raise ValueError(' '.join(values))\n"
        "classify.classify = fail\n"
        "from ipvi_cli.cli.exits import main; main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken, "audit", str(delivery), "--out", "f.audit", "--verbose"],
        cwd=tmp_path, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 70
    assert "internal error (ValueError)" in done.stderr
    assert leaks([("stdout", done.stdout), ("stderr", done.stderr)]) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_no_mark_of_any_source_format_leaves_the_restricted_part(form: str, tmp_path: Path) -> None:
    write_delivery(tmp_path / "delivery", form)
    said: list[tuple[str, str]] = []

    def run(*arguments: str) -> None:
        done = ipvi(*arguments, cwd=tmp_path, code=None)
        assert done.returncode in (0, 1), (arguments, done.stderr)
        said.extend([(" ".join(arguments), done.stdout), (" ".join(arguments), done.stderr)])

    run("init", "delivery", "--out", "drafted.toml", "--no-input", "--verbose")
    run("init", "delivery", "--out", "drafted.toml", "--no-input", "--force", "--format", "json")
    run("audit", "delivery", "--out", "c.audit", "--verbose", "--xlsx")
    run("validate", "c.audit", "--format", "sarif")
    run("review", "c.audit", "--verbose")
    run("review", "c.audit", "--format", "json")
    run("review", "c.audit", "--sample", "20")
    pairs = pl.read_parquet(tmp_path / "c.audit" / "pairs.parquet")["pair_id"]
    for pair in pairs.head(4):
        run("explain", pair, "c.audit")

    assert leaks(said) == []
    assert leaks(list(texts_in(tmp_path / "c.audit"))) == []
    for name in ("drafted.toml", "drafted_data_request.md"):
        assert leaks([(name, (tmp_path / name).read_text(encoding="utf-8"))]) == []
    hidden = texts_in(tmp_path / "c.audit", restricted=True)
    assert any(MARK in text for _, text in hidden)


@pytest.mark.parametrize("note", [False, True])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_record_wider_than_the_header_is_not_taken_for_it(
    form: str, note: bool, tmp_path: Path
) -> None:
    """Else the draft of a profile would name its columns after the persons of that record."""
    header = ["Case", "Who" if note else "", "Victim", "Relation", "Place"]
    rows = [[f"{MARK} {name} {number}" for name in "abcde"] for number in range(30)]
    if note:
        rows[7].append(f"{MARK} beside the table")
    folder = tmp_path / "delivery"
    folder.mkdir()
    if form == "csv":
        with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    else:
        with xlsxwriter.Workbook(folder / "a.xlsx") as book:
            sheet = book.add_worksheet("Sheet")
            for number, row in enumerate([header, *rows]):
                sheet.write_row(number, 0, row)
    done = ipvi("init", folder, "--no-input", "--format", "json", cwd=tmp_path)
    drafted = (folder / "jurisdiction.toml").read_text(encoding="utf-8")
    assert leaks([("stdout", done.stdout), ("stderr", done.stderr), ("draft", drafted)]) == []
    assert '"Relation"' in done.stdout


def test_words_on_screen_only_where_they_are_asked_for(delivery: Path, tmp_path: Path) -> None:
    ipvi("audit", delivery, "--out", "c.audit", cwd=tmp_path)
    for command in (("review", "c.audit"), ("explain", "ZZ9:19-002", "c.audit")):
        assert leaks([("", ipvi(*command, cwd=tmp_path).stdout)]) == []
        assert "SMITHS WIFE" in ipvi(*command, "--show-values", cwd=tmp_path).stdout


def _refused_by_polars(*_: object, **__: object) -> NoReturn:
    pl.DataFrame({"name": [f"{MARK} Victim"]}).cast(pl.Int64)
    raise AssertionError


def _refused_by_pydantic(*_: object, **__: object) -> NoReturn:
    from pydantic import TypeAdapter

    TypeAdapter(int).validate_python(f"{MARK} Victim")
    raise AssertionError


@pytest.mark.parametrize("fail", [_refused_by_polars, _refused_by_pydantic])
@pytest.mark.parametrize(
    "place",
    [
        "pipeline.stages.read_delivery", "classify.classify", "validate.validate", "summarize.summarize",
        "workspace.staging.build_manifest", "workspace.swap.put_in_place",
    ],
)  # fmt: skip
def test_an_internal_failure_of_any_room_tells_nothing(
    place: str, fail: object, delivery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, _, name = place.rpartition(".")
    monkeypatch.setattr(importlib.import_module(f"ipvi_cli.{module}"), name, fail)
    done = ipvi("audit", delivery, "--out", "f.audit", "--verbose", cwd=tmp_path, code=70)
    assert "internal error" in done.stderr
    assert leaks([("stdout", done.stdout), ("stderr", done.stderr)]) == []
    assert list(tmp_path.iterdir()) == []


def _parquet(path: Path) -> None:
    pl.DataFrame({"message": ["all is well", f"born {BIRTHS[0]}4"]}).write_parquet(path)


def _workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Sheet").write(3, 2, f"{MARK.title()} Victim 1")


@pytest.mark.parametrize(
    ("name", "plant"),
    [
        ("findings.parquet", _parquet),
        ("tables/incident.parquet", _parquet),
        ("audit.xlsx", _workbook),
        ("fix_lists/PD.csv", lambda path: path.write_text(f"incident\n{MARK}\n")),
        ("manifest.json", lambda path: path.write_text(f'{{"failures": ["{MARK.lower()}"]}}')),
        (f"quarantine/{MARK}.txt", lambda path: path.write_text("")),
    ],
)
def test_a_planted_leak_is_found(name: str, plant, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    plant(path)
    assert leaks(list(texts_in(tmp_path))) != []
