"""Compare the loss-free reader with polars alone: scan_csv to sink_parquet of the same file, all text.

Run: python benchmarks/ingest.py [--rows 1000000] [--rounds 5] [--quoted] [--mess]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import alternate, report

TARGET_RATIO = 1.8
TARGET_MEBIBYTES = 400
CHUNK = 250_000
COLUMNS = 13


def generate(path: Path, rows: int, *, quoted: bool, mess: bool) -> None:
    """Write a made-up flat export, a chunk at a time."""
    import numpy as np
    import polars as pl

    draw = np.random.default_rng(1)

    def pick(words: list[str], size: int) -> pl.Series:
        return pl.Series(words).gather(draw.integers(0, len(words), size))

    relations = ["BOYFRIEND", "WIFE", "EX-SPOUSE", "BROTHER", "STRANGER", "ACQUAINTANCE", ""]
    names = [f"Smith{number}, Jo" for number in range(5_000)]
    if not quoted:
        names = [name.replace(",", "") for name in names]
    with path.open("wb") as out:
        for start in range(0, rows, CHUNK):
            size = min(CHUNK, rows - start)
            days = pl.Series(draw.integers(17_000, 18_000, size)).cast(pl.Int32).cast(pl.Date)
            frame = pl.DataFrame(
                {
                    "incident_number": pl.Series(range(start, start + size)).cast(pl.String),
                    "agency": pick(["PD1", "PD2"], size),
                    "occurred": days.dt.strftime("%m/%d/%Y"),
                    "time": pick(
                        [f"{hour:02}{minute:02}" for hour in range(24) for minute in range(60)],
                        size,
                    ),
                    "victim": pick(names, size),
                    "victim_sex": pick(["F", "M", "U"], size),
                    "victim_age": pl.Series(draw.integers(18, 90, size)).cast(pl.String),
                    "offender": pick(names, size),
                    "offender_sex": pick(["F", "M", "U"], size),
                    "relationship": pick(relations, size),
                    "offense": pick(["13A", "13B", "13C", "90F"], size),
                    "address": pl.Series(draw.integers(1, 9_999, size)).cast(pl.String)
                    + " Main Street",
                    "district": pick([f"D{number}" for number in range(20)], size),
                }
            )
            assert frame.width == COLUMNS
            text = frame.write_csv(include_header=not start).encode()
            if mess:
                lines = text.split(b"\n")
                lines[1_000::1_000] = [line + b",x" for line in lines[1_000::1_000]]
                text = b"\n".join(lines)
            out.write(text)


def run_polars(source: Path, target: Path) -> None:
    import polars as pl

    scan = pl.scan_csv(source, infer_schema=False)
    report(lambda: scan.sink_parquet(target, compression="zstd"))


def run_ours(source: Path, target: Path) -> None:
    from ipvi_cli.ingest.delimited import read_delimited
    from ipvi_cli.ingest.raw import ReadOptions

    report(
        lambda: read_delimited(source, source.name, ReadOptions(), target, lambda done, total: None)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--quoted", action="store_true", help="names with commas, in quotation marks"
    )
    parser.add_argument(
        "--mess", action="store_true", help="a ragged record in a thousand (ours only)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "delivery.csv"
        generate(source, options.rows, quoted=options.quoted, mess=options.mess)
        commands = {
            name: [__file__, "--child", name, str(source), str(Path(folder) / f"{name}.parquet")]
            for name in (["ours"] if options.mess else ["polars", "ours"])
        }
        best = alternate(commands, options.rounds)
        size = source.stat().st_size
    ours = best["ours"]
    print(f"{options.rows:,} rows of {COLUMNS} columns, {size / 2**20:.0f} MiB")
    for name, run in best.items():
        print(
            f"{name}: {run.seconds:.2f} s, {run.processor:.2f} s of processors, peak {run.mebibytes:.0f} MiB"
        )
    if "polars" in best:
        plain = best["polars"]
        print(
            f"ratio {ours.seconds / plain.seconds:.2f} (target {TARGET_RATIO}),"
            f" of processors {ours.processor / plain.processor:.2f}"
        )
    print(f"peak {ours.mebibytes:.0f} MiB (target {TARGET_MEBIBYTES})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        run = {"polars": run_polars, "ours": run_ours}[sys.argv[2]]
        run(Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
