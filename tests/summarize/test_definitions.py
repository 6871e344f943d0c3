"""How the share changes with who is called an intimate partner; the worked delivery is ``cases/definitions``."""

import polars as pl
import pytest
from helpers_summarize import case, cells, figures, frames

from ipvi_cli.model.classified import INCIDENT_SCHEMA, PAIR_SCHEMA, PARTNER_STATUSES, TIES
from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.summarize import audit_tables
from ipvi_cli.summarize.verdicts import UNITS, counts_of, verdicts

CODES = [one.code for one in DEFINITIONS]


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: one.code)
def test_a_definition_says_all_about_itself(one: object) -> None:
    for name in ("code", "title", "text", "source"):
        words = getattr(one, name)
        assert words == words.strip() != ""
    assert len(set(CODES)) == len(CODES)
    assert DEFINITIONS[0].code == "ipvi"


@pytest.mark.parametrize("name", ["town", "whole_export", "definitions"])
def test_the_first_definition_is_that_of_the_headline(name: str) -> None:
    made = figures(case(name))
    assert cells(made, "S01", "definition")["ipvi"] == cells(made, "B09", "total")["total"]


@pytest.mark.parametrize("name", ["town", "whole_export", "definitions"])
def test_every_definition_looks_at_the_same_and_keeps_within_what_it_can_know(name: str) -> None:
    made = figures(case(name)).filter(pl.col("figure_id").str.starts_with("S"))
    for _, rows in made.group_by("figure_id"):
        assert rows["denominator"].n_unique() == 1
        assert rows["group"].sort().to_list() == sorted(CODES)
        of = dict(rows.select("group", pl.struct("lower", "upper")).iter_rows())
        assert of["cohabitants_counted"]["lower"] >= of["ipvi"]["lower"]
        assert of["cohabitants_left_out"]["upper"] <= of["ipvi"]["upper"]
        for narrower in ("former_left_out", "dating_left_out", "nibrs", "cdc"):
            assert of[narrower]["lower"] <= of["ipvi"]["lower"]
            assert of[narrower]["upper"] <= of["ipvi"]["upper"]


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("status", [*PARTNER_STATUSES, None])
def test_every_tie_of_partners_is_counted_left_open_or_left_out_and_never_two_of_them(
    tie: str, status: str | None
) -> None:
    given = {
        "incident": [{"i": 1, "class": "intimate_partner"}],
        "pair": [{"i": 1, "class": "intimate_partner", "tie": tie, "partner_status": status}],
    }
    made = frames(given)
    found = verdicts(made["pairs"].lazy(), made["incidents"].lazy())
    for unit in UNITS:
        for one in DEFINITIONS:
            yes, of, left_open = counts_of(one, found[unit])
            assert of == 1
            assert yes + left_open <= 1
    assert counts_of(DEFINITIONS[0], found["pairs"]) == (1, 1, 0)


@pytest.mark.parametrize("size", [1, 3, 7])
def test_parts_of_a_delivery_add_up(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = frames(case("definitions"))
    pairs, incidents = made["pairs"].lazy(), made["incidents"].lazy()
    whole = verdicts(pairs, incidents)
    monkeypatch.setattr("ipvi_cli.summarize.verdicts.SIZE", size)
    for unit, found in verdicts(pairs, incidents).items():
        for one in DEFINITIONS:
            assert counts_of(one, found) == counts_of(one, whole[unit])


def test_incidents_outside_the_denominator_count_under_no_definition() -> None:
    given = case("whole_export")
    assert {of for _, of, _ in cells(figures(given), "S01", "definition").values()} == {5}


def test_a_person_whom_the_record_does_not_name_is_another_one_in_each_pair() -> None:
    made = frames(
        {
            "incident": [{"i": 1, "class": "intimate_partner"}],
            "pair": [{"i": 1, "o": o, "class": "intimate_partner", "tie": "spouse"} for o in (1, 2)],
        }
    )  # fmt: skip
    nameless = made["pairs"].with_columns(victim_id=pl.lit(None, pl.String))
    found = verdicts(nameless.lazy(), made["incidents"].lazy())
    assert {unit: sum(found[unit].values()) for unit in UNITS} == {
        "incidents": 1, "victims": 2, "pairs": 2, "offenders": 2,
    }  # fmt: skip


def test_the_tables_name_every_definition_and_every_unit() -> None:
    given = case("definitions")
    head = type("Head", (), dict.fromkeys(
        ("intimate_partner", "other_family", "other_domestic", "known_not_domestic", "stranger",
         "undetermined", "denominator", "not_applicable"), 1,
    ) | {"lead": "range"})  # fmt: skip
    tables = audit_tables(figures(given), head())
    under = tables["Share under other definitions"]
    assert under["definition"].to_list()[0] == "As in the headline"
    assert sorted(under["definition"]) == sorted(one.title for one in DEFINITIONS)
    assert tables["Share by what is counted"]["unit"].to_list() == list(UNITS)
    assert under.row(0)[1:] == (8, 22, 5, 8 / 17, 8 / 22, 13 / 22)


def test_a_partner_who_is_one_of_several_counts_in_the_headline_and_stays_open_elsewhere() -> None:
    incident = {
        "incident_id": "PD:1", "incident_class": "intimate_partner", "in_denominator": True,
    }  # fmt: skip
    pair = {
        "incident_id": "PD:1", "relationship_class": "undetermined",
        "reason": "multiple_offenders_unpaired", "victim_id": "PD:1:V1",
    }  # fmt: skip
    pairs = [{**pair, "pair_id": f"{n}", "offender_id": f"PD:1:O{n}"} for n in (1, 2)]
    found = verdicts(
        pl.LazyFrame(pairs, schema_overrides=PAIR_SCHEMA, schema=list(PAIR_SCHEMA)),
        pl.LazyFrame([incident], schema_overrides=INCIDENT_SCHEMA, schema=list(INCIDENT_SCHEMA)),
    )
    own, other = DEFINITIONS[:2]
    assert counts_of(own, found["incidents"]) == (1, 1, 0)
    assert counts_of(other, found["incidents"]) == (0, 1, 1)
    assert counts_of(own, found["pairs"]) == (0, 2, 2)
