"""The profile ``jurisdiction.toml``: who the jurisdiction is and what the columns of its files mean.

Strict: an unknown key is refused with the nearest known one, and every problem is reported at once.
What a jurisdiction may rightly decide otherwise is here and not in code.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, Self

from pydantic import (
    BaseModel,
    Field,
    ValidationError,
    model_validator,
)

from ipvi_cli.model.errors import InputError
from ipvi_cli.model.profile_faults import fault, suggest
from ipvi_cli.model.profile_sections import (
    Agency,
    Classify,
    Control,
    Diff,
    Findings,
    IncidentNumber,
    Jurisdiction,
    Limits,
    Partner,
    Period,
    Publish,
    Statutes,
    Strict,
    Words,
    raise_all,
)
from ipvi_cli.model.profile_sources import MAPPED_KEYS, ColumnMap, Packed, Source, TableMap

SiteWordKind = Literal["relationship", "offense", "weapon", "injury", "disposition", "call"]


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
        raise_all(wrong)
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


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


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
