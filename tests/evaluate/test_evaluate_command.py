"""The command: what it writes, what it refuses and how it says so."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from helpers_evaluate import lives, write_town

from ipvi_cli.cli.exits import run
from ipvi_cli.model.evaluation import EVALUATION_SCHEMA
from ipvi_cli.pipeline import audit
from ipvi_cli.pipeline.evaluating import Evaluated, evaluate


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    write_town(folder / "delivery", lives(3, persons=600))
    audit(folder / "delivery", out=folder / "town.audit")
    return folder / "town.audit"


@pytest.fixture(scope="module")
def done(town: Path) -> Evaluated:
    copy = town.parent / "done.audit"
    shutil.copytree(town, copy)
    return evaluate(copy, comparison="other_family")


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("without")
    write_town(folder / "delivery", lives(3, persons=60), notified=False)
    audit(folder / "delivery", out=folder / "town.audit")
    return folder / "town.audit"


def value(done: Evaluated, **of: str) -> dict[str, object]:
    rows = done.rows.filter([pl.col(name) == is_ for name, is_ in of.items()])
    return rows.row(0, named=True)


def test_the_workspace_keeps_the_rows_and_pictures(done: Evaluated) -> None:
    town = done.workspace
    kept = pl.read_parquet(town / "evaluation.parquet")

    assert dict(kept.schema) == EVALUATION_SCHEMA
    assert kept.equals(done.rows)
    names = [item["file"] for item in json.loads((town / "manifest.json").read_text())["outputs"]]
    assert "evaluation/ipv_incidents.svg" in names
    picture = (town / "evaluation" / "ipv_incidents.svg").read_text()
    assert picture.startswith("<svg")
    assert "http" not in picture.replace("http://www.w3.org", "")


def test_steps_and_outcomes_agree_with_the_lists_delivered(done: Evaluated, town: Path) -> None:
    notices = pl.read_csv(town.parent / "delivery" / "notices.csv")
    given = notices.filter(pl.col("Delivered") == "Y")

    step = value(done, part="process", measure="delivered", group="all")
    assert (step["numerator"], step["denominator"]) == (given.height, notices.height)
    assert value(done, part="process", measure="days_to_delivery", group="all")["value"] == 20

    end = pl.date(2018, 12, 30)
    index = given.select("Suspect", index=pl.col("Notified").str.to_date())
    seen = index.filter(pl.col("index").dt.offset_by("6mo") <= end)
    reports = pl.read_csv(town.parent / "delivery" / "reports.csv").filter(
        pl.col("Tie") == "SPOUSE"
    )
    later = seen.join(reports, on="Suspect").with_columns(pl.col("On").str.to_date())
    failed = later.filter(
        (pl.col("On") > pl.col("index")) & (pl.col("On") <= pl.col("index").dt.offset_by("6mo"))
    )
    half = value(done, measure="ipv_report", group="all", window="6 months")
    assert half["denominator"] == seen.height
    assert half["numerator"] == failed["Suspect"].n_unique()


def test_a_comparison_changes_the_words(done: Evaluated) -> None:
    assert "difference in change" in done.sentences[0]
    assert "other family incidents" in done.sentences[0]
    assert "effect" not in " ".join(done.sentences)


def test_it_is_the_same_again(done: Evaluated) -> None:
    pictures = [file.read_bytes() for file in done.files]
    again = evaluate(done.workspace, comparison="other_family")
    assert again.rows.equals(done.rows)
    assert [file.read_bytes() for file in again.files] == pictures


def test_the_screen_names_nobody(
    done: Evaluated, town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", str(town), "--comparison", "other_family"]) == 0
    said = capsys.readouterr()
    persons = pl.read_parquet(town / "persons.parquet")["person_id"]
    assert "difference in change" in " ".join(said.out.split())
    for text in (said.out, said.err, done.rows.write_csv()):
        assert "TESTPERSON" not in text
        assert not any(person in text for person in persons.head(200))


def test_without_notices_only_a_plan_can_be_had(
    without: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", str(without)]) == 3
    assert "no table notification" in capsys.readouterr().err

    assert run(["evaluate", str(without), "--plan", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["part"] for row in rows} <= {"plan", "refused"}
    assert not (without / "evaluation.parquet").exists()


def test_a_plan_says_by_when(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(town), "--plan", "--start", "2018-01-01"]) == 0
    said = capsys.readouterr().out
    assert "by 2019-01-01: the smallest drop seen with power 80 %" in " ".join(said.split())


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--comparison", "other_famly"], 2, "did you mean 'other_family'?"),
        (["--start", "2018-06-01"], 0, "at least 12 are needed on each side"),
    ],
)
def test_wrong_use_and_too_little_are_told(
    town: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, said: str
) -> None:
    assert run(["evaluate", str(town), *options]) == code
    told = capsys.readouterr()
    assert said in " ".join((told.out + told.err).split())


def test_without_the_extra_the_line_to_install_it_is_said(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "statsmodels" else find(name)
    )
    assert run(["evaluate", str(town)]) == 2
    assert 'pip install "ipvi-cli[evaluate]"' in capsys.readouterr().err


def test_violations_are_refused_where_none_is_recorded(done: Evaluated) -> None:
    refused = [line for line in done.refused if line.startswith("order_violation")]
    assert refused == [
        "order_violation: no protective orders were delivered, and no offence of violating one is recorded"
    ]
    assert not (done.rows["measure"] == "violation_arrest").any()
