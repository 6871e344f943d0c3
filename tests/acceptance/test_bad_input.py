"""What cannot be used is told in one line, with its exit code, and leaves nothing half-written."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers_acceptance import IPVI, SAMPLES, audit_json, ipvi

posix = pytest.mark.skipif(os.name == "nt", reason="signals, modes and device files of POSIX")

REPORTS = "dir_2019.csv"


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    folder = tmp_path / "delivery"
    shutil.copytree(SAMPLES / "poughkeepsie_2019", folder)
    return folder


def _empty(folder: Path) -> None:
    (folder / REPORTS).write_bytes(b"")


def _blank(folder: Path) -> None:
    (folder / REPORTS).write_bytes(b" \r\n\r\n  \t\n")


def _absent(folder: Path) -> None:
    (folder / REPORTS).rename(folder / "something_else.csv")


def _picture(folder: Path) -> None:
    (folder / REPORTS).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)


def _noise(folder: Path) -> None:
    (folder / REPORTS).write_bytes(bytes((number * 7919) % 256 for number in range(9000)))


def _cut_gzip(folder: Path) -> None:
    packed = gzip.compress((folder / REPORTS).read_bytes())
    (folder / REPORTS).write_bytes(packed[: len(packed) // 2])


def _cut_workbook(folder: Path) -> None:
    book = (SAMPLES / "two_agencies_rms" / "arrests.xlsx").read_bytes()
    (folder / REPORTS).write_bytes(book[: len(book) // 2])


def _locked_workbook(folder: Path) -> None:
    name = "EncryptedPackage".encode("utf-16-le")
    (folder / REPORTS).write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2040) + name + bytes(2000)
    )


def _bomb(folder: Path) -> None:
    (folder / REPORTS).unlink()
    with (
        zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(REPORTS, "w", force_zip64=True) as member,
    ):
        for _ in range(300):
            member.write(bytes(1 << 20))


def _renamed_column(folder: Path) -> None:
    profile = folder / "jurisdiction.toml"
    text = profile.read_text(encoding="utf-8").replace('"Report No"', '"Report Nr"')
    profile.write_text(text, encoding="utf-8")


def _unknown_key(folder: Path) -> None:
    profile = folder / "jurisdiction.toml"
    text = profile.read_text(encoding="utf-8").replace("population =", "populaton =")
    profile.write_text(text, encoding="utf-8")


def _no_profile(folder: Path) -> None:
    (folder / "jurisdiction.toml").unlink()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_empty, ("dir_2019.csv", "empty")),
        (_blank, ("dir_2019.csv", "blank")),
        (_absent, ("source reports", "dir_*.csv")),
        (_picture, ("dir_2019.csv", "PNG")),
        (_noise, ("dir_2019.csv", "binary")),
        (_cut_gzip, ("dir_2019.csv", "damaged")),
        (_cut_workbook, ("dir_2019.csv", "damaged")),
        (_locked_workbook, ("dir_2019.csv", "password")),
        (_bomb, ("bomb.zip", "proportion")),
        (_renamed_column, ("'Report Nr'", "did you mean 'Report No'")),
        (_unknown_key, ("populaton", "did you mean 'population'")),
        (_no_profile, ("jurisdiction.toml",)),
    ],
)
def test_one_clear_line_and_3_and_nothing_written(
    spoil: Callable[[Path], None], words: tuple[str, ...], delivery: Path, tmp_path: Path
) -> None:
    spoil(delivery)
    before = sorted(tmp_path.rglob("*"))
    done = ipvi("audit", delivery, "--out", "x.audit", cwd=tmp_path, code=3)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word.casefold() in done.stderr.casefold()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["nothing/here", "nothing.csv"])
def test_a_wrong_path_is_one_line_and_3(name: str, tmp_path: Path) -> None:
    done = ipvi("audit", name, cwd=tmp_path, code=3)
    assert done.stderr.count("\n") == 1
    assert name in done.stderr


def test_one_unreadable_file_among_ten_is_told_and_the_rest_audited(
    delivery: Path, tmp_path: Path
) -> None:
    lines = (delivery / REPORTS).read_bytes().splitlines(keepends=True)
    head, body = lines[:4], lines[4:]
    (delivery / REPORTS).unlink()
    each = -(-len(body) // 9)
    for number in range(9):
        part = body[number * each : (number + 1) * each]
        (delivery / f"dir_{number}.csv").write_bytes(b"".join([*head, *part]))
    (delivery / "dir_9.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(4000))
    told = audit_json(delivery, tmp_path / "x.audit", code=3)
    assert told["complete"] is False
    assert told["headline"]["incidents"] > 400
    assert told["findings"]["error"] >= 1
    shown = ipvi("audit", delivery, "--out", "y.audit", cwd=tmp_path, code=3).stdout
    assert "INCOMPLETE" in shown
    assert "dir_9.csv" in shown


@posix
def test_a_folder_that_may_not_be_written_is_4(delivery: Path, tmp_path: Path) -> None:
    done = ipvi("audit", delivery, "--out", "/proc/x.audit", cwd=tmp_path, code=4)
    assert done.stderr.count("\n") == 1


@posix
def test_a_full_disk_is_4_and_keeps_the_earlier_workspace(delivery: Path, tmp_path: Path) -> None:
    ipvi("audit", delivery, "--out", "x.audit", cwd=tmp_path)
    before = {
        path: path.read_bytes() for path in (tmp_path / "x.audit").rglob("*") if path.is_file()
    }
    # A file may not grow beyond 10 kB: what a full disk does, without filling one.
    limited = "import resource,signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
    command = [IPVI[0], "-c", f"{limited}from ipvi_cli.cli.exits import main; main()"]
    done = subprocess.run(
        [*command, "audit", str(delivery), "--out", "x.audit"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert done.stderr.count("\n") == 1
    after = {
        path: path.read_bytes() for path in (tmp_path / "x.audit").rglob("*") if path.is_file()
    }
    assert after == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["delivery", "x.audit"]


@posix
def test_an_interruption_leaves_the_earlier_workspace_whole(tmp_path: Path) -> None:
    ipvi("sample", "s", "--incidents", "20000", "--mess", "0", "--quiet", cwd=tmp_path)
    ipvi("audit", SAMPLES / "poughkeepsie_2019", "--out", "x.audit", cwd=tmp_path)
    before = (tmp_path / "x.audit" / "manifest.json").read_bytes()
    names = sorted(path.name for path in tmp_path.iterdir())
    for step in ("mapping", "checking"):
        with subprocess.Popen(
            [*IPVI, "audit", "s", "--out", "x.audit", "--verbose"],
            cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
        ) as running:  # fmt: skip
            assert running.stderr is not None
            while step not in (line := running.stderr.readline()):
                assert line, step
            running.send_signal(signal.SIGINT)
            said = running.stderr.read()
        assert running.returncode == 130, said
        assert "interrupted" in said
        assert (tmp_path / "x.audit" / "manifest.json").read_bytes() == before
        assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_a_delivery_without_a_relationship_column_is_audited_and_says_what_to_ask(
    delivery: Path, tmp_path: Path
) -> None:
    profile = delivery / "jurisdiction.toml"
    kept, inside = [], False
    for part in profile.read_text(encoding="utf-8").split("[[sources.tables]]"):
        inside = part.lstrip().startswith('table = "relationship"')
        if not inside:
            kept.append(part)
    profile.write_text("[[sources.tables]]".join(kept), encoding="utf-8")
    told = audit_json(delivery, tmp_path / "x.audit")
    assert told["headline"]["lead"] == "none"
    assert told["headline"]["share"] is None
    assert told["headline"]["undetermined"] == told["headline"]["denominator"] == 560
    shown = ipvi("audit", delivery, "--out", "x.audit", cwd=tmp_path).stdout
    assert "relationship" in shown.split("Ask the jurisdiction for")[1]


def test_nothing_in_a_csv_or_workbook_runs_as_a_formula(delivery: Path, tmp_path: Path) -> None:
    import openpyxl

    text = (delivery / REPORTS).read_bytes()
    (delivery / REPORTS).write_bytes(
        text.replace(b",P2,", b",=1+1,").replace(b",P3,", b",@SUM(A1),")
    )
    ipvi("audit", delivery, "--out", "x.audit", "--xlsx", cwd=tmp_path)
    for path in (tmp_path / "x.audit").rglob("*.csv"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not any(
                cell.strip('"').startswith(("=", "@", "+")) for cell in line.split(",")
            ), path
    book = openpyxl.load_workbook(tmp_path / "x.audit" / "audit.xlsx")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
