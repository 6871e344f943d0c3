"""Candidate levels: the boundary cases, upward only, and nothing from after the day that is asked about."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers_offenders import Act, made
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ipvi_cli.offenders.aggregates import what_if
from ipvi_cli.offenders.criteria import Criteria, parse_criteria, shipped_text
from ipvi_cli.offenders.events import STATUTE_SCHEMA, histories
from ipvi_cli.offenders.levels import Extent, place
from ipvi_cli.offenders.seen import seen_by

CASES = tomllib.loads((Path(__file__).parent / "cases" / "levels.toml").read_text())["case"]
STATUTES = pl.DataFrame(
    [("partner", "partner", False), ("open", "open", False)], schema=STATUTE_SCHEMA, orient="row"
)
WHOLE = Extent(charges=True, since=date(2009, 1, 1), until=date(2018, 12, 31))


def criteria(**replaced: str) -> Criteria:
    text = shipped_text("high-point-style") or ""
    for old, new in replaced.values():
        assert old in text
        text = text.replace(old, new)
    return parse_criteria(text, where="criteria.toml")


def events_of(acts: list[Act], day: date | None = None) -> pl.DataFrame:
    world = made(acts, tables=("arrest", "charge"))
    tables, pairs = seen_by(world.tables, world.pairs, day)
    return histories(tables, pairs, world.persons, statutes=STATUTES).events


def placed(acts: list[Act], rules: Criteria | None = None, extent: Extent = WHOLE) -> pl.DataFrame:
    return place(events_of(acts), rules or criteria(), extent)


def level_of(acts: list[Act], rules: Criteria | None = None, **more: Any) -> dict[str, Any]:
    found = placed(acts, rules, **more).filter(pl.col("person_id") == "P")
    return found.row(0, named=True) if found.height else {"level": "absent", "reasons": []}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_boundaries(case: dict[str, Any]) -> None:
    found = level_of(case["acts"])

    assert (found["level"], found["reasons"]) == (case["level"], case["reasons"])
    assert found.get("level_is_floor", False) == case.get("floor", False)


def test_a_victim_is_not_placed() -> None:
    assert placed([{"on": date(2018, 2, 1), "charges": 1}])["person_id"].to_list() == ["P"]


def test_a_short_or_undeclared_period_makes_every_level_below_a_a_floor() -> None:
    one = [{"on": date(2018, 2, 1), "charges": 1}]
    armed = [{"on": date(2018, 2, 1), "weapons": ["12"]}]
    for extent in (
        Extent(charges=True, since=date(2010, 1, 1), until=date(2018, 12, 31)),
        Extent(charges=True, since=None, until=date(2018, 12, 31)),
    ):
        assert level_of(one, extent=extent)["reasons"] == ["C1_first_charge", "floor_truncated"]
        assert not level_of(armed, extent=extent)["level_is_floor"]


def test_an_arrest_counts_where_no_charges_are_delivered() -> None:
    held = [{"on": date(2018, 2, 1), "arrests": 1}]

    assert level_of(held)["level"] == "D"
    assert level_of(held, extent=Extent(False, WHOLE.since, WHOLE.until))["level"] == "C"


def test_charge_events_must_lie_together_within_the_look_back() -> None:
    two = [{"on": date(2014, 2, 1), "charges": 1}, {"on": date(2017, 2, 1), "charges": 1}]
    year = criteria(look=("# look_back_years = 5 ", "look_back_years = 3 "))

    assert level_of(two)["level"] == "B"
    assert level_of(two, year)["level"] == "C"
    two[1]["on"] = date(2017, 1, 31)
    assert level_of(two, year)["level"] == "B"


def test_rules_that_ship_off_work_when_filled() -> None:
    acts: list[Act] = [
        {
            "on": date(2018, month, 1), "charges": 1, "disposition": "convicted",
            "disposed_on": date(2018, month, 9),
        }
        for month in (2, 3)
    ]  # fmt: skip
    rules = criteria(
        off=("[rules.A3_convictions]\non = false", "[rules.A3_convictions]\non = true"),
        n=("# convictions =   # your site's number", "convictions = 2"),
        m=("# charges =       # and of charge events", "charges = 2"),
    )

    assert level_of(acts, rules)["reasons"] == ["A3_convictions"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("charges = 2", "charge = 2", "did you mean 'charges'?"),
        ("[rules.B1_two_charges]", "[rules.B1_two_charge]", "did you mean 'B1_two_charges'?"),
        ("charges = 2", "charges = 0", "rules.B1_two_charges.charges"),
        ('"11", "12"', '"40", "12"', "40 is never weapon use"),
        ("[rules.A3_convictions]\non = false", "[rules.A3_convictions]\non = true",
         "convictions and charges is blank"),
        ("[event]", "[event", "not valid TOML"),
    ],
)  # fmt: skip
def test_wrong_criteria_are_told_by_name(old: str, new: str, said: str) -> None:
    from ipvi_cli.model.errors import InputError

    text = (shipped_text("high-point-style") or "").replace(old, new, 1)

    with pytest.raises(InputError, match=r"criteria\.toml") as failed:
        parse_criteria(text, where="criteria.toml")
    assert said in failed.value.line()


def test_the_shipped_file_says_what_is_on_and_off() -> None:
    said = "\n".join(criteria().lines())

    for code in ("D1_call", "C1_first_charge", "B1_two_charges", "B2_on_notice", "A2_weapon"):
        assert f"({code})" in said
    assert "Off: A3_convictions, A4_complaints_multiple." in said


def test_neighbouring_criteria_count_the_same_people() -> None:
    acts = [
        {"on": date(2018, month, 1), "charges": 1, "who": who}
        for who, months in (("P", (1, 2)), ("S", (1, 2, 3)), ("U", (1,)))
        for month in months
    ]
    table = what_if(events_of(acts), criteria(), WHOLE)

    assert table.filter(look_back="all").select("charges_for_b", "A", "B", "C").rows() == [
        (2, 1, 1, 1),
        (3, 0, 1, 2),
    ]


DAY = date(2019, 6, 30)
_PAST = st.integers(0, 545).map(lambda n: date(2018, 1, 1) + timedelta(n))
_LATER = st.integers(1, 600).map(lambda n: DAY + timedelta(n))
_TELLS: dict[str, Any] = {
    "who": st.sampled_from("PQRS"),
    "whom": st.sampled_from("QRTU"),
    "class": st.sampled_from(["intimate_partner", "intimate_partner", "undetermined", "stranger"]),
    "charges": st.integers(0, 2),
    "mutual": st.booleans(),
    "weapons": st.sampled_from([["12"], ["40"]]),
    "match": st.sampled_from([1.0, 0.95]),
}


def _incidents(days: st.SearchStrategy[date]) -> st.SearchStrategy[list[Act]]:
    return st.lists(st.fixed_dictionaries({"on": days}, optional=_TELLS), max_size=4)


_LATER_ROWS = st.lists(
    st.one_of(
        st.fixed_dictionaries({"on": _LATER}, optional=_TELLS),
        # What was reported later led to no arrest before.
        st.fixed_dictionaries(
            {"on": _PAST, "reported": _LATER, "charges": st.just(0)},
            optional={name: told for name, told in _TELLS.items() if name != "charges"},
        ),
        st.fixed_dictionaries(
            {
                "what": st.just("history"), "event_kind": st.sampled_from(["arrest", "conviction"]),
                "happened_on": _LATER, "who": st.sampled_from("PQ"),
                "statute": st.sampled_from(["partner", "open"]),
            }
        ),
        st.fixed_dictionaries(
            {
                "what": st.just("notification"), "notified_on": _LATER, "delivered": st.just(True),
                "level": st.sampled_from("CD"), "who": st.sampled_from("PQ"),
                "born": st.sampled_from([date(1980, 1, 1), date(2010, 1, 1)]),
            }
        ),
    ),
    max_size=4,
)  # fmt: skip


@given(
    past=_incidents(_PAST),
    later=_LATER_ROWS,
    ends=st.lists(st.tuples(_LATER, st.sampled_from(["convicted", "dismissed"])), min_size=4, max_size=4),
)  # fmt: skip
@settings(max_examples=12, deadline=None)
def test_what_came_after_the_day_changes_nothing(
    past: list[Act], later: list[Act], ends: list[tuple[date, str]]
) -> None:
    decided = [
        {**act, "disposed_on": on, "disposition": what, "disposition_raw": "UNFOUNDED"}
        for act, (on, what) in zip(past, ends, strict=False)
    ]
    notice = {"what": "notification", "notified_on": date(2018, 3, 1), "delivered": True,
              "level": "D", "who": "P"}  # fmt: skip

    # Histories are given in both, so that the table is there or not in both.
    assert_frame_equal(
        place(events_of([*past, notice], DAY), criteria(), WHOLE),
        place(events_of([*decided, notice, *later], DAY), criteria(), WHOLE),
    )


@given(first=_incidents(_PAST), more=_incidents(_PAST))
@settings(max_examples=12, deadline=None)
def test_more_events_never_lower_a_level(first: list[Act], more: list[Act]) -> None:
    # An incident with others cannot undo what a person did in another.
    rank = {level: n for n, level in enumerate(("A", "B", "C", "D", "none"))}
    before = dict(placed(first).select("person_id", "level").iter_rows())
    after = dict(placed([*first, *more]).select("person_id", "level").iter_rows())

    assert all(rank[after[person]] <= rank[level] for person, level in before.items())
