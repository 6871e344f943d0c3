"""Compare linking with splink called by hand: the same records, fields, keys, levels and training, then its clusters.

The records are of made-up persons, two or three each, with the slips of clerks. By hand means: fields and keys are
given, splink trains, scores and clusters at a threshold. Linking besides reads names and dates, looks for numbers that
several persons have, mends weights, allows for households, checks clusters and gives pseudonyms. Both print precision,
recall and F1 against the truth.

Run: python benchmarks/link.py [--records 100000] [--rounds 1]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import report

TARGET_RATIO = 1.15
_SYLLABLES = "ba ro li ten mar ko ves du fi gan hel jo nir pa su wex zor cle qui ty".upper().split()


def generate(folder: Path, records: int) -> None:
    """Write made-up records with the number of their person."""
    import numpy as np
    import polars as pl

    draw = np.random.default_rng(7)
    persons = int(records / 2.25)
    sizes = draw.choice([1, 2, 3, 4], persons, p=[0.25, 0.4, 0.2, 0.15])
    whose = np.repeat(np.arange(persons), sizes)[:records]
    count = len(whose)
    first = ~np.concatenate([[False], whose[1:] == whose[:-1]])

    def names(parts: int, many: int) -> np.ndarray:
        made = np.array(sorted({"".join(draw.choice(_SYLLABLES, parts)) for _ in range(many * 2)}))[
            :many
        ]
        rank = np.minimum(draw.zipf(1.3, persons) - 1, len(made) - 1)
        spread = draw.integers(0, len(made), persons)
        return made[np.where(draw.random(persons) < 0.3, rank, spread)]

    given, surname = names(2, 380)[whose], names(3, 7000)[whose]
    born = draw.integers(0, 16000, persons)[whose]
    house = draw.integers(1, 40 * max(persons, 1), persons)[whose]
    moved = draw.integers(1, 40 * max(persons, 1), count)
    house = np.where(~first & (draw.random(count) < 0.4), moved, house)
    slip, turned, wrong = (~first & (draw.random(count) < part) for part in (0.15, 0.05, 0.1))
    frame = pl.DataFrame(
        {
            "row": np.arange(count),
            "person": whose,
            "given": given,
            "surname": surname,
            "born": born + np.where(wrong, draw.integers(-20, 20, count), 0),
            "sex": np.array(["F", "M"])[draw.integers(0, 2, persons)[whose]],
            "house": house,
            "slip": slip,
            "turned": turned,
        }
    )
    slipped = pl.col("surname").str.slice(0, 2) + pl.col("surname").str.slice(3)
    name = pl.when("slip").then(slipped).otherwise("surname")
    frame = frame.select(
        pl.col("row").cast(pl.Int64),
        "person",
        pl.when("turned")
        .then(pl.format("{}, {}", "given", name))
        .otherwise(pl.format("{}, {}", name, "given"))
        .alias("name"),
        (pl.date(1955, 1, 2) + pl.duration(days="born")).dt.to_string("%Y-%m-%d").alias("birth"),
        "sex",
        pl.format("{} Invented {} Street", pl.col("house") % 900 + 1, pl.col("house") // 900).alias("address"),
    )  # fmt: skip
    frame.write_parquet(folder / "records.parquet")


def _told(whose: object, said: object) -> None:
    """Print precision, recall and F1 of the pairs."""
    import polars as pl

    frame = pl.DataFrame({"person": whose, "said": said})

    def pairs(*names: str) -> int:
        sizes = frame.group_by(names).len()["len"].cast(pl.Int64)
        return int((sizes * (sizes - 1) // 2).sum())

    both, found, true = pairs("person", "said"), pairs("said"), pairs("person")
    precision, recall = both / max(found, 1), both / max(true, 1)
    print(
        json.dumps(
            {
                "precision": round(precision, 5),
                "recall": round(recall, 5),
                "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 5),
            }
        )
    )


def ours(folder: Path) -> None:
    """Link, and give pseudonyms."""
    import polars as pl

    from ipvi_cli.link import link_records, person_rows

    frame = pl.read_parquet(folder / "records.parquet")
    found = []

    def work() -> None:
        raw = frame.drop("person")
        linked = link_records(raw)
        labels = raw.select(
            "row",
            pl.lit("offender").alias("record_table"),
            pl.col("row").alias("record_id"),
            pl.lit("offender").alias("role"),
        )
        person_rows(labels, linked, b"a secret of the benchmark")
        found.append(linked)

    _report_first(work)
    _told(frame["person"], pl.Series(found[0].clusters.strict))


def by_hand(folder: Path) -> None:
    """Train, score and cluster with splink, the fields and keys being given."""
    import polars as pl

    from ipvi_cli.link.blocking import add_keys
    from ipvi_cli.link.comparisons import settings, usable
    from ipvi_cli.link.fields import prepare
    from ipvi_cli.link.training import MOST_PAIRS, open_linker, quiet, random_pairs, shared_fields

    frame = pl.read_parquet(folder / "records.parquet")
    nodes, keys = add_keys(prepare(frame.drop("person")))
    compared = usable(nodes, 20)
    found = []

    def work() -> None:
        linker = open_linker(nodes, settings(compared, len(keys)))
        linker.training.estimate_u_using_random_sampling(
            max_pairs=random_pairs(nodes.height), seed=1, num_chunks=1
        )
        for rule in shared_fields(nodes, {one.name for one in compared}):
            condition = " AND ".join(f"l.{name} = r.{name}" for name in rule)
            linker.training.estimate_parameters_using_expectation_maximisation(
                condition,
                estimate_without_term_frequencies=True,
                max_pairs=MOST_PAIRS,
                record_sample_proportion=0.1,
            )
        pairs = linker.inference.predict(threshold_match_probability=0.05, warning_mode="never")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=0.95
        )
        found.append(clusters.as_duckdbpyrelation().pl().sort("node"))

    with quiet():
        _report_first(work)
    _told(frame["person"], found[0]["cluster_id"])


def _report_first(work: object) -> None:
    report(work)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--part", nargs=2)
    options = parser.parse_args()
    if options.part:
        {"ours": ours, "splink": by_hand}[options.part[0]](Path(options.part[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), options.records)
        cpu: dict[str, list[float]] = {}
        for _ in range(options.rounds):
            for part in ("splink", "ours"):
                done = subprocess.run(
                    [sys.executable, __file__, "--part", part, folder],
                    stdout=subprocess.PIPE, check=True, text=True,
                )  # fmt: skip
                took, told = (json.loads(line) for line in done.stdout.splitlines()[-2:])
                cpu.setdefault(part, []).append(took["processor"])
                print(
                    f"{part:7} {took['seconds']:8.1f} s  {took['processor']:8.1f} s of processors"
                    f"  {took['mebibytes']:8.0f} MiB  {told}"
                )
        ratio = min(cpu["ours"]) / min(cpu["splink"])
        print(f"ours / splink: {ratio:.2f} of processor time (target {TARGET_RATIO})")


if __name__ == "__main__":
    main()
