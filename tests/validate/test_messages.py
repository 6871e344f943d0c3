"""No message holds what a cell holds; what fails in most rows is told once."""

from __future__ import annotations

import random

import polars as pl
import pytest
from helpers_validate import cases, findings
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

MARK = "ZZCANARYZZ"


def test_messages_never_hold_a_cell() -> None:
    marked = {"name": MARK, "address": MARK, "phone": MARK, "person_number": MARK, "injury_raw": MARK}  # fmt: skip
    case = {
        "incident": [
            {"i": 1, "occurred_on": None, "narrative": MARK, "address": MARK, "district": MARK},
            {"i": 2, "clearance": "B"},
        ],
        "victim": [
            {"i": 1, **marked, "age_years": 4711, "injury_codes": ["N", "M"]},
            {"i": 1, **marked, "sex": MARK, "race": MARK, "victim_type": MARK},
        ],
        "offense": [{"i": 1, "offense_raw": MARK, "statute": MARK, "weapon_raw": MARK}],
        "relationship": [{"i": 3, "relationship_raw": MARK, "offender_number": 0}],
        "arrest": [{"i": 1, "arrest_number": MARK, "name": MARK}],
    }

    found = findings(case)

    assert found.height > 5
    for text in found.select(pl.all().cast(pl.String)).to_dict(as_series=False).values():
        assert not any(MARK in (one or "") or "4711" in (one or "") for one in text)


@pytest.mark.parametrize(
    ("failing", "told"), [(999, 999), (1_000, 1)], ids=["rows are at fault", "column is at fault"]
)
def test_a_column_at_fault_is_one_finding(failing: int, told: int) -> None:
    case = {
        "victim": [
            {"i": 1, "times": failing, "age_years": 200},
            {"i": 5_000, "times": 500, "age_years": 30},
        ]
    }

    found = findings(case).filter(pl.col("code") == "IPVI-411")

    assert found.height == told
    if told == 1:
        assert found["message"].item().startswith("1,000 of 1,500 rows: ")
        assert found["source_row"].item() is None


RULES = {code: case for code, kind, _, case in cases() if kind == "fail"}


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(sorted(RULES)), st.randoms(use_true_random=False))
def test_findings_do_not_depend_on_the_order_of_rows(code: str, chance: random.Random) -> None:
    assert_frame_equal(findings(RULES[code]), findings(RULES[code], shuffle=chance))
