"""What an audit writes and prints has the shapes that ``schemas/`` publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from helpers_acceptance import ROOT, SAMPLES, audit_json

TYPES = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "time": pl.Time(),
    "array": pl.List(pl.String()),
}


def published(name: str) -> Any:
    return json.loads((ROOT / "schemas" / name).read_text(encoding="utf-8"))


def published_type(field: dict[str, Any]) -> pl.DataType:
    return pl.List(TYPES[field["items"]]) if "items" in field else TYPES[field["type"]]


def check(frame: pl.DataFrame, schema: dict[str, Any]) -> None:
    fields = schema["fields"]
    assert frame.schema == {field["name"]: published_type(field) for field in fields}
    for field in fields:
        limits, held = field.get("constraints", {}), frame[field["name"]]
        assert not (limits.get("required") and held.null_count()), field["name"]
        if "enum" in limits:
            assert set(held.drop_nulls().unique()) <= set(limits["enum"]), field["name"]
    key = schema.get("primaryKey")
    assert key is None or not frame.select(key).is_duplicated().any()


@pytest.mark.parametrize("sample", ["poughkeepsie_2019", "two_agencies_rms", "nyc_snapshot"])
def test_a_workspace_is_as_published(sample: str, tmp_path: Path) -> None:
    out = tmp_path / "out.audit"

    printed = audit_json(SAMPLES / sample, out)

    jsonschema.validate(printed, published("audit.schema.json"))
    jsonschema.validate(
        json.loads((out / "manifest.json").read_text()), published("manifest.schema.json")
    )
    seen = set()
    for resource in published("datapackage.json")["resources"]:
        for path in out.glob(resource["path"]):
            check(pl.read_parquet(path), resource["schema"])
            seen.add(path.relative_to(out).parts[0])
    assert {"tables", "findings.parquet", "figures.parquet"} <= seen
    written = [*(out / "tables").iterdir(), *out.glob("*.parquet")]
    paths = {resource["path"] for resource in published("datapackage.json")["resources"]}
    assert {path.relative_to(out).as_posix() for path in written} <= paths
