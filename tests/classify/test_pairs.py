"""Every shape in which extracts say, or leave out, who is what to whom."""

from __future__ import annotations

import pytest
from helpers_classify import incident, made, offender, said, victim

ALL = ["intimate_partner", "other_family", "other_domestic", "known_not_domestic", "stranger"]


def test_a_word_of_a_pair_decides_it() -> None:
    result = made(relationships=[said("GIRLFRIEND")])

    assert result.pair() == {
        "pair_id": "PD:1:V1|O1",
        "incident_id": "PD:1",
        "victim_id": "PD:1:V1",
        "offender_id": "PD:1:O1",
        "relationship_raw": "GIRLFRIEND",
        "relationship_class": "intimate_partner",
        "tie": "dating",
        "partner_status": "current",
        "basis": "explicit",
        "rule": "words:GIRLFRIEND",
        "reason": None,
        "candidates": [],
        "evidence": ["explicit:words:GIRLFRIEND"],
        "conflict": [],
        "nibrs_code": "BG",
        "victim_under_18": None,
        "offender_under_18": None,
    }


def test_the_columns_and_their_order_are_the_contract() -> None:
    result = made(relationships=[said("SPOUSE")])

    assert result.incidents.columns == [
        "incident_id",
        "agency",
        "incident_number",
        "incident_class",
        "reason",
        "in_denominator",
        "mixed",
        "pairs",
        "undetermined_unflagged",
        "dv_flag",
    ]
    assert result.incidents.schema["pairs"].is_integer()


@pytest.mark.parametrize(("given_victim", "given_offender"), [(1, None), (None, 1), (None, None)])
def test_a_word_without_a_person_is_of_the_only_one(
    given_victim: int | None, given_offender: int | None
) -> None:
    result = made(relationships=[said("SPOUSE", given_victim, given_offender)])

    assert result.pairs["relationship_class"].to_list() == ["intimate_partner"]
    assert result.pair()["pair_id"] == "PD:1:V1|O1"


def test_a_word_on_the_victim_alone_leaves_several_offenders_open() -> None:
    result = made(
        victims=[victim(1), victim(2)],
        offenders=[offender(1), offender(2)],
        relationships=[said("SPOUSE", 1, None)],
    )

    of_first = result.pairs.filter(victim_id="PD:1:V1")
    assert of_first["reason"].unique().to_list() == ["multiple_offenders_unpaired"]
    assert all("intimate_partner" in row for row in of_first["candidates"])
    assert result.pairs.filter(victim_id="PD:1:V2")["reason"].to_list() == ["missing", "missing"]
    assert result.pairs["relationship_raw"].null_count() == 4


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([("SPOUSE", 1, None)], "intimate_partner"),
        ([("SPOUSE", None, 1)], "intimate_partner"),
        ([("SPOUSE", None, None)], "intimate_partner"),
        ([("SPOUSE", 1, None), ("BROTHER", 1, 1)], "intimate_partner"),
        ([("SPOUSE", 1, None), ("BROTHER", 1, None)], "intimate_partner"),
        ([("BROTHER", 1, None)], "undetermined"),
        ([("PARTNER", 1, None)], "undetermined"),
        ([("SPOUSE", 1, None), ("BROTHER", 1, 1), ("FRIEND", 1, 2)], "undetermined"),
    ],
)
def test_a_partner_who_is_one_of_several_makes_the_incident_intimate(
    words: list[tuple[str, int | None, int | None]], expected: str
) -> None:
    result = made(
        victims=[victim(1), victim(2)],
        offenders=[offender(1), offender(2)],
        relationships=[said(*word) for word in words],
    )

    assert result.incident()["incident_class"] == expected
    assert not (result.pairs["relationship_class"] == "intimate_partner").any()
    open_ = result.pairs.filter(reason="multiple_offenders_unpaired")
    assert all(row[0] == "intimate_partner" for row in open_["candidates"])


def test_a_word_on_the_incident_alone_leaves_every_pair_open() -> None:
    result = made(victims=[victim(1), victim(2)], relationships=[said("CHILD", None, None)])

    assert result.pairs["reason"].to_list() == ["multiple_offenders_unpaired"] * 2
    assert result.incident()["incident_class"] == "undetermined"


def test_a_word_on_the_offender_alone_leaves_several_victims_open() -> None:
    result = made(victims=[victim(1), victim(2)], relationships=[said("SPOUSE", None, 1)])

    assert result.pairs["reason"].to_list() == ["multiple_offenders_unpaired"] * 2


def test_an_open_word_on_the_victim_alone_keeps_its_own_reason() -> None:
    result = made(offenders=[offender(1), offender(2)], relationships=[said("UNKNOWN", 1, None)])

    assert result.pairs["reason"].to_list() == ["unknown", "unknown"]


def test_a_word_of_the_pair_goes_before_one_that_names_no_offender() -> None:
    result = made(
        offenders=[offender(1), offender(2)],
        relationships=[said("SPOUSE", 1, 1), said("STRANGER", 1, None)],
    )

    assert result.pairs["relationship_class"].to_list() == ["intimate_partner", "undetermined"]


def test_every_victim_stands_beside_every_offender() -> None:
    result = made(
        victims=[victim(1), victim(2)],
        offenders=[offender(1), offender(2)],
        relationships=[said("SPOUSE", 1, 1)],
    )

    assert result.pairs["pair_id"].to_list() == [
        f"PD:1:V{one}|O{two}" for one in (1, 2) for two in (1, 2)
    ]
    assert result.pairs["reason"].to_list() == [None, "missing", "missing", "missing"]
    assert result.incident()["pairs"] == 4
    assert result.incident()["incident_class"] == "intimate_partner"


def test_ten_relationships_of_one_victim_are_ten_pairs() -> None:
    words = ["SE", "CH", "SB", "ST", "AQ", "FR", "NE", "OK", "RU", "XR"]

    result = made(
        offenders=[offender(number) for number in range(1, 11)],
        relationships=[
            said(word, 1, number, code_system="nibrs") for number, word in enumerate(words, start=1)
        ],
    )

    assert result.pairs.height == 10
    assert result.pairs["nibrs_code"].to_list() == [*words[:8], None, "XR"]
    assert result.incident()["mixed"] is True


def test_a_business_beside_a_person_does_not_blur_who_is_meant() -> None:
    result = made(
        victims=[victim(1), victim(2, victim_type="B")], relationships=[said("WIFE", None, None)]
    )

    assert result.pairs["relationship_class"].to_list() == ["intimate_partner", "not_applicable"]
    assert result.pair(1)["reason"] == "victim_not_person"


@pytest.mark.parametrize("kind", ["B", "F", "G", "R", "S", "O"])
def test_what_is_no_person_has_no_tie(kind: str) -> None:
    result = made(victims=[victim(1, victim_type=kind)], relationships=[said("SPOUSE")])

    assert result.pair()["relationship_class"] == "not_applicable"
    assert result.incident()["incident_class"] == "not_applicable"
    assert result.incident()["in_denominator"] is False


@pytest.mark.parametrize("kind", ["I", "L", "U", None])
def test_what_may_be_a_person_has_a_tie(kind: str | None) -> None:
    result = made(victims=[victim(1, victim_type=kind)], relationships=[said("SPOUSE")])

    assert result.pair()["relationship_class"] == "intimate_partner"


def test_an_unknown_offender_makes_no_pair() -> None:
    result = made(
        offenders=[offender(0)],
        relationships=[said("RU", 1, None, code_system="nibrs", offender_number=0)],
    )

    assert result.pairs.is_empty()
    assert (result.incident()["incident_class"], result.incident()["reason"]) == (
        "undetermined",
        "no_offender",
    )


def test_an_unknown_offender_beside_a_known_one_is_left_out() -> None:
    result = made(offenders=[offender(0), offender(1)], relationships=[said("SPOUSE", 1, None)])

    assert result.pairs["pair_id"].to_list() == ["PD:1:V1|O1"]
    assert result.incident()["incident_class"] == "intimate_partner"


def test_an_incident_without_an_offender_row_has_none() -> None:
    result = made(
        incidents=[incident(1), incident(2)],
        victims=[victim(1), victim(1, 2)],
        offenders=[offender(1)],
    )

    assert result.incident(1)["reason"] == "no_offender"


def test_a_word_without_an_offender_row_stands_for_one_of_whom_nothing_else_is_known() -> None:
    result = made(
        incidents=[incident(1), incident(2)],
        victims=[victim(1), victim(1, 2)],
        offenders=[offender(1)],
        relationships=[said("SPOUSE", 1, None, 2)],
    )

    assert result.pair(1)["pair_id"] == "PD:2:V1|O?"
    assert result.pair(1)["offender_id"] is None
    assert result.incident(1)["incident_class"] == "intimate_partner"


def test_persons_whom_only_relationship_rows_name_are_persons() -> None:
    result = made(
        victims=None,
        offenders=None,
        relationships=[said("SPOUSE", 1, 1), said("CHILD", 2, 1)],
    )

    assert result.pairs["victim_id"].to_list() == ["PD:1:V1", "PD:1:V2"]
    assert result.pairs["offender_id"].to_list() == ["PD:1:O1", "PD:1:O1"]
    assert result.incident()["mixed"] is True


def test_a_delivery_without_a_relationship_column_has_pairs_that_are_missing() -> None:
    result = made(relationships=None)

    assert result.pair()["reason"] == "missing"
    assert result.pair()["candidates"] == ALL
    assert result.incident()["in_denominator"] is True
    assert result.values.is_empty()


def test_a_delivery_of_incidents_alone_is_undetermined_throughout() -> None:
    result = made(victims=None, offenders=None, relationships=None, population="all")

    assert result.pairs.is_empty()
    assert (result.incident()["reason"], result.incident()["in_denominator"]) == ("missing", True)


def test_blank_cells_are_no_words() -> None:
    result = made(relationships=[said(None), said("   ")])

    assert result.pair()["reason"] == "missing"
    assert result.pair()["evidence"] == []
    assert result.values["value"].to_list() == ["   "]


def test_one_person_in_two_roles_is_two_persons_of_two_pairs() -> None:
    result = made(
        victims=[victim(1), victim(2)],
        offenders=[offender(1), offender(2)],
        relationships=[
            said("VO", 1, 1, code_system="nibrs"),
            said("SE", 1, 2, code_system="nibrs"),
            said("SE", 2, 1, code_system="nibrs"),
            said("VO", 2, 2, code_system="nibrs"),
        ],
    )

    assert result.pairs["relationship_class"].to_list() == [
        "not_applicable",
        "intimate_partner",
        "intimate_partner",
        "not_applicable",
    ]
    assert result.incident()["incident_class"] == "intimate_partner"
    assert result.incident()["mixed"] is False


@pytest.mark.parametrize("fate", ["duplicate", "superseded"])
def test_rows_that_feed_no_counts_are_not_looked_at(fate: str) -> None:
    result = made(
        victims=[victim(1), victim(2, row_fate=fate)],
        offenders=[offender(1), offender(2, row_fate=fate)],
        relationships=[
            said("SPOUSE"),
            said("BROTHER", row_fate=fate),
            said("CHILD", 1, 3, row_fate=fate),
        ],
    )

    assert result.pairs["relationship_class"].to_list() == ["intimate_partner"]
    assert result.values["value"].to_list() == ["SPOUSE"]


def test_rows_of_incidents_that_are_not_there_are_left_out() -> None:
    result = made(
        victims=[victim(1), victim(1, 9)],
        offenders=[offender(1), offender(1, 9)],
        relationships=[said("SPOUSE"), said("CHILD", 1, 1, 9)],
    )

    assert result.pairs.height == 1


@pytest.mark.parametrize(("age", "under"), [(17, True), (18, False), (None, None)])
def test_ages_under_18_are_kept_for_both(age: int | None, under: bool | None) -> None:
    result = made(
        victims=[victim(1, age_years=age)],
        offenders=[offender(1, age_years=40)],
        relationships=[said("BF")],
    )

    assert result.pair()["victim_under_18"] is under
    assert result.pair()["offender_under_18"] is False


def test_an_unmapped_word_is_kept_out_of_the_pairs() -> None:
    name = "TESTPERSON ZQS WIFE"

    result = made(relationships=[said(name)])

    assert result.pair()["reason"] == "unmapped"
    assert name not in str(result.pairs.rows()) + str(result.incidents.rows())
    assert result.values["value"].to_list() == [name]


def test_words_are_listed_most_frequent_first_with_their_incidents() -> None:
    result = made(
        incidents=[incident(1), incident(2)],
        victims=[victim(1), victim(1, 2)],
        offenders=[offender(1), offender(1, 2), offender(2, 2)],
        relationships=[said("B"), said("A", 1, 1, 2), said("A", 1, 2, 2)],
    )

    assert result.values.select("value", "count", "incidents", "reason").rows() == [
        ("A", 2, 1, "unmapped"),
        ("B", 1, 1, "ambiguous_term"),
    ]


def test_a_site_word_wins_over_the_packaged_one() -> None:
    site = {
        "partner": "BG",
        "FRIEND": "undetermined",
        "Room Mate": "intimate_partner:dating",
        "Q7": "other_family",
    }

    result = made(
        offenders=[offender(number) for number in range(1, 5)],
        relationships=[
            said("PARTNER", 1, 1),
            said("Friend", 1, 2),
            said("ROOM-MATE", 1, 3),
            said("q7", 1, 4),
        ],
        site_words=site,
    )

    assert result.pairs.select("relationship_class", "rule", "nibrs_code").rows() == [
        ("intimate_partner", "site:BG", "BG"),
        ("undetermined", "site:undetermined", None),
        ("intimate_partner", "site:intimate_partner:dating", "BG"),
        ("other_family", "site:other_family", None),
    ]


FORMS = {
    "each its own pair": ([(1, 1), (2, 2)], [(1, 1, "SON", 2), (2, 2, "MOTHER", 3)], 2),
    "the suspect is the same": ([(1, 1), (2, 1)], [(1, 1, "SON", 2), (2, 1, "WIFE", 3)], 2),
    "a form names a pair across": (
        [(1, 1), (2, 2)],
        [(1, 1, "SON", 2), (2, 2, "MOTHER", 3), (1, 2, "FRIEND", 4)],
        3,
    ),
    "all in one record": ([(1, 1), (2, 2)], [(1, 1, "SON", 2), (2, 2, "MOTHER", 2)], 4),
}


@pytest.mark.parametrize("case", FORMS)
def test_persons_of_two_forms_are_no_pair_unless_a_form_says_so(case: str) -> None:
    persons, words, pairs = FORMS[case]
    form = {"source_file": "forms.csv"}
    rows = {(victim_, offender_): row for victim_, offender_, _, row in words}
    result = made(
        victims=[
            victim(one, **form, source_row=rows[one, other]) for one, other in dict(persons).items()
        ],
        offenders=[
            offender(
                other, **form, source_row=min(row for (_, o), row in rows.items() if o == other)
            )
            for other in sorted({other for _, other in persons})
        ],
        relationships=[
            said(word, one, other, **form, source_row=row) for one, other, word, row in words
        ],
    )

    assert result.pairs.height == pairs
    assert result.pairs["reason"].to_list().count("missing") == pairs - len(words)


def test_rows_that_name_nobody_are_pairs_of_their_own() -> None:
    form = [said(word, n, n, source_row=n + 1) for n, word in ((1, "SON"), (2, "MOTHER"))]

    result = made(victims=None, offenders=None, relationships=form)

    assert result.pairs["relationship_class"].to_list() == ["other_family", "other_family"]
    assert result.incident()["incident_class"] == "other_family"
