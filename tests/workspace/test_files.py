import errno
import os
from pathlib import Path

import pytest
from helpers_workspace import make, tree

from ipvi_cli.model.errors import OutputError
from ipvi_cli.workspace import open_workspace, stage
from ipvi_cli.workspace.files import write_output, write_tree

FILES = {"dir.csv": b"a\r\n", "sub/persons.csv": b"b\n"}


@pytest.mark.parametrize("empty_folder", [True, False])
def test_a_folder_of_files_is_written_as_given(tmp_path: Path, empty_folder: bool) -> None:
    folder = tmp_path / "a" / "practice"
    if empty_folder:
        folder.mkdir(parents=True)
    write_tree(folder, FILES)
    assert tree(folder) == FILES
    assert [path.name for path in folder.parent.iterdir()] == ["practice"]


def test_a_folder_that_holds_something_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="never replaced"):
        write_tree(tmp_path, FILES)
    with pytest.raises(OutputError, match="never replaced"):
        write_tree(tmp_path / "mine.txt", FILES)
    with pytest.raises(OutputError, match="is a file, not a folder"):
        write_tree(tmp_path / "mine.txt" / "practice", FILES)
    assert tree(tmp_path) == {"mine.txt": b"mine"}


def test_a_failure_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "findings.csv"
    write_output(file, b"first")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("ipvi_cli.workspace.files.write_bytes", refuse)
    with pytest.raises(OutputError, match="disk is full"):
        write_output(file, b"second")
    assert tree(tmp_path) == {"findings.csv": b"first"}


def test_a_stage_is_redone_on_a_disk_without_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = make(tmp_path / "x.audit")
    before = tree(out)

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    with stage(out, keep=True) as staging:
        staging.write_manifest(
            version="1", profile_sha256="p", rules_sha256="r", complete=True, inputs=[]
        )
    after = tree(out)
    before.pop("manifest.json")
    after.pop("manifest.json")
    assert after == before
    assert open_workspace(out).altered() == []
