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


def order(
    word: str | None = "SPOUSE", one: str = "N1", two: str = "N2", **more: Any
) -> dict[str, Any]:
    """Make an order that protects the first person from the second."""
    return {
        "agency": "PD",
        "relationship_raw": word,
        "code_system": "text",
        "direction": "victim_to_offender",
        "protected_person_number": one,
        "respondent_person_number": two,
        **more,
    }


NUMBERED: dict[str, Any] = {
    "victims": [victim(person_number="N1")],
    "offenders": [offender(person_number="N2 ")],
}


@pytest.mark.parametrize("word", [None, "UNKNOWN", "ZQ FORM 7", "COHABITANT"])
@pytest.mark.parametrize("persons", [("N1", "N2"), (" N2", "N1")])
def test_an_order_with_an_intimate_basis_fills_what_is_open(
    word: str | None, persons: tuple[str, str]
) -> None:
    result = made(relationships=[said(word)], orders=[order("EX WIFE", *persons)], **NUMBERED)

    pair = result.pair()
    assert (pair["relationship_class"], pair["basis"]) == ("intimate_partner", "order")
    assert pair["rule"] == pair["evidence"][-1] == "order:words:EX WIFE"


def test_an_order_decides_one_of_several_pairs() -> None:
    result = made(
        victims=[victim(1, person_number="N1"), victim(2, person_number="N3")],
        offenders=[offender(1, person_number="N2"), offender(2)],
        orders=[order()],
    )

    assert result.pairs.filter(basis="order")["pair_id"].to_list() == ["PD:1:V1|O1"]


def test_a_stated_tie_stands_beside_an_order_as_a_conflict() -> None:
    result = made(relationships=[said("SISTER")], orders=[order()], **NUMBERED)

    assert (result.pair()["relationship_class"], result.pair()["conflict"]) == (
        "other_family",
        ["order"],
    )


@pytest.mark.parametrize(
    "other",
    [
        order("SISTER"),
        order("PARTNER"),
        order(None, order_type="DATING VIOLENCE", brady=True),
        order(one="N3"),
        order(two="N22"),
        order(agency="SO"),
        order(agency=None),
        order(row_fate="duplicate"),
        order(one="N1", two="N1"),
    ],
)
def test_other_orders_decide_nothing(other: dict[str, Any]) -> None:
    result = made(orders=[other], **NUMBERED)

    assert (result.pair()["reason"], result.pair()["evidence"]) == ("missing", [])


def test_persons_without_numbers_are_never_the_same() -> None:
    result = made(orders=[order(one="", two="")], victims=[victim(person_number="")])

    assert result.pair()["reason"] == "missing"


def twice(first: str | None, second: str | None, *, turned: bool = False) -> dict[str, Any]:
    """Two incidents of the same two persons, in the second with their roles turned where asked."""
    numbers = ("N2", "N1") if turned else ("N1", "N2")
    return {
        "incidents": [incident(1), incident(2)],
        "victims": [victim(1, 1, person_number="N1"), victim(1, 2, person_number=numbers[0])],
        "offenders": [offender(1, 1, person_number="N2"), offender(1, 2, person_number=numbers[1])],
        "relationships": [said(first), said(second, incident=2)],
    }


@pytest.mark.parametrize("turned", [False, True])
def test_partners_of_another_incident_fill_what_is_open_where_it_is_asked_for(turned: bool) -> None:
    given = twice("HUSBAND", "UNKNOWN", turned=turned)

    plain, asked = made(**given), made(**given, linked=True)

    assert plain.pair(1)["reason"] == "unknown"
    assert (asked.pair(1)["relationship_class"], asked.pair(1)["basis"]) == (
        "intimate_partner",
        "linked",
    )
    assert asked.pair(1)["rule"] == "linked:PD:1"
    assert asked.pair(0) == plain.pair(0)


def test_a_stated_tie_stands_beside_another_incident_as_a_conflict() -> None:
    result = made(**twice("FRIEND", "WIFE"), linked=True)

    assert result.pair(0)["relationship_class"] == "known_not_domestic"
    assert result.pair(0)["conflict"] == ["linked"]


@pytest.mark.parametrize(("first", "second"), [("BROTHER", None), ("PARTNER", "UNKNOWN")])
def test_nothing_follows_from_other_ties(first: str | None, second: str | None) -> None:
    result = made(**twice(first, second), linked=True)

    assert result.pairs["basis"].is_in(["linked"]).any() is False
