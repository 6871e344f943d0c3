"""A small delivery of made-up incidents, audited, and review files filled in as a person would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from ipvi_cli import pipeline
from ipvi_cli.pipeline import review_loop

CANARY = "ZQ TESTPERSONS LADY"

PROFILE = """\
# Kept by the analyst.
[jurisdiction]
name = "Small"   # made up
population = "domestic"

[[agencies]]
id = "PD"

# Settled with the records unit.
[site_words.relationship]
"OL MAN" = "SE"  # since 2019

[[sources]]
name = "reports"
files = "*.csv"
[sources.keys]
incident_number = "No"

[[sources.tables]]
table = "incident"
[sources.tables.columns]
occurred_on = "Date"

[[sources.tables]]
table = "victim"
[sources.tables.columns]
victim_type = { constant = "I" }
name = "Victim"

[[sources.tables]]
table = "offender"
[sources.tables.columns]
name = "Suspect"

[[sources.tables]]
table = "relationship"
[sources.tables.columns]
relationship_raw = { column = "Tie", direction = "victim_to_offender" }

[[sources.tables]]
table = "offense"
[sources.tables.columns]
offense_raw = "Offense"
"""

TIES = [
    *["SIDE PIECE"] * 12, *["ZQ TIE"] * 2, "HUSBANDD", "COHABITANT", CANARY, "=SIDE 2", "WIFE", "WIFE", "BROTHER",
    "SISTER", "FRIEND", "", "UNKNOWN", "OL MAN", "MOTHER", "STRANGER", "GIRLFRIEND", "EX WIFE",
]  # fmt: skip
"""The tie of each incident; incident 1 is the first."""


def deliver(folder: Path) -> Path:
    """Write the delivery."""
    folder.mkdir(parents=True)
    (folder / "jurisdiction.toml").write_text(PROFILE, encoding="utf-8")
    lines = [
        f"{number},2020-01-{number % 28 + 1:02},Ann {number},Bob {number},{tie},"
        f"{'ZQ OFFENCE 9' if number < 4 else 'SIMPLE ASSAULT'}"
        for number, tie in enumerate(TIES, start=1)
    ]
    text = "\n".join(["No,Date,Victim,Suspect,Tie,Offense", *lines]) + "\n"
    (folder / "reports.csv").write_text(text, encoding="utf-8")
    return folder


def audited(folder: Path) -> tuple[Path, Path]:
    """Deliver and audit.

    Returns:
        The delivery and its workspace.
    """
    delivery = deliver(folder / "delivery")
    pipeline.audit(delivery, out=folder / "small.audit")
    return delivery, folder / "small.audit"


def asked(workspace: Path, out: Path) -> pl.DataFrame:
    """Write a review file and read it."""
    return pl.read_csv(review_loop.review(workspace, out=out).file, infer_schema=False)


def filled(
    review: pl.DataFrame,
    path: Path,
    decisions: Mapping[str, str],
    write: Callable[[pl.DataFrame, Path], object] = lambda df, path: df.write_csv(path),
) -> Path:
    """Fill in decisions by value or pair and save the file."""
    key = pl.coalesce("value", "pair_id")
    df = review.with_columns(
        key.replace_strict(decisions, default=None, return_dtype=pl.String).alias("decision"),
        pl.when(key.is_in(list(decisions))).then(pl.lit("AB")).alias("decided_by"),
    )
    write(df, path)
    return path


def classes(workspace: Path) -> dict[int, str]:
    """Give the class of each incident by its number."""
    incidents = pl.read_parquet(workspace / "incidents.parquet")
    return {
        int(number): of_class
        for number, of_class in incidents.select("incident_number", "incident_class").iter_rows()
    }
