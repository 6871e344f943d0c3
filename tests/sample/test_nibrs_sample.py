"""A submission reads as what it was made to hold."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from ipvi_cli import audit
from ipvi_cli.pipeline.catalogue import sample as write_sample
from ipvi_cli.sample import make_sample


def test_the_same_seed_gives_the_same_submission() -> None:
    one = make_sample("nibrs", seed=3, incidents=40)

    assert one == make_sample("nibrs", seed=3, incidents=40)
    assert one != make_sample("nibrs", seed=4, incidents=40)
    assert one.profile == ""


def test_without_mess_every_line_is_whole() -> None:
    made = make_sample("nibrs", seed=3, incidents=40, mess=0)

    text = made.files["submission.txt"].decode("ascii")
    lines = text.removesuffix("\r\n").split("\r\n")
    assert all(len(line) == int(line[:4]) for line in lines)
    told = json.loads(made.truth["truth.json"])["files"]["submission.txt"]
    assert told == {"read": len(lines), "quarantined": 0, "duplicate": 0, "deleted": 0}


def test_mess_is_in_the_lines() -> None:
    text = make_sample("nibrs", seed=3, incidents=200, mess=0.5).files["submission.txt"].decode()

    assert not text.endswith("\n")
    assert "\n\n" in text.replace("\r", "")
    assert 0 < text.count("\r\n") < text.count("\n")
    assert any(line[5:6] == "D" for line in text.splitlines())


@pytest.mark.parametrize("mess", [0.0, 0.5])
def test_an_audit_finds_the_truth(mess: float, tmp_path: Path) -> None:
    folder, truth = write_sample(
        tmp_path / "n", shape="nibrs", seed=6, incidents=150, intimate=None, years=1, mess=mess
    )

    done = audit(folder, out=tmp_path / "n.audit")

    told = json.loads((truth / "truth.json").read_text(encoding="utf-8"))
    (record,) = done.inputs
    rows = told["files"]["submission.txt"]
    assert (record.rows_read, record.rows_quarantined) == (rows["read"], rows["quarantined"])
    assert record.row_fates["superseded"] == rows["deleted"]
    found = pl.read_parquet(tmp_path / "n.audit" / "incidents.parquet")
    made = pl.read_csv(truth / "incident_classes.csv")
    both = made.join(found, on="incident_id", how="full", suffix="_found")
    for name in ("incident_class", "in_denominator", "reason"):
        assert both.filter(pl.col(name).ne_missing(pl.col(f"{name}_found"))).is_empty(), name
