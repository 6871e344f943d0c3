"""The check of an extract as CI runs it: a good delivery passes, a spoiled one fails with annotations."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from ipvi_cli import pipeline
from ipvi_cli.cli.exits import run
from ipvi_cli.model.profile import parse_profile

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data" / "poughkeepsie_2019"
SCRIPT = ROOT / "docs" / "ci" / "check_delivery.sh"
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
ACCEPTED = "accepted_findings.csv"

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None or sys.platform == "win32", reason="no bash")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, whose faults are all on the list that its profile names."""
    delivery = tmp_path_factory.mktemp("ci") / "good"
    shutil.copytree(SAMPLE, delivery)
    with (delivery / pipeline.PROFILE_NAME).open("a", encoding="utf-8") as profile:
        profile.write(f'\n[findings]\naccepted = "{ACCEPTED}"\n')
    pipeline.validate(delivery, write_baseline=delivery / ACCEPTED)
    return delivery


@pytest.fixture(scope="module")
def spoiled(good: Path) -> Path:
    """The same, with one incident that is said to have been reported before it occurred."""
    delivery = good.with_name("spoiled")
    shutil.copytree(good, delivery)
    file = delivery / "dir_2019.csv"
    before, after = b"PD,01/01/2019,01/01/2019", b"PD,01/01/2019,01/06/2019"
    file.write_bytes(file.read_bytes().replace(before, after, 1))
    return delivery


def bash(*arguments: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, **variables, "PATH": path}
    return subprocess.run(
        [str(BASH), *map(str, arguments)],
        cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


def annotations(text: str, kind: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(f"::{kind} ")]


@needs_bash
def test_the_job_passes_a_good_delivery(good: Path) -> None:
    done = bash(SCRIPT, "good", "results", cwd=good.parent)
    assert done.returncode == 0, done.stderr
    assert annotations(done.stdout, "error") == []
    assert "on the list of accepted findings" in done.stdout


@needs_bash
def test_the_job_fails_a_spoiled_delivery_and_says_where(spoiled: Path) -> None:
    done = bash(SCRIPT, "spoiled", "out", cwd=spoiled.parent)
    assert done.returncode == 1, done.stderr
    (line,) = annotations(done.stdout, "error")
    assert line.startswith("::error file=spoiled/dir_2019.csv,line=5,title=IPVI-401 ")
    log = json.loads((spoiled.parent / "out" / "findings.sarif").read_text(encoding="utf-8"))
    new = [one for one in log["runs"][0]["results"] if not one["suppressions"]]
    assert [one["ruleId"] for one in new] == ["IPVI-401"]
    for text in (done.stdout, done.stderr, json.dumps(log)):
        assert "19-00001" not in text
        assert "testperson" not in text.lower()


@needs_bash
def test_the_job_tells_a_check_that_could_not_be_made(tmp_path: Path) -> None:
    assert bash(SCRIPT, "nowhere", "results", cwd=tmp_path).returncode == 3


def _step() -> dict[str, Any]:
    step: dict[str, Any] = ACTION["runs"]["steps"][-1]
    return step


@needs_bash
def test_the_action_runs_the_check_with_its_inputs(spoiled: Path) -> None:
    given = {name: item.get("default", "") for name, item in ACTION["inputs"].items()}
    given |= {"delivery": "spoiled", "ignore": "IPVI-8,IPVI-5", "out": "annotations.txt"}
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], value)
        for name, value in _step()["env"].items()
    }
    script = ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", _step()["run"]]
    done = bash(*script, cwd=spoiled.parent, **variables)
    assert done.returncode == 1, done.stderr
    told = (spoiled.parent / "annotations.txt").read_text(encoding="utf-8")
    assert len(annotations(told, "error")) == 1


def test_the_action_hands_over_every_input_and_nothing_unquoted() -> None:
    named = {value.split("inputs.")[1].split(" ")[0] for value in _step()["env"].values()}
    assert named == set(ACTION["inputs"])
    assert "${{" not in _step()["run"]


def test_the_hook_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    manifest = ROOT / ".pre-commit-hooks.yaml"
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(manifest)]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout
    (hook,) = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    assert run([*hook["entry"].split()[1:], "--quiet", "nowhere"]) == 3


def test_the_page_shows_the_script_and_a_profile_that_can_be_read() -> None:
    shown = re.findall(r"```bash\n(.*?)```", PAGE, flags=re.DOTALL)
    assert shown == [SCRIPT.read_text(encoding="utf-8")]
    (part,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    profile = (SAMPLE / pipeline.PROFILE_NAME).read_text(encoding="utf-8")
    findings = parse_profile(f"{profile}\n{part}", where="page").findings
    assert findings.model_dump() == tomllib.loads(part)["findings"]


def test_the_jobs_of_the_page_name_what_is_there() -> None:
    blocks = [
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    ]
    (used,) = [
        step["with"] for step in blocks[0]["jobs"]["extract"]["steps"] if "ipvi" in step["uses"]
    ]
    assert set(used) <= set(ACTION["inputs"])
    assert blocks[1]["repos"][0]["hooks"][0]["id"] == "ipvi-validate"
