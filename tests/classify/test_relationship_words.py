"""Labelled relationship words: cases/relationship_words.csv one by one, cases/relationship_wordings.csv on the whole.

The second holds wordings of records systems, courts and shelters, labelled by the written definitions before the
grammar had seen them, with the labels that it does not reach.
"""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from ipvi_cli.classify import load_crosswalk

CASES = Path(__file__).parent / "cases"


def _rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LABELLED = _rows("relationship_words.csv")


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


def test_wordings_nobody_has_listed_are_read_as_labelled_and_never_swapped() -> None:
    labels = {row["value"]: row["relationship_class"] for row in _rows("relationship_wordings.csv")}

    mapped = load_crosswalk("relationship").map_values(pl.Series(list(labels)))

    found = dict(mapped.select("value", "relationship_class").iter_rows())
    wrong = {(label, found[value]) for value, label in labels.items() if found[value] != label}
    right = sum(found[value] == label for value, label in labels.items())
    assert right / len(labels) >= 0.97
    assert not wrong & {
        ("intimate_partner", "other_family"),
        ("other_family", "intimate_partner"),
        ("undetermined", "other_family"),
    }
