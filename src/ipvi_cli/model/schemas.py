"""Published descriptions of what goes in and comes out: JSON Schema and a Frictionless data package.

Made from the declarations of the model and from nothing else, so that they cannot say anything different.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

import polars as pl

from ipvi_cli.model.classified import CLASSES
from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.model.outputs import OUTPUTS, Output
from ipvi_cli.model.profile import Profile
from ipvi_cli.model.profile_sources import CodeSystem, Direction, mappable_columns
from ipvi_cli.model.tables import (
    FATES,
    TABLES,
    identifying_columns,
    metadata,
    polars_schema,
    public_columns,
)

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_TYPES: Final[dict[type, str]] = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Time: "time",
    pl.List: "array",
}
"""Polars type to field type of the Frictionless Table Schema."""

_CLOSED: Final[dict[str, tuple[str, ...]]] = {
    "row_fate": FATES,
    "code_system": get_args(CodeSystem),
    "direction": get_args(Direction),
    "area_kind": ("district", "joint_interest", "unknown", "total"),
}
"""Canonical columns that hold one of few words."""

_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.+?)(?=^ {4}\w+: |\Z)", re.MULTILINE | re.DOTALL)

_SHA256: Final = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_TEXT: Final = {"type": "string"}
_SHARE: Final = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


def schemas() -> dict[str, Any]:
    """Describe the profile, the canonical tables and the outputs.

    Returns:
        Documents by the file name under which they are published: JSON Schema (2020-12) of the profile, of the manifest
        and of what ``ipvi audit --format json`` prints, and the data package of a workspace.
    """
    return {
        "profile.schema.json": profile_schema(),
        "manifest.schema.json": manifest_schema(),
        "audit.schema.json": audit_schema(),
        "datapackage.json": data_package(),
    }


def profile_schema() -> dict[str, Any]:
    """Describe ``jurisdiction.toml``, so that an editor can complete and check it."""
    schema = Profile.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        _explain(part)
    tables = schema["$defs"]["TableMap"]
    tables["properties"]["table"]["enum"] = list(TABLES)
    tables["allOf"] = [
        {
            "if": {"properties": {"table": {"const": table}}},
            "then": {
                "properties": {
                    "columns": {"propertyNames": {"enum": list(mappable_columns(table))}}
                }
            },
        }
        for table in TABLES
    ]
    return {"$schema": DIALECT, **schema, "title": "Profile of a jurisdiction (jurisdiction.toml)"}


def manifest_schema() -> dict[str, Any]:
    """Describe ``manifest.json``."""
    given = {
        "file": {**_TEXT, "description": "dir.csv, book.xlsx#Sheet1 or a.zip!b.csv"},
        "source": {**_TEXT, "description": "Source of the profile that the file belongs to"},
        "sha256": _SHA256,
        "bytes": _COUNT,
        "rows_read": {**_COUNT, "description": "Data records after the header"},
        "rows_accepted": _COUNT,
        "rows_quarantined": {**_COUNT, "description": "rows_read less rows_accepted"},
        "row_fates": {
            **_object(dict.fromkeys(FATES, _COUNT)),
            "description": "What became of the accepted rows; the fates sum to rows_accepted",
        },
        "lines_skipped": {**_COUNT, "description": "Blank, preamble and footer-note lines"},
        "columns": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Names of its columns",
        },
    }
    made = {
        "file": _TEXT,
        "sha256": _SHA256,
        "rows": {"type": ["integer", "null"], "minimum": 0},
    }
    return _document(
        "Manifest of a workspace (manifest.json)",
        {
            "tool": {"const": "ipvi"},
            "version": _TEXT,
            "profile_sha256": _SHA256,
            "rules_sha256": _SHA256,
            "complete": {"type": "boolean", "description": "Whether every source was read"},
            "inputs": {"type": "array", "items": _object(given, optional=("source", "columns"))},
            "outputs": {"type": "array", "items": _object(made)},
            "created_at": {**_TEXT, "format": "date-time"},
        },
    )


def audit_schema() -> dict[str, Any]:
    """Describe the object that ``ipvi audit --format json`` prints."""
    counts = ("incidents", "denominator", *CLASSES, "undetermined_unflagged")
    headline = {
        **dict.fromkeys(counts, _COUNT),
        **dict.fromkeys(("share", "share_lower", "share_upper"), _SHARE),
        "lead": {"enum": ["known_only", "range", "none"]},
    }
    day = {**_TEXT, "format": "date"}
    return _document(
        "What an audit prints as JSON",
        {
            "jurisdiction": _TEXT,
            "period": {"anyOf": [_object({"start": day, "end": day}), {"type": "null"}]},
            "complete": {"type": "boolean"},
            "headline": {
                "anyOf": [_object(headline), {"type": "null"}],
                "description": "Incidents in the denominator by class; null for a delivery of counts only",
            },
            "findings": _object(dict.fromkeys(("error", "warning", "info"), _COUNT)),
            "rows": _object(dict.fromkeys(("read", "accepted", "quarantined"), _COUNT)),
            "workspace": {"type": ["string", "null"]},
        },
    )


def data_package() -> dict[str, Any]:
    """Describe the tables of a workspace as a Frictionless tabular data package (version 1)."""
    resources = []
    for table in TABLES:
        resources.append(_table(table, f"tables/{table}.parquet", public_columns(table), table))
        if hidden := identifying_columns(table):
            path = f"restricted/identity/{table}.parquet"
            resources.append(_table(table, path, ("record_id", *hidden), f"{table}_identity"))
            resources[-1]["schema"]["foreignKeys"] = [
                {"fields": "record_id", "reference": {"resource": table, "fields": "record_id"}}
            ]
    resources += [_output(name, output) for name, output in OUTPUTS.items()]
    return {
        "profile": "tabular-data-package",
        "name": "ipvi-workspace",
        "title": "Workspace of an audit",
        "description": "Canonical tables, classified pairs and incidents, findings, figures and refused rows. All of it"
        " is confidential; fields marked 'identifying' name a person or hold free text and lie in restricted/ alone.",
        "resources": resources,
    }


def _table(table: str, path: str, columns: tuple[str, ...], name: str) -> dict[str, Any]:
    types = polars_schema(table)
    described = (TABLES[table].__doc__ or "").strip().splitlines()[0]
    if name != table:
        described = f"What identifies persons or holds free text in table {table}."
    fields = []
    for column in columns:
        meta = metadata(table, column)
        limits: dict[str, Any] = {}
        if not TABLES[table].columns()[column].nullable:
            limits["required"] = True
        if column == "record_id":
            limits["unique"] = True
        if "minimum" in meta:
            limits["minimum"] = meta["minimum"]
        if vocabulary := meta.get("vocabulary"):
            limits["enum"] = sorted(set(CODE_LISTS[vocabulary].values()))
        if column in _CLOSED:
            limits["enum"] = list(_CLOSED[column])
        marks: dict[str, Any] = {
            key: meta[key] for key in ("identifying", "unit", "site_word") if key in meta
        }
        if "kind" in meta:
            marks["crosswalk"] = meta["kind"]
        fields.append(_field(column, types[column], meta["description"], limits, marks))
    return _resource(name, path, described, fields, ("record_id",))


def _output(name: str, output: Output) -> dict[str, Any]:
    fields = []
    for column, dtype in output.types.items():
        limits: dict[str, Any] = {}
        if column in output.required:
            limits["required"] = True
        if column in output.closed:
            limits["enum"] = list(output.closed[column])
        fields.append(_field(column, dtype, output.meanings[column], limits, {}))
    return _resource(name, output.path, output.description, fields, output.key)


def _field(
    name: str,
    dtype: pl.DataType,
    description: str,
    limits: Mapping[str, Any],
    marks: Mapping[str, Any],
) -> dict[str, Any]:
    given = {
        "name": name,
        "type": _TYPES[type(dtype)],
        "description": description,
        "constraints": dict(limits),
    }
    if isinstance(dtype, pl.List) and dtype.inner != pl.String():
        # An array is of texts unless it says otherwise.
        given["items"] = _TYPES[type(dtype.inner)]
    return {key: value for key, value in {**given, **marks}.items() if value != {}}


def _resource(
    name: str, path: str, description: str, fields: list[dict[str, Any]], key: tuple[str, ...]
) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": fields}
    if key:
        schema["primaryKey"] = list(key)
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": description,
        "schema": schema,
    }


def _object(properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
    }


def _document(title: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "title": title, **_object(properties)}


def _explain(part: dict[str, Any]) -> None:
    """Turn what the docstring of a part says of its attributes into descriptions of its properties."""
    summary, _, attributes = part.get("description", "").partition("\n\nAttributes:\n")
    part["description"] = " ".join(summary.split()).replace("``", "'")
    for told in part["properties"].values():
        told.pop("title", None)
    for name, meaning in _ATTRIBUTE.findall(attributes):
        if name in part["properties"]:
            part["properties"][name]["description"] = " ".join(meaning.split()).replace("``", "'")
