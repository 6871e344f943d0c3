"""JSON in the shapes that records come in: a list of objects, one object a line, Socrata's rows.json."""

from __future__ import annotations

import codecs
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from ipvi_cli.ingest.json_cells import DECODER, as_cell
from ipvi_cli.ingest.json_outline import Outline, end_of, items, outline, start_of
from ipvi_cli.ingest.json_parts import Parts
from ipvi_cli.ingest.raw import Note, RawInput, ReadOptions
from ipvi_cli.ingest.sniff import is_ndjson
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.header_names import plain_header

_DEPTH: Final = 4
"""How deep a list of records is looked for."""
_ASK: Final = "Ask for the file again."


def read_json(path: Path, file: str, options: ReadOptions, out: Path) -> RawInput:
    """Read a JSON file into clean Parquet.

    Read are: a list of objects; one object a line; Socrata's ``meta.view.columns`` with ``data``; and an object that
    holds one list of objects, or the one that ``options.records`` leads to. Numbers keep their written text, yes and
    no are ``true`` and ``false``. An object inside a record is spread over columns ``outer.inner``. A list is packed
    as ``a||b``, a list of objects as columns ``outer.inner`` of ``0::a||1::b``, which the profile's ``packed``
    unpacks; what lies deeper is kept as compact JSON text.

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
    plain = _narrow(path, file, out)
    if is_ndjson(plain):
        notes += _read_lines(plain, file, options, parts)
    else:
        text = _decoded(plain, file, options, notes)
        _read_document(text, file, options, parts)
    return parts.finish(file, notes)


def _narrow(path: Path, file: str, out: Path) -> Path:
    """Write UTF-16 and UTF-32 as UTF-8; everything else stays as it is."""
    with path.open("rb") as head:
        encoding = json.detect_encoding(head.read(4))
    if encoding.startswith("utf-8"):
        return path
    narrow = out.with_name(f"{out.stem}.utf8.json")
    try:
        with (
            path.open(encoding=encoding, newline="") as wide,
            narrow.open("w", encoding="utf-8", newline="") as target,
        ):
            shutil.copyfileobj(wide, target, 1 << 20)
    except UnicodeError:
        raise _unknown(encoding.upper(), file) from None
    return narrow


def _decoded(path: Path, file: str, options: ReadOptions, notes: list[Note]) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
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


def _read_lines(path: Path, file: str, options: ReadOptions, parts: Parts) -> list[Note]:
    encoding = options.encoding or "cp1252"
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise _unknown(encoding, file) from None
    offset = 0
    strange: list[int] = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            raw = line.rstrip(b"\r\n")
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            if not raw.strip():
                parts.skipped += 1
            elif not _read_line(number, raw, encoding, offset, parts):
                strange.append(number)
            offset += len(line)
    if not strange:
        return []
    said = f"{len(strange)} lines are not UTF-8 and were read as {encoding}"
    return [Note("IPVI-101", said, source_row=strange[0])]


def _read_line(number: int, raw: bytes, encoding: str, offset: int, parts: Parts) -> bool:
    """Read a line; say whether it was UTF-8."""
    plain = True
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        plain = False
    try:
        item = DECODER.decode(text if plain else raw.decode(encoding))
    except UnicodeDecodeError:
        parts.refuse(number, "bad_encoding", None, raw, offset)
    except ValueError:
        parts.refuse(number, "bad_json", None, raw, offset)
    except RecursionError:
        parts.refuse(number, "too_deep", None, raw, offset)
    else:
        parts.add(number, item, raw, offset)
    return plain


def _read_document(text: str, file: str, options: ReadOptions, parts: Parts) -> None:
    try:
        if text.startswith("[", start_of(text)):
            if options.records is not None:
                raise _no_records(options.records, file)
            _add_all(items(text, start_of(text)), parts)
        else:
            _read_object(text, file, options, parts)
    except json.JSONDecodeError as error:
        cut = error.pos >= end_of(text) or error.msg.startswith("Unterminated string")
        what = "is cut short" if cut else "is not valid"
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"the JSON {what} at {place}.", where=file, mend=_ASK) from None
    except RecursionError:
        raise InputError(
            "the JSON is nested too deeply to be read.", where=file, mend="Ask for CSV."
        ) from None
    if parts.only_refused("not_an_object"):
        raise InputError(
            "the list holds no object, so nothing says which column a value belongs to.",
            where=file,
            mend="Ask for a list of objects or for CSV.",
        )


def _add_all(records: Iterator[Any] | list[Any], parts: Parts) -> None:
    for number, item in enumerate(records, start=1):
        parts.add(number, item)


def _read_object(text: str, file: str, options: ReadOptions, parts: Parts) -> None:
    """Read an object's records; a list that lies at the top is never held as a whole."""
    found = outline(text)
    if found.repeated:
        raise InputError("the document names a key twice at the top.", where=file, mend=_ASK)
    if options.records is not None:
        _add_all(_follow(text, found, options.records, file), parts)
        return
    columns = _socrata_columns(found)
    if columns is not None:
        _read_socrata(items(text, found.lists["data"]), columns, options.expected, parts)
        return
    lists = {key: None for key in found.lists if found.of_objects[key]}
    inner = dict(_inner_lists(found.values, ()))
    filled = [key for key in lists if not found.empty[key]] + [key for key in inner if inner[key]]
    chosen = filled or [*lists, *inner]
    if len(chosen) > 1:
        _refuse_choice(sorted(chosen), file)
    if not chosen:
        parts.add(1, DECODER.decode(text))
    elif chosen[0] in lists:
        _add_all(items(text, found.lists[chosen[0]]), parts)
    else:
        _add_all(inner[chosen[0]], parts)


def _inner_lists(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, list[Any]]]:
    """Every list of objects, or empty list, with the key path that leads to it."""
    if isinstance(value, dict) and len(path) < _DEPTH:
        for key, inner in value.items():
            yield from _inner_lists(inner, (*path, key))
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value[:10]):
        yield ".".join(path), value


def _refuse_choice(paths: list[str], file: str) -> NoReturn:
    raise InputError(
        f"the document holds {len(paths)} lists of records: {', '.join(paths[:8])}.",
        where=file,
        mend="Set 'records' in the profile to the one that is meant.",
    )


def _follow(text: str, found: Outline, path: str, file: str) -> Iterator[Any] | list[Any]:
    if path in found.lists:
        return items(text, found.lists[path])
    value: Any = found.values
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, list):
        raise _no_records(path, file)
    return value


def _no_records(path: str, file: str) -> InputError:
    return InputError(
        f"there is no list of records at '{path}'.",
        where=file,
        mend="Correct 'records' in the profile.",
    )


def _socrata_columns(found: Outline) -> list[dict[str, Any]] | None:
    try:
        columns = found.values["meta"]["view"]["columns"]
    except (KeyError, TypeError):
        return None
    described = isinstance(columns, list) and all(isinstance(one, dict) for one in columns)
    return columns if described and "data" in found.lists else None


def _read_socrata(
    rows: Iterator[Any], columns: list[dict[str, Any]], expected: frozenset[str], parts: Parts
) -> None:
    """Rows of values, in the order of the columns that the view describes."""
    wanted = {plain_header(name) for name in expected}
    kept: list[tuple[int, str]] = []
    for at, column in enumerate(columns):
        name, field_name = str(column.get("name") or ""), str(column.get("fieldName") or "")
        alike = plain_header(name) in wanted
        if name not in expected and (
            field_name in expected or (not alike and plain_header(field_name) in wanted)
        ):
            name = field_name
        if not _hidden(column) or plain_header(name) in wanted:
            kept.append((at, name))
    parts.columns.update({str(at): name for at, name in kept})
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(columns):
            reason = "field_count" if isinstance(row, list) else "not_an_object"
            parts.refuse(number, reason, row)
        else:
            parts.add_cells(number, {str(at): as_cell(row[at]) for at, _ in kept}, row)


def _hidden(column: dict[str, Any]) -> bool:
    """Socrata's own columns: row identifiers, times of creation and change."""
    flags = column.get("flags")
    return (
        str(column.get("name") or "").startswith(":")
        or column.get("dataTypeName") == "meta_data"
        or (isinstance(flags, list) and "hidden" in flags)
    )
