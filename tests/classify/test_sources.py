"""Evidence besides the words fills what is blank or ambiguous, settles no stated tie, and keeps what contradicts."""

from __future__ import annotations

from typing import Any

import pytest
from helpers_classify import incident, made, offender, said, victim

CA: dict[str, Any] = {"statutes": frozenset({"CA PC 273.5"}), "state": "CA"}
CORPORAL_INJURY = [{"offense_code": "13A", "statute": "273.5(A) PC"}]


@pytest.mark.parametrize("word", [None, "UNKNOWN", "ZQ FORM 7", "PARTNER", "FAMILY MEMBER"])
def test_a_confirmed_statute_fills_what_is_blank_or_ambiguous(word: str | None) -> None:
    result = made(relationships=[said(word)], offenses=CORPORAL_INJURY, **CA)

    pair = result.pair()
    assert (pair["relationship_class"], pair["tie"], pair["partner_status"]) == (
        "intimate_partner",
        "partner_unspecified",
        "unknown",
    )
    assert (pair["basis"], pair["rule"]) == ("statute", "statute:CA PC 273.5")
    assert pair["evidence"][-1] == "statute:CA PC 273.5"
    assert result.incident()["incident_class"] == "intimate_partner"


def test_a_charge_counts_as_an_offence_does() -> None:
    result = made(charges=[{"statute": "PEN 273.5"}], relationships=[said(None)], **CA)

    assert result.pair()["basis"] == "statute"


@pytest.mark.parametrize(
    ("word", "of_class"),
    [("BROTHER", "other_family"), ("FRIEND", "known_not_domestic"), ("ROOMMATE", "other_domestic")],
)
def test_a_stated_tie_stands_beside_a_statute_as_a_conflict(word: str, of_class: str) -> None:
    result = made(relationships=[said(word)], offenses=CORPORAL_INJURY, **CA)

    assert (result.pair()["relationship_class"], result.pair()["basis"]) == (of_class, "explicit")
    assert result.pair()["conflict"] == ["statute"]


def test_a_stated_partner_stays_as_stated() -> None:
    result = made(relationships=[said("EX WIFE")], offenses=CORPORAL_INJURY, **CA)

    assert (result.pair()["tie"], result.pair()["basis"]) == ("ex_spouse", "explicit")
    assert result.pair()["conflict"] == []


@pytest.mark.parametrize(
    ("words", "flag", "reason"),
    [
        (["OK"], True, "otherwise_known_dv"),
        (["BROTHER", "FRIEND"], None, "conflict"),
        (["PARENT OR SIBLING OR ROOMMATE"], None, "ambiguous_term"),
    ],
)
def test_a_statute_settles_no_contradiction_and_no_residual(
    words: list[str], flag: bool | None, reason: str
) -> None:
    result = made(
        incidents=[incident(dv_flag=flag)],
        relationships=[said(word) for word in words],
        offenses=CORPORAL_INJURY,
        **CA,
    )

    assert (result.pair()["reason"], result.pair()["basis"]) == (reason, None)


@pytest.mark.parametrize(
    "changed",
    [
        {"statutes": frozenset()},
        {"state": "NV"},
        {"victims": [victim(1), victim(2)]},
        {"offenders": [offender(1), offender(2)]},
        {"offenders": [offender(1), offender(0)]},
        {"offenses": [{"offense_code": "13A", "statute": "2730.5 PC"}]},
        {"offenses": [{"offense_code": "13A", "statute": None}]},
        {"victims": [victim(1, victim_type="B")]},
    ],
)
def test_a_statute_decides_nothing_else(changed: dict[str, Any]) -> None:
    given: dict[str, Any] = {"offenses": CORPORAL_INJURY, **CA, **changed}

    result = made(**given)

    assert not (result.pairs["relationship_class"] == "intimate_partner").any()


def test_no_offender_stays_no_offender() -> None:
    result = made(offenders=[offender(0)], offenses=CORPORAL_INJURY, **CA)

    assert result.incident()["reason"] == "no_offender"


def test_what_a_statute_decides_is_looked_at_for_contradictions() -> None:
    result = made(
        incidents=[incident(dv_flag=False)],
        victims=[victim(age_years=12)],
        offenses=CORPORAL_INJURY,
        **CA,
    )

    assert result.pair()["conflict"] == ["flag_no", "age"]
