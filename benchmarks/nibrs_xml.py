"""Compare reading NIBRS XML into segments with an lxml iterparse of the same file that only counts its reports.

Run: python benchmarks/nibrs_xml.py [--reports 40000] [--rounds 3] [--flat]
With --flat the file is also read at ten times the size, to see whether memory grows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import alternate, report

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "ingest"))

TARGET_RATIO = 10
TARGET_GROWTH = 1.25
CHUNK = 1_000


def generate(path: Path, reports: int) -> None:
    """Write made-up reports of an assault with an arrest, a chunk at a time."""
    from helpers_nibrs_xml import group_a, submission

    head, tail = submission(["@"]).split("@")
    one = group_a("NUMBER")
    with path.open("w", encoding="utf-8") as out:
        out.write(head)
        for start in range(0, reports, CHUNK):
            numbers = range(start, min(start + CHUNK, reports))
            out.write("\n".join(one.replace("NUMBER", f"{number:012d}") for number in numbers))
        out.write(tail)


def run_count(source: Path) -> None:
    from lxml import etree

    def count() -> None:
        found = 0
        for _, element in etree.iterparse(source, tag="{*}Report"):
            found += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        assert found

    report(count)


def run_ours(source: Path) -> None:
    from ipvi_cli.ingest.nibrs.xml_read import read_xml

    with tempfile.TemporaryDirectory() as scratch:
        report(lambda: read_xml(source, source.name, Path(scratch)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flat", action="store_true", help="read ten times as many too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, long = Path(folder) / "month.xml", Path(folder) / "long.xml"
        generate(source, options.reports)
        commands = {name: [__file__, "--child", name, str(source)] for name in ("count", "ours")}
        best = alternate(commands, options.rounds)
        size = source.stat().st_size
        if options.flat:
            generate(long, options.reports * 10)
            best |= alternate({"ten times": [__file__, "--child", "ours", str(long)]}, 1)
    print(f"{options.reports:,} reports, {size / 2**20:.0f} MiB")
    for name, run in best.items():
        print(
            f"{name}: {run.seconds:.2f} s, {run.processor:.2f} s of processors, peak {run.mebibytes:.0f} MiB"
        )
    ours = best["ours"]
    print(
        f"ratio of processors {ours.processor / best['count'].processor:.1f} (target {TARGET_RATIO})"
    )
    if "ten times" in best:
        growth = best["ten times"].mebibytes / ours.mebibytes
        print(f"growth of the peak at ten times the size {growth:.2f} (target {TARGET_GROWTH})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        {"count": run_count, "ours": run_ours}[sys.argv[2]](Path(sys.argv[3]))
    else:
        main()
