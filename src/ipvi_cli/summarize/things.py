"""Things of persons that are counted one by one, at both thresholds of linking; the same says what lies behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import polars as pl

from ipvi_cli.summarize.counting import SIDES, Side
from ipvi_cli.summarize.course import LINKS, Course
from ipvi_cli.summarize.figure import COUNTS, MEASURED, Figure
from ipvi_cli.summarize.scene import Scene


@dataclass(frozen=True)
class Things:
    """Things that are counted one by one.

    Attributes:
        frame: One row for each, ``unit`` that names it, the measures, and for a mix ``part``, a text or
            a list of texts.
        rows: ``unit`` and ``incident_id`` of the incidents that tell of it.
    """

    frame: pl.DataFrame
    rows: pl.DataFrame


@dataclass(frozen=True)
class OfThings:
    """Counts things of persons at both thresholds of linking.

    Attributes:
        things: Makes them.
        numerator: Measure.
        denominator: Measure; none for a plain count.
        undetermined: Measure, part of the denominator; none where nothing is in doubt.
        part: What the numerator is kept apart by, as breakdowns name it; the denominator is of all.
        within: Whether the denominator is kept apart by it too.
        links: Whether the loose threshold is shown too.
    """

    things: Callable[[Course], Things]
    numerator: str
    denominator: str | None = None
    undetermined: str | None = None
    part: str | None = None
    within: bool = False
    links: bool = True

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``."""
        frames = [pl.DataFrame(schema=COUNTS)]
        for link in LINKS if self.links else LINKS[:1]:
            frame = self.things(scene.course(link)).frame
            if not frame.height:
                continue
            if self.part is None:
                whole = self._counts(frame)
                if link == "strict":
                    frames.append(_stated(whole, "total", pl.lit("total")))
                if self.links:
                    frames.append(_stated(whole, "link", pl.lit(link)))
            else:
                each = self._parts(frame)
                if link == "strict":
                    frames.append(_stated(each, self.part, pl.col("part")))
                if self.links:
                    both = pl.concat_str(pl.lit(link), "part", separator="/")
                    frames.append(_stated(each, f"link/{self.part}", both))
        return pl.concat(frames)

    def follow(self, scene: Scene, by: str, group: str, side: Side) -> Things | None:
        """Give the things that add to a count, ``unit`` and ``adds``, and where they come from.

        Returns:
            ``None`` where there is no such count.
        """
        measure = dict(self._measures)[side]
        names = by.split("/")
        link = group.split("/", maxsplit=1)[0] if names[0] == "link" else "strict"
        part = by.removeprefix("link").removeprefix("/") if names[0] == "link" else by
        if measure is None or part not in ({"total", ""} if self.part is None else {self.part}):
            return None
        found = self.things(scene.course(link))
        frame = found.frame
        if self.part is not None:
            wanted = group.removeprefix(f"{link}/") if names[0] == "link" else group
            mine = _each_part(frame).filter(pl.col("part") == wanted)
            if not mine.height:
                return None
            frame = mine if side == "numerator" or self.within else frame
        adds = pl.col(measure).cast(pl.Int64)
        return Things(frame.filter(adds != 0).select("unit", adds.alias("adds")), found.rows)

    def _counts(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.select(
            (pl.lit(None, pl.Int64) if measure is None else pl.col(measure).sum().cast(pl.Int64)).alias(side)
            for side, measure in self._measures
        )  # fmt: skip

    def _parts(self, frame: pl.DataFrame) -> pl.DataFrame:
        named = pl.col("part").is_not_null()
        parts = _each_part(frame).filter(named).partition_by("part", as_dict=True)
        whole = self._counts(frame)
        frames = []
        for (part,), rows in sorted(parts.items()):
            own = self._counts(rows)
            counts = own if self.within else whole.with_columns(own["numerator"])
            frames.append(counts.with_columns(pl.lit(part).alias("part")))
        empty = whole.clear().with_columns(pl.lit(None, pl.String).alias("part"))
        return pl.concat([empty, *frames])

    @property
    def _measures(self) -> Iterable[tuple[Side, str | None]]:
        return zip(SIDES, (self.numerator, self.denominator, self.undetermined), strict=True)


@dataclass(frozen=True)
class Several:
    """Several ways of counting things of persons that make one figure."""

    makes: tuple[OfThings, ...]

    def __call__(self, scene: Scene, figure: Figure) -> pl.DataFrame:
        """Make the counts, ``COUNTS``."""
        return pl.concat([make(scene, figure) for make in self.makes])

    def follow(self, scene: Scene, by: str, group: str, side: Side) -> Things | None:
        """Give the things that add to a count, and where they come from."""
        found = (make.follow(scene, by, group, side) for make in self.makes)
        return next((one for one in found if one is not None), None)


def valued(
    make: Callable[[Course], Iterable[tuple[Any, ...]]], *, links: bool = True
) -> Callable[[Scene, Figure], pl.DataFrame]:
    """Make counts with their values, named by breakdown and group.

    Args:
        make: Gives, at a threshold, rows of ``MEASURED``; what a row leaves out at its end is blank.
        links: Whether the loose threshold is shown too.
    """

    def made(scene: Scene, _figure: Figure) -> pl.DataFrame:
        rows: list[tuple[Any, ...]] = []
        for link in LINKS if links else LINKS[:1]:
            for by, group, *rest in make(scene.course(link)):
                padded = (*rest, *[None] * (len(MEASURED) - 2 - len(rest)))
                if link == "strict":
                    rows.append((by, group, *padded))
                named = ("link", link) if by == "total" else (f"link/{by}", f"{link}/{group}")
                if links:
                    rows.append((*named, *padded))
        return pl.DataFrame(rows, schema=MEASURED, orient="row")

    return made


@runtime_checkable
class Followed(Protocol):
    """Counts things of persons, and says which."""

    def follow(self, scene: Scene, by: str, group: str, side: Side) -> Things | None:
        """Give the things that add to a count, and where they come from."""


def _each_part(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.explode("part") if isinstance(frame.schema["part"], pl.List) else frame


def _stated(counts: pl.DataFrame, by: str, group: pl.Expr) -> pl.DataFrame:
    return counts.with_columns(
        pl.lit(by).alias("by"), group.alias("group"), pl.lit(None, pl.String).alias("note")
    ).select(pl.col(name).cast(dtype) for name, dtype in COUNTS.items())
