from pathlib import Path

import polars as pl
import pytest
from helpers_workspace import finish, tree
from hypothesis import given
from hypothesis import strategies as st

from ipvi_cli.workspace import open_workspace, stage
from ipvi_cli.workspace.files import safe_name

REFUSED = pl.DataFrame(
    {
        "record_id": [1],
        "source_file": ["a"],
        "source_row": [7],
        "reason_code": ["IPVI-107"],
        "message": ["13 fields where 12 are expected."],
        "byte_offset": [120],
        "raw": [b"JOHN SMITH,=1+1"],
    }
)


def test_what_a_refused_row_held_lies_in_restricted_alone(tmp_path: Path) -> None:
    out = tmp_path / "x.audit"
    with stage(out) as staging:
        staging.write_quarantine("dir.csv", REFUSED)
        finish(staging)
    workspace = open_workspace(out)
    public = workspace.scan_output("quarantine/dir.csv.parquet").collect()
    hidden = workspace.scan_output("restricted/quarantine/dir.csv.parquet").collect()
    assert public.columns == ["record_id", "source_file", "source_row", "reason_code", "message"]
    assert hidden["raw"].to_list() == [b"JOHN SMITH,=1+1"]
    assert not any(b"SMITH" in text for name, text in tree(out).items() if "restricted" not in name)


def test_labels_that_differ_by_case_or_odd_letters_keep_files_apart(tmp_path: Path) -> None:
    labels = ["a.zip!b.csv", "a.zip/b.csv", "DIR.csv", "dir.csv", "../up.csv", "con.csv", "ä", "ö"]
    with stage(tmp_path / "x.audit") as staging:
        for label in labels:
            staging.write_quarantine(label, REFUSED)
        names = [path.name for path in (staging.path / "quarantine").iterdir()]
        finish(staging)
    assert len({name.casefold() for name in names}) == len(labels)
    assert "DIR.csv.parquet" in names


@given(st.text(min_size=1))
def test_every_label_makes_a_name_that_every_system_takes(label: str) -> None:
    name = safe_name(label)
    assert name.isascii()
    assert not set(name) & set('<>:"/\\|?*\n\0 ')
    assert not name.startswith(".")
    assert len(name) <= 100


@pytest.mark.parametrize("label", ["dir.csv", "2019-05_RMS.export.xlsx"])
def test_a_plain_label_stays_as_it_is(label: str) -> None:
    assert safe_name(label) == label
