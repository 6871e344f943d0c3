import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes_cli import child, ipvi, surroundings

posix = pytest.mark.skipif(os.name == "nt", reason="signals and pipes of POSIX")

MANY = """
    import polars as pl
    pipeline.rules = lambda: pl.DataFrame({"code": [f"IPVI-{n}" for n in range(50_000)]})
"""

STAGING = """
    import pathlib, time
    from ipvi_cli.workspace import stage
    def audit(delivery, *, out, **_):
        with stage(out) as staging:
            staging.write_text("half.txt", "half")
            print("writing", flush=True)
            {what}
    pipeline.audit = audit
"""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), b""),
        (("audt",), b"Did you mean 'audit'?"),
        (("rules", "--formt", "csv"), b"--format"),
        (("rules", "--format", "xml"), b"--format"),
        (("audit",), b"Missing argument 'DELIVERY'"),
        (("sample", "x", "--mess", "2"), b"--mess"),
    ],
)
def test_wrong_usage_is_one_line_and_2(arguments: tuple[str, ...], words: bytes) -> None:
    done = ipvi(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count(b"\n") == (1 if words else 0)


@pytest.mark.parametrize(
    ("raised", "code", "line"),
    [
        ("UsageError('wrong.', mend='Do right.')", 2, b"ipvi: wrong. Do right.\n"),
        ("InputError('unusable.', where='dir.csv')", 3, b"ipvi: dir.csv: unusable.\n"),
        ("OutputError('unwritable.', where='x.audit')", 4, b"ipvi: x.audit: unwritable.\n"),
        ("InputError('red \\x1b[31m text')", 3, "ipvi: red �[31m text\n".encode()),
        ("MemoryError('JOHN SMITH')", 70, b"internal error (MemoryError)"),
        ("ValueError('JOHN SMITH')", 70, b"internal error (ValueError)"),
        ("PermissionError(13, 'JOHN SMITH', 'smith.csv')", 70, b"internal error (PermissionError)"),
        ("BaseException('JOHN SMITH')", 70, b"internal error (BaseException)"),
        ("OSError(28, 'JOHN SMITH')", 4, b"the disk is full"),
        ("KeyboardInterrupt()", 130, b"ipvi: interrupted"),
        ("BrokenPipeError()", 0, b""),
    ],
)
def test_every_failure_is_one_line_with_its_code(raised: str, code: int, line: bytes) -> None:
    done = ipvi(
        "rules",
        given=f"""
        from ipvi_cli.model.errors import InputError, OutputError, UsageError
        def rules():
            raise {raised}
        pipeline.rules = rules
        """,
        environment={"PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == code
    assert line in done.stderr
    assert done.stderr.count(b"\n") == bool(line)
    assert b"Traceback" not in done.stderr
    assert b"SMITH" not in done.stderr + done.stdout
    assert done.stdout == b""


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("audit", "--help")])
def test_help_and_version_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom ipvi_cli.cli.exits import run\nassert run(sys.argv[1:]) == 0\n"
        "heavy = {'polars', 'pyarrow', 'numpy', 'dataframely', 'duckdb', 'splink'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


@posix
@pytest.mark.parametrize("format", ["csv", "json", "table"])
def test_a_closed_pipe_is_no_failure(format: str) -> None:
    process = subprocess.Popen(
        child("rules", "--format", format, given=MANY),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(5)
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), told) == (0, b"")


@posix
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("rules",)])
def test_a_pipe_closed_from_the_start_is_no_failure(arguments: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = ipvi(
            *arguments, given=MANY, capture_output=False, stdout=write, stderr=subprocess.PIPE
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
def test_standard_output_closed_altogether_is_no_failure() -> None:
    command = child("rules", "--format", "csv", given=MANY)
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" "$@" >&-', *command],
        stderr=subprocess.PIPE, env=surroundings(), check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("format", ["csv", "table"])
def test_standard_output_on_a_full_disk_is_4(format: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = ipvi(
            "rules", "--format", format, given=MANY,
            capture_output=False, stdout=full, stderr=subprocess.PIPE,
        )  # fmt: skip
    assert done.returncode == 4
    assert done.stderr == b"ipvi: standard output: cannot be written: the disk is full.\n"


def earlier(out: Path) -> bytes:
    from ipvi_cli.workspace import stage

    with stage(out) as staging:
        staging.write_text("mark.txt", "earlier")
        staging.write_manifest(
            version="1", profile_sha256="", rules_sha256="", complete=True, inputs=[]
        )
    return (out / "manifest.json").read_bytes()


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_the_earlier_workspace(tmp_path: Path, number: int) -> None:
    # Arrange
    out = tmp_path / "x.audit"
    before = earlier(out)
    process = subprocess.Popen(
        child("audit", "delivery", "--out", str(out), given=STAGING.format(what="time.sleep(60)")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"

    # Act
    process.send_signal(number)
    _, told = process.communicate(timeout=60)

    # Assert
    assert process.returncode == 130
    assert told == b"ipvi: interrupted; nothing half-written is left.\n"
    assert (out / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.audit"]


@posix
def test_a_killed_run_is_tidied_up_by_the_next(tmp_path: Path) -> None:
    from ipvi_cli.workspace import open_workspace

    out = tmp_path / "x.audit"
    before = earlier(out)
    process = subprocess.Popen(
        child("audit", "delivery", "--out", str(out), given=STAGING.format(what="time.sleep(60)")),
        stdout=subprocess.PIPE,
        env=surroundings(),
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert len(list(tmp_path.iterdir())) > 1
    open_workspace(out)
    assert (out / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.audit"]


@posix
def test_a_disk_that_fills_up_in_mid_write_is_4(tmp_path: Path) -> None:
    out = tmp_path / "x.audit"
    before = earlier(out)
    given = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
    what = "staging.write_text('big.txt', 'x' * 10_000)"
    done = ipvi(
        "audit", "delivery", "--out", str(out),
        given=STAGING.format(what=what).replace("import pathlib", given.strip() + "\n    import pathlib"),
    )  # fmt: skip
    assert done.returncode == 4
    assert done.stderr.startswith(f"ipvi: {out}: cannot be written: ".encode())
    assert done.stderr.count(b"\n") == 1
    assert (out / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.audit"]


def test_a_folder_that_is_not_ours_is_4(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = ipvi("audit", "delivery", "--out", str(tmp_path), given=STAGING.format(what="pass"))
    assert done.returncode == 4
    assert b"never replaced" in done.stderr
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8"])
def test_a_console_without_unicode_shows_it_plainly(encoding: str) -> None:
    done = ipvi(
        "audit", "delivery",
        given="from fakes_cli import an_audit\npipeline.audit = lambda *_, **__: an_audit()",
        environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )  # fmt: skip
    text = done.stdout.decode(encoding)
    dash = "-" if encoding in {"ascii", "cp437"} else "–"
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"83.0 % [83.0{dash}83.0], were intimate partner" in " ".join(text.split())
    assert "?" not in text


@posix
def test_the_bar_shows_on_a_terminal_after_a_second_and_nowhere_else(tmp_path: Path) -> None:
    import pty

    given = """
        import time
        from fakes_cli import an_audit
        def audit(delivery, *, progress, **_):
            if progress is not None:
                progress("reading dir.csv", 1, 2)
            time.sleep(1.6)
            return an_audit()
        pipeline.audit = audit
    """
    quiet = ipvi("audit", "delivery", "--format", "json", given=given)
    controller, terminal = pty.openpty()
    shown = ipvi(
        "audit", "delivery", "--format", "json", given=given,
        capture_output=False, stdout=subprocess.PIPE, stderr=terminal,
        environment={"TERM": "xterm"},
    )  # fmt: skip
    os.close(terminal)
    time.sleep(0.1)
    told = os.read(controller, 100_000)
    os.close(controller)
    assert quiet.stderr == b""
    assert b"reading dir.csv" in told
    assert shown.stdout == quiet.stdout
