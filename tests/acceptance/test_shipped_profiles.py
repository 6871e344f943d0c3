"""The shipped profiles read deliveries in the layouts that they describe; every row in ``data`` is made up."""

from __future__ import annotations

import csv
import json
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers_acceptance import audit_json
from polars.testing import assert_frame_equal

from ipvi_cli.model.profile import parse_profile

PROFILES = sorted(Path(str(resources.files("ipvi_cli") / "profiles")).glob("*.toml"))
DELIVERIES = Path(__file__).parent / "data" / "shipped_profiles"

HEADLINES: dict[str, dict[str, Any]] = {
    "bloomington_dv_calls": {"incidents": 2, "denominator": 2, "undetermined": 2, "lead": "none"},
    "cde_nibrs_mn_2018": {
        "incidents": 5,
        "denominator": 4,
        "intimate_partner": 2,
        "other_family": 1,
        "undetermined": 1,
        "undetermined_unflagged": 1,
    },
    "chicago_2012": {"incidents": 3, "denominator": 3, "undetermined": 3, "lead": "none"},
    "dallas_rms_2016_2017": {"incidents": 2, "intimate_partner": 0},
    "gva_2017_07": {
        "incidents": 5,
        "denominator": 3,
        "intimate_partner": 1,
        "other_family": 1,
        "undetermined": 1,
    },
    "generic_cad": {"incidents": 3, "undetermined": 3, "lead": "none"},
    "ny_dir": {
        "incidents": 6,
        "denominator": 6,
        "intimate_partner": 3,
        "other_family": 2,
        "undetermined": 1,
    },
    "lapd_2020": {
        "incidents": 5,
        "denominator": 3,
        "intimate_partner": 2,
        "undetermined": 1,
        "not_applicable": 2,
    },
    "nypd_homicide": {
        "incidents": 7,
        "denominator": 5,
        "intimate_partner": 2,
        "known_not_domestic": 1,
        "undetermined": 2,
        "undetermined_unflagged": 1,
    },
}
"""What is expected of the delivery in each layout."""


def as_portal_json(path: Path, form: str) -> str:
    """Write a CSV file as the open data portal's API does (``records``) or its export (``rows``)."""
    header, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    names = ["".join(name.split()).lower() for name in header]
    if form == "records":
        return json.dumps([dict(zip(names, row, strict=True)) for row in rows])
    columns = [{"name": "sid", "fieldName": ":sid", "dataTypeName": "meta_data"}]
    columns += [
        {"name": name, "fieldName": field, "dataTypeName": "text"}
        for name, field in zip(header, names, strict=True)
    ]
    data = [[f"row-{number}", *row] for number, row in enumerate(rows)]
    return json.dumps({"meta": {"view": {"columns": columns}}, "data": data})


def figure(workspace: Path, figure_id: str, by: str, group: str) -> dict[str, Any]:
    figures = pl.read_parquet(workspace / "figures.parquet")
    row = figures.filter(figure_id=figure_id, by=by, group=group)
    assert row.height == 1
    return row.row(0, named=True)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_shipped_profile_is_whole_and_explained(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    profile = parse_profile(text, where=path.name)
    assert profile.jurisdiction.denominator
    assert text.startswith("# ")
    assert "population is" in text or profile.sources[0].feeds("tally")


@pytest.mark.parametrize("name", HEADLINES)
def test_a_delivery_of_the_layout_is_audited(name: str, tmp_path: Path) -> None:
    expected = HEADLINES[name]

    found = audit_json(DELIVERIES / name, tmp_path / "out.audit", "--profile", name)

    assert {key: found["headline"][key] for key in expected} == expected
    assert found["rows"]["quarantined"] == 0
    assert found["complete"]


def test_the_numbers_of_the_bundle_lead_to_pairs(tmp_path: Path) -> None:
    name = "cde_nibrs_mn_2018"

    audit_json(DELIVERIES / name, tmp_path / "out.audit", "--profile", name)

    pairs = pl.read_parquet(tmp_path / "out.audit" / "pairs.parquet").drop_nulls("nibrs_code")
    assert pairs["nibrs_code"].sort().to_list() == ["BG", "CF", "PA", "XS"]


def test_whoever_stands_in_a_list_of_persons_is_there(tmp_path: Path) -> None:
    name = "gva_2017_07"

    audit_json(DELIVERIES / name, tmp_path / "out.audit", "--profile", name)

    offenders = pl.read_parquet(tmp_path / "out.audit" / "tables" / "offender.parquet")
    assert offenders["incident_id"].sort().to_list() == ["GVA:1", "GVA:2", "GVA:3", "GVA:4"]


def test_a_call_without_a_report_is_a_call_all_the_same(tmp_path: Path) -> None:
    name = "generic_cad"

    audit_json(DELIVERIES / name, tmp_path / "out.audit", "--profile", name)

    calls = pl.read_parquet(tmp_path / "out.audit" / "tables" / "call.parquet")
    assert calls["incident_id"].null_count() == 3
    assert calls["call_type"].value_counts().filter(call_type="domestic")["count"].to_list() == [4]
    assert calls["officer_initiated"].sum() == 1


def test_snapshots_of_partners_and_family_give_the_share(tmp_path: Path) -> None:
    name = "nyc_ipv_snapshots"

    found = audit_json(DELIVERIES / name, tmp_path / "out.audit", "--profile", name)

    assert found["headline"] is None
    share = figure(tmp_path / "out.audit", "T02", "year", "2017")
    assert (share["numerator"], share["denominator"]) == (100, 150)
    assaults = figure(tmp_path / "out.audit", "T03", "year", "2017")
    assert (assaults["numerator"], assaults["denominator"]) == (10, 15)


@pytest.mark.parametrize("form", ["records", "rows"])
def test_snapshots_as_the_portal_gives_them_in_json_give_the_same_figures(
    form: str, tmp_path: Path
) -> None:
    name = "nyc_ipv_snapshots"
    folder = tmp_path / "in"
    folder.mkdir()
    for path in (DELIVERIES / name).glob("*.csv"):
        text = as_portal_json(path, form)
        (folder / path.with_suffix(".json").name).write_text(text, encoding="utf-8")

    audit_json(DELIVERIES / name, tmp_path / "csv.audit", "--profile", name)
    audit_json(folder, tmp_path / "json.audit", "--profile", name)

    csv_figures, json_figures = (
        pl.read_parquet(tmp_path / f"{one}.audit" / "figures.parquet").filter(
            pl.col("figure_id").str.starts_with("T")
        )
        for one in ("csv", "json")
    )
    assert_frame_equal(csv_figures, json_figures)
    assert json_figures.height > 0


def test_a_snapshot_without_a_year_asks_for_one_and_takes_it(tmp_path: Path) -> None:
    name = "nyc_ipv_snapshot_no_year"
    shipped = resources.files("ipvi_cli") / "profiles" / f"{name}.toml"
    filled = tmp_path / "filled.toml"
    filled.write_text(
        shipped.read_text(encoding="utf-8").replace("# year =", "year ="), encoding="utf-8"
    )

    audit_json(DELIVERIES / name, tmp_path / "asks.audit", "--profile", name)
    audit_json(DELIVERIES / name, tmp_path / "knows.audit", "--profile", str(filled))

    codes = {
        one: set(pl.read_parquet(tmp_path / f"{one}.audit" / "findings.parquet")["code"])
        for one in ("asks", "knows")
    }
    assert "IPVI-311" in codes["asks"] - codes["knows"]
    assert figure(tmp_path / "knows.audit", "T01", "year", "2017")["numerator"] == 100
