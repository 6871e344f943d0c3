"""The profile ``jurisdiction.toml``: who the jurisdiction is and what the columns of its files mean.

Strict: an unknown key is refused with the nearest known one, and every problem is reported at once.
What a jurisdiction may rightly decide otherwise is here and not in code.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final, Literal, Self, get_args

import polars as pl
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import Severity
from ipvi_cli.model.nibrs import NibrsFormat, nibrs_keys, nibrs_tables
from ipvi_cli.model.profile_faults import fault, suggest
from ipvi_cli.model.tables import TABLES, TRACE_COLUMNS, identifying_columns

CodeSystem = Literal["nibrs", "shr", "ncic", "ndex", "cibrs", "librs", "text", "site"]
Direction = Literal["victim_to_offender", "offender_to_victim", "symmetric", "undeclared"]
SiteWordKind = Literal["relationship", "offense", "weapon", "injury", "disposition", "call"]

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


_Word = str | float


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int | float) else value


def _as_text(value: object) -> object:
    if isinstance(value, list):
        return [str(item) if isinstance(item, int | float) else item for item in value]
    return value


Words = Annotated[
    list[str],
    BeforeValidator(_as_text),
    BeforeValidator(_as_list, json_schema_input_type=_Word | list[_Word]),
]


_DIRECTIVE: Final = re.compile(r"%[-_0]?[A-Za-z]")


class Strict(BaseModel):
    """Base of every part of the profile: unknown keys refused, frozen, no values in messages."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Period(Strict):
    """Declared window of an extract, both days included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        return self


class Jurisdiction(Strict):
    """Who the jurisdiction is, and what its files are a census of.

    Attributes:
        name: Name shown in outputs; gives the default workspace its name.
        population: ``domestic`` when the files hold only domestic incidents, ``all`` for a whole export.
        period: Declared window of the extract.
        extract_date: Day on which the extract was drawn.
        state: Two-letter state.
        denominator: The denominator in words, printed with every share.
    """

    name: str = Field(min_length=1)
    population: Literal["domestic", "all"]
    period: Period | None = None
    extract_date: date | None = None
    state: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    denominator: str | None = None


class Agency(Strict):
    """An agency whose records are in the delivery.

    Attributes:
        id: Identifier used in ``incident_id``: the ORI where there is one.
        name: Name shown in tables.
        aliases: Words by which the files name the agency.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,20}$")
    name: str = ""
    aliases: Words = []


class Partner(Strict):
    """A partner agency and its role."""

    agency: str
    role: str


class IncidentNumber(Strict):
    """The declared normalisation of incident numbers; nothing is changed that is not declared here.

    Attributes:
        strip: Characters to drop wherever they stand (outer blanks always go).
        upper: Fold to upper case.
        pad: Left-pad the digits that end the number with zeros to this many.
        century: Expand a leading two-digit year and a separator (``19-123`` to ``2019-123``).
        pattern: Regular expression that a number must match after all this, or its row is refused.
    """

    strip: str = ""
    upper: bool = True
    pad: int | None = Field(default=None, ge=1, le=30)
    century: int | None = Field(default=None, ge=18, le=20)
    pattern: str | None = None

    @field_validator("pattern")
    @classmethod
    def _regular(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                pl.Series([""]).str.contains(value)
            except pl.exceptions.PolarsError:
                raise ValueError("this is not a regular expression") from None
        return value


class Control(Strict):
    """What the cover letter or the chief said: the audit prints the difference.

    Attributes:
        rows: Rows delivered, over all inputs.
        incidents: Incidents delivered.
        intimate_partner: Published count of intimate partner incidents.
        period: Period that the letter states.
        source: Where these figures come from.
    """

    rows: int | None = Field(default=None, ge=0)
    incidents: int | None = Field(default=None, ge=0)
    intimate_partner: int | None = Field(default=None, ge=0)
    period: Period | None = None
    source: str = ""


class Limits(Strict):
    """Limits of what is printed when much is undetermined (shares of the denominator).

    Attributes:
        known_only: Up to here the known-only share leads.
        range: Up to here the range leads; above it no single figure is given.
    """

    known_only: float = Field(default=0.10, ge=0, le=1)
    range: float = Field(default=0.25, ge=0, le=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.range < self.known_only:
            raise ValueError("range is below known_only")
        return self


RuleCode = Annotated[str, Field(pattern=r"^IPVI-\d{3}$")]


class Findings(Strict):
    """Which findings the jurisdiction knows of, and how grave they are for it.

    Attributes:
        severity: Rule code to its severity here, in place of the rule's own.
        accepted: File beside the profile that lists accepted findings, as ``ipvi validate --write-baseline`` makes it.
    """

    severity: dict[RuleCode, Severity] = {}
    accepted: str | None = Field(default=None, pattern=r"^[^/\\]+\.csv$")


class Statutes(Strict):
    """Statutes that the jurisdiction confirms to protect partners only; a charge under no other decides a pair.

    Attributes:
        confirmed: Canonical citations from the packaged list, as ``CA PC 273.5``.
        by: Who confirmed them.
        on: Day on which they were confirmed.
    """

    confirmed: list[str] = []
    by: str = ""
    on: date | None = None

    @model_validator(mode="after")
    def _vouched(self) -> Self:
        if self.confirmed and not (self.by.strip() and self.on):
            raise ValueError("say by whom and on which day the statutes were confirmed (by, on)")
        return self


class Classify(Strict):
    """What else may decide a pair.

    Attributes:
        linked: Whether the same two persons, known by the agency's numbers, being partners in another incident fills
            a pair whose tie is open.
    """

    linked: bool = False


class Publish(Strict):
    """What is said of figures that leave the building.

    Attributes:
        threshold: Counts from 1 to this are withheld; it may be raised, never lowered.
        licence: Licence under which they are given, as a name and an address.
        citation: How they are to be cited.
    """

    threshold: int = Field(default=10, ge=10)
    licence: str = ""
    citation: str = ""


class Diff(Strict):
    """From when on the difference of two deliveries is drift. The defaults are ours, a site may set its own.

    Attributes:
        lost: Share lost of the incidents in months that both deliveries cover.
        volume: Change of a month's incidents, as a share of the earlier count.
        words: Share of the rows that hold a word which the other delivery lacks.
        psi: Population stability index of a column; 0.1 is usually called a moderate and 0.25 a large shift.
        share: Move of the intimate partner or the undetermined share.
    """

    lost: float = Field(default=0.01, ge=0, le=1)
    volume: float = Field(default=0.1, ge=0)
    words: float = Field(default=0.02, ge=0, le=1)
    psi: float = Field(default=0.2, ge=0)
    share: float = Field(default=0.05, ge=0, le=1)


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
        where: Source column to the words that a row must hold to feed this table.
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
        _raise_all(wrong)
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


class Profile(Strict):
    """A whole ``jurisdiction.toml``.

    Attributes:
        jurisdiction: Who it is and what the files are a census of.
        agencies: Agencies in the delivery; with exactly one, files need not name it.
        partners: Partner agencies and their roles.
        incident_number: Declared normalisation of incident numbers.
        control: Figures of the cover letter.
        limits: Limits of what is printed when much is undetermined.
        findings: Severities of rules, and the list of accepted findings.
        statutes: Statutes confirmed to protect partners only.
        classify: What else may decide a pair.
        diff: From when on the difference of two deliveries is drift.
        publish: What is said of figures that leave the building, and how far they are withheld.
        districts: District names that may be shown however rare they are.
        code_lists: Named code lists that columns refer to.
        site_words: Site words and what they mean, by kind; they win over the packaged crosswalks.
        sources: The files.
    """

    jurisdiction: Jurisdiction
    agencies: list[Agency] = []
    partners: list[Partner] = []
    incident_number: IncidentNumber = IncidentNumber()
    control: Control = Control()
    limits: Limits = Limits()
    findings: Findings = Findings()
    statutes: Statutes = Statutes()
    classify: Classify = Classify()
    publish: Publish = Publish()
    diff: Diff = Diff()
    districts: Words = []
    code_lists: dict[str, dict[str, str]] = {}
    site_words: dict[SiteWordKind, dict[str, str]] = {}
    sources: list[Source] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wrong = [
            f"two sources are named {name}" for name in _twice(one.name for one in self.sources)
        ]
        words = [
            word.upper()
            for agency in self.agencies
            for word in {
                agency.id.upper(),
                *(one.upper() for one in (agency.name, *agency.aliases) if one),
            }
        ]
        wrong += [f"two agencies share the word '{word}'" for word in _twice(words)]
        for source in self.sources:
            wrong += self._code_lists_of(source)
            wrong += _keys_of(source, one_agency=len(self.agencies) == 1)
        _raise_all(wrong)
        return self

    def _code_lists_of(self, source: Source) -> list[str]:
        return [
            f"{source.name}.{table.table}.{column} names a code list that is not in [code_lists]"
            f"{suggest(mapped.codes, self.code_lists)}"
            for table in source.tables
            for column, mapped in table.columns.items()
            if isinstance(mapped.codes, str) and mapped.codes not in self.code_lists
        ]

    @property
    def sha256(self) -> str:
        """Hash of what the profile says, whatever its layout and comments."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


_KEYED: Final = ("incident", "offense", "victim", "offender")
"""Tables whose rows need an incident."""


def _keys_of(source: Source, *, one_agency: bool) -> list[str]:
    wrong = []
    for table in source.tables:
        mapped = {*source.keys, *table.columns}
        if table.table not in _KEYED:
            continue
        if "incident_number" not in mapped:
            wrong.append(
                f"{source.name}.{table.table} has no incident_number; map it in the table or in the source's keys"
            )
        if "agency" not in mapped and not one_agency:
            wrong.append(
                f"{source.name}.{table.table} does not say which agency a row is of; map agency, or list exactly "
                "one in [[agencies]]"
            )
    for key in MAPPED_KEYS:
        own = [table.columns[key] for table in source.tables if key in table.columns]
        stated = [*own, *(mapped for name, mapped in source.keys.items() if name == key)]
        if any(one != stated[0] for one in stated):
            wrong.append(f"{source.name} takes {key} from several places; say it once in its keys")
    return wrong


def _is_nibrs(format: object) -> bool:
    return format in get_args(NibrsFormat)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _raise_all(wrong: list[str]) -> None:
    if wrong:
        raise ValueError("; ".join(wrong))


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


_MODELS: Final[dict[str, type[BaseModel]]] = {
    "": Profile, "jurisdiction": Jurisdiction, "period": Period, "agencies": Agency, "partners": Partner,
    "incident_number": IncidentNumber, "control": Control, "limits": Limits, "findings": Findings,
    "statutes": Statutes, "diff": Diff, "classify": Classify, "publish": Publish, "sources": Source, "tables": TableMap,
    "packed": Packed, "columns": ColumnMap, "keys": ColumnMap,
}  # fmt: skip
"""What each key of a profile holds."""


def parse_profile(text: str, *, where: str) -> Profile:
    """Read a profile from its TOML text.

    Args:
        text: The text of ``jurisdiction.toml``.
        where: Name of the file for messages.

    Returns:
        The checked profile.

    Raises:
        InputError: The text is not TOML, or says something that a profile cannot say; every problem is listed.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = str(error).rsplit("(", 1)[-1].rstrip(")") if "(at " in str(error) else ""
        raise InputError(
            "the profile is not valid TOML.",
            where=f"{where} ({place})" if place else where,
            mend="Check quotes, brackets and commas there.",
        ) from None
    try:
        return Profile.model_validate(document)
    except ValidationError as error:
        problems = [fault(item, document, _MODELS) for item in error.errors(include_input=False)]
        raise InputError(
            "; ".join(problems) + ".", where=where, mend="See 'The profile' in the README."
        ) from None
