"""What several pieces of evidence about one pair come to."""

from __future__ import annotations

from typing import Any

import pytest
from helpers_classify import incident, made, offender, said, victim


def test_words_of_one_class_and_other_ties_are_a_detail() -> None:
    result = made(relationships=[said("EX WIFE"), said("GIRLFRIEND")])

    assert result.pair()["relationship_class"] == "intimate_partner"
    assert result.pair()["conflict"] == ["detail"]
    assert result.pair()["evidence"] == ["explicit:words:EX WIFE", "explicit:words:GIRLFRIEND"]


def test_words_of_two_classes_are_a_conflict_with_both_candidates() -> None:
    result = made(relationships=[said("NEIGHBOR"), said("HUSBAND")])

    pair = result.pair()
    assert (pair["relationship_class"], pair["reason"]) == ("undetermined", "conflict")
    assert pair["candidates"] == ["intimate_partner", "known_not_domestic"]
    assert pair["conflict"] == ["class"]
    assert pair["basis"] is None


@pytest.mark.parametrize("other", ["UNKNOWN", "PARTNER", "ZQ 7 FORM", None, "-", "VO"])
def test_an_open_word_never_overrides_a_firm_one(other: str | None) -> None:
    result = made(relationships=[said(other), said("BROTHER"), said(other)])

    assert result.pair()["relationship_class"] == "other_family"
    assert result.pair()["conflict"] == []


def test_the_narrowest_of_several_open_words_is_given() -> None:
    result = made(relationships=[said("UNKNOWN"), said("COHABITANT")])

    assert result.pair()["reason"] == "ambiguous_term"
    assert result.pair()["candidates"] == ["intimate_partner", "other_domestic"]


@pytest.mark.parametrize("word", ["ACQUAINTANCE", "FRIEND", "OK", "STRANGER", "ROOMMATE"])
@pytest.mark.parametrize("flag", [True, False, None])
def test_a_child_in_common_goes_over_a_stated_acquaintance(word: str, flag: bool | None) -> None:
    result = made(
        incidents=[incident(dv_flag=flag)], relationships=[said(word, child_in_common=True)]
    )

    pair = result.pair()
    assert (pair["relationship_class"], pair["tie"], pair["basis"]) == (
        "intimate_partner",
        "co_parent",
        "child_in_common",
    )
    assert "cic_over_stated" in pair["conflict"]
    assert pair["evidence"][-1] == "child_in_common"


@pytest.mark.parametrize(
    "word", ["MOTHER", "SON", "SISTER", "GRANDMA", "GRANDSON", "STEPDAD", "STEPSON", "STEPSISTER"]
)
def test_a_child_in_common_of_relatives_is_a_conflict(word: str) -> None:
    result = made(relationships=[said(word, child_in_common=True)])

    assert result.pair()["reason"] == "conflict"
    assert result.pair()["candidates"] == ["intimate_partner", "other_family"]


@pytest.mark.parametrize("word", [None, "UNKNOWN", "FAMILY MEMBER", "ZQ 7 FORM"])
def test_a_child_in_common_fills_what_is_open(word: str | None) -> None:
    result = made(relationships=[said(word, child_in_common=True)])

    assert result.pair()["relationship_class"] == "intimate_partner"
    assert result.pair()["conflict"] == []


def test_a_child_in_common_leaves_a_stated_partner_as_stated() -> None:
    result = made(relationships=[said("EX GIRLFRIEND", child_in_common=True)])

    assert (result.pair()["tie"], result.pair()["basis"]) == ("ex_dating", "explicit")


def test_no_child_in_common_says_nothing() -> None:
    result = made(relationships=[said("FRIEND", child_in_common=False)])

    assert result.pair()["relationship_class"] == "known_not_domestic"


def test_a_second_column_with_a_child_in_common_counts_as_one() -> None:
    result = made(relationships=[said("FRIEND"), said("CHILD IN COMMON")])

    assert result.pair()["basis"] == "child_in_common"
    assert result.pair()["conflict"] == ["cic_over_stated"]


def test_the_word_child_in_common_alone_is_its_own_basis() -> None:
    result = made(relationships=[said("BABY MAMA")])

    assert (result.pair()["basis"], result.pair()["tie"]) == ("child_in_common", "co_parent")


@pytest.mark.parametrize(
    ("word", "flag", "expected"),
    [
        ("OK", True, ("undetermined", "otherwise_known_dv", [])),
        ("OTHERWISE KNOWN", False, ("known_not_domestic", None, [])),
        ("KNOWN TO VICTIM", None, ("known_not_domestic", None, [])),
        ("COWORKER", True, ("known_not_domestic", None, ["flag_yes"])),
        ("STRANGER", True, ("stranger", None, ["flag_yes"])),
        ("STRANGER", False, ("stranger", None, [])),
        ("SPOUSE", False, ("intimate_partner", None, ["flag_no"])),
        ("SPOUSE", True, ("intimate_partner", None, [])),
        ("BROTHER", False, ("other_family", None, [])),
    ],
)
def test_the_flag_opens_only_the_residual_class(
    word: str, flag: bool | None, expected: tuple[Any, ...]
) -> None:
    result = made(incidents=[incident(dv_flag=flag)], relationships=[said(word)])

    pair = result.pair()
    assert (pair["relationship_class"], pair["reason"], pair["conflict"]) == expected


def test_the_residual_class_keeps_what_it_may_be() -> None:
    result = made(
        incidents=[incident(dv_flag=True)], relationships=[said("OK", code_system="nibrs")]
    )

    assert result.pair()["candidates"] == [
        "intimate_partner",
        "other_domestic",
        "known_not_domestic",
    ]
    assert result.pair()["nibrs_code"] == "OK"


@pytest.mark.parametrize(
    ("victim_age", "offender_age", "conflict"),
    [(12, 40, ["age"]), (40, 12, ["age"]), (13, 13, []), (None, 40, [])],
)
def test_a_partner_under_13_is_a_conflict(
    victim_age: int | None, offender_age: int, conflict: list[str]
) -> None:
    result = made(
        victims=[victim(age_years=victim_age)],
        offenders=[offender(age_years=offender_age)],
        relationships=[said("BOYFRIEND")],
    )

    assert result.pair()["relationship_class"] == "intimate_partner"
    assert result.pair()["conflict"] == conflict


@pytest.mark.parametrize("sexes", [("F", "F"), ("M", "M"), ("F", "M"), ("X", None)])
@pytest.mark.parametrize("code", ["SE", "BG", "HR", "XS"])
def test_no_code_is_refused_for_the_sexes(sexes: tuple[str, str | None], code: str) -> None:
    result = made(
        victims=[victim(sex=sexes[0])],
        offenders=[offender(sex=sexes[1])],
        relationships=[said(code, code_system="nibrs")],
    )

    assert result.pair()["nibrs_code"] == code
    assert result.pair()["conflict"] == []
