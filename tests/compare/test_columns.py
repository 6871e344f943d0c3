"""Columns that a delivery gained, lost or renamed."""

from __future__ import annotations

import pytest

from ipvi_cli.compare import column_changes

MAPPED = {"dir": frozenset({"No", "Tie"})}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (["No", "Tie", "Notes"], []),
        (["No", "Tie"], [("Notes", "lost", False)]),
        (["No", "TIE ", "Notes"], [("Tie", "renamed to TIE , it seems", True)]),
        (["No", "Relation", "Notes"], [("Tie", "renamed to Relation, it seems", True)]),
        (["No", "Notes"], [("Tie", "lost", True)]),
        (["No", "Tie", "Notes", "Beat"], [("Beat", "added", False)]),
        ([], [(None, "source lost", True)]),
    ],
)
def test_a_lost_column_is_drift_where_the_profile_maps_it(
    after: list[str], expected: list[tuple[str | None, str, bool]]
) -> None:
    found = column_changes({"dir": ["No", "Tie", "Notes"]}, {"dir": after}, MAPPED)
    assert list(found.select("column", "what", "drift").iter_rows()) == expected
