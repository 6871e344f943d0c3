"""Doubtful pairs out to a person, and the decisions back in."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from helpers_link import records

from ipvi_cli.link import asked_pairs, decided_rows, gather, link_records, person_rows
from ipvi_cli.link.clerical import KEPT_SCHEMA
from ipvi_cli.link.pseudonyms import pseudonym

KEY = b"a secret of the tests"
NOTHING = pl.DataFrame(schema=KEPT_SCHEMA)


def test_a_decision_holds_in_the_next_run_and_is_not_asked_again() -> None:
    frame, _ = records(150, seed=3)
    empty = gather({}).records.drop("row")
    told = pl.concat([frame, empty], how="diagonal_relaxed").with_columns(
        pl.lit("offender").alias("record_table"), pl.lit("offender").alias("role"), pl.col("row").alias("record_id"),
        *(pl.lit(None, pl.String).alias(name) for name in (
            "phone", "agency", "person_number", "state_id", "fbi_number", "other_names",
        )),
    )  # fmt: skip
    linked = link_records(frame)
    last = frame.height - 1
    doubtful = pl.DataFrame({"a": [0], "b": [last], "probability": [0.6]})
    linked = replace(linked, pairs=doubtful)
    asked = asked_pairs(told, linked, KEY, NOTHING)
    assert asked.height == 1
    pair = asked.row(0, named=True)
    assert {pair["name_a"], pair["name_b"]} <= set(frame["name"])
    decided = pl.DataFrame(
        [{"pair_id": pair["pair_id"], "decision": "same", "decided_by": "TT"}], schema=KEPT_SCHEMA
    )
    again = link_records(frame, model=linked.model, decisions=decided_rows(told, KEY, decided))
    ends = pair["record_id_a"], pair["record_id_b"]
    assert linked.clusters.strict[ends[0]] != linked.clusters.strict[ends[1]]
    assert again.clusters.strict[ends[0]] == again.clusters.strict[ends[1]]
    assert asked_pairs(told, linked, KEY, decided).height == 0
    persons = person_rows(told, again, KEY)
    assert persons["person_id"].n_unique() == pl.Series(again.clusters.strict).n_unique()


def test_a_pseudonym_is_a_keyed_hash() -> None:
    """Test case 2 of RFC 4231, shortened."""
    assert pseudonym(b"Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426"
    assert pseudonym(b"Jefe", "a") != pseudonym(b"Jeff", "a")
