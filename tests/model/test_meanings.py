"""Everything that classification can say of a pair has a meaning and a source."""

from itertools import product

import pytest

from ipvi_cli.classify import lists
from ipvi_cli.classify.combine import _GENERAL
from ipvi_cli.classify.meaning import MISSING, UNMAPPED, Meaning
from ipvi_cli.classify.rollup import LEFT_OUT, REASONS
from ipvi_cli.classify.settle import BASES, Case, Decision, Statement, settle
from ipvi_cli.model.classified import CLASSES, TIES
from ipvi_cli.model.meanings import MEANINGS, meanings


@pytest.mark.parametrize("one", MEANINGS, ids=lambda one: f"{one.kind}:{one.code}")
def test_a_meaning_is_a_paragraph_with_a_source(one: object) -> None:
    for name in ("text", "source"):
        words = getattr(one, name)
        assert words[0].isupper() or words[0] == "["
        assert words.endswith(".")
        assert "\n" not in words


def test_every_code_is_declared_once() -> None:
    assert len({(one.kind, one.code) for one in MEANINGS}) == len(MEANINGS)


def test_every_class_reason_and_basis_has_a_meaning() -> None:
    assert set(meanings("class")) == set(CLASSES)
    assert set(meanings("reason")) >= {*REASONS, *LEFT_OUT}
    assert set(meanings("basis")) >= set(BASES)
    rules = {code for code in meanings("reason") if code[0] in "ABCD" and code[1].isdigit()}
    assert set(meanings("level")) == {"A", "B", "C", "D", "none", *(code[:2] for code in rules)}
    assert len(rules) == 8


def test_every_tie_that_a_list_or_a_text_can_name_has_a_meaning() -> None:
    named = {one.tie for one in lists.words().values()} | set(_GENERAL.values()) | set(TIES)
    named |= {one.tie for codes in lists.codes().values() for one in codes.values()}
    named |= {"partners_family", "parents_partner", "family_members_partner"}
    for tie, turn in lists.turns().items():
        named |= {tie, turn.reversed, turn.undirected}
    assert named - {None} <= set(meanings("tie"))


def decisions() -> list[Decision]:
    """Settle every pair of statements beside every flag."""
    kinds = {
        (one.relationship_class, one.tie, one.reason): one
        for one in [*lists.words().values(), MISSING, UNMAPPED]
        if one.tie in (None, "spouse", "dating", "co_parent", "sibling", "roommate", "friend", "stranger",
                       "otherwise_known")
    }  # fmt: skip
    said: list[Meaning] = list(kinds.values())
    statements = [(), *((one,) for one in said), *product(said, said)]
    flags = product((None, True, False), *[(True, False)] * 4)
    return [
        settle(
            Case(
                statements=() if loose else told,
                unpaired=told if loose else (),
                child_in_common=child,
                flagged=flagged,
                called_for=called,
                child=young,
            )
        )
        for flagged, child, called, young, loose in flags
        for told in (tuple(Statement(one, "X") for one in each) for each in statements)
    ]


def test_whatever_the_evidence_comes_to_has_a_meaning() -> None:
    seen: dict[str, set[str | None]] = {
        "class": set(), "reason": set(), "tie": set(), "basis": set(), "conflict": set(),
    }  # fmt: skip
    for one in [*decisions(), settle(Case(victim_is_person=False))]:
        seen["class"].add(one.meaning.relationship_class)
        seen["reason"].add(one.meaning.reason)
        seen["tie"].add(one.meaning.tie)
        seen["basis"].add(one.basis)
        seen["conflict"] |= set(one.conflict)
        seen["basis"] |= {evidence.split(":")[0] for evidence in one.evidence}
    assert seen["conflict"] >= {"class", "detail", "cic_over_stated", "flag_no", "flag_yes", "age"}
    for kind, codes in seen.items():
        assert codes - {None} <= set(meanings(kind)), kind
