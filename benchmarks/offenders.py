"""Histories and candidate levels of many rows: processor seconds and the most memory that was held.

    python benchmarks/offenders.py --rows 1000000

The rows are made up, written as Parquet and worked through in parts, as a workspace is.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import polars as pl

from ipvi_cli.model.tables import polars_schema
from ipvi_cli.offenders.criteria import SHIPPED, parse_criteria, shipped_text
from ipvi_cli.offenders.events import histories
from ipvi_cli.offenders.levels import Extent
from ipvi_cli.offenders.run import assess_part, together

TABLES_WITH_ROWS = 7
"""Rows are spread over incidents, offences, victims, offenders, pairs, arrests and charges."""

PART = 250_000


def write(folder: Path, incidents: int) -> None:
    """Write made-up tables: one victim, offender and offence an incident, an arrest and charge in a third of them."""
    number = pl.int_range(1, incidents + 1, dtype=pl.Int64)
    base = pl.select(number.alias("record_id")).lazy().with_columns(
        pl.format("PD:{}", "record_id").alias("incident_id"),
        pl.lit("new").alias("row_fate"),
        pl.lit("made.csv").alias("source_file"),
        pl.col("record_id").alias("source_row"),
        # A fifth of the persons does two fifths of it.
        pl.format(
            "P{}",
            pl.when(pl.col("record_id") % 5 < 2)
            .then(pl.col("record_id") % (incidents // 20 + 1))
            .otherwise(pl.col("record_id")),
        ).alias("_doer"),
        (pl.date(2010, 1, 1) + pl.duration(days=pl.col("record_id") % 3600)).alias("_on"),
    )  # fmt: skip
    key = ["record_id", "incident_id", "row_fate", "source_file", "source_row"]
    doer, place = pl.format("{}:O1", "incident_id"), pl.format("{}:V1", "incident_id")
    held = base.filter(pl.col("record_id") % 3 == 0)
    born = pl.date(1980, 1, 1)
    partner = pl.when(pl.col("record_id") % 2 == 0).then(pl.lit("intimate_partner"))
    frames = {
        "incident": base.select(
            *key, pl.lit("PD").alias("agency"), pl.col("record_id").cast(pl.String).alias("incident_number"),
            pl.col("_on").alias("occurred_on"), pl.col("_on").alias("reported_on"),
        ),
        "offense": base.select(
            *key, pl.lit("13B").alias("offense_code"), pl.concat_list(pl.lit("40")).alias("weapon_codes")
        ),
        "victim": base.select(*key, place.alias("victim_id"), born.alias("birth_date")),
        "offender": base.select(
            *key, doer.alias("offender_id"), pl.lit(False).alias("offender_unknown"),
            born.alias("birth_date"),
        ),
        "arrest": held.select(
            *key, pl.col("_on").alias("arrested_on"), pl.col("incident_id").alias("arrest_number")
        ),
        "charge": held.select(
            *key, pl.col("_on").alias("charged_on"), pl.col("incident_id").alias("arrest_number")
        ),
        "pairs": base.select(
            "incident_id", place.alias("victim_id"), doer.alias("offender_id"),
            partner.otherwise(pl.lit("stranger")).alias("relationship_class"),
            pl.lit("spouse").alias("tie"), pl.lit("current").alias("partner_status"),
            pl.lit("explicit").alias("basis"), pl.lit(None, pl.List(pl.String)).alias("candidates"),
        ),
        "persons": pl.concat(
            [
                frame.select(
                    pl.lit(table).alias("record_table"), "record_id",
                    (pl.format("V{}", "record_id") if table == "victim" else pl.col("_doer")).alias("person_id"),
                    pl.lit(1.0).alias("match_probability"),
                )
                for table, frame in (("offender", base), ("victim", base), ("arrest", held), ("charge", held))
            ]
        ),
    }  # fmt: skip
    there = frames["incident"].collect_schema()
    blank = {name: kind for name, kind in polars_schema("incident").items() if name not in there}
    frames["incident"] = frames["incident"].with_columns(
        pl.lit(None, kind).alias(name) for name, kind in blank.items()
    )
    for name, frame in frames.items():
        frame.sink_parquet(folder / f"{name}.parquet", engine="streaming")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, int(rows / (5 + 2 / 3)))
        scans = {path.stem: pl.scan_parquet(path) for path in sorted(folder.glob("*.parquet"))}
        pairs, persons = scans.pop("pairs"), scans.pop("persons")
        held = sum(int(scan.select(pl.len()).collect().item()) for scan in (*scans.values(), pairs))
        records = int(persons.select(pl.len()).collect().item())
        criteria = parse_criteria(shipped_text(SHIPPED[0]) or "", where=SHIPPED[0])
        extent = Extent(charges=True, since=None, until=None)
        made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, processor = time.perf_counter(), time.process_time()
        number = max(1, -(-records // PART))
        parts = [
            assess_part(histories(scans, pairs, persons, part=(n, number)), criteria, extent)
            for n in range(number)
        ]
        whole = together(parts)
        seconds, processor = time.perf_counter() - began, time.process_time() - processor
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{held:,} rows, {records:,} records of persons, {number} parts, {whole.offenders.height:,} persons"
    )
    print(
        f"{processor:.1f} s of processor, {seconds:.1f} s; {most / 2**20:.2f} GiB at most ({made / 2**20:.2f} before)"
    )
    print(whole.levels)


if __name__ == "__main__":
    main()
