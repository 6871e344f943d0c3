"""SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): every rule, and every finding as a result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from ipvi_cli.cli.formats.report import Report, file_of
from ipvi_cli.cli.text import visible

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_BASE: Final = "DELIVERY"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
_SHOWN: Final = (
    "code", "severity", "table", "column", "source_file", "source_row", "message", "finding_id", "accepted",
)  # fmt: skip


def sarif(report: Report) -> bytes:
    """Write the report; agency and incident are left out, since such files travel.

    Paths are relative to the delivery. Accepted findings are suppressed results, and what the profile changes of a
    rule's severity is an override of its configuration.
    """
    head = json.dumps(_run(report), indent=2, ensure_ascii=False)
    # Results are many: they are written one a line and put in at the end of the run.
    opened = head.removesuffix("\n}")
    results = ",\n    ".join(_results(report))
    body = (
        f'{opened},\n  "results": [\n    {results}\n  ]\n}}'
        if results
        else f'{opened},\n  "results": []\n}}'
    )
    return f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{body}]}}\n'.encode()


def _run(report: Report) -> dict[str, Any]:
    rules = list(report.rules.iter_rows(named=True))
    invocation: dict[str, Any] = {"executionSuccessful": not report.failures}
    if report.failures:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": visible(line)}} for line in report.failures
        ]
    overrides = [
        {
            "descriptor": {"id": rule["code"], "index": index},
            "configuration": {"level": _LEVELS[report.severities[rule["code"]]]},
        }
        for index, rule in enumerate(rules)
        if rule["code"] in report.severities
    ]
    if overrides:
        invocation["ruleConfigurationOverrides"] = overrides
    return {
        "tool": {
            "driver": {
                "name": "ipvi",
                "version": version("ipvi-cli"),
                "rules": [_descriptor(rule) for rule in rules],
            }
        },
        "invocations": [invocation],
        "originalUriBaseIds": {
            _BASE: {"description": {"text": "The folder that the jurisdiction sent."}}
        },
    }


def _descriptor(rule: dict[str, str]) -> dict[str, Any]:
    return {
        "id": rule["code"],
        "name": rule["name"],
        "shortDescription": {"text": rule["title"]},
        "fullDescription": {"text": rule["why"]},
        "help": {"text": f"{rule['mend']}\nSource: {rule['source']}"},
        "defaultConfiguration": {"level": _LEVELS[rule["severity"]]},
        "properties": {"tags": [rule["group"]]},
    }


def _results(report: Report) -> Iterator[str]:
    index = {code: number for number, code in enumerate(report.rules["code"])}
    some_accepted = report.accepted > 0
    for row in report.findings.select(_SHOWN).iter_rows():
        finding = dict(zip(_SHOWN, row, strict=True))
        result = _result(finding, index)
        if some_accepted:
            # Section 3.27.23: either every result of a run says whether it is suppressed, or none.
            accepted = [{"kind": "external", "status": "accepted"}] if finding["accepted"] else []
            result["suppressions"] = accepted
        yield json.dumps(result, ensure_ascii=False)


def _result(row: dict[str, Any], index: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": row["code"],
        "level": _LEVELS[row["severity"]],
        "message": {"text": visible(row["message"])},
        "partialFingerprints": {"findingId/v1": row["finding_id"]},
    }
    if row["code"] in index:
        result["ruleIndex"] = index[row["code"]]
    location = _location(row)
    if location:
        result["locations"] = [location]
    return result


def _location(row: dict[str, Any]) -> dict[str, Any]:
    location: dict[str, Any] = {}
    file, line = row["source_file"], row["source_row"]
    if file is not None:
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(file), "uriBaseId": _BASE}}
        if line is not None and line > 0:
            location["physicalLocation"]["region"] = {"startLine": line}
    logical = _logical(row["table"], row["column"], file)
    if logical:
        location["logicalLocations"] = logical
    return location


@lru_cache
def _uri(source_file: str) -> str:
    return quote(file_of(source_file))


@lru_cache
def _logical(table: str | None, column: str | None, file: str | None) -> list[dict[str, str]]:
    """Name the column, and the sheet or member of a file that holds several inputs."""
    names = [".".join(name for name in (table, column) if name)]
    if file is not None and file != file_of(file):
        names.append(file)
    return [{"fullyQualifiedName": visible(name)} for name in names if name]
