"""The committed samples are what their commands write today, and each command stands in the README."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ipvi_cli.sample import make_sample

ROOT = Path(__file__).parents[2] / "sample_data"
NUMBERS = {"seed": int, "incidents": int, "intimate": int, "years": int, "mess": float}


def commands() -> dict[str, dict[str, Any]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = {}
    for command in re.findall(r"`ipvi sample (sample_data/[^`]*)`", text):
        folder, *options = shlex.split(command)
        careers = "--careers" in options
        options = [option for option in options if option != "--careers"]
        pairs = zip(options[::2], options[1::2], strict=True)
        asked = {name.removeprefix("--"): value for name, value in pairs}
        found[folder.removeprefix("sample_data/")] = {
            name: NUMBERS[name](value) if name in NUMBERS else value
            for name, value in asked.items()
        }
        found[folder.removeprefix("sample_data/")]["careers"] = careers
    return found


def cells(content: bytes) -> list[list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(sheet.iter_rows(values_only=True)) for sheet in book]


def test_every_folder_has_its_command() -> None:
    # A submission that needs no profile is written by hand.
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"nibrs_submission"}

    made = set(commands())
    assert folders == made | {f"{name}-truth" for name in made}


@pytest.mark.parametrize(
    "folder", ["poughkeepsie_2019", "two_agencies_rms", "nyc_snapshot", "careers"]
)
def test_a_folder_is_what_its_command_writes(folder: str) -> None:
    sample = make_sample(**commands()[folder])

    delivery = {**sample.files, "jurisdiction.toml": sample.profile.encode()}
    for name, made in ((folder, delivery), (f"{folder}-truth", sample.truth)):
        there = {path.name: path.read_bytes() for path in (ROOT / name).iterdir()}
        assert set(there) == set(made)
        for file, content in made.items():
            if file.endswith(".xlsx"):
                # Another version of the writer may lay out the same cells in other bytes.
                assert cells(there[file]) == cells(content)
            else:
                assert there[file] == content, file
