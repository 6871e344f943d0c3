import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from ipvi_cli import audit
from ipvi_cli.cli.exits import run

SAMPLE = Path(__file__).parents[2] / "sample_data" / "poughkeepsie_2019"
Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "p.audit"
    audit(SAMPLE, out=folder)
    return folder


@pytest.fixture
def shell(capfd: pytest.CaptureFixture[str]) -> Shell:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = run([str(argument) for argument in arguments])
        return code, *capfd.readouterr()

    return call


def test_a_workspace_gets_its_report_which_the_manifest_lists(audited: Path, shell: Shell) -> None:
    assert not (audited / "report.html").exists()  # an audit does not make it by itself
    code, out, err = shell("report", audited)
    assert (code, out) == (0, "")
    assert "report.html" in err
    assert "Withheld" in err
    first = {name: (audited / name).read_bytes() for name in ("report.html", "report.xlsx")}
    assert (audited / "report.html").stat().st_mode & 0o077 == 0
    assert '"file": "report.html"' in (audited / "manifest.json").read_text(encoding="utf-8")

    assert shell("report", audited, "--quiet") == (0, "", "")
    assert {name: (audited / name).read_bytes() for name in first} == first
    text = first["report.html"].decode()
    assert "83.0\u00a0%" in text
    assert "CONFIDENTIAL" not in text
    book = openpyxl.load_workbook(io.BytesIO(first["report.xlsx"]))
    assert {sheet["A2"].value for sheet in book} == {"Small counts are withheld"}


def test_what_is_shared_holds_no_small_count(audited: Path, tmp_path: Path, shell: Shell) -> None:
    shell("report", audited, "--out", tmp_path / "shared.xlsx")
    shell("report", audited, "--internal", "--out", tmp_path / "inside.xlsx")

    def counts(name: str) -> list[int]:
        found = []
        for sheet in openpyxl.load_workbook(tmp_path / name):
            header = [cell.value for cell in sheet[3]]
            if "count" in header:
                at = header.index("count")
                counted = header.index("counts")
                rows = sheet.iter_rows(min_row=4, values_only=True)
                found += [
                    row[at] for row in rows if row[at] is not None and row[counted] != "months"
                ]
        return found

    small = [count for count in counts("inside.xlsx") if 1 <= count <= 10]
    assert len(small) > 50
    assert [count for count in counts("shared.xlsx") if 1 <= count <= 10] == []


def test_one_file_elsewhere_leaves_the_workspace_alone(
    audited: Path, tmp_path: Path, shell: Shell
) -> None:
    before = (audited / "manifest.json").read_bytes()
    code, _, err = shell("report", audited, "--internal", "--out", tmp_path / "r.md")
    assert code == 0
    assert "confidential, nothing withheld" in err
    assert (tmp_path / "r.md").read_text(encoding="utf-8").count("**CONFIDENTIAL**") > 3
    assert (audited / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--out", "r.pdf"), 2, "ends in none of .html, .xlsx, .md"),
        (("--boundaries", "d.geojson"), 2, "go together"),
        (("--boundaries", "none.geojson", "--boundary-key", "k"), 3, "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(
    more: tuple[str, ...], code: int, said: str, audited: Path, shell: Shell
) -> None:
    found, out, err = shell("report", audited, *more)
    assert (found, out) == (code, "")
    assert said in err


def test_a_workspace_without_figures_says_what_to_run(tmp_path: Path, shell: Shell) -> None:
    shell("ingest", SAMPLE, "--out", tmp_path / "i.audit")
    code, _, err = shell("report", tmp_path / "i.audit")
    assert code == 3
    assert "figures.parquet" in err


def test_every_number_of_the_figures_is_in_the_workbook(
    audited: Path, tmp_path: Path, shell: Shell
) -> None:
    shell("report", audited, "--internal", "--out", tmp_path / "r.xlsx")
    rows = []
    for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx"):
        header = [cell.value for cell in sheet[3]]
        if "by" in header:
            for cells in sheet.iter_rows(min_row=4, values_only=True):
                row = dict(zip(header, cells, strict=True))
                rows.append((row["figure"], row["by"], row["group"], row["count"]))
    figures = pl.read_parquet(audited / "figures.parquet").filter(pl.col("numerator").is_not_null())
    expected = figures.select("figure_id", "by", "group", "numerator").rows()
    assert sorted(map(str, rows)) == sorted(map(str, expected))
