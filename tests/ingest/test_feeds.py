"""Column groups written out, rows chosen by their role, packed cells unpacked."""

from __future__ import annotations

import polars as pl
import pytest
from helpers_ingest import made_profile

from ipvi_cli.ingest.feeds import Feed, choose, feeds, unpack_faults
from ipvi_cli.model.profile_sources import Packed

GROUPS = """
[[sources]]
name = "flat"
files = "*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "victim"
repeat = 2
where = { "Role {n}" = "V" }
columns = { name = "Victim {n}", sex = "Sex {n}" }
[[sources.tables]]
table = "victim"
columns = { name = "Other victim" }
"""


def packed_feed(key: str | None = "::", columns: tuple[str, ...] = ("type", "age")) -> Feed:
    packed = Packed(columns=list(columns), items="||", key=key)
    return Feed("victim", {}, {}, {}, packed, 0, 0, 1, 1000)


def test_column_groups_are_numbered_across_the_tables_of_a_source() -> None:
    first, second, third = feeds(made_profile(GROUPS).sources[0])
    assert first.columns["name"].column == "Victim 1"
    assert second.columns["sex"].column == "Sex 2"
    assert second.where == {"Role 2": ["V"]}
    assert [(one.offset, one.total) for one in (first, second, third)] == [(0, 3), (1, 3), (2, 3)]


def test_rows_are_chosen_by_words_whatever_their_case() -> None:
    feed = Feed("victim", {}, {"role": ["Victim", "vic"]}, {"void": ["Y"]}, None, 0, 0, 1, 1)
    frame = pl.DataFrame(
        {
            "_row": [0, 1, 2, 3, 4],
            "role": [" VICTIM", "Vic", "Suspect", None, "victim"],
            "void": [None, "n", None, None, "y"],
        }
    )
    assert choose(frame, feed)["_row"].to_list() == [0, 1]


def test_items_align_by_their_number() -> None:
    frame = pl.DataFrame(
        {
            "_row": [0, 1, 2],
            "type": ["0::A||1::B", "2::C", None],
            "age": ["1::30", None, ""],
            "x": ["p", "q", "r"],
        }
    )
    assert choose(frame, packed_feed()).select("_row", "_item", "type", "age", "x").rows() == [
        (0, 0, "A", None, "p"),
        (0, 1, "B", "30", "p"),
        (1, 2, "C", None, "q"),
    ]


def test_items_without_numbers_align_by_position_blanks_counted() -> None:
    frame = pl.DataFrame({"_row": [0], "type": ["A||||C"], "age": ["1||2||3"]})
    assert choose(frame, packed_feed(None)).select("_item", "type", "age").rows() == [
        (0, "A", "1"),
        (1, None, "2"),
        (2, "C", "3"),
    ]


@pytest.mark.parametrize(
    ("cell", "lost"),
    [
        ("0::A||1::B", False),
        ("0::||1::B", False),
        ("A||1::B", True),
        ("x::A", True),
        ("0::A||0::B", True),
        ("0:A", True),
        (None, False),
    ],
)
def test_items_that_belong_to_nobody_are_found(cell: str | None, lost: bool) -> None:
    frame = pl.DataFrame(
        {"_row": [7], "type": [cell], "age": ["0::1"]}, schema_overrides={"type": pl.String}
    )
    faults = unpack_faults(frame, packed_feed())
    assert {name: rows.to_list() for name, rows in faults.items()} == (
        {"type": [7]} if lost else {}
    )
