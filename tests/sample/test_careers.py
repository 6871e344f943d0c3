"""Persons who recur: what is made is true to what was asked, and an audit finds it again."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers_sample import pair_quality, right_persons, true_persons

from ipvi_cli import audit
from ipvi_cli.model.errors import UsageError
from ipvi_cli.model.profile import parse_profile
from ipvi_cli.offenders.criteria import parse_criteria, shipped_text
from ipvi_cli.offenders.events import histories
from ipvi_cli.offenders.levels import Extent, place
from ipvi_cli.pipeline.catalogue import sample as write_sample
from ipvi_cli.pipeline.offending import offenders
from ipvi_cli.sample import Sample, make_sample
from ipvi_cli.sample.careers.level import true_level
from ipvi_cli.sample.careers.lives import Act, Notice
from ipvi_cli.sample.careers.someone import Someone
from ipvi_cli.sample.careers.words import Crime

ASKED: dict[str, Any] = {"shape": "rms", "seed": 4, "incidents": 320, "intimate": 200, "years": 4}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.fixture(scope="module")
def made() -> Sample:
    return make_sample(**ASKED, careers=True, effect=0.7)


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("careers")
    delivery, truth = write_sample(folder / "c", **ASKED, mess=0.1, careers=True, effect=0.7)
    workspace = folder / "c.audit"
    audit(delivery, out=workspace)
    offenders(workspace)
    return workspace, truth


def test_the_same_seed_gives_the_same_careers(made: Sample) -> None:
    assert make_sample(**ASKED, careers=True, effect=0.7) == made
    assert make_sample(**{**ASKED, "seed": 5}, careers=True, effect=0.7) != made


def test_as_many_incidents_and_partners_as_asked(made: Sample) -> None:
    classes = rows(made.truth["incident_classes.csv"])

    assert len({one["incident_id"] for one in classes}) == 320
    assert sum(one["incident_class"] == "intimate_partner" for one in classes) == 200


def test_a_few_have_long_careers_and_most_have_one_incident(made: Sample) -> None:
    levels = [one for one in rows(made.truth["person_levels.csv"]) if one["career"] != "other"]

    counts = Counter(int(one["ipv_incidents"]) for one in levels)
    assert counts[1] > 0.6 * len(levels)
    assert 0 < sum(count for many, count in counts.items() if many >= 4) < 0.2 * len(levels)
    assert {one["level"] for one in levels} == {"A", "B", "C", "D", "none"}


def test_every_record_that_names_somebody_is_in_the_truth(made: Sample) -> None:
    told = {
        (one["source_file"], int(one["source_row"]))
        for one in rows(made.truth["person_records.csv"])
    }
    for name in ("persons.csv", "arrests.csv", "charges.csv", "notifications.csv"):
        lines = list(csv.reader(io.StringIO(made.files[name].decode())))
        header = lines[0]
        seen: set[tuple[str, ...]] = set()
        for number, cells in enumerate(lines[1:], start=2):
            whole = len(cells) == len(header) and tuple(cells) not in seen
            seen.add(tuple(cells))
            if whole and cells[header.index("Name")]:
                assert (name, number) in told


def test_the_profile_maps_columns_that_are_there(made: Sample) -> None:
    profile = parse_profile(made.profile, where="careers")

    assert {source.files for source in profile.sources} == set(made.files)
    for source in profile.sources:
        header = made.files[source.files].decode().splitlines()[0].split(",")
        assert source.source_columns() <= set(header)


def test_nobody_is_notified_unless_an_effect_is_asked_for() -> None:
    plain = make_sample(**ASKED, careers=True)

    assert "notifications.csv" not in plain.files
    assert "notifications" not in plain.profile


def test_a_smaller_share_leaves_fewer_incidents_after_a_notification() -> None:
    def after(effect: float) -> float:
        sample = make_sample(
            "rms",
            seed=2,
            incidents=3000,
            intimate=1800,
            years=6,
            mess=0,
            careers=True,
            effect=effect,
        )
        notified: dict[str, date] = {}
        who = {
            (one["source_file"], one["source_row"], one["role"]): one["person"]
            for one in rows(sample.truth["person_records.csv"])
        }
        for line, one in enumerate(rows(sample.files["notifications.csv"]), start=2):
            if one["Delivered"] == "Y":
                person = who["notifications.csv", str(line), "notified"]
                notified.setdefault(person, datetime.strptime(one["Notified"], "%m/%d/%Y").date())
        days = {
            (one["IncidentNum"], one["AgencyName"]): datetime.strptime(
                one["Occurred"][:10], "%m/%d/%Y"
            ).date()
            for one in rows(sample.files["incidents.csv"])
        }
        said = {
            (one["IncidentNum"], one["AgencyName"])
            for one in rows(sample.files["relationships.csv"])
        }
        again = 0
        for line, one in enumerate(rows(sample.files["persons.csv"]), start=2):
            key = (one["IncidentNum"], one["AgencyName"])
            person = who.get(("persons.csv", str(line), "offender"), "")
            again += person in notified and key in said and days[key] > notified[person]
        return again / len(notified)

    # What is left with none are those against others.
    assert after(0) < 0.3 * after(1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": "dir", "careers": True},
        {"shape": "nyc", "careers": True},
        {"shape": "rms", "effect": 0.7},
        {"shape": "rms", "careers": True, "effect": -0.1},
        {"shape": "rms", "careers": True, "effect": 4},
    ],
)
def test_wrong_careers_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        make_sample(**wrong)

    assert "\n" not in caught.value.line()


def test_an_audit_finds_the_true_class_of_each_incident(audited: tuple[Path, Path]) -> None:
    workspace, truth = audited
    found = pl.read_parquet(workspace / "incidents.parquet")
    told = pl.read_csv(truth / "incident_classes.csv")
    both = told.join(found, on="incident_id", how="full", suffix="_found")

    assert both.filter(
        pl.col("incident_class").ne_missing(pl.col("incident_class_found"))
    ).is_empty()
    assert both.filter(pl.col("in_denominator") != pl.col("in_denominator_found")).is_empty()


def test_persons_are_found_again(audited: tuple[Path, Path]) -> None:
    both = true_persons(*audited)

    assert both["person"].null_count() == 0
    precision, recall = pair_quality(both)
    assert precision >= 0.995
    assert recall >= 0.9


def test_levels_are_the_true_ones_where_the_person_is_right(audited: tuple[Path, Path]) -> None:
    workspace, truth = audited
    levels = pl.read_csv(truth / "person_levels.csv")
    found = pl.read_parquet(workspace / "offenders.parquet").select("person_id", found="level")
    right = right_persons(true_persons(workspace, truth))

    both = levels.join(right, on="person").join(found, on="person_id", how="left")
    assert both.height > 0.9 * levels.height
    assert both.filter(pl.col("level") != pl.col("found").fill_null("none")).is_empty()


def test_levels_are_the_true_ones_of_all_with_true_links(audited: tuple[Path, Path]) -> None:
    from ipvi_cli.workspace import open_workspace

    workspace, truth = audited
    store = open_workspace(workspace)
    tables = {name: store.scan(name, identity=True) for name in store.tables}
    persons = true_persons(workspace, truth).select(
        "record_table", "record_id", person_id="person", match_probability=pl.lit(1.0)
    )
    text = shipped_text("high-point-style")
    assert text is not None
    events = histories(tables, store.scan_output("pairs.parquet"), persons.lazy()).events
    found = place(events, parse_criteria(text, where="shipped"), Extent(True, None, None))

    both = pl.read_csv(truth / "person_levels.csv").join(
        found, left_on="person", right_on="person_id", how="left", suffix="_found"
    )
    assert both.filter(pl.col("level") != pl.col("level_found").fill_null("none")).is_empty()


DAY = date(2019, 6, 1)
HIT = Crime("violence", "HIT", "13B", "MISDEMEANOR", 1, (), ())
GUN = Crime("weapon", "GUN", "520", "FELONY", 1, (), ())


def act(after: int = 0, **told: Any) -> Act:
    given: dict[str, Any] = {
        "meaning": "intimate_partner", "crime": HIT, "weapon": "HANDS/FEET", "charges": (HIT,), **told,
    }  # fmt: skip
    return Act(
        DAY + timedelta(days=after), 0, offender=who(), victim=who(), injury="", said="WIFE",
        arrested=True, **given,
    )  # fmt: skip


def who(born: date = date(1990, 1, 1)) -> Someone:
    return Someone(1, "A", "B", "B", "C", born, "M", "U", "", "", ("1", "2"), "3")


NOTICE = Notice("D", DAY, DAY + timedelta(days=5), True, act())


@pytest.mark.parametrize(
    ("acts", "notices", "level"),
    [
        ([act(charges=(HIT, HIT, HIT))], [], "C"),
        ([act(charges=())], [], "D"),
        ([act(), act(9)], [], "B"),
        ([act(), act(9), act(20)], [], "A"),
        ([act(weapon="KNIFE - KITCHEN", charges=())], [], "A"),
        ([act(meaning="stranger", weapon="KNIFE - KITCHEN")], [], "none"),
        ([act(), act(9, meaning="undetermined")], [], "C"),
        ([act(), act(9, dual="open")], [], "C"),
        ([act(), act(9, sealed=True)], [], "C"),
        ([act(charges=()), act(9, charges=())], [NOTICE], "B"),
        ([act(charges=()), act(5, charges=())], [NOTICE], "D"),
        ([act(charges=(), order=True), act(9, meaning="not_applicable", crime=GUN)], [NOTICE], "B"),
        ([act(charges=()), act(9, meaning="not_applicable", crime=GUN)], [NOTICE], "D"),
    ],
)
def test_the_true_level_follows_the_definition(
    acts: list[Act], notices: list[Notice], level: str
) -> None:
    assert true_level(who(), acts, notices) == level


@pytest.mark.parametrize(("born", "level"), [(date(2001, 6, 1), "C"), (date(2001, 6, 2), "none")])
def test_the_birthday_counts(born: date, level: str) -> None:
    assert true_level(who(born), [act()], []) == level


def test_violated_orders_are_arrests_in_force_and_the_truth_says_which(made: Sample) -> None:
    def day(text: str) -> date:
        return datetime.strptime(text, "%m/%d/%Y").date()

    orders = {row["OrderNo"]: row for row in rows(made.files["orders.csv"])}
    truth = {row["order"]: row for row in rows(made.truth["person_orders.csv"])}
    violated = {number: day(row["Violated"]) for number, row in orders.items() if row["Violated"]}

    assert set(truth) == set(orders)
    assert {number: on.isoformat() for number, on in violated.items()} == {
        number: row["violated_on"] for number, row in truth.items() if row["violated_on"]
    }
    assert 0 < len(violated) < len(orders)
    for number, on in violated.items():
        assert day(orders[number]["Served"]) <= on <= day(orders[number]["Expires"])
