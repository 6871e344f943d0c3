"""A site word comes to a code only when every word of it is accounted for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ipvi_cli.classify.site_codes import SITE_KINDS, load_site_crosswalk
from ipvi_cli.classify.site_words import tokens
from ipvi_cli.classify.word_grammar import Entry, Grammar, read_entries
from ipvi_cli.model.errors import InputError

ROLES = {"code", "name", "words", "ambiguous", "reason", "qualifier", "spelling"}
REASONS = {"missing", "unknown", "unmapped", "ambiguous_term"}

CASES = [
    pytest.param(
        case["kind"], case.get("code_system", "text"), value, expected, id=f"{case['kind']}-{value}"
    )
    for case in tomllib.loads(
        (Path(__file__).parent / "cases" / "site_codes.toml").read_text(encoding="utf-8")
    )["case"]
    for value, expected in case["values"]
]

PACKAGED = [
    (kind, words, entry)
    for kind in SITE_KINDS
    for entry in read_entries(kind)
    if entry.role in ("name", "words", "ambiguous", "reason")
    for words in entry.words
]
WORDINGS = st.sampled_from([(kind, words) for kind, words, _ in PACKAGED])


def _mapped(kind: str, values: list[str | None], system: str = "text", **site: str) -> pl.DataFrame:
    crosswalk = load_site_crosswalk(kind, overrides=site)
    return crosswalk.map_values(pl.Series("value", values, dtype=pl.String), code_system=system)


def _entry(role: str, words: str, means: str = "", after: str = "") -> Entry:
    return Entry(
        "text",
        role,
        (words,),
        tuple(means.split("|")) if means else (),
        frozenset(after.split()),
        "",
    )


@pytest.mark.parametrize(("kind", "system", "value", "expected"), CASES)
def test_a_word_comes_to_its_code_or_says_why_not(
    kind: str, system: str, value: str, expected: str
) -> None:
    row = _mapped(kind, [value], system).row(0, named=True)

    assert (row["mapped_to"] or f"[{row['reason']}]") == expected
    assert (row["mapped_to"] is None) == (row["reason"] is not None)


@pytest.mark.parametrize("kind", SITE_KINDS)
def test_every_packaged_wording_means_what_its_row_says(kind: str) -> None:
    entries = {words: entry for own, words, entry in PACKAGED if own == kind}

    answers = {row["value"]: row for row in _mapped(kind, list(entries)).iter_rows(named=True)}

    for words, entry in entries.items():
        row = answers[words]
        if entry.role == "ambiguous":
            assert (row["reason"], row["candidates"]) == ("ambiguous_term", list(entry.means)), (
                words
            )
        else:
            assert (row["reason"] if entry.role == "reason" else row["mapped_to"]) == entry.means[
                0
            ], words


@pytest.mark.parametrize("kind", SITE_KINDS)
def test_tables_hold_known_roles_codes_and_sources(kind: str) -> None:
    entries = read_entries(kind)
    codes = {code for entry in entries if entry.role == "code" for code in entry.means}

    for entry in entries:
        assert entry.role in ROLES
        assert entry.words
        assert entry.source
        if entry.role in ("name", "words", "ambiguous"):
            assert set(entry.means) <= codes, entry.words
        if entry.role == "reason":
            assert set(entry.means) <= REASONS
        if entry.role == "qualifier":
            assert entry.after
            assert entry.after <= codes | {"*"}, entry.words


def test_values_come_back_once_each_byte_for_byte_with_their_schema() -> None:
    frame = _mapped("offense", [" Stalking", "STALKING", " Stalking", None, ""])

    assert frame.schema == {
        "value": pl.String(),
        "mapped_to": pl.String(),
        "reason": pl.String(),
        "candidates": pl.List(pl.String()),
        "rule": pl.String(),
    }
    assert frame["value"].to_list() == [" Stalking", "STALKING", None, ""]
    assert frame["mapped_to"].to_list() == ["13C", "13C", None, None]
    assert frame["reason"].to_list() == [None, None, "missing", "missing"]


def test_rules_name_the_packaged_wording_and_never_the_value() -> None:
    values = ["simple assault - dv", "13A", "TWO DOORS UP", "Strangulation (arvel)", "battery 2nd"]

    assert _mapped("offense", values)["rule"].to_list() == [
        "name:nibrs:13B + DOMESTIC",
        "code:nibrs:13A",
        None,
        None,
        "words:BATTERY + 2ND",
    ]


def test_a_site_word_wins_however_it_is_written() -> None:
    site = {"Assault, 3rd": "13b", "STALKING": "90Z"}
    frame = _mapped("offense", ["ASSAULT 3RD", "assault-3rd", "Stalking"], "text", **site)

    assert frame["mapped_to"].to_list() == ["13B", "13B", "90Z"]
    assert frame["rule"].to_list() == ["site"] * 3


def test_a_site_list_stands_alone_where_the_code_system_is_the_site() -> None:
    frame = _mapped("weapon", ["400", "HANDGUN"], "site", **{"400": "40"})

    assert frame["mapped_to"].to_list() == ["40", None]
    assert frame["reason"].to_list() == [None, "unmapped"]


@pytest.mark.parametrize(
    ("kind", "site", "said"),
    [
        ("offense", {"SPAT": "13D"}, r"offense word 'SPAT'.*did you mean '13"),
        ("disposition", {"NOLLE": "dismised"}, "did you mean 'dismissed'"),
        ("weapon", {"BAT": "blunt"}, "Use a NIBRS weapon code"),
        ("injury", {"CUT": "L", "cut.": "M"}, "twice with two codes"),
    ],
)
def test_a_site_word_without_a_known_code_is_refused(
    kind: str, site: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        load_site_crosswalk(kind, overrides=site)


def test_the_direction_changes_nothing() -> None:
    crosswalk = load_site_crosswalk("call")
    values = pl.Series("value", ["DOMESTIC IP", "NOISE"])

    assert_frame_equal(
        crosswalk.map_values(values), crosswalk.map_values(values, direction="offender_to_victim")
    )


def test_two_wordings_of_the_same_words_must_agree() -> None:
    Grammar([_entry("words", "OPEN CASE", "pending"), _entry("words", "case: open", "pending")])

    with pytest.raises(ValueError, match="two meanings"):
        Grammar([_entry("words", "OPEN CASE", "pending"), _entry("words", "case: open", "other")])


def test_a_qualifier_goes_only_with_its_codes() -> None:
    grammar = Grammar(
        [
            _entry("words", "BURGLARY", "220"),
            _entry("words", "THREATS", "13C"),
            _entry("qualifier", "DWELLING", after="220"),
        ]
    )

    assert grammar.read("burglary (dwelling)").qualifiers == ("DWELLING",)
    assert grammar.read("threats, dwelling").head is None


def test_heads_that_answer_differently_decide_nothing() -> None:
    grammar = Grammar(
        [
            _entry("words", "CHILD MOLEST", "11D"),
            _entry("words", "MOLEST ELDER", "90Z"),
            _entry("qualifier", "CHILD", after="*"),
            _entry("qualifier", "ELDER", after="*"),
        ]
    )

    reading = grammar.read("CHILD ELDER MOLEST")

    assert reading.head is not None
    assert {reading.head.words, *(one.words for one in reading.rivals)} == {
        "CHILD MOLEST",
        "MOLEST ELDER",
    }


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Assault w/o Weapon", ("ASSAULT", "WITHOUT", "WEAPON")),
        ("ASLT W/KNIFE", ("ASLT", "WITH", "KNIFE")),
        ("Theft <$1,000.50", ("THEFT", "AMOUNT")),
        ("THEFT ($950 & UNDER)", ("THEFT", "AMOUNT")),
        ("MISCHIEF >OR EQUAL $100 BUT <$750", ("MISCHIEF", "AMOUNT")),
        ("Agresión", ("AGRESION",)),
        ("DRIVER'S", ("DRIVERS",)),
        (" -/. ", ()),
    ],
)
def test_tokens_do_not_depend_on_writing(text: str, cut: tuple[str, ...]) -> None:
    assert tokens(text) == cut


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    packaged=WORDINGS,
    between=st.sampled_from([" ", "  ", ", ", " - ", "."]),
    lower=st.booleans(),
)
def test_case_and_punctuation_never_change_an_answer(
    packaged: tuple[str, str], between: str, lower: bool
) -> None:
    kind, words = packaged
    written = between.join(tokens(words))

    rows = _mapped(kind, [words, written.lower() if lower else written])

    assert rows.drop("value").unique().height == 1


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    packaged=WORDINGS,
    place=st.integers(0, 9),
)
def test_one_strange_word_leaves_a_value_unmapped(packaged: tuple[str, str], place: int) -> None:
    kind, words = packaged
    parts = list(tokens(words))
    parts.insert(min(place, len(parts)), "ZQXV")

    assert _mapped(kind, [" ".join(parts)])["reason"].to_list() == ["unmapped"]
