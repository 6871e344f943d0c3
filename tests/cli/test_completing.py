"""What a shell is offered after TAB, and the script that makes it ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ipvi_cli.cli.exits import run


def offered(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], line: str
) -> list[str]:
    monkeypatch.setenv("_IPVI_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    assert run([]) == 0
    return capfd.readouterr().out.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ipvi val", ["validate"]),
        ("ipvi rules --form", ["--format"]),
        ("ipvi validate --fail-on w", ["warning"]),
        ("ipvi explain IPVI-139", ["IPVI-139"]),
        ("ipvi explain B08", ["B08"]),
        ("ipvi validate --select IPVI-139,IPVI-116", ["IPVI-139,IPVI-116"]),
        ("ipvi audit --profile gva", ["gva_2017_07"]),
        ("ipvi completion po", ["powershell"]),
    ],
)
def test_what_begins_so_is_offered(
    line: str,
    expected: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert offered(monkeypatch, capfd, line) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_has_a_script(shell: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_IPVI_COMPLETE" in capfd.readouterr().out


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_takes_the_script(tmp_path: Path) -> None:
    (tmp_path / "ipvi").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ipvi_cli "$@"\n')
    (tmp_path / "ipvi").chmod(0o700)
    asking = (
        'eval "$(ipvi completion bash)"; COMP_WORDS=(ipvi va); COMP_CWORD=1;'
        ' _ipvi_completion ipvi; echo "${COMPREPLY[@]}"'
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", asking],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
        check=True,
    )
    assert done.stdout.split() == ["validate"]


def test_another_shell_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", "tcsh"]) == 2
    assert "powershell" in capfd.readouterr().err
