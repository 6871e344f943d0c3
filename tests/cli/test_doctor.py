"""What the doctor looks at, and what it never says."""

from __future__ import annotations

import getpass
import json
import os
import socket
from importlib import metadata
from pathlib import Path

import polars as pl
import pytest

from ipvi_cli.cli.exits import run
from ipvi_cli.pipeline import checkup as checking
from ipvi_cli.pipeline.checkup import checkup


def test_a_sound_installation_is_fine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["doctor", "--format", "json"]) == 0
    found = {row["what"]: row["found"] for row in json.loads(capfd.readouterr().out)}
    assert found["polars"] == metadata.version("polars")
    assert found["this folder"] == "writable"


def test_what_is_missing_is_named_with_its_mending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def lacking(name: str) -> str:
        if name in ("ftfy", "statsmodels"):
            raise metadata.PackageNotFoundError
        return metadata.version(name)

    monkeypatch.setattr(checking, "version", lacking)
    monkeypatch.chdir(tmp_path)

    assert run(["doctor"]) == 1

    said = capfd.readouterr().out
    found = checkup(tmp_path)
    wrong = found.filter(pl.col("fine").not_())
    assert wrong["what"].to_list() == ["ftfy"]
    assert "pip install 'ftfy>=6.3'" in said
    assert found.filter(pl.col("what") == "statsmodels (extra evaluate)")["found"].to_list() == [
        "not installed"
    ]


def test_nothing_that_names_a_person_or_place_is_said(tmp_path: Path) -> None:
    said = " ".join(str(cell) for row in checkup(tmp_path).iter_rows() for cell in row)
    for name in (
        str(tmp_path),
        str(Path.home()),
        os.environ.get("HOSTNAME") or socket.gethostname(),
    ):
        assert len(name) < 3 or name not in said
    assert f"/{getpass.getuser()}" not in said


@pytest.mark.parametrize(
    ("name", "value", "code"), [("IPVI_FAIL_ON", "sometimes", 2), ("IPVI_WORKSPACE", "no.audit", 3)]
)
def test_a_variable_stands_for_its_option(
    name: str,
    value: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    assert run(["validate" if name == "IPVI_FAIL_ON" else "classify"]) == code
    assert capfd.readouterr().err
