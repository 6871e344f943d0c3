"""Names as agencies write them, taken apart into given name, middle name, surname and suffix."""

from __future__ import annotations

from importlib import resources
from typing import Final

import polars as pl

_SUFFIX: Final = r"\b(JR|SR|JUNIOR|SENIOR|II|III|IV|2ND|3RD|4TH)\b"
_SUFFIX_WORDS: Final = {"JUNIOR": "JR", "SENIOR": "SR", "2ND": "II", "3RD": "III", "4TH": "IV"}
_TITLES: Final = r"\b(MR|MRS|MS|MISS|DR|REV|SGT|CPT|LT)\b"

_PARTICLES: Final = (
    "DE LA", "DE LOS", "DE LAS", "DEL", "DE", "DA", "DI", "DU", "DOS", "DAS", "LA", "LE", "LOS",
    "VAN DER", "VAN DEN", "VAN DE", "VAN", "VON", "MC", "MAC", "O", "ST", "SAN", "SANTA", "EL", "AL",
    "ABU", "BEN", "BIN", "TER", "TEN",
)  # fmt: skip
"""Words that belong to the surname word after them, longest first where one begins another."""

_NOBODY: Final = (
    "UNKNOWN", "UNK", "UNKN", "UNKNWN", "NONE", "NA", "NULL", "REFUSED", "REDACTED", "WITHHELD",
    "CONFIDENTIAL", "ANONYMOUS", "UNIDENTIFIED", "NFN", "NLN", "NMN", "FNU", "LNU", "DOE", "XX", "XXX",
    "XXXX", "TBD", "TEST", "JUVENILE", "VICTIM", "SUSPECT", "OFFENDER", "SOCIETY",
)  # fmt: skip
"""Words that stand where a name is not known (FNU and LNU: first and last name unknown)."""


def nicknames() -> pl.DataFrame:
    """Give short forms of given names in common English and Spanish use.

    Returns:
        ``name`` and ``nickname``, upper case. General knowledge of usage, compiled for this package; a short form may
        belong to several names, and shares no more than a hint.
    """
    file = resources.files("ipvi_cli.link") / "data" / "nicknames.csv"
    return pl.read_csv(file.read_bytes(), infer_schema=False)


def plain(text: pl.Expr) -> pl.Expr:
    """Write a text in plain capitals: no accents, no marks but comma and blank, blanks single; null where empty."""
    bare = (
        text.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_uppercase()
        .str.replace_all(r"['’`´]", "")
        .str.replace_all(r"[^\p{L}\p{N},]+", " ")
        .str.replace_all(r"\s*,[\s,]*", ",")
        .str.strip_chars(" ,")
    )
    return pl.when(bare != "").then(bare)


def take_names_apart(whole: pl.Series) -> pl.DataFrame:
    """Take whole names apart: ``LAST, FIRST MIDDLE SUF`` or ``First Middle Last Suf``.

    Args:
        whole: Names as written; each distinct one is looked at once.

    Returns:
        One row for each name, in order: ``given``, ``middle``, ``surname`` (one or two words), ``suffix``; null where
        nothing is said. Without a comma the word before the last one is kept as ``middle``.
    """
    distinct = pl.DataFrame({"whole": whole}).unique(maintain_order=True).drop_nulls()
    suffix = _suffix(plain(pl.col("whole")))
    bare = plain(plain(pl.col("whole")).str.replace_all(_SUFFIX, " ").str.replace_all(_TITLES, " "))
    parts = distinct.with_columns(bare.alias("bare"), suffix.alias("suffix")).with_columns(
        pl.col("bare").str.contains(",").alias("turned")
    )
    before = pl.col("bare").str.extract(r"^([^,]*)")
    after = pl.col("bare").str.extract(r"^[^,]*,(.*)$").str.replace_all(",", " ")
    parts = parts.with_columns(
        pl.when("turned").then(_joined(before)).alias("surname"),
        pl.when("turned").then(after).otherwise(pl.lit(None, pl.String)).alias("first"),
        pl.when(~pl.col("turned")).then(_joined(pl.col("bare"), inside=True)).alias("straight"),
    )
    last = pl.col("straight").str.extract(r"(\S+)$")
    first = pl.col("straight").str.extract(r"^(.*\S)\s+\S+$")
    parts = parts.with_columns(
        pl.coalesce("surname", last).alias("surname"), pl.coalesce("first", first).alias("first")
    )
    parts = parts.select(
        "whole",
        pl.col("first").str.extract(r"^\s*(\S+)").alias("given"),
        pl.col("first").str.extract(r"^\s*\S+\s+(.*\S)").alias("middle"),
        "surname",
        "suffix",
    )
    known = pl.DataFrame({"whole": whole}).join(
        parts, on="whole", how="left", maintain_order="left"
    )
    return _without_nobody(known.drop("whole"))


def name_parts(parts: pl.DataFrame) -> pl.DataFrame:
    """Write the parts of names that come apart already in the same way as those of whole names.

    Args:
        parts: ``given``, ``middle``, ``surname``, ``suffix`` as written.

    Returns:
        The same columns; further words of the given name are middle names.
    """
    given = plain(pl.col("given").str.replace_all(",", " ")).str.replace_all(_SUFFIX, "")
    middle = plain(pl.col("middle").str.replace_all(",", " "))
    surname = plain(pl.col("surname").str.replace_all(",", " "))
    more = given.str.extract(r"^\s*\S+\s+(.*\S)")
    found = parts.select(
        given.str.extract(r"^\s*(\S+)").alias("given"),
        pl.coalesce(pl.concat_str([more, middle], separator=" "), more, middle).alias("middle"),
        _joined(surname.str.replace_all(_SUFFIX, "").str.strip_chars()).alias("surname"),
        pl.coalesce(_suffix(plain(pl.col("suffix"))), _suffix(surname), _suffix(given)).alias(
            "suffix"
        ),
    )
    return _without_nobody(found)


def _suffix(text: pl.Expr) -> pl.Expr:
    found = text.str.extract(_SUFFIX)
    return found.replace(_SUFFIX_WORDS)


def _joined(text: pl.Expr, *, inside: bool = False) -> pl.Expr:
    """Join particles to the word after them; ``inside`` keeps the first word of the text apart."""
    head, tail = (r"(\S) ", "${1} ") if inside else (r"(^|\s)", "${1}")
    for particle in _PARTICLES:
        text = text.str.replace_all(
            rf"{head}{particle} (\S)", f"{tail}{particle.replace(' ', '')}${{2}}"
        )
    return pl.when(text != "").then(text)


def _without_nobody(parts: pl.DataFrame) -> pl.DataFrame:
    """Blank what only says that the name is not known."""
    said = [
        pl.when(~pl.col(name).is_in(_NOBODY)).then(pl.col(name)).alias(name)
        for name in ("given", "surname")
    ]
    return parts.with_columns(said)
