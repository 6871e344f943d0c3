import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from helpers_workspace import make, tree

from ipvi_cli.model.errors import InputError, OutputError, UsageError
from ipvi_cli.workspace import find_workspace, open_workspace, stage

LEFT = ".x.audit.new-0123456789abcdef"


def beside(out: Path) -> set[str]:
    return {path.name for path in out.parent.iterdir()}


@pytest.mark.parametrize("reopen", [True, False])
@pytest.mark.parametrize("between_renames", [True, False])
def test_an_interrupted_exchange_is_mended(
    tmp_path: Path, between_renames: bool, reopen: bool
) -> None:
    # Arrange: what a kill leaves between the renames, or before the earlier one is removed
    out = make(tmp_path / "x.audit", "earlier")
    before = tree(out)
    out.rename(tmp_path / ".x.audit.old")
    if not between_renames:
        make(out, "later")
        before = tree(out)
    make(tmp_path / LEFT, "half-built")

    # Act
    if reopen:
        open_workspace(out)
    else:
        with pytest.raises(ValueError, match="stop"), stage(out):
            raise ValueError("stop")

    # Assert
    assert tree(out) == before
    assert beside(out) == {"x.audit"}


def test_what_is_not_ours_beside_a_workspace_is_left_alone(tmp_path: Path) -> None:
    out = make(tmp_path / "x.audit")
    (tmp_path / ".x.audit.new-of-mine").mkdir()
    (tmp_path / ".x.audit.old").mkdir()
    open_workspace(out)
    with pytest.raises(OutputError, match=r"\.x\.audit\.old: is a folder without"), stage(out):
        pass
    assert beside(out) == {"x.audit", ".x.audit.new-of-mine", ".x.audit.old"}


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    out = make(tmp_path / "x.audit")
    code = textwrap.dedent(
        f"""
        from pathlib import Path
        from ipvi_cli.workspace import stage
        with stage(Path({str(out)!r})):
            print("held", flush=True)
            input()
        """
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        assert child.stdout.readline().strip() == b"held"
        with (
            pytest.raises(OutputError, match=rf"process {child.pid}\) is writing here"),
            stage(out),
        ):
            pass
        assert open_workspace(out).has("mark.txt")
    finally:
        child.kill()
        child.communicate()
    # The dead process's lock file is still there, and in nobody's way.
    assert (tmp_path / ".x.audit.lock").exists()
    make(out, "second")
    assert (out / "mark.txt").read_text() == "second"
    assert beside(out) == {"x.audit"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_linked_workspace_is_replaced_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = make(tmp_path / "real" / "x.audit")
    (tmp_path / "link.audit").symlink_to(real)
    make(tmp_path / "link.audit", "second")
    assert (real / "mark.txt").read_text() == "second"
    assert (tmp_path / "link.audit").is_symlink()


@pytest.mark.parametrize("content", [None, "", "[]", '{"tool": "other"}', "\0"])
def test_what_is_no_workspace_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(InputError, match="is not a workspace") as caught:
        open_workspace(tmp_path)
    assert caught.value.exit_code == 3


def test_the_only_workspace_here_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no workspace"):
        find_workspace(None)
    out = make(tmp_path / "x.audit")
    assert find_workspace(None).path == out.resolve()
    out.rename(tmp_path / ".x.audit.old")
    assert find_workspace(None).path == out.resolve()
    make(tmp_path / "y.audit")
    with pytest.raises(UsageError, match=r"x\.audit, y\.audit"):
        find_workspace(None)
    assert find_workspace(Path("y.audit")).path == (tmp_path / "y.audit").resolve()


def test_an_altered_output_is_noticed(tmp_path: Path) -> None:
    out = make(tmp_path / "x.audit")
    (out / "mark.txt").write_text("other")
    (out / "tables" / "incident.parquet").unlink()
    workspace = open_workspace(out)
    assert workspace.altered() == ["mark.txt", "tables/incident.parquet"]
    with pytest.raises(InputError, match=r"has no tables/incident\.parquet"):
        workspace.scan("incident")
