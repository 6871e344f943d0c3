"""Labelled relationship words, one line for each in cases/relationship_words.csv."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from ipvi_cli.classify import load_crosswalk

CASES = Path(__file__).parent / "cases" / "relationship_words.csv"
with CASES.open(encoding="utf-8", newline="") as file:
    LABELLED = list(csv.DictReader(file))


@pytest.mark.parametrize(
    "case", LABELLED, ids=lambda case: f"{case['code_system']}:{case['value']}:{case['direction']}"
)
def test_a_word_means_what_its_label_says(case: dict[str, str]) -> None:
    mapped = load_crosswalk("relationship").map_values(
        pl.Series([case["value"]]), code_system=case["code_system"], direction=case["direction"]
    )

    row = mapped.row(0, named=True)
    found = {
        "relationship_class": row["relationship_class"],
        "nibrs_code": row["nibrs_code"] or "",
        "reason": row["reason"] or "",
    }
    assert found == {name: case[name] for name in found}
    assert row["value"] == case["value"]
