"""The declarations hold what is promised of them."""

from __future__ import annotations

import re
from collections import Counter

import polars as pl
import pytest
from helpers_validate import KINDS, cases, profile

from ipvi_cli.model.finding import SEVERITIES, problem
from ipvi_cli.model.tables import TABLES
from ipvi_cli.validate import PLAUSIBILITY_CODES, Rule, rules, rules_frame, rules_sha256, validate

ALL = [pytest.param(rule, id=rule.code) for rule in rules()]
FOUND_HERE = [one for one in ALL if one.values[0].stage != "read"]
FOUND_READING = [one for one in ALL if one.values[0].stage == "read"]


def test_codes_and_names_are_unique() -> None:
    for what in ("code", "name", "title"):
        counted = Counter(getattr(rule, what) for rule in rules())
        assert [value for value, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("rule", ALL)
def test_declaration(rule: Rule) -> None:
    assert re.fullmatch(r"IPVI-[1-9]\d\d", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert rule.severity in SEVERITIES
    for text in (rule.title, rule.why, rule.mend, rule.source):
        assert re.fullmatch(r"[A-Z][^\n]+[.]", text), text
    if rule.table is not None:
        assert rule.table in TABLES
        if rule.column is not None:
            assert rule.column in TABLES[rule.table].columns()
        if rule.view is None:
            assert set(rule.needs) <= set(TABLES[rule.table].columns())
    if rule.bad is not None:
        assert rule.message
        assert rule.table is not None
        assert rule.column is not None


@pytest.mark.parametrize("rule", FOUND_HERE)
def test_every_rule_has_a_failing_a_passing_and_a_null_case(rule: Rule) -> None:
    own = [(kind, case) for code, kind, _, case in cases() if code == rule.code]

    assert {kind for kind, _ in own} == set(KINDS)
    assert all(case.get("expected") for kind, case in own if kind == "fail")
    assert not any(case.get("expected") for kind, case in own if kind == "pass")
    if rule.group != "required":
        assert not any(case.get("expected") for kind, case in own if kind == "null")


def test_every_case_is_of_a_rule() -> None:
    assert {code for code, *_ in cases()} <= {rule.code for rule in rules()}


@pytest.mark.parametrize("rule", FOUND_READING)
def test_problem_of_reading_becomes_a_finding(rule: Rule) -> None:
    noticed = problem(rule.code, "something", source_file="a.csv", source_row=3)

    found = validate({}, profile({}), problems=noticed)

    assert found.select("code", "severity", "source_file", "source_row", "message").rows() == [
        (rule.code, rule.severity, "a.csv", 3, "something")
    ]


def test_no_problem_gives_no_finding() -> None:
    empty = problem("IPVI-101", "x").clear()
    assert validate({}, profile({}), problems=empty).is_empty()


def test_unmapped_problem_code_is_kept() -> None:
    assert validate({}, profile({}), problems=problem("IPVI-999", "x")).height == 1


def test_at_least_forty_rules_beyond_reading_and_every_group() -> None:
    frame = rules_frame()

    assert frame.filter(pl.col("stage") != "read").height >= 40
    assert frame["group"].n_unique() == 18
    assert frame["code"].is_sorted()


def test_plausibility_codes_are_rules_on_ages() -> None:
    sources = {rule.code: rule.source for rule in rules()}
    assert [sources[code].split()[-1] for code in PLAUSIBILITY_CODES] == [
        "449.", "450.", "550.", "554.",
    ]  # fmt: skip


def test_hash_is_stable() -> None:
    assert rules_sha256() == rules_sha256()
    assert re.fullmatch(r"[0-9a-f]{64}", rules_sha256())
