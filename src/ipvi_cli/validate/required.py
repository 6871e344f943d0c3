"""Rules about single cells that must be filled."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.validate.rule import Rule, always, nibrs

_PERSON: Final = pl.col("victim_type").is_in(["I", "L"]) | pl.col("victim_type").is_null()

RULES: Final = (
    Rule(
        "IPVI-221", "occurrence-date-missing", "error", "required",
        "An incident has no date of occurrence.",
        "It falls out of every count by time.",
        "Fill the date; where only the report is dated, map occurred_on to that and say so.",
        nibrs("101, data element 3"), "incident", "occurred_on",
        bad=always(pl.col("occurred_on").is_null() & (pl.col("row_fate") == "new")),
        message="occurred_on is blank",
    ),
    Rule(
        "IPVI-222", "offence-missing", "warning", "required",
        "An offence row states no offence.",
        "Nothing can be said about the offence, and ties that it calls for cannot be checked.",
        "Fill the offence code.",
        nibrs("201, data element 6"), "offense", "offense_raw",
        bad=always(pl.col("offense_raw").is_null() & pl.col("offense_code").is_null()),
        message="offense_raw is blank",
    ),
    Rule(
        "IPVI-223", "victim-sex-missing", "warning", "required",
        "A victim who is a person has no sex recorded.",
        "Tables by the victim's sex leave the victim out.",
        "Fill the sex, U where it is not known.",
        nibrs("453, data element 27"), "victim", "sex",
        bad=always(pl.col("sex").is_null() & _PERSON),
        message="sex is blank for a victim who is a person",
    ),
    Rule(
        "IPVI-224", "arrest-date-missing", "warning", "required",
        "An arrest has no date.",
        "It cannot be set before or after the incident.",
        "Fill the date of the arrest.",
        nibrs("601, data element 42"), "arrest", "arrested_on",
        bad=always(pl.col("arrested_on").is_null()),
        message="arrested_on is blank",
    ),
    Rule(
        "IPVI-225", "attempted-or-completed-missing", "warning", "required",
        "An offence does not say whether it was attempted or completed, where others do.",
        "Attempts would count as completed offences.",
        "Fill attempted or completed.",
        nibrs("251, data element 7"), "offense", "attempted", ("attempted",),
        bad=always(pl.col("attempted").is_null()),
        message="attempted is blank while other offences state it",
    ),
)  # fmt: skip
"""Rules of required cells."""
