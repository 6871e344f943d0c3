from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from helpers_attacker import Attacker

from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.pipeline.stages import audit
from ipvi_cli.publish import TABLE_WITHHELD, WITHHELD, Disclosure, suppress
from ipvi_cli.publish.primary import primary
from ipvi_cli.publish.relations import relate
from ipvi_cli.publish.suppress import blanked
from ipvi_cli.publish.system import collected
from ipvi_cli.summarize import counted

SAMPLES = Path(__file__).parents[2] / "sample_data"
THRESHOLD = 10
COUNTS = ("numerator", "denominator", "undetermined")


def table(
    by: str, counts: dict[str, int | tuple[int, int]], *, figure: str = "X01"
) -> pl.DataFrame:
    rows = []
    for group, count in counts.items():
        part, whole = count if isinstance(count, tuple) else (count, None)
        rows.append(
            {
                "figure_id": figure, "title": "Made up", "counting_unit": "incidents", "by": by, "group": group,
                "numerator": part, "denominator": whole, "value": part / whole if whole else float(part),
                "suppressed": False,
            }
        )  # fmt: skip
    return pl.DataFrame(rows, schema=FIGURE_SCHEMA)


def generated(seed: int) -> pl.DataFrame:
    """Make tables by month, year, agency and kind, with their totals; some of a share."""
    random = np.random.default_rng(seed)
    agencies, kinds = random.integers(1, 4), random.integers(2, 4)
    months = [
        f"{year}-{month:02}"
        for year in (2018, 2019)
        for month in range(1, 1 + random.integers(1, 5))
    ]
    months += ["unknown"] * int(random.integers(0, 2))
    level = random.choice([0.5, 2.0, 8.0, 30.0])
    uneven = random.gamma(0.7, 1.0, (len(months), agencies, kinds))
    cube = random.poisson(level * uneven)
    part = random.binomial(cube, random.uniform(0.05, 0.95))
    places = {
        "month": months,
        "year": [month[:4] if month != "unknown" else month for month in months],
        "total": ["total"] * len(months),
    }
    names = [f"a{number}" for number in range(agencies)]
    of_kind = [f"k{number}" for number in range(kinds)]
    sums: dict[str, dict[str, list[int]]] = {}
    for (month, agency, kind), whole in np.ndenumerate(cube):
        cells = {
            **{by: groups[month] for by, groups in places.items()},
            "agency": names[agency],
            "kind": of_kind[kind],
            "agency/kind": f"{names[agency]}/{of_kind[kind]}",
            "year/kind": f"{places['year'][month]}/{of_kind[kind]}",
        }
        for by, group in cells.items():
            held = sums.setdefault(by, {}).setdefault(group, [0, 0])
            held[0] += int(part[month, agency, kind])
            held[1] += int(whole)
    plain = [table(by, {g: n for g, (_, n) in groups.items()}) for by, groups in sums.items()]
    shares = [
        table(by, {g: (p, n) for g, (p, n) in groups.items()}, figure="X02")
        for by, groups in sums.items()
        if by in ("total", "year", "month", "agency")
    ]
    return pl.concat([*plain, *shares])


def hidden(shown: pl.DataFrame) -> set[tuple[str, str]]:
    return set(shown.filter(pl.col("numerator").is_null()).select("by", "group").iter_rows())


def test_a_single_small_count_takes_the_smallest_other_that_gives_room() -> None:
    figures = pl.concat(
        [table("total", {"total": 104}), table("agency", {"a": 4, "b": 30, "c": 25, "d": 45})]
    )

    shown = suppress(figures, Disclosure(THRESHOLD))

    assert hidden(shown) == {("agency", "a"), ("agency", "c")}
    assert shown.filter("suppressed")["note"].to_list() == [WITHHELD] * 2


def test_two_small_counts_may_be_too_few() -> None:
    figures = pl.concat(
        [table("total", {"total": 72}), table("agency", {"a": 2, "b": 3, "c": 22, "d": 45})]
    )

    shown = suppress(figures, Disclosure(THRESHOLD))

    assert hidden(shown) == {("agency", "a"), ("agency", "b"), ("agency", "c")}


def test_a_zero_is_shown_and_protects_nothing() -> None:
    figures = pl.concat(
        [table("total", {"total": 79}), table("agency", {"a": 0, "b": 4, "c": 30, "d": 45})]
    )

    shown = suppress(figures, Disclosure(THRESHOLD))

    assert hidden(shown) == {("agency", "b"), ("agency", "c")}


def test_a_breakdown_of_mostly_small_counts_is_withheld_whole_and_its_total_stays() -> None:
    figures = pl.concat(
        [table("total", {"total": 60}), table("agency", {"a": 4, "b": 5, "c": 6, "d": 45, "e": 0})]
    )

    shown = suppress(figures, Disclosure(THRESHOLD))

    assert shown["numerator"].to_list() == [60, None, None, None, None, None]
    assert set(shown.filter(pl.col("by") == "agency")["note"]) == {TABLE_WITHHELD}


def test_years_are_judged_cell_by_cell() -> None:
    years = {"2016": 4, "2017": 6, "2018": 5, "2019": 45, "2020": 40}
    figures = pl.concat([table("total", {"total": 100}), table("year", years)])

    shown = suppress(figures, Disclosure(THRESHOLD))

    assert hidden(shown) == {("year", "2016"), ("year", "2017"), ("year", "2018")}


def test_a_count_shown_before_protects_nothing() -> None:
    figures = pl.concat(
        [table("total", {"total": 104}), table("agency", {"a": 4, "b": 30, "c": 25, "d": 45})]
    )
    earlier = table("agency", {"c": 25})

    shown = suppress(figures, Disclosure(THRESHOLD, (earlier,)))

    assert hidden(shown) == {("agency", "a"), ("agency", "b")}


@pytest.mark.parametrize(("before", "withheld"), [(40, True), (45, False), (30, False), (55, True)])
def test_a_small_difference_to_an_earlier_release_is_withheld(before: int, withheld: bool) -> None:
    figures = table("total", {"total": 45})

    shown = suppress(figures, Disclosure(THRESHOLD, (table("total", {"total": before}),)))

    assert shown["suppressed"].item() is withheld


def test_what_was_withheld_before_stays_withheld() -> None:
    figures = table("total", {"total": 45})
    earlier = table("total", {"total": 45}).with_columns(
        numerator=pl.lit(None, pl.Int64), suppressed=pl.lit(True)
    )

    assert suppress(figures, Disclosure(THRESHOLD, (earlier,)))["suppressed"].item()


@pytest.mark.parametrize("block", range(10))
def test_no_count_of_generated_tables_can_be_worked_out(block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        figures = generated(seed)

        shown = suppress(figures, Disclosure(THRESHOLD))

        assert Attacker(shown, figures).exposed(THRESHOLD) == [], seed


def test_the_attacker_finds_what_small_counts_alone_would_give_away() -> None:
    found = 0
    for seed in range(10):
        figures = generated(seed)
        nothing = pl.repeat(False, figures.height, eager=True)
        leaking = blanked(figures, primary(figures, THRESHOLD), nothing, nothing)
        found += bool(Attacker(leaking, figures).exposed(THRESHOLD))

    assert found >= 5


@pytest.fixture(scope="module")
def figures_of(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> pl.DataFrame:
    out = tmp_path_factory.mktemp("audit") / "sample.audit"
    audit(SAMPLES / request.param, out=out)
    return pl.read_parquet(out / "figures.parquet")


@pytest.mark.parametrize(
    "figures_of", ["poughkeepsie_2019", "nyc_snapshot", "two_agencies_rms"], indirect=True
)
def test_no_count_of_the_samples_can_be_worked_out(figures_of: pl.DataFrame) -> None:
    settings = Disclosure(THRESHOLD, counted=counted())

    shown = suppress(figures_of, settings)

    assert Attacker(shown, figures_of).exposed(THRESHOLD) == []
    gone = pl.col("suppressed")
    totals = shown.filter(pl.col("by") == "total", figures_of["numerator"].is_not_null())
    assert totals.select((~gone).mean()).item() > 0.5
    assert not totals.filter(pl.col("figure_id").is_in(["B08", "B09"]))["suppressed"].any()
    made = shown.filter(gone).select("value", "lower", "upper", "ci_lower", "ci_upper")
    assert made.null_count().row(0) == (made.height,) * 5


@pytest.mark.parametrize("figures_of", ["two_agencies_rms"], indirect=True)
def test_what_is_declared_of_counts_holds(figures_of: pl.DataFrame) -> None:
    system = collected(figures_of, counted(), THRESHOLD)

    relate(system)

    itself = set(figures_of["figure_id"])
    doubtful = [
        keys for keys in system.contradicted if any(key and key.level not in itself for key in keys)
    ]
    assert doubtful == []
