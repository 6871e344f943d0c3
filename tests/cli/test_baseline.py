"""Known findings are known again when rows move, only new ones fail, and the profile says how grave they are."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli import pipeline
from ipvi_cli.cli.exits import run
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.model.finding import BASELINE_SCHEMA, FINDING_SCHEMA
from ipvi_cli.validate.identity import with_ids

PROFILE = """
[jurisdiction]
name = "Small"
population = "domestic"

[[agencies]]
id = "S1"

[[sources]]
name = "reports"
files = "reports.csv"
date_formats = "%Y-%m-%d"
[sources.keys]
incident_number = "No"
[[sources.tables]]
table = "incident"
[sources.tables.columns]
occurred_on = "Occurred"
reported_on = "Reported"
[[sources.tables]]
table = "victim"
columns = { age_years = "Age" }
[[sources.tables]]
table = "relationship"
columns = { relationship_raw = { column = "Tie", direction = "victim_to_offender" } }
"""

Row = tuple[str, str, str, str, str]
GOOD: Row = ("1", "2019-01-05", "2019-01-06", "30", "WIFE")
EARLY: Row = ("2", "2019-03-05", "2019-03-01", "31", "WIFE")
EARLY_TOO: Row = ("3", "2019-04-05", "2019-04-01", "32", "WIFE")

Sends = Callable[..., Path]


@pytest.fixture
def sends(tmp_path: Path) -> Sends:
    def send(*rows: Row, findings: str = "", folder: str = "delivery") -> Path:
        delivery = tmp_path / folder
        delivery.mkdir(exist_ok=True)
        lines = ["No,Occurred,Reported,Age,Tie", *(",".join(row) for row in rows)]
        (delivery / "reports.csv").write_text("\n".join(lines) + "\n")
        (delivery / "jurisdiction.toml").write_text(f"{PROFILE}\n{findings}\n")
        return delivery

    return send


def found(audit: pipeline.Audit, code: str = "IPVI-401") -> list[dict[str, Any]]:
    assert audit.findings is not None
    return audit.findings.filter(code=code).to_dicts()


def test_a_finding_is_known_again_when_its_row_has_moved(sends: Sends) -> None:
    first = found(pipeline.validate(sends(GOOD, EARLY)))
    more = found(pipeline.validate(sends(EARLY_TOO, GOOD, EARLY)))
    assert [one["source_row"] for one in (*first, *more)] == [3, 2, 4]
    assert more[1]["finding_id"] == first[0]["finding_id"] != more[0]["finding_id"]


def test_old_findings_are_accepted_and_new_ones_fail(
    sends: Sends, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "delivery" / "accepted.csv"
    named = '[findings]\naccepted = "accepted.csv"'
    known = str(sends(GOOD, EARLY))
    assert run(["validate", known]) == 1
    sends(GOOD, EARLY, findings=named)
    assert run(["validate", known, "--write-baseline", str(listed), "--fail-on", "info"]) == 0
    assert "accepted" in capsys.readouterr().err
    assert run(["validate", known, "--fail-on", "info"]) == 0
    known = str(sends(EARLY_TOO, GOOD, EARLY, findings=named))
    capsys.readouterr()
    assert run(["validate", known]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("1 error, ")
    assert " accepted\n" in told.err
    assert run(["audit", known, "--fail-on", "error", "--out", str(tmp_path / "s.audit")]) == 1
    sends(GOOD, EARLY, findings=named)
    assert run(["validate", known, "--fail-on", "info"]) == 0
    sends(GOOD, findings=named)
    capsys.readouterr()
    assert run(["validate", known]) == 0
    assert "Accepted and no longer found: " in capsys.readouterr().err


def test_notes_stay_when_the_list_is_written_anew(sends: Sends, tmp_path: Path) -> None:
    listed = tmp_path / "accepted.csv"
    pipeline.validate(sends(EARLY), baseline=listed, write_baseline=listed)
    frame = pl.read_csv(listed, infer_schema=False)
    assert frame.columns == list(BASELINE_SCHEMA)
    frame.with_columns(note=pl.lit("told the agency")).write_csv(listed)

    pipeline.validate(sends(EARLY_TOO, EARLY), baseline=listed, write_baseline=listed)

    again = pl.read_csv(listed, infer_schema=False).filter(code="IPVI-401")
    assert sorted(again["note"].to_list(), key=str) == [None, "told the agency"]


def test_a_workspace_keeps_its_list_and_takes_another(sends: Sends, tmp_path: Path) -> None:
    delivery = sends(GOOD, EARLY, EARLY_TOO, findings='[findings]\naccepted = "accepted.csv"')
    workspace = tmp_path / "small.audit"
    (delivery / "accepted.csv").write_text("finding_id\n")
    pipeline.audit(delivery, out=workspace)
    kept = pl.read_parquet(workspace / "findings.parquet")
    assert not kept["accepted"].any()
    assert kept["finding_id"].is_unique().all()
    other = tmp_path / "other.csv"
    ids = kept.filter(code="IPVI-401").head(1).select("finding_id")
    ids.write_csv(other)

    pipeline.validate(workspace, baseline=other, select=["IPVI-401"])
    pipeline.summarize(workspace)

    again = pl.read_parquet(workspace / "findings.parquet")
    assert again.height == kept.height
    assert again.filter("accepted").select("finding_id").equals(ids)


def test_the_profile_says_how_grave_a_rule_is(sends: Sends) -> None:
    told = '[findings]\nseverity = { "IPVI-401" = "info" }'
    done = pipeline.validate(sends(EARLY, findings=told))
    assert [one["severity"] for one in found(done)] == ["info"]
    assert run(["validate", str(sends(EARLY, findings=told)), "--quiet"]) == 0


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ('severity = { "IPVI-410" = "info" }', "did you mean 'IPVI-4"),
        ('severity = { "IPVI-401" = "fatal" }', "findings.severity.IPVI-401"),
        ('severity = { "401" = "info" }', "findings.severity"),
        ('accepted = "../elsewhere.csv"', "findings.accepted"),
        ('accepted = "accepted.csv"', "--write-baseline"),
        ('acepted = "accepted.csv"', "did you mean 'accepted'?"),
    ],
)
def test_what_a_profile_cannot_say_of_findings(findings: str, words: str, sends: Sends) -> None:
    with pytest.raises(InputError) as error:
        pipeline.validate(sends(GOOD, findings=f"[findings]\n{findings}"))
    assert words in error.value.line()


@pytest.mark.parametrize("content", [None, b"", b"a,b\n1,2\n", b'finding_id\n"', b"\xff\xfe\x00"])
def test_a_list_that_is_none_is_refused(
    content: bytes | None, sends: Sends, tmp_path: Path
) -> None:
    listed = tmp_path / "list.csv"
    if content is not None:
        listed.write_bytes(content)
    with pytest.raises(InputError) as error:
        pipeline.validate(sends(GOOD), baseline=listed)
    assert error.value.where == str(listed)


def test_codes_and_their_beginnings_choose_rules(sends: Sends) -> None:
    delivery = sends(GOOD, EARLY, ("5", "2019-02-05", "2019-02-06", "212", "WIFE"))

    def codes(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> set[str]:
        done = pipeline.validate(delivery, select=select, ignore=ignore)
        assert done.findings is not None
        assert done.grouped is not None
        assert set(done.grouped["code"]) == set(done.findings["code"])
        return set(done.findings["code"])

    every = codes()
    assert len({code[:6] for code in every}) > 1
    assert codes(["IPVI-4"]) == {code for code in every if code.startswith("IPVI-4")} != set()
    assert codes(ignore=["ipvi-4"]) == {code for code in every if not code.startswith("IPVI-4")}
    assert codes(["IPVI-4"], ["IPVI-401"]) == codes(["IPVI-4"]) - {"IPVI-401"}
    assert run(["validate", str(delivery), "--ignore", "IPVI-4,IPVI-2", "--ignore", "IPVI-5"]) == 0


@pytest.mark.parametrize(
    ("code", "near"), [("IPVI-410", "IPVI-4"), ("IPV-401", "IPVI-401"), ("401", "IPVI-401")]
)
@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_code_is_wrong_usage(
    option: str, code: str, near: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["validate", str(tmp_path), option, code]) == 2
    assert f"did you mean '{near}" in capsys.readouterr().err
    with pytest.raises(UsageError):
        pipeline.rules(select=["X"])


def test_machines_see_accepted_findings_marked(
    sends: Sends, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "list.csv"
    delivery = str(sends(EARLY))
    assert run(["validate", delivery, "--write-baseline", str(listed), "--quiet"]) == 0
    capsys.readouterr()
    options = ["--baseline", str(listed), "--select", "IPVI-401"]
    assert run(["validate", delivery, *options, "--format", "json"]) == 0
    assert [one["accepted"] for one in json.loads(capsys.readouterr().out)] == [True]
    assert run(["validate", delivery, *options]) == 0
    assert "accepted" in capsys.readouterr().out


PLACES = st.tuples(
    st.sampled_from(["IPVI-401", "IPVI-402"]),
    st.sampled_from([None, "incident"]),
    st.sampled_from([None, "A:1", "A:2"]),
    st.sampled_from([None, "a.csv", "b.csv"]),
)


def placed(rows: Sequence[tuple[str, str | None, str | None, str | None]]) -> pl.DataFrame:
    names = ("code", "table", "incident_id", "source_file")
    given = [dict(zip(names, row, strict=True)) for row in rows]
    schema = {name: FINDING_SCHEMA[name] for name in FINDING_SCHEMA if name != "finding_id"}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in given], schema=schema)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rows=st.lists(PLACES, max_size=12), more=st.lists(PLACES, max_size=3), seed=st.integers())
def test_identities_are_unique_and_stay_whatever_comes_between(
    rows: list[Any], more: list[Any], seed: int
) -> None:
    ids = with_ids(placed(rows))["finding_id"]
    assert ids.n_unique() == len(rows)
    grown = [*rows, *more]
    random.Random(seed).shuffle(grown)
    assert set(ids) <= set(with_ids(placed(grown))["finding_id"])


def test_an_identity_is_the_same_on_every_machine_and_version() -> None:
    ids = with_ids(
        placed([("IPVI-401", "incident", "A:1", "a.csv"), ("IPVI-402", None, None, None)])
    )
    assert ids["finding_id"].to_list() == ["0fa36b3f3ce7a773", "7b2aed315e66e727"]
