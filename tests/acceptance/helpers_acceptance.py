"""Run the command as a user does, and read back every text that it left anywhere."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
import polars as pl
import pyarrow.parquet as pq

from ipvi_cli.cli.exits import run

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
IPVI = [sys.executable, "-c", "from ipvi_cli.cli.exits import main; main()"]


def ipvi(
    *arguments: str | Path, cwd: Path, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    """Run one command line, in this process, and hold it to its exit code."""
    out, err = io.StringIO(), io.StringIO()
    surroundings = {"NO_COLOR": "1", "COLUMNS": "100"}
    with (
        chdir(cwd),
        patch.dict(os.environ, surroundings),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        found = run([str(argument) for argument in arguments])
    done = subprocess.CompletedProcess(arguments, found, out.getvalue(), err.getvalue())
    assert "Traceback" not in done.stderr
    assert code is None or found == code, (found, done.stdout, done.stderr)
    return done


def audit_json(delivery: Path, out: Path, *more: str, code: int = 0) -> dict[str, Any]:
    """Audit a delivery and give the one object that is printed."""
    done = ipvi(
        "audit", delivery, "--out", out, "--format", "json", *more, cwd=out.parent, code=code
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def texts_in(folder: Path, *, restricted: bool = False) -> Iterator[tuple[str, str]]:
    """Decode every output of a workspace, and give each of its texts with the place where it stands."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        yield "file name", relative.as_posix()
        if path.is_dir() or (relative.parts[0] == "restricted" and not restricted):
            continue
        for text in _texts(path):
            yield relative.as_posix(), text


def _texts(path: Path) -> Iterator[str]:
    match path.suffix:
        case ".parquet":
            frame = pl.read_parquet(path)
            yield from frame.columns
            for row in frame.iter_rows():
                yield from (str(value) for value in row if value is not None)
            yield str(pq.read_metadata(path).to_dict())
            yield str(pq.read_schema(path).metadata)
        case ".xlsx":
            for sheet in openpyxl.load_workbook(path).worksheets:
                yield sheet.title
                for cells in sheet.iter_rows(values_only=True):
                    yield from (str(cell) for cell in cells if cell is not None)
        case ".html":
            text = path.read_text(encoding="utf-8")
            yield text
            for download in re.findall(r'base64,([A-Za-z0-9+/=]+)"', text):
                yield base64.b64decode(download).decode("utf-8")
        case _:
            yield path.read_bytes().decode("utf-8", "replace")
