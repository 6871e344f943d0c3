"""What counts have to do with each other is declared for every figure that is shown to others."""

from __future__ import annotations

import polars as pl
import pytest

from ipvi_cli.model.disclosure import KEPT_INSIDE as NEVER
from ipvi_cli.model.disclosure import OF_LINKED, OF_WHOLE_DISTRIBUTION
from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.publish import Disclosure, suppress
from ipvi_cli.publish.plan import never_shown
from ipvi_cli.publish.suppress import KEPT_INSIDE
from ipvi_cli.summarize import counted, figures
from ipvi_cli.summarize.counted import counted as entries

BY_THEMSELVES = {
    ("A01", "input"), ("A02", "total"), ("A02", "month"), ("A02", "agency"), ("A02", "district"),
    ("B02", "total"), ("B02", "year"), ("B02", "agency"), ("B11", "total"), ("B11", "year"), ("B11", "agency"),
    ("B12", "year/measure"), ("T05", "year/measure"),
}  # fmt: skip
"""Of files, months and ranks, which count nobody, and changes, which are held against the counts of each year."""


def rows(*cells: tuple[str, str, str, int | None, int | None]) -> pl.DataFrame:
    told = [
        {
            "figure_id": code, "by": by, "group": group, "numerator": number, "denominator": whole,
            "counting_unit": "incidents", "suppressed": False,
        }
        for code, by, group, number, whole in cells
    ]  # fmt: skip
    return pl.DataFrame(told, schema=FIGURE_SCHEMA)


def gone(shown: pl.DataFrame, side: str = "numerator") -> set[tuple[str, str]]:
    hidden = shown.filter(pl.col(side).is_null())
    return set(hidden.select("figure_id", "group").iter_rows())


def test_every_breakdown_is_declared_or_kept_inside() -> None:
    declared = {(one.figure_id, one.by) for one in entries()}
    every = [(figure.figure_id, by) for figure in figures() for by in figure.breakdowns]
    blank = rows(*((code, by, "x", 40, None) for code, by in every))
    inside = {one for one, never in zip(every, never_shown(blank), strict=True) if never}
    of_all = {(code, by) for code, several in OF_WHOLE_DISTRIBUTION.items() for by in several}

    assert set(every) - declared - inside - of_all == BY_THEMSELVES
    assert {code for code, _ in inside} >= {"D09", "E08", "H02", "J01", "J02", *NEVER}
    assert not {(code, by) for code, several in OF_LINKED.items() for by in several} & inside


def test_a_change_gives_no_year_away() -> None:
    figures = rows(
        ("B07", "year", "2018", 9, None), ("B07", "year", "2019", 60, None), ("B07", "total", "total", 69, None),
        ("B12", "year/measure", "2019/domestic_incidents", 60, 9),
    )  # fmt: skip

    shown = suppress(figures, Disclosure(counted=counted()))

    # 69 - 60 would tell of the nine, wherever the 60 stands.
    assert ("B07", "2019") not in gone(shown) or ("B12", "2019/domestic_incidents") in gone(shown)
    assert ("B12", "2019/domestic_incidents") in gone(shown, "denominator")


def test_a_class_over_all_flags_gives_none_away() -> None:
    figures = rows(
        ("B08", "total", "total", 47, None), ("A09", "flag/class", "no/intimate_partner", 7, None),
        ("A09", "flag/class", "yes/intimate_partner", 40, None), ("A09", "flag/class", "yes/other_family", 90, None),
        ("A09", "flag/class", "no/other_family", 30, None), ("A09", "total", "total", 167, None),
    )  # fmt: skip

    shown = suppress(figures, Disclosure(counted=counted()))

    assert ("A09", "no/intimate_partner") in gone(shown)
    assert gone(shown) & {("B08", "total"), ("A09", "yes/intimate_partner")}


@pytest.mark.parametrize(("third", "shown_whole"), [(40, True), (4, False)])
def test_the_curve_of_concentration_is_shown_beside_a_distribution_that_is_shown(
    third: int, shown_whole: bool
) -> None:
    figures = rows(
        ("D02", "total", "total", 60, 400), ("D03", "total", "total", 150, 490),
        ("D11", "step", "from 1 to 2", 60, 400), ("D11", "step", "from 2 to 3", third, 60),
        ("D07", "people", "50 %", 200, 490), ("D07", "people", "100 %", 490, 490),
    )  # fmt: skip

    shown = suppress(figures, Disclosure(counted=counted()))

    curve = shown.filter(pl.col("figure_id") == "D07")
    assert curve["numerator"].is_not_null().all() is shown_whole
    assert (curve["note"] == KEPT_INSIDE).fill_null(False).all() is not shown_whole


def test_other_definitions_do_not_give_the_own_one_away() -> None:
    figures = rows(
        ("S01", "definition", "ipvi", 8, 300), ("S01", "definition", "vawa", 8, 300),
        ("S01", "choice", "cohabitants_counted", 50, 300), ("S01", "choice", "cohabitants_left_out", 8, 300),
        ("B08", "total", "total", 8, None),
    )  # fmt: skip

    shown = suppress(figures, Disclosure(counted=counted()))

    assert {group for _, group in gone(shown)} >= {"ipvi", "vawa", "cohabitants_left_out", "total"}
