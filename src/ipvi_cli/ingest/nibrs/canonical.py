"""Segments to rows of the canonical tables, alike for every format of a NIBRS submission."""

from __future__ import annotations

from typing import Final

import polars as pl

from ipvi_cli.ingest.nibrs.segments import Segments, segment_schema
from ipvi_cli.ingest.persons import UNNUMBERED
from ipvi_cli.model.codelists import CODE_LISTS

_TRACE: Final = ("source_file", "source_row", "row_fate", "incident_id")
_NEWBORN: Final = ("NN", "NB", "BB")
_NOBODY: Final = "00"


def canonical(segments: Segments) -> dict[str, pl.DataFrame]:
    """Make canonical rows of the segments of whole reports.

    Args:
        segments: Frames by level, with fates.

    Returns:
        Rows by canonical table (incident, offense, victim, offender, relationship, arrest) with the trace columns but
        ``record_id``; a column that NIBRS cannot fill is absent. A code that is on no list becomes null. An age range
        states no age. Slots of data elements 34 and 35 make a relationship row each, but for offender 00 without a
        relationship: then nothing is known of the offender. An arrestee is an offender of the incident where the
        report holds one known offender and one arrestee, for no data element says which of several.
    """
    frames = {level: _keyed(segments, level) for level in _LEVELS}
    victims = _victims(frames["victim"])
    offenders = _offenders(frames["offender"])
    group_b = _arrests(frames["group_b_arrest"]).with_columns(
        pl.lit(None, pl.String).alias("incident_id")
    )
    return {
        "incident": _incidents(frames["incident"]),
        "offense": _offenses(frames["offense"]),
        "victim": victims.drop("offender_numbers", "relationships"),
        "offender": offenders.drop("report"),
        "relationship": _relationships(victims),
        "arrest": pl.concat(
            [_arrested(_arrests(frames["arrestee"]), offenders), group_b], how="diagonal"
        ).drop("report"),
    }


_LEVELS: Final = ("incident", "offense", "victim", "offender", "arrestee", "group_b_arrest")


def _keyed(segments: Segments, level: str) -> pl.DataFrame:
    frame = segments.get(level)
    if frame is None:
        frame = pl.DataFrame(schema=segment_schema(level))
    return frame.with_columns(
        pl.concat_str("ori", pl.lit(":"), "incident_number").alias("incident_id"),
        pl.col("ori").alias("agency"),
    )


def _incidents(frame: pl.DataFrame) -> pl.DataFrame:
    hour = pl.col("hour").cast(pl.Int8, strict=False)
    return frame.select(
        *_TRACE,
        "agency",
        "incident_number",
        _date("occurred_on"),
        pl.when(hour.is_between(0, 23)).then(pl.time(hour)).alias("occurred_time"),
        pl.when(pl.col("report_date") == "R").then(_date("occurred_on")).alias("reported_on"),
        _listed("clearance"),
        _date("cleared_on"),
    )


def _offenses(frame: pl.DataFrame) -> pl.DataFrame:
    weapons = pl.col("weapons").list.eval(pl.element().str.slice(0, 2))
    return frame.select(
        *_TRACE,
        pl.col("offense_code").str.to_uppercase(),
        (pl.col("attempted") == "A").alias("attempted"),
        _filled(weapons.list.unique(maintain_order=True)).alias("weapon_codes"),
        _listed("location").alias("location_code"),
        _filled(pl.col("suspected_use")).alias("suspected_use"),
        pl.col("offense_code").alias("offense_raw"),
        _filled(pl.col("weapons")).list.join(" ").alias("weapon_raw"),
    ).with_columns(
        pl.when(frame["attempted"].is_in(["A", "C"])).then("attempted").alias("attempted")
    )


def _victims(frame: pl.DataFrame) -> pl.DataFrame:
    return _numbered(frame, "victim").select(
        *_TRACE,
        "victim_id",
        "victim_number",
        _listed("victim_type"),
        *_person(),
        _filled(pl.col("injuries")).alias("injury_codes"),
        _filled(pl.col("injuries")).list.join(" ").alias("injury_raw"),
        _filled(pl.col("circumstances")).alias("circumstance_codes"),
        "offender_numbers",
        "relationships",
    )


def _offenders(frame: pl.DataFrame) -> pl.DataFrame:
    unknown = pl.col("offender_number") == 0
    return _numbered(frame, "offender").select(
        *_TRACE,
        "report",
        "offender_id",
        "offender_number",
        unknown.fill_null(False).alias("offender_unknown"),
        *_person(),
    )


def _relationships(victims: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each slot of elements 34 and 35 that says something."""
    said = victims.filter(pl.col("relationships").list.len() > 0)
    slots = said.select(
        *_TRACE, "victim_id", "victim_number", "offender_numbers", "relationships"
    ).explode("offender_numbers", "relationships")
    nobody = (pl.col("offender_numbers") == _NOBODY) & pl.col("relationships").is_null()
    number = pl.col("offender_numbers").cast(pl.Int64, strict=False)
    return (
        slots.filter(~nobody.fill_null(False))
        .with_columns(number.alias("offender_number"))
        .select(
            *_TRACE,
            "victim_id",
            pl.concat_str("incident_id", pl.lit(":O"), "offender_number").alias("offender_id"),
            "victim_number",
            "offender_number",
            pl.lit("nibrs").alias("code_system"),
            pl.lit("victim_to_offender").alias("direction"),
            pl.col("relationships").alias("relationship_raw"),
        )
    )


def _arrests(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        *_TRACE,
        "report",
        "agency",
        _date("arrested_on"),
        _listed("arrest_type"),
        *_person(),
        pl.col("offense_code").str.to_uppercase(),
        pl.col("offense_code").alias("offense_raw"),
        "arrest_number",
    )


def _arrested(arrests: pl.DataFrame, offenders: pl.DataFrame) -> pl.DataFrame:
    """Give the arrest of a report's only arrestee to its only offender."""
    known = offenders.filter(~pl.col("offender_unknown"))
    only = known.filter(known["report"].is_unique()).select(
        "report", "offender_id", "offender_number"
    )
    alone = pl.col("report").is_unique()
    return arrests.join(only, on="report", how="left", maintain_order="left").with_columns(
        pl.when(alone).then(name).alias(name) for name in ("offender_id", "offender_number")
    )


def _numbered(frame: pl.DataFrame, person: str) -> pl.DataFrame:
    """Add the number of a person as a whole number, and the identifier within the incident."""
    number = pl.col(f"{person}_number").cast(pl.Int64, strict=False)
    rows = frame.with_columns(number.alias(f"{person}_number"))
    label: pl.Expr = pl.col(f"{person}_number")
    if rows[f"{person}_number"].null_count():
        place = pl.int_range(pl.len(), dtype=pl.Int64).over("report") + 1 + UNNUMBERED
        label = pl.coalesce(label, place)
    identifier = pl.concat_str("incident_id", pl.lit(f":{person[0].upper()}"), label)
    return rows.with_columns(identifier.alias(f"{person}_id"))


def _person() -> tuple[pl.Expr, ...]:
    return (_listed("sex"), _listed("race"), _age())


def _age() -> pl.Expr:
    """Read an age in whole years; 00 is unknown, and a range or a word states none."""
    written = pl.col("age").str.to_uppercase()
    years = pl.when((written != _NOBODY) & (written.str.len_bytes() <= 3)).then(
        written.cast(pl.Int64, strict=False)
    )
    newborn = pl.when(written.is_in(_NEWBORN)).then(pl.lit(0, pl.Int64))
    return pl.coalesce(years, newborn).alias("age_years")


def _listed(column: str) -> pl.Expr:
    """Keep the codes of the column's list alone."""
    codes = sorted(set(CODE_LISTS[column].values()))
    return pl.when(pl.col(column).is_in(codes)).then(pl.col(column)).alias(column)


def _date(column: str) -> pl.Expr:
    return pl.col(column).str.to_date("%Y%m%d", strict=False).alias(column)


def _filled(codes: pl.Expr) -> pl.Expr:
    return pl.when(codes.list.len() > 0).then(codes)
