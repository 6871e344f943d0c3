"""The sample jurisdictions, audited as a newcomer would, against the truth that lies beside them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from helpers_acceptance import SAMPLES, audit_json, ipvi

from ipvi_cli import audit

CLASSES = (
    "intimate_partner",
    "other_family",
    "other_domestic",
    "known_not_domestic",
    "stranger",
    "undetermined",
)


def truth(name: str) -> dict:
    return json.loads((SAMPLES / f"{name}-truth" / "truth.json").read_text(encoding="utf-8"))


def test_the_city_of_2019_yields_560_incidents_of_which_465_intimate_partner(
    tmp_path: Path,
) -> None:
    told = audit_json(SAMPLES / "poughkeepsie_2019", tmp_path / "p.audit")
    head = told["headline"]
    assert (head["incidents"], head["denominator"]) == (560, 560)
    assert (head["intimate_partner"], head["undetermined"]) == (465, 0)
    assert head["share"] == pytest.approx(465 / 560)
    assert head["share_lower"] == head["share_upper"] == head["share"]
    assert head["lead"] == "known_only"
    assert told["rows"]["read"] == told["rows"]["accepted"] + told["rows"]["quarantined"]
    assert told["complete"] is True


def test_the_city_of_2019_says_so_in_one_line(tmp_path: Path) -> None:
    done = ipvi("audit", SAMPLES / "poughkeepsie_2019", "--out", tmp_path / "p.audit", cwd=tmp_path)
    assert "465 of 560 " in done.stdout
    assert "83.0 % [83.0–83.0]" in done.stdout


def test_two_agencies_show_a_range_that_holds_the_truth(tmp_path: Path) -> None:
    told = audit_json(SAMPLES / "two_agencies_rms", tmp_path / "r.audit")
    head, made = told["headline"], truth("two_agencies_rms")
    assert head["incidents"] == made["incidents"]
    assert head["denominator"] == made["denominator"]
    assert {name: head[name] for name in CLASSES if head[name]} == made["classes"]
    assert head["undetermined_unflagged"] == made["undetermined_unflagged"]
    assert head["undetermined"] / head["denominator"] > 0.10
    assert head["lead"] == "range"


@pytest.mark.parametrize("name", ["poughkeepsie_2019", "two_agencies_rms"])
def test_each_incident_has_its_true_class(name: str, tmp_path: Path) -> None:
    done = audit(SAMPLES / name, out=tmp_path / "s.audit")
    assert done.workspace is not None
    found = pl.read_parquet(done.workspace / "incidents.parquet")
    made = pl.read_csv(SAMPLES / f"{name}-truth" / "incident_classes.csv", infer_schema=False)
    both = made.join(found, on="incident_id", how="full", suffix="|found")
    wrong = both.filter(pl.col("incident_class").ne_missing(pl.col("incident_class|found")))
    assert wrong.is_empty(), wrong.select("incident_id", "incident_class", "incident_class|found")


@pytest.mark.parametrize("name", ["poughkeepsie_2019", "two_agencies_rms"])
def test_the_rows_of_each_file_have_the_fates_that_were_made(name: str, tmp_path: Path) -> None:
    done = audit(SAMPLES / name, out=tmp_path / "s.audit")
    made = truth(name)["files"]
    for record in done.inputs:
        told = made[record.file]
        assert record.rows_read == told["read"], record.file
        assert record.rows_quarantined == told["quarantined"], record.file
        assert record.row_fates["duplicate"] == told["duplicate"], record.file
        assert sum(record.row_fates.values()) == record.rows_accepted
        assert record.rows_read == record.rows_accepted + record.rows_quarantined


def test_the_snapshot_is_summed_by_year_and_totals_are_counted_once(tmp_path: Path) -> None:
    told = audit_json(SAMPLES / "nyc_snapshot", tmp_path / "n.audit")
    assert told["headline"] is None
    figures = pl.read_parquet(tmp_path / "n.audit" / "figures.parquet")
    for year, counts in truth("nyc_snapshot")["years"].items():
        reports = figures.filter(figure_id="T01", by="year", group=year)
        assert reports["numerator"].to_list() == [counts["ipv_dir"]]


def test_the_same_delivery_gives_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a.audit", "b.audit")]
    for folder in folders:
        audit(SAMPLES / "two_agencies_rms", out=folder, xlsx=True)
    first, second = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != "manifest.json"
        }
        for folder in folders
    )
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_stages_run_one_by_one_end_where_the_audit_ends(tmp_path: Path) -> None:
    whole = audit_json(SAMPLES / "two_agencies_rms", tmp_path / "whole.audit")
    ipvi("ingest", SAMPLES / "two_agencies_rms", "--out", "parts.audit", cwd=tmp_path)
    parts = tmp_path / "parts.audit"
    for stage in ("classify", "validate", "link", "offenders", "summarize"):
        ipvi(stage, parts, cwd=tmp_path, code=None)
    for name in ("pairs", "incidents", "figures", "findings"):
        one, other = (tmp_path / f"{kind}.audit" / f"{name}.parquet" for kind in ("whole", "parts"))
        assert one.read_bytes() == other.read_bytes(), name
    assert whole["headline"] is not None


def test_the_published_samples_are_what_the_command_writes(tmp_path: Path) -> None:
    """Checked for one shape here; tests of the sample room check every byte of all."""
    ipvi(
        "sample", "s", "--shape", "dir", "--seed", "2019", "--mess", "0.25", "--quiet", cwd=tmp_path
    )
    made = (tmp_path / "s" / "dir_2019.csv").read_bytes()
    assert made == (SAMPLES / "poughkeepsie_2019" / "dir_2019.csv").read_bytes()


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("mess", ["0", "0.5"])
@pytest.mark.parametrize("shape", ["dir", "rms"])
def test_jurisdictions_never_seen_before_yield_their_truth(
    shape: str, mess: str, seed: int, tmp_path: Path
) -> None:
    ipvi("sample", "s", "--shape", shape, "--seed", str(seed), "--mess", mess,
         "--incidents", "300", "--quiet", cwd=tmp_path)  # fmt: skip
    head = audit_json(tmp_path / "s", tmp_path / "s.audit")["headline"]
    made = json.loads((tmp_path / "s-truth" / "truth.json").read_text(encoding="utf-8"))
    assert head["incidents"] == made["incidents"]
    assert head["denominator"] == made["denominator"]
    assert {name: head[name] for name in CLASSES if head[name]} == made["classes"]
