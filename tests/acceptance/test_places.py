"""Where outputs go: private from the start, never over what is not ours, and never half made."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from helpers_acceptance import IPVI, ipvi
from helpers_canary import MARK, write_delivery

posix = pytest.mark.skipif(os.name == "nt", reason="modes, links and limits of POSIX")


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a delivery and its workspace, reviewed, to be copied from and never changed."""
    folder = tmp_path_factory.mktemp("places")
    write_delivery(folder / "delivery")
    before = os.umask(0)
    try:
        ipvi("audit", "delivery", "--out", "a.audit", "--xlsx", cwd=folder)
        ipvi("review", "a.audit", cwd=folder)
        ipvi("review", "a.audit", "--out", "review.xlsx", cwd=folder)
        ipvi("init", "delivery", "--out", "drafted.toml", "--no-input", cwd=folder)
    finally:
        os.umask(before)
    return folder


@posix
def test_everything_is_private_whatever_the_umask(audited: Path) -> None:
    workspace = audited / "a.audit"
    outputs = [workspace, *workspace.rglob("*")]
    outputs += [audited / name for name in ("review.xlsx", "drafted.toml")]
    assert len(outputs) > 30
    open_ = [path.name for path in outputs if path.stat().st_mode & 0o077]
    assert open_ == []


@pytest.mark.parametrize("junk", [f"{MARK} junk" * 9, ""])
@pytest.mark.parametrize("name", ["pairs.parquet", "tables/victim.parquet", "manifest.json"])
def test_a_damaged_workspace_is_one_line_and_3_and_stays_as_it_is(
    name: str, junk: str, audited: Path, tmp_path: Path
) -> None:
    shutil.copytree(audited / "a.audit", tmp_path / "b.audit")
    (tmp_path / "b.audit" / name).write_text(junk, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    for command in ("classify", "review"):
        done = ipvi(command, "b.audit", cwd=tmp_path, code=3)
        assert done.stderr.count("\n") == 1
        assert MARK not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", ["classify", "report", "publish"])
def test_a_table_that_is_gone_or_altered_is_one_line_and_3(
    command: str, audited: Path, tmp_path: Path
) -> None:
    for name in ("gone.audit", "altered.audit"):
        shutil.copytree(audited / "a.audit", tmp_path / name)
    (tmp_path / "gone.audit" / "tables" / "victim.parquet").unlink()
    table = tmp_path / "altered.audit" / "tables" / "victim.parquet"
    content = table.read_bytes()
    table.write_bytes(content[:100] + bytes(byte ^ 90 for byte in content[100:900]) + content[900:])
    before = sorted(tmp_path.rglob("*"))
    for name in ("gone.audit", "altered.audit"):
        done = ipvi(command, name, cwd=tmp_path, code=3)
        assert "tables/victim.parquet is damaged" in done.stderr
        assert done.stderr.count("\n") == 1
    left = [path for path in sorted(tmp_path.rglob("*")) if path.suffix != ".published"]
    assert [path for path in left if "published" not in str(path)] == before


@pytest.mark.parametrize(
    "text",
    [
        '{"tool": "ipvi"}',
        '{"tool": "ipvi", "inputs": 5, "outputs": [7]}',
        '{"tool": "ipvi", "inputs": [{"file": 1}], "outputs": [{"file": null}]}',
    ],
)
def test_a_manifest_that_lacks_its_lists_is_3(text: str, tmp_path: Path) -> None:
    (tmp_path / "m.audit").mkdir()
    (tmp_path / "m.audit" / "manifest.json").write_text(text, encoding="utf-8")
    for command in ("validate", "classify", "summarize", "review"):
        done = ipvi(command, "m.audit", cwd=tmp_path, code=3)
        assert "manifest.json is damaged" in done.stderr


@posix
def test_what_is_not_ours_is_never_replaced(audited: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "manifest.json").write_text('{"tool": "another"}', encoding="utf-8")
    (tmp_path / "link.audit").symlink_to(own)
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    delivery = audited / "delivery"
    for out in ("own", "link.audit", "file", "file/x.audit", "/proc/x.audit", audited, delivery):
        done = ipvi("audit", delivery, "--out", out, cwd=tmp_path, code=4)
        assert done.stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@posix
def test_a_file_is_never_put_over_a_pipe_or_a_folder(audited: Path, tmp_path: Path) -> None:
    """A rename over a device, as the administrator, would take it from everyone."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "alias").symlink_to("pipe")
    for name in ("pipe", "folder", "alias"):
        done = ipvi("review", audited / "a.audit", "--out", name, cwd=tmp_path, code=4)
        assert "never replaced" in done.stderr
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "alias").is_symlink()


@posix
def test_another_writer_is_told_in_one_line(audited: Path, tmp_path: Path) -> None:
    import fcntl

    shutil.copytree(audited / "a.audit", tmp_path / "a.audit")
    with (tmp_path / ".a.audit.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write(MARK)
        held.flush()
        for command in (
            ("audit", audited / "delivery", "--out", "a.audit"),
            ("classify", "a.audit"),
        ):
            done = ipvi(*command, cwd=tmp_path, code=4)
            assert "another ipvi is writing" in done.stderr
            assert MARK not in done.stderr


@posix
@pytest.mark.parametrize("limit", [2_000, 6_000, 15_000])
def test_a_disk_that_fills_up_at_any_stage_is_4_and_leaves_nothing(
    limit: int, audited: Path, tmp_path: Path
) -> None:
    limited = "import resource,signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limited += f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    command = [IPVI[0], "-c", f"{limited}from ipvi_cli.cli.exits import main; main()"]
    done = subprocess.run(
        [*command, "audit", str(audited / "delivery"), "--out", "x.audit", "--xlsx"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert done.stderr.count("\n") == 1
    assert MARK not in done.stderr + done.stdout
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_a_person_opens_runs_as_a_formula(tmp_path: Path) -> None:
    write_delivery(tmp_path / "delivery")
    reports = tmp_path / "delivery" / "reports.csv"
    text = reports.read_text(encoding="utf-8").replace(f"{MARK} SMITHS WIFE", "=1+1")
    text = text.replace(f"{MARK} Weapon", "@SUM(A1)").replace(f"{MARK} Beat", "-2+3")
    reports.write_text(text.replace("19-01", "+19-01"), encoding="utf-8")
    words = tmp_path / "words.csv"
    words.write_text("value\n=1+1\n@SUM(A1)\n", encoding="utf-8")
    ipvi("audit", "delivery", "--out", "a.audit", "--xlsx", cwd=tmp_path)
    ipvi("review", "a.audit", cwd=tmp_path)
    ipvi("review", "a.audit", "--sample", "20", cwd=tmp_path)
    ipvi("review", "a.audit", "--out", "review.xlsx", cwd=tmp_path)
    tables = list((tmp_path / "a.audit").rglob("*.csv"))
    assert {"review.csv", "sample.csv", "ZZ9.csv"} <= {path.name for path in tables}
    seen = ""
    for path in tables:
        df = pl.read_csv(path, infer_schema=False)
        for column in df.get_columns():
            risky = column.drop_nulls().str.contains(r"(^|[;\t\r\n])[=+\-@]")
            assert not risky.any(), (path.name, column.name)
        seen += df.write_csv()
    assert "'=1+1" in seen
    assert "'+19-01" in seen or ":+19-01" in seen
    for path in (tmp_path / "review.xlsx", tmp_path / "a.audit" / "audit.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
