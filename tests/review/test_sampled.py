from pathlib import Path

import numpy as np
import polars as pl
import pytest
from helpers_review import audited
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.cli.exits import run
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.pipeline import review_loop
from ipvi_cli.review import draw
from ipvi_cli.review.sample import LEAST, share_out

KINDS = [
    ("intimate_partner", "explicit", "words:WIFE", None, 400),
    ("intimate_partner", "child_in_common", "pair:child_in_common", None, 3),
    ("other_family", "explicit", "grammar:child", None, 90),
    ("undetermined", None, None, "unmapped", 20),
    ("not_applicable", "explicit", "words:VO", "self_mutual", 50),
]


def frame() -> pl.LazyFrame:
    """Make classified pairs."""
    rows = [
        (of_class, basis, rule, reason)
        for of_class, basis, rule, reason, count in KINDS
        for _ in range(count)
    ]
    columns = ["relationship_class", "basis", "rule", "reason"]
    made = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")
    number = pl.int_range(pl.len()).cast(pl.String)
    return made.lazy().with_columns(
        pl.concat_str(pl.lit("PD:"), number).alias("incident_id"),
        pl.concat_str(pl.lit("PD:"), number, pl.lit(":V1|O1")).alias("pair_id"),
    )


def test_every_group_has_its_share_and_its_least() -> None:
    sample = draw(frame(), 60, 1)
    drawn = {
        row["stratum"]: (row["size"], row["drawn"], row["weight"])
        for row in sample.unique("stratum").iter_rows(named=True)
    }
    assert drawn == {
        "intimate_partner explicit/words": (400, 42, 400 / 42),
        "intimate_partner child_in_common/pair": (3, 3, 1.0),
        "other_family explicit/grammar": (90, 10, 9.0),
        "undetermined unmapped": (20, 5, 4.0),
    }
    assert sample["weight"].sum() == pytest.approx(513)
    assert sample["pair_id"].is_unique().all()


def test_a_seed_repeats_the_sample_and_another_draws_another() -> None:
    first = draw(frame(), 60, 1)
    assert first.equals(draw(frame(), 60, 1))
    assert not first.equals(draw(frame(), 60, 2))


def test_every_pair_of_a_group_is_as_likely() -> None:
    seen = pl.concat([draw(frame(), 60, seed).select("pair_id", "stratum") for seed in range(100)])
    hits = seen.filter(pl.col("stratum") == "other_family explicit/grammar")
    counts = hits.group_by("pair_id").len()["len"].to_numpy()
    assert len(counts) == 90
    expected = 100 * 10 / 90
    # Sum of squared deviations over what chance gives: 90 cells, so about 90 with a spread of 13.
    assert abs(((counts - expected) ** 2 / (expected * 80 / 90)).sum() - 90) < 4 * 13.4


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.integers(0, 300))
def test_the_whole_sample_is_shared_out(sizes: list[int], more: int) -> None:
    total = len(sizes) + more
    drawn = share_out(np.array(sizes), total)
    assert sum(drawn) == min(total, sum(sizes))
    least = min(LEAST, total // len(sizes))
    assert all(min(size, least) <= count <= size for size, count in zip(sizes, drawn, strict=True))


def test_a_sample_smaller_than_the_groups_is_refused() -> None:
    with pytest.raises(UsageError, match="too small for 4 groups"):
        draw(frame(), 3, 1)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited(tmp_path_factory.mktemp("sampled"))[1]


def test_the_coder_sees_no_class(workspace: Path, tmp_path: Path) -> None:
    file = review_loop.draw_sample(workspace, size=20, seed=3, out=tmp_path / "blind.csv").file
    blind = pl.read_csv(file, infer_schema=False)
    columns = ["kind", "sample", "pair_id", "incident_id", "decision", "decided_by", "note"]
    assert blind.columns == columns
    assert blind.height == 20
    assert blind["incident_id"].to_list() == sorted(
        blind["incident_id"], key=lambda name: int(name[3:])
    )
    text = file.read_text()
    assert not any(of_class in text for of_class, *_ in KINDS)
    kept = next((workspace / "restricted").glob("sample_drawn_20-3-*.csv"))
    assert set(pl.read_csv(kept)["pair_id"]) == set(blind["pair_id"])


def coded(workspace: Path, file: Path, wrong: int) -> Path:
    """Code a blind sample as classified, but for the first intimate partner pairs, which are called family."""
    blind = pl.read_csv(file, infer_schema=False)
    ours = pl.read_parquet(workspace / "pairs.parquet").select("pair_id", "relationship_class")
    both = blind.join(ours, on="pair_id", how="left", maintain_order="left")
    partner = pl.col("relationship_class") == "intimate_partner"
    both = both.with_columns(
        pl.when(partner & (partner.cum_sum() <= wrong))
        .then(pl.lit("OF"))
        .otherwise("relationship_class")
        .alias("decision"),
        pl.lit("CD").alias("decided_by"),
    )
    both.drop("relationship_class").write_csv(file)
    return file


def test_a_coded_sample_gives_agreement_and_changes_nothing(
    workspace: Path, tmp_path: Path
) -> None:
    file = review_loop.draw_sample(workspace, size=30, seed=1, out=tmp_path / "all.csv").file
    before = (workspace / "pairs.parquet").read_bytes()
    done = review_loop.apply_review(workspace, coded(workspace, file, 1))
    found = done.agreement
    assert found is not None
    assert (workspace / "pairs.parquet").read_bytes() == before
    # Every pair is coded, so nothing is left to chance: 5 of 10 known pairs as classified, 4 as coded.
    assert (found.drawn, found.coded) == (30, 30)
    assert found.share == pytest.approx(5 / 10)
    assert found.corrected == pytest.approx(4 / 10)
    assert found.corrected_interval == pytest.approx((4 / 10, 4 / 10))
    cell = found.confusion.filter(relationship_class="intimate_partner")
    assert cell["given_other_family"].item() == 1


def test_the_screen_has_the_table_and_both_shares(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = review_loop.draw_sample(workspace, size=30, seed=2, out=tmp_path / "all.csv").file
    coded(workspace, file, 0)
    assert run(["review", str(workspace), "--apply", str(file)]) == 0
    told = capsys.readouterr().out
    assert "Cohen's kappa: 1.00 (95 % interval 1.00 to 1.00)" in told
    assert "corrected for misclassification: 50.0 %" in told
    assert run(["review", str(workspace), "--apply", str(file), "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "measure,value,lower,upper"
    assert "share_corrected,0.5,0.5,0.5" in lines


def test_a_sample_of_another_workspace_is_refused(workspace: Path, tmp_path: Path) -> None:
    file = review_loop.draw_sample(workspace, size=20, seed=5, out=tmp_path / "b.csv").file
    coded(workspace, file, 0)
    other = file.read_text().replace("20-5-", "21-5-")
    file.write_text(other)
    with pytest.raises(InputError, match="does not name one sample"):
        review_loop.apply_review(workspace, file)
