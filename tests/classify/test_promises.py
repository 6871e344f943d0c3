"""What classification promises whatever the delivery holds."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
from helpers_classify import Made, incident, made, offender, said, victim
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ipvi_cli.classify import headline, load_crosswalk
from ipvi_cli.classify.meaning import DETERMINATE

WORDS = [
    "SPOUSE", "EX GF", "BROTHER", "PARENT", "CHILD", "GRANDMOTHER", "STEPSON", "ROOMMATE", "FOSTER CHILD", "FRIEND",
    "EMPLOYER", "OK", "STRANGER", "VO", "UNKNOWN", "PARTNER", "FAMILY", "ZQ FORM 7", "CHILD IN COMMON", "", None,
    "CHILD OF GF", "MOM'S BF",
]  # fmt: skip
OFFENSES = ["13A", "13B", "290", "240", None]
FIRM = ["SPOUSE", "BROTHER", "ROOMMATE", "FRIEND", "STRANGER"]
SWAPS = {
    "PA": "CH", "CH": "PA", "GP": "GC", "GC": "GP", "SP": "SC", "SC": "SP", "FP": "FC", "FC": "FP", "EE": "ER",
    "ER": "EE",
}  # fmt: skip
PROMISE = settings(derandomize=True, deadline=None, max_examples=40)

maybe = st.sampled_from([True, False, None])


@st.composite
def deliveries(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small delivery in any mixture of shapes."""
    count = draw(st.integers(1, 4))
    tables: dict[str, Any] = {"incidents": [], "victims": [], "offenders": [], "relationships": []}
    for number in range(1, count + 1):
        tables["incidents"].append(incident(number, dv_flag=draw(maybe)))
        victims = draw(st.integers(0, 2))
        offenders = draw(st.integers(0, 2))
        for one in range(1, victims + 1):
            kind = draw(st.sampled_from(["I", "I", "I", "B", None]))
            tables["victims"].append(
                victim(
                    one,
                    number,
                    victim_type=kind,
                    age_years=draw(st.sampled_from([9, 17, 40, None])),
                )
            )
        for one in range(1, offenders + 1):
            tables["offenders"].append(offender(draw(st.sampled_from([one, one, 0])), number))
        for _ in range(draw(st.integers(0, 3))):
            who = draw(st.sampled_from([None, *range(1, victims + 1)]))
            whom = draw(st.sampled_from([None, *range(1, offenders + 1)]))
            word = draw(st.sampled_from(WORDS))
            tables["relationships"].append(
                said(word, who, whom, number, child_in_common=draw(maybe))
            )
    unique = {row["offender_id"]: row for row in tables["offenders"]}
    tables["offenders"] = list(unique.values())
    codes = draw(st.lists(st.tuples(st.integers(1, count), st.sampled_from(OFFENSES)), max_size=4))
    offenses = [{"incident_id": f"PD:{number}", "offense_code": code} for number, code in codes]
    tables["offenses"] = draw(st.sampled_from([None, offenses]))
    tables["population"] = draw(st.sampled_from(["domestic", "all"]))
    return tables


def by_incident(result: Made) -> pl.DataFrame:
    return result.incidents.sort("incident_id")


@PROMISE
@given(deliveries(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(tables: dict[str, Any], chance: random.Random) -> None:
    shuffled = {
        name: chance.sample(rows, len(rows)) if isinstance(rows, list) else rows
        for name, rows in tables.items()
    }

    one, other = made(**tables), made(**shuffled)

    assert_frame_equal(by_incident(one), by_incident(other))
    assert_frame_equal(one.pairs.sort("pair_id"), other.pairs.sort("pair_id"))
    assert_frame_equal(one.values, other.values)


@PROMISE
@given(deliveries())
def test_every_incident_has_exactly_one_class(tables: dict[str, Any]) -> None:
    result = made(**tables)

    assert result.incidents["incident_id"].to_list() == [
        row["incident_id"] for row in tables["incidents"]
    ]
    assert set(result.incidents["incident_class"]) <= {
        *DETERMINATE,
        "undetermined",
        "not_applicable",
    }
    open_ = pl.col("incident_class").is_in(["undetermined", "not_applicable"])
    assert result.incidents.filter(open_ != pl.col("reason").is_not_null()).is_empty()
    assert result.incidents["pairs"].sum() == result.pairs.height


@PROMISE
@given(deliveries())
def test_every_pair_is_whole(tables: dict[str, Any]) -> None:
    pairs = made(**tables).pairs

    firm = pl.col("relationship_class").is_in(DETERMINATE)
    partner = pl.col("relationship_class") == "intimate_partner"
    assert pairs["pair_id"].is_unique().all()
    assert pairs.filter(firm & (pl.col("rule").is_null() | pl.col("basis").is_null())).is_empty()
    assert pairs.filter(firm != pl.col("tie").is_not_null()).is_empty()
    assert pairs.filter(partner != pl.col("partner_status").is_not_null()).is_empty()
    undetermined = pl.col("relationship_class") == "undetermined"
    assert pairs.filter(undetermined != (pl.col("candidates").list.len() > 0)).is_empty()


@PROMISE
@given(deliveries())
def test_the_bounds_contain_the_share(tables: dict[str, Any]) -> None:
    head = headline(made(**tables).incidents)

    if head.denominator:
        assert head.share_lower is not None
        assert head.share_upper is not None
        assert 0 <= head.share_lower <= head.share_upper <= 1
        if head.share is not None:
            assert head.share_lower <= head.share <= head.share_upper
    classes = [getattr(head, name) for name in (*DETERMINATE, "undetermined")]
    assert sum(classes) == head.denominator


@PROMISE
@given(deliveries(), st.sampled_from(FIRM), st.data())
def test_filling_in_what_is_open_never_widens_the_bounds(
    tables: dict[str, Any], word: str, data: st.DataObject
) -> None:
    tables["population"] = "domestic"
    before = made(**tables)
    open_ = before.pairs.filter(
        pl.col("reason").is_in(["missing", "unknown", "unmapped", "ambiguous_term"])
    )
    named = open_.filter(pl.col("victim_id").is_not_null() & pl.col("offender_id").is_not_null())
    if named.is_empty():
        return
    pair = named.row(data.draw(st.integers(0, named.height - 1)), named=True)
    told = {
        "incident_id": pair["incident_id"], "victim_id": pair["victim_id"], "offender_id": pair["offender_id"],
        "relationship_raw": word, "code_system": "text", "direction": "victim_to_offender",
    }  # fmt: skip

    after = made(**{**tables, "relationships": [*tables["relationships"], told]})

    one, two = headline(before.incidents), headline(after.incidents)
    assert (two.share_lower or 0) >= (one.share_lower or 0)
    assert (two.share_upper or 0) <= (one.share_upper or 0)


@PROMISE
@given(deliveries())
def test_turning_the_direction_swaps_parent_and_child_and_nothing_else(
    tables: dict[str, Any],
) -> None:
    turned = [{**row, "direction": "offender_to_victim"} for row in tables["relationships"]]

    one, two = made(**tables), made(**{**tables, "relationships": turned})

    assert_frame_equal(one.incidents, two.incidents)
    same = [
        "pair_id",
        "relationship_class",
        "partner_status",
        "basis",
        "reason",
        "candidates",
        "conflict",
        "evidence",
    ]
    assert_frame_equal(one.pairs.select(same), two.pairs.select(same))
    for mine, other in zip(one.pairs["nibrs_code"], two.pairs["nibrs_code"], strict=True):
        assert other == SWAPS.get(mine, mine) or {mine, other} == {"CF", None}


AGES = {9: range(13), 17: range(13, 18), 40: range(18, 99)}
"""Ages that tell the same as each: of a child under 13, of a youth, of an adult."""


@PROMISE
@given(deliveries(), st.randoms(use_true_random=False))
def test_sex_name_age_address_and_narrative_decide_nothing(
    tables: dict[str, Any], chance: random.Random
) -> None:
    painted: dict[str, Any] = {
        name: [
            {
                **row,
                "sex": chance.choice("FMXU"),
                "race": chance.choice("WBA"),
                "name": chance.choice(["DOE, A", "DOE, B", "ROE, C"]),
                "address": chance.choice(["1 ELM ST", "2 OAK ST"]),
                "birth_date": None,
                "age_years": _like(row.get("age_years"), chance),
            }
            for row in tables[name]
        ]
        for name in ("victims", "offenders")
    }
    painted["incidents"] = [
        {
            **row,
            "address": chance.choice(["1 ELM ST", "2 OAK ST"]),
            "narrative": chance.choice(["HER HUSBAND", "HIS BROTHER", "A STRANGER"]),
        }
        for row in tables["incidents"]
    ]

    one, two = made(**tables), made(**{**tables, **painted})

    assert_frame_equal(one.pairs, two.pairs)
    assert_frame_equal(one.incidents, two.incidents)


def _like(age: int | None, chance: random.Random) -> int | None:
    return None if age is None else chance.choice(AGES[age])


@PROMISE
@given(deliveries(), st.randoms(use_true_random=False))
def test_other_sources_only_fill_and_settle_no_stated_tie(
    tables: dict[str, Any], chance: random.Random
) -> None:
    numbered = {
        name: [
            {**row, "person_number": chance.choice(["N1", "N2", "N3", None])}
            for row in tables[name]
        ]
        for name in ("victims", "offenders")
    }
    order = {
        "agency": "PD", "relationship_raw": "WIFE", "code_system": "text", "direction": "symmetric",
        "protected_person_number": "N1", "respondent_person_number": "N2",
    }  # fmt: skip
    charges = [
        {"incident_id": row["incident_id"], "statute": chance.choice(["PC 273.5", "PC 242", None])}
        for row in tables["incidents"]
    ]
    given_ = {**tables, **numbered}

    before = made(**given_)
    after = made(
        **given_, orders=[order], charges=charges, linked=True,
        statutes=frozenset({"CA PC 273.5"}), state="CA",
    )  # fmt: skip

    columns = ["pair_id", "relationship_class", "reason", "basis"]
    both = before.pairs.select(columns).join(
        after.pairs.select(columns), on="pair_id", suffix="|after"
    )
    changed = both.filter(
        pl.col("relationship_class").cast(pl.String)
        != pl.col("relationship_class|after").cast(pl.String)
    )
    assert set(changed["relationship_class|after"].cast(pl.String)) <= {"intimate_partner"}
    assert set(changed["basis|after"].cast(pl.String)) <= {"statute", "order", "linked"}
    assert set(changed["reason"].cast(pl.String)) <= {
        "missing", "unknown", "unmapped", "ambiguous_term", "multiple_offenders_unpaired", "not_called_for",
    }  # fmt: skip
    assert both.height == before.pairs.height == after.pairs.height


@PROMISE
@given(deliveries(), st.lists(maybe, min_size=4, max_size=4))
def test_the_flag_changes_only_the_residual_class_the_denominator_and_conflicts(
    tables: dict[str, Any], flags: list[bool | None]
) -> None:
    flagged = [
        {**row, "dv_flag": flag} for row, flag in zip(tables["incidents"], flags, strict=False)
    ]

    one, two = made(**tables), made(**{**tables, "incidents": flagged})

    columns = ["pair_id", "victim_id", "offender_id", "evidence", "nibrs_code"]
    assert_frame_equal(one.pairs.select(columns), two.pairs.select(columns))
    moved = one.pairs["relationship_class"] != two.pairs["relationship_class"]
    for pairs in (one.pairs, two.pairs):
        left = pairs.filter(moved)
        assert left.filter(
            ~(
                (pl.col("reason") == "otherwise_known_dv").fill_null(False)
                | (pl.col("tie") == "otherwise_known").fill_null(False)
            )
        ).is_empty()
    kept = ~moved
    columns = ["relationship_class", "reason", "candidates", "basis", "rule"]
    assert_frame_equal(
        one.pairs.filter(kept).select(columns), two.pairs.filter(kept).select(columns)
    )
    residual = one.pairs.filter(moved)["incident_id"].unique()
    same = ["incident_id", "incident_class", "reason", "pairs"]
    untouched = ~pl.col("incident_id").is_in(residual.implode())
    assert_frame_equal(
        one.incidents.filter(untouched).select(same), two.incidents.filter(untouched).select(same)
    )


PIECES = [
    "EX", "FORMER", "STEP", "MOTHER", "MOTHERS", "IN LAW", "BOYFRIEND", "WIFE", "WIFES", "SON", "FRIEND", "OF", "/",
    ";", "-", "(", ")", "VICTIM", "IS", "AND", "OR", "?", "NOT", "ZQ", "LIVES WITH", "CHILD", "IN COMMON", "&", ",",
]  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7))
def test_any_string_of_words_is_read_without_failing_and_unknown_words_never_map(
    pieces: list[str],
) -> None:
    text = " ".join(pieces)

    row = load_crosswalk("relationship").map_values(pl.Series([text])).row(0, named=True)

    assert row["value"] == text
    assert (row["rule"] is None) == (row["reason"] == "unmapped")
    if "ZQ" in pieces:
        assert row["reason"] == "unmapped"
    if "NOT" in pieces or "?" in pieces:
        assert row["relationship_class"] == "undetermined"


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=30))
def test_any_text_is_read_without_failing(text: str) -> None:
    mapped = load_crosswalk("relationship").map_values(pl.Series([text]))

    assert mapped["value"].to_list() == [text]
