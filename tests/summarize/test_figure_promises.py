"""Promises that hold for any delivery: no order, no partition and no cut into halves changes a count."""

import random
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl
import pytest
from helpers_summarize import case, cells, figures, figures_of, frames
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ipvi_cli.summarize import levels
from ipvi_cli.summarize.cells import AGE_BANDS

modest = settings(derandomize=True, deadline=None, max_examples=4)
Delivery = dict[str, Any]
NOT_OF_ONE_AGENCY = ("A01", "A02", "A05")
"""Inputs, months and words; each half names the months of both agencies."""

IN_PARTS = ("A04", "C01", "C11", "C13", "C15")
"""A part that does not occur in a half has no row there, so only what is counted adds up."""

CLASSES = ("intimate_partner", "other_family", "stranger", "undetermined", "not_applicable")


def _delivery(seed: int) -> Delivery:
    """Make a delivery of two agencies, incidents with several victims and offenders, and blanks everywhere."""
    chance = random.Random(seed)
    given: Delivery = {
        "population": "all",
        "agencies": ["A", "B"],
        "period": [date(2019, 1, 1), date(2019, 4, 30)],
        "mapped": ["relationship.relationship_raw", "victim.injury_raw", "offense.weapon_raw"],
        "value": [{"value": "x", "count": 1}],
    }
    for table in ("incident", "victim", "offender", "offense", "pair", "finding"):
        given[table] = []
    for agency, i in ((agency, i) for agency in "AB" for i in range(chance.randint(4, 9))):
        key = {"agency": agency, "i": i}
        day = date(2018, 12, 20) + timedelta(chance.randint(0, 130))
        victims, offenders = chance.randint(0, 3), chance.randint(1, 2)
        for v in range(victims):
            given["victim"].append(key | {
                "v": v, "sex": chance.choice([None, "F", "M", "X", "U"]),
                "age_years": chance.choice([None, 0, 12, 13, 17, 18, 34, 65]),
                "injury_codes": chance.choice([None, [], ["N"], ["M"], ["N", "B"]]),
            })  # fmt: skip
        for o in range(offenders):
            age = chance.choice([None, 17, 40])
            given["offender"].append(
                key | {"o": o, "age_years": age, "offender_unknown": chance.random() < 0.2}
            )
        for _ in range(chance.randint(0, 2)):
            code = chance.choice([None, "13A", "13B"])
            weapons = chance.choice([None, ["12"], ["95"], ["40"]])
            given["offense"].append(key | {"offense_code": code, "weapon_codes": weapons})
        classes = [
            _pair(given, key | {"v": v, "o": o}, chance)
            for v in range(victims)
            for o in range(offenders)
        ]
        order = ("intimate_partner", "undetermined", "other_family", "stranger", "not_applicable")
        of_class = next((name for name in order if name in classes), "undetermined")
        in_doubt = of_class == "undetermined"
        given["incident"].append(key | {
            "occurred_on": chance.choice([None, day]), "district": chance.choice([None, "1", "2"]),
            "class": of_class, "counted": of_class in order[:3], "unflagged": in_doubt and chance.random() < 0.5,
        })  # fmt: skip
    return given


def _pair(given: Delivery, key: dict[str, Any], chance: random.Random) -> str:
    of_class = chance.choice(CLASSES)
    reason = chance.choice(["missing", "unmapped", "no_offender"]) if of_class == "undetermined" else None  # fmt: skip
    tie = chance.choice(["spouse", "dating"]) if of_class == "intimate_partner" else None
    code = chance.choice(["SE", "XR", None])
    conflict = chance.choice([None, [], ["flag_no"]])
    given["pair"].append(
        key | {"class": of_class, "reason": reason, "tie": tie, "code": code, "conflict": conflict}
    )
    if chance.random() < 0.2 and of_class != "not_applicable":
        given["finding"].append(key | {"code": "IPVI-999"})
    return of_class


seeds = st.integers(0, 3)


@cache
def _made(seed: int) -> tuple[Delivery, pl.DataFrame]:
    delivery = _delivery(seed)
    return delivery, figures(delivery)


@for_any(seed=seeds, order=st.randoms(use_true_random=False))
@modest
def test_no_order_of_rows_changes_a_figure(seed: int, order: random.Random) -> None:
    delivery, whole = _made(seed)
    assert_frame_equal(figures(delivery, shuffle=order), whole)


@for_any(seed=seeds)
@modest
def test_the_counts_of_two_halves_add_up_to_the_whole(seed: int) -> None:
    delivery, whole = _made(seed)
    made = frames(delivery)
    halves = []
    for agency in "AB":
        own = pl.col("incident_id").str.starts_with(f"{agency}:")
        mine = {**delivery, "finding": [row for row in delivery["finding"] if row["agency"] == agency]}  # fmt: skip
        halves.append(figures_of(mine, {name: df.filter(own) for name, df in made.items()}))
    keys = ["figure_id", "by", "group"]
    counts = ["numerator", "denominator", "undetermined"]
    sums = pl.concat(halves).group_by(keys).agg(pl.col(counts).sum())
    both = whole.join(sums, on=keys, how="inner", suffix="|sum")
    added_up = _made_in(halves[0]) & _made_in(halves[1])
    for row in both.iter_rows(named=True):
        figure, by = row["figure_id"], row["by"]
        if (figure, by) in added_up and figure not in NOT_OF_ONE_AGENCY:
            for name in counts[:1] if figure in IN_PARTS else counts:
                assert (row[name] or 0) == row[f"{name}|sum"]


def _made_in(half: pl.DataFrame) -> set[tuple[str, str]]:
    made = half.filter(pl.col("numerator").is_not_null())
    return {*made.select("figure_id", "by").iter_rows()}


@for_any(seed=seeds)
@modest
def test_counting_in_parts_gives_the_same(seed: int) -> None:
    delivery, whole = _made(seed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(levels, "SIZE", 4)
        assert_frame_equal(figures(delivery), whole)


@for_any(seed=seeds)
@modest
def test_counting_a_flat_delivery_in_parts_gives_the_same_in_any_order(seed: int) -> None:
    delivery = _flat(_delivery(seed))
    whole = figures(delivery)
    made = frames(delivery)
    made["incidents"] = made["incidents"].sort("incident_id")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(levels, "SIZE", 2)
        for shuffle in (None, random.Random(seed)):
            assert_frame_equal(figures_of(delivery, made, shuffle=shuffle), whole)


def _flat(given: Delivery) -> Delivery:
    """Keep the incidents that have a victim, an offender, an offence and a pair, with one of each."""
    first = {
        table: {(row["agency"], row["i"]): row for row in reversed(given[table])}
        for table in ("victim", "offender", "offense", "pair")
    }
    keys = [(row["agency"], row["i"]) for row in given["incident"]]
    whole = [key for key in keys if all(key in rows for rows in first.values())]
    kept = {table: [rows[key] for key in whole] for table, rows in first.items()}
    incidents = [row for row, key in zip(given["incident"], keys, strict=True) if key in set(whole)]
    return given | kept | {"incident": incidents}


@for_any(seed=seeds)
@modest
def test_every_group_of_a_breakdown_is_counted(seed: int) -> None:
    _, made = _made(seed)
    for figure in ("A03", "A07", "B07", "B08", "B09", "C07", "C12"):
        total = cells(made, figure, "total")["total"]
        for by in ("year", "month", "agency", "district"):
            groups = [*cells(made, figure, by).values()]
            if any(groups) and total[0] is not None:
                for place, whole in enumerate(total):
                    assert sum(group[place] or 0 for group in groups) == (whole or 0)


def _band(age: int | None) -> str:
    fits = [name for name, youngest in AGE_BANDS if age is not None and age >= youngest]
    return fits[-1] if fits else "unknown"


def _sex(sex: str | None) -> str:
    return sex if sex in {"F", "M", "X"} else "unknown"


@for_any(seed=seeds)
@modest
def test_shares_by_victim_are_what_a_plain_count_gives(seed: int) -> None:
    delivery, made = _made(seed)
    wanted: dict[str, dict[str, list[int]]] = {
        by: defaultdict(lambda: [0, 0, 0]) for by in ("victim_sex", "victim_age")
    }
    for row in delivery["incident"]:
        victims = _of(delivery["victim"], row) or [{}]
        groups = {
            "victim_sex": {_sex(victim.get("sex")) for victim in victims},
            "victim_age": {_band(victim.get("age_years")) for victim in victims},
        }
        for by, names in groups.items():
            for name in names if row["counted"] else ():
                cell = wanted[by][name]
                cell[0] += row["class"] == "intimate_partner"
                cell[1] += 1
                cell[2] += row["class"] == "undetermined"
    if any(pair["tie"] for pair in delivery["pair"]):
        for by, groups_of in wanted.items():
            counted = cells(made, "B09", by)
            if counted:
                assert counted == {name: tuple(cell) for name, cell in groups_of.items()}


@for_any(seed=seeds)
@modest
def test_injuries_are_of_each_victim_once(seed: int) -> None:
    delivery, made = _made(seed)
    wanted = [0, 0, 0]
    for row in delivery["victim"]:
        ties = [pair for pair in _of(delivery["pair"], row) if pair["v"] == row["v"]]
        if any(pair["class"] == "intimate_partner" for pair in ties):
            codes = row["injury_codes"] or []
            wanted[0] += any(code != "N" for code in codes)
            wanted[1] += 1
            wanted[2] += not codes
    found = cells(made, "C05", "total")["total"]
    if found[0] is not None:
        assert [*found] == wanted


def _of(rows: list[dict[str, Any]], key: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in rows if (row["agency"], row["i"]) == (key["agency"], key["i"])]


def test_a_published_count_is_the_sum_of_its_parts_whatever_the_totals_say() -> None:
    given = case("boroughs")
    without = {**given, "tally": [row for row in given["tally"] if row.get("area_kind") != "total"]}
    assert_frame_equal(figures(given), figures(without))
