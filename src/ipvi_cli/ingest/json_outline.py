"""A walk over a JSON document that holds one item of a list at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ipvi_cli.ingest.json_cells import DECODER

_NO_BLANK: Final = re.compile(r"[^ \t\r\n]")
_PLAIN: Final = json.JSONDecoder()
_LOOKED_AT: Final = 10


@dataclass
class Outline:
    """What lies at the top of a document that is an object.

    Attributes:
        values: Members that are no list, decoded.
        lists: Where each member that is a list starts in the text.
        of_objects: Whether the first items of each list are objects.
        empty: Whether a list has no item.
        repeated: Whether a key comes twice.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    of_objects: dict[str, bool] = field(default_factory=dict)
    empty: dict[str, bool] = field(default_factory=dict)
    repeated: bool = False


def outline(text: str) -> Outline:
    """Find the members of a document that is an object.

    Args:
        text: The document.

    Returns:
        Its members; lists are passed over.

    Raises:
        json.JSONDecodeError: The document is not valid JSON, or no object.
        RecursionError: It is nested too deeply.
    """
    found = Outline()
    at = start_of(text)
    _require(text, at, "{")
    at = start_of(text, at + 1)
    if text.startswith("}", at):
        _require_end(text, at + 1)
        return found
    while True:
        _require(text, at, '"')
        key, at = _PLAIN.raw_decode(text, at)
        at = start_of(text, at)
        _require(text, at, ":")
        at = _member(text, start_of(text, at + 1), key, found)
        if text.startswith("}", at):
            _require_end(text, at + 1)
            return found
        _require(text, at, ",")
        at = start_of(text, at + 1)


def _member(text: str, at: int, key: str, found: Outline) -> int:
    """Take one member; give where the next sign after it stands."""
    found.repeated = found.repeated or key in found.values or key in found.lists
    if not text.startswith("[", at):
        found.values[key], at = DECODER.raw_decode(text, at)
        return start_of(text, at)
    found.lists[key] = at
    count, objects, end = 0, True, at
    for item, after in _steps(text, at, _PLAIN):
        end = after
        objects = objects and (count >= _LOOKED_AT or isinstance(item, dict))
        count += 1
    found.of_objects[key], found.empty[key] = objects, count == 0
    at = start_of(text, end if count else at + 1)
    return start_of(text, at + 1)


def items(text: str, start: int) -> Iterator[Any]:
    """Give the items of a list one after another.

    Args:
        text: The document.
        start: Where the list's bracket stands.

    Yields:
        Items.

    Raises:
        json.JSONDecodeError: The list is not valid JSON, or something follows a document that is a list.
        RecursionError: An item is nested too deeply.
    """
    end = start + 1
    for item, after in _steps(text, start, DECODER):
        end = after
        yield item
    if start == start_of(text):
        _require_end(text, start_of(text, end) + 1)


def _steps(text: str, start: int, decoder: json.JSONDecoder) -> Iterator[tuple[Any, int]]:
    """Items and where each ends; what follows the last one is the closing bracket."""
    at = start_of(text, start + 1)
    if text.startswith("]", at):
        return
    while True:
        item, at = decoder.raw_decode(text, at)
        yield item, at
        at = start_of(text, at)
        if text.startswith("]", at):
            return
        _require(text, at, ",")
        at = start_of(text, at + 1)


def start_of(text: str, at: int = 0) -> int:
    """Pass over blanks.

    Args:
        text: The document.
        at: Where to start.

    Returns:
        Where the next sign stands; the length of the text if there is none.
    """
    found = _NO_BLANK.search(text, at)
    return found.start() if found else len(text)


def end_of(text: str) -> int:
    """Give the length of a text without the blanks at its end."""
    return len(text.rstrip(" \t\r\n"))


def _require(text: str, at: int, sign: str) -> None:
    if not text.startswith(sign, at):
        raise json.JSONDecodeError(f"Expecting '{sign}'", text, at)


def _require_end(text: str, at: int) -> None:
    end = start_of(text, at)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
