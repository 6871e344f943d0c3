import stat
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from helpers_review import CANARY, TIES, asked, audited, deliver, filled

from ipvi_cli import pipeline
from ipvi_cli.cli.exits import run
from ipvi_cli.model.errors import InputError, OutputError
from ipvi_cli.pipeline import review_loop


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited(tmp_path_factory.mktemp("asked"))[1]


@pytest.fixture(scope="module")
def review(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    return asked(workspace, tmp_path_factory.mktemp("file") / "review.csv")


def test_values_come_first_and_the_most_frequent_of_them_first(review: pl.DataFrame) -> None:
    ties = review.filter(pl.col("word_kind") == "relationship")
    assert ties["value"].to_list() == [
        "SIDE PIECE", "ZQ TIE", "'=SIDE 2", "COHABITANT", "HUSBANDD", CANARY,
    ]  # fmt: skip
    assert ties["count"].cast(int).to_list() == [12, 2, 1, 1, 1, 1]
    assert review["kind"].to_list() == ["value"] * 7 + ["pair"] * (review.height - 7)


def test_a_value_has_three_incidents_as_examples(review: pl.DataFrame) -> None:
    row = review.row(0, named=True)
    assert row["incidents"] == "12"
    assert len(row["examples"].split("|")) == 3
    assert set(row["examples"].split("|")) <= {f"PD:{number}" for number in range(1, 13)}


def test_a_near_miss_is_suggested_and_decides_nothing(
    review: pl.DataFrame, workspace: Path
) -> None:
    told = {
        value: (near, suggestion)
        for value, near, suggestion in review.select("value", "near", "suggestion").iter_rows()
    }
    assert told["HUSBANDD"] == ("HUSBAND", "intimate_partner:spouse")
    assert told["SIDE PIECE"] == (None, None)
    pairs = pl.read_parquet(workspace / "pairs.parquet")
    number = TIES.index("HUSBANDD") + 1
    row = pairs.row(by_predicate=pl.col("incident_id") == f"PD:{number}", named=True)
    assert (row["relationship_class"], row["reason"]) == ("undetermined", "unmapped")


def test_an_ambiguous_word_has_its_candidates(review: pl.DataFrame) -> None:
    row = review.row(by_predicate=pl.col("value") == "COHABITANT", named=True)
    assert row["reason"] == "ambiguous_term"
    assert row["candidates"] == "intimate_partner|other_domestic"


def test_words_of_other_kinds_are_asked_too(review: pl.DataFrame) -> None:
    row = review.row(by_predicate=pl.col("word_kind") == "offense", named=True)
    assert (row["value"], row["count"], row["incidents"]) == ("ZQ OFFENCE 9", "3", "3")
    assert row["examples"] == "PD:1|PD:2|PD:3"


def test_every_undetermined_pair_is_asked_and_no_other(
    review: pl.DataFrame, workspace: Path
) -> None:
    pairs = pl.read_parquet(workspace / "pairs.parquet")
    open_ = pairs.filter(pl.col("relationship_class") == "undetermined")["pair_id"]
    assert sorted(review["pair_id"].drop_nulls()) == sorted(open_)
    assert set(review.filter(pl.col("kind") == "pair")["reason"]) == {
        "unmapped", "ambiguous_term", "missing", "unknown",
    }  # fmt: skip


def test_the_file_lies_in_restricted_private_and_listed(workspace: Path) -> None:
    file = review_loop.review(workspace).file
    assert file == workspace / "restricted" / "review.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    manifest = (workspace / "manifest.json").read_text()
    assert "restricted/review.csv" in manifest


def test_a_workbook_offers_the_allowed_decisions(workspace: Path, tmp_path: Path) -> None:
    file = review_loop.review(workspace, out=tmp_path / "review.xlsx").file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["relationship words", "offense words", "pairs", "choices"]
    assert book["choices"].sheet_state == "hidden"
    for name in book.sheetnames[:3]:
        rule = book[name].data_validations.dataValidation[0]
        head = [cell.value for cell in book[name][3]]
        at = openpyxl.utils.get_column_letter(head.index("decision") + 1)
        assert str(rule.sqref).startswith(f"{at}4")
    offered = {str(cell.value) for cell in book["choices"]["A"]}
    assert {"intimate_partner", "intimate_partner:dating", "BG", "undetermined"} <= offered
    assert "13B" in {str(cell.value) for cell in book["choices"]["B"]}


@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_the_screen_shows_counts_and_only_frequent_words(
    format: str, workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r.csv"
    code = run(["review", str(workspace), "--out", str(out), "--format", format])
    told = "".join(capsys.readouterr())
    assert code == 0
    assert CANARY.split()[1] not in told
    assert "HUSBANDD" not in told
    assert ("SIDE PIECE" in told) == (format == "table")
    assert CANARY in out.read_text(encoding="utf-8")


def test_decisions_that_were_not_applied_are_never_written_over(
    workspace: Path, review: pl.DataFrame, tmp_path: Path
) -> None:
    file = filled(review, tmp_path / "mine.csv", {"SIDE PIECE": "BG"})
    before = file.read_bytes()
    with pytest.raises(OutputError, match="1 decisions that were not applied"):
        review_loop.review(workspace, out=file)
    assert file.read_bytes() == before


def test_what_is_not_classified_cannot_be_reviewed(tmp_path: Path) -> None:
    delivery = deliver(tmp_path / "delivery")
    pipeline.ingest(delivery, out=tmp_path / "raw.audit")
    with pytest.raises(InputError, match=r"has no pairs\.parquet"):
        review_loop.review(tmp_path / "raw.audit")


def test_a_charge_that_only_partners_can_bring_is_a_suggestion(tmp_path: Path) -> None:
    delivery = deliver(tmp_path / "delivery")
    profile = delivery / "jurisdiction.toml"
    text = profile.read_text().replace(
        'population = "domestic"', 'population = "domestic"\nstate = "CA"'
    )
    profile.write_text(text + 'statute = "Statute"\n')
    lines = (delivery / "reports.csv").read_text().splitlines()
    cited = dict.fromkeys((TIES.index("UNKNOWN") + 1, TIES.index("FRIEND") + 1), "273.5(a) PC")
    cited[TIES.index("") + 1] = "PC 242"
    rows = [f"{line},{cited.get(number, '')}" for number, line in enumerate(lines[1:], start=1)]
    (delivery / "reports.csv").write_text("\n".join([f"{lines[0]},Statute", *rows]) + "\n")
    pipeline.audit(delivery, out=tmp_path / "w.audit")
    pairs = asked(tmp_path / "w.audit", tmp_path / "r.csv").filter(kind="pair")
    told = pairs.filter(pl.col("suggestion").is_not_null()).select(
        "incident_id", "near", "suggestion"
    )
    assert told.rows() == [(f"PD:{TIES.index('UNKNOWN') + 1}", "CA PC 273.5", "intimate_partner")]
    assert pairs["pair_id"].item(0) == f"PD:{TIES.index('UNKNOWN') + 1}:V1|O1"
