"""What others may see of an evaluation holds no small count, and nothing that gives one away."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.evaluate.withheld import as_is, withheld
from ipvi_cli.model.evaluation import measured


def share(measure: str, count: int, whole: int, **more: Any) -> dict[str, Any]:
    made = {"part": "recidivism", "measure": measure, "group": "all", "window": "6 months"}
    counts = {"numerator": count, "denominator": whole, "value": count / whole if whole else None}
    return made | counts | more


@pytest.mark.parametrize(
    ("rows", "suppressed"),
    [
        ([share("ipv_arrest", 20, 60)], [False]),
        ([share("ipv_arrest", 0, 60)], [False]),
        ([share("ipv_arrest", 10, 60)], [True]),
        ([share("ipv_arrest", 55, 60)], [True]),
        ([share("ipv_arrest", 4, 9)], [True]),
        # Two more were arrested for something else.
        ([share("ipv_arrest", 20, 60), share("any_arrest", 22, 60)], [False, True]),
        ([share("ipv_arrest", 20, 60), share("any_arrest", 40, 60)], [False, False]),
        ([share("ipv_arrest", 20, 60), share("any_arrest", 22, 60, window="12 months")], [False] * 2),
    ],
)  # fmt: skip
def test_small_counts_and_what_tells_them_are_left_out(
    rows: list[dict[str, Any]], suppressed: list[bool]
) -> None:
    shown = withheld(measured(rows), 10)
    assert shown["suppressed"].to_list() == suppressed
    hidden = shown.filter("suppressed")
    for name in ("numerator", "denominator", "value", "ci_lower"):
        assert hidden[name].null_count() == hidden.height


def test_levels_months_curves_and_notes_with_counts_are_left_out() -> None:
    rows = [
        share("ipv_arrest", 20, 60, note="3 too recent"),
        share("ipv_arrest", 15, 30, group="C"),
        share("delivered", 20, 60, part="process", group="2019-01", window="month"),
        share("ipv_arrest", 20, 60, part="survival"),
        {"part": "refused", "measure": "injured", "note": "4 before the start"},
        {"part": "refused", "measure": "injury", "note": "injuries are not recorded"},
    ]
    shown = withheld(measured(rows), 10)
    assert shown["group"].to_list() == ["all", None, None]
    assert shown["note"].to_list() == [None, "more data", "injuries are not recorded"]
    assert as_is(measured(rows)).height == len(rows)


def test_a_difference_goes_with_a_withheld_side() -> None:
    sides = [
        share("injured", 40, 90, part="harm", group="before"),
        share("injured", 5, 90, part="harm", group="after"),
        {"part": "harm", "measure": "injured", "group": "difference", "window": "6 months", "value": -0.4},
    ]  # fmt: skip
    shown = withheld(measured(sides), 10)
    assert shown["suppressed"].to_list() == [False, True, True]
    assert shown["value"].to_list()[1:] == [None, None]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.integers(1, 12))
def test_no_count_nor_difference_that_is_shown_is_small(parts: list[int], threshold: int) -> None:
    shown = withheld(
        measured([share(f"m{n}", part, 60) for n, part in enumerate(parts)]), threshold
    )

    seen = shown["numerator"].drop_nulls().to_list()
    told = [*seen, *(60 - part for part in seen), *(abs(a - b) for a, b in combinations(seen, 2))]
    assert not [n for n in told if 0 < n <= threshold]
