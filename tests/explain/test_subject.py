"""What is asked about, and what was perhaps meant."""

import pytest

from ipvi_cli.explain import Subject, find_subject, unknown
from ipvi_cli.model.errors import UsageError

KNOWN = {
    "rule": ["IPVI-401", "IPVI-402", "IPVI-609"],
    "figure": ["B09", "S01"],
    "class": ["intimate_partner", "stranger"],
    "tie": ["spouse", "stranger"],
    "level": ["A", "B"],
}


@pytest.mark.parametrize(
    ("what", "kind", "code"),
    [
        ("rule:IPVI-401", "rule", "IPVI-401"),
        ("Rule: ipvi-401", "rule", "IPVI-401"),
        ("IPVI-401", "rule", "IPVI-401"),
        ("finding:IPVI-401", "finding", "IPVI-401"),
        ("b09", "figure", "B09"),
        ("level:a", "level", "A"),
        ("tie:stranger", "tie", "stranger"),
        ("spouse", "tie", "spouse"),
        ("value:class:stranger", "value", "class:stranger"),
        ("value: EX ", "value", " EX "),
        ("ZZ0020000:2017-000189", "record", "ZZ0020000:2017-000189"),
        ("ZZ0020000:2017-000189:V1|O1", "record", "ZZ0020000:2017-000189:V1|O1"),
    ],
)
def test_a_subject_is_found_with_or_without_its_kind(what: str, kind: str, code: str) -> None:
    assert find_subject(what, KNOWN) == Subject(kind, code)


def test_a_code_of_two_kinds_has_to_be_told_apart() -> None:
    with pytest.raises(UsageError, match="class:stranger, tie:stranger") as refused:
        find_subject("stranger", KNOWN)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("what", "near"),
    [
        ("rule:IPVI-410", "rule:IPVI-401"),
        ("finding:IPVI-60", "finding:IPVI-609"),
        ("class:intimate", "class:intimate_partner"),
    ],
)
def test_an_unknown_code_of_a_kind_is_refused_with_what_was_perhaps_meant(
    what: str, near: str
) -> None:
    with pytest.raises(UsageError, match="is not known") as refused:
        find_subject(what, KNOWN)
    assert near in refused.value.mend


@pytest.mark.parametrize(
    ("what", "near"),
    [("IPVI-4O1", "rule:IPVI-401"), ("clas:stranger", "class:stranger"), ("spose", "tie:spouse")],
)
def test_what_nobody_knows_is_compared_with_all_codes_and_kinds(what: str, near: str) -> None:
    assert find_subject(what, KNOWN).kind == "record"
    assert near in unknown(what, KNOWN).mend


def test_identifiers_that_may_be_meant_stand_first() -> None:
    mend = unknown("2017-000189", KNOWN, records=["ZZ0020000:2017-000189"]).mend
    assert mend == "Did you mean ZZ0020000:2017-000189?"


def test_without_anything_near_the_kinds_are_named() -> None:
    assert "rule:, figure:, class:, tie:, level:" in unknown("????", KNOWN).mend
