"""The commands of the how-to guides run as they stand, on small made-up jurisdictions."""

from __future__ import annotations

import io
import re
import shlex
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from ipvi_cli.cli.exits import Exit, run

ROOT = Path(__file__).parents[1]
GUIDES = ("comparing-with-peers", "monthly-delivery", "partner-assessment", "review", "ci")
_BLOCK = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```$", flags=re.M | re.S)


def commands(guide: str) -> list[str]:
    """Every line of a guide's blocks that calls ipvi, without what takes a file that a person has filled in.

    Scripts that the repository holds are run elsewhere.
    """
    text = (ROOT / "docs" / f"{guide}.md").read_text(encoding="utf-8")
    return [
        line.removeprefix("$ ").split(" || ")[0]
        for block in _BLOCK.findall(text)
        if not block.startswith("#!")
        for line in block.splitlines()
        if line.removeprefix("$ ").startswith("ipvi ") and "--apply" not in line
    ]


def called(command: str) -> int:
    name, *arguments = shlex.split(command, comments=True)
    assert name == "ipvi"
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return run(arguments)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the guides take for granted: a delivery, its audit, and published neighbours."""
    folder = tmp_path_factory.mktemp("guides")
    with chdir(folder):
        for number, name in enumerate(("DELIVERY", "neighbour")):
            said = f"ipvi sample {name} --shape dir --incidents 60 --intimate 40 --seed {number}"
            assert called(said) == Exit.CLEAN
            assert called(f"ipvi audit {name} --out {name}.audit") == Exit.CLEAN
        assert called("ipvi publish neighbour.audit --out neighbour_2019/") == Exit.CLEAN
        shutil.copytree("neighbour_2019", "third_2019")
        shutil.copytree("DELIVERY", "extracts/current")
        shutil.copy("DELIVERY/jurisdiction.toml", "jurisdiction.toml")
        Path("DELIVERY.audit").rename("city.audit")
    return folder


@pytest.mark.parametrize("guide", GUIDES)
def test_the_commands_of_a_guide_run(guide: str, place: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    shutil.copytree(place, here)

    with chdir(here):
        done = {line: called(line.replace('"$delivery"', "DELIVERY")) for line in commands(guide)}

    assert done
    assert [line for line, code in done.items() if code not in (Exit.CLEAN, Exit.FINDINGS)] == []
