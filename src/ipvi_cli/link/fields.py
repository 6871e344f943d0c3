"""What two person records are compared by: every field written in one way, whatever it was delivered as."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from ipvi_cli.link.names import name_parts, nicknames, plain, take_names_apart

RAW: Final = (
    "name", "given", "middle", "surname", "suffix", "other_names", "birth", "sex", "address", "number", "street",
    "unit", "place", "postcode", "phone", "email", "document", "agency", "person_number", "state_id", "fbi_number",
)  # fmt: skip
"""What a record of a person may say, as written; all text. ``document`` is the number of any paper of the person."""

NUMBERS: Final = ("person_number", "state_id", "fbi_number")
"""Numbers that stand for one person: the first within its agency, the others everywhere."""

_NO_NUMBER: Final = r"^(0+|1+|9+|X+|UNK.*|NONE|NA|NULL|PENDING|REFUSED)$"
_OLDEST: Final = 1895
_STREET_WORDS: Final = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "ROAD": "RD", "DRIVE": "DR", "BOULEVARD": "BLVD", "LANE": "LN",
    "COURT": "CT", "PLACE": "PL", "CIRCLE": "CIR", "CIRCUIT": "CCT", "CRESCENT": "CRES", "TERRACE": "TER",
    "HIGHWAY": "HWY", "PARKWAY": "PKWY", "APARTMENT": "APT", "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
}  # fmt: skip


def prepare(raw: pl.DataFrame) -> pl.DataFrame:
    """Write the fields of person records in one way.

    Args:
        raw: ``row``, unique, and any columns of ``RAW``; the others are taken as never stated.

    Returns:
        One row (``node``) for each record, ``primary``, and one more for each further name that it gives. ``row`` is
        the record; null is what is not stated or cannot be used.
    """
    missing = [pl.lit(None, pl.String).alias(name) for name in RAW if name not in raw.columns]
    raw = raw.with_columns(missing)
    records = pl.concat(
        [raw.select("row", "agency"), _names(raw), raw.select(_plain_fields())], how="horizontal"
    )
    records = pl.concat([records, _address(raw)], how="horizontal")
    nodes = pl.concat(
        [
            records.with_columns(pl.lit(True).alias("primary")),
            _further_names(raw, records),
        ]
    )
    roots = nicknames().group_by("nickname").agg(pl.col("name").sort())
    nodes = nodes.join(
        roots, left_on="given", right_on="nickname", how="left", maintain_order="left"
    )
    own = pl.concat_list(pl.col("given")).list.concat(pl.col("name").fill_null([]))
    return nodes.with_columns(
        pl.when(pl.col("given").is_not_null()).then(own).alias("given_roots"),
        pl.coalesce(
            pl.col("surname").str.extract(r"^\S+ (\S+)"),
            pl.when(pl.col("middle").str.len_chars() > 1)
            .then(pl.col("middle"))
            .str.extract(r"(\S+)$"),
        ).alias("surname2"),
        pl.col("surname").str.extract(r"^(\S+)").alias("surname1"),
    ).select(pl.int_range(pl.len()).alias("node"), pl.all().exclude("name"))


def dates_as_text(said: pl.Expr) -> pl.Expr:
    """Write dates of birth as ``YYYY-MM-DD`` where they are written with the year first; a year alone stays one.

    A date that no calendar has stays as it is: it may be another's with a slip of the pen.
    """
    bare = said.str.strip_chars().str.extract(r"^(\S+)")
    year_first = bare.str.replace(r"^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})$", "${1}-${2}-${3}")
    kept = pl.when(year_first.str.contains(r"^\d{4}(-\d{2}(-\d{2})?)?$")).then(year_first)
    year = kept.str.slice(0, 4).cast(pl.Int32, strict=False)
    return pl.when(year >= _OLDEST).then(kept)


def _names(raw: pl.DataFrame) -> pl.DataFrame:
    whole = take_names_apart(raw["name"])
    apart = name_parts(raw.select("given", "middle", "surname", "suffix"))
    return whole.select(
        pl.coalesce(pl.lit(apart[name]), pl.col(name)).alias(name) for name in whole.columns
    )


def _further_names(raw: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Give a copy of a record for each other name that it states."""
    said = (
        raw.select("row", pl.col("other_names").str.split(";"))
        .explode("other_names", empty_as_null=True, keep_nulls=True)
        .with_columns(pl.col("other_names").str.strip_chars())
        .filter(pl.col("other_names").str.len_chars() > 1)
    )
    parts = take_names_apart(said["other_names"])
    named = pl.concat([said.select("row"), parts], how="horizontal").filter(
        pl.col("given").is_not_null() & pl.col("surname").is_not_null()
    )
    rest = records.drop(parts.columns)
    joined = named.join(rest, on="row", how="left", maintain_order="left")
    return joined.with_columns(pl.lit(False).alias("primary")).select(*records.columns, "primary")


def _plain_fields() -> Iterable[pl.Expr]:
    birth = dates_as_text(pl.col("birth"))
    # Clerks write the first of January where only the year is known.
    full = pl.when(
        birth.str.contains(r"^\d{4}-\d{2}-\d{2}$") & ~birth.str.ends_with("-01-01")
    ).then(birth)
    yield full.alias("birth")
    yield birth.str.slice(0, 4).alias("birth_year")
    sex = pl.col("sex").str.strip_chars().str.to_uppercase().str.slice(0, 1)
    yield pl.when(sex.is_in(["F", "M"])).then(sex).alias("sex")
    digits = pl.col("phone").str.replace_all(r"\D", "").str.tail(10)
    yield pl.when(digits.str.len_chars() >= 7).then(digits).alias("phone")
    email = pl.col("email").str.strip_chars().str.to_lowercase()
    yield pl.when(email.str.contains("@")).then(email).alias("email")
    for name in ("document", *NUMBERS):
        bare = pl.col(name).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
        bare = pl.when((bare != "") & ~bare.str.contains(_NO_NUMBER)).then(bare)
        if name == "person_number":
            bare = pl.concat_str([pl.col("agency").fill_null(""), bare], separator="|")
        yield bare.alias(name)
    for name in ("place", "postcode", "unit"):
        yield _single(plain(pl.col(name))).alias(name)


def _single(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(",", " ")


def _address(raw: pl.DataFrame) -> pl.DataFrame:
    """Take an address apart: house number, street, and what follows the first comma as the place."""
    whole = plain(pl.col("address"))
    line = whole.str.extract(r"^([^,]*)")
    number = line.str.extract(r"^(\d+[A-Z]?) ")
    street = line.str.replace(r"^\d+[A-Z]? ", "").str.replace(r" (APT|UNIT|APARTMENT|NO) .*$", "")
    rest = whole.str.extract(r"^[^,]*,([^,]*)")
    found = raw.select(
        pl.coalesce(_single(plain(pl.col("number"))), number).alias("number"),
        pl.coalesce(_single(plain(pl.col("street"))), street).alias("street"),
        pl.coalesce(pl.col("place"), rest).alias("said_place"),
    )
    words = pl.col("street").str.split(" ").list.eval(pl.element().replace(_STREET_WORDS))
    return found.select("number", words.list.join(" ").alias("street"))
