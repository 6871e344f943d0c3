"""JSON in the shapes that records come in: a list of objects, one object a line, Socrata's rows.json."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from ipvi_cli.ingest.json_cells import DECODER, KeyPath, Parts, as_bytes, as_cell
from ipvi_cli.ingest.raw import Note, RawInput, ReadOptions
from ipvi_cli.ingest.sniff import is_ndjson
from ipvi_cli.model.errors import InputError

_NO_BLANK = re.compile(r"[^ \t\r\n]")
_DEPTH = 4
_ASK = "Ask for the file again."


def read_json(path: Path, file: str, options: ReadOptions, out: Path) -> RawInput:
    """Read a JSON file into clean Parquet.

    Read are: a list of objects; one object a line; Socrata's ``meta.view.columns`` with ``data``; and an object that
    holds one list of objects, or the one that ``options.records`` leads to. Numbers keep their written text, yes and
    no are ``true`` and ``false``. An object inside a record is spread over columns ``outer.inner``, once; whatever
    lies deeper, and lists, are kept as compact JSON text.

    Args:
        path: The file.
        file: Its name in messages and the manifest.
        options: ``records``, ``encoding`` and ``expected`` are used.
        out: Clean Parquet to write; parts lie beside it while reading.

    Returns:
        The input. ``source_row`` is the number of the item from 1, or the line where there is one object a line.
        Quarantined are items that are no object, rows of a wrong length, objects with a key named twice and, one
        object a line, lines that are not JSON.

    Raises:
        InputError: The document is not valid JSON (with line and column), or holds no or several lists of records.
    """
    parts = Parts(out)
    notes: list[Note] = []
    if is_ndjson(path):
        _read_lines(path, file, options, parts)
    else:
        text = _decoded(path, file, options, notes)
        _read_document(text, file, options, parts)
    return parts.finish(file, notes)


def _decoded(path: Path, file: str, options: ReadOptions, notes: list[Note]) -> str:
    content = path.read_bytes()
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        encoding = options.encoding or "cp1252"
        strange = len(content) - len(content.translate(None, bytes(range(128, 256))))
        first = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise _unknown(encoding, file) from None
    said = f"read as {encoding}; {strange} bytes are not plain ASCII, the first on line {first}"
    notes.append(Note("IPVI-101", said))
    return text


def _unknown(encoding: str, file: str) -> InputError:
    return InputError(
        f"the file cannot be read as UTF-8 or as {encoding}.",
        where=file,
        mend="Declare the source's encoding in the profile.",
    )


def _read_lines(path: Path, file: str, options: ReadOptions, parts: Parts) -> None:
    encoding = options.encoding or "utf-8"
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise _unknown(encoding, file) from None
    offset = 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            raw = line.rstrip(b"\r\n")
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            if not raw.strip():
                parts.skipped += 1
            else:
                _read_line(number, raw, encoding, offset, parts)
            offset += len(line)


def _read_line(number: int, raw: bytes, encoding: str, offset: int, parts: Parts) -> None:
    try:
        item = DECODER.decode(_line_text(raw, encoding))
    except UnicodeDecodeError:
        parts.refuse(number, "bad_encoding", raw, offset)
    except (ValueError, RecursionError):
        parts.refuse(number, "bad_json", raw, offset)
    else:
        parts.add(number, item, raw, offset)


def _line_text(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode(encoding)


def _read_document(text: str, file: str, options: ReadOptions, parts: Parts) -> None:
    start = _after_blanks(text, 0)
    try:
        if text.startswith("[", start) and options.records is None:
            for number, item in enumerate(_items(text, start), start=1):
                parts.add(number, item)
        else:
            document = DECODER.decode(text)
            _read_object(document, file, options, parts)
    except json.JSONDecodeError as error:
        raise InputError(
            f"not valid JSON at line {error.lineno}, column {error.colno}.", where=file, mend=_ASK
        ) from None
    except RecursionError:
        raise InputError("the JSON is nested too deeply to be read.", where=file) from None
    if (
        parts.read
        and all(why == "not_an_object" for _, why, _, _ in parts.refused)
        and (len(parts.refused) == parts.read)
    ):
        raise InputError(
            "the list holds no object, so nothing says which column a value belongs to.",
            where=file,
            mend="Ask for a list of objects or for CSV.",
        )


def _items(text: str, start: int) -> Iterator[Any]:
    """The items of a list one after another, so that only the text is held as a whole."""
    at = _after_blanks(text, start + 1)
    if text.startswith("]", at):
        _require_end(text, at + 1)
        return
    while True:
        item, at = DECODER.raw_decode(text, at)
        yield item
        at = _after_blanks(text, at)
        if text.startswith("]", at):
            _require_end(text, at + 1)
            return
        if not text.startswith(",", at):
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _after_blanks(text, at + 1)


def _after_blanks(text: str, at: int) -> int:
    found = _NO_BLANK.search(text, at)
    return found.start() if found else len(text)


def _require_end(text: str, at: int) -> None:
    end = _after_blanks(text, at)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)


def _read_object(document: Any, file: str, options: ReadOptions, parts: Parts) -> None:
    columns = _socrata_columns(document)
    if columns is not None and options.records is None:
        _read_socrata(document["data"], columns, options.expected, parts)
        return
    if options.records is not None:
        records = _follow(document, options.records, file)
    else:
        found = dict(_lists(document, ()))
        lists = {path: records for path, records in found.items() if records} or found
        if not lists:
            parts.add(1, document)
            return
        if len(lists) > 1:
            _refuse_choice(sorted(lists), file)
        records = next(iter(lists.values()))
    for number, item in enumerate(records, start=1):
        parts.add(number, item)


def _lists(value: Any, path: KeyPath) -> Iterator[tuple[str, list[Any]]]:
    """Every list of objects, or empty list, with the key path that leads to it."""
    if isinstance(value, dict) and len(path) < _DEPTH:
        for key, inner in value.items():
            yield from _lists(inner, (*path, key))
    elif isinstance(value, list) and path and all(isinstance(one, dict) for one in value[:10]):
        yield ".".join(path), value


def _refuse_choice(paths: list[str], file: str) -> NoReturn:
    raise InputError(
        f"the document holds {len(paths)} lists of records: {', '.join(paths[:8])}.",
        where=file,
        mend='Name one in the profile: records = "…".',
    )


def _follow(document: Any, path: str, file: str) -> list[Any]:
    value = document
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, list):
        raise InputError(
            f"there is no list of records at '{path}'.",
            where=file,
            mend="Correct 'records' in the profile.",
        )
    return value


def _socrata_columns(document: Any) -> list[dict[str, Any]] | None:
    try:
        columns = document["meta"]["view"]["columns"]
        rows = document["data"]
    except (KeyError, TypeError):
        return None
    described = isinstance(columns, list) and all(isinstance(one, dict) for one in columns)
    return columns if described and isinstance(rows, list) else None


def _read_socrata(
    rows: list[Any], columns: list[dict[str, Any]], expected: frozenset[str], parts: Parts
) -> None:
    """Rows of values, in the order of the columns that the view describes."""
    wanted = {_key(name) for name in expected}
    kept: list[tuple[int, str]] = []
    for at, column in enumerate(columns):
        name, field_name = str(column.get("name") or ""), str(column.get("fieldName") or "")
        if _key(name) not in wanted and _key(field_name) in wanted:
            name = field_name
        if not _hidden(column) or _key(name) in wanted:
            kept.append((at, name))
    parts.columns.update({(str(at),): name for at, name in kept})
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(columns):
            reason = "field_count" if isinstance(row, list) else "not_an_object"
            parts.refuse(number, reason, as_bytes(row))
        else:
            parts.add_cells(number, {(str(at),): as_cell(row[at]) for at, _ in kept}, row)


def _hidden(column: dict[str, Any]) -> bool:
    """Socrata's own columns: row identifiers, times of creation and change."""
    flags = column.get("flags")
    return (
        str(column.get("name") or "").startswith(":")
        or column.get("dataTypeName") == "meta_data"
        or (isinstance(flags, list) and "hidden" in flags)
    )


def _key(name: str) -> str:
    return "".join(name.split()).casefold()
