from __future__ import annotations

import csv
import fnmatch
import io
import json
import zipfile
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.model.errors import UsageError
from ipvi_cli.model.profile import parse_profile
from ipvi_cli.sample import Sample, make_sample
from ipvi_cli.sample.vocabulary import vocabulary

SHAPES = ("dir", "rms", "nyc")
USUAL = {"dir": (560, 465), "rms": (1500, 450), "nyc": (36_000, 20_500)}


def truth(sample: Sample) -> dict[str, Any]:
    return dict(json.loads(sample.truth["truth.json"]))


def classes(sample: Sample) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sample.truth["incident_classes.csv"].decode())))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_seed_gives_the_same_bytes(shape: str) -> None:
    size = {"incidents": 60, "mess": 0.4}

    assert make_sample(shape, seed=7, **size) == make_sample(shape, seed=7, **size)  # type: ignore[arg-type]
    assert make_sample(shape, seed=7, **size) != make_sample(shape, seed=8, **size)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_usual_size(shape: str) -> None:
    asked = truth(make_sample(shape))["sample"]

    assert (asked["incidents"], asked["intimate"]) == USUAL[shape]


@given(
    shape=st.sampled_from(("dir", "rms")),
    counts=st.integers(1, 120).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(0, n))  # type: ignore[misc]
    ),
    years=st.integers(1, 5),
    mess=st.sampled_from((0.0, 0.1, 0.5, 1.0)),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40, deadline=None)
def test_as_many_incidents_and_partners_as_asked(
    shape: str, counts: tuple[int, int], years: int, mess: float, seed: int
) -> None:
    sample = make_sample(
        shape, seed=seed, incidents=counts[0], intimate=counts[1], years=years, mess=mess
    )

    rows = classes(sample)
    assert len({row["incident_id"] for row in rows}) == counts[0]
    assert sum(row["incident_class"] == "intimate_partner" for row in rows) == counts[1]
    told = truth(sample)
    counted = Counter(row["incident_class"] for row in rows if row["in_denominator"] == "true")
    assert told["classes"] == dict(counted)
    assert told["denominator"] == sum(counted.values())


@given(
    counts=st.integers(1, 5000).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(0, n))  # type: ignore[misc]
    ),
    years=st.integers(1, 4),
    mess=st.sampled_from((0.0, 1.0)),
)
@settings(max_examples=25, deadline=None)
def test_a_snapshot_adds_up(counts: tuple[int, int], years: int, mess: float) -> None:
    sample = make_sample("nyc", incidents=counts[0], intimate=counts[1], years=years, mess=mess)

    ipv = snapshot_rows(sample, "synthetic_ipv_snapshot.csv")
    family = snapshot_rows(sample, "synthetic_family_snapshot.csv")
    assert len(ipv) == 59 * years
    assert sum(one["IPV_DIR"] for one in ipv.values()) == counts[1]
    assert sum(family[place]["FAM_DIR"] for place in ipv) == counts[0] - counts[1]
    for place, one in ipv.items():
        other = family[place]
        for what in ("Fel_Assault", "Rape"):
            assert one[f"DV_{what}"] == other[f"DV_{what}"]
            assert one[f"DV_{what}"] == one[f"IPV_{what}"] + other[f"FAM_{what}"]


def snapshot_rows(sample: Sample, name: str) -> dict[tuple[str, str, str], dict[str, int]]:
    rows = csv.reader(io.StringIO(sample.files[name].decode()))
    header = [cell.strip() for cell in next(rows)]
    return {
        (cells[0], cells[1].strip(), cells[2]): {
            column: int(cell.replace(",", ""))
            for column, cell in zip(header[3:], cells[3:], strict=True)
        }
        for cells in rows
        if cells[2] != "Total"
    }


def test_totals_of_a_snapshot_repeat_the_rows_above_them() -> None:
    sample = make_sample("nyc", mess=0)

    rows = list(csv.reader(io.StringIO(sample.files["synthetic_family_snapshot.csv"].decode())))
    sums = [0] * 5
    totals = 0
    for cells in rows[1:]:
        counts = [int(cell) for cell in cells[3:]]
        if cells[2] == "Total":
            assert counts == sums
            sums, totals = [0] * 5, totals + 1
        else:
            sums = [a + b for a, b in zip(sums, counts, strict=True)]
    assert totals == truth(sample)["total_rows"] == 10


def test_mess_mislabels_a_total_and_no_mess_none() -> None:
    def labels(mess: float) -> Counter[str]:
        sample = make_sample("nyc", mess=mess)
        rows = csv.reader(io.StringIO(sample.files["synthetic_family_snapshot.csv"].decode()))
        return Counter(cells[1].strip() for cells in rows if cells[2] == "Total")

    assert set(labels(0).values()) == {2}
    assert labels(0.1)["Bronx"] == 3


def text_of(sample: Sample, name: str) -> str:
    content = sample.files[name]
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "".join(parts.read(part).decode() for part in parts.namelist())
    return content.decode("cp1252" if name.startswith("dir_") else "utf-8-sig")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_profile_is_valid_and_maps_columns_that_are_there(shape: str) -> None:
    sample = make_sample(shape, incidents=80)

    profile = parse_profile(sample.profile, where=shape)

    assert "synthetic" in profile.jurisdiction.name
    claimed = Counter[str]()
    for source in profile.sources:
        names = [name for name in sample.files if fnmatch.fnmatch(name, source.files)]
        claimed.update(names)
        for name in names:
            text = " ".join(text_of(sample, name).split())
            assert [column for column in source.source_columns() if column not in text] == []
    assert claimed == Counter(list(sample.files))


def test_every_offence_weapon_and_injury_word_is_in_the_profile() -> None:
    for shape in ("dir", "rms"):
        profile = parse_profile(make_sample(shape, incidents=5).profile, where=shape)

        assert profile.site_words == vocabulary().codes


def test_no_mess_no_damage() -> None:
    for shape in ("dir", "rms"):
        for rows in truth(make_sample(shape, incidents=200, mess=0))["files"].values():
            assert rows["quarantined"] == rows["duplicate"] == 0


@pytest.mark.parametrize("shape", ["dir", "rms"])
def test_more_mess_damages_more(shape: str) -> None:
    def damage(mess: float) -> int:
        files = truth(make_sample(shape, incidents=400, mess=mess))["files"]
        return sum(rows["quarantined"] for rows in files.values())

    assert 0 < damage(0.1) < damage(1)


def test_a_records_system_is_undetermined_enough_for_a_range() -> None:
    for seed in range(1, 6):
        told = truth(make_sample("rms", seed=seed))
        share = told["classes"]["undetermined"] / told["denominator"]
        assert 0.10 < share < 0.25
        assert set(told["reasons"]) == {
            "ambiguous_term",
            "missing",
            "no_offender",
            "otherwise_known_dv",
            "unknown",
            "unmapped",
        }


def test_reports_leave_nothing_open() -> None:
    told = truth(make_sample("dir"))

    assert (told["denominator"], told["classes"]["intimate_partner"]) == (560, 465)
    assert told["reasons"] == {}


def test_a_year_has_a_file_of_its_own() -> None:
    sample = make_sample("dir", incidents=90, years=3)

    assert sorted(sample.files) == ["dir_2017.csv", "dir_2018.csv", "dir_2019.csv"]


def test_reports_are_not_utf8_and_say_that_they_are_synthetic() -> None:
    text = make_sample("dir").files["dir_2019.csv"]

    with pytest.raises(UnicodeDecodeError):
        text.decode("utf-8")
    assert text.decode("cp1252").startswith("SYNTHETIC SAMPLE")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_truth_is_in_no_file_of_the_delivery(shape: str) -> None:
    sample = make_sample(shape, incidents=120)

    assert not set(sample.files) & set(sample.truth)
    classes_ = ("intimate_partner", "known_not_domestic", "undetermined", "other_family")
    for name in sample.files:
        assert not any(word in text_of(sample, name) for word in classes_)


@pytest.mark.parametrize(
    ("shape", "name", "columns"),
    [
        ("dir", "dir_2019.csv", ("Victim Name", "Suspect Name")),
        ("rms", "persons.csv", ("Name",)),
    ],
)
def test_every_name_says_that_nobody_bears_it(
    shape: str, name: str, columns: tuple[str, ...]
) -> None:
    text = text_of(make_sample(shape, incidents=100, mess=0), name)

    records = [cells for cells in csv.reader(io.StringIO(text, newline="")) if len(cells) > 5]
    for column in columns:
        named = [cells[records[0].index(column)] for cells in records[1:]]
        assert len(named) >= 100
        assert all(one.startswith(("TESTPERSON-", "TESTBUSINESS-")) for one in named)


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": "xyz"},
        {"shape": "dir", "incidents": 5, "intimate": 6},
        {"shape": "dir", "incidents": 0},
        {"shape": "rms", "years": 0},
        {"shape": "rms", "years": 50},
        {"shape": "nyc", "mess": 1.5},
    ],
)
def test_wrong_usage_is_said_in_one_line(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        make_sample(**wrong)

    assert "\n" not in caught.value.line()
