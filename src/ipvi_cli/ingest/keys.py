"""Which incident a row is of: agency and number after the declared normalisation, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ipvi_cli.ingest.distinct import distinct
from ipvi_cli.ingest.values import cells, read_yes_no, replace
from ipvi_cli.model.profile_sections import Agency, IncidentNumber
from ipvi_cli.model.profile_sources import ColumnMap

MISSING: Final = "IPVI-133"
SUSPECT: Final = "IPVI-134"
UNKNOWN_AGENCY: Final = "IPVI-135"
EXPUNGED: Final = "IPVI-139"

REASONS: Final = {
    MISSING: "the row has no incident number",
    SUSPECT: "the incident number does not look like one",
    UNKNOWN_AGENCY: "the agency is not in the profile's [[agencies]]",
    EXPUNGED: "the record is expunged",
}
"""Why a row cannot be keyed, by rule code."""

_ORI = r"^[A-Z]{2}[A-Z0-9]\d{2}[A-Z0-9]{4}$"
"""Nine characters, state first (NCIC originating agency identifier)."""

_LONG_RUN = r"([A-Za-z]{5,})"
_HAS_LONG_RUN = r"[A-Za-z]{5}"
_PLAIN = r"^[0-9]+$"
_PLAIN_MOST = 40
"""Digits alone, up to this length, are an incident number and nothing else."""
_MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_ODD: Final = "|".join(
    (
        r"[A-Za-z]{2,}\s+[A-Za-z]{2,}",
        r"^\d{1,2}/\d{1,2}/\d{2,4}$",
        rf"(?i:^\d{{1,2}}-{_MONTH}(?:-(?:19|20)?\d{{2}})?$|^{_MONTH}-\d{{2}}$)",
        r"(?i:^\d(?:\.\d+)?E\+?\d+$)",
        r"^\D*$|[\r\n]",
        r"^(?s:.{41,})$",
    )
)
"""Notes, dates (also numbers that a spreadsheet turned into dates or rounded to 2.01E+11), and no digit at all."""
RARE: Final = 11
"""A word seen in fewer rows than this may name a person (the contract's limit for site words)."""


def agency_words(agencies: list[Agency]) -> dict[str, str]:
    """Give the words by which files name an agency, upper-cased, and its identifier."""
    words: dict[str, str] = {}
    for agency in agencies:
        for word in (agency.id, agency.name, *agency.aliases):
            if word:
                words[" ".join(word.upper().split())] = agency.id
    return words


def normalised(rule: IncidentNumber) -> pl.Expr:
    """Normalise the incident number in column ``cell`` as the profile declares."""
    number = pl.col("cell").str.strip_chars()
    if rule.upper:
        number = number.str.to_uppercase()
    if rule.century is not None:
        # Before anything is dropped, for the separator that tells a two-digit year may be among it.
        number = number.str.strip_chars_start(f"{rule.strip} ")
        number = number.str.replace(r"^(\d{2})([^0-9])", f"{rule.century}$1$2")
    if rule.strip:
        number = number.str.replace_all(f"[{re.escape(rule.strip)}]", "").str.strip_chars()
    if rule.pad is not None:
        digits = number.str.extract(r"(\d+)$", 1)
        number = (
            pl.when(digits.is_not_null())
            .then(pl.concat_str(number.str.replace(r"\d+$", ""), digits.str.zfill(rule.pad)))
            .otherwise(number)
        )
    return pl.when(number != "").then(number)


def read_numbers(
    frame: pl.DataFrame, mapped: ColumnMap, rule: IncidentNumber, nulls: frozenset[str]
) -> pl.Series:
    """Give the normalised incident numbers of source rows, null where there is none."""
    if mapped.column is not None and mapped.split is None and _leaves_digits(rule):
        column = frame[mapped.column].alias("cell")
        words = pl.Series([*nulls, *mapped.null_words], dtype=pl.String)
        if not _plain(words).any() and _all_plain(column):
            return column
    return cells(frame, mapped, nulls).to_frame("cell").select(normalised(rule)).to_series()


def _leaves_digits(rule: IncidentNumber) -> bool:
    """Say whether the declared normalisation leaves a number of digits alone as it is."""
    return rule.century is None and rule.pad is None and not re.search(r"[0-9]", rule.strip)


def _plain(numbers: pl.Series) -> pl.Series:
    return numbers.str.contains(_PLAIN) & (numbers.str.len_bytes() <= _PLAIN_MOST)


def _all_plain(numbers: pl.Series) -> bool:
    """Say whether every number is there and plain; what can be read as a number needs no pattern but for its sign."""
    if numbers.null_count() or (numbers.str.len_bytes() > _PLAIN_MOST).any():
        return False
    if numbers.cast(pl.UInt64, strict=False).null_count():
        return bool(_plain(numbers).all())
    return not numbers.str.starts_with("+").any()


def rare_words(numbers: pl.Series) -> dict[str, int]:
    """Count the long letter runs inside incident numbers; a rare one may be somebody's name."""
    if _all_plain(numbers):
        return {}
    runs = numbers.filter(numbers.str.contains(_HAS_LONG_RUN)).str.extract(_LONG_RUN, 1)
    counted = runs.value_counts() if runs.len() else None
    return dict(counted.iter_rows()) if counted is not None else {}


def read_keys(
    frame: pl.DataFrame,
    *,
    agency: ColumnMap | None,
    number: ColumnMap | None,
    words: Mapping[str, str],
    rule: IncidentNumber,
    nulls: frozenset[str],
    usual_words: frozenset[str],
    required: pl.Series,
    partners: Sequence[str] = (),
) -> pl.DataFrame:
    """Give each source row its incident.

    Args:
        frame: Source columns, as text.
        agency: Where the agency comes from; ``None`` when the profile lists exactly one, which blank cells mean too.
        number: Where the incident number comes from.
        words: Agency words, upper-cased, to identifiers.
        rule: Declared normalisation of numbers.
        nulls: Words that mean that nothing was stated.
        usual_words: Long letter runs that are part of the site's numbers.
        required: Which rows have to be refused without a number.
        partners: Partner agencies, which rows may be of where they belong to no incident.

    Returns:
        Columns ``incident_id``, ``agency``, ``incident_number`` and ``refusal`` (a code of ``REASONS`` or null).
    """
    if number is None:
        numbers = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    else:
        numbers = read_numbers(frame, number, rule, nulls)
    only = next(iter(words.values()), None) if len(set(words.values())) == 1 else None
    if agency is None:
        agencies = pl.repeat(only, frame.height, dtype=pl.String, eager=True)
    else:
        known = words if required.all() else {**{name.upper(): name for name in partners}, **words}
        agencies = _agencies(frame, agency, known, nulls, only)
    keyed = pl.DataFrame(
        {
            "agency": agencies,
            "number": numbers,
            "odd": _odd(numbers, rule, usual_words),
            "required": required,
        }
    )
    if not (keyed["odd"].any() or agencies.null_count() or numbers.null_count()):
        return keyed.select(
            pl.format("{}:{}", "agency", "number").alias("incident_id"),
            "agency",
            pl.col("number").alias("incident_number"),
            pl.lit(None, pl.String).alias("refusal"),
        )
    refusal = (
        pl.when(pl.col("number").is_null())
        .then(pl.when("required").then(pl.lit(MISSING)))
        .when("odd")
        .then(pl.lit(SUSPECT))
        .when(pl.col("agency").is_null())
        .then(pl.lit(UNKNOWN_AGENCY))
    )
    good = pl.col("refusal").is_null()
    return keyed.with_columns(refusal.alias("refusal")).select(
        pl.when(good).then(pl.format("{}:{}", "agency", "number")).alias("incident_id"),
        pl.when(good).then("agency").alias("agency"),
        pl.when(good).then("number").alias("incident_number"),
        "refusal",
    )


def without_expunged(
    keys: pl.DataFrame, frame: pl.DataFrame, mapped: ColumnMap, nulls: frozenset[str]
) -> pl.DataFrame:
    """Refuse the rows of which the source says that they are expunged.

    Args:
        keys: What ``read_keys`` gives.
        frame: Source columns, as text.
        mapped: Where the source says so.
        nulls: Words that mean that nothing was stated.

    Returns:
        The keys; an expunged row has none but its refusal.
    """
    gone = read_yes_no(cells(frame, mapped, nulls), mapped).fill_null(False)
    names = [name for name in keys.columns if name != "refusal"]
    return keys.with_columns(
        *(pl.when(~gone).then(name).alias(name) for name in names),
        pl.when(gone).then(pl.lit(EXPUNGED)).otherwise("refusal").alias("refusal"),
    )


def _agencies(
    frame: pl.DataFrame,
    mapped: ColumnMap,
    words: Mapping[str, str],
    nulls: frozenset[str],
    only: str | None,
) -> pl.Series:
    apart = distinct(frame[mapped.column]) if mapped.column is not None else None
    source = frame if apart is None else apart.cells.to_frame()
    said = cells(source, mapped, nulls).str.replace_all(r"\s+", " ").str.to_uppercase()
    known = pl.DataFrame({"said": said, "known": replace(said, words, pl.String())})
    read = known.select(
        pl.when(pl.col("said").is_null())
        .then(pl.lit(only, pl.String))
        .otherwise(pl.coalesce("known", pl.when(pl.col("said").str.contains(_ORI)).then("said")))
    ).to_series()
    return read if apart is None else apart.spread(read)


def _odd(numbers: pl.Series, rule: IncidentNumber, usual_words: frozenset[str]) -> pl.Series:
    """Say which numbers do not look like incident numbers; null where there is none."""
    if rule.pattern is not None:
        return ~numbers.str.contains(rule.pattern)
    if _all_plain(numbers):
        return pl.repeat(False, numbers.len(), dtype=pl.Boolean, eager=True)
    odd = ~_plain(numbers)
    if not odd.any():
        return odd
    run = pl.col("n").str.extract(_LONG_RUN, 1)
    left = numbers.filter(odd).to_frame("n").select(
        pl.col("n").str.contains(_ODD) | (run.is_not_null() & ~run.is_in(sorted(usual_words)))
    ).to_series()  # fmt: skip
    return odd.scatter(odd.arg_true(), left)
