"""Measure reading a made-up NIBRS flat file into canonical Parquet: segments a second of one core, and memory.

Run: python benchmarks/nibrs.py [--segments 1200000]
Time is processor time of the whole run, imports apart; memory is the peak of a fresh process at the size given and at
a third of it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

TARGET = 150_000


def generate(path: Path, segments: int) -> None:
    """Write reports of six segments each."""
    import polars as pl

    from ipvi_cli.sample.nibrs_flat import submission_bytes

    step = 60_000
    with path.open("wb") as out:
        for start in range(0, segments // 6, step):
            reports = pl.int_range(start, min(start + step, segments // 6), eager=True)
            out.write(submission_bytes(_frames(reports)))


def _frames(reports: object) -> dict[str, object]:
    import polars as pl

    number = pl.col("report")
    text = number.cast(pl.String)
    key = pl.DataFrame({"report": reports}).with_columns(
        action=pl.lit("I"),
        submission_month=pl.lit("04"),
        submission_year=pl.lit("2020"),
        ori=pl.format("NY{}0000", (number % 90 + 100).cast(pl.String)),
        incident_number=pl.format("20-{}", text.str.zfill(8)),
    )
    age = (number % 60 + 20).cast(pl.String)
    person = {"age": age, "sex": pl.lit("F"), "race": pl.lit("W")}
    code, one = pl.lit("13A"), pl.lit("01")
    tie = pl.when(number % 3 == 0).then(pl.lit("BG")).otherwise(pl.lit("ST"))
    day = pl.format("202004{}", (number % 28 + 1).cast(pl.String).str.zfill(2))
    return {
        "incident": key.with_columns(occurred_on=day, hour=pl.lit("07"), clearance=pl.lit("N")),
        "offense": key.with_columns(
            offense_code=code, attempted=pl.lit("C"), location=pl.lit("20"),
            weapons=pl.concat_list(pl.lit("11A"), pl.lit("40")), bias=pl.concat_list(pl.lit("88")),
        ),
        "property": key.with_columns(loss_type=pl.lit("1")),
        "victim": key.with_columns(
            victim_number=pl.lit("001"), offense_codes=pl.concat_list(code), victim_type=pl.lit("I"),
            injuries=pl.concat_list(pl.lit("M")), offender_numbers=pl.concat_list(one),
            relationships=pl.concat_list(tie), **person,
        ),
        "offender": key.with_columns(offender_number=one, **person),
        "arrestee": key.with_columns(
            arrestee_number=one, arrest_number=pl.col("incident_number"), arrested_on=day,
            arrest_type=pl.lit("O"), offense_code=code, **person,
        ),
    }  # fmt: skip


def measure(path: Path, segments: int) -> None:
    """Ingest a file in this process, and print what it took."""
    from ipvi_cli import pipeline

    start = os.times()
    with tempfile.TemporaryDirectory() as folder:
        done = pipeline.ingest(path, out=Path(folder) / "nibrs.audit")
    end = os.times()
    assert done.rows["accepted"] == segments
    seconds = end.user + end.system - start.user - start.system
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{segments:>10,} segments {segments / seconds:>10,.0f}/s of a core {peak:>6,} MiB")


def main() -> None:
    """Generate, and measure in fresh processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=1_200_000)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.file is not None:
        measure(given.file, given.segments)
        return
    print(f"target: {TARGET:,} segments a second of a core")
    with tempfile.TemporaryDirectory() as folder:
        for segments in (given.segments // 18 * 6, given.segments // 6 * 6):
            path = Path(folder) / f"{segments}.txt"
            generate(path, segments)
            call = [sys.executable, __file__, "--file", str(path), "--segments", str(segments)]
            subprocess.run(call, check=True)


if __name__ == "__main__":
    main()
