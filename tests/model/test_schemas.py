import json
import re
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ipvi_cli.model.outputs import OUTPUTS
from ipvi_cli.model.schemas import schemas
from ipvi_cli.model.tables import TABLES, identifying_columns, metadata, polars_schema

ROOT = Path(__file__).parents[2]
CHECKED_IN = ROOT / "schemas"

SAMPLES = sorted((ROOT / "sample_data").glob("*/jurisdiction.toml"))
SHIPPED = sorted(Path(str(resources.files("ipvi_cli") / "profiles")).glob("*.toml"))

FIELD_TYPES = {"string", "integer", "number", "boolean", "date", "time", "array"}
"""Those types of Table Schema 1.0 that are used here."""

CONSTRAINTS = {
    "string": {"required", "unique", "enum"},
    "integer": {"required", "unique", "enum", "minimum"},
    "number": {"required", "minimum"},
    "boolean": {"required", "enum"},
    "date": {"required"},
    "time": {"required"},
    "array": {"required"},
}

PACKAGE = schemas()["datapackage.json"]
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}


def as_json(path: Path) -> Any:
    """Read a profile as JSON would hold it: dates as text."""
    return json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str))


def profile_validator() -> Any:
    return jsonschema.Draft202012Validator(schemas()["profile.schema.json"])


def test_the_checked_in_files_are_current() -> None:
    current = schemas()
    held = {
        path.name: json.loads(path.read_text(encoding="utf-8")) for path in CHECKED_IN.iterdir()
    }
    assert held == current, "run: ipvi schema --out schemas"


def test_the_command_writes_the_checked_in_files(tmp_path: Path) -> None:
    main = "from ipvi_cli.cli.exits import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", main, "schema", "--out", str(tmp_path / "made")],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir()}
    assert written == {path.name: path.read_bytes() for path in CHECKED_IN.iterdir()}


@pytest.mark.parametrize("name", [name for name in schemas() if name.endswith(".schema.json")])
def test_every_json_schema_is_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize(
    "path", [*SAMPLES, *SHIPPED], ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_profiles_are_valid(path: Path) -> None:
    assert [error.message for error in profile_validator().iter_errors(as_json(path))] == []


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        ((), "jurisdicton", {}),
        (("jurisdiction",), "population", "some"),
        (("sources", 0, "tables", 0), "table", "incidents"),
        (("sources", 0, "tables", 0, "columns"), "incident_id", "Report No"),
        (("sources", 0, "tables", 0, "columns", "occurred_on"), "formats", ["%Y"]),
        (("sources", 0), "delimiter", "||"),
    ],
)
def test_what_a_profile_cannot_say_is_invalid(
    place: tuple[str | int, ...], key: str, value: Any
) -> None:
    document = as_json(ROOT / "sample_data" / "poughkeepsie_2019" / "jurisdiction.toml")
    document["sources"][0]["tables"][0]["columns"]["occurred_on"] = {"column": "Date Occurred"}
    part = document
    for step in place:
        part = part[step]
    part[key] = value
    assert not profile_validator().is_valid(document)


def test_every_property_of_the_profile_is_described() -> None:
    schema = schemas()["profile.schema.json"]
    parts = {"Profile": schema, **schema["$defs"]}
    bare = {
        f"{part}.{name}"
        for part, one in parts.items()
        for name, told in one["properties"].items()
        if not told.get("description") and part not in {"Period", "Partner"}
    }
    assert bare == set()


def test_a_manifest_must_account_for_its_inputs() -> None:
    digest = "0" * 64
    given = {
        "file": "dir.csv",
        "sha256": digest,
        "bytes": 1,
        "rows_read": 3,
        "rows_accepted": 2,
        "rows_quarantined": 1,
        "row_fates": {"new": 2, "merged": 0, "duplicate": 0, "superseded": 0, "total": 0},
        "lines_skipped": 0,
    }
    manifest = {
        "tool": "ipvi",
        "version": "1",
        "profile_sha256": digest,
        "rules_sha256": digest,
        "complete": True,
        "inputs": [given],
        "outputs": [{"file": "findings.parquet", "sha256": digest, "rows": None}],
        "created_at": "2024-01-01T00:00:00+00:00",
    }
    validator = jsonschema.Draft202012Validator(schemas()["manifest.schema.json"])
    assert validator.is_valid(manifest)
    for key in given:
        less = {name: value for name, value in given.items() if name != key}
        assert not validator.is_valid({**manifest, "inputs": [less]})


def test_the_data_package_has_the_shape_that_frictionless_asks_for() -> None:
    assert PACKAGE["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[-a-z0-9._/]+", PACKAGE["name"])
    names = [resource["name"] for resource in PACKAGE["resources"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", RESOURCES)
def test_every_resource_has_the_shape_that_frictionless_asks_for(name: str) -> None:
    resource = RESOURCES[name]
    assert resource["profile"] == "tabular-data-resource"
    assert re.fullmatch(r"[-a-z0-9._]+", name)
    assert re.fullmatch(r"(?!.*\.\.)[^./~][^:]*", resource["path"])
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert len(fields) == len(resource["schema"]["fields"])
    for field in fields.values():
        assert field["type"] in FIELD_TYPES
        assert field["description"]
        limits = field.get("constraints", {})
        assert set(limits) <= CONSTRAINTS[field["type"]]
        assert len(set(limits.get("enum", []))) == len(limits.get("enum", []))
    assert set(resource["schema"].get("primaryKey", [])) <= set(fields)
    for key in resource["schema"].get("foreignKeys", []):
        there = RESOURCES[key["reference"]["resource"]]["schema"]["fields"]
        assert key["fields"] in fields
        assert key["reference"]["fields"] in {field["name"] for field in there}


@pytest.mark.parametrize("table", TABLES)
def test_a_canonical_table_is_described_whole_and_its_identities_apart(table: str) -> None:
    public = {field["name"]: field for field in RESOURCES[table]["schema"]["fields"]}
    hidden = {}
    if identifying_columns(table):
        fields = RESOURCES[f"{table}_identity"]["schema"]["fields"]
        hidden = {field["name"]: field for field in fields if field["name"] != "record_id"}
    assert {*public, *hidden} == set(polars_schema(table))
    assert not {*public} & {*hidden}
    assert all(field["identifying"] for field in hidden.values())
    assert not any("identifying" in field for field in public.values())
    for name, field in public.items():
        assert field.get("unit") == metadata(table, name).get("unit")


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_column_of_an_output_has_a_meaning(name: str) -> None:
    output = OUTPUTS[name]
    assert list(output.meanings) == list(output.types)
    assert {*output.key, *output.closed, *output.required} <= set(output.types)
