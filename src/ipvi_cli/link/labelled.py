"""Linking judged by records whose person is known: precision, recall and F1 of pairs, with intervals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from ipvi_cli.link.run import LOOSE, STRICT, Linked
from ipvi_cli.model.intervals import wilson

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "full_name", "fullname", "person_name"),
    "given": ("given_name", "first_name", "firstname", "forename", "fname", "given"),
    "middle": ("middle_name", "middle", "mname", "middle_initial"),
    "surname": ("surname", "last_name", "lastname", "lname", "family_name"),
    "suffix": ("suffix", "name_suffix"),
    "other_names": ("other_names", "aliases", "alias"),
    "birth": ("date_of_birth", "dob", "birth_date", "birthdate", "born"),
    "sex": ("sex", "gender"),
    "address": ("address", "full_address"),
    "number": ("street_number", "house_number"),
    "street": ("address_1", "address1", "street", "street_name", "address_line_1"),
    "unit": ("address_2", "address2", "address_line_2", "unit"),
    "place": ("suburb", "city", "town", "locality", "place", "birth_place"),
    "postcode": ("postcode", "zip", "zipcode", "zip_code", "postal_code", "postcode_fake"),
    "phone": ("phone", "telephone", "phone_number", "mobile"),
    "email": ("email", "email_address", "e_mail"),
    "document": ("soc_sec_id", "ssn", "social_security_number", "driver_licence", "driver_license"),
    "agency": ("agency", "ori"),
    "person_number": ("person_number", "mni"),
    "state_id": ("state_id", "sid"),
    "fbi_number": ("fbi_number", "fbi"),
}
"""Names of columns by what they hold."""

RECORD_NAMES: Final = ("rec_id", "unique_id", "record_id", "id")
PERSON_NAMES: Final = ("cluster", "person", "person_id", "entity_id", "true_id", "cluster_id")
PAIR_NAMES: Final = (
    ("id_l", "id_r"), ("id_a", "id_b"), ("unique_id_l", "unique_id_r"), ("left_id", "right_id"), ("id1", "id2"),
)  # fmt: skip

FIELDS: Final = tuple(_COLUMNS)
"""What a column may hold."""

_FEBRL: Final = r"^rec-(\d+)-(?:org|dup-\d+)$"
"""Record names of FEBRL (Christen and Pudjijono 2009), which say of which person a record is."""


def plain_name(column: str) -> str:
    """Write the name of a column as it is looked up."""
    return re.sub(r"[^a-z0-9]+", "_", column.strip().lower()).strip("_")


def recognised(columns: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    """Say which column holds what.

    Args:
        columns: Names of the columns.
        said: Columns that the user named, by what they hold.

    Returns:
        Column by field.
    """
    known = {plain_name(column): column for column in columns}
    found = {
        field: known[name]
        for field, names in _COLUMNS.items()
        for name in reversed(names)
        if name in known
    }
    return {**found, **said}


def first_of(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """Find the first of some names among the columns."""
    known = {plain_name(column): column for column in columns}
    return next((known[name] for name in names if name in known), None)


def person_in_record_name(names: pl.Series) -> pl.Series | None:
    """Give the person of each record where the records are named after FEBRL; ``None`` where any is not."""
    found = names.str.strip_chars().str.extract(_FEBRL)
    return None if found.null_count() or not len(found) else found


def year_first(births: pl.Series) -> pl.Series:
    """Write dates such as ``4/11/1971`` with the year first; day and month are told apart by all of them together.

    Where no date decides, the month is taken to come first.
    """
    parts = births.str.strip_chars().str.extract_groups(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
    frame = parts.struct.unnest().with_columns(births.alias("said"))
    frame.columns = ["first", "second", "year", "said"]
    day_first = frame.select((pl.col("first").cast(pl.Int64, strict=False) > 12).any()).item()
    month, day = ("second", "first") if day_first else ("first", "second")
    turned = pl.concat_str(
        "year", pl.col(month).str.zfill(2), pl.col(day).str.zfill(2), separator="-"
    )
    return frame.select(pl.coalesce(turned, "said")).to_series()


def agreement(
    linked: Linked,
    *,
    person: pl.Series | None = None,
    judged: pl.DataFrame | None = None,
    file: pl.Series | None = None,
) -> pl.DataFrame:
    """Judge the links.

    Args:
        linked: The records, linked.
        person: Person of each record; null where it is not known, and then the record's pairs are not judged.
        judged: Pairs of which it is known, in place of persons: rows ``a`` and ``b``, and ``same``.
        file: File of each record, where only pairs between files count.

    Returns:
        For each threshold ``threshold``, ``probability``, the pairs ``linked``, ``true``, ``both``, ``precision`` and
        ``recall`` with the ends of their 95 % interval (Wilson), and ``f1``.
    """
    rows = []
    for name, least, clusters in (
        ("strict", STRICT, linked.clusters.strict),
        ("loose", LOOSE, linked.clusters.loose),
    ):
        said = pl.Series("said", clusters)
        if judged is not None:
            counts = _of_pairs(said, judged)
        else:
            assert person is not None
            counts = _of_persons(said, person, file)
        rows.append((name, least, *counts))
    frame = pl.DataFrame(
        rows,
        schema=["threshold", "probability", "linked", "true", "both"],
        orient="row",
    )
    found, true, both = pl.col("linked"), pl.col("true"), pl.col("both")
    precision, recall = wilson(both, found), wilson(both, true)
    return frame.with_columns(
        pl.when(found > 0).then(both / found).alias("precision"),
        precision[0].alias("precision_lower"),
        precision[1].alias("precision_upper"),
        pl.when(true > 0).then(both / true).alias("recall"),
        recall[0].alias("recall_lower"),
        recall[1].alias("recall_upper"),
        pl.when(found + true > 0).then(2 * both / (found + true)).alias("f1"),
    )


def _of_persons(said: pl.Series, person: pl.Series, file: pl.Series | None) -> tuple[int, int, int]:
    frame = pl.DataFrame({"said": said, "person": person}).with_columns(
        pl.lit(0).alias("file") if file is None else file.alias("file")
    )
    frame = frame.drop_nulls("person")

    def pairs(*names: str) -> int:
        every = _pairs_within(frame, names)
        return every if file is None else every - _pairs_within(frame, (*names, "file"))

    return pairs("said"), pairs("person"), pairs("said", "person")


def _pairs_within(frame: pl.DataFrame, names: Sequence[str]) -> int:
    sizes = frame.group_by(names).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _of_pairs(said: pl.Series, judged: pl.DataFrame) -> tuple[int, int, int]:
    together = judged.with_columns(
        (said.gather(judged["a"]) == said.gather(judged["b"])).alias("together")
    )
    return (
        int(together["together"].sum()),
        int(together["same"].sum()),
        int((together["together"] & together["same"]).sum()),
    )
