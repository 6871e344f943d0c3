"""A review file that a person filled in: read leniently, checked strictly, every bad row told at once."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from ipvi_cli.model.errors import InputError
from ipvi_cli.review.undecided import PAIR, RELATIONSHIP, SAMPLE, VALUE

_NEEDED: Final = {
    VALUE: ("word_kind", "value"),
    PAIR: ("pair_id",),
    SAMPLE: ("pair_id", "sample"),
}
_SEPARATORS: Final = (",", ";", "\t")
_SHIELDED: Final = re.compile(r"(^|[;\t\r\n])'([=+\-@])")
_LONGEST_NAME: Final = 60
_NAMED_ROWS: Final = 20
_WORKBOOK: Final = b"PK\x03\x04"


@dataclass(frozen=True)
class Filled:
    """One row with a decision.

    Attributes:
        place: Row as a person sees it, with the sheet of a workbook before it.
        kind: ``value``, ``pair`` or ``sample``.
        word_kind: Kind of words of a value.
        value: The word.
        pair_id: The pair.
        incident_id: Incident of the pair.
        sample: Name of the sample that a pair was drawn in.
        decision: What was decided.
        by: Who decided.
        note: What else the person wrote.
    """

    place: str
    kind: str
    word_kind: str
    value: str
    pair_id: str
    incident_id: str
    sample: str
    decision: str
    by: str
    note: str


@dataclass(frozen=True)
class Judge:
    """What rows are checked against.

    Attributes:
        mend: How to mend a decision of a kind of words; ``None`` for a good one.
        key: Form in which two spellings of a word of a kind are the same.
        kinds: Kinds of words.
        words: Kind and key of every word that the workspace or its profile has.
        pairs: Pairs of those named that the workspace, or the sample, has.
    """

    mend: Callable[[str, str], str | None]
    key: Callable[[str, str], str]
    kinds: Collection[str]
    words: Collection[tuple[str, str]]
    pairs: Collection[str]


def read_filled(content: bytes, where: str) -> list[Filled]:
    """Read the rows that hold a decision.

    Args:
        content: A CSV (UTF-8, UTF-16 or Windows-1252; separated by comma, semicolon or tab) or an .xlsx workbook.
        where: Name of the file for messages.

    Returns:
        Rows in order; those without a decision are left out.

    Raises:
        InputError: It is no review file.
    """
    tables = _sheets(content, where) if content.startswith(_WORKBOOK) else [("", _lines(content))]
    found: list[Filled] = []
    known = False
    for sheet, lines in tables:
        header: list[str] = []
        for number, cells in enumerate(lines, start=1):
            if not header:
                names = [cell.strip().casefold() for cell in cells]
                header = names if {"kind", "decision", "decided_by"} <= {*names} else []
                continue
            row = dict(zip(header, cells, strict=False))
            if row.get("decision", "").strip():
                place = f"sheet {sheet}, row {number}" if sheet else f"row {number}"
                found.append(_row(place, row))
        known = known or bool(header)
    if not known:
        raise InputError(
            "is no review file: it has no columns kind, decision and decided_by.",
            where=where,
            mend="Fill in the file that `ipvi review` wrote, and keep its header.",
        )
    return found


def check(rows: Iterable[Filled], judge: Judge, where: str) -> None:
    """Refuse a file with any bad decision.

    Args:
        rows: Rows with a decision.
        judge: What they are checked against.
        where: Name of the file for messages.

    Raises:
        InputError: It names the rows of every fault and how to mend each. No cell is quoted.
    """
    faults: dict[str, list[str]] = {}
    seen: dict[tuple[str, str, str], Filled] = {}
    for row in rows:
        for fault in _faults(row, judge):
            faults.setdefault(fault, []).append(row.place)
        key = (row.kind, row.word_kind, judge.key(row.word_kind, row.value) or row.pair_id)
        first = seen.setdefault(key, row)
        if first.decision.casefold() != row.decision.casefold():
            fault = f"another decision than in {first.place} for the same {row.kind}"
            faults.setdefault(fault, []).append(row.place)
    if faults:
        told = (f"{_places(places)}: {fault}" for fault, places in faults.items())
        raise InputError(
            f"{'; '.join(told)}. Nothing was applied.",
            where=where,
            mend="Correct these rows and apply the file again.",
        )


def named_pairs(rows: Iterable[Filled]) -> list[str]:
    """Name the pairs that rows are about."""
    return sorted({row.pair_id for row in rows if row.pair_id})


def _faults(row: Filled, judge: Judge) -> Iterator[str]:
    if row.kind not in _NEEDED:
        yield "kind is none of value, pair, sample"
        return
    missing = [name for name in _NEEDED[row.kind] if not getattr(row, name)]
    if missing:
        yield f"{' and '.join(missing)} must not be empty"
        return
    if row.kind == VALUE and row.word_kind not in judge.kinds:
        yield f"word_kind is none of {', '.join(judge.kinds)}"
        return
    if (
        row.kind == VALUE
        and (row.word_kind, judge.key(row.word_kind, row.value)) not in judge.words
    ):
        yield "there is no such word in this workspace (a spreadsheet changes 01 to 1; the .xlsx keeps it)"
    if row.kind != VALUE and row.pair_id not in judge.pairs:
        whose = "the sample that the row names" if row.kind == SAMPLE else "this workspace"
        yield f"there is no such pair in {whose}"
    mend = judge.mend(row.word_kind if row.kind == VALUE else RELATIONSHIP, row.decision)
    if mend is not None:
        yield f"the decision is not known ({mend.rstrip('.')})"
    if not row.by:
        yield "decided_by is empty (write who decided)"
    elif len(row.by) > _LONGEST_NAME or not row.by.isprintable():
        yield f"decided_by is not a name or initials of at most {_LONGEST_NAME} characters"


def _places(places: list[str]) -> str:
    """Write places together: ``rows 3, 7``."""
    if all(place.startswith("row ") for place in places) and len(places) > 1:
        places = [f"rows {places[0][4:]}", *(place[4:] for place in places[1:])]
    more = f" and {len(places) - _NAMED_ROWS} more" if len(places) > _NAMED_ROWS else ""
    return f"{', '.join(places[:_NAMED_ROWS])}{more}"


def _row(place: str, row: dict[str, str]) -> Filled:
    cell = {name: (value or "").strip() for name, value in row.items()}
    return Filled(
        place,
        cell.get("kind", "").casefold(),
        cell.get("word_kind", "").casefold(),
        unshielded(row.get("value") or ""),
        unshielded(cell.get("pair_id", "")),
        unshielded(cell.get("incident_id", "")),
        cell.get("sample", ""),
        cell["decision"],
        unshielded(cell.get("decided_by", "")),
        unshielded(" ".join(cell.get("note", "").split())),
    )


def unshielded(text: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from running a cell."""
    return _SHIELDED.sub(r"\1\2", text)


def _lines(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sheets(content: bytes, where: str) -> Iterator[tuple[str, list[list[str]]]]:
    import fastexcel

    try:
        book = fastexcel.read_excel(content)
        for name in book.sheet_names:
            sheet = book.load_sheet(name, header_row=None, dtypes="string")
            rows = sheet.to_polars().rows()
            yield name, [["" if cell is None else str(cell) for cell in row] for row in rows]
    except fastexcel.FastExcelError:
        raise InputError(
            "cannot be read as a workbook.",
            where=PurePath(where).name,
            mend="Save it anew as .xlsx, or as CSV.",
        ) from None
