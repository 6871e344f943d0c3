"""Made-up deliveries in layouts that nobody has described: what a first look makes of each column, and of the whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers_layouts import CASES, Score, deliver, score

from ipvi_cli import audit
from ipvi_cli.model.errors import InputError
from ipvi_cli.pipeline import onboarding

READ = [one for one in CASES if not one.get("unread")]
COUNTED = [one for one in READ if "incidents" in one and not one.get("slow")]
LEAST_RIGHT = 0.85
"""Share of the columns that matter, over all layouts, that are mapped right without a question."""


def _named(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Score]:
    return {
        case["name"]: score(case, deliver(case, tmp_path_factory.mktemp(case["name"])))
        for case in READ
    }


@pytest.mark.parametrize("case", READ, ids=_named)
def test_no_column_is_taken_for_another_without_a_question(
    case: dict[str, Any], scores: dict[str, Score]
) -> None:
    assert scores[case["name"]].wrong == ()


def test_most_columns_are_mapped_right_and_hardly_any_is_passed_over(
    scores: dict[str, Score],
) -> None:
    right = sum(len(one.right) for one in scores.values())
    marked = sum(len(one.marked) for one in scores.values())
    missed = sum(len(one.missed) for one in scores.values())

    assert right >= LEAST_RIGHT * (right + marked + missed)
    assert missed <= 2


@pytest.mark.parametrize("case", COUNTED, ids=_named)
def test_the_draft_is_audited_and_counts_what_is_there(
    case: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()

    assert onboarding.init(deliver(case, folder)).usable
    audit(folder, out=tmp_path / "out.audit")

    manifest = json.loads((tmp_path / "out.audit" / "manifest.json").read_text())
    assert all(one["rows_read"] == one["rows_accepted"] for one in manifest["inputs"])
    incidents = pl.read_parquet(tmp_path / "out.audit" / "incidents.parquet")
    pairs = pl.read_parquet(tmp_path / "out.audit" / "pairs.parquet")
    assert incidents.height == case["incidents"]
    assert pairs.height == case.get("pairs", pairs.height)
    dated = pl.read_parquet(tmp_path / "out.audit" / "tables" / "incident.parquet")
    assert dated["occurred_on"].null_count() in (0, dated.height if case.get("undated") else 0)


@pytest.mark.parametrize(
    "name", ["court_charges", "jail_bookings", "orders_of_protection", "shelter_totals"]
)
def test_files_without_incidents_are_asked_for_them(name: str, tmp_path: Path) -> None:
    case = next(one for one in CASES if one["name"] == name)

    done = onboarding.init(deliver(case, tmp_path))

    assert not done.usable
    assert "ASK: " in done.profile.read_text()


def test_a_delivery_without_a_header_is_refused(tmp_path: Path) -> None:
    case = next(one for one in CASES if one.get("unread"))

    with pytest.raises(InputError):
        onboarding.init(deliver(case, tmp_path))
