"""Each rule finds what its case files say, and nothing where they say nothing."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest
from helpers_validate import cases, findings, places
from polars.testing import assert_frame_equal

from ipvi_cli.model.finding import FINDING_SCHEMA
from ipvi_cli.validate import rules

RULES = {rule.code: rule for rule in rules()}
CASES = [pytest.param(*one, id=f"{one[0]}-{one[1]}-{one[2]}") for one in cases()]


@pytest.mark.parametrize(("code", "kind", "number", "case"), CASES)
def test_case(code: str, kind: str, number: int, case: dict[str, Any]) -> None:
    rule = RULES[code]

    found = findings(case)
    own = found.filter(pl.col("code") == code)

    assert dict(found.schema) == FINDING_SCHEMA
    assert places(own) == case.get("expected", [])
    assert set(own["severity"]) <= {rule.severity}
    assert own["message"].str.len_chars().min() != 0
    if own["incident_id"].count():
        assert set(own["agency"]) == {"A"}


@pytest.mark.parametrize(
    ("code", "kind", "number", "case"), [one for one in CASES if "fail" in one.id]
)
def test_order_of_rows_changes_nothing(
    code: str, kind: str, number: int, case: dict[str, Any]
) -> None:
    assert_frame_equal(findings(case), findings(case, shuffle=random.Random(1)))
