"""Linking tried on plain files, and judged."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from helpers_link import records

from ipvi_cli.link.labelled import agreement, person_in_record_name, recognised, year_first
from ipvi_cli.link.run import link_records
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.pipeline.link_check import check_linking

DATA = Path(__file__).parents[3] / "shared" / "data"


def test_precision_and_recall_are_those_of_the_pairs() -> None:
    rows = pl.DataFrame(
        {"row": range(4), "name": ["A, B"] * 4, "state_id": ["S1", "S1", "S1", "S2"]}
    )
    linked = link_records(rows)
    found = agreement(linked, person=pl.Series(["p", "p", "q", "q"])).row(0, named=True)
    assert (found["linked"], found["true"], found["both"]) == (3, 2, 1)
    assert (found["precision"], found["recall"], found["f1"]) == (1 / 3, 1 / 2, 2 / 5)
    # Wilson's interval of 1 of 2: (1 + z²/4 -+ z * sqrt(1/2 + z²/16) ...), as in Newcombe 1998.
    assert found["recall_lower"] == pytest.approx(0.0945, abs=1e-4)
    files = pl.Series([0, 1, 0, 0])
    between = agreement(linked, person=pl.Series(["p", "p", "q", "q"]), file=files)
    assert between.row(0)[2:5] == (2, 1, 1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["4/11/1971", "12/31/1980"], ["1971-04-11", "1980-12-31"]),
        (["4/11/1971", "31/12/1980"], ["1971-11-04", "1980-12-31"]),
        (["1971-11-04", None], ["1971-11-04", None]),
    ],
)
def test_day_and_month_are_told_apart_by_the_column(
    written: list[str | None], expected: list[str | None]
) -> None:
    assert year_first(pl.Series(written)).to_list() == expected


def test_columns_are_known_by_their_usual_names() -> None:
    found = recognised(["rec_id", " Given Name", "LAST-NAME", "soc_sec_id", "Suburb"], {})
    assert found == {
        "given": " Given Name",
        "surname": "LAST-NAME",
        "document": "soc_sec_id",
        "place": "Suburb",
    }
    assert person_in_record_name(pl.Series(["rec-7-org", "rec-7-dup-0"])).to_list() == ["7", "7"]  # type: ignore[union-attr]
    assert person_in_record_name(pl.Series(["rec-7-org", "8"])) is None


@pytest.mark.parametrize("given", ["column", "persons", "pairs"])
def test_labels_come_as_a_column_or_in_a_file(given: str, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"id": list("abc"), "name": ["A, B", "A, B", "C, D"], "state_id": ["1x", "1x", "2x"]}
    )
    labels = "whose"
    if given == "column":
        frame = frame.with_columns(pl.Series("whose", ["p", "p", "q"]))
    else:
        labels = str(tmp_path / "labels.csv")
        said = {"id": ["a", "b"], "person": ["p", "p"]}
        if given == "pairs":
            said = {"id_l": ["a", "a"], "id_r": ["b", "c"], "match": ["1", "0"]}
        pl.DataFrame(said).write_csv(labels)
    frame.write_csv(tmp_path / "records.csv")
    done = check_linking([tmp_path / "records.csv"], labels=labels)
    assert done.agreement is not None
    assert done.agreement.row(0)[2:5] == (1, 1, 1)


def test_what_cannot_be_tried_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,colour\n1,red\n")
    with pytest.raises(InputError, match="no column that is known to hold names"):
        check_linking([file])
    with pytest.raises(UsageError, match="colours"):
        check_linking([file], columns={"name": "colours"})
    with pytest.raises(InputError, match="cannot be read"):
        check_linking([tmp_path / "b.csv"])


def test_a_stored_model_links_as_it_did(tmp_path: Path) -> None:
    frame, whose = records(120, seed=9)
    first = link_records(frame)
    again = link_records(frame, model=first.model)
    assert again.clusters.strict.tolist() == first.clusters.strict.tolist()
    assert len(whose) == frame.height


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the public sets with truth")
@pytest.mark.parametrize(
    ("files", "least_recall"),
    [
        (("er_febrl/dataset4a.csv", "er_febrl/dataset4b.csv"), 0.99),
        (("er_splink/fake_1000.csv",), 0.95),
    ],
)
def test_public_sets_with_truth(files: tuple[str, ...], least_recall: float) -> None:
    done = check_linking([DATA / file for file in files])
    assert done.agreement is not None
    strict = done.agreement.row(0, named=True)
    assert strict["precision"] >= 0.995
    assert strict["recall"] >= least_recall
    assert strict["f1"] >= 0.97
