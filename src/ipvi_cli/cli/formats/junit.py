"""JUnit XML: one suite for each group of rules, one test for each rule, so that what passed is seen too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

import polars as pl

from ipvi_cli.cli.findings_view import reaches
from ipvi_cli.cli.formats.report import Report, place
from ipvi_cli.cli.text import plural, visible

_FIRST: Final = 10
_NO_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


def junit(report: Report) -> bytes:
    """Write the report.

    A rule fails where one of its findings reaches the threshold; findings below it are told in the output of a rule
    that passes. A rule all of whose findings are accepted is skipped. A source that was not read is an error.
    """
    root = ET.Element("testsuites", name="ipvi validate")
    if report.failures:
        _sources(root, report.failures)
    found = _by_code(report.findings)
    for (group,), rules in report.rules.partition_by(
        "group", as_dict=True, maintain_order=True
    ).items():
        suite = ET.SubElement(root, "testsuite", name=str(group))
        for rule in rules.iter_rows(named=True):
            _case(suite, rule, found.get(rule["code"]), report)
        _count(suite)
    _count(root)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _sources(root: ET.Element, failures: tuple[str, ...]) -> None:
    suite = ET.SubElement(root, "testsuite", name="sources")
    for number, line in enumerate(failures, 1):
        case = ET.SubElement(
            suite, "testcase", classname="ipvi.sources", name=f"source not read {number}"
        )
        ET.SubElement(case, "error", message=_clean(line), type="not-read")
    _count(suite)


def _case(
    suite: ET.Element, rule: Mapping[str, str], findings: pl.DataFrame | None, report: Report
) -> None:
    name = f"{rule['code']} {rule['name']}"
    case = ET.SubElement(suite, "testcase", classname=f"ipvi.{rule['group']}", name=name)
    if findings is None:
        return
    new = findings.filter(~pl.col("accepted").fill_null(False))
    accepted = findings.height - new.height
    known = f"{plural(accepted, 'finding')} accepted" if accepted else ""
    if not new.height:
        ET.SubElement(case, "skipped", message=known)
        return
    told = "; ".join(part for part in (plural(new.height, "finding"), known) if part)
    if reaches(new, report.threshold):
        failure = ET.SubElement(
            case, "failure", message=f"{told}: {rule['title']}", type=str(new["severity"][0])
        )
        failure.text = _first(new, rule["mend"])
    else:
        out = ET.SubElement(case, "system-out")
        out.text = f"{new['severity'][0]}: {told}: {rule['title']}\n{_first(new, rule['mend'])}"


def _first(findings: pl.DataFrame, mend: str) -> str:
    shown = findings.head(_FIRST).select("source_file", "source_row", "message")
    lines = [f"{place(file, row)}: {message}" for file, row, message in shown.iter_rows()]
    if shown.height < findings.height:
        lines.append(f"showing {shown.height} of {findings.height:,}")
    return "".join(f"{_clean(line)}\n" for line in [*lines, mend])


def _by_code(findings: pl.DataFrame) -> dict[str, pl.DataFrame]:
    parts = findings.partition_by("code", as_dict=True, maintain_order=True)
    return {str(code): part for (code,), part in parts.items()}


def _count(element: ET.Element) -> None:
    cases = element.findall(".//testcase")
    element.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(case.find(tag) is not None for case in cases)))


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", visible(text))
