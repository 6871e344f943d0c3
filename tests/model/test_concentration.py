"""Concentration beside other ways of computing it."""

import math
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.model.concentration import (
    by_chance,
    come_by,
    generalised_gini,
    gini,
    gini_interval,
    sizes,
    survival,
    top,
)


def _of(events: list[int]) -> pl.DataFrame:
    return sizes(pl.Series(events, dtype=pl.Int64))


def test_the_gini_coefficient_of_the_worked_example() -> None:
    assert gini(_of([1, 1, 1, 1, 6])) == 0.4
    assert gini(_of([6, 1, 1, 1, 1])) == 0.4
    assert gini(_of([1] * 30)) == 0
    assert gini(_of([0, 0])) is None
    assert gini(_of([])) is None


@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30).filter(any))
def test_it_is_half_the_mean_difference_of_two_persons_over_the_mean(events: list[int]) -> None:
    apart = sum(abs(one - other) for one in events for other in events)
    expected = apart / (2 * len(events) * sum(events))
    assert gini(_of(events)) == pytest.approx(expected, abs=1e-8)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=30).filter(any))
def test_the_generalised_one_follows_the_published_formula(events: list[int]) -> None:
    persons, whole = len(events), sum(events)
    ranked = sum(i * x / whole for i, x in enumerate(sorted(events), start=1))
    published = (
        max(1 / whole, 1 / persons) * (2 * ranked - persons - 1) - max(persons / whole, 1) + 1
    )
    assert generalised_gini(_of(events)) == pytest.approx(published, abs=1e-8)
    if whole >= persons:
        assert generalised_gini(_of(events)) == gini(_of(events))


def test_few_events_on_many_persons_are_no_concentration_where_each_has_another() -> None:
    assert generalised_gini(_of([0] * 8 + [1, 1])) == 0
    assert generalised_gini(_of([0] * 9 + [2])) == pytest.approx(0.5)


def test_the_interval_is_the_same_each_time_and_holds_the_coefficient() -> None:
    draw = random.Random(3)
    events = [1 + int(draw.expovariate(1)) for _ in range(400)]
    found = gini_interval(_of(events))
    draw.shuffle(events)
    assert found == gini_interval(_of(events))
    assert found is not None
    assert found[0] < (gini(_of(events)) or 0) < found[1]
    assert found[1] - found[0] < 0.1


def test_chance_alone_is_what_a_simulation_gives() -> None:
    draw = random.Random(1)
    pool = [0] * 20_000
    for _ in range(12_000):
        pool[draw.randrange(len(pool))] += 1
    seen = [events for events in pool if events]
    expected = by_chance(len(seen), sum(seen))
    assert expected["persons"].sum() == pytest.approx(len(seen))
    assert (expected["size"] * expected["persons"]).sum() == pytest.approx(sum(seen))
    assert gini(expected) == pytest.approx(gini(_of(seen)), abs=0.005)
    assert top(expected, 5)[1] == pytest.approx(top(_of(seen), 5)[1], rel=0.03)


def test_nobody_comes_back_by_chance_where_all_have_one_event() -> None:
    assert by_chance(7, 7).rows() == [(1, 7.0)]


@pytest.mark.parametrize(
    ("percent", "number", "has"), [(1, 1, 6), (20, 1, 6), (21, 2, 7), (100, 5, 10)]
)
def test_the_top_are_those_with_the_most(percent: float, number: int, has: int) -> None:
    assert top(_of([1, 1, 1, 1, 6]), percent) == (number, has)


def test_the_next_one_has_come_as_kaplan_and_meier_estimate() -> None:
    # Worked by hand: 1 of 5, then 1 of 4, one lost, then 1 of 1.
    curve = survival(pl.Series([5, 10, 10, 20, 30]), pl.Series([True, True, False, False, True]))
    assert curve["days"].to_list() == [5, 10, 20, 30]
    assert curve["come"].to_list() == pytest.approx([0.2, 0.4, 0.4, 1.0])
    assert come_by(curve, 0.25) == 10
    assert come_by(curve, 0.5) == 30
    assert come_by(survival(pl.Series([5, 9]), pl.Series([True, False])), 0.75) is None


def test_the_estimator_is_that_of_another_library() -> None:
    duration = pytest.importorskip("statsmodels.duration.survfunc")
    draw = random.Random(5)
    days = [draw.randrange(1, 400) for _ in range(120)]
    came = [draw.random() < 0.6 for _ in days]
    curve = survival(pl.Series(days), pl.Series(came))
    other = duration.SurvfuncRight(days, [int(one) for one in came])
    wanted = dict(zip(map(int, other.surv_times), (1 - other.surv_prob), strict=True))
    mine = {day: come for day, come in curve.iter_rows() if day in wanted}
    assert mine == pytest.approx(wanted)
    assert all(math.isfinite(one) for one in mine.values())
