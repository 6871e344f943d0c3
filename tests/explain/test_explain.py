"""Accounts of codes, words and records, over the workspace of a sample."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ipvi_cli import pipeline
from ipvi_cli.cli.exits import run
from ipvi_cli.explain import Explanation, Record, explain_record
from ipvi_cli.explain.record import HIDDEN
from ipvi_cli.model.classified import PAIR_SCHEMA
from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.model.errors import UsageError
from ipvi_cli.model.meanings import MEANINGS
from ipvi_cli.pipeline import explaining

SAMPLE = Path(__file__).parents[2] / "sample_data" / "two_agencies_rms"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("explain") / "rms.audit"
    pipeline.audit(SAMPLE, out=out)
    return out


@pytest.fixture(scope="module")
def pairs(workspace: Path) -> pl.DataFrame:
    return pl.read_parquet(workspace / "pairs.parquet")


@pytest.fixture(scope="module")
def incidents(workspace: Path) -> pl.DataFrame:
    return pl.read_parquet(workspace / "incidents.parquet")


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def codes() -> list[str]:
    return [
        *(f"rule:{code}" for code in pipeline.rules()["code"]),
        *(f"figure:{code}" for code in pipeline.figures()["figure_id"]),
        *(f"{one.kind}:{one.code}" for one in MEANINGS),
        *(f"definition:{one.code}" for one in DEFINITIONS),
    ]


@pytest.mark.usefixtures("nowhere")
def test_every_declared_code_has_a_paragraph_and_a_source() -> None:
    for what in codes():
        told = explaining.explain(what)
        assert f"{told.kind}:{told.code}" == what
        assert len(told.text) > 10
        assert told.facts["source"]
        assert told.title


@pytest.mark.usefixtures("nowhere")
def test_a_level_is_a_candidate_and_says_what_is_reconstructed() -> None:
    for level in "ABCD":
        told = explaining.explain(f"level:{level}")
        assert "candidate for a team to review" in told.text
        assert "reconstruction" in told.text + told.facts["source"]


@pytest.mark.usefixtures("nowhere")
def test_a_record_without_a_workspace_is_not_known() -> None:
    with pytest.raises(UsageError, match="is not known"):
        explaining.explain("ZZ0020000:2017-000001")


@pytest.mark.parametrize(
    ("what", "words"),
    [("A:1", "several workspaces here: a.audit, b.audit"), ("class:strangr", "Did you mean")],
)
def test_of_several_workspaces_one_has_to_be_named(
    what: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.audit", "b.audit"):
        (tmp_path / name).mkdir()
    with pytest.raises(UsageError) as refused:
        explaining.explain(what)
    assert words in refused.value.line()


@pytest.mark.usefixtures("nowhere")
def test_a_workspace_of_counts_only_holds_no_record(tmp_path: Path) -> None:
    out = tmp_path / "nyc.audit"
    pipeline.audit(SAMPLE.with_name("nyc_snapshot"), out=out)
    with pytest.raises(UsageError, match="is not known"):
        explaining.explain("A:1", out)


@pytest.mark.usefixtures("nowhere")
def test_a_finding_without_a_workspace_is_the_rule() -> None:
    told = explaining.explain("finding:IPVI-609")
    assert "no workspace" in told.facts["found"]
    assert not told.tables


def test_a_finding_has_its_count_and_first_rows(workspace: Path) -> None:
    findings = pl.read_parquet(workspace / "findings.parquet")
    count = findings.filter(pl.col("code") == "IPVI-609").height
    told = explaining.explain("finding:IPVI-609", workspace)
    assert told.facts["found"] == str(count)
    (first,) = told.tables.values()
    assert first.height == min(count, 10)
    assert first["source_row"].null_count() == 0


def test_a_figure_has_what_it_came_to(workspace: Path) -> None:
    made = pl.read_parquet(workspace / "figures.parquet")
    whole = made.filter(pl.col("figure_id") == "B09", pl.col("by") == "total")
    table = explaining.explain("B09", workspace).tables["In the workspace"]
    counts = whole.select("group", "numerator", "denominator", "undetermined")
    assert table.select("group", "count", "of", "open").rows() == counts.rows()


def test_the_number_of_an_incident_leads_to_its_identifier(workspace: Path) -> None:
    with pytest.raises(UsageError) as refused:
        explaining.explain("2017-000189", workspace)
    assert "ZZ0020000:2017-000189" in refused.value.mend


@pytest.mark.parametrize("what", ["P000123", "ZZ0020000:1900-000001", "nobody"])
def test_what_the_workspace_does_not_hold_is_not_known(what: str, workspace: Path) -> None:
    with pytest.raises(UsageError, match="is not known"):
        explaining.explain(what, workspace)


def steps(told: Explanation) -> dict[str, dict[str, Any]]:
    (table,) = (table for title, table in told.tables.items() if title.startswith("Pair "))
    return {row["step"]: row for row in table.iter_rows(named=True)}


def test_a_pair_says_what_decided_and_where_that_comes_from(
    workspace: Path, pairs: pl.DataFrame
) -> None:
    pair = pairs.filter(pl.col("rule") == "words:BOYFRIEND").row(0, named=True)
    told = explaining.explain(pair["pair_id"], workspace)
    assert (told.kind, told.title) == ("pair", "intimate partner")
    assert told.facts["decided by"] == "explicit"
    assert told.facts["rule"] == "words:BOYFRIEND, packaged words, entry BOYFRIEND"
    assert told.facts["source"] == "usual US records wording"
    assert told.tables["What the record said"]["word"].to_list() == ["BOYFRIEND"]
    explicit = steps(told)["explicit"]
    assert explicit["result"] == "intimate partner (dating)"
    assert "intimate_partner (dating, current, BG)" in explicit["found"]
    assert set(told.tables["Source rows"]["table"]) >= {"incident", "relationship", "victim"}


def test_a_step_that_leaves_no_evidence_is_shown_as_the_one_that_decided(
    workspace: Path, pairs: pl.DataFrame
) -> None:
    pair = pairs.filter(pl.col("reason") == "otherwise_known_dv").row(0, named=True)
    told = steps(explaining.explain(pair["pair_id"], workspace))
    assert told["otherwise_known"]["result"] == "undetermined (otherwise known dv)"
    assert told["explicit"]["result"] == "left open"


def test_a_contradiction_is_noted_and_changes_nothing(workspace: Path, pairs: pl.DataFrame) -> None:
    pair = pairs.filter(pl.col("conflict").list.contains("flag_no")).row(0, named=True)
    told = explaining.explain(pair["pair_id"], workspace)
    assert told.facts["conflicts"] == "flag_no"
    assert steps(told)["contradictions"]["found"] == "flag_no"
    assert steps(told)["contradictions"]["result"] == "noted, class kept"


def test_a_rare_word_that_no_list_holds_is_hidden_unless_asked_for(
    workspace: Path, pairs: pl.DataFrame
) -> None:
    values = pl.read_parquet(workspace / "restricted" / "relationship_values.parquet")
    rare = values.filter((pl.col("reason") == "unmapped") & (pl.col("count") < 11))["value"]
    often = values.filter((pl.col("reason") == "unmapped") & (pl.col("count") >= 11))["value"]
    shown, hidden = set(), 0
    for pair in pairs.filter(pl.col("reason") == "unmapped")["pair_id"]:
        told = explaining.explain(pair, workspace)
        words = told.tables["What the record said"]["word"]
        assert not any(word in str(told.as_object()) for word in rare)
        shown |= set(words) - {HIDDEN}
        hidden += (words == HIDDEN).sum()
        if HIDDEN in words:
            told = explaining.explain(pair, workspace, show_values=True)
            assert set(told.tables["What the record said"]["word"]) <= set(rare)
    assert shown == set(often)
    assert hidden > 0


def test_an_incident_says_how_its_pairs_make_it_and_whether_it_counts(
    workspace: Path, incidents: pl.DataFrame
) -> None:
    kinds = incidents.unique(["incident_class", "reason", "in_denominator"], maintain_order=True)
    for row in kinds.iter_rows(named=True):
        told = explaining.explain(row["incident_id"], workspace)
        assert told.kind == "incident"
        assert told.title == row["incident_class"].replace("_", " ")
        counted = told.facts["in the denominator"].startswith("yes")
        assert counted == row["in_denominator"]
        of_pairs = [title for title in told.tables if title.startswith("Pair ")]
        assert len(of_pairs) == row["pairs"]
        assert told.text


@pytest.mark.parametrize(
    ("population", "of_class", "pair", "flag", "counted", "why"),
    [
        ("domestic", "stranger", "stranger", None, True, "census of domestic incidents"),
        ("all", "other_family", "other_family", None, True, "a pair is of partners, family"),
        ("all", "stranger", "stranger", True, True, "flags it"),
        ("all", "undetermined", "undetermined", None, True, "undetermined_unflagged"),
        ("all", "stranger", "stranger", False, False, "no domestic pair"),
        ("all", "not_applicable", "not_applicable", True, False, "no tie of two persons"),
    ],
)
def test_why_an_incident_counts(
    population: str, of_class: str, pair: str, flag: bool | None, counted: bool, why: str
) -> None:
    row = dict.fromkeys(PAIR_SCHEMA) | {
        "pair_id": "A:1:V1|O1", "incident_id": "A:1", "relationship_class": pair, "evidence": [], "conflict": [],
        "candidates": [],
    }  # fmt: skip
    record = Record(
        incident={
            "incident_id": "A:1", "incident_class": of_class, "reason": None, "dv_flag": flag, "mixed": False,
            "in_denominator": counted,
        },
        pairs=pl.DataFrame([row], schema=PAIR_SCHEMA),
        statements=pl.DataFrame(
            schema=dict.fromkeys(
                ("victim_id", "offender_id", "word", "reason", "code_system", "direction", "source_file"), pl.String
            )
            | dict.fromkeys(("count", "incidents", "source_row"), pl.Int64)
            | {"child_in_common": pl.Boolean}
        ),
        rows=pl.DataFrame({"table": ["incident"], "source_file": ["a.csv"], "source_row": [2]}),
        steps=[("explicit", "Take what is said.")],
        origins={},
        population=population,
    )  # fmt: skip
    told = explain_record(record, show_values=False)
    assert told.facts["in the denominator"].startswith("yes" if counted else "no")
    assert why in told.facts["in the denominator"]


@pytest.mark.usefixtures("nowhere")
def test_a_profile_lends_its_words(tmp_path: Path) -> None:
    text = (SAMPLE / "jurisdiction.toml").read_text(encoding="utf-8")
    profile = tmp_path / "own.toml"
    profile.write_text(f'{text}\n[site_words.relationship]\nZORK = "BG"\n', encoding="utf-8")
    told = explaining.explain("value:zork", profile=profile)
    assert told.facts["rule"] == "site:BG"
    assert explaining.explain("value:zork").facts["rule"] == "none"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["class:stranger"], 0, "class stranger: stranger"),
        (["value:BOYFRIEND"], 0, "packaged words, as a whole"),
        (["ZZ0020000:2017-000026"], 0, "Pair V1|O1: intimate partner (ex spouse)"),
        (["ZZ0020000:2017-000026", "--format", "json"], 0, '"kind": "incident"'),
        (["stranger"], 2, "class:stranger, tie:stranger"),
        (["rule:IPVI-4"], 2, "is not known"),
    ],
)
def test_the_command(
    arguments: list[str],
    code: int,
    words: str,
    workspace: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert run(["explain", arguments[0], str(workspace), *arguments[1:]]) == code
    out, err = capfd.readouterr()
    assert words in (err if code else out)
    assert not (out if code else err)
