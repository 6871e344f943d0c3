"""Made-up records: what must be linked is, what must not be is not, and always the same way."""

from __future__ import annotations

import datetime
import random
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from helpers_link import records, with_rows

from ipvi_cli.link.clusters import differ, make_persons, within_a_year
from ipvi_cli.link.run import Decisions, Linked, link_records

PHONE: dict[str, str | None] = {"phone": "555-010-4444"}
BARE: dict[str, str | None] = {"birth": None, "address": None, "sex": None}

CASES: dict[str, tuple[dict[str, str | None], dict[str, str | None], bool]] = {
    "the same": ({}, {}, True),
    "names exchanged": ({}, {"name": "WILHELM, QUAXTON"}, True),
    "a short form": ({"name": "QUAXTON, WILLIAM"}, {"name": "QUAXTON, BILL"}, True),
    "a second surname": ({"name": "QUAXTON MUESTRA, WILHELM"}, {}, True),
    "a hyphen": ({"name": "QUAXTON-MUESTRA, WILHELM"}, {"name": "MUESTRA, WILHELM"}, True),
    "first name first": ({}, {"name": "Wilhelm Quaxton"}, True),
    "an alias": ({"other_names": "SNOOK, EBBO; QUAXTON, WILHELM", "name": "FLIMM, ARVO"}, {}, True),
    "day and month exchanged": ({}, {"birth": "1971-04-11"}, True),
    "a digit wrong": ({}, {"birth": "1971-11-05"}, True),
    "only the year known": (PHONE, {"birth": "1971-01-01", "phone": "(555) 010-4444"}, True),
    "father and son": ({"name": "QUAXTON, WILHELM SR"}, {"name": "QUAXTON, WILHELM JR", "birth": "1996-02-19"}, False),
    "a couple": (PHONE, {**PHONE, "name": "QUAXTON, ODELIA", "birth": "1973-08-23", "sex": "F"}, False),
    "a couple, her birth not known": ({}, {"name": "QUAXTON, ODELIA", "birth": None, "sex": "F"}, False),
    "twins": ({}, {"name": "QUAXTON, ODELIA", "sex": "F"}, False),
    "twins of one sex": (PHONE, {**PHONE, "name": "QUAXTON, BERTRAM"}, False),
    "father and son, no suffix": (PHONE, {**PHONE, "birth": "1996-02-19"}, False),
    "father or son, no date of birth": ({"name": "QUAXTON, WILHELM SR"}, {"birth": None}, False),
    "only a name": (BARE, BARE, False),
}  # fmt: skip


@pytest.fixture(scope="module")
def linked() -> tuple[Linked, list[int], dict[str, tuple[int, int]]]:
    """Invented records, and two more for each case, of which nobody else has anything."""
    frame, whose = records(300)
    letters = iter("ABCDEFGHIJKLMNOPRSTUVWXYZ")
    more: list[dict[str, str | None]] = []
    places = {}
    for case, (one, other, _) in CASES.items():
        own = next(letters)
        base = {
            "name": "QUAXTON, WILHELM",
            "birth": "1971-11-04",
            "sex": "M",
            "address": "12 Elsewhere Road",
            "phone": None,
            "other_names": None,
        }
        for change in (one, other):
            said: dict[str, Any] = {**base, **change}
            for name in ("name", "other_names"):
                if said[name] is not None:
                    said[name] = said[name].replace("QUAXTON", f"QUAX{own}ON")
                    said[name] = said[name].replace("Quaxton", f"Quax{own}on")
            if said["phone"] is not None:
                said["phone"] = said["phone"].replace("010", f"0{ord(own)}")
            if said["address"] is not None:
                said["address"] = f"{ord(own)} Elsewhere Road"
            more.append(said)
        places[case] = (frame.height + len(more) - 2, frame.height + len(more) - 1)
    both = pl.concat([frame.drop("row"), pl.DataFrame(more)], how="diagonal_relaxed")
    return link_records(both.with_row_index("row").cast({"row": pl.Int64})), whose, places


@pytest.mark.parametrize("case", CASES)
def test_what_clerks_write_of_one_person_is_linked_and_of_two_is_not(
    case: str, linked: tuple[Linked, list[int], dict[str, tuple[int, int]]]
) -> None:
    found, _, places = linked
    first, second = places[case]
    persons = found.clusters.strict
    assert bool(persons[first] == persons[second]) is CASES[case][2]


def test_precision_and_recall_on_records_whose_person_is_known(
    linked: tuple[Linked, list[int], dict[str, tuple[int, int]]],
) -> None:
    found, whose, _ = linked
    persons = found.clusters.strict[: len(whose)]
    same = {pair for pair in combinations(range(len(whose)), 2) if whose[pair[0]] == whose[pair[1]]}
    said = {pair for pair in combinations(range(len(whose)), 2) if persons[pair[0]] == persons[pair[1]]}  # fmt: skip
    assert len(said & same) / len(said) >= 0.995
    assert len(said & same) / len(same) >= 0.95


def test_every_strict_person_lies_within_one_loose_person(
    linked: tuple[Linked, list[int], dict[str, tuple[int, int]]],
) -> None:
    clusters = linked[0].clusters
    frame = pl.DataFrame({"strict": clusters.strict, "loose": clusters.loose})
    assert frame.group_by("strict").agg(pl.col("loose").n_unique())["loose"].max() == 1


def test_a_few_records_are_linked_by_numbers_alone() -> None:
    said = {"name": "SAMPLE, JON", "birth": "1971-11-04", "sex": "M"}
    rows = [{**said, "state_id": "S-10"}, {**said, "state_id": "s10"}, {**said, "state_id": None}]
    found = link_records(with_rows(rows))
    assert found.model is None
    assert found.clusters.strict.tolist() == [0, 0, 2]


@pytest.mark.parametrize(
    ("other", "linked_by_number"),
    [
        ({}, True),
        ({"name": "MARRIED, ANA"}, True),
        ({"name": "OTHER, FALSE NAME"}, True),
        ({"birth": "1950-02-27"}, False),
        ({"birth": None, "name": "SAMPLE, GUSTAVO"}, False),
        ({"birth": None, "sex": "M", "name": "SAMPLE, ANATOLE"}, False),
        ({"agency": "B"}, False),
    ],
)
def test_a_number_links_unless_several_persons_have_it(
    other: dict[str, str | None], linked_by_number: bool
) -> None:
    said: dict[str, str | None] = {
        "name": "SAMPLE, ANA", "birth": "1971-11-04", "sex": "F", "agency": "A", "person_number": "77",
    }  # fmt: skip
    found = link_records(with_rows([said, {**said, **other}]))
    assert bool(found.clusters.strict[0] == found.clusters.strict[1]) is linked_by_number
    assert bool(found.exact.reused) is (not linked_by_number and "agency" not in other)


def test_decisions_of_persons_override() -> None:
    said = {"name": "SAMPLE, ANA", "state_id": "9"}
    rows = with_rows([said, said, {"name": "SAMPLE, BEA", "state_id": None}])
    decided = Decisions(same=[(1, 2)], apart=[(0, 1)])
    assert link_records(rows, decisions=decided).clusters.strict.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("one", "other", "clashes"),
    [
        ("1971-11-04", "1971-04-11", False),
        ("1971-11-04", "1971-11-29", False),
        ("1971-11-04", "1981-11-04", False),
        ("1971-11-04", "1972-09-27", False),
        ("1971-11-04", "1986-02-27", True),
    ],
)
def test_two_dates_of_birth_clash_where_no_slip_explains_them(
    one: str, other: str, clashes: bool
) -> None:
    apart = differ(one, other) and not within_a_year(one, other)
    assert apart is clashes
    assert differ(one, other) is differ(other, one)


def test_one_of_whom_no_date_of_birth_is_known_is_neither_of_two_of_the_name() -> None:
    frame, _ = records(150)
    said = {"name": "QUAXTON, WILHELM", "sex": "M", "address": "4 Elsewhere Road"}
    births = ["1951-11-04", "1951-11-04", "1983-06-21", "1983-06-21", None]
    more = pl.DataFrame([{**said, "birth": birth} for birth in births])
    both = pl.concat([frame.drop("row"), more], how="diagonal_relaxed").with_row_index("row")
    persons = link_records(both.cast({"row": pl.Int64})).clusters.strict[frame.height :].tolist()
    assert persons[0] == persons[1] != persons[2] == persons[3]
    assert persons[4] not in persons[:4]


def test_many_of_one_name_and_year_are_not_linked_across_their_dates_of_birth() -> None:
    frame, whose = records(200)
    chance = random.Random(4)
    days = chance.sample(range(365), 30)
    births = [f"{datetime.date(1985, 1, 1) + datetime.timedelta(day)}" for day in days]
    said = {"name": "QUAXTON, WILHELM", "sex": "M", "address": None}
    more = pl.DataFrame([{**said, "birth": birth} for birth in births for _ in range(2)])
    both = pl.concat([frame.drop("row"), more], how="diagonal_relaxed").with_row_index("row")
    persons = link_records(both.cast({"row": pl.Int64})).clusters.strict[len(whose) :].tolist()
    of_person = pl.DataFrame({"person": persons, "birth": more["birth"]}).group_by("person")
    assert of_person.agg(pl.col("birth").n_unique())["birth"].max() == 1


def test_a_chain_over_two_dates_of_birth_is_cut_at_its_weakest_link() -> None:
    pairs = pl.DataFrame(
        {
            "a": [0, 1],
            "b": [1, 2],
            "probability": [0.999, 0.96],
            "evidence": [30.0, 20.0],
        }
    )
    found = make_persons(["1971-11-04", None, "1986-02-27"], pairs, strict=0.95, loose=0.5)
    assert found.strict.tolist() == [0, 0, 2]
    assert found.refused == {"two dates of birth": 1}


def test_a_record_has_the_weakest_link_on_the_way_to_its_persons_first_record() -> None:
    pairs = pl.DataFrame(
        {
            "a": [0, 2, 1],
            "b": [1, 3, 2],
            "probability": [0.999, 0.998, 0.96],
            "evidence": [30.0, 28.0, 20.0],
        }
    )
    found = make_persons([None] * 5, pairs, strict=0.95, loose=0.5)
    assert found.strict.tolist() == [0, 0, 0, 0, 4]
    assert found.strict_probability.tolist() == [0.999, 0.999, 0.96, 0.96, 1.0]


def test_training_twice_gives_the_same_model_and_the_same_persons() -> None:
    frame, _ = records(120, seed=5)
    first, second = link_records(frame), link_records(frame)
    assert first.model == second.model
    assert first.pairs.equals(second.pairs)
    assert first.clusters.strict.tolist() == second.clusters.strict.tolist()
