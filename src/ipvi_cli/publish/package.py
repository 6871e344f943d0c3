"""A folder that may be sent: figures, what they mean, what was withheld, and how to cite them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from ipvi_cli.model.errors import InputError
from ipvi_cli.model.provenance import Provenance
from ipvi_cli.model.tables import TABLES, identifying_columns

DEFINED: Final = ("figure_id", "title", "unit", "formula", "kind", "note", "source")
"""Columns of the definitions of figures."""

LOG_SCHEMA: Final = {
    "figure_id": pl.String(),
    "by": pl.String(),
    "group": pl.String(),
    "why": pl.String(),
}
WHY: Final = "a small count could be worked out from it"
"""Nothing closer is said in public: which counts are small themselves would help to work them out."""

_KEPT_INSIDE: Final = ("input",)
"""Breakdowns that tell of the agency's files, and leave the building in no form."""
_RECEIPT: Final = "receipt.json"
_TYPES: Final = {
    pl.String(): "string", pl.Int64(): "integer", pl.Float64(): "number", pl.Boolean(): "boolean",
}  # fmt: skip


@dataclass(frozen=True)
class Release:
    """What a package says besides its figures.

    Attributes:
        jurisdiction: Name of the jurisdiction.
        period: Declared window, both days included.
        denominator: The denominator in words.
        threshold: Counts from 1 to it are withheld.
        licence: Licence, as the profile names it.
        citation: How to cite, as the profile says.
        meanings: What each column of the figures holds.
        version: Version of the tool.
        made_on: Day of the release.
        hashes: Hashes of the profile, the rules and the workspace, by name.
        provenance: What the figures were counted from, by which peers judge whether theirs can be set beside them.
    """

    jurisdiction: str
    period: tuple[date, date] | None
    denominator: str
    threshold: int
    licence: str
    citation: str
    meanings: Mapping[str, str]
    version: str
    made_on: date
    hashes: Mapping[str, str]
    provenance: Provenance


def public(figures: pl.DataFrame) -> pl.DataFrame:
    """Leave out breakdowns that tell of the agency's files.

    Args:
        figures: ``FIGURE_SCHEMA``.
    """
    return figures.filter(~pl.col("by").is_in(_KEPT_INSIDE))


def package(
    figures: pl.DataFrame,
    definitions: pl.DataFrame,
    release: Release,
    *,
    as_csv: Callable[[pl.DataFrame], bytes],
    as_parquet: Callable[[pl.DataFrame], bytes],
) -> dict[str, bytes]:
    """Make the files of a package.

    Args:
        figures: ``FIGURE_SCHEMA``, withheld already.
        definitions: ``DEFINED``, a row for each figure.
        release: What is said besides.
        as_csv: Writes a frame as CSV in which nothing can run as a formula.
        as_parquet: Writes a frame as Parquet.

    Returns:
        Content by name. Only ``receipt.json`` holds the day.

    Raises:
        InputError: A column that identifies persons would go in.
    """
    log = disclosure_log(figures)
    dictionary = _dictionary(figures, release.meanings)
    frames = {
        "figures": figures,
        "definitions": definitions,
        "data_dictionary": dictionary,
        "disclosure_log": log,
    }
    for name, frame in frames.items():
        refuse_identifying(frame, name)
    files = {f"{name}.csv": as_csv(frame) for name, frame in frames.items()}
    files["figures.parquet"] = as_parquet(figures)
    files["README.md"] = _readme(release, figures, log).encode()
    if release.licence:
        files["LICENSE.txt"] = f"{release.licence}\n".encode()
    files["CITATION.txt"] = f"{citation(release)}\n".encode()
    files["datapackage.json"] = _json(_described(frames, files, release))
    files[_RECEIPT] = _json(
        {
            "tool": "ipvi",
            "version": release.version,
            "made_on": release.made_on.isoformat(),
            "threshold": release.threshold,
            **release.hashes,
            "audit": release.provenance.model_dump(mode="json"),
            "files": {
                name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())
            },
        }
    )
    return files


def disclosure_log(figures: pl.DataFrame) -> pl.DataFrame:
    """Say of which rows something is withheld, without saying what.

    Args:
        figures: ``FIGURE_SCHEMA``, withheld already.

    Returns:
        ``LOG_SCHEMA``.
    """
    hidden = figures.filter(pl.col("suppressed").fill_null(False))
    return hidden.select("figure_id", "by", "group", pl.lit(WHY).alias("why"))


def refuse_identifying(frame: pl.DataFrame, name: str) -> None:
    """Refuse a frame with a column that the canonical tables mark as identifying, or that names an incident.

    Args:
        frame: What would be given away.
        name: What it is called, for the message.

    Raises:
        InputError: It has such a column; all are named.
    """
    never = {column for table in TABLES for column in identifying_columns(table)} - set(DEFINED)
    never |= {
        "incident_id",
        "incident_number",
        "pair_id",
        "victim_id",
        "offender_id",
        "person_id",
        "record_id",
    }
    found = sorted(never & set(frame.columns))
    if found:
        raise InputError(
            f"{name} would give away {', '.join(found)}; nothing was written.",
            mend="Leave such columns out of what is published.",
        )


def refuse_names(figures: pl.DataFrame, names: pl.Series, where: str) -> None:
    """Refuse figures of which a group is called as a person of the delivery is, or holds a text of a narrative.

    Args:
        figures: What would be given away.
        names: Texts of an identifying column.
        where: Table and column that they are from, for the message.

    Raises:
        InputError: There is such a group.
    """
    groups = figures["group"].drop_nulls().unique().str.to_uppercase()
    if groups.is_in(names.str.to_uppercase().implode()).any():
        raise InputError(
            f"a group of a figure is called as a cell of {where} is; nothing was written.",
            mend="Look at what the profile maps to district and agency.",
        )


def citation(release: Release) -> str:
    """Give the words with which the figures are to be cited."""
    if release.citation:
        return release.citation
    period = f", {release.period[0]} to {release.period[1]}" if release.period else ""
    return f"{release.jurisdiction}: figures of intimate partner and domestic violence{period}. Made with ipvi."


def _dictionary(figures: pl.DataFrame, meanings: Mapping[str, str]) -> pl.DataFrame:
    rows = [
        ("figures", name, _TYPES.get(dtype, "string"), meanings.get(name, ""))
        for name, dtype in figures.schema.items()
    ]
    return pl.DataFrame(rows, schema=["file", "column", "type", "meaning"], orient="row")


def _described(
    frames: Mapping[str, pl.DataFrame], files: Mapping[str, bytes], release: Release
) -> dict[str, Any]:
    """Describe the package as a Frictionless Data Package."""
    resources = [
        {
            "name": name.replace("_", "-"),
            "path": f"{name}.csv",
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(files[f"{name}.csv"]),
            "hash": f"sha256:{hashlib.sha256(files[f'{name}.csv']).hexdigest()}",
            "schema": {
                "fields": [
                    {
                        "name": column,
                        "type": _TYPES.get(dtype, "string"),
                        **(
                            {"description": release.meanings[column]}
                            if column in release.meanings
                            else {}
                        ),
                    }
                    for column, dtype in frame.schema.items()
                ],
                "missingValues": [""],
            },
        }
        for name, frame in frames.items()
    ]
    described: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "intimate-partner-violence-figures",
        "title": f"Intimate partner and domestic violence: {release.jurisdiction}",
        "description": f"Counts are of {release.denominator}; counts of 1 to {release.threshold} are withheld.",
        "resources": resources,
    }
    if release.licence:
        described["licenses"] = [{"title": release.licence}]
    return described


def _readme(release: Release, figures: pl.DataFrame, log: pl.DataFrame) -> str:
    period = f"{release.period[0]} to {release.period[1]}" if release.period else "not declared"
    return f"""# Intimate partner and domestic violence: {release.jurisdiction}

Period: {period}. Shares are {release.denominator}.

| file | what |
|---|---|
| `figures.csv`, `figures.parquet` | {figures.height:,} rows: each figure in total and by group, with its bounds |
| `definitions.csv` | formula, unit and source of every figure |
| `data_dictionary.csv` | what each column of the figures holds |
| `disclosure_log.csv` | the {log.height:,} rows of which something is withheld |
| `datapackage.json` | the same, for machines (Frictionless Data Package) |
| `receipt.json` | the hash of every file, and of what they were made from |

Counts of 1 to {release.threshold} are withheld, and as many further counts as it takes that nobody can work them out
from totals and other figures; a withheld count is blank and `suppressed` is true. 0 is shown. What is undetermined is
part of the denominator: `value` is the share among those of which it is known, `lower` and `upper` are what it would be
if all that is undetermined were not, or were, intimate partners. A share of known ties assumes that unknown ties split
like known ones.

Nothing here is about a single person, incident or file.

Licence: {release.licence or "none stated; ask before using it"}. Cite as: {citation(release)}
"""


def _json(document: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()
