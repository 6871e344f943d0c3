"""Made-up persons, what they did and who was notified, with a planted effect of the notice or with none."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from ipvi_cli.evaluate.notices import FOLLOW_SCHEMA

FIRST, DAYS, START = date(2014, 1, 1), 5 * 365, date(2016, 7, 1)
LAST = FIRST + timedelta(days=DAYS - 1)


@dataclass(frozen=True)
class Lives:
    """Reports of persons and their notices: ``person_id`` and ``date`` each; and each person's reports in a day."""

    reports: pl.DataFrame
    notices: pl.DataFrame
    rates: Mapping[str, float] = field(default_factory=dict)

    @property
    def follow(self) -> pl.DataFrame:
        rows = self.notices.rename({"date": "index_on"}).with_columns(level=pl.lit("C"))
        blank = [pl.lit(None).alias(name) for name in FOLLOW_SCHEMA if name not in rows.columns]
        return rows.with_columns(blank).select(
            pl.col(name).cast(dtype) for name, dtype in FOLLOW_SCHEMA.items()
        )


def lives(seed: int, *, persons: int, ratio: float = 1.0, yearly: float = 0.5) -> Lives:
    """Let persons live whose rates differ; a report leads to a notice by chance and some weeks later.

    Args:
        seed: Of the random numbers.
        persons: How many.
        ratio: Rate after a notice over the rate before it.
        yearly: Mean reports of a person in a year; rates are gamma distributed with shape 0.6.
    """
    draw = np.random.default_rng(seed)
    start = (START - FIRST).days
    reports, notices = [], []
    rates = draw.gamma(0.6, yearly / 0.6, persons) / 365
    for number, rate in enumerate(rates):
        day, notice = 0.0, None
        while True:
            day += draw.exponential(1 / max(rate, 1e-9))
            if day >= DAYS:
                break
            if notice is not None and day > notice and draw.random() > ratio:
                continue
            reports.append((f"P{number}", FIRST + timedelta(days=int(day))))
            if notice is None and day > start and draw.random() < 0.4:
                notice = int(day) + int(draw.integers(5, 60))
                if notice < DAYS:
                    notices.append((f"P{number}", FIRST + timedelta(days=notice)))
    kept = {f"P{number}": float(rate) for number, rate in enumerate(rates)}
    return Lives(_frame(reports).unique(maintain_order=True), _frame(notices), kept)


def _frame(rows: Sequence[tuple[str, date]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"person_id": pl.String, "date": pl.Date}, orient="row")


_PROFILE = f"""
[jurisdiction]
name = "Notice town (synthetic)"
population = "domestic"
period = {{ start = {FIRST}, end = {LAST} }}

[[agencies]]
id = "ZZ8"

[[sources]]
name = "reports"
files = "reports.csv"
[sources.keys]
incident_number = "No"
[[sources.tables]]
table = "incident"
[sources.tables.columns]
occurred_on = "On"
reported_on = "On"
[[sources.tables]]
table = "victim"
[sources.tables.columns]
person_number = "Victim"
name = "Victim Name"
birth_date = "Victim Born"
injury_raw = "Injury"
[[sources.tables]]
table = "offender"
[sources.tables.columns]
person_number = "Suspect"
name = "Suspect Name"
birth_date = "Suspect Born"
[[sources.tables]]
table = "relationship"
[sources.tables.columns]
relationship_raw = {{ column = "Tie", direction = "victim_to_offender" }}

[[sources]]
name = "arrests"
files = "arrests.csv"
[sources.keys]
incident_number = "No"
[[sources.tables]]
table = "arrest"
[sources.tables.columns]
arrest_number = "Arrest"
person_number = "Suspect"
arrested_on = "On"
"""

_NOTICES = """
[[sources]]
name = "notices"
files = "notices.csv"
[[sources.tables]]
table = "notification"
[sources.tables.columns]
person_number = "Suspect"
name = "Suspect Name"
birth_date = "Suspect Born"
level = "Level"
qualified_on = "Qualified"
notified_on = "Notified"
delivered = "Delivered"
victim_contact_before = "Before"
consequence_on = "Consequence"
"""


def write_town(folder: Path, told: Lives, *, notified: bool = True) -> None:
    """Write the lives as a delivery with its profile.

    Args:
        folder: Where to.
        told: What happened.
        notified: Whether the list of notices is delivered.
    """
    folder.mkdir(parents=True)
    (folder / "jurisdiction.toml").write_text(_PROFILE + (_NOTICES if notified else ""))
    reports, arrests = [], []
    for number, (person, day) in enumerate(told.reports.sort("date", "person_id").iter_rows(), 1):
        tie = "SPOUSE" if number % 4 else "SIBLING"
        injury = "BROKEN BONE" if number % 5 == 0 else "NONE"
        victim = f"V{person}-{tie}"
        reports.append((f"{number:05}", day, victim, f"TESTPERSON, {victim}", "1985-03-02", injury, person,
                        f"TESTPERSON, {person}", "1981-02-03", tie))  # fmt: skip
        if number % 2:
            arrests.append((f"{number:05}", f"A{number:05}", person, day + timedelta(days=1)))
    _write(folder / "reports.csv", "No,On,Victim,Victim Name,Victim Born,Injury,Suspect,Suspect Name,"
           "Suspect Born,Tie", reports)  # fmt: skip
    _write(folder / "arrests.csv", "No,Arrest,Suspect,On", arrests)
    notices = [
        (person, f"TESTPERSON, {person}", "1981-02-03", "CD"[number % 2], day - timedelta(days=20), day,
         "Y" if number % 10 else "N", "Y" if number % 3 else "", day + timedelta(days=60) if number % 7 == 0 else "")
        for number, (person, day) in enumerate(told.notices.sort("date", "person_id").iter_rows(), 1)
    ]  # fmt: skip
    if notified:
        _write(folder / "notices.csv", "Suspect,Suspect Name,Suspect Born,Level,Qualified,Notified,"
               "Delivered,Before,Consequence", notices)  # fmt: skip


def _write(path: Path, header: str, rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])
