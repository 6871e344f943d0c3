from typing import Any

import pytest
from helpers_classify import incident, offender, said, table, victim

from ipvi_cli.classify import Policy, Review, classify, near_misses

TWO = {
    "incident": [incident(), incident(2, dv_flag=False), incident(3)],
    "victim": [victim(age_years=12), victim(1, 2), victim(1, 3)],
    "offender": [offender(), offender(2), offender(1, 2), offender(1, 3)],
    "relationship": [said("SISTER"), said("FRIEND", 1, 2), said("COHABITANT", incident=2)],
}


def decided(**reviews: str) -> dict[str, dict[str, Any]]:
    """Classify with decisions, named ``i1_o2`` for offender 2 of incident 1."""
    made = {}
    for name, decision in reviews.items():
        number, by = name[1:].split("_o")
        made[f"PD:{number}:V1|O{by}"] = Review(f"PD:{number}", decision, "AB")
    tables = {name: table(name, rows) for name, rows in TWO.items()}
    pairs = classify(tables, Policy("domestic", reviews=made)).pairs.collect()
    return {row["pair_id"]: row for row in pairs.iter_rows(named=True)}


def test_a_decision_settles_its_pair_and_no_other() -> None:
    before, after = decided(), decided(i2_o1="XR")
    row = after.pop("PD:2:V1|O1")
    del before["PD:2:V1|O1"]
    assert after == before
    assert (row["relationship_class"], row["tie"], row["partner_status"], row["nibrs_code"]) == (
        "intimate_partner", "ex_dating", "former", "XR",
    )  # fmt: skip
    assert (row["basis"], row["rule"], row["reason"]) == ("review", "review:AB", None)


def test_what_the_record_says_stays_as_evidence_and_as_a_conflict() -> None:
    row = decided(i1_o2="intimate_partner:dating")["PD:1:V1|O2"]
    assert row["evidence"] == ["review:AB", "explicit:words:FRIEND"]
    assert row["conflict"] == ["review_over_stated", "age"]
    assert row["relationship_raw"] == "FRIEND"


def test_conflicts_with_the_flag_are_those_of_the_decided_class() -> None:
    assert decided(i2_o1="BG")["PD:2:V1|O1"]["conflict"] == ["flag_no"]
    assert decided(i2_o1="FR")["PD:2:V1|O1"]["conflict"] == []


def test_a_decision_may_leave_a_pair_open() -> None:
    row = decided(i2_o1="undetermined")["PD:2:V1|O1"]
    assert (row["relationship_class"], row["reason"]) == ("undetermined", "ambiguous_term")
    assert row["candidates"] == ["intimate_partner", "other_domestic"]
    assert (row["basis"], row["rule"]) == (None, "review:AB")


def test_a_pair_without_a_word_can_be_decided() -> None:
    row = decided(i3_o1="CH")["PD:3:V1|O1"]
    assert (row["relationship_class"], row["nibrs_code"]) == ("other_family", "CH")


def test_a_decision_about_a_pair_that_is_gone_is_left_aside() -> None:
    assert decided(i9_o1="BG", i1_o9="BG") == decided()


@pytest.mark.parametrize("known", [True, False])
def test_persons_whom_only_relationship_rows_name_can_be_decided(known: bool) -> None:
    tables = {
        "incident": table("incident", [incident(), incident(2)]),
        "relationship": table("relationship", [said("FAMILY"), said("FAMILY", incident=2)]),
    }
    if known:
        tables["victim"] = table("victim", [victim(1, 2), victim()])
    reviews = {"PD:2:V1|O1": Review("PD:2", "SE", "AB")}
    pairs = classify(tables, Policy("domestic", reviews=reviews)).pairs.collect()
    assert pairs.sort("pair_id")["relationship_class"].to_list() == [
        "undetermined", "intimate_partner",
    ]  # fmt: skip


NEAR = {
    "HUSBANDD": "intimate_partner:spouse",  # one letter too many
    "GIRFRIEND": "intimate_partner:dating",  # one missing
    "ROMMATE": "other_domestic:roommate",
    "MOHTER": "other_family:parent",  # two exchanged
    "EX HUSBAMD": "intimate_partner:ex_spouse",  # one replaced, in one of several words
    "SISTER IN LAE": "other_family:in_law",
    "estranged husbnad": "intimate_partner:spouse",
}
FAR = [
    "",
    "BF",
    "FRIXYD",
    "MON",
    "HUBSANDDD",
    "WITE HUSBNAD XQ",
    "ZQ FORM 7",
    "COHABITNAT",
    "JON SMITS WIFEY",
]


@pytest.mark.parametrize("value", NEAR)
def test_one_typing_error_is_suggested(value: str) -> None:
    found = near_misses([value])
    assert found["suggestion"].to_list() == [NEAR[value]]


def test_all_else_is_not() -> None:
    assert near_misses(FAR).rows() == []


def test_a_word_between_two_meanings_is_not_suggested() -> None:
    # One letter from DATE, which is now, and from DATED, which is past.
    assert near_misses(["DATER"]).is_empty()
