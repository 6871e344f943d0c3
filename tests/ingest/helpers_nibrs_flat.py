"""Made-up NIBRS flat files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from ipvi_cli.ingest.nibrs.actions import play
from ipvi_cli.ingest.nibrs.canonical import canonical
from ipvi_cli.ingest.nibrs.flat import read_flat
from ipvi_cli.ingest.nibrs.segments import Submission, segment_schema
from ipvi_cli.sample.nibrs_flat import segment_lines


def line(level: str, number: str = "20-0001", *, length: int | None = None, **cells: Any) -> str:
    """Write one segment."""
    key = {"action": "I", "submission_month": "04", "submission_year": "2020", "ori": "NY0130100"}
    row = {**key, "incident_number": number, **cells}
    schema = {name: kind for name, kind in segment_schema(level).items() if name in row}
    return segment_lines(level, pl.DataFrame([row], schema=schema), length=length)["line"][0]


def incident(number: str = "20-0001", tie: str = "BG", **admin: Any) -> list[str]:
    """Write an assault by one person on another."""
    return [
        line("incident", number, occurred_on="20200401", hour="07", clearance="N", **admin),
        line("offense", number, offense_code="13A", attempted="C", location="20", weapons=["11A", "40"]),
        line(
            "victim", number, victim_number="001", offense_codes=["13A"], victim_type="I", age="NB", sex="F",
            race="W", injuries=["M", "B"], offender_numbers=["01"], relationships=[tie],
        ),
        line("offender", number, offender_number="01", age="2530", sex="M", race="W"),
    ]  # fmt: skip


def read_lines(folder: Path, lines: list[str] | bytes, end: str = "\r\n") -> Submission:
    """Read a flat file of some lines."""
    path = folder / "submission.txt"
    path.write_bytes(
        lines if isinstance(lines, bytes) else "".join(f"{one}{end}" for one in lines).encode()
    )
    return read_flat(path, path.name)


def rows(one: Submission) -> dict[str, pl.DataFrame]:
    """Give the canonical rows of a submission by itself."""
    fates = play([one.reports])[0]
    batches = [
        canonical(
            {
                level: frame.with_columns(fates["row_fate"].gather(frame["report"]).cast(pl.String))
                for level, frame in batch.items()
            }
        )
        for batch in one.batches()
    ]
    return {table: pl.concat([batch[table] for batch in batches]) for table in batches[0]}
