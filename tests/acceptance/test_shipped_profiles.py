"""The shipped profiles read deliveries in the layouts that they describe; every row in ``data`` is made up."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers_acceptance import audit_json

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
    "lapd_2020": {"incidents": 4, "denominator": 3, "intimate_partner": 2, "undetermined": 1},
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
    assert pairs["nibrs_code"].sort().to_list() == ["BG", "CF", "PA", "RU", "XS"]


def test_whoever_stands_in_a_list_of_persons_is_there(tmp_path: Path) -> None:
    name = "gva_2017_07"

    audit_json(DELIVERIES / name, tmp_path / "out.audit", "--profile", name)

    offenders = pl.read_parquet(tmp_path / "out.audit" / "tables" / "offender.parquet")
    assert offenders["incident_id"].sort().to_list() == ["GVA:1", "GVA:2", "GVA:3", "GVA:4"]


def test_snapshots_of_partners_and_family_give_the_share(tmp_path: Path) -> None:
    name = "nyc_ipv_snapshots"

    found = audit_json(DELIVERIES / name, tmp_path / "out.audit", "--profile", name)

    assert found["headline"] is None
    share = figure(tmp_path / "out.audit", "T02", "year", "2017")
    assert (share["numerator"], share["denominator"]) == (100, 150)
    assaults = figure(tmp_path / "out.audit", "T03", "year", "2017")
    assert (assaults["numerator"], assaults["denominator"]) == (10, 15)


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
