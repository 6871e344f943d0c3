"""How two records are compared, field by field: each level with what it is expected to say before any training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl


@dataclass(frozen=True)
class Level:
    """One outcome of comparing a field.

    Attributes:
        label: The outcome in words.
        sql: Condition in the dialect of duckdb over the columns ``x_l`` and ``x_r``.
        matches: Share of the pairs of one person that come out so, before training.
        others: Share of the pairs of two persons, where a sample shows none.
        frequency: Column whose frequent values count less.
    """

    label: str
    sql: str
    matches: float
    others: float = 1e-6
    frequency: str | None = None


@dataclass(frozen=True)
class Comparison:
    """How one field is compared; the first level that holds counts, and a last one takes the rest.

    Attributes:
        name: The field.
        missing: Condition under which nothing can be said.
        levels: Outcomes, the closest first.
        needs: Columns that must hold something for the field to be compared at all.
        rest: Share of the pairs of one person that come out different in every way, before training.
    """

    name: str
    missing: str
    levels: tuple[Level, ...]
    needs: tuple[str, ...]
    rest: float = 0.05


def _alike(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _slips(column: str, least: float, slips: int) -> str:
    return f"{_alike(column, least)} OR damerau_levenshtein({column}_l, {column}_r) <= {slips}"


def _either_missing(*columns: str) -> str:
    return " OR ".join(f"{column}_{side} IS NULL" for column in columns for side in "lr")


_SAME_PART: Final = "surname1_l = surname2_r OR surname2_l = surname1_r OR surname1_l = surname1_r"
_OTHER_SURNAME: Final = "surname1_l IS DISTINCT FROM surname1_r"
_INITIAL: Final = (
    "(length(given_l) = 1 OR length(given_r) = 1) AND left(given_l, 1) = left(given_r, 1)"
)
_YEAR_ONLY: Final = "(birth_l IS NULL OR birth_r IS NULL) AND birth_year_l = birth_year_r"

COMPARISONS: Final[tuple[Comparison, ...]] = (
    Comparison(
        "given",
        _either_missing("given"),
        (
            Level("same", "given_l = given_r", 0.75, frequency="given"),
            Level("short form of the same", "list_has_any(given_roots_l, given_roots_r)", 0.05),
            Level("very alike", _alike("given", 0.92), 0.05),
            Level("initial of it", _INITIAL, 0.03),
            Level("alike", _slips("given", 0.85, 1), 0.04),
            Level("exchanged with the surname", f"given_l = surname1_r AND {_OTHER_SURNAME}", 0.02),
            Level("other name", "given_l = middle_r OR middle_l = given_r", 0.02),
            Level("somewhat alike", _slips("given", 0.75, 2), 0.03),
        ),
        ("given",),
        0.03,
    ),
    Comparison(
        "surname",
        _either_missing("surname"),
        (
            Level("same", "surname_l = surname_r", 0.75, frequency="surname"),
            Level("one of two surnames", _SAME_PART, 0.04),
            Level("very alike", _alike("surname", 0.92), 0.05),
            Level("alike", _slips("surname", 0.85, 1), 0.04),
            Level("exchanged with the given name", "surname1_l = given_r AND given_l IS DISTINCT FROM given_r", 0.02),
            Level("somewhat alike", _slips("surname", 0.75, 2), 0.03),
        ),
        ("surname",),
        0.05,
    ),
    Comparison(
        "middle",
        _either_missing("middle"),
        (
            Level("same", "middle_l = middle_r", 0.6),
            Level("initial of it", "left(middle_l, 1) = left(middle_r, 1)", 0.3, 0.05),
        ),
        ("middle",),
        0.1,
    ),
    Comparison("suffix", _either_missing("suffix"), (Level("same", "suffix_l = suffix_r", 0.95, 0.3),), ("suffix",)),
    Comparison(
        "birth",
        _either_missing("birth_year"),
        (
            Level("same", "birth_l = birth_r", 0.8),
            Level(
                "day and month exchanged",
                "left(birth_l, 4) = left(birth_r, 4) AND substr(birth_l, 6, 2) = substr(birth_r, 9, 2)"
                " AND substr(birth_l, 9, 2) = substr(birth_r, 6, 2)",
                0.02,
            ),
            Level("one slip", "damerau_levenshtein(birth_l, birth_r) <= 1", 0.06),
            Level("same year, the rest not known", _YEAR_ONLY, 0.05, 0.02),
            Level(
                "two of day, month and year",
                "left(birth_l, 7) = left(birth_r, 7) OR right(birth_l, 5) = right(birth_r, 5)"
                " OR (left(birth_l, 4) = left(birth_r, 4) AND right(birth_l, 2) = right(birth_r, 2))",
                0.02,
            ),
            Level("two slips", "damerau_levenshtein(birth_l, birth_r) <= 2", 0.02),
            Level(
                "within a year",
                "abs(date_diff('day', try_cast(birth_l AS DATE), try_cast(birth_r AS DATE))) <= 366"
                " OR abs(try_cast(birth_year_l AS INT) - try_cast(birth_year_r AS INT)) <= 1",
                0.02,
                0.04,
            ),
        ),
        ("birth_year",),
        0.02,
    ),
    Comparison("sex", _either_missing("sex"), (Level("same", "sex_l = sex_r", 0.98, 0.5),), ("sex",), 0.02),
    Comparison(
        "address",
        _either_missing("street"),
        (
            Level("same", "street_l = street_r AND number_l = number_r", 0.4),
            Level("same number, street alike", f"number_l = number_r AND {_alike('street', 0.88)}", 0.1),
            Level("same street", "street_l = street_r", 0.1, frequency="street"),
            Level("street alike", _alike("street", 0.92), 0.1),
        ),
        ("street",),
        0.3,
    ),
    Comparison(
        "unit",
        _either_missing("unit"),
        (Level("same", "unit_l = unit_r", 0.5, frequency="unit"), Level("alike", _alike("unit", 0.88), 0.2)),
        ("unit",),
        0.3,
    ),
    Comparison(
        "place",
        _either_missing("place"),
        (
            Level("same", "place_l = place_r", 0.6, frequency="place"),
            Level("alike", f"{_alike('place', 0.88)} OR damerau_levenshtein(place_l, place_r) <= 1", 0.15),
        ),
        ("place",),
        0.25,
    ),
    Comparison(
        "postcode",
        _either_missing("postcode"),
        (
            Level("same", "postcode_l = postcode_r", 0.6, frequency="postcode"),
            Level("one slip", "damerau_levenshtein(postcode_l, postcode_r) <= 1", 0.15),
        ),
        ("postcode",),
        0.25,
    ),
    Comparison(
        "phone",
        _either_missing("phone"),
        (
            Level("same", "phone_l = phone_r", 0.5),
            Level("one slip", "damerau_levenshtein(phone_l, phone_r) <= 1", 0.05),
        ),
        ("phone",),
        0.45,
    ),
    Comparison(
        "email",
        _either_missing("email"),
        (
            Level("same", "email_l = email_r", 0.7),
            Level("same before the @", "split_part(email_l, '@', 1) = split_part(email_r, '@', 1)", 0.05),
            Level("alike", f"{_alike('email', 0.92)} OR damerau_levenshtein(email_l, email_r) <= 2", 0.1),
        ),
        ("email",),
        0.15,
    ),
    *(
        Comparison(
            name,
            _either_missing(name),
            (
                Level("same", f"{name}_l = {name}_r", 0.85),
                Level("one slip", f"damerau_levenshtein({name}_l, {name}_r) <= 1", 0.08),
                Level("two slips", f"damerau_levenshtein({name}_l, {name}_r) <= 2", 0.03, 1e-4),
            ),
            (name,),
            0.04,
        )
        for name in ("document", "state_id", "fbi_number")
    ),
    Comparison(
        "person_number",
        "person_number_l IS NULL OR person_number_r IS NULL"
        " OR split_part(person_number_l, '|', 1) <> split_part(person_number_r, '|', 1)",
        (Level("same", "person_number_l = person_number_r", 0.9),),
        ("person_number",),
        0.1,
    ),
)  # fmt: skip
"""Every comparison that is made where both records state the field."""


def usable(nodes: pl.DataFrame, least: int) -> tuple[Comparison, ...]:
    """Choose the comparisons whose fields enough records state.

    Args:
        nodes: Prepared records.
        least: Records that must state a field.
    """
    stated = nodes.select(pl.all().exclude("node", "row").is_not_null().sum()).row(0, named=True)
    return tuple(one for one in COMPARISONS if all(stated[name] >= least for name in one.needs))


def settings(comparisons: Sequence[Comparison], blocks: int) -> dict[str, Any]:
    """Write the untrained model as the settings of splink.

    Args:
        comparisons: What is compared.
        blocks: Number of the columns ``block_0`` … under which records meet.
    """
    return {
        "link_type": "dedupe_only",
        "sql_dialect": "duckdb",
        "unique_id_column_name": "node",
        "linker_uid": "ipvi",
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "max_iterations": 30,
        "em_convergence": 0.0005,
        "probability_two_random_records_match": 1e-4,
        "comparisons": [_as_setting(one) for one in comparisons],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.block_{number} = r.block_{number}", "sql_dialect": "duckdb"}
            for number in range(blocks)
        ],
    }


def _as_setting(comparison: Comparison) -> Mapping[str, Any]:
    rest = {
        "sql_condition": "ELSE",
        "label_for_charts": "different",
        "m_probability": comparison.rest,
    }
    missing = {
        "sql_condition": comparison.missing,
        "label_for_charts": "not stated",
        "is_null_level": True,
    }
    levels = [
        {
            "sql_condition": level.sql,
            "label_for_charts": level.label,
            "m_probability": level.matches,
            **({"tf_adjustment_column": level.frequency} if level.frequency else {}),
        }
        for level in comparison.levels
    ]
    return {"output_column_name": comparison.name, "comparison_levels": [missing, *levels, rest]}


def known_model(model: Mapping[str, Any]) -> bool:
    """Say whether a stored model compares as this version does: the same fields, levels and conditions."""
    known = {one.name: [level.sql for level in one.levels] for one in COMPARISONS}
    found = {
        one["output_column_name"]: [
            level["sql_condition"]
            for level in one["comparison_levels"]
            if not level.get("is_null_level") and level["sql_condition"] != "ELSE"
        ]
        for one in model["comparisons"]
    }
    return bool(found) and all(known.get(name) == levels for name, levels in found.items())


def outcomes(model: Mapping[str, Any], field: str) -> dict[str, int]:
    """Say by which number ``score`` tells each outcome of a field; ``different`` is 0, what is not stated -1."""
    labels = list(shares(model, field, "m_probability"))
    return {label: number for number, label in enumerate(reversed(labels))}


def shares(model: Mapping[str, Any], field: str, kind: str) -> dict[str, float]:
    """Give the ``m_probability`` or ``u_probability`` of each outcome of a field."""
    one = next(each for each in model["comparisons"] if each["output_column_name"] == field)
    return {
        level["label_for_charts"]: level[kind]
        for level in one["comparison_levels"]
        if not level.get("is_null_level")
    }
