"""How a figure comes from its counts: limits, intervals, bands, and periods that are not whole."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from helpers_summarize import case, cells, figures, number, one

from ipvi_cli.model.intervals import wilson
from ipvi_cli.summarize import figures as declared
from ipvi_cli.summarize.cells import AGES, UNKNOWN

TIE: dict[str, Any] = {"mapped": ["relationship.relationship_raw"], "value": [{"value": "x", "count": 1}]}  # fmt: skip


def counted(partner: int, family: int, undetermined: int, **more: Any) -> dict[str, Any]:
    """Make a delivery of so many incidents of each class, all in district 1."""
    classes = (
        ["intimate_partner"] * partner + ["other_family"] * family + ["undetermined"] * undetermined
    )
    rows = [{"i": i, "district": "1", "class": name} for i, name in enumerate(classes, start=1)]
    pairs = [
        {
            "i": row["i"],
            "class": row["class"],
            "reason": "unknown" if row["class"] == "undetermined" else None,
        }
        for row in rows
    ]
    return {**TIE, "incident": rows, "pair": pairs, **more}


@pytest.mark.parametrize(
    ("counts", "value", "lower", "upper"),
    [
        ((120, 60, 20), "2/3", "3/5", "7/10"),
        ((120, 60, 60), "2/3", "1/2", "3/4"),
        ((120, 60, 61), "", "120/241", "181/241"),
        ((0, 0, 9), "", "0", "1"),
        ((0, 4, 0), "0", "0", "0"),
        ((4, 0, 0), "1", "1", "1"),
    ],
)
@pytest.mark.parametrize("cell", [("total", "total"), ("district", "1"), ("agency", "A")])
def test_too_much_undetermined_leaves_the_range_only(
    counts: tuple[int, int, int], value: str, lower: str, upper: str, cell: tuple[str, str]
) -> None:
    row = one(figures(counted(*counts)), "B09", *cell)
    expected = [number(text) for text in (value, lower, upper)]
    assert [row[name] for name in ("value", "lower", "upper")] == pytest.approx(expected)
    assert ("range only" in row["note"]) == (not value)
    assert "assumes that unknown ties split like known ones" in row["note"]


@pytest.mark.parametrize("name", ["town", "whole_export", "boroughs"])
def test_every_share_follows_from_its_counts_alone(name: str) -> None:
    shares = [figure.figure_id for figure in declared() if figure.kind == "share"]
    made = figures(case(name)).filter(pl.col("denominator") > 0, pl.col("figure_id").is_in(shares))
    doubt = pl.col("undetermined").fill_null(0)
    again = made.select(
        value=pl.when(doubt / pl.col("denominator") <= 0.25).then(
            pl.col("numerator") / (pl.col("denominator") - doubt)
        ),
        lower=pl.when(pl.col("undetermined").is_not_null()).then(
            pl.col("numerator") / pl.col("denominator")
        ),
        upper=(pl.col("numerator") + pl.col("undetermined")) / pl.col("denominator"),
    )
    assert again.equals(made.select("value", "lower", "upper"))
    inside = (made["value"] >= 0) & (made["value"] <= 1)
    assert inside.drop_nulls().all()


def test_an_interval_stands_only_where_groups_are_compared() -> None:
    made = figures(counted(30, 10, 2))
    assert one(made, "B09")["ci_method"] is None
    row = one(made, "B09", "district", "1")
    lower, upper = wilson(pl.lit(30), pl.lit(40))
    low, high = pl.select(low=lower, high=upper).row(0)
    assert (row["ci_lower"], row["ci_upper"], row["ci_method"]) == (low, high, "wilson")
    assert low == pytest.approx(0.5981, abs=1e-4)
    assert high == pytest.approx(0.8581, abs=1e-4)


def test_no_interval_where_the_range_is_all_that_can_be_said() -> None:
    row = one(figures(counted(3, 3, 6)), "B09", "district", "1")
    assert [row[name] for name in ("ci_lower", "ci_upper", "ci_method")] == [None, None, None]


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-12"), (12, "0-12"), (13, "13-17"), (17, "13-17"), (18, "18-24"), (24, "18-24"),
        (25, "25-34"), (34, "25-34"), (35, "35-44"), (44, "35-44"), (45, "45-54"), (54, "45-54"),
        (55, "55-64"), (64, "55-64"), (65, "65+"), (110, "65+"), (-1, UNKNOWN), (None, UNKNOWN),
    ],
)  # fmt: skip
def test_age_bands(age: int | None, band: str) -> None:
    victims = [{"i": 1, "sex": "F", "age_years": age}, {"i": 2, "sex": "F", "age_years": 30}]
    made = figures(counted(2, 0, 0, victim=victims))
    whole = {"25-34": 2} if band == "25-34" else {band: 1, "25-34": 1}
    assert {group: n for group, (n, *_) in cells(made, "B08", "victim_age").items()} == whole
    assert band in AGES


@pytest.mark.parametrize("sex", ["U", None])
def test_a_sex_that_is_not_known_is_a_group_of_its_own(sex: str | None) -> None:
    victims = [{"i": 1, "sex": "X"}, {"i": 2, "sex": sex}]
    made = figures(counted(3, 0, 0, victim=victims))
    assert cells(made, "B08", "victim_sex") == {"X": (1, None, 0), "unknown": (2, None, 0)}


def test_a_business_is_no_victim() -> None:
    victims = [{"i": 1, "v": 1, "sex": "F"}, {"i": 1, "v": 2, "victim_type": "B"}]
    made = figures(counted(1, 0, 0, victim=victims))
    assert cells(made, "B08", "victim_sex") == {"F": (1, None, 0)}


def test_an_incident_counts_once_in_each_group_that_it_has_a_victim_of() -> None:
    victims = [{"i": 1, "v": v, "sex": sex} for v, sex in enumerate("FFM")]
    made = figures(counted(1, 0, 0, victim=victims))
    assert cells(made, "B08", "victim_sex") == {"F": (1, None, 0), "M": (1, None, 0)}
    assert one(made, "B08")["numerator"] == 1


def test_a_victim_told_of_twice_counts_once() -> None:
    victims = [
        {"i": 1, "sex": "U", "injury_codes": []},
        {"i": 1, "sex": "F", "injury_codes": ["O"], "row_fate": "merged"},
    ]
    given = counted(1, 0, 0, victim=victims, mapped=["victim.injury_raw"])
    assert cells(figures(given), "C06", "total") == {"total": (1, 1, 0)}


def test_rows_that_add_to_an_incident_are_of_one_incident() -> None:
    given = counted(1, 1, 0)
    given["incident"][0].pop("district")
    given["incident"].append(
        {"i": 1, "district": "7", "row_fate": "merged", "occurred_on": date(2020, 5, 1)}
    )
    made = figures(given)
    assert cells(made, "B09", "district") == {"1": (0, 1, 0), "7": (1, 1, 0)}
    assert cells(made, "B08", "month") == {"2020-05": (1, None, 0), "unknown": (0, None, 0)}


@pytest.mark.parametrize(
    ("code", "weapon", "firearm"),
    [
        ("11", 1, 1), ("11A", 1, 1), ("15", 1, 1), ("20", 1, 0), ("35", 1, 0), ("40", 0, 0), ("50", 1, 0),
        ("85", 1, 0), ("90", 0, 0), ("99", 0, 0),
    ],
)  # fmt: skip
def test_weapons(code: str, weapon: int, firearm: int) -> None:
    offenses = [{"i": 1, "weapon_codes": ["95", code]}, {"i": 2, "weapon_codes": ["95"]}]
    given = counted(3, 0, 0, offense=offenses, mapped=["offense.weapon_raw"])
    made = figures(given)
    assert cells(made, "C07", "total") == {"total": (weapon, 3, 2)}
    assert cells(made, "C08", "total") == {"total": (firearm, 3, 2)}


@pytest.mark.parametrize(
    ("period", "extract", "notes"),
    [
        (("2020-01-01", "2020-12-31"), None, {}),
        (("2020-01-01", "2020-12-30"), None, {"2020-12": "part", "2020": "part"}),
        (("2020-01-02", "2020-12-31"), None, {"2020-01": "part", "2020": "part"}),
        (("2020-01-01", "2020-12-31"), "2020-11-30", {"2020-12": "outside", "2020": "part"}),
        (("2020-02-01", "2021-01-31"), None, {"2020-01": "outside", "2020": "part"}),
    ],
)
def test_a_period_that_is_not_whole_is_said(
    period: tuple[str, str], extract: str | None, notes: dict[str, str]
) -> None:
    given = counted(2, 0, 0, period=[date.fromisoformat(day) for day in period])
    if extract:
        given["extract_date"] = date.fromisoformat(extract)
    for row, day in zip(given["incident"], ["2020-01-15", "2020-12-15"], strict=True):
        row["occurred_on"] = date.fromisoformat(day)
    made = figures(given)
    said = {
        group: one(made, "B08", by, group)["note"]
        for by, group in (("month", "2020-01"), ("month", "2020-12"), ("year", "2020"))
    }
    for group, note in said.items():
        assert ("only in part within the declared period" in note) == (notes.get(group) == "part")
        assert ("outside the declared period" in note) == (notes.get(group) == "outside")


def test_months_without_a_row_of_an_agency_that_sent_nothing() -> None:
    given = counted(1, 0, 0, agencies=["A", "B"], period=[date(2020, 1, 1), date(2020, 4, 30)])
    given["incident"][0]["occurred_on"] = date(2020, 2, 1)
    made = figures(given)
    assert cells(made, "A02", "agency") == {"A": (3, 4, None), "B": (4, 4, None)}
    assert cells(made, "A02", "district") == {"A/1": (3, 4, None)}
    assert cells(made, "A02", "total") == {"total": (3, 4, None)}


def test_a_year_that_is_not_whole_is_not_set_against_another() -> None:
    given = case("boroughs") | {"period": [date(2020, 1, 1), date(2021, 10, 31)]}
    made = figures(given)
    row = one(made, "T05", "year", "2021")
    assert (row["numerator"], row["denominator"], row["value"]) == (193, None, None)
    assert "only in part" in row["note"]
    assert one(made, "T01", "year", "2021")["numerator"] == 262


def test_a_change_skips_no_year() -> None:
    given = case("boroughs")
    given["tally"] = [row for row in given["tally"] if row["year"] != 2021]
    given["tally"].append({"year": 2022, "borough": "North", "district": "1", "ipv_dir": 5})
    rows = figures(given).filter(pl.col("figure_id") == "T05")
    assert rows.select("numerator", "value").row(0) == (None, None)
    assert rows["note"].to_list() == ["nothing to count"]


def test_published_counts_without_a_year_are_counted_as_such() -> None:
    given = case("boroughs")
    given["tally"] = [
        {key: value for key, value in row.items() if key != "year"} for row in given["tally"][:6]
    ]
    made = figures(given)
    assert cells(made, "T01", "year") == {"unknown": (190, None, None)}
    assert one(made, "T05")["note"] == (
        "cannot be made: needs tally.year, which is blank or not understood in every row; a second tally.year"
    )


def test_the_intimate_partner_file_alone_gives_no_share_of_reports() -> None:
    given = case("boroughs")
    given["tally"] = [row for row in given["tally"] if "ipv_dir" in row]
    made = figures(given)
    assert one(made, "T02")["note"] == "cannot be made: needs tally.family_dir or tally.dv_dir"
    assert cells(made, "T03", "year") == {"2020": (20, 31, None), "2021": (27, 43, None)}


def test_a_sum_with_other_family_stands_in_for_a_domestic_count_that_is_not_given() -> None:
    given = case("boroughs")
    for row in given["tally"]:
        row.pop("dv_felony_assault", None)
    assert cells(figures(given), "T03", "year/borough/district") == {
        "2020/North/1": (10, 16, None), "2020/North/2": (4, 8, None), "2020/North/9": (1, 1, None),
        "2020/East/1": (5, 6, None), "2020/East/unknown": (0, 0, None), "2021/North/1": (12, 18, None),
    }  # fmt: skip
