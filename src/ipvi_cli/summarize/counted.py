"""What the counts of every figure add up, told to those who withhold some of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from ipvi_cli.model.disclosure import DEFINED, OF_LINKED, PLACES, Counted, Side
from ipvi_cli.summarize.counting import Behind, Countable
from ipvi_cli.summarize.figure import Figure
from ipvi_cli.summarize.measured import OfMedian
from ipvi_cli.summarize.registry import FIGURES
from ipvi_cli.summarize.things import OfThings, Several

_KEPT_APART: Final = ("_measure", "_service", "_source", "_year")
"""How levels of totals end that are kept apart by more than place."""

_OF_CHANGES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "T01": (("tally_dir", "ipv"),),
    "T02": (("tally_shared", "ipv"), ("tally_shared", "dv")),
    "T03": (("tally_felony_assault", "ipv"), ("tally_felony_assault", "dv")),
    "T04": (("tally_rape", "ipv"), ("tally_rape", "dv")),
    "T05": (("tally_change", "now"), ("tally_change", "before")),
}
"""Level and measure of the numerators and the denominators of figures of published counts."""

_BY_HAND: Final = (
    Counted("A01", "total", "numerator", "row", "accepted", "total"),
    Counted("A01", "total", "denominator", "row", "read", "total"),
    Counted("A01", "row_fate", "numerator", "row", "read", "total", "row_fate"),
    Counted("A01", "row_fate", "denominator", "row", "read", "total", "row_fate", whole=True),
    Counted("B10", "total", "numerator", "resident", "adult", "total"),
    Counted("B10", "year", "numerator", "resident", "adult", "year"),
    Counted("B10", "district", "numerator", "resident", "adult", "district"),
    Counted("D08", "total", "numerator", "offender", "things", "total"),
    Counted("I05", "total", "denominator", "housed", "persons", "total"),
    Counted("I05", "month", "denominator", "housed", "persons", "month"),
)
"""What figures count that are made by hand."""

_LEVELS: Final = {
    "D01": "repeated", "D02": "offender", "D03": "linked", "D04": "couple", "D05": "victims_each", "D11": "step",
    "D12": "follower", "E01": "prior", "E02": "prior", "E03": "prior", "E07": "prior", "E09": "supervised",
    "E10": "respondent", "E11": "felon", "H01": "placed", "H03": "floor",
}  # fmt: skip
"""Level of each figure of linked persons that is shown to others."""


@cache
def counted() -> tuple[Counted, ...]:
    """Say what each count of each figure adds up.

    Returns:
        One entry for each figure, breakdown and side whose counts have to do with others; what is absent stands for
        itself.
    """
    return (*_BY_HAND, *(one for figure in FIGURES for one in _of_figure(figure)))


def _of_figure(figure: Figure) -> Iterable[Counted]:
    if figure.figure_id in _OF_CHANGES:
        yield from _published(figure)
        return
    if figure.figure_id in _LEVELS:
        yield from _linked(figure)
        return
    for by in figure.breakdowns:
        make = figure.make
        if figure.figure_id in DEFINED:
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


def _linked(figure: Figure) -> Iterable[Counted]:
    """Give the counts of linked persons that are shown to others."""
    code, level = figure.figure_id, _LEVELS[figure.figure_id]
    makes = figure.make.makes if isinstance(figure.make, Several) else (figure.make,)
    for make in makes:
        if not isinstance(make, OfThings):
            continue
        by = make.part or "total"
        if by not in OF_LINKED[code]:
            continue
        part = make.part or ""
        measures: tuple[tuple[Side, str | None, bool], ...] = (
            ("numerator", make.numerator, False),
            ("denominator", make.denominator, not make.within),
            ("undetermined", make.undetermined, not make.within),
        )
        for side, measure, of_all in measures:
            if measure is None:
                continue
            if (code, side) == ("H03", "denominator") and part:
                # Of all at the level.
                yield Counted(code, by, side, _LEVELS["H01"], "things", "total", part)
            else:
                yield Counted(code, by, side, level, measure, "total", part, bool(part) and of_all)


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
