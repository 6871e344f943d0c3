"""The sources of a profile: which files there are, and what their columns mean."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Literal, Self, get_args

import polars as pl
from pydantic import (
    BeforeValidator,
    Field,
    field_validator,
    model_validator,
)

from ipvi_cli.model.nibrs import NibrsFormat, nibrs_keys, nibrs_tables
from ipvi_cli.model.profile_faults import suggest
from ipvi_cli.model.profile_sections import (
    Strict,
    Words,
    raise_all,
)
from ipvi_cli.model.tables import TABLES, TRACE_COLUMNS, identifying_columns

CodeSystem = Literal["nibrs", "shr", "ncic", "ndex", "cibrs", "librs", "text", "site"]
Direction = Literal["victim_to_offender", "offender_to_victim", "symmetric", "undeclared"]

MAPPED_KEYS = ("agency", "incident_number")
"""Canonical columns that a source may state once for all its tables."""

KEYLESS = ("tally", "population", "change")
"""Tables whose rows belong to no agency's incident."""

DERIVED_COLUMNS = frozenset(
    {
        *TRACE_COLUMNS,
        "incident_id",
        "victim_id",
        "offender_id",
        "offense_code",
        "weapon_codes",
        "injury_codes",
        "suspected_use",
        "circumstance_codes",
        "offender_unknown",
        "disposition",
        "call_type",
        "code_system",
        "direction",
        "area_kind",
        "district_raw",
    }
)
"""Canonical columns that reading derives from others; a profile cannot map them."""


_DIRECTIVE: Final = re.compile(r"%[-_0]?[A-Za-z]")


class ColumnMap(Strict):
    """Where one canonical column comes from: a source column, a constant, and a closed set of transforms.

    Attributes:
        column: Source column.
        columns: Source columns whose filled cells are joined.
        join: Text between joined cells.
        constant: The same value in every row.
        split: Separator at which the cell is cut into parts.
        part: Which part to take, from 1, or from -1 at the end; without it list columns take all.
        codes: Name of a code list of the profile, or the list itself: site word to canonical word.
        date_formats: Formats of dates and times (strftime), tried in order.
        yes: Words that mean yes.
        no: Words that mean no.
        otherwise: What a filled cell means that is neither a yes nor a no word.
        null_words: Further words that mean that nothing was stated.
        code_system: Code system of a coded column.
        direction: Whose tie to whom a relationship column states.
    """

    column: str | None = None
    columns: list[str] = []
    join: str = " "
    constant: str | int | bool | None = None
    split: str | None = Field(default=None, min_length=1)
    part: int | None = None
    codes: str | dict[str, str] | None = None
    date_formats: Words = []
    yes: Words = []
    no: Words = []
    otherwise: Literal["yes", "no", "unknown"] | None = None
    null_words: Words = []
    code_system: CodeSystem = "text"
    direction: Direction = "undeclared"

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = [self.column is not None, bool(self.columns), self.constant is not None]
        if sum(origins) != 1:
            raise ValueError("give exactly one of column, columns and constant")
        if self.part == 0:
            raise ValueError("part counts from 1, or from -1 at the end")
        if self.part is not None and self.split is None:
            raise ValueError("part needs split, the separator at which the cell is cut")
        return self

    @field_validator("date_formats")
    @classmethod
    def _formats(cls, value: list[str]) -> list[str]:
        return _date_formats(value)

    def source_columns(self) -> tuple[str, ...]:
        """Name the source columns that this reads."""
        return (self.column,) if self.column is not None else tuple(self.columns)


def _date_formats(formats: list[str]) -> list[str]:
    for form in formats:
        if form != "excel" and not _DIRECTIVE.search(form):
            raise ValueError("a date format is written like %m/%d/%Y, or is excel for day numbers")
    return formats


def _shorthand(value: object) -> object:
    if isinstance(value, int | float | date):
        raise ValueError("for the same value in every row write { constant = ... }")
    return {"column": value} if isinstance(value, str) else value


Mapped = Annotated[ColumnMap, BeforeValidator(_shorthand, json_schema_input_type=str | ColumnMap)]


class Packed(Strict):
    """Cells that hold a list of persons, as ``0::Victim||1::Suspect``; each item becomes a row.

    Attributes:
        columns: Source columns packed alike and aligned by key.
        items: Separator between items.
        key: Separator between an item's key and its value; without it items align by position.
    """

    columns: list[str] = Field(min_length=1)
    items: str = Field(min_length=1)
    key: str | None = Field(default=None, min_length=1)


class TableMap(Strict):
    """How the rows of a source feed one canonical table.

    Attributes:
        table: Canonical table.
        columns: Canonical column to its origin.
        where: Source column to the words that a row must hold to feed this table; the empty word is an empty cell.
        unless: Source column to the words that keep a row out of this table.
        repeat: Number of column groups in a row; ``{n}`` in a source column's name counts from 1.
        packed: List cells to unpack before the rest.
    """

    table: str
    columns: dict[str, Mapped] = {}
    where: dict[str, Words] = {}
    unless: dict[str, Words] = {}
    repeat: int = Field(default=1, ge=1, le=32)
    packed: Packed | None = None

    @field_validator("table")
    @classmethod
    def _known_table(cls, value: str) -> str:
        if value not in TABLES:
            raise ValueError(f"no canonical table has this name{suggest(value, TABLES)}")
        return value

    @model_validator(mode="after")
    def _known_columns(self) -> Self:
        allowed = mappable_columns(self.table)
        wrong = [
            f"table {self.table} has no mappable column '{name}'{suggest(name, allowed)}"
            for name in self.columns
            if name not in allowed
        ]
        wrong += [
            f"{name} takes a whole cell; say with part which part of it is meant"
            for name, mapped in self.columns.items()
            if name in allowed
            and mapped.split is not None
            and mapped.part is None
            and not takes_lists(self.table, name)
        ]
        if self.repeat > 1 and not any("{n}" in name for name in self._written()):
            wrong.append("repeat needs {n} in the names of the source columns")
        raise_all(wrong)
        return self

    def _written(self) -> set[str]:
        names = {name for mapped in self.columns.values() for name in mapped.source_columns()}
        names |= {*self.where, *self.unless}
        return names | set(self.packed.columns if self.packed is not None else ())

    def source_columns(self) -> frozenset[str]:
        """Name every source column that this reads, column groups written out."""
        return frozenset(
            name.replace("{n}", str(group))
            for name in self._written()
            for group in range(1, self.repeat + 1)
        )


class Source(Strict):
    """A kind of file in the delivery.

    Attributes:
        name: Name of the source in messages.
        files: Glob of the files, relative to the delivery, also of members inside an archive.
        format: Format; ``auto`` decides from the content. The NIBRS formats have their maps in themselves, so that
            ``keys`` and ``tables`` are left out.
        required: Whether the audit is incomplete without it.
        encoding: Encoding of files that are not UTF-8.
        delimiter: Field separator.
        header_row: Line of the header from 1; 0 when there is none.
        header: Column names when there is no header.
        sheet: Name or glob of the sheets.
        records: Key path of the list of records in a JSON document.
        later_files: What the rows of an incident do that stands in an earlier file too, in the order of the files'
            names: add to it, or, as supplements do, stand in its place.
        null_words: Words that mean that nothing was stated.
        date_formats: Formats of dates and times, tried in order; none: decided per column from all its values.
        time_zone: Zone to which stamps with an offset are converted; others are local already.
        keys: ``agency`` and ``incident_number`` for all tables of the source, and ``expunged``, a yes for rows that the
            law no longer lets anybody keep.
        tables: Canonical tables that its rows feed.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9_.-]+$")
    files: str = Field(min_length=1)
    format: Literal["auto", "delimited", "excel", "json", "ndjson", "parquet"] | NibrsFormat = (
        "auto"
    )
    required: bool = True
    later_files: Literal["add", "supersede"] = "add"
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    header_row: int | None = Field(default=None, ge=0)
    header: list[str] = []
    sheet: str | None = None
    records: str | None = None
    null_words: Words = ["NULL", "null", "(null)", "NaN", "nan", "\\N", "#N/A"]
    date_formats: Words = []
    time_zone: str | None = None
    keys: dict[Literal["agency", "incident_number", "expunged"], Mapped] = {}
    tables: list[TableMap] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _mapped_by_format(cls, value: object) -> object:
        if not isinstance(value, dict) or not _is_nibrs(value.get("format")):
            return value
        filled = {"keys": nibrs_keys(), "tables": nibrs_tables()}
        if any(name in value for name in filled):
            raise ValueError("a NIBRS format has its maps in itself; leave keys and tables out")
        return {**value, **filled}

    @field_validator("date_formats")
    @classmethod
    def _formats(cls, value: list[str]) -> list[str]:
        return _date_formats(value)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                pl.Series([0]).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(value)
            except pl.exceptions.PolarsError:
                raise ValueError(
                    "there is no time zone of this name, as America/New_York is one"
                ) from None
        return value

    @model_validator(mode="after")
    def _header_named(self) -> Self:
        if self.header and self.header_row != 0:
            raise ValueError("header names the columns of files without one; set header_row = 0")
        return self

    @model_validator(mode="after")
    def _totals_without_clients(self) -> Self:
        """Refuse client-level data of partners: 34 U.S.C. 12291(b)(2) lets totals alone leave an advocate."""
        of_partner = any(
            item.table == "tally" and "measure" in item.columns for item in self.tables
        )
        identifying = any(
            set(item.columns) & set(identifying_columns(item.table)) for item in self.tables
        )
        if of_partner and (identifying or len({item.table for item in self.tables}) > 1):
            raise ValueError(
                "a partner's totals come without clients; map no person from this source, and ask the partner for a"
                " file of totals alone"
            )
        return self

    @property
    def is_nibrs(self) -> bool:
        """Whether its format is one of NIBRS, which maps itself."""
        return _is_nibrs(self.format)

    def source_columns(self) -> frozenset[str]:
        """Name every source column that the profile maps from this source."""
        names = {name for mapped in self.keys.values() for name in mapped.source_columns()}
        return frozenset(names).union(*(table.source_columns() for table in self.tables))

    def feeds(self, table: str) -> bool:
        """Say whether rows of this source feed a canonical table."""
        return any(item.table == table for item in self.tables)


def _is_nibrs(format: object) -> bool:
    return format in get_args(NibrsFormat)


def takes_lists(table: str, column: str) -> bool:
    """Say whether a canonical column takes every part of a cell: codes of weapons and injuries, and flags."""
    if column in ("weapon_raw", "injury_raw"):
        return True
    own = TABLES[table].columns()
    return column in own and own[column].dtype == pl.Boolean()


def mappable_columns(table: str) -> tuple[str, ...]:
    """Name the columns of a canonical table that a profile may map, join keys included."""
    own = [name for name in TABLES[table].columns() if name not in DERIVED_COLUMNS]
    keys = [] if table in KEYLESS else [key for key in MAPPED_KEYS if key not in own]
    return (*own, *keys)
