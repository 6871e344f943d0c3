# ruff: noqa: PT012 - a staging is a block, and it is the block that fails
import errno
import json
import os
import stat
from pathlib import Path

import polars as pl
import pytest
from helpers_workspace import finish, incidents, make, tree
from polars.testing import assert_frame_equal

from ipvi_cli.model.errors import OutputError
from ipvi_cli.workspace import open_workspace, stage


def beside(out: Path) -> set[str]:
    return {path.name for path in out.parent.iterdir()}


def test_what_is_written_is_listed_hashed_and_read_back(tmp_path: Path) -> None:
    # Arrange
    out = tmp_path / "x.audit"
    rows = incidents(5)

    # Act
    with stage(out) as staging:
        with staging.table_writer("incident") as writer:
            writer.write(rows.head(2))
            writer.write(rows.tail(3).select(reversed(rows.columns)))
        staging.write_frame("pairs.parquet", staging.scan("incident").select("incident_id"))
        finish(staging, jurisdiction="Somewhere")
    workspace = open_workspace(out)

    # Assert
    assert_frame_equal(workspace.scan("incident").collect(), rows)
    assert workspace.tables == ("incident",)
    assert workspace.altered() == []
    assert {item["file"]: item["rows"] for item in workspace.manifest["outputs"]} == {
        "pairs.parquet": 5,
        "restricted/identity/incident.parquet": 5,
        "tables/incident.parquet": 5,
    }
    assert workspace.manifest["jurisdiction"] == "Somewhere"
    assert beside(out) == {"x.audit"}


@pytest.mark.parametrize("row_group", [1, 3, 1000])
def test_texts_of_a_closed_list_are_written_as_texts(
    row_group: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Arrange: the same columns as lists of other texts, as texts, and empty, in whatever order they come
    monkeypatch.setattr("ipvi_cli.workspace.tables.ROW_GROUP", row_group)
    rows = incidents(9)
    texts = ["row_fate", "source_file", "address"]
    blocks = [
        rows[:2].with_columns(pl.col(n).cast(pl.Enum(rows[n][:2].unique())) for n in texts),
        rows[2:5],
        rows[5:8].with_columns(pl.col(n).cast(pl.Enum(rows[n].unique())) for n in rows.columns if n in texts),
        rows[8:].with_columns(pl.lit(None, pl.String).alias("address")),
    ]  # fmt: skip
    expected = pl.concat([*(rows[a:b] for a, b in ((0, 2), (2, 5), (5, 8))), blocks[3]])

    # Act
    with stage(tmp_path / "x.audit") as staging:
        for order in (blocks, blocks[::-1]):
            with staging.table_writer("incident") as writer:
                for block in order:
                    writer.write(block)
            found = staging.scan("incident").collect()

            # Assert
            assert_frame_equal(found.sort("record_id"), expected)
        finish(staging)


def test_identifying_columns_lie_in_restricted_alone(tmp_path: Path) -> None:
    out = make(tmp_path / "x.audit")
    public = pl.read_parquet(out / "tables" / "incident.parquet")
    hidden = pl.read_parquet(out / "restricted" / "identity" / "incident.parquet")
    assert "address" not in public.columns
    assert hidden.columns == ["record_id", "district_raw", "address", "narrative"]
    open_files = {name: text for name, text in tree(out).items() if "restricted" not in name}
    assert not any(b"MARKED" in content for content in open_files.values())


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    out = tmp_path / "x.audit"
    with stage(out) as staging:
        staging.table_writer("incident").close()
        finish(staging)
    read = open_workspace(out).scan("incident").collect()
    assert_frame_equal(read, incidents(0))


def test_a_query_without_identifying_columns_reads_no_identity(tmp_path: Path) -> None:
    out = make(tmp_path / "x.audit")
    (out / "restricted" / "identity" / "incident.parquet").unlink()
    read = open_workspace(out).scan("incident", identity=False).collect()
    assert read["incident_id"].to_list() == ["PD:0", "PD:1", "PD:2"]


def test_many_blocks_keep_their_order_and_both_parts_side_by_side(tmp_path: Path) -> None:
    out = tmp_path / "x.audit"
    with stage(out) as staging:
        with staging.table_writer("incident") as writer:
            for start in range(0, 300_000, 50_000):
                writer.write(incidents(50_000, start=start))
        finish(staging)
    read = open_workspace(out).scan("incident").select("record_id", "address")
    wrong = read.filter(pl.col("address") != pl.format("{} MARKED ROAD", "record_id")).collect(
        engine="streaming"
    )
    assert wrong.height == 0
    assert read.select(pl.col("record_id").is_sorted()).collect().item()


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_everything_belongs_to_its_owner_alone_while_it_is_made(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with stage(tmp_path / "x.audit") as staging:
            with staging.table_writer("incident") as writer:
                writer.write(incidents(2))
            staging.write_frame("a/pairs.parquet", incidents(2).lazy())
            staging.write_csv("b/list.csv", incidents(2))
            staging.write_xlsx("audit.xlsx", {"one": incidents(2)}, title="t")
            modes = {
                stat.S_IMODE(path.stat().st_mode): path.is_dir()
                for path in (staging.path, *staging.path.rglob("*"))
            }
            finish(staging)
        after = os.umask(umask)
    finally:
        os.umask(before)
    assert modes == {0o700: True, 0o600: False}
    assert after == umask
    assert stat.S_IMODE((tmp_path / "x.audit" / "manifest.json").stat().st_mode) == 0o600


def test_equal_runs_give_equal_bytes_but_for_the_time(tmp_path: Path) -> None:
    def run(out: Path) -> dict[str, bytes]:
        with stage(out) as staging:
            with staging.table_writer("incident") as writer:
                writer.write(incidents(2_000))
            staging.write_frame("pairs.parquet", staging.scan("incident"))
            staging.write_xlsx("audit.xlsx", {"one": incidents(3)}, title="t")
            staging.write_csv("list.csv", incidents(3))
            finish(staging)
        files = tree(out)
        manifest = json.loads(files.pop("manifest.json"))
        manifest.pop("created_at")
        return {**files, "manifest": json.dumps(manifest).encode()}

    assert run(tmp_path / "a.audit") == run(tmp_path / "b.audit")


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_a_failure_leaves_the_earlier_workspace_as_it_was(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    # Arrange
    out = make(tmp_path / "x.audit")
    before = tree(out)

    # Act
    with pytest.raises(failure), stage(out) as staging:
        staging.table_writer("incident").write(incidents(4))
        staging.write_text("mark.txt", "second")
        raise failure

    # Assert
    assert tree(out) == before
    assert beside(out) == {"x.audit"}


def test_outputs_of_an_earlier_run_do_not_survive(tmp_path: Path) -> None:
    out = make(tmp_path / "x.audit")
    with stage(out) as staging:
        finish(staging)
    assert set(tree(out)) == {"manifest.json"}


def test_a_single_stage_is_redone_without_touching_what_it_started_from(tmp_path: Path) -> None:
    # Arrange
    out = make(tmp_path / "x.audit")
    before = tree(out)

    # Act
    with pytest.raises(ValueError, match="stop"), stage(out, keep=True) as staging:
        staging.write_text("mark.txt", "second")
        staging.write_frame("tables/incident.parquet", incidents(1))
        raise ValueError("stop")
    untouched = tree(out)
    with stage(out, keep=True) as staging:
        staging.write_text("mark.txt", "second")
        finish(staging)

    # Assert
    assert untouched == before
    after = tree(out)
    assert after.pop("mark.txt") == b"second"
    assert after["tables/incident.parquet"] == before["tables/incident.parquet"]
    assert set(after) | {"mark.txt"} == set(before)
    assert open_workspace(out).altered() == []


@pytest.mark.parametrize("inside", [None, "notes.txt", "manifest.json"])
def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path, inside: str | None) -> None:
    out = tmp_path / "x.audit"
    out.mkdir()
    if inside:
        (out / inside).write_text('{"tool": "another"}')
    with pytest.raises(OutputError, match="without a manifest") as caught, stage(out):
        pass
    assert caught.value.exit_code == 4
    assert set(tree(out)) == ({inside} if inside else set())


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "x.audit"
    out.write_text("mine")
    with pytest.raises(OutputError, match="never replaced"), stage(out):
        pass
    with pytest.raises(OutputError, match="is a file, not a folder"), stage(out / "y.audit"):
        pass
    assert out.read_text() == "mine"


def test_a_workspace_around_the_delivery_is_refused(tmp_path: Path) -> None:
    out = make(tmp_path / "x.audit")
    delivery = out / "delivery"
    delivery.mkdir()
    with pytest.raises(OutputError, match="holds the delivery"), stage(out, inputs=[delivery]):
        pass
    assert delivery.is_dir()


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "no permission"), (errno.EROFS, "read-only")],
)
def test_what_the_disk_refuses_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    out = make(tmp_path / "x.audit")
    before = tree(out)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "JOHN SMITH")

    with pytest.raises(OutputError, match=words) as caught, stage(out) as staging:
        monkeypatch.setattr("ipvi_cli.workspace.staging.write_bytes", refuse)
        staging.write_text("mark.txt", "second")
    assert "SMITH" not in str(caught.value)
    assert str(out) in str(caught.value)
    assert tree(out) == before


def test_a_folder_that_may_not_be_written_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "x.audit"

    def refuse(path: Path, *_: object) -> int:
        raise PermissionError(errno.EACCES, "refused", str(path))

    monkeypatch.setattr("ipvi_cli.workspace.lock.os.open", refuse)
    with pytest.raises(OutputError, match="no permission to write there"), stage(out):
        pass
    assert not list(tmp_path.iterdir())


def test_a_failure_to_read_a_delivery_is_not_blamed_on_the_output(tmp_path: Path) -> None:
    delivery = tmp_path / "delivery" / "dir.csv"
    with pytest.raises(FileNotFoundError), stage(tmp_path / "x.audit"):
        delivery.read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("lazy", [True, False])
def test_a_full_disk_under_polars_is_told_too(tmp_path: Path, lazy: bool) -> None:
    frame = incidents(5)
    with pytest.raises(OutputError, match="disk is full"), stage(tmp_path / "x.audit") as staging:
        (staging.path / "pairs.parquet").symlink_to("/dev/full")
        # Written through the link, as a disk that fills up meanwhile would be.
        staging._target = lambda relative: staging.path / relative  # type: ignore[method-assign]
        staging.write_frame("pairs.parquet", frame.lazy() if lazy else frame)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_under_the_table_writer_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipvi_cli.workspace.tables.table_file", lambda _: "full")
    with pytest.raises(OutputError, match="disk is full"), stage(tmp_path / "x.audit") as staging:
        monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
        (staging.path / "full").symlink_to("/dev/full")
        with staging.table_writer("incident") as writer:
            for start in range(0, 600_000, 200_000):
                writer.write(incidents(200_000, start=start))
