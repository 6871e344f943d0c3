"""Compare the whole audit of a flat export with polars alone: scan_csv to sink_parquet of the same file, all text.

The audit reads without loss, maps, classifies, checks every rule, makes every figure and writes the workspace.

Run: python benchmarks/audit.py [--rows 1000000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from ingest import COLUMNS, generate, run_polars
from measure import alternate, report

TARGETS = {1_000_000: 4.0, 10_000_000: 6.0}
TARGET_MEBIBYTES = 2_048

PROFILE = """
[jurisdiction]
name = "Benchmark"
population = "all"
period = { start = 2016-07-01, end = 2019-06-30 }

[[agencies]]
id = "ZZ1"
aliases = ["PD1"]

[[agencies]]
id = "ZZ2"
aliases = ["PD2"]

[[sources]]
name = "export"
files = "delivery.csv"
date_formats = ["%m/%d/%Y"]
[sources.keys]
agency = "agency"
incident_number = "incident_number"

[[sources.tables]]
table = "incident"
[sources.tables.columns]
occurred_on = "occurred"
occurred_time = "time"
district = "district"
address = "address"

[[sources.tables]]
table = "victim"
[sources.tables.columns]
victim_type = { constant = "I" }
name = "victim"
sex = "victim_sex"
age_years = "victim_age"

[[sources.tables]]
table = "offender"
[sources.tables.columns]
name = "offender"
sex = "offender_sex"

[[sources.tables]]
table = "relationship"
[sources.tables.columns]
relationship_raw = { column = "relationship", direction = "victim_to_offender" }

[[sources.tables]]
table = "offense"
[sources.tables.columns]
offense_raw = { column = "offense", code_system = "nibrs" }
"""


def run_audit(delivery: Path, out: Path) -> None:
    from ipvi_cli import audit

    shutil.rmtree(out, ignore_errors=True)
    report(lambda: audit(delivery, out=out))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        delivery = Path(folder) / "delivery"
        delivery.mkdir()
        source = delivery / "delivery.csv"
        generate(source, options.rows, quoted=True, mess=False)
        (delivery / "jurisdiction.toml").write_text(PROFILE, encoding="utf-8")
        commands = {
            "polars": [__file__, "--child", "polars", str(source), str(Path(folder) / "p.parquet")],
            "audit": [__file__, "--child", "audit", str(delivery), str(Path(folder) / "b.audit")],
        }
        best = alternate(commands, options.rounds)
        size = source.stat().st_size
    audited = best["audit"]
    print(f"{options.rows:,} rows of {COLUMNS} columns, {size / 2**20:.0f} MiB")
    for name, run in best.items():
        print(
            f"{name}: {run.seconds:.2f} s, {run.processor:.2f} s of processors, peak {run.mebibytes:.0f} MiB"
        )
    plain, target = best["polars"], TARGETS.get(options.rows)
    print(
        f"ratio {audited.seconds / plain.seconds:.2f} (target {target or 'none'}),"
        f" of processors {audited.processor / plain.processor:.2f}"
    )
    print(f"peak {audited.mebibytes:.0f} MiB (target {TARGET_MEBIBYTES})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        run = {"polars": run_polars, "audit": run_audit}[sys.argv[2]]
        run(Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
