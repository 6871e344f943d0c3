"""Statute citations are read as records systems write them, and matched by section alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ipvi_cli.classify.statute_citations import Citation, parse_citation
from ipvi_cli.classify.statutes import (
    MATCH_SCHEMA,
    confirmed_statutes,
    find_statute,
    match_statutes,
    statute_step,
    statutes,
)
from ipvi_cli.model.errors import InputError

CASES = [
    pytest.param(case.get("state"), cited, expected, id=f"{case.get('state')}-{cited}")
    for case in tomllib.loads((Path(__file__).parent / "cases" / "statutes.toml").read_text())[
        "case"
    ]
    for cited, expected in case["cited"].items()
]
NAMES = sorted(statutes())
FIXED = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.mark.parametrize(("state", "cited", "expected"), CASES)
def test_a_citation_finds_its_section(state: str | None, cited: str, expected: str) -> None:
    found = find_statute(cited, state)

    assert (found.name if found else "") == expected


@pytest.mark.parametrize(
    ("text", "code", "section", "subdivisions"),
    [
        ("PC 273.5(A)(1)", "PC", "273.5", ("A", "1")),
        ("720 ILCS 5/12-3.2", "ILCS", "720-5-12-3.2", ()),
        ("M.G.L. c. 265, § 13M", "MGL", "265-13M", ()),
        ("VC 23152(a)", "VC", "23152", ("A",)),
        ("18.2-057.2-b", None, "18.2-57.2", ("B",)),
    ],
)
def test_a_citation_is_taken_apart(
    text: str, code: str | None, section: str, subdivisions: tuple[str, ...]
) -> None:
    parsed = parse_citation(text)

    assert isinstance(parsed, Citation)
    assert (parsed.code, parsed.section, parsed.subdivisions) == (code, section, subdivisions)


def test_matching_gives_one_row_for_each_distinct_value() -> None:
    values = pl.Series(["PC 273.5", None, "PC 459", "PC 273.5", "FAM 6211"])

    matched = match_statutes(values, "CA")

    expected = pl.DataFrame(
        [
            ["PC 273.5", "CA PC 273.5", "yes", "V", "statute:CA PC 273.5"],
            ["PC 459", None, None, None, None],
            ["FAM 6211", "CA FAM 6211", "any", "V", "statute:CA FAM 6211"],
        ],
        schema=MATCH_SCHEMA,
        orient="row",
    )
    assert_frame_equal(matched, expected)


@pytest.mark.parametrize("values", [[], [None, None]])
def test_matching_nothing_keeps_the_columns(values: list[None]) -> None:
    matched = match_statutes(pl.Series(values, dtype=pl.String), "CA")

    assert dict(matched.schema) == MATCH_SCHEMA
    assert matched.is_empty()


@pytest.mark.parametrize("name", NAMES)
def test_a_listed_section_is_whole_and_finds_itself(name: str) -> None:
    statute = statutes()[name]

    assert find_statute(name, None) is statute
    assert statute.citation.state == name[:2]
    assert name[:2] in statute.citation.states
    assert statute.implies in {"yes", "any", "none", "review"}
    assert statute.gist
    assert (statute.status == "K") == (statute.source == "none opened")


@FIXED
@given(name=st.sampled_from(NAMES), state=st.sampled_from(["CA", "NY", None]))
def test_case_and_blanks_do_not_matter(name: str, state: str | None) -> None:
    written = f"  {name.lower().replace(' ', '   ').replace('(', ' ( ')} "

    assert find_statute(written, state) is statutes()[name]


@FIXED
@given(name=st.sampled_from(NAMES), digit=st.integers(1, 9))
def test_a_longer_number_is_another_section(name: str, digit: int) -> None:
    head, bracket, rest = name.partition("(")
    state, law = head.split(" ", 1)
    first = next(place for place, letter in enumerate(law) if letter.isdigit())
    longer = f"{state} {head.removeprefix(state + ' ')}{digit}{bracket}{rest}"
    higher = f"{state} {law[:first]}{digit}{law[first:]}{bracket}{rest}"

    assert find_statute(longer, state) is not statutes()[name]
    assert find_statute(higher, state) is not statutes()[name]


@FIXED
@given(text=st.text(max_size=30), state=st.sampled_from(["CA", "MA", None]))
def test_any_text_is_read_or_left(text: str, state: str | None) -> None:
    found = find_statute(text, state)

    assert found is None or found.name in statutes()


@FIXED
@given(word=st.text(alphabet="BDGHJKQVXZ", min_size=2, max_size=6))
def test_a_word_left_over_makes_another_law_of_it(word: str) -> None:
    assert find_statute(f"{word} 273.5", "CA") is None or word == "DV"
    assert find_statute(f"PC 273.5 {word}", "CA") is None or word in {"DV"}


PAIRS = pl.DataFrame(
    {"incident": [7, 7, 4, 5, 6], "victim": [0, 1, 2, 3, 4], "offender": [0, 0, 1, 2, 3]},
    schema_overrides={"incident": pl.UInt32},
)
OFFENSES = pl.DataFrame(
    {
        "incident": [4, 4, 4, 5, 6, 7],
        "statute": ["PC 422", "273.5(A) PC", "PC 243(E)(1)", "PC 273.6", None, "PC 273.5"],
    },
    schema_overrides={"incident": pl.UInt32},
)


@pytest.mark.parametrize(
    ("confirmed", "expected"),
    [
        ([], [None, None, None, None, None]),
        (["CA PC 273.5"], [None, None, "CA PC 273.5", None, None]),
        (["CA PC 273.5", "CA PC 243(e)(1)"], [None, None, "CA PC 243(e)(1)", None, None]),
    ],
)
def test_a_confirmed_section_is_said_of_an_only_pair(
    confirmed: list[str], expected: list[str | None]
) -> None:
    stepped = statute_step(PAIRS, OFFENSES, frozenset(confirmed), "CA")

    assert_frame_equal(stepped, PAIRS.with_columns(statute=pl.Series(expected, dtype=pl.String)))


def test_the_order_of_charges_does_not_matter() -> None:
    confirmed = frozenset({"CA PC 273.5", "CA PC 243(e)(1)"})

    assert_frame_equal(
        statute_step(PAIRS, OFFENSES.reverse(), confirmed, "CA"),
        statute_step(PAIRS, OFFENSES, confirmed, "CA"),
    )


def test_confirmed_sections_are_given_back() -> None:
    assert confirmed_statutes(["CA PC 273.5", "ID IC 18-918"]) == {"CA PC 273.5", "ID IC 18-918"}
    assert confirmed_statutes([]) == frozenset()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("CA PC 273.4", "did you mean 'CA PC 273.5'?"),
        ("ca pen 273.5(a)", "did you mean 'CA PC 273.5'?"),
        ("nonsense", "'nonsense' is not in the list of statutes"),
        ("OH ORC 2919.25", "'OH ORC 2919.25' does not protect partners only"),
        ("NC GS 14-33(c)(2)", "does not protect partners only"),
    ],
)
def test_a_section_that_cannot_be_confirmed_is_refused(name: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        confirmed_statutes(["CA PC 273.5", name])

    assert message in refused.value.line()


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(InputError) as refused:
        confirmed_statutes(["ZZ 1", "WA RCW 10.99.020"])

    assert "'ZZ 1'" in refused.value.line()
    assert "'WA RCW 10.99.020'" in refused.value.line()
