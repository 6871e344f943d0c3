"""The samples, their profiles taken away: a draft that needs no answer must already give the right numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers_onboard import study

from ipvi_cli import pipeline
from ipvi_cli.model.profile import Profile
from ipvi_cli.pipeline import onboarding

ROOT = Path(__file__).parents[2] / "sample_data"
SAMPLES = ("poughkeepsie_2019", "two_agencies_rms", "nyc_snapshot")


def _truth(profile: Profile) -> dict[tuple[str, str, str], str]:
    found = {}
    for source in profile.sources:
        for name, mapping in source.keys.items():
            found[source.files, "keys", name] = mapping
        for table in source.tables:
            for name, mapping in table.columns.items():
                found[source.files, table.table, name] = mapping
    return {
        (files.strip("*").split("*")[0].split(".")[0], table, name): "".join(mapping.column.split())
        for (files, table, name), mapping in found.items()
        if mapping.column is not None
    }


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_columns_of_a_sample_are_mapped_as_its_own_profile_maps_them(sample: str) -> None:
    profile, _ = pipeline.load_profile(ROOT / sample, None)
    rows = study(ROOT / sample).guesses.drop_nulls("table").to_dicts()

    lost = []
    asked = 0
    for (file, table, name), column in _truth(profile).items():
        mine = [
            row
            for row in rows
            if file in row["file"] and (row["table"], row["canonical"]) == (table, name)
        ]
        if not any("".join(row["column"].split()) == column for row in mine):
            lost.append((table, name))
        asked += any(row["status"] == "mapped_asked" for row in mine)

    assert lost == []
    assert asked <= 0.1 * len(_truth(profile))


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("drafts")
    for sample in SAMPLES:
        shutil.copytree(ROOT / sample, folder / sample)
        (folder / sample / "jurisdiction.toml").unlink()
        onboarding.init(folder / sample)
    return {sample: folder / sample for sample in SAMPLES}


@pytest.mark.parametrize("sample", ["poughkeepsie_2019", "two_agencies_rms"])
def test_a_draft_without_answers_counts_what_the_own_profile_counts(
    sample: str, drafts: dict[str, Path], tmp_path: Path
) -> None:
    own = pipeline.audit(ROOT / sample, out=tmp_path / "own.audit")
    done = pipeline.audit(drafts[sample], out=tmp_path / "draft.audit")

    assert done.complete
    assert done.headline is not None
    assert own.headline is not None
    assert done.headline.incidents == own.headline.incidents
    assert done.headline.intimate_partner == own.headline.intimate_partner
    assert done.rows == own.rows


def test_the_published_snapshot_is_known(drafts: dict[str, Path], tmp_path: Path) -> None:
    text = (drafts["nyc_snapshot"] / "jurisdiction.toml").read_text(encoding="utf-8")
    done = pipeline.audit(drafts["nyc_snapshot"], out=tmp_path / "nyc.audit")

    assert "from the profile nyc_ipv_snapshots" in text
    assert done.complete
    assert done.rows["quarantined"] == 0
