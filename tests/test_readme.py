"""What README and tutorial show is what the commands print; the set-up blocks are run by .ci/run as they stand."""

from __future__ import annotations

import io
import re
import shlex
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from ipvi_cli.cli.app import LazyGroup
from ipvi_cli.cli.exits import Exit, run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LEFT_OUT = "…"


def fenced(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.M | re.S)


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Every command of the tour with the lines that are shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in fenced("console", text):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return found


def shown_in(lines: list[str], printed: list[str]) -> bool:
    """Whether the lines stand in the output in this order; only where some are left out may there be others."""
    place, anywhere = 0, False
    for line in lines:
        if line == LEFT_OUT:
            anywhere = True
            continue
        begins = line.removesuffix(LEFT_OUT).rstrip()
        whole = begins == line
        while place < len(printed):
            fits = printed[place] == line if whole else printed[place].startswith(begins)
            place += 1
            if fits:
                break
            if not anywhere:
                return False
        else:
            return False
        anywhere = False
    return anywhere or place == len(printed)


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_the_tour_is_what_is_printed(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tour = steps((ROOT / page).read_text(encoding="utf-8"))
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    assert len(tour) > 3
    for command, lines in tour:
        out = io.StringIO()
        name, *arguments = shlex.split(command)
        assert name == "ipvi"
        with chdir(tmp_path), redirect_stdout(out), redirect_stderr(io.StringIO()):
            code = run(arguments)
        assert code in (Exit.CLEAN, Exit.FINDINGS), command
        printed = [line.rstrip() for line in out.getvalue().splitlines()]
        assert shown_in(lines, printed), (command, printed)


@pytest.mark.parametrize(
    ("lines", "fits"),
    [
        (["a", "b", "c"], True),
        (["a", "b"], False),
        (["a", "…"], True),
        (["…", "c"], True),
        (["b", "c"], False),
        (["a", "…", "c"], True),
        (["a", "c"], False),
        (["…", "b …", "c"], True),
        (["…", "x", "…"], False),
    ],
)
def test_lines_are_compared_in_order(lines: list[str], fits: bool) -> None:
    assert shown_in(lines, ["a", "b and more", "c"] if "b …" in lines else ["a", "b", "c"]) is fits


def test_the_first_two_sh_blocks_set_up_and_test() -> None:
    first, second = fenced("sh")[:2]
    assert "python3 -m venv .venv\n" in first
    assert ".venv/bin/ipvi audit sample_data/" in first
    assert second.rstrip().endswith(".venv/bin/python -m pytest")
    for block in (first, second):
        assert not re.search(r"^\$|activate|https?:", block, flags=re.M)


def test_the_least_profile_is_one() -> None:
    from ipvi_cli.model.profile import parse_profile

    (block,) = fenced("toml")
    assert parse_profile(block, where="README.md").jurisdiction.name == "Harbor City"


def test_every_command_and_exit_code_is_in_the_readme() -> None:
    commands = LazyGroup(name="ipvi").list_commands(None)
    assert [name for name in commands if f"`ipvi {name}" not in README] == []
    table = README.split("### Exit codes")[1].split("\n## ")[0]
    assert re.findall(r"^\| (\d+) \|", table, flags=re.M) == [str(code.value) for code in Exit]
