"""A workbook that the agencies filled in: read leniently, checked strictly, every fault told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from ipvi_cli.assess.blank import CAPACITY_SHEET, FILLED
from ipvi_cli.assess.checklist import checklist
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.partners import (
    ANSWER_SCHEMA,
    ANSWERS,
    CAPACITY,
    CAPACITY_SCHEMA,
    CAPACITY_WORDS,
)

_WORKBOOK: Final = b"PK\x03\x04"
_HEADER_AMONG: Final = 10
_NAMED: Final = 20
_MEANT: Final = {
    "y": "yes", "n": "no", "p": "partly", "partial": "partly", "partially": "partly", "in part": "partly",
    "?": "unknown", "don't know": "unknown", "dont know": "unknown", "not known": "unknown", "unk": "unknown",
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """What the agencies answered.

    Attributes:
        answers: ``ANSWER_SCHEMA``.
        capacity: ``CAPACITY_SCHEMA``.
    """

    answers: pl.DataFrame
    capacity: pl.DataFrame


def read_filled(content: bytes, where: str) -> Filled:
    """Read a filled workbook.

    Args:
        content: An .xlsx workbook as ``blank`` lays it out: rows and columns may be moved, sheets added.
        where: Name of the file for messages.

    Raises:
        InputError: It is no such workbook, or a cell says what cannot be meant; every such cell is named.
    """
    if not content.startswith(_WORKBOOK):
        raise _no_checklist(where)
    answers: list[tuple[str, str, str, bool, str | None]] = []
    faults: list[str] = []
    capacity: list[dict[str, object]] = []
    for sheet, rows in _sheets(content, where):
        header = _header(rows, "agency" if sheet.casefold() == CAPACITY_SHEET else "answer")
        if header is None:
            continue
        names, below, first = header
        if sheet.casefold() == CAPACITY_SHEET:
            capacity.extend(_capacities(sheet, names, below, first, faults))
        else:
            answers.extend(_answers(sheet, names, below, first, faults))
    if faults:
        more = f"; and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
        raise InputError(
            f"{'; '.join(faults[:_NAMED])}{more}.",
            where=where,
            mend="Mend these cells and run it again.",
        )
    if not answers:
        raise _no_checklist(where)
    return Filled(
        pl.DataFrame(answers, schema=ANSWER_SCHEMA, orient="row"),
        pl.DataFrame(capacity, schema=CAPACITY_SCHEMA),
    )


def _no_checklist(where: str) -> InputError:
    return InputError(
        "is no filled checklist.",
        where=where,
        mend="`ipvi assess --new DIR` writes the workbook to fill in.",
    )


def _sheets(content: bytes, where: str) -> Iterator[tuple[str, list[list[str]]]]:
    import fastexcel

    try:
        book = fastexcel.read_excel(content)
        names = list(book.sheet_names)
        frames = [
            book.load_sheet(name, header_row=None, dtypes="string").to_polars() for name in names
        ]
    except Exception:
        # The library's own words may quote a cell.
        raise InputError(
            "the workbook cannot be read.",
            where=where,
            mend="Open it, save it as .xlsx without a password.",
        ) from None
    for name, frame in zip(names, frames, strict=True):
        rows = frame.cast(pl.String).fill_null("").rows()
        yield name, [[cell.strip() for cell in row] for row in rows]


def _header(rows: list[list[str]], wanted: str) -> tuple[list[str], list[list[str]], int] | None:
    """Find the header among the first rows: its names, the rows below, and the number of the first of them."""
    for place, row in enumerate(rows[:_HEADER_AMONG]):
        names = [cell.casefold() for cell in row]
        if wanted in names:
            return names, rows[place + 1 :], place + 2
    return None


def _answers(
    sheet: str, names: list[str], rows: list[list[str]], first: int, faults: list[str]
) -> Iterator[tuple[str, str, str, bool, str | None]]:
    known = set(checklist()["id"])
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=first):
        cells = dict(zip(names, row, strict=False))
        code = cells.get("id", "").upper()
        if not code:
            if any(cells.get(name) for name in FILLED):
                faults.append(f"sheet {sheet}, row {number}: no id")
            continue
        said = cells.get("answer", "").casefold()
        answer = _MEANT.get(said, said) or "unknown"
        if code not in known:
            near = difflib.get_close_matches(code, known, n=1)
            hint = f", perhaps {near[0]}" if near else ""
            faults.append(f"sheet {sheet}, row {number}: the id is on no list{hint}")
        elif code in seen:
            faults.append(f"sheet {sheet}, row {number}: {code} stands in row {seen[code]} too")
        elif answer not in ANSWERS:
            faults.append(
                f"sheet {sheet}, row {number}: the answer is none of {', '.join(ANSWERS)}"
            )
        else:
            yield sheet, code, answer, bool(cells.get("seen")), cells.get("as_of") or None
        seen.setdefault(code, number)


def _capacities(
    sheet: str, names: list[str], rows: list[list[str]], first: int, faults: list[str]
) -> Iterator[dict[str, object]]:
    for number, row in enumerate(rows, start=first):
        cells = dict(zip(names, row, strict=False))
        if not cells.get("agency"):
            continue
        told: dict[str, object] = {"agency": cells["agency"], "role": cells.get("role") or None}
        for name in CAPACITY:
            text = cells.get(name, "").replace(",", "")
            told[name] = _number(text)
            if text and (told[name] is None or text.startswith("-")):
                faults.append(f"sheet {sheet}, row {number}: {name} is no number from 0")
        told |= {name: bool(cells.get(name)) for name in CAPACITY_WORDS}
        yield told


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
