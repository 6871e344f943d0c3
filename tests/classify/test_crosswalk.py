"""The crosswalk itself: what it promises of its lists, site words, and values."""

from __future__ import annotations

import polars as pl
import pytest

from ipvi_cli.classify import crosswalks_sha256, lists, load_crosswalk
from ipvi_cli.classify.meaning import DETERMINATE, Meaning
from ipvi_cli.classify.normalise import fold
from ipvi_cli.classify.vocabulary import roles
from ipvi_cli.model.errors import InputError

CLASSES = (*DETERMINATE, "undetermined", "not_applicable")
PARTNER_TIES = {
    "spouse", "common_law", "ex_spouse", "dating", "ex_dating", "co_parent", "partner_unspecified",
}  # fmt: skip


def every_meaning() -> list[Meaning]:
    return [
        *lists.words().values(),
        *(one for codes in lists.codes().values() for one in codes.values()),
    ]


def test_every_entry_is_whole() -> None:
    for one in every_meaning():
        assert one.relationship_class in CLASSES, one
        assert (one.tie is not None) == one.determinate, one
        assert (one.reason is not None) == (not one.determinate), one
        assert bool(one.candidates) == (one.relationship_class == "undetermined"), one
        assert (one.partner_status is not None) == (one.relationship_class == "intimate_partner"), (
            one
        )
        if one.relationship_class == "intimate_partner":
            assert one.tie in PARTNER_TIES, one
        else:
            assert one.tie not in PARTNER_TIES, one


def test_every_nibrs_code_has_one_class_everywhere() -> None:
    of_code = {
        code: one.relationship_class
        for code, one in lists.codes()["nibrs"].items()
        if len(code) == 2
    }

    for one in every_meaning():
        if one.nibrs_code is not None:
            free = {"OK"}  # the residual code is the nearest one of carers too
            assert one.nibrs_code in free or of_code[one.nibrs_code] == one.relationship_class, one


def test_asymmetric_ties_turn_into_each_other() -> None:
    for name, turn in lists.turns().items():
        assert lists.turns()[turn.reversed].reversed == name
        assert lists.turns()[turn.reversed].undirected == turn.undirected


def test_every_role_means_what_a_whole_word_means() -> None:
    assert {role.group for role in roles().values()} <= {
        "partner", "parent", "child", "sibling", "kin", "known", "",
    }  # fmt: skip
    assert all(role.former is None or role.now is not None for role in roles().values())


def test_two_strings_of_one_key_and_two_classes_are_refused() -> None:
    known: dict[str, Meaning] = {}
    lists.add(known, fold("B/F"), Meaning("intimate_partner", rule="words:B F"))
    lists.add(known, fold("b-f"), Meaning("intimate_partner", rule="words:B F"))

    with pytest.raises(lists.ListError):
        lists.add(known, fold("B F"), Meaning("stranger", rule="words:B F"))


def test_values_come_back_byte_for_byte_and_once() -> None:
    values = pl.Series([" Spouse ", "spouse", " Spouse ", None, "Ｗｉｆｅ", "wife\t"])

    mapped = load_crosswalk("relationship").map_values(values)

    assert mapped["value"].to_list() == [" Spouse ", "spouse", None, "Ｗｉｆｅ", "wife\t"]
    assert mapped["reason"].to_list() == [None, None, "missing", None, None]


def test_no_values_give_an_empty_frame_of_the_same_columns() -> None:
    crosswalk = load_crosswalk("relationship")

    empty = crosswalk.map_values(pl.Series([], dtype=pl.String))

    assert empty.schema == crosswalk.map_values(pl.Series(["x"])).schema


def test_an_unmapped_value_is_in_no_other_column() -> None:
    row = load_crosswalk("relationship").map_values(pl.Series(["TESTPERSON ZQ"])).row(0, named=True)

    assert row.pop("value") == "TESTPERSON ZQ"
    assert "TESTPERSON" not in str(row)
    assert row["rule"] is None
    assert row["candidates"] == list(DETERMINATE)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("SE", ("intimate_partner", "spouse", "SE")),
        ("pa", ("other_family", "parent", "PA")),
        ("intimate_partner", ("intimate_partner", "partner_unspecified", None)),
        ("other_domestic:roommate", ("other_domestic", "roommate", "CO")),
        ("stranger", ("stranger", None, None)),
        ("undetermined", ("undetermined", None, None)),
        ("not_applicable", ("not_applicable", None, None)),
    ],
)
def test_a_site_word_means_what_the_site_says(
    target: str, expected: tuple[str | None, ...]
) -> None:
    crosswalk = load_crosswalk("relationship", overrides={"Spouse": target})

    mapped = crosswalk.map_values(pl.Series(["SPOUSE."]), direction="victim_to_offender")

    row = mapped.row(0, named=True)
    assert (row["relationship_class"], row["tie"], row["nibrs_code"]) == expected
    assert row["rule"].startswith("site:")


@pytest.mark.parametrize("target", ["intimate", "QQ", "", "other_family:spouse", "unmapped"])
def test_a_site_word_that_means_nothing_is_refused(target: str) -> None:
    with pytest.raises(InputError) as refused:
        load_crosswalk("relationship", overrides={"TESTPERSON": target})

    assert "TESTPERSON" not in refused.value.line()
    assert "site_words.relationship" in refused.value.line()


def test_a_near_miss_is_suggested() -> None:
    with pytest.raises(InputError, match="intimate_partner"):
        load_crosswalk("relationship", overrides={"X": "intimate_partners"})


def test_two_site_words_that_are_one_are_refused_when_they_differ() -> None:
    with pytest.raises(InputError):
        load_crosswalk("relationship", overrides={"B/F": "BG", "B-F": "FR"})

    assert load_crosswalk("relationship", overrides={"B/F": "BG", "B-F": "BG"})


def test_the_hash_is_of_the_lists() -> None:
    assert len(crosswalks_sha256()) == 64
    assert crosswalks_sha256() == crosswalks_sha256()
