"""Several jurisdictions side by side: what is set beside what, and what nobody can work out from it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli import compare
from ipvi_cli.cli.exits import run
from ipvi_cli.compare.funnel import limits
from ipvi_cli.compare.in_place import of_similar_size
from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.model.partners import ANSWER_SCHEMA
from ipvi_cli.model.provenance import Provenance
from ipvi_cli.pipeline import audit
from ipvi_cli.pipeline.peers import compare_peers, write_side_by_side
from ipvi_cli.pipeline.releasing import publish

TIES = ("BOYFRIEND", "WIFE", "BROTHER", "EX-HUSBAND", "MOTHER", "STRANGER", "GIRLFRIEND")
WEAPONS = (*["HANDS"] * 30, "HANDGUN")
PROFILE = """
[jurisdiction]
name = "Town of {name}"
population = "{name}"
period = {{ start = 2019-01-01, end = 2019-12-31 }}
[[agencies]]
id = "TOWN"
[[sources]]
name = "dir"
files = "dir.csv"
keys = {{ incident_number = "No" }}
[[sources.tables]]
table = "incident"
columns = {{ occurred_on = "Date" }}
[[sources.tables]]
table = "relationship"
columns = {{ relationship_raw = {{ column = "Tie", direction = "offender_to_victim" }} }}
[[sources.tables]]
table = "offense"
columns = {{ weapon_raw = "Weapon" }}
"""
TOLD = Provenance(
    jurisdiction="Ashford",
    population="domestic",
    period=(date(2019, 1, 1), date(2019, 12, 31)),
    denominator="domestic incidents",
    complete=True,
    known_only=0.10,
    range=0.25,
)
KINDS = {"B08": "count", "B09": "share", "B10": "rate", "D01": "share"}
DEFINITIONS = pl.DataFrame(
    [(figure, f"formula of {figure}", kind) for figure, kind in KINDS.items()],
    schema=["figure_id", "formula", "kind"],
    orient="row",
)


def row(figure: str, part: int | None, whole: int | None = None, **more: Any) -> dict[str, Any]:
    """Make a row of figures as it is when nothing is undetermined."""
    value = None if part is None else float(part)
    if value is not None and whole:
        value = value / whole * (10_000 if KINDS[figure] == "rate" else 1)
    return {
        "figure_id": figure, "title": figure, "counting_unit": "incidents", "by": "total", "group": "total",
        "numerator": part, "denominator": whole, "undetermined": 0, "value": value, "suppressed": part is None,
    } | more  # fmt: skip


def peer(name: str, *rows: dict[str, Any], told: Provenance = TOLD, **more: Any) -> compare.Peer:
    """Make a jurisdiction with these rows."""
    return compare.Peer(
        name=name,
        told=told.model_copy(update={"jurisdiction": name}),
        version="1.0",
        rules="abc",
        threshold=10,
        figures=pl.DataFrame(rows, schema=FIGURE_SCHEMA),
        definitions=more.pop("definitions", DEFINITIONS),
        **more,
    )


def why(peers: list[compare.Peer], by: str = "total") -> dict[str, str | None]:
    """Give what speaks against each of the peers."""
    frame = compare.side_by_side(peers, list(KINDS)).filter(pl.col("by") == by)
    return dict(frame.select("jurisdiction", "why_not").iter_rows())


def test_shares_and_rates_have_the_intervals_of_the_books() -> None:
    peers = [
        peer(name, row("B09", 81, 263), row("B10", 20, 40_000)) for name in ("Ashford", "Bexley")
    ]
    frame = compare.side_by_side(peers, ["B09", "B10"])
    share, rate = (
        frame.filter(pl.col("figure_id") == one).row(0, named=True) for one in ("B09", "B10")
    )
    # Newcombe 1998, Statistics in Medicine 17:857, table I: 81 of 263.
    assert (round(share["ci_lower"], 4), round(share["ci_upper"], 4)) == (0.2553, 0.3662)
    # Garwood 1936: 20 events, 12.217 to 30.888.
    assert (round(rate["ci_lower"], 3), round(rate["ci_upper"], 3)) == (3.054, 7.722)
    assert frame["comparable"].all()


@pytest.mark.parametrize(
    ("figure", "change", "said"),
    [
        ("B09", {"population": "all"}, "population: all"),
        ("B09", {"complete": False}, "a source of its audit is missing"),
        ("D01", {"period": (date(2017, 1, 1), date(2019, 12, 31))}, "36 months"),
        ("D01", {"period": None}, "not declared"),
    ],
)
def test_who_differs_from_most_is_not_set_beside_them(
    figure: str, change: dict[str, Any], said: str
) -> None:
    rows = row(figure, 50, 100)
    other = TOLD.model_copy(update=change)
    found = why([peer("Ashford", rows), peer("Bexley", rows), peer("Corby", rows, told=other)])
    assert found["Ashford"] is found["Bexley"] is None
    assert said in (found["Corby"] or "")


def test_of_two_that_differ_neither_is_set_beside_the_other() -> None:
    other = TOLD.model_copy(update={"population": "all"})
    found = why(
        [peer("Ashford", row("B09", 50, 100)), peer("Bexley", row("B09", 40, 100), told=other)]
    )
    assert all("population" in (said or "") for said in found.values())


def test_too_much_undetermined_is_no_single_share() -> None:
    unclear = row("B09", 20, 100, undetermined=30, value=None, lower=0.2, upper=0.5)
    found = why(
        [
            peer("Ashford", row("B09", 50, 100)),
            peer("Bexley", row("B09", 40, 100)),
            peer("Corby", unclear),
        ]
    )
    assert "30.0 % undetermined" in (found["Corby"] or "")
    assert found["Ashford"] is None


def test_a_formula_that_is_another_is_told() -> None:
    changed = DEFINITIONS.with_columns(pl.lit("another").alias("formula"))
    rows = row("B09", 50, 100)
    found = why(
        [peer("Ashford", rows), peer("Bexley", rows), peer("Corby", rows, definitions=changed)]
    )
    assert "formula" in (found["Corby"] or "")
    assert found["Bexley"] is None


def test_years_stand_where_two_have_them_and_whole() -> None:
    years = [row("B09", 50, 100, by="year", group=year) for year in ("2018", "2019")]
    half = TOLD.model_copy(update={"period": (date(2018, 7, 1), date(2019, 12, 31))})
    peers = [
        peer("Ashford", *years[1:]), peer("Bexley", *years[1:]), peer("Corby", *years, told=half)
    ]  # fmt: skip
    frame = compare.side_by_side(peers, ["B09"])
    assert set(frame["group"]) == {"2019"}
    two = [peer("Ashford", *years), peer("Bexley", *years), peer("Corby", *years, told=half)]
    frame = compare.side_by_side(two, ["B09"]).filter(pl.col("why_not").str.contains("part"))
    assert frame.select("jurisdiction", "group").rows() == [("Corby", "2018")]


def test_order_is_by_name_and_equal_names_get_a_number() -> None:
    peers = [peer(name, row("B09", 50, 100)) for name in ("Corby", "Ashford", "Corby")]
    assert [one.name for one in compare.named_apart(peers)] == ["Ashford", "Corby (1)", "Corby (2)"]


def test_what_one_delivery_of_a_place_withholds_no_other_of_it_shows() -> None:
    peers = [peer("Ashford", row("B09", None)), peer("Ashford", row("B09", 7, 90))]
    shown = compare.withheld_throughout(peers)[1].figures.row(0, named=True)
    assert shown["suppressed"]
    assert {shown[name] for name in ("numerator", "denominator", "undetermined", "value")} == {None}


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(st.integers(0, 120), min_size=2, max_size=6))
def test_nothing_is_pooled_over_a_withheld_cell_or_fewer_than_three(parts: list[int]) -> None:
    peers = [
        peer(f"Place {number}", row("B09", None if 1 <= part <= 10 else part, 120))
        for number, part in enumerate(parts)
    ]
    frame = compare.side_by_side(peers, ["B09"])
    pooled = compare.funnels(frame)
    shown = [part for part in parts if not 1 <= part <= 10]
    hidden = frame.filter(pl.col("why_not") == "withheld")
    assert hidden.height == len(parts) - len(shown)
    for name in ("numerator", "value", "ci_lower", "ci_upper"):
        assert hidden[name].null_count() == hidden.height
    if len(shown) < 3 or sum(shown) in (0, 120 * len(shown)):
        assert pooled.is_empty()
    else:
        assert pooled.height == len(shown)
        assert pooled["pooled"][0] == pytest.approx(sum(shown) / 120 / len(shown))


@pytest.mark.parametrize(("kind", "pooled", "size"), [("share", 0.3, 150), ("rate", 42.0, 9_000)])
def test_limits_leave_out_what_they_say(kind: str, pooled: float, size: int) -> None:
    from scipy.stats import binom, poisson

    low, high, lowest, highest = (found[0] for found in limits([size], pooled, kind))
    scale = size if kind == "share" else size / 10_000
    chance = binom(size, pooled) if kind == "share" else poisson(size * pooled / 10_000)
    # Interpolated between whole counts, so a limit lies within one of the exact quantile.
    for limit, probability in ((low, 0.025), (high, 0.975), (lowest, 0.001), (highest, 0.999)):
        assert chance.ppf(probability) - 1 <= limit * scale <= chance.ppf(probability)
    assert lowest < low < pooled < high < highest


def test_places_further_apart_than_chance_are_said_to_be() -> None:
    apart = [peer(f"Place {n}", row("B09", part, 400)) for n, part in enumerate((100, 200, 300))]
    alike = [peer(f"Place {n}", row("B09", part, 400)) for n, part in enumerate((195, 200, 205))]
    far = compare.funnels(compare.side_by_side(apart, ["B09"]))
    near = compare.funnels(compare.side_by_side(alike, ["B09"]))
    assert far["outside"].to_list() == ["99.8 %", "no", "99.8 %"]
    # (100 - 200)^2 / (400 * 0.5 * 0.5), twice, over three places.
    assert far["dispersion"][0] == pytest.approx(200 / 3)
    assert far["overdispersed"].all()
    assert not near["overdispersed"].any()
    assert set(near["outside"]) == {"no"}


def answers(**said: str) -> pl.DataFrame:
    return pl.DataFrame(
        [{"agency": "police", "id": item, "answer": answer} for item, answer in said.items()],
        schema=ANSWER_SCHEMA,
    )


def test_what_a_peer_of_similar_size_has_in_place_is_named() -> None:
    sized = {"Ashford": 100, "Bexley": 180, "Corby": 900}
    said = {
        "Ashford": answers(P01="no", P02="unknown", P03="partly", P04="yes"),
        "Bexley": answers(P01="yes", P02="yes", P03="yes", P04="no"),
        "Corby": answers(P01="yes", P02="yes", P03="yes", P04="yes"),
    }
    peers = [peer(name, row("B09", 50, size), answers=said[name]) for name, size in sized.items()]
    assert of_similar_size(peers[0], peers[1])
    assert not of_similar_size(peers[0], peers[2])
    assert compare.in_place_elsewhere(peers).rows() == [
        ("Ashford", "P01", "no", ["Bexley"]),
        ("Ashford", "P03", "partly", ["Bexley"]),
        ("Bexley", "P04", "no", ["Ashford"]),
    ]
    silent = replace(peers[1], answers=None)
    assert compare.in_place_elsewhere([peers[0], silent, peers[2]]).is_empty()


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two made-up towns with different populations: their workspaces and what they published."""
    folder = tmp_path_factory.mktemp("peers")
    found = {}
    for name, incidents in (("domestic", 150), ("all", 220)):
        delivery = folder / name
        delivery.mkdir()
        lines = [
            f"19-{n},2019-{n % 12 + 1:02}-05,{TIES[n % len(TIES)]},{WEAPONS[n % len(WEAPONS)]}"
            for n in range(incidents)
        ]
        (delivery / "dir.csv").write_text("\n".join(["No,Date,Tie,Weapon", *lines, ""]))
        (delivery / "jurisdiction.toml").write_text(PROFILE.format(name=name))
        found[name] = folder / f"{name}.audit"
        audit(delivery, out=found[name])
        found[f"{name} published"] = publish(found[name]).folder
    return found


def test_packages_say_what_their_workspaces_say(places: dict[str, Path]) -> None:
    opened = compare_peers([places["domestic"], places["all"]], figures=["B"])
    given = compare_peers([places["domestic published"], places["all published"]], figures=["B"])
    assert given.names == opened.names
    assert given.differing.equals(opened.differing)
    shown = opened.figures.filter(pl.col("numerator").is_not_null())
    same = given.figures.join(
        shown, on=["figure_id", "by", "group", "jurisdiction", "numerator", "denominator"]
    )
    assert same.height > 0
    population = given.differing.filter(pl.col("what") == "population")
    assert set(population["here"]) == {"domestic", "all"}
    assert population["differs"].all()
    assert not given.figures["comparable"].any()


def test_small_counts_of_workspaces_are_shown_inside_only(
    places: dict[str, Path], tmp_path: Path
) -> None:
    both = [places["domestic"], places["all"]]
    shared = compare_peers(both, figures=["C"])
    inside = compare_peers(both, figures=["C"], internal=True)
    small = pl.col("numerator").is_between(1, 10)
    assert shared.figures.filter(small).is_empty()
    assert inside.figures.filter(small).height > 0
    named = {path.name for path in write_side_by_side(inside, tmp_path / "inside")}
    assert "CONFIDENTIAL.txt" in named


def test_a_funnel_is_written_from_packages_alone(
    places: dict[str, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    package = places["domestic published"]
    folders = []
    for number in range(3):
        folders.append(shutil.copytree(package, tmp_path / f"{number}.published"))
    code = run(["compare", *map(str, folders), "--figures", "b09", "--out", str(tmp_path / "out")])
    printed = capfd.readouterr().out
    assert code == 0
    assert "(3)" in printed
    assert (tmp_path / "out" / "funnel_B09.svg").read_text().startswith("<svg")
    table = pl.read_csv(tmp_path / "out" / "funnels.csv")
    assert table.height == 3
    assert set(table["outside"]) == {"no"}


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_machines_get_one_frame(
    form: str, places: dict[str, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    folders = [str(places["domestic published"]), str(places["all published"])]
    assert run(["compare", *folders, "--figures", "B09", "--format", form]) == 0
    out = capfd.readouterr().out
    if form == "csv":
        assert out.splitlines()[0].split(",") == list(compare.PEER_SCHEMA)
    else:
        rows = (
            json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]
        )
        assert [row["figure_id"] for row in rows if row["by"] == "total"] == ["B09", "B09"]


def test_what_cannot_be_compared_is_refused_with_what_to_do(
    places: dict[str, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    package = str(places["domestic published"])
    neither = tmp_path / "neither"
    neither.mkdir()
    altered = shutil.copytree(package, tmp_path / "altered")
    (altered / "figures.parquet").write_bytes(
        places["all published"].joinpath("figures.parquet").read_bytes()
    )
    silent = shutil.copytree(package, tmp_path / "silent")
    receipt = json.loads((silent / "receipt.json").read_text())
    del receipt["audit"]
    (silent / "receipt.json").write_text(json.dumps(receipt))
    for arguments, code, said in (
        ([package], 2, "two or more"),
        ([package, package], 2, "named twice"),
        ([package, str(places["all published"]), "--figures", "B99"], 2, "there is no figure B99"),
        ([package, str(neither)], 3, "neither a workspace nor a published folder"),
        ([package, str(tmp_path / "none")], 3, "does not exist"),
        ([package, str(altered)], 3, "is not what receipt.json says"),
        ([package, str(silent)], 3, "receipt.json is missing, damaged"),
    ):
        assert run(["compare", *arguments]) == code
        assert said in capfd.readouterr().err
