"""What lies behind a number: its things one by one, their incidents, and the rows of the files that tell of them."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.model.errors import UsageError
from ipvi_cli.model.figure import BEHIND_SCHEMA
from ipvi_cli.model.tables import COUNTED_FATES, TABLES
from ipvi_cli.summarize.cells import AGES, PART, SEXES, UNKNOWN, VICTIMS, label, victim_bit
from ipvi_cli.summarize.counting import Behind, Countable, Side
from ipvi_cli.summarize.figure import PERSONS, Figure
from ipvi_cli.summarize.keyed import KEY, keyed
from ipvi_cli.summarize.level import Level
from ipvi_cli.summarize.scene import Scene
from ipvi_cli.summarize.things import Followed, Things

_NAMED_BY: Final = {
    "_victim": ("victim_id",),
    "_offender": ("offender_id",),
    "_pair": ("pair_id",),
    "_person": ("victim_id", "offender_id"),
    "_unit": ("victim_id", "incident_id"),
}
"""Columns that hold the identifier of which a unit is the key."""


def behind(scene: Scene, figure: Figure, by: str, group: str, side: Side) -> pl.DataFrame:
    """List what a number adds up.

    Args:
        scene: The delivery.
        figure: The figure.
        by: Breakdown.
        group: Group of it, as the figure names it.
        side: Which of the three counts.

    Returns:
        ``BEHIND_SCHEMA``, sorted by unit, table and row.

    Raises:
        UsageError: The figure cannot be made, is not a count of things, or is not broken down so.
    """
    missing = scene.missing(figure.needs)
    if missing:
        raise UsageError(f"{figure.figure_id} cannot be made: needs {'; '.join(missing)}.")
    make = figure.make
    if isinstance(make, Followed):
        return _of_persons(scene, figure, make.follow(scene, by, group, side))
    if not isinstance(make, Countable):
        raise UsageError(
            f"{figure.figure_id} ({figure.title}) is not a count of rows that could be listed.",
            mend="Ask for a figure that counts: `ipvi figures` says what each of them is.",
        )
    if by not in figure.breakdowns:
        raise UsageError(
            f"{figure.figure_id} is not broken down by {by}.",
            mend=f"It has: {', '.join(figure.breakdowns)}.",
        )
    wanted = make.behind(figure, by).get(side)
    if not wanted:
        raise UsageError(f"{figure.figure_id} by {by} has no {side} that could be listed.")
    frames = [
        _rows(scene, figure, level, _of_group(scene, level, one, group))
        for one in wanted
        for level in scene.things(one.level)
    ]
    return pl.concat([pl.DataFrame(schema=BEHIND_SCHEMA), *frames]).sort(
        "unit", pl.col("adds").is_null(), "table", "source_file", "source_row", "record_id"
    )


def _of_persons(scene: Scene, figure: Figure, found: Things | None) -> pl.DataFrame:
    """List the rows of the incidents of things of persons, under the pseudonyms that name these."""
    if found is None:
        raise UsageError(f"{figure.figure_id} has no such count that could be listed.")
    rows = found.rows.join(found.frame.select("unit"), on="unit", how="semi")
    keyed_rows = rows.select("unit", keyed()).drop_nulls().unique()
    keys = pl.col(KEY).is_in(keyed_rows[KEY].unique().implode())
    tables = [name for name in ("incident", "victim", "offender") if name in scene.tables]
    files = pl.concat([_traced(scene, name, keys) for name in tables])
    return _with_first(
        found.frame.join(keyed_rows, on="unit", how="left").join(files, on=KEY, how="left")
    )


def _of_group(scene: Scene, level: Level, one: Behind, group: str) -> pl.DataFrame:
    """Give the things of a group that add to a count: ``unit``, ``adds`` and the key of the incident."""
    adds = pl.col(one.measure).cast(pl.Int64)
    rows = level.frame.lazy().filter(adds != 0)
    part = pl.col(PART).cast(pl.String).fill_null(UNKNOWN)
    if one.place in PERSONS:
        names = SEXES if one.place == "victim_sex" else AGES
        place = next((name for name in names if f"{group}/".startswith(f"{name}/")), None)
        if place is None:
            return pl.DataFrame(schema={"unit": pl.UInt64, "adds": pl.Int64, KEY: pl.UInt64})
        rows = rows.filter(pl.col(VICTIMS) & victim_bit(one.place, place) != 0)
        if one.in_parts:
            rows = rows.filter(part == group.removeprefix(f"{place}/"))
    else:
        named = label(one.place, scene.cells(one.level).several_agencies).cast(pl.String)
        named = named.fill_null(UNKNOWN)
        if one.in_parts:
            named = part if one.place == "total" else pl.concat_str(named, part, separator="/")
        if not one.whole:
            rows = rows.filter(named == group)
        elif one.place != "total":
            rows = rows.filter(
                pl.lit(f"{group}/").str.starts_with(pl.concat_str(named, pl.lit("/")))
            )
    made = rows.select(pl.col(level.unit).alias("unit"), adds.alias("adds"), KEY)
    return made.collect(engine="streaming")


def _rows(scene: Scene, figure: Figure, level: Level, things: pl.DataFrame) -> pl.DataFrame:
    """Bring the rows of the files beside the things."""
    if things.is_empty():
        return pl.DataFrame(schema=BEHIND_SCHEMA)
    if level.table is not None:
        own = _traced(scene, level.table, pl.col("record_id").is_in(things["unit"].implode()))
        both = things.drop(KEY).join(own, left_on="unit", right_on="record_id", how="left")
        return _with_first(
            both.with_columns(
                pl.col("unit").alias("record_id"),
                pl.format("{}:{}", pl.lit(level.table), "unit").alias("unit"),
            )
        )
    keys = pl.col(KEY).is_in(things[KEY].unique().implode())
    named = things.join(_names(scene, level.unit, things["unit"]), on="unit", how="left")
    asked = {need.split(".")[0] for needs in figure.needs for need in needs.split("|")}
    tables = [name for name in scene.tables if name in asked | {"incident"} and _of_incidents(name)]
    rows = pl.concat([_traced(scene, name, keys) for name in tables])
    joined = named.join(rows, on=KEY, how="left").with_columns(pl.col("name").alias("unit"))
    return _with_first(joined)


def _of_incidents(table: str) -> bool:
    return table in TABLES and "incident_id" in TABLES[table].columns()


def _traced(scene: Scene, table: str, which: pl.Expr) -> pl.DataFrame:
    """Give where rows of a table come from; of incidents also the rows that say the same again."""
    fates = (*COUNTED_FATES, "duplicate") if table == "incident" else COUNTED_FATES
    told = (
        pl.col("incident_id")
        if _of_incidents(table)
        else pl.lit(None, pl.String).alias("incident_id")
    )
    return (
        scene.tables[table]
        .filter(pl.col("row_fate").is_in(fates))
        .select(
            keyed() if _of_incidents(table) else pl.lit(None, pl.UInt64).alias(KEY),
            told,
            pl.lit(table).alias("table"),
            "source_file",
            "source_row",
            "row_fate",
            "record_id",
        )
        .filter(which)
        .collect(engine="streaming")
    )


def _names(scene: Scene, unit: str, keys: pl.Series) -> pl.DataFrame:
    """Find the identifiers of which the units are keys."""
    columns = _NAMED_BY.get(unit, ("incident_id",))
    frames = [
        frame
        for frame in (scene.pairs, scene.incidents, *scene.tables.values())
        if frame is not None
    ]
    found = [
        frame.select(keyed(column, "unit"), pl.col(column).alias("name")).filter(
            pl.col("unit").is_in(keys.implode())
        )
        for frame in frames
        for column in columns
        if column in frame.collect_schema()
    ]
    return pl.concat(found).unique().collect(engine="streaming")


def _with_first(rows: pl.DataFrame) -> pl.DataFrame:
    order = rows.sort("unit", "table", "source_file", "source_row", "record_id")
    first = pl.col("unit").is_first_distinct()
    return order.with_columns(pl.when(first).then("adds").alias("adds")).select(
        pl.col(name).cast(dtype) for name, dtype in BEHIND_SCHEMA.items()
    )
