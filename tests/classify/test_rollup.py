"""Incidents: the class, who is in the denominator, and the headline."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from helpers_classify import incident, made, offender, said, victim

from ipvi_cli.classify import headline


def with_words(*words: str | None, **more: Any) -> dict[str, Any]:
    result = made(
        offenders=[offender(number) for number, _ in enumerate(words, start=1)],
        relationships=[said(word, 1, number) for number, word in enumerate(words, start=1)],
        **more,
    )
    return result.incident()


@pytest.mark.parametrize(
    ("words", "expected", "mixed"),
    [
        (["SPOUSE", "UNKNOWN", "BROTHER"], "intimate_partner", True),
        (["UNKNOWN", "BROTHER", "STRANGER"], "undetermined", True),
        (["BROTHER", "UNKNOWN"], "undetermined", False),
        (["ROOMMATE", "BROTHER"], "other_family", True),
        (["ROOMMATE", "FRIEND"], "other_domestic", True),
        (["STRANGER", "FRIEND"], "known_not_domestic", True),
        (["STRANGER", "STRANGER"], "stranger", False),
        (["VO"], "not_applicable", False),
        (["VO", "STRANGER"], "stranger", False),
        (["BOYFRIEND", "SPOUSE"], "intimate_partner", False),
    ],
)
def test_the_closest_class_wins_and_doubt_is_never_outvoted(
    words: list[str], expected: str, mixed: bool
) -> None:
    rolled = with_words(*words)

    assert rolled["incident_class"] == expected
    assert rolled["mixed"] is mixed
    assert (rolled["reason"] is None) == (expected not in ("undetermined", "not_applicable"))


@pytest.mark.parametrize("flag", [True, False, None])
@pytest.mark.parametrize("word", ["SPOUSE", "STRANGER", "UNKNOWN", "ZQ FORM", None])
def test_a_census_of_domestic_incidents_counts_them_all(
    word: str | None, flag: bool | None
) -> None:
    rolled = with_words(word, incidents=[incident(dv_flag=flag)])

    assert rolled["in_denominator"] is True
    assert rolled["undetermined_unflagged"] is False


@pytest.mark.parametrize(
    ("words", "flag", "counted", "unflagged"),
    [
        (["SPOUSE"], None, True, False),
        (["BROTHER"], False, True, False),
        (["ROOMMATE"], False, True, False),
        (["STRANGER"], False, False, False),
        (["FRIEND"], True, True, False),
        (["VO"], True, False, False),
        (["UNKNOWN"], False, True, True),
        (["UNKNOWN"], True, True, False),
        (["UNKNOWN", "BROTHER"], False, True, False),
        (["UNKNOWN", "STRANGER"], None, True, True),
        (["OK"], True, True, False),
        (["FRIEND/ACQUAINTANCE"], None, False, False),
        (["UNCLE/STRANGER"], None, True, True),
        (["FRIEND AND STRANGER"], None, False, False),
    ],
)
def test_of_all_incidents_those_count_that_are_or_may_be_domestic(
    words: list[str], flag: bool | None, counted: bool, unflagged: bool
) -> None:
    rolled = with_words(*words, incidents=[incident(dv_flag=flag)], population="all")

    assert rolled["in_denominator"] is counted
    assert rolled["undetermined_unflagged"] is unflagged


@pytest.mark.parametrize(
    ("population", "flag", "counted"),
    [("domestic", None, True), ("all", True, True), ("all", False, False)],
)
def test_no_known_offender_counts_only_where_the_incident_is_domestic(
    population: str, flag: bool | None, counted: bool
) -> None:
    result = made(
        incidents=[incident(dv_flag=flag)], offenders=[offender(0)], population=population
    )

    rolled = result.incident()
    assert (rolled["incident_class"], rolled["reason"]) == ("undetermined", "no_offender")
    assert rolled["in_denominator"] is counted
    assert rolled["undetermined_unflagged"] is False


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["13B"], ("undetermined", "missing")),
        (["120"], ("undetermined", "missing")),
        (["240"], ("not_applicable", "not_called_for")),
        (["240", "13C"], ("undetermined", "missing")),
        ([None], ("undetermined", "missing")),
        ([], ("undetermined", "missing")),
    ],
)
def test_a_blank_tie_counts_only_where_the_offence_calls_for_one(
    codes: list[str | None], expected: tuple[str, str]
) -> None:
    result = made(offenses=[{"offense_code": code} for code in codes], population="all")

    assert (result.incident()["incident_class"], result.incident()["reason"]) == expected
    assert result.pair()["reason"] == expected[1]


@pytest.mark.parametrize(
    ("codes", "flag", "said_of_both", "expected"),
    [
        (["13B", "290"], None, False, ("stranger", "not_called_for")),
        (["13B"], None, False, ("undetermined", "missing")),
        (["13B", None], None, False, ("undetermined", "missing")),
        (["13B", "290"], True, False, ("stranger", "not_called_for")),
        (["13B", "290"], None, True, ("undetermined", "missing")),
    ],
)
def test_a_victim_of_another_offence_needs_no_tie(
    codes: list[str | None], flag: bool | None, said_of_both: bool, expected: tuple[str, str]
) -> None:
    blank = [said(None, 2, 1)] if said_of_both else []

    result = made(
        incidents=[incident(dv_flag=flag)],
        victims=[victim(1), victim(2)],
        relationships=[said("STRANGER"), *blank],
        offenses=[{"offense_code": code} for code in codes],
        population="all",
    )

    assert (result.incident()["incident_class"], result.pair(1)["reason"]) == expected


def test_a_stated_tie_counts_whatever_the_offence() -> None:
    result = made(
        offenses=[{"offense_code": "240"}], relationships=[said("SPOUSE")], population="all"
    )

    assert result.incident()["incident_class"] == "intimate_partner"


@pytest.mark.parametrize(
    ("offenders", "code", "kind", "expected"),
    [
        ([], "13B", "I", ("undetermined", "no_offender")),
        ([], "240", "I", ("not_applicable", "not_called_for")),
        ([], "13B", "B", ("not_applicable", "victim_not_person")),
        ([offender(0)], "13A", None, ("undetermined", "no_offender")),
    ],
)
def test_an_incident_without_an_offender(
    offenders: list[Any], code: str, kind: str | None, expected: tuple[str, str]
) -> None:
    result = made(
        victims=[victim(victim_type=kind)],
        offenders=offenders,
        offenses=[{"offense_code": code}],
        population="all",
    )

    assert (result.incident()["incident_class"], result.incident()["reason"]) == expected


def test_incidents_keep_their_order_and_their_flag() -> None:
    result = made(
        incidents=[incident(2, dv_flag=True), incident(1)],
        victims=[victim(1, 1), victim(1, 2)],
        offenders=[offender(1, 2), offender(1, 1)],
        relationships=[said("SPOUSE", 1, 1, 1), said("SON", 1, 1, 2)],
    )

    assert result.incidents.select(
        "incident_id", "agency", "incident_number", "dv_flag", "incident_class"
    ).rows() == [
        ("PD:2", "PD", "2", True, "other_family"),
        ("PD:1", "PD", "1", None, "intimate_partner"),
    ]
    assert result.pairs["incident_id"].to_list() == ["PD:2", "PD:1"]


def counted(**classes: int) -> pl.DataFrame:
    names = [name for name, number in classes.items() for _ in range(number)]
    return pl.DataFrame(
        {
            "incident_class": names,
            "in_denominator": [name != "not_applicable" for name in names],
            "undetermined_unflagged": [False for _ in names],
        },
        schema={
            "incident_class": pl.String,
            "in_denominator": pl.Boolean,
            "undetermined_unflagged": pl.Boolean,
        },
    )


@pytest.mark.parametrize(
    ("undetermined", "lead", "share", "bounds"),
    [
        (20, "known_only", 2 / 3, (0.60, 0.70)),
        (60, "range", 2 / 3, (0.50, 0.75)),
        (61, "none", None, (120 / 241, 181 / 241)),
    ],
)
def test_the_worked_examples_of_the_bounds(
    undetermined: int, lead: str, share: float | None, bounds: tuple[float, float]
) -> None:
    incidents = counted(
        intimate_partner=120, other_family=60, undetermined=undetermined, not_applicable=7
    )

    head = headline(incidents)

    assert head.denominator == 180 + undetermined
    assert head.incidents == head.denominator + 7
    assert head.not_applicable == 7
    assert head.lead == lead
    assert head.share == (pytest.approx(share) if share is not None else None)
    assert (head.share_lower, head.share_upper) == pytest.approx(bounds)


def test_the_published_example() -> None:
    head = headline(counted(intimate_partner=465, other_family=95))

    assert (head.denominator, head.lead, round(head.share or 0, 4)) == (560, "known_only", 0.8304)
    assert head.share_lower == head.share == head.share_upper


def test_nothing_to_count_gives_no_share() -> None:
    head = headline(counted(not_applicable=3))

    assert (head.incidents, head.denominator, head.not_applicable) == (3, 0, 3)
    assert head.share is head.share_lower is head.share_upper is None


def test_nothing_known_gives_bounds_alone() -> None:
    head = headline(counted(undetermined=4))

    assert (head.lead, head.share, head.share_lower, head.share_upper) == ("none", None, 0.0, 1.0)


def test_the_limits_are_the_profiles() -> None:
    incidents = counted(intimate_partner=8, undetermined=2)

    assert headline(incidents, known_only=0.2).lead == "known_only"
    assert headline(incidents, known_only=0.0, range_=0.1).lead == "none"
