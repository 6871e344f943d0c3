"""Made-up deliveries, and what onboarding makes of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from ipvi_cli.onboard import Study
from ipvi_cli.pipeline import onboarding
from ipvi_cli.pipeline.onboarding import Looked

ROWS = 60


@dataclass(frozen=True)
class Column:
    """A made-up column: its header and the cells that are repeated down the rows."""

    header: str
    cells: Sequence[str]


def write_csv(path: Path, *columns: Column, rows: int = ROWS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    taken = [cycle(column.cells) for column in columns]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([column.header for column in columns])
        writer.writerows([next(cells) for cells in taken] for _ in range(rows))
    return path


def numbers(form: str = "21-{:05}", rows: int = ROWS) -> list[str]:
    return [form.format(number) for number in range(1, rows + 1)]


def days(form: str = "{m:02}/{d:02}/2021", rows: int = ROWS) -> list[str]:
    return [form.format(m=1 + n % 12, d=1 + n % 28) for n in range(rows)]


def study(folder: Path) -> Study:
    """Study a delivery as if no shipped profile existed."""
    files, unread = onboarding._previews(folder, None)
    return onboarding.onboard.study(
        folder.name, files, vocabulary=onboarding._vocabulary(), unread=unread
    )


def mapped(found: Study) -> dict[tuple[str, str], tuple[str, str]]:
    """Canonical column to the source column and the status, for deliveries in which each is fed once."""
    rows = found.guesses.drop_nulls("table")
    return {
        (row["table"], row["canonical"]): (row["column"], row["status"])
        for row in rows.iter_rows(named=True)
    }


def drafted(looked: Looked) -> str:
    return onboarding.draft(looked).profile.read_text(encoding="utf-8")
