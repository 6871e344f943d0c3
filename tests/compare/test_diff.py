"""What ``ipvi diff`` finds between two deliveries, and what it must not find."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from ipvi_cli.cli.exits import run
from ipvi_cli.pipeline import audit
from ipvi_cli.pipeline.comparing import Compared, diff

PROFILE = """
[jurisdiction]
name = "Made-up town"
population = "domestic"
[[agencies]]
id = "TOWN"
[[sources]]
name = "dir"
files = "dir*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
columns = { occurred_on = "Date" }
[[sources.tables]]
table = "victim"
columns = { sex = "Sex", name = "Name" }
[[sources.tables]]
table = "offender"
columns = { name = "Other" }
[[sources.tables]]
table = "relationship"
columns = { relationship_raw = { column = "Tie", direction = "offender_to_victim" } }
"""
HEAD = "No,Date,Sex,Name,Other,Tie\n"
TIES = ["BOYFRIEND", "HUSBAND", "WIFE", "BROTHER", "MOTHER"]


def rows(
    first: int, last: int, *, start: date = date(2019, 1, 1), ties: list[str] = TIES
) -> list[str]:
    chance = random.Random(first)
    return [
        f"19-{n},{start + timedelta(days=n % 180)},{'FM'[n % 2]},Zzvictim {n},Zzother {n},{chance.choice(ties)}"
        for n in range(first, last)
    ]


def delivery(folder: Path, lines: list[str], head: str = HEAD, profile: str = PROFILE) -> Path:
    folder.mkdir(parents=True)
    (folder / "dir.csv").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    (folder / "jurisdiction.toml").write_text(profile, encoding="utf-8")
    return folder


def drifted(done: Compared) -> set[tuple[str, str | None]]:
    return set(done.differences.filter("drift").select("kind", "column").iter_rows())


def test_the_same_rows_in_another_order_are_no_difference(tmp_path: Path) -> None:
    lines = rows(0, 200)
    turned = random.Random(1).sample(lines, len(lines))
    done = diff(delivery(tmp_path / "old", lines), delivery(tmp_path / "new", turned))
    assert not done.drift
    assert done.differences.filter(pl.col("kind").is_in(["changed", "word", "column"])).is_empty()
    assert done.differences.filter(pl.col("what") == "in both")["old"].to_list() == [200]


def test_later_months_alone_have_lost_nothing(tmp_path: Path) -> None:
    old = delivery(tmp_path / "old", rows(0, 200))
    new = delivery(tmp_path / "new", rows(200, 400, start=date(2020, 1, 1)))
    done = diff(old, new)
    assert not done.drift
    counts = dict(
        done.differences.filter(pl.col("kind") == "rows").select("what", "measure").iter_rows()
    )
    assert counts["lost"] == 0


def test_incidents_of_a_month_that_both_cover_are_lost(tmp_path: Path) -> None:
    done = diff(delivery(tmp_path / "old", rows(0, 200)), delivery(tmp_path / "new", rows(0, 180)))
    lost = done.differences.filter(pl.col("what") == "lost").row(0, named=True)
    assert (lost["old"], lost["measure"], lost["drift"]) == (20, 0.1, True)


def test_a_month_missing_between_others_is_lost(tmp_path: Path) -> None:
    lines = rows(0, 360)
    kept = [line for line in lines if not line.split(",")[1].startswith("2019-03")]

    done = diff(delivery(tmp_path / "old", lines), delivery(tmp_path / "new", kept))

    lost = done.differences.filter(pl.col("what") == "lost").row(0, named=True)
    assert (lost["old"], lost["drift"]) == (len(lines) - len(kept), True)
    months = done.differences.filter("drift", pl.col("kind") == "month")["what"].to_list()
    assert months == ["2019-03"]


def test_a_late_report_of_an_early_month_does_not_make_the_months_between_lost(
    tmp_path: Path,
) -> None:
    old = delivery(tmp_path / "old", rows(0, 360))
    late = rows(10, 11) + rows(1000, 1100, start=date(2019, 7, 1))

    done = diff(old, delivery(tmp_path / "new", late))

    assert ("month", None) not in {
        (kind, column)
        for kind, column, what in done.differences.filter("drift")
        .select("kind", "column", "what")
        .iter_rows()
        if what in ("2019-02", "2019-03", "2019-04", "2019-05")
    }


def test_numbers_that_are_only_written_otherwise_are_told(tmp_path: Path) -> None:
    lines = rows(0, 200)
    other = [line.replace("19-", "19-000", 1) for line in lines]

    done = diff(delivery(tmp_path / "old", lines), delivery(tmp_path / "new", other))

    told = done.differences.filter(pl.col("what").str.contains("zeros and signs"))
    assert told["old"].to_list() == [200]
    assert done.drift


def test_a_word_that_another_has_taken_the_place_of_is_caught(tmp_path: Path) -> None:
    lines = rows(0, 200)
    changed = [line.replace("BOYFRIEND", "OTHER") for line in rows(200, 400)]
    done = diff(delivery(tmp_path / "old", lines), delivery(tmp_path / "new", lines + changed))
    words = done.differences.filter((pl.col("kind") == "word") & pl.col("drift"))
    assert set(words["what"]) == {"new: OTHER", "vanished: BOYFRIEND"}
    assert ("shift", "relationship_raw") in drifted(done)


def test_changed_cells_are_counted_by_column(tmp_path: Path) -> None:
    lines = rows(0, 200)
    changed = [line.replace(",F,", ",M,") if n < 10 else line for n, line in enumerate(lines)]
    done = diff(delivery(tmp_path / "old", lines), delivery(tmp_path / "new", changed))
    cells = done.differences.filter(pl.col("kind") == "changed")
    assert list(cells.select("table", "column", "new").iter_rows()) == [("victim", "sex", 5)]


def test_a_rare_word_is_counted_and_not_shown(tmp_path: Path) -> None:
    lines = rows(0, 200)
    named = [line.rpartition(",")[0] + ",ZZQUILLONS WIFE" for line in rows(200, 205)]
    old, new = delivery(tmp_path / "old", lines), delivery(tmp_path / "new", lines + named)
    assert "ZZQUILLON" not in diff(old, new).differences.write_csv()
    assert "ZZQUILLON" in diff(old, new, show_values=True).differences.write_csv()


def test_a_lost_column_is_told_even_where_the_rest_cannot_be_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = rows(0, 50)
    old = delivery(tmp_path / "old", lines)
    new = delivery(tmp_path / "new", lines, head=HEAD.replace("Tie", "Relation"))
    assert run(["diff", str(old), str(new), "--format", "json"]) == 3
    told, said = capfd.readouterr()
    assert [row["what"] for row in json.loads(told)] == ["renamed to Relation, it seems"]
    assert "Tie" in said
    assert "Zz" not in told + said


@pytest.mark.parametrize(("limit", "code"), [("0.2", 0), ("0.05", 1)])
def test_the_profile_sets_the_thresholds(
    limit: str, code: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    profile = PROFILE + f"[diff]\nlost = {limit}\nvolume = 1\n"
    old = delivery(tmp_path / "old", rows(0, 200), profile=profile)
    new = delivery(tmp_path / "new", rows(0, 180), profile=profile)
    assert run(["diff", str(old), str(new)]) == code
    assert "Zz" not in capfd.readouterr().out


def test_a_workspace_keeps_what_was_delivered_before(tmp_path: Path) -> None:
    out = tmp_path / "town.audit"
    first, second = delivery(tmp_path / "1", rows(0, 50)), delivery(tmp_path / "2", rows(0, 80))

    audit(first, out=out)
    audit(first, out=out)
    assert not (out / "history").exists()

    audit(second, out=out)
    (kept,) = (out / "history").iterdir()
    assert kept.name.startswith("0001-")
    assert json.loads((kept / "manifest.json").read_text())["inputs"][0]["rows_read"] == 50
    assert (kept / "figures.parquet").is_file()

    audit(delivery(tmp_path / "3", rows(0, 90)), out=out)
    assert [path.name[:4] for path in sorted((out / "history").iterdir())] == ["0001", "0002"]
    assert not diff(out, out).drift


def test_a_supplement_stands_in_place_of_the_first_report(tmp_path: Path) -> None:
    folder = delivery(
        tmp_path / "town",
        ["19-1,2019-01-01,F,Zz A,Zz B,FRIEND", "19-2,2019-01-02,F,Zz C,Zz D,WIFE"],
        profile=PROFILE.replace(
            'files = "dir*.csv"', 'files = "dir*.csv"\nlater_files = "supersede"'
        ),
    )
    (folder / "dir_supplement.csv").write_text(HEAD + "19-1,2019-01-01,F,Zz A,Zz B,BOYFRIEND\n")

    done = audit(folder, out=tmp_path / "town.audit")

    assert done.headline is not None
    assert (done.headline.incidents, done.headline.intimate_partner) == (2, 2)
    assert {item.file: item.row_fates["superseded"] for item in done.inputs} == {
        "dir.csv": 1,
        "dir_supplement.csv": 0,
    }
