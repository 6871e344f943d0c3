"""Compare classification with polars alone: read a million pairs from Parquet and join a ready-made table of words.

The pairs hold 5,000 distinct texts. Classification reads and understands each of them once, pairs the persons of
each incident from three more tables, and says what every pair and incident comes to; polars is given what each word
comes to, all ten columns in the types that classification gives, and looks it up.

Left out of both times: imports; of classification's also the packaged word lists, which a process loads once.

Run: python benchmarks/classify.py [--rows 1000000] [--texts 5000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import alternate, report

if TYPE_CHECKING:
    import polars as pl

TARGET_RATIO = 2.0
WORDS = ["BOYFRIEND", "WIFE", "EX-SPOUSE", "BROTHER", "STRANGER", "ACQUAINTANCE", "COUSIN"]
SIGNS = " .,;:!-"
OF_THE_PAIR = (
    "pair_id", "incident_id", "victim_id", "offender_id", "victim_under_18", "offender_under_18",
)  # fmt: skip


def generate(folder: Path, rows: int, texts: int) -> None:
    """Write made-up canonical tables, and the ready-made table: what a pair of each text comes to."""
    import numpy as np
    import polars as pl

    from ipvi_cli.classify import Policy, classify
    from ipvi_cli.model.classified import PAIR_SCHEMA

    words = pl.Series("relationship_raw", [_text(place) for place in range(texts)])
    once = {name: frame.lazy() for name, frame in _tables(words).items()}
    pairs = classify(once, Policy("domestic")).pairs.collect()
    decided = [name for name in PAIR_SCHEMA if name not in (*OF_THE_PAIR, "relationship_raw")]
    pairs.select(words, *decided).write_parquet(folder / "ready.parquet")
    of_row = pl.Series(np.random.default_rng(1).integers(0, texts, rows))
    for name, frame in _tables(words.gather(of_row)).items():
        frame.write_parquet(folder / f"{name}.parquet")


def _tables(words: pl.Series) -> dict[str, pl.DataFrame]:
    """Make canonical tables of one victim, offender and relationship row for each incident."""
    import numpy as np
    import polars as pl

    rows = words.len()
    number = pl.Series("incident_number", range(rows)).cast(pl.String)
    incident = pl.select(("PD:" + number).alias("incident_id")).to_series()
    shared = {
        "record_id": pl.int_range(rows, dtype=pl.UInt64, eager=True),
        "source_file": pl.repeat("made.csv", rows, eager=True),
        "source_row": pl.int_range(2, rows + 2, dtype=pl.UInt32, eager=True),
        "row_fate": pl.repeat("new", rows, eager=True),
        "incident_id": incident,
    }
    victim, offender = incident + ":V1", incident + ":O1"
    ages = pl.Series(np.random.default_rng(2).integers(18, 90, rows))
    tables = {
        "incident": {"agency": pl.repeat("PD", rows, eager=True), "incident_number": number},
        "victim": {"victim_id": victim, "age_years": ages},
        "offender": {"offender_id": offender},
        "relationship": {
            "victim_id": victim,
            "offender_id": offender,
            "relationship_raw": words,
            "code_system": pl.repeat("text", rows, eager=True),
            "direction": pl.repeat("victim_to_offender", rows, eager=True),
        },
    }
    return {name: _filled(pl.DataFrame({**shared, **tables[name]}), name) for name in tables}


def _filled(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Give a table all its columns."""
    import polars as pl

    from ipvi_cli.model.tables import polars_schema

    schema = dict(polars_schema(name))
    blank = {one: pl.lit(None, dtype) for one, dtype in schema.items() if one not in frame.columns}
    return frame.with_columns(**blank).cast(schema).select(list(schema))


def _text(place: int) -> str:
    """Write a word in a way of its own: what is behind the word differs, what it means does not."""
    word, rest = WORDS[place % len(WORDS)], place // len(WORDS)
    signs = ""
    while rest:
        rest, sign = divmod(rest, len(SIGNS))
        signs += SIGNS[sign]
    return f"{word} {signs}."


def run_polars(folder: Path) -> None:
    import polars as pl

    ready = pl.scan_parquet(folder / "ready.parquet")
    pairs = pl.scan_parquet(folder / "relationship.parquet")
    columns = ["incident_id", "victim_id", "offender_id", "relationship_raw"]
    joined = pairs.select(columns).join(ready, on="relationship_raw", how="left")
    report(lambda: joined.collect(engine="streaming"))


def run_classify(folder: Path) -> None:
    import polars as pl

    from ipvi_cli.classify import Policy, classify, load_crosswalk

    load_crosswalk("relationship").map_values(pl.Series(["EX WIFES FRIEND"]))
    names = ("incident", "victim", "offender", "relationship")
    tables = {name: pl.scan_parquet(folder / f"{name}.parquet") for name in names}
    policy = Policy("domestic")

    def work() -> None:
        classified = classify(tables, policy)
        classified.pairs.collect(engine="streaming")

    report(work)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--texts", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder, options.rows, options.texts)
        commands = {
            kind: [__file__, "--child", kind, str(folder)] for kind in ("polars", "classify")
        }
        best = alternate(commands, options.rounds)
    print(f"{options.rows:,} pairs, {options.texts:,} distinct texts")
    for kind, run in best.items():
        print(
            f"{kind}: {run.seconds:.2f} s, {run.processor:.2f} s of processors, peak {run.mebibytes:.0f} MiB"
        )
    plain, ours = best["polars"], best["classify"]
    print(
        f"ratio {ours.seconds / plain.seconds:.2f} (target {TARGET_RATIO}),"
        f" of processors {ours.processor / plain.processor:.2f}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        run = {"polars": run_polars, "classify": run_classify}[sys.argv[2]]
        run(Path(sys.argv[3]))
    else:
        main()
