"""`ipvi rows` on a sample: the list adds up to the printed figure and lies where only its owner reads it."""

from pathlib import Path

import polars as pl
import pytest
from helpers_acceptance import ipvi

from ipvi_cli.model.figure import BEHIND_SCHEMA


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    ipvi("sample", "s", "--shape", "rms", "--incidents", "120", cwd=folder)
    ipvi("audit", "s", "--out", "s.audit", cwd=folder)
    return folder / "s.audit"


def test_a_list_adds_up_to_the_figure(workspace: Path) -> None:
    figures = pl.read_parquet(workspace / "figures.parquet")
    row = figures.filter(pl.col("figure_id") == "B09", pl.col("by") == "agency").row(0, named=True)
    for side in ("numerator", "denominator", "undetermined"):
        group = f"agency={row['group']}"
        done = ipvi(
            "rows",
            "b09",
            workspace,
            "--group",
            group,
            f"--{side}",
            "--format",
            "json",
            cwd=workspace.parent,
        )
        assert f'"number":{row[side]},' in done.stdout
        file = Path(done.stderr.strip().split("(confidential): ")[1])
        assert file.parent == workspace / "restricted" / "rows"
        assert file.stat().st_mode & 0o777 == 0o600
        listed = pl.read_csv(file)
        assert listed["adds"].sum() == row[side]
        assert listed["unit"].n_unique() == row[side]


def test_a_list_may_be_parquet(workspace: Path) -> None:
    ipvi("rows", "C05", workspace, "--parquet", cwd=workspace.parent)
    listed = pl.read_parquet(
        workspace / "restricted" / "rows" / "C05_numerator_total_total.parquet"
    )
    assert dict(listed.schema) == BEHIND_SCHEMA


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["X99"], "there is no figure X99"),
        (["A01"], "not a count of rows"),
        (["B01"], "cannot be made: needs call.call_type_raw"),
        (["B08", "--group", "agency"], "--group needs a breakdown and a group"),
        (["B08", "--group", "agency=nobody"], "has no such group"),
        (["B08", "--group", "offense=13A"], "not broken down by offense"),
        (["B08", "--numerator", "--undetermined"], "exclude one another"),
    ],
)
def test_what_cannot_be_listed_is_wrong_usage(
    arguments: list[str], words: str, workspace: Path
) -> None:
    before = sorted(path.name for path in (workspace / "restricted").rglob("*"))
    done = ipvi("rows", *arguments[:1], workspace, *arguments[1:], cwd=workspace.parent, code=2)
    assert words in done.stderr
    assert sorted(path.name for path in (workspace / "restricted").rglob("*")) == before
