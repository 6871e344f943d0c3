"""The rows behind a figure add up to it."""

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from helpers_careers import with_careers
from helpers_figures_sql import delivery, persons
from helpers_summarize import AGES, _findings, figures_of, frames, profile

from ipvi_cli.model.careers import Careers
from ipvi_cli.model.errors import UsageError
from ipvi_cli.model.figure import BEHIND_SCHEMA
from ipvi_cli.summarize import Scene, behind
from ipvi_cli.summarize import figures as declared
from ipvi_cli.summarize.counting import SIDES, Countable
from ipvi_cli.summarize.things import Followed

COUNTABLE = [figure for figure in declared() if isinstance(figure.make, Countable)]
FOLLOWED = [figure for figure in declared() if isinstance(figure.make, Followed)]
GROUPS = 3
"""Groups of each breakdown that are followed to their rows."""


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Scene, pl.DataFrame]]:
    given = delivery(1)
    made = with_careers(frames(given), persons(given))
    figures = figures_of(given, made)
    lazy = {name: frame.lazy() for name, frame in made.items()}
    histories = [lazy.pop(name) for name in ("offenders", "events", "couples")]
    scene = Scene(
        careers=Careers(*histories, "made up"),
        pairs=lazy.pop("pairs"), incidents=lazy.pop("incidents"), persons=lazy.pop("persons"), tables=lazy, values=None,
        findings=_findings(given), inputs=(), profile=profile(given), plausibility_codes=(AGES,),
    )  # fmt: skip
    plain = Scene.things
    kept: dict[str, Any] = {}

    def things(self: Scene, level: str) -> Any:
        if level not in kept:
            kept[level] = [*plain(self, level)]
        return kept[level]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Scene, "things", things)
        yield scene, figures


@pytest.mark.parametrize("figure", COUNTABLE, ids=lambda figure: figure.figure_id)
def test_the_rows_add_up_to_the_figure(figure: Any, both: tuple[Scene, pl.DataFrame]) -> None:
    scene, figures = both
    mine = figures.filter(pl.col("figure_id") == figure.figure_id)
    followed = 0
    for by in figure.breakdowns:
        known = figure.make.behind(figure, by)
        for row in mine.filter(pl.col("by") == by).head(GROUPS).iter_rows(named=True):
            for side in SIDES:
                if side not in known:
                    assert row[side] is None
                elif row[side] is not None:
                    rows = behind(scene, figure, by, row["group"], side)
                    assert dict(rows.schema) == BEHIND_SCHEMA
                    assert rows["adds"].sum() == row[side], (by, row["group"], side)
                    assert rows["unit"].null_count() == rows["table"].null_count() == 0
                    assert rows["adds"].count() == rows["unit"].n_unique()
                    followed += 1
    assert followed


@pytest.mark.parametrize(
    ("figure_id", "by", "side", "words"),
    [
        ("G02", "total", "numerator", "not a count of rows"),
        ("B02", "total", "numerator", "not a count of rows"),
        ("B08", "offense", "numerator", "not broken down by offense"),
        ("B08", "total", "denominator", "no denominator"),
    ],
)
def test_what_cannot_be_listed_says_so(
    figure_id: str, by: str, side: Any, words: str, both: tuple[Scene, pl.DataFrame]
) -> None:
    figure = next(one for one in declared() if one.figure_id == figure_id)
    with pytest.raises(UsageError, match=words):
        behind(both[0], figure, by, "total", side)


@pytest.mark.parametrize("figure", FOLLOWED, ids=lambda figure: figure.figure_id)
def test_the_rows_of_persons_add_up_to_the_figure(
    figure: Any, both: tuple[Scene, pl.DataFrame]
) -> None:
    scene, figures = both
    mine = figures.filter(pl.col("figure_id") == figure.figure_id, pl.col("denominator") > 0)
    # Not every table of histories is in this delivery.
    assert mine.height or figure.figure_id in {"E09", "E10", "E11"}
    for row in mine.iter_rows(named=True):
        for side in SIDES:
            if row[side]:
                rows = behind(scene, figure, row["by"], row["group"], side)
                assert dict(rows.schema) == BEHIND_SCHEMA
                assert rows["adds"].sum() == row[side], (row["by"], row["group"], side)
                assert rows["table"].null_count() == 0


def test_a_unit_is_named_and_leads_to_the_rows_of_its_files(
    both: tuple[Scene, pl.DataFrame],
) -> None:
    figure = next(one for one in declared() if one.figure_id == "C04")
    rows = behind(both[0], figure, "total", "total", "numerator")
    assert rows["unit"].equals(rows["incident_id"].alias("unit"))
    assert {"incident", "offense"} == set(rows["table"])
    assert (rows["source_file"] == rows["table"] + ".csv").all()
