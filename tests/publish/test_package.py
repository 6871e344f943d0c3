"""The folder that may be sent: whole, described, hashed, and with nobody in it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from ipvi_cli.cli.exits import run
from ipvi_cli.model.errors import InputError
from ipvi_cli.pipeline import audit
from ipvi_cli.pipeline.releasing import publish
from ipvi_cli.pipeline.reporting import report
from ipvi_cli.pipeline.stages import RELEASES
from ipvi_cli.publish import withhold
from ipvi_cli.publish.package import refuse_identifying

SAMPLES = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("publish") / "city.audit"
    audit(SAMPLES / "poughkeepsie_2019", out=out)
    return out


@pytest.fixture(scope="module")
def folder(workspace: Path) -> Path:
    return publish(workspace).folder


def test_every_file_is_described_and_hashed(folder: Path) -> None:
    receipt = json.loads((folder / "receipt.json").read_text())
    others = {path.name for path in folder.iterdir()} - {"receipt.json"}
    assert set(receipt["files"]) == others
    for name, digest in receipt["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    described = json.loads((folder / "datapackage.json").read_text())
    assert described["profile"] == "tabular-data-package"
    for resource in described["resources"]:
        content = (folder / resource["path"]).read_text(encoding="utf-8")
        header = next(csv.reader(io.StringIO(content)))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert resource["hash"] == f"sha256:{receipt['files'][resource['path']]}"


def test_nothing_small_and_nothing_of_files_is_in_it(folder: Path) -> None:
    figures = pl.read_parquet(folder / "figures.parquet")
    of_persons = figures.filter(
        ~pl.col("counting_unit").is_in(["months", "days", "agencies", "files", "columns"])
    )
    for count in ("numerator", "denominator", "undetermined"):
        assert of_persons.filter(pl.col(count).is_between(1, 10)).is_empty()
    assert "input" not in figures["by"].to_list()
    hidden = figures.filter("suppressed")
    assert hidden.height > 0
    assert hidden["value"].null_count() == hidden.height
    log = pl.read_csv(folder / "disclosure_log.csv", infer_schema=False)
    assert log.height == hidden.height
    assert set(log.columns) == {"figure_id", "by", "group", "why"}


def test_no_cell_of_the_delivery_that_names_somebody_is_in_it(
    folder: Path, workspace: Path
) -> None:
    names: set[str] = set()
    for table in (workspace / "restricted" / "identity").glob("*.parquet"):
        frame = pl.read_parquet(table)
        for column in {"name", "address", "phone", "narrative"} & set(frame.columns):
            names |= {cell for cell in frame[column].drop_nulls().to_list() if len(cell) > 3}
    assert names
    text = "".join(
        path.read_text()
        for path in folder.iterdir()
        if path.suffix in (".csv", ".md", ".json", ".txt")
    )
    text += str(pl.read_parquet(folder / "figures.parquet").to_dicts())
    assert not [name for name in names if name in text]


def test_a_second_release_is_held_against_the_first(
    workspace: Path, folder: Path, tmp_path: Path
) -> None:
    again = publish(workspace, out=tmp_path / "again")
    assert again.earlier == 1
    assert pl.read_parquet(again.folder / "figures.parquet").equals(
        pl.read_parquet(folder / "figures.parquet")
    )
    kept = list((workspace / "restricted" / "published").glob("*/figures.parquet"))
    assert len(kept) == 2
    audit(SAMPLES / "poughkeepsie_2019", out=workspace)
    assert len(list((workspace / "restricted" / "published").glob("*/figures.parquet"))) == 2


def test_a_report_withholds_what_an_earlier_release_did(workspace: Path, tmp_path: Path) -> None:
    kept = tmp_path / "city.audit"
    shutil.copytree(workspace, kept)
    shutil.rmtree(kept / RELEASES, ignore_errors=True)
    headline = (pl.col("figure_id") == "B09") & (pl.col("by") == "total")
    before = pl.read_parquet(kept / "figures.parquet").with_columns(
        pl.when(~headline).then("numerator"), suppressed=headline
    )
    report(kept, out=tmp_path / "first.md")

    folder = kept / RELEASES / "0001"
    folder.mkdir(parents=True)
    before.write_parquet(folder / "figures.parquet")
    report(kept, out=tmp_path / "later.md")

    said = "that were between intimate partners is withheld"
    assert said not in (tmp_path / "first.md").read_text()
    assert said in (tmp_path / "later.md").read_text()


def test_a_folder_is_never_replaced(
    workspace: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    assert run(["publish", str(workspace), "--out", str(mine)]) == 4
    assert [path.name for path in mine.iterdir()] == ["notes.txt"]
    assert (
        run(["publish", str(workspace), "--previous", str(mine), "--out", str(tmp_path / "new")])
        == 3
    )
    assert not (tmp_path / "new").exists()
    assert "figures.parquet" in capfd.readouterr().err


@pytest.mark.parametrize(
    "column", ["name", "birth_date", "address", "narrative", "statute", "incident_id", "person_id"]
)
def test_a_column_that_identifies_is_refused_by_name(column: str) -> None:
    with pytest.raises(InputError, match=column):
        refuse_identifying(pl.DataFrame({"figure_id": ["A01"], column: ["x"]}), "figures")


def test_a_group_that_is_called_as_a_person_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"19-{n},2019-05-01,Zzquillon,Zzquillon,WIFE\n" for n in range(1, 15))
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "dir.csv").write_text("No,Date,Beat,Name,Tie\n" + rows)
    (folder / "jurisdiction.toml").write_text("""
districts = ["Zzquillon"]
[jurisdiction]
name = "Made-up town"
population = "domestic"
[[agencies]]
id = "TOWN"
[[sources]]
name = "dir"
files = "dir.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
columns = { occurred_on = "Date", district = "Beat" }
[[sources.tables]]
table = "victim"
columns = { name = "Name" }
[[sources.tables]]
table = "relationship"
columns = { relationship_raw = "Tie" }
""")
    audit(folder, out=tmp_path / "town.audit")
    assert run(["publish", str(tmp_path / "town.audit"), "--out", str(tmp_path / "out")]) == 3
    error = capfd.readouterr().err
    assert "victim.name" in error
    assert "quillon" not in error.lower()
    assert not (tmp_path / "out").exists()


def test_the_snapshot_of_a_city_has_new_yorks_columns_and_is_read_back(
    workspace: Path, tmp_path: Path
) -> None:
    done = publish(workspace, like="nyc-snapshot", out=tmp_path / "snap")
    header = (done.folder / "snapshot.csv").read_text().splitlines()[0]
    assert header == (
        "Report_Year,Comm_Dist_ Boro,Comm_District,IPV_DIR,IPV_Fel_Assault ,DV_Fel_Assault ,IPV_Rape ,DV_Rape "
    )
    clear = pl.read_csv(done.folder / "snapshot_clear.csv")
    assert clear.columns[:4] == ["year", "borough", "district", "ipv_dir"]
    assert clear.filter(pl.col("ipv_dir").is_between(1, 10)).is_empty()
    incidents = pl.read_parquet(workspace / "incidents.parquet").filter(
        pl.col("incident_class") == "intimate_partner"
    )
    assert clear["ipv_dir"].sum() <= incidents.height
    delivery = tmp_path / "read"
    delivery.mkdir()
    (delivery / "ipv_2019_2019.csv").write_bytes((done.folder / "snapshot.csv").read_bytes())
    read = audit(delivery, profile="nyc_ipv_snapshots", out=tmp_path / "read.audit")
    tally = pl.read_parquet(tmp_path / "read.audit" / "tables" / "tally.parquet")
    assert read.rows["quarantined"] == 0
    assert tally.filter(pl.col("row_fate") == "new")["ipv_dir"].sum() == clear["ipv_dir"].sum()


def test_published_counts_are_withheld_again(tmp_path: Path) -> None:
    audit(SAMPLES / "nyc_snapshot", out=tmp_path / "nyc.audit")
    done = publish(tmp_path / "nyc.audit", like="nyc-snapshot", out=tmp_path / "snap")
    shown = pl.read_csv(done.folder / "snapshot_clear.csv", infer_schema=False)
    for name in shown.columns[3:]:
        assert shown.filter(pl.col(name).cast(pl.Int64).is_between(1, 10)).is_empty()
    assert shown["ipv_dir"].cast(pl.Int64).sum() > 10_000


def test_one_small_count_takes_another_with_it() -> None:
    counts = pl.DataFrame(
        {
            "year": [2019] * 4,
            "borough": ["A"] * 4,
            "district": ["1", "2", "3", "4"],
            "ipv_dir": [3, 50, 20, 90],
            "ipv_felony_assault": [0, 0, 0, 0],
            "dv_felony_assault": [0, 0, 0, 0],
            "ipv_rape": [20, 30, 0, 15],
            "dv_rape": [25, 30, 0, 40],
        }
    )
    shown = withhold(counts, 10)
    assert shown["ipv_dir"].to_list() == [None, 50, None, 90]
    assert shown["dv_felony_assault"].to_list() == [0, 0, 0, 0]
    # 25 - 20 would tell of five in families.
    assert shown["ipv_rape"].to_list() == [None, 30, 0, None]
    assert shown["dv_rape"].to_list() == [25, 30, 0, 40]
