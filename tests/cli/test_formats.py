"""Findings for CI: each format holds every finding, is what its readers expect, and shows no incident."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import jsonschema
import polars as pl
import pytest
from fakes_cli import FINDINGS, RULES, finding
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from syrupy.assertion import SnapshotAssertion

from ipvi_cli.cli.formats import RENDERERS, Report
from ipvi_cli.cli.formats.github import command
from ipvi_cli.cli.formats.report import file_of
from ipvi_cli.cli.options import FailOn, FindingFormat
from ipvi_cli.model.finding import FINDING_SCHEMA

# The schema as OASIS publishes it (errata 01), byte for byte.
SARIF = json.loads((Path(__file__).parent / "data" / "sarif-schema-2.1.0.json").read_bytes())

HOSTILE = "odd, name:100%\r\nof \x1b[2J\u202e<&>\"'\uffff.csv"


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=FINDING_SCHEMA)


def many() -> pl.DataFrame:
    known = {**finding("IPVI-103", "info"), "accepted": True}
    rows = [finding("IPVI-401", "error", row) for row in range(2, 14)]
    sheet = {**finding("IPVI-302", "warning", 4), "source_file": "year 2019.xlsx#Sheet 1"}
    nowhere = {**finding("IPVI-302", "warning", None), "source_file": None, "table": None}
    return frame(*rows, sheet, nowhere, known)


REPORTS = {
    "plain": Report(FINDINGS, RULES),
    "nothing": Report(FINDINGS.clear(), RULES),
    "many": Report(
        many(),
        RULES,
        failures=("persons.csv: missing.",),
        severities={"IPVI-302": "warning", "IPVI-402": "info"},
        folder=PurePosixPath("delivery"),
    ),
    "hostile": Report(
        frame({**finding("IPVI-401", "error"), "source_file": HOSTILE, "message": HOSTILE}),
        RULES,
        failures=(HOSTILE,),
        folder=PurePosixPath("a,b:c"),
    ),
    "unselected": Report(FINDINGS, RULES.filter(pl.col("code") == "IPVI-401")),
}


def rendered(format: str, report: Report) -> str:
    return RENDERERS[FindingFormat(format)](report).decode()


@pytest.mark.parametrize("name", ["plain", "many"])
@pytest.mark.parametrize("format", ["sarif", "junit", "github", "concise"])
def test_what_ci_reads(format: str, name: str, snapshot: SnapshotAssertion) -> None:
    text = rendered(format, REPORTS[name])
    version = json.loads(text)["runs"][0]["tool"]["driver"]["version"] if format == "sarif" else ""
    assert text.replace(f'"version": "{version}"', '"version": "?"') == snapshot


def test_every_format_but_the_table_has_a_renderer() -> None:
    assert set(RENDERERS) == set(FindingFormat) - {FindingFormat.TABLE}


@pytest.mark.parametrize("name", REPORTS)
def test_sarif_is_what_the_published_schema_allows(name: str) -> None:
    report = REPORTS[name]
    log = json.loads(rendered("sarif", report))
    jsonschema.Draft4Validator(
        SARIF, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    ).validate(log)
    run = log["runs"][0]
    assert len(run["results"]) == report.findings.height
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == report.rules["code"].to_list()
    for result in run["results"]:
        if "ruleIndex" in result:
            rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
            assert rule["id"] == result["ruleId"]


def test_sarif_says_where_who_and_whether_accepted() -> None:
    results = json.loads(rendered("sarif", REPORTS["many"]))["runs"][0]["results"]
    first = results[0]["locations"][0]["physicalLocation"]
    assert first["artifactLocation"] == {"uri": "dir.csv", "uriBaseId": "DELIVERY"}
    assert first["region"] == {"startLine": 2}
    sheet = results[12]["locations"][0]
    assert sheet["physicalLocation"]["artifactLocation"]["uri"] == "year%202019.xlsx"
    assert {"fullyQualifiedName": "year 2019.xlsx#Sheet 1"} in sheet["logicalLocations"]
    assert "physicalLocation" not in results[13]["locations"][0]
    prints = [result["partialFingerprints"]["findingId/v1"] for result in results]
    assert prints == many()["finding_id"].to_list()
    assert [result["ruleId"] for result in results if result["suppressions"]] == ["IPVI-103"]


@pytest.mark.parametrize("name", REPORTS)
def test_junit_reads_and_counts(name: str) -> None:
    report = REPORTS[name]
    suites = JUnitXml.fromstring(rendered("junit", report).encode())
    cases = [case for suite in suites for case in suite]
    assert suites.tests == len(cases) == report.rules.height + len(report.failures)
    assert suites.errors == len(report.failures)
    failed = {case.name.split()[0] for case in cases if case.result and "failure" in _kinds(case)}
    wanted = report.new.filter(severity="error")["code"].unique().to_list()
    assert failed == set(wanted) & set(report.rules["code"])


def _kinds(case: Any) -> list[str]:
    return [type(result).__name__.lower() for result in case.result]


@pytest.mark.parametrize(
    ("threshold", "failures"), [("error", 1), ("warning", 2), ("info", 3), ("never", 0)]
)
def test_junit_fails_where_the_exit_code_does(threshold: str, failures: int) -> None:
    report = Report(FINDINGS, RULES, threshold=FailOn(threshold))
    assert JUnitXml.fromstring(rendered("junit", report).encode()).failures == failures


def test_what_is_accepted_is_skipped_in_junit_and_counted_for_github() -> None:
    report = Report(FINDINGS.with_columns(accepted=pl.lit(True)), RULES, threshold=FailOn.INFO)
    suites = JUnitXml.fromstring(rendered("junit", report).encode())
    assert (suites.failures, suites.skipped) == (0, 3)
    lines = rendered("github", report).splitlines()
    assert lines == [
        "::notice title=Accepted findings::4 findings are on the list of accepted findings."
    ]
    assert rendered("concise", report) == ""


def test_nothing_is_dropped_without_a_word() -> None:
    report = REPORTS["many"]
    assert "12 such findings here" in rendered("github", report)
    assert "showing 10 of 12" in rendered("junit", report)
    assert rendered("concise", report).count("\n") == report.new.height
    for format in ("csv", "ndjson"):
        assert rendered(format, report).count("\n") >= report.findings.height


@pytest.mark.parametrize("format", ["sarif", "junit", "github", "concise"])
@pytest.mark.parametrize("name", REPORTS)
def test_formats_that_travel_name_no_incident(format: str, name: str) -> None:
    text = rendered(format, REPORTS[name])
    assert "PD:1" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("name", REPORTS)
def test_annotations_are_one_command_a_line(name: str) -> None:
    lines = rendered("github", REPORTS[name]).splitlines()
    pattern = r"::(error|warning|notice)( (file|line|title)=[^:,]*(,(line|title)=[^:,]*)*)?::.+"
    assert [line for line in lines if not re.fullmatch(pattern, line)] == []


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    message=st.text(), title=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126))
)
def test_a_workflow_command_reads_back(message: str, title: str) -> None:
    line = command("error", message, title=title)
    properties, _, told = line.removeprefix("::error ").partition("::")
    assert "\n" not in line
    assert "\r" not in line
    assert _unescaped(told) == message
    assert _unescaped(properties.removeprefix("title="), more=("%3A:", "%2C,")) == title


def _unescaped(text: str, more: Sequence[str] = ()) -> str:
    for code in (*more, "%0D\r", "%0A\n", "%25%"):
        text = text.replace(code[:3], code[3:])
    return text


@pytest.mark.parametrize(
    ("source_file", "file"),
    [
        ("dir.csv", "dir.csv"),
        ("book.xlsx#Sheet1", "book.xlsx"),
        ("a.zip!b/c.csv", "a.zip"),
        ("in/a.ZIP!b.xlsx#S!1", "in/a.ZIP"),
        ("extract#2.csv", "extract#2.csv"),
        ("a.csv.gz", "a.csv.gz"),
    ],
)
def test_the_file_on_disk(source_file: str, file: str) -> None:
    assert file_of(source_file) == file
