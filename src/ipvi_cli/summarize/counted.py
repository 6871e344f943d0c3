"""What the counts of every figure add up, told to those who withhold some of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from ipvi_cli.model.disclosure import PLACES, Counted, Side
from ipvi_cli.summarize.counting import Behind, Countable
from ipvi_cli.summarize.figure import Figure
from ipvi_cli.summarize.measured import OfMedian
from ipvi_cli.summarize.registry import FIGURES

_KEPT_APART: Final = ("_measure", "_service", "_source", "_year")
"""How levels of totals end that are kept apart by more than place."""

_DEFINITIONS: Final = ("S01", "S02", "S03", "S04")

_OF_CHANGES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "T01": (("tally_dir", "ipv"),),
    "T02": (("tally_shared", "ipv"), ("tally_shared", "dv")),
    "T03": (("tally_felony_assault", "ipv"), ("tally_felony_assault", "dv")),
    "T04": (("tally_rape", "ipv"), ("tally_rape", "dv")),
    "T05": (("tally_change", "now"), ("tally_change", "before")),
}
"""Level and measure of the numerators and the denominators of figures of published counts."""


@cache
def counted() -> tuple[Counted, ...]:
    """Say what each count of each figure adds up.

    Returns:
        One entry for each figure, breakdown and side whose counts have to do with others; what is absent stands for
        itself.
    """
    return tuple(one for figure in FIGURES for one in _of_figure(figure))


def _of_figure(figure: Figure) -> Iterable[Counted]:
    if figure.figure_id in _OF_CHANGES:
        yield from _published(figure)
        return
    for by in figure.breakdowns:
        make = figure.make
        if figure.figure_id in _DEFINITIONS:
            level = figure.figure_id
            yield Counted(level, by, "denominator", level, "denominator", "total", by, whole=True)
        elif isinstance(make, OfMedian):
            yield from _median(figure, make, by)
        elif isinstance(make, Countable):
            for side, several in make.behind(figure, by).items():
                yield _one(figure, by, side, several[0])


def _one(figure: Figure, by: str, side: Side, behind: Behind) -> Counted:
    place, level = behind.place, behind.level
    part = by.removeprefix(place).removeprefix("/") if place != "total" else by
    if place == by:
        part = ""
    # Totals of partners are kept apart by year as if it were a part.
    for name in _KEPT_APART:
        level = level.removesuffix(name)
    if level != behind.level and part.split("/")[0] == "year":
        place, part = "year", part.removeprefix("year").removeprefix("/")
    return Counted(figure.figure_id, by, side, level, behind.measure, place, part, behind.whole)


def _median(figure: Figure, make: OfMedian, by: str) -> Iterable[Counted]:
    """Give the counts of a median: of which the number is known, is not, and all."""
    place = by if by in PLACES else "total"
    measures: dict[Side, str] = {
        "numerator": make.known,
        "undetermined": make.unknown,
        "denominator": f"{make.known} or {make.unknown}",
    }
    for side, measure in measures.items():
        whole = by not in PLACES
        part = by if whole else ""
        yield Counted(figure.figure_id, by, side, make.level, measure, place, part, whole)


def _published(figure: Figure) -> Iterable[Counted]:
    sides: tuple[Side, ...] = ("numerator", "denominator")
    for by in figure.breakdowns:
        if by != "year/measure":
            for side, (level, measure) in zip(sides, _OF_CHANGES[figure.figure_id], strict=False):
                yield Counted(
                    figure.figure_id,
                    by,
                    side,
                    level,
                    measure,
                    "year",
                    by.removeprefix("year").removeprefix("/"),
                )
