"""Deliveries made from the cases of ``cases/layouts.toml``, and how far a draft agrees with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import xlsxwriter
from helpers_onboard import ROWS, study

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases" / "layouts.toml").read_text(encoding="utf-8")
)["cases"]


@dataclass(frozen=True)
class Score:
    """What became of the columns of a delivery that matter, as ``file: column``, with what was made of each."""

    right: tuple[str, ...]
    marked: tuple[str, ...]
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def deliver(case: dict[str, Any], folder: Path) -> Path:
    """Write the files of a case."""
    sheets: dict[str, dict[str, list[list[str]]]] = {}
    for name, file in case["files"].items():
        table = _table(file, case)
        if ".xlsx" in name:
            book, _, sheet = name.partition("#")
            sheets.setdefault(book, {})[sheet or "Sheet1"] = table
            continue
        delimiter = case.get("delimiter", ",")
        lines = [
            delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row)
            for row in table
        ]
        text = "\n".join([*case.get("preamble", []), *lines]) + "\n"
        (folder / name).write_bytes(text.encode(case.get("encoding", "utf-8")))
    for book, tables in sheets.items():
        with xlsxwriter.Workbook(folder / book) as workbook:
            for sheet, table in tables.items():
                page = workbook.add_worksheet(sheet)
                for number, row in enumerate(table):
                    page.write_row(number, 0, row)
                if "group_row" in case:
                    for first, last, title in _merged(case["group_row"]):
                        page.merge_range(0, first, 0, last, title)
    return folder


def score(case: dict[str, Any], folder: Path) -> Score:
    """Hold what a first look makes of the columns against the case."""
    truth = {
        (name, _column(case, file, place)): set(column[1].split())
        for name, file in case["files"].items()
        for place, column in enumerate(file["columns"])
    }
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in study(folder).guesses.iter_rows(named=True):
        one = f"{row['table']}.{row['canonical']}" if row["table"] else "-"
        said.setdefault((row["file"], row["column"]), []).append((one, row["status"]))
    right, marked, wrong, missed = [], [], [], []
    for (name, column), allowed in truth.items():
        found = said.get(
            (name if "#" in name or ".xlsx" not in name else f"{name}#Sheet1", column), []
        )
        sure = [one for one, status in found if status == "mapped"]
        asked = [one for one, status in found if "asked" in status]
        label = f"{name}: {column} -> {', '.join(one for one, _ in found) or 'nothing'}"
        strange = [one for one in sure if one not in allowed and not _kin(one, allowed)]
        if strange:
            wrong.append(label)
        elif any(one in allowed for one in sure):
            right.append(label)
        elif asked:
            marked.append(label)
        elif "-" not in allowed:
            missed.append(label)
    return Score(tuple(right), tuple(marked), tuple(wrong), tuple(missed))


def _kin(one: str, allowed: set[str]) -> bool:
    """Say whether a stamp feeds the time of its day, or a column of persons in roles the other person too."""
    time = one.replace("_time", "_on")
    person = one.replace("offender.", "victim.")
    return bool({time, person} & allowed)


def _table(file: dict[str, Any], case: dict[str, Any]) -> list[list[str]]:
    rows = file.get("rows", ROWS)
    columns = [_cells(column[2], rows) for column in file["columns"]]
    head = [[column[0] for column in file["columns"]]]
    group = [case["group_row"]] if "group_row" in case else []
    return [*group, *head, *(list(row) for row in zip(*columns, strict=True))]


def _cells(said: str, rows: int) -> list[str]:
    found = re.match(r"^([#@])(\d+ )?(.*)$", said)
    if found is None:
        return list(islice(cycle(said.split("|")), rows))
    kind, every, form = found.groups()
    places = [row // int(every or 1) for row in range(rows)]
    if kind == "#":
        return [form.format(place + 1) for place in places]
    return [form.format(m=1 + place % 12, d=1 + place % 28, y=2021) for place in places]


def _column(case: dict[str, Any], file: dict[str, Any], place: int) -> str:
    group = case.get("group_row", [""] * len(file["columns"]))[place]
    return " ".join(f"{group} {file['columns'][place][0]}".split())


def _merged(titles: Sequence[str]) -> list[tuple[int, int, str]]:
    found = []
    for title in dict.fromkeys(one for one in titles if one):
        places = [place for place, one in enumerate(titles) if one == title]
        found.append((places[0], places[-1], title))
    return found
