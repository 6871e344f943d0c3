"""Nothing that identifies a person leaves ``restricted/``: not in an output, a message or a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from helpers_acceptance import ipvi, texts_in
from helpers_canary import BIRTHS, MARK, write_delivery

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
    for stage in ("classify", "summarize"):
        for form in FORMATS:
            run(stage, "c.audit", "--format", form)
    incident = pl.read_parquet(tmp_path / "c.audit" / "incidents.parquet")["incident_id"][0]
    for form in ("table", "json"):
        run("explain", incident, "c.audit", "--format", form)
    run("ingest", delivery, "--out", "i.audit", "--verbose")

    assert leaks(said) == []
    for name in ("c.audit", "i.audit"):
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
