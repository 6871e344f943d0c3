"""The canonical tables as declared."""

from __future__ import annotations

import polars as pl
import pytest

from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.model.tables import (
    COUNTED_FATES,
    FATES,
    TABLES,
    TALLY_MEASURES,
    TRACE_COLUMNS,
    identifying_columns,
    metadata,
    polars_schema,
    public_columns,
)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_is_public_or_identifying(table: str) -> None:
    schema = list(polars_schema(table))
    assert sorted([*public_columns(table), *identifying_columns(table)]) == sorted(schema)
    assert schema[: len(TRACE_COLUMNS)] == list(TRACE_COLUMNS)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_is_described_and_its_vocabulary_exists(table: str) -> None:
    for name, dtype in polars_schema(table).items():
        told = metadata(table, name)
        assert told["description"]
        assert told.get("vocabulary", "sex") in CODE_LISTS
        assert told.get("minimum", 0) == 0 or dtype == pl.Int64


@pytest.mark.parametrize("table", sorted(TABLES))
def test_what_names_a_person_is_identifying(table: str) -> None:
    telling = {
        "name",
        "birth_date",
        "address",
        "phone",
        "narrative",
        "person_number",
        "arrest_number",
        "call_number",
    }
    raw = {name for name in polars_schema(table) if name.endswith("_raw")}
    assert (telling | raw) & set(polars_schema(table)) <= set(identifying_columns(table))


def test_only_new_and_merged_rows_count() -> None:
    assert set(COUNTED_FATES) == {"new", "merged"}
    assert set(COUNTED_FATES) < set(FATES)


def test_the_measures_of_a_tally_are_its_columns() -> None:
    assert set(TALLY_MEASURES) <= set(polars_schema("tally"))


@pytest.mark.parametrize("name", sorted(CODE_LISTS))
def test_codes_of_a_list_mean_themselves(name: str) -> None:
    words = CODE_LISTS[name]
    assert all(word == word.upper().strip() for word in words)
    assert all(words[code.upper()] == code for code in words.values())
