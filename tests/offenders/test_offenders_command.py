"""The command: counts on screen, names only in ``restricted/`` and only with a purpose."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ipvi_cli.cli.exits import run
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.offending import COUPLE_SCHEMA, EVENT_SCHEMA, OFFENDER_SCHEMA
from ipvi_cli.offenders.harm import parse_weights
from ipvi_cli.pipeline import audit, offending
from ipvi_cli.pipeline.offending import ListAsked, Placed, offenders

SAMPLE = Path(__file__).parents[2] / "sample_data" / "two_agencies_rms"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("offenders") / "two.audit"
    audit(SAMPLE, out=out)
    return out


@pytest.fixture(scope="module")
def placed(workspace: Path) -> Placed:
    return offenders(workspace, asked=ListAsked("team review"))


def test_outputs_hold_the_declared_columns(placed: Placed, workspace: Path) -> None:
    for name, schema in (
        ("offenders", OFFENDER_SCHEMA), ("events", EVENT_SCHEMA), ("couples", COUPLE_SCHEMA),
    ):  # fmt: skip
        assert pl.read_parquet_schema(workspace / f"{name}.parquet") == schema


def test_levels_add_up_to_the_persons(placed: Placed, workspace: Path) -> None:
    persons = pl.read_parquet(workspace / "offenders.parquet")

    assert placed.tables["Candidate levels"]["persons"].sum() == persons.height
    assert persons["person_id"].is_unique().all()


def test_the_list_is_for_its_owner_alone_and_its_purpose_is_kept(
    placed: Placed, workspace: Path
) -> None:
    listed = pl.read_csv(workspace / "restricted" / "candidates.csv", infer_schema=False)
    manifest = json.loads((workspace / "manifest.json").read_text())

    assert stat.S_IMODE((workspace / "restricted").stat().st_mode) == 0o700
    for file in placed.list_files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(listed["level"].unique()) <= set("ABCD")
    # The sample leaves a few names blank.
    assert listed["names"].str.contains("TESTPERSON").fill_null(False).mean() > 0.9
    assert set(listed["note"]) == {"for team review; not evidence"}
    assert manifest["candidate_lists"][0]["purpose"] == "team review"
    assert manifest["offenders"]["criteria_sha256"] == placed.criteria.sha256


def test_the_screen_shows_counts_and_no_identifier(
    placed: Placed, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["offenders", str(workspace)]) == 0
    said = capsys.readouterr().out

    persons = pl.read_parquet(workspace / "offenders.parquet")["person_id"]
    assert "Candidate levels" in said
    assert "TESTPERSON" not in said
    assert not any(person in said for person in persons)
    manifest = json.loads((workspace / "manifest.json").read_text())
    assert manifest["candidate_lists"][0]["purpose"] == "team review"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--restricted"], "--purpose"),
        (["--purpose", "team review"], "--restricted"),
        (["--restricted", "--purpose", " "], "--purpose"),
        (["--encrypt-to", "age1x"], "--restricted"),
        (["--restricted", "--purpose", "x", "--encrypt-to", "nobody"], "public key"),
    ],
)
def test_wrong_use_is_told(
    workspace: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert run(["offenders", str(workspace), *options]) == 2
    assert said in capsys.readouterr().err


def test_criteria_can_be_read_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "criteria.toml"

    assert run(["offenders", "--explain", "--out", str(file)]) == 0
    assert run(["offenders", "--explain", "--criteria", str(file)]) == 0
    assert "B1_two_charges" in capsys.readouterr().out
    assert run(["offenders", "--explain", "--criteria", "high-point"]) == 3
    assert "did you mean 'high-point-style'?" in capsys.readouterr().err


def test_an_encrypted_list_opens_with_the_key(placed: Placed, tmp_path: Path) -> None:
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    copy = tmp_path / "copy.audit"
    shutil.copytree(placed.workspace, copy)
    found = offenders(copy, asked=ListAsked("team review", (str(identity.to_public()),)))

    assert {file.suffix for file in found.list_files} == {".age"}
    assert not (copy / "restricted" / "candidates.csv").exists()
    opened = pyrage.decrypt(found.list_files[0].read_bytes(), [identity])
    assert b"TESTPERSON" in opened


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("offence,weight,unit,source\n13A,3,days,\n", "no source in line 2"),
        ("offence,weight,unit,source\n13A,x,days,s\n", "no number"),
        ("offence,weight,unit,source\n13A,3,days,s\n13A,4,days,s\n", "another line"),
        ("offence,weight,unit,source\n13A,3,days,s\n13B,4,years,s\n", "different units"),
        ("offence,weight,unit\n13A,3,days\n", "lacks the column source"),
    ],
)
def test_weights_without_a_source_or_sense_are_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as failed:
        parse_weights(text.encode(), where="weights.csv")
    assert said in failed.value.line()


def test_harm_stands_beside_counts(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("offence,weight,unit,source\n13A,100,days,made up\n")

    found = offenders(workspace, weights=file)

    persons = pl.read_parquet(workspace / "offenders.parquet")
    events = pl.read_parquet(workspace / "events.parquet")
    grave = events.filter(
        pl.col("left_out").is_null() | (pl.col("left_out") == "age_unknown"),
        (pl.col("kind") == "incident") & (pl.col("role") == "offender"),
        pl.col("offense_codes").list.contains("13A"),
    )
    assert persons["harm"].sum() == 100 * grave.height
    assert "13A" not in found.tables["Offences without a weight"]["code"]


def test_working_in_parts_changes_nothing(
    placed: Placed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.audit"
    shutil.copytree(placed.workspace, copy)
    monkeypatch.setattr(offending, "PART", 1_500)

    found = offenders(copy)

    for title, frame in found.tables.items():
        if not title.startswith("Markers"):
            assert_frame_equal(frame, placed.tables[title])
    events = pl.read_parquet(copy / "events.parquet")
    assert_frame_equal(
        events, pl.read_parquet(placed.workspace / "events.parquet"), check_row_order=False
    )
