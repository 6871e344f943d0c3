"""What the tables say of a person, as events: each counted once, and marked where it raises nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from helpers_offenders import Act, made
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ipvi_cli.model.offending import COUPLE_SCHEMA, EVENT_SCHEMA
from ipvi_cli.offenders.events import Histories, histories
from ipvi_cli.offenders.groups import offense_groups
from ipvi_cli.offenders.seen import seen_by

DAY = date(2018, 6, 1)


def told(*acts: Act, day: date | None = None, **more: Any) -> Histories:
    world = made(acts)
    tables, pairs = seen_by(world.tables, world.pairs, day)
    return histories(tables, pairs, world.persons, **more)


def events(*acts: Act, kind: str = "incident", role: str | None = None) -> list[dict[str, Any]]:
    found = told(*acts).events.filter(pl.col("kind") == kind)
    if role is not None:
        found = found.filter(pl.col("role") == role)
    return found.to_dicts()


def test_frames_hold_the_declared_columns() -> None:
    found = told({"on": DAY, "charges": 1})

    assert found.events.schema == EVENT_SCHEMA
    assert found.couples.schema == COUPLE_SCHEMA


def test_three_charges_of_one_arrest_are_one_charge_event() -> None:
    assert len(events({"on": DAY, "charges": 3}, kind="charge")) == 1


def test_two_arrests_of_one_incident_are_one_event() -> None:
    assert len(events({"on": DAY, "arrests": 2, "charges": 1}, kind="arrest")) == 1


def test_a_victim_is_never_an_offender() -> None:
    roles = {(row["person_id"], row["role"]) for row in events({"on": DAY})}

    assert roles == {("P", "offender"), ("Q", "victim")}


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ({}, None),
        ({"sealed": True, "charges": 1}, "sealed"),
        ({"disposition_raw": "Expunged", "charges": 1}, "sealed"),
        ({"born": date(2000, 6, 2)}, "under_18"),
        ({"born": date(2000, 6, 1)}, None),
        ({"born": ""}, "age_unknown"),
        ({"mutual": True, "arrests": 1, "whom_arrested": True}, "dual_arrest"),
        ({"arrests": 1, "whom_arrested": True}, "dual_arrest"),
        ({"mutual": True, "arrests": 1, "whom_arrested": True, "aggressor": "P"}, None),
        ({"mutual": True, "aggressor": "Q"}, "cross_complaint"),
        ({"mutual": True}, "cross_complaint"),
    ],
)
def test_why_a_report_raises_nobody(act: Act, reason: str | None) -> None:
    rows = events({"on": DAY, **act}, role="offender")

    assert [row["left_out"] for row in rows if row["person_id"] == "P"] == [reason]


@pytest.mark.parametrize(
    ("act", "groups"),
    [
        ({}, ["ipv"]),
        ({"offenses": ["13B", "35A"]}, ["drug", "ipv"]),
        ({"offenses": []}, ["ipv"]),
        ({"class": "other_family"}, ["other_domestic"]),
        ({"class": "stranger", "offenses": ["120", "520", "90D"]},
         ["other_violent", "traffic", "weapon"]),
        ({"class": "stranger", "offenses": ["290"]}, ["property"]),
        ({"class": "undetermined", "offenses": ["13A"]}, ["other_violent"]),
    ],
)  # fmt: skip
def test_groups_of_offences(act: Act, groups: list[str]) -> None:
    assert events({"on": DAY, **act}, role="offender")[0]["groups"] == groups


def test_every_offence_of_the_word_lists_has_a_group() -> None:
    assert offense_groups()["code"].is_unique().all()
    assert set(offense_groups()["ipv"].unique()) == {"core", "related", None}


def test_a_charge_belongs_to_the_one_person_arrested_under_its_number() -> None:
    world = made([{"on": DAY, "charges": 2}])
    persons = world.persons.filter(pl.col("record_table") != "charge")

    found = histories(world.tables, world.pairs, persons).events

    assert found.filter(pl.col("kind") == "charge")["person_id"].to_list() == ["P"]


def test_days_under_supervision_and_order_are_marked() -> None:
    rows = events(
        {"on": DAY},
        {"on": DAY + timedelta(400)},
        {"what": "supervision", "started_on": DAY, "ended_on": DAY + timedelta(30)},
        {"what": "order", "issued_on": DAY, "served_on": DAY, "expires_on": DAY + timedelta(500)},
        role="offender",
    )

    assert [row["on_supervision"] for row in rows] == [True, False]
    assert [row["under_order"] for row in rows] == [True, True]
    assert events({"on": DAY})[0]["on_supervision"] is None


def test_a_couple_has_a_row_for_each_incident() -> None:
    couples = told({"on": DAY, "charges": 1}, {"on": DAY + timedelta(9), "whom": "R"}).couples

    assert couples.select("offender_person", "victim_person", "charged", "severity").rows() == [
        ("P", "Q", True, 3),
        ("P", "R", False, 3),
    ]


ACTS = st.lists(
    st.fixed_dictionaries(
        {"on": st.integers(0, 900).map(lambda n: date(2018, 1, 1) + timedelta(n))},
        optional={
            "who": st.sampled_from("PQRS"),
            "whom": st.sampled_from("TUV"),
            "class": st.sampled_from(["intimate_partner", "undetermined", "stranger"]),
            "charges": st.integers(0, 2),
            "mutual": st.booleans(),
            "whom_arrested": st.booleans(),
            "weapons": st.sampled_from([["12"], ["40"]]),
            "offenses": st.sampled_from([["13A"], ["13B", "35A"], []]),
            "disposition": st.sampled_from(["convicted", "dismissed"]),
            "disposed_on": st.integers(0, 900).map(lambda n: date(2018, 1, 1) + timedelta(n)),
        },
    ),
    max_size=7,
)


@given(acts=ACTS)
@settings(max_examples=6, deadline=None)
def test_parts_put_together_are_the_whole(acts: list[Act]) -> None:
    world = made(acts, tables=("arrest", "charge"))
    whole = histories(world.tables, world.pairs, world.persons)
    parts = [histories(world.tables, world.pairs, world.persons, part=(n, 3)) for n in range(3)]

    for name in ("events", "couples"):
        one = getattr(whole, name)
        assert_frame_equal(
            one, pl.concat([getattr(part, name) for part in parts]), check_row_order=False
        )
