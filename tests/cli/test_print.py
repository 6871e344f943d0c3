import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import polars as pl
import pytest
from fakes_cli import FINDINGS, GROUPED, RULES, VALUES, an_audit, headline
from syrupy.assertion import SnapshotAssertion

from ipvi_cli.cli import commands
from ipvi_cli.cli.app import _names
from ipvi_cli.cli.exits import run

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    import sys

    import ipvi_cli

    stand_in = ModuleType("ipvi_cli.pipeline")
    setattr(stand_in, "rules", gives(RULES))  # noqa: B010
    monkeypatch.setitem(sys.modules, "ipvi_cli.pipeline", stand_in)
    monkeypatch.setattr(ipvi_cli, "pipeline", stand_in, raising=False)
    return stand_in


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*arguments: str, width: int = 80) -> tuple[int, str, str]:
        monkeypatch.setenv("COLUMNS", str(width))
        code = run(arguments)
        out, err = capfd.readouterr()
        return code, "\n".join(line.rstrip() for line in out.split("\n")), err

    return call


def gives(result: object) -> Callable[..., object]:
    return lambda *_, **__: result


@pytest.mark.parametrize("name", ["", *_names()])
def test_help(name: str, shell: Run, snapshot: SnapshotAssertion) -> None:
    code, out, err = shell(*([name] if name else []), "--help")
    assert (code, err) == (0, "")
    assert out == snapshot


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_printed_audit(
    width: int, shell: Run, pipeline: Any, snapshot: SnapshotAssertion
) -> None:
    pipeline.audit = gives(an_audit())
    code, out, err = shell("audit", "delivery", width=width)
    assert (code, err) == (0, "")
    assert max(map(len, out.split("\n"))) <= width
    assert out == snapshot


@pytest.mark.parametrize("format", ["csv", "ndjson", "json"])
@pytest.mark.parametrize("name", ["audit", "validate", "ingest", "classify", "summarize", "rules"])
def test_formats_for_machines(
    name: str, format: str, shell: Run, pipeline: Any, snapshot: SnapshotAssertion
) -> None:
    setattr(pipeline, name, gives(GROUPED if name == "rules" else an_audit()))
    words = ["delivery"] if name in {"audit", "ingest"} else []
    code, out, err = shell(name, *words, "--format", format)
    assert code == (1 if name == "validate" else 0)
    assert bool(err) == (name == "validate")
    if format == "json":
        json.loads(out)
    assert out == snapshot


def test_json_of_an_audit_is_the_one_object_of_the_contract(shell: Run, pipeline: Any) -> None:
    pipeline.audit = gives(an_audit())
    _, out, _ = shell("audit", "delivery", "--format", "json")
    assert json.loads(out) == {
        "jurisdiction": "Poughkeepsie",
        "period": {"start": "2019-01-01", "end": "2019-12-31"},
        "complete": True,
        "headline": {
            "incidents": 560,
            "denominator": 560,
            "intimate_partner": 465,
            "other_family": 80,
            "other_domestic": 15,
            "known_not_domestic": 0,
            "stranger": 0,
            "undetermined": 0,
            "not_applicable": 0,
            "undetermined_unflagged": 0,
            "share": 465 / 560,
            "share_lower": 465 / 560,
            "share_upper": 465 / 560,
            "lead": "known_only",
        },
        "findings": {"error": 2, "warning": 1, "info": 1},
        "rows": {"read": 1010, "accepted": 1000, "quarantined": 10},
        "workspace": "poughkeepsie.audit",
    }


def test_a_delivery_of_tallies_has_no_headline(shell: Run, pipeline: Any) -> None:
    pipeline.audit = gives(an_audit(headline=None, values=None, period=None))
    _, out, _ = shell("audit", "delivery", "--format", "json")
    _, table, _ = shell("audit", "delivery")
    assert json.loads(out)["headline"] is None
    assert json.loads(out)["period"] is None
    assert "counts only" in table
    assert "By month" in table
    assert " 2019\n" in table


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "465 of 560 domestic incidents, 83.0 % [83.0–83.0], were intimate partner\n"),
        (
            {"intimate_partner": 120, "other_family": 60, "other_domestic": 0, "undetermined": 20},
            "120 of 180 domestic incidents with a known tie, 66.7 % [60.0–70.0], were intimate partner",
        ),
        (
            {"intimate_partner": 120, "other_family": 60, "other_domestic": 0, "undetermined": 60},
            "Between 50.0 % and 75.0 % of 240 domestic incidents were intimate partner (66.7 % of the 180",
        ),
        (
            {"intimate_partner": 120, "other_family": 60, "other_domestic": 0, "undetermined": 61},
            "No single figure: between 49.8 % and 75.1 % of 241 domestic incidents were intimate partner",
        ),
        (
            dict.fromkeys(["intimate_partner", "other_family", "other_domestic"], 0)
            | {"undetermined": 9},
            "Nothing can be said about 9 domestic incidents: ask for the relationship column.",
        ),
        (
            dict.fromkeys(["intimate_partner", "other_family", "other_domestic"], 0),
            "No domestic incidents: nothing can be said.",
        ),
    ],
)
@pytest.mark.parametrize("complete", [True, False])
def test_the_headline(
    counts: dict[str, int], words: str, complete: bool, shell: Run, pipeline: Any
) -> None:
    failures = () if complete else ("persons.csv: missing.",)
    pipeline.audit = gives(
        an_audit(headline=headline(**counts), complete=complete, failures=failures)
    )
    code, out, _ = shell("audit", "delivery", width=200)
    assert words in out
    assert code == (0 if complete else 3)
    assert ("INCOMPLETE" in out) != complete
    assert ("Not read: persons.csv: missing." in out) != complete


@pytest.mark.parametrize(
    ("undetermined", "share", "bounds"),
    [(0, "66.7 %", "[66.7–66.7]"), (60, "66.7 %", "[50.0–75.0]"), (61, "–", "[49.8–75.1]")],
)
def test_a_class_has_no_single_share_where_too_much_is_undetermined(
    undetermined: int, share: str, bounds: str, shell: Run, pipeline: Any
) -> None:
    counts = {"intimate_partner": 120, "other_family": 60, "other_domestic": 0}
    pipeline.classify = gives(an_audit(headline=headline(**counts, undetermined=undetermined)))
    _, out, _ = shell("classify")
    row = next(line for line in out.split("\n") if "intimate partner  " in line)
    assert row.split("  ")[0].strip() == "intimate partner"
    assert " ".join(row.split()) == f"intimate partner 120 {share} {bounds}"


@pytest.mark.parametrize("name", ["audit", "classify"])
def test_a_rare_site_word_is_shown_only_when_asked_for(
    name: str, shell: Run, pipeline: Any
) -> None:
    setattr(pipeline, name, gives(an_audit()))
    _, out, _ = shell(name, "x", width=200)
    _, everything, _ = shell(name, "x", "--show-values", width=200)
    assert "BF/GF" in out
    assert "SMITH" not in out
    assert "ONE COUPLE" not in out
    assert "2 further values, each seen fewer than 11 times, or in fewer than 3 incidents" in out
    assert "JOHN SMITHS WIFE" in everything
    assert "further" not in everything


def test_rare_words_alone_are_counted_in_the_words_of_the_contract(
    shell: Run, pipeline: Any
) -> None:
    pipeline.audit = gives(an_audit(values=VALUES.filter(pl.col("count") < 11)))
    _, out, _ = shell("audit", "x", width=200)
    assert "1 further value, each seen fewer than 11 times;" in out


@pytest.mark.parametrize(
    ("threshold", "worst", "code"),
    [
        (None, "error", 1),
        (None, "warning", 0),
        ("warning", "warning", 1),
        ("warning", "info", 0),
        ("info", "info", 1),
        ("never", "error", 0),
        ("info", None, 0),
    ],
)
def test_findings_decide_the_code_as_fail_on_says(
    threshold: str | None, worst: str | None, code: int, shell: Run, pipeline: Any
) -> None:
    kept = [] if worst is None else ["error", "warning", "info"]
    kept = kept[kept.index(worst) :] if worst else kept
    findings = FINDINGS.filter(pl.col("severity").is_in(kept))
    pipeline.validate = gives(an_audit(findings=findings))
    option = ["--fail-on", threshold] if threshold else []
    assert shell("validate", "x", *option)[0] == code
    pipeline.validate = gives(an_audit(findings=findings, failures=("a.csv: missing.",)))
    assert shell("validate", "x", *option)[0] == 3


def test_findings_never_decide_the_code_of_an_audit_unless_asked(shell: Run, pipeline: Any) -> None:
    pipeline.audit = gives(an_audit())
    assert shell("audit", "x")[0] == 0
    assert shell("audit", "x", "--fail-on", "info")[0] == 1


def test_concise_findings_are_one_line_each(
    shell: Run, pipeline: Any, snapshot: SnapshotAssertion
) -> None:
    pipeline.validate = gives(an_audit())
    _, out, err = shell("validate", "x", "--format", "concise", "--quiet")
    assert err == ""
    assert out == snapshot


def test_what_is_printed_can_go_to_a_file(tmp_path: Path, shell: Run, pipeline: Any) -> None:
    pipeline.rules = gives(GROUPED)
    file = tmp_path / "new" / "rules.csv"
    _, printed, _ = shell("rules", "--format", "csv")
    code, out, err = shell("rules", "--format", "csv", "--out", str(file))
    assert (code, out) == (0, "")
    assert err.startswith("Written:")
    assert file.read_text(encoding="utf-8") == printed
    assert shell("rules", "--out", str(file), "--quiet", width=120) == (0, "", "")
    assert "Report before occurrence" in file.read_text(encoding="utf-8")
    assert [path.name for path in file.parent.iterdir()] == ["rules.csv"]
    (tmp_path / "flat").write_text("")
    assert shell("rules", "--out", str(tmp_path / "flat" / "rules.csv"))[0] == 4


def test_what_comes_from_outside_cannot_drive_the_terminal(shell: Run, pipeline: Any) -> None:
    evil = "\x1b[2J[bold]=cmd\u202e"
    inputs = (SimpleNamespace(**{**vars(an_audit().inputs[0]), "file": evil}),)
    pipeline.audit = gives(
        an_audit(
            jurisdiction=evil,
            inputs=inputs,
            failures=(evil,),
            asks=(evil,),
            values=VALUES.with_columns(value=pl.lit(evil)),
            grouped=GROUPED.with_columns(title=pl.lit(evil)),
        )
    )
    _, out, _ = shell("audit", "x", width=120)
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert out.count("[bold]") >= 5


@pytest.mark.parametrize("name", _names())
def test_every_command_shows_options_that_exist_in_its_examples(name: str, shell: Run) -> None:
    import importlib

    from ipvi_cli.cli.command import declared

    function = getattr(importlib.import_module(f"{commands.__name__}.{name}"), name)
    _, help_text, _ = shell(name, "--help", width=200)
    assert declared(function).examples
    for example in declared(function).examples:
        used = {word for word in example.split() if word.startswith("--")}
        assert f"ipvi {name}" in example
        assert {word for word in used if word not in help_text} == set()
