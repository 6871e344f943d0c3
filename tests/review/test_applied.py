import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from helpers_review import CANARY, PROFILE, TIES, asked, audited, classes, filled

from ipvi_cli import pipeline
from ipvi_cli.cli.exits import run
from ipvi_cli.model.errors import InputError, OutputError
from ipvi_cli.pipeline import review_loop
from ipvi_cli.review import read_filled

UNKNOWN = TIES.index("UNKNOWN") + 1
PAIR = f"PD:{UNKNOWN}:V1|O1"
GOOD = {
    "SIDE PIECE": "intimate_partner:dating",
    "COHABITANT": "undetermined",
    "'=SIDE 2": "BG",
    PAIR: "other_family:sibling",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    audited(folder)
    return folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> tuple[Path, Path, pl.DataFrame]:
    """A delivery, its workspace, and its review."""
    shutil.copytree(made / "delivery", tmp_path / "delivery")
    shutil.copytree(made / "small.audit", tmp_path / "small.audit")
    workspace = tmp_path / "small.audit"
    (workspace / "restricted" / "profile_file.txt").write_text(
        f"{tmp_path / 'delivery' / 'jurisdiction.toml'}\n"
    )
    return tmp_path / "delivery", workspace, asked(workspace, tmp_path / "review.csv")


Site = tuple[Path, Path, pl.DataFrame]


def test_the_workspace_shows_the_effect(site: Site, tmp_path: Path) -> None:
    _, workspace, review = site
    done = review_loop.apply_review(workspace, filled(review, tmp_path / "f.csv", GOOD))
    assert (done.words, done.pairs) == ({"relationship": 3}, 1)
    after = classes(workspace)
    assert {after[number] for number in range(1, 13)} == {"intimate_partner"}
    assert after[TIES.index("=SIDE 2") + 1] == "intimate_partner"
    assert after[TIES.index("COHABITANT") + 1] == "undetermined"
    assert after[UNKNOWN] == "other_family"
    assert done.audit is not None
    assert done.audit.headline is not None
    assert done.audit.headline.intimate_partner == 12 + 1 + 5
    figures = pl.read_parquet(workspace / "figures.parquet")
    assert 18 in figures["numerator"].to_list()


def test_a_pair_says_who_decided_it_and_keeps_what_the_record_says(
    site: Site, tmp_path: Path
) -> None:
    _, workspace, review = site
    review_loop.apply_review(workspace, filled(review, tmp_path / "f.csv", GOOD))
    pairs = pl.read_parquet(workspace / "pairs.parquet")
    row = pairs.row(by_predicate=pl.col("pair_id") == PAIR, named=True)
    assert (row["basis"], row["rule"], row["tie"]) == ("review", "review:AB", "sibling")
    assert row["evidence"] == ["review:AB", "explicit:words:UNKNOWN"]
    assert (row["nibrs_code"], row["reason"], row["candidates"]) == ("SB", None, [])


def test_the_profile_keeps_its_comments_and_its_order(site: Site, tmp_path: Path) -> None:
    delivery, workspace, review = site
    done = review_loop.apply_review(workspace, filled(review, tmp_path / "f.csv", GOOD))
    today = date.today().isoformat()
    added = "\n".join(
        [
            '"OL MAN" = "SE"  # since 2019',
            f'"SIDE PIECE" = "intimate_partner:dating"  # AB, {today}',
            f'"=SIDE 2" = "BG"  # AB, {today}',
            f'"COHABITANT" = "undetermined"  # AB, {today}',
        ]
    )
    expected = PROFILE.replace('"OL MAN" = "SE"  # since 2019', added)
    assert done.profile == delivery / "jurisdiction.toml"
    assert (delivery / "jurisdiction.toml").read_text() == expected
    assert (workspace / "restricted" / "jurisdiction.toml").read_text() == expected
    kept = pl.read_csv(workspace / "restricted" / "decisions.csv", infer_schema=False)
    assert kept.row(0) == (PAIR, f"PD:{UNKNOWN}", "other_family:sibling", "AB", today, "")


def test_the_next_audit_uses_the_decisions(site: Site, tmp_path: Path) -> None:
    delivery, workspace, review = site
    review_loop.apply_review(workspace, filled(review, tmp_path / "f.csv", GOOD))
    after = classes(workspace)
    pipeline.audit(delivery, out=workspace)
    assert classes(workspace) == after
    pipeline.audit(delivery, out=tmp_path / "other.audit")
    elsewhere = classes(tmp_path / "other.audit")
    assert {number for number in after if after[number] != elsewhere[number]} == {UNKNOWN}
    left = asked(workspace, tmp_path / "again.csv")
    decided = {"SIDE PIECE", "COHABITANT", "'=SIDE 2"}
    assert decided.isdisjoint(left["value"].drop_nulls())
    assert PAIR not in left["pair_id"].to_list()


def test_the_same_file_twice_changes_nothing(site: Site, tmp_path: Path) -> None:
    delivery, workspace, review = site
    file = filled(review, tmp_path / "f.csv", GOOD)

    def state() -> dict[str, bytes]:
        files = [*workspace.rglob("*"), delivery / "jurisdiction.toml"]
        return {
            str(path): path.read_bytes()
            for path in files
            if path.is_file() and path.name != "manifest.json"
        }

    review_loop.apply_review(workspace, file)
    once = state()
    review_loop.apply_review(workspace, file)
    assert state() == once


def _semicolons(df: pl.DataFrame, path: Path) -> None:
    text = df.with_columns(pl.col("note").fill_null("señora")).write_csv(separator=";")
    path.write_bytes(text.encode("cp1252"))


def _utf_16(df: pl.DataFrame, path: Path) -> None:
    path.write_bytes(df.write_csv(separator="\t").encode("utf-16"))


@pytest.mark.parametrize("write", [_semicolons, _utf_16])
def test_a_file_saved_by_a_spreadsheet_is_read(
    write: Callable[[pl.DataFrame, Path], None], site: Site, tmp_path: Path
) -> None:
    file = filled(site[2], tmp_path / "f.csv", {"SIDE PIECE": "BG"}, write)
    (row,) = read_filled(file.read_bytes(), "f.csv")
    assert (row.place, row.value, row.decision, row.by) == ("row 2", "SIDE PIECE", "BG", "AB")
    assert row.note == ("señora" if write is _semicolons else "")


def test_a_workbook_comes_back(site: Site, tmp_path: Path) -> None:
    _, workspace, _ = site
    file = review_loop.review(workspace, out=tmp_path / "f.xlsx").file
    book = openpyxl.load_workbook(file)
    sheet = book["relationship words"]
    head = [cell.value for cell in sheet[3]]
    sheet.cell(4, head.index("decision") + 1, "BG")
    book.save(file)
    with pytest.raises(InputError, match="sheet relationship words, row 4: decided_by is empty"):
        review_loop.apply_review(workspace, file)
    sheet.cell(4, head.index("decided_by") + 1, "AB")
    book.save(file)
    assert review_loop.apply_review(workspace, file).words == {"relationship": 1}
    assert classes(workspace)[1] == "intimate_partner"


BAD = [
    ({"SIDE PIECE": "intimate_partnr"}, "row 2: .*Did you mean 'intimate_partner'"),
    ({"SIDE PIECE": "intimate_partner:siblling"}, "row 2: the decision is not known"),
    ({"ZQ OFFENCE 9": "BG"}, r"row 8: the decision is not known .*NIBRS offence code"),
    ({"SIDE PIECE": CANARY, "HUSBANDD": CANARY}, "rows 2, 6: the decision is not known"),
]


@pytest.mark.parametrize(("decisions", "told"), BAD)
def test_a_bad_decision_names_its_row_and_nothing_is_applied(
    decisions: dict[str, str], told: str, site: Site, tmp_path: Path
) -> None:
    delivery, workspace, review = site
    before = classes(workspace)
    file = filled(review, tmp_path / "f.csv", {"COHABITANT": "OF", **decisions})
    with pytest.raises(InputError, match=told) as error:
        review_loop.apply_review(workspace, file)
    assert "Nothing was applied" in error.value.line()
    assert CANARY not in error.value.line()
    assert classes(workspace) == before
    assert (delivery / "jurisdiction.toml").read_text() == PROFILE


def _with(review: pl.DataFrame, **cells: str) -> pl.DataFrame:
    first = pl.int_range(pl.len()) == 0
    return review.with_columns(
        pl.when(first).then(pl.lit(value)).otherwise(name).alias(name)
        for name, value in {"decision": "BG", "decided_by": "AB", **cells}.items()
    )


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"decided_by": " "}, "row 2: decided_by is empty"),
        ({"decided_by": "x" * 99}, "row 2: decided_by is not a name"),
        ({"kind": "words"}, "row 2: kind is none of value, pair, sample"),
        ({"value": ""}, "row 2: value must not be empty"),
        ({"value": "ZQ FORM 8"}, "row 2: there is no such word in this workspace"),
        ({"word_kind": "colour"}, "row 2: word_kind is none of relationship"),
        ({"kind": "pair", "pair_id": "PD:99:V1|O1"}, "row 2: there is no such pair in this"),
    ],
)
def test_a_bad_row_is_told(cells: dict[str, str], told: str, site: Site, tmp_path: Path) -> None:
    _, workspace, review = site
    _with(review, **cells).write_csv(tmp_path / "f.csv")
    with pytest.raises(InputError, match=told):
        review_loop.apply_review(workspace, tmp_path / "f.csv")


def test_two_decisions_for_one_word_are_refused(site: Site, tmp_path: Path) -> None:
    _, workspace, review = site
    both = pl.concat([_with(review), _with(review, decision="FR", value="side-piece")])
    both.write_csv(tmp_path / "f.csv")
    with pytest.raises(InputError, match="another decision than in row 2 for the same value"):
        review_loop.apply_review(workspace, tmp_path / "f.csv")


def test_a_file_without_decisions_or_of_another_kind_is_refused(site: Site, tmp_path: Path) -> None:
    delivery, workspace, review = site
    review.write_csv(tmp_path / "f.csv")
    with pytest.raises(InputError, match="holds no decision"):
        review_loop.apply_review(workspace, tmp_path / "f.csv")
    with pytest.raises(InputError, match="is no review file"):
        review_loop.apply_review(workspace, delivery / "reports.csv")
    with pytest.raises(InputError, match="cannot be read"):
        review_loop.apply_review(workspace, tmp_path / "none.csv")


def test_words_of_other_kinds_hold_from_the_next_audit_on(site: Site, tmp_path: Path) -> None:
    delivery, workspace, review = site
    file = filled(review, tmp_path / "f.csv", {"ZQ OFFENCE 9": "13A"})
    assert review_loop.apply_review(workspace, file).words == {"offense": 1}
    assert asked(workspace, tmp_path / "again.csv").filter(word_kind="offense").is_empty()
    pipeline.audit(delivery, out=workspace)
    codes = pl.read_parquet(workspace / "tables" / "offense.parquet")["offense_code"]
    assert codes.to_list()[:3] == ["13A"] * 3


def test_another_profile_takes_the_words_where_it_is_named(site: Site, tmp_path: Path) -> None:
    delivery, workspace, review = site
    other = tmp_path / "mine.toml"
    other.write_text(PROFILE)
    file = filled(review, tmp_path / "f.csv", {"SIDE PIECE": "BG"})
    done = review_loop.apply_review(workspace, file, profile=other)
    assert done.profile == other
    assert '"SIDE PIECE" = "BG"' in other.read_text()
    assert (delivery / "jurisdiction.toml").read_text() == PROFILE


def test_a_profile_that_cannot_be_changed_is_told(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, workspace, review = site
    file = filled(review, tmp_path / "f.csv", {"SIDE PIECE": "BG"})
    monkeypatch.setattr(review_loop, "writable", lambda path: False)
    with pytest.raises(OutputError, match="--profile"):
        review_loop.apply_review(workspace, file, profile=delivery / "jurisdiction.toml")
    done = review_loop.apply_review(workspace, file)
    assert (done.profile, done.left) == (None, delivery / "jurisdiction.toml")
    assert classes(workspace)[1] == "intimate_partner"


def test_a_review_that_was_being_filled_in_outlives_a_new_audit(site: Site) -> None:
    delivery, workspace, review = site
    file = filled(review, workspace / "restricted" / "review.csv", {"SIDE PIECE": "BG"})
    before = file.read_bytes()
    pipeline.ingest(delivery, out=workspace)
    assert file.read_bytes() == before


def test_the_command_says_what_was_stored(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, workspace, review = site
    file = filled(review, tmp_path / "f.csv", {**GOOD, CANARY: "FR"})
    assert run(["review", str(workspace), "--apply", str(file), "--format", "json"]) == 0
    out, err = capsys.readouterr()
    counts = {row["relationship_class"]: row["incidents"] for row in json.loads(out)}
    assert counts["intimate_partner"] == 18
    assert "Stored: 4 relationship words, 1 pair." in err
    assert CANARY.split()[1] not in out + err


@pytest.mark.parametrize(
    "arguments", [["--apply", "x.csv", "--sample", "5"], ["--profile", "x.toml"]]
)
def test_what_does_not_go_together_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", *arguments]) == 2
    assert "ipvi: " in capsys.readouterr().err
