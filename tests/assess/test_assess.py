"""The partner checklist: what is written to fill in, and what answers come to."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from ipvi_cli.assess import against_volumes, by_area, disagreements, gaps, not_known, read_filled
from ipvi_cli.assess.checklist import ROLES, STEPS, checklist, items_of
from ipvi_cli.cli.exits import run
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.partners import ANSWER_SCHEMA, CAPACITY_SCHEMA
from ipvi_cli.pipeline import audit
from ipvi_cli.pipeline.assessing import assess, new_checklist

SAMPLE = Path(__file__).parents[2] / "sample_data" / "poughkeepsie_2019"
AGENCIES = ("City Police=police", "Safe Harbor=advocacy")


def fill(path: Path, told: Mapping[tuple[str, str], Mapping[str, Any]]) -> bytes:
    """Fill cells of a workbook as a person does: by sheet and by what the first column holds."""
    book = openpyxl.load_workbook(path)
    for (sheet, first), cells in told.items():
        rows = list(book[sheet].iter_rows())
        names = [cell.value for cell in rows[2]]
        (row,) = [row for row in rows[3:] if row[0].value == first]
        for name, value in cells.items():
            row[names.index(name)].value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def answered(*rows: tuple[str, str, str]) -> pl.DataFrame:
    full = [(*row, True, None) for row in rows]
    return pl.DataFrame(full, schema=ANSWER_SCHEMA, orient="row")


def test_the_list_is_whole() -> None:
    listed = checklist()
    assert listed.height == 48
    assert listed["id"].n_unique() == 48
    assert set(listed["step"]) == set(STEPS)
    assert not any((listed[name] == "").any() for name in listed.columns)
    areas = {area for own in ROLES.values() for area in own}
    assert set(listed["area"]) == areas | {"governance"}


def test_an_agency_is_asked_of_its_own_areas_first() -> None:
    asked = items_of("police")["area"].unique(maintain_order=True).to_list()
    assert asked == ["dispatch", "police", "governance", "evaluation"]
    assert items_of(None).height == 48


def test_the_workbook_offers_the_answers_and_takes_them_back(tmp_path: Path) -> None:
    path = new_checklist(tmp_path, AGENCIES)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == ["City Police", "Safe Harbor", "capacity"]
    assert len(book["City Police"].data_validations.dataValidation) == 1
    content = fill(
        path,
        {
            ("City Police", "GOV1"): {"answer": "Y", "seen": "letter"},
            ("City Police", "POL2"): {"answer": "partial"},
            ("Safe Harbor", "GOV1"): {"answer": "no"},
            ("capacity", "Safe Harbor"): {"places": "1,200", "staff_fte": 2.5},
        },
    )
    filled = read_filled(content, "filled.xlsx")
    told = filled.answers.filter(pl.col("answer") != "unknown")
    assert list(told.select("agency", "id", "answer", "seen").iter_rows()) == [
        ("City Police", "POL2", "partly", False),
        ("City Police", "GOV1", "yes", True),
        ("Safe Harbor", "GOV1", "no", False),
    ]
    assert filled.answers.height == items_of("police").height + items_of("advocacy").height
    own = filled.capacity.filter(pl.col("agency") == "Safe Harbor").row(0, named=True)
    assert (own["places"], own["staff_fte"], own["vacancies"]) == (1200, 2.5, None)


@pytest.mark.parametrize(
    ("place", "cells", "said"),
    [
        (("City Police", "GOV1"), {"answer": "maybe"}, "sheet City Police, row"),
        (("City Police", "GOV2"), {"id": "GOV1"}, "stands in row"),
        (("City Police", "GOV2"), {"id": "GOV22"}, "perhaps GOV2"),
        (("City Police", "GOV2"), {"id": None, "answer": "yes"}, "no id"),
        (("capacity", "Safe Harbor"), {"places": "many"}, "places is no number"),
        (("capacity", "Safe Harbor"), {"places": "-3"}, "places is no number"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_named(
    place: tuple[str, str], cells: dict[str, Any], said: str, tmp_path: Path
) -> None:
    content = fill(new_checklist(tmp_path, AGENCIES), {place: cells})
    with pytest.raises(InputError) as caught:
        read_filled(content, "filled.xlsx")
    assert said in caught.value.line()
    assert "maybe" not in caught.value.line()


def test_unknown_never_counts_as_no() -> None:
    answers = answered(("A", "GOV1", "unknown"), ("B", "GOV1", "yes"), ("A", "GOV2", "unknown"))
    assert gaps(answers).is_empty()
    assert disagreements(answers).is_empty()
    assert not_known(answers)["id"].to_list() == ["GOV2"]
    counts = by_area(answers).select("agency", "yes", "no", "unknown", "items")
    assert list(counts.iter_rows()) == [("A", 0, 0, 2, 2), ("B", 1, 0, 0, 1)]


def test_gaps_of_the_earliest_step_come_first_and_what_is_missing_before_what_is_partial() -> None:
    answers = answered(
        ("A", "EVA1", "no"), ("A", "GOV2", "partly"), ("A", "GOV4", "no"), ("B", "GOV2", "yes"), ("A", "POL2", "no")
    )  # fmt: skip
    found = gaps(answers)
    assert found["id"].to_list() == ["GOV4", "GOV2", "POL2", "EVA1"]
    assert found.row(1, named=True)["partly"] == "A"
    assert gaps(answers, 1).height == 1


def test_agencies_that_answer_otherwise_are_named_by_answer() -> None:
    answers = answered(("A", "GOV1", "yes"), ("B", "GOV1", "no"), ("C", "GOV1", "unknown"))
    assert disagreements(answers).select("id", "yes", "partly", "no").row(0) == (
        "GOV1",
        "A",
        "",
        "B",
    )


def test_volumes_are_held_against_what_was_told() -> None:
    rows = [
        {"agency": "A", "role": "police", "staff_fte": 2.0},
        {"agency": "B", "role": "police", "staff_fte": None},
        {"agency": "C", "role": "advocacy", "places": 5.0},
    ]
    capacity = pl.DataFrame(
        rows,
        schema={name: CAPACITY_SCHEMA[name] for name in ("agency", "role", "staff_fte", "places")},
    )
    held = against_volumes(capacity, {"level A": 10, "repeat victims": 40, "levels A to D": 30})
    assert list(held.select("what", "available", "told", "agencies", "per_one").iter_rows()) == [
        ("level A", 2.0, 1, 2, 5.0),
        ("levels A to D", None, 0, 0, None),
        ("repeat victims", 5.0, 1, 1, 8.0),
    ]


def test_an_audit_keeps_the_answers_and_gives_its_volumes(tmp_path: Path) -> None:
    done = audit(SAMPLE, out=tmp_path / "city.audit")
    assert done.workspace is not None
    path = new_checklist(tmp_path / "partners", ["Court of X=prosecution"])
    (tmp_path / "filled.xlsx").write_bytes(
        fill(path, {("capacity", "Court of X"): {"staff_fte": 5}})
    )

    assessed = assess(tmp_path / "filled.xlsx", done.workspace)

    assert assessed.volumes is not None
    classes = pl.read_parquet(done.workspace / "incidents.parquet")
    dates = pl.read_parquet(done.workspace / "tables" / "incident.parquet").unique("incident_id")
    dated = classes.join(dates, on="incident_id").filter(pl.col("occurred_on").dt.year() == 2019)
    expected = dated.filter(pl.col("incident_class") == "intimate_partner").height
    assert expected > 400
    assert assessed.volumes.filter(pl.col("role") == "prosecution")["count"].to_list() == [expected]
    assert (
        pl.read_parquet(done.workspace / "assessment.parquet").height
        == items_of("prosecution").height
    )
    assert pl.read_parquet(done.workspace / "capacity.parquet")["staff_fte"].to_list() == [5]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "--new"),
        (["--new", "x", "--agency", "A=polise"], 2, "Did you mean police"),
        (["--new", "x", "--agency", "A/b=police", "--agency", "A:b"], 2, "two sheets"),
        (["none.xlsx"], 3, "cannot be read"),
        (["text.xlsx"], 3, "no filled checklist"),
        (["torn.xlsx"], 3, "cannot be read"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    arguments: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.xlsx").write_text("id,answer\n")
    (tmp_path / "torn.xlsx").write_bytes(b"PK\x03\x04torn")
    assert run(["assess", *arguments]) == code
    error = capfd.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_checklist_that_somebody_may_be_filling_in_is_not_replaced(tmp_path: Path) -> None:
    assert run(["assess", "--new", str(tmp_path)]) == 0
    assert run(["assess", "--new", str(tmp_path)]) == 4
