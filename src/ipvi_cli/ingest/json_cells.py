"""JSON items as cells of text: numbers as written, objects spread over columns, lists packed."""

from __future__ import annotations

import json
from typing import Any, Final

ITEMS: Final = "||"
KEYED: Final = "::"
"""Lists are packed as ``a||b``, lists of objects as ``0::a||1::b``, so that a profile can unpack them."""

_DEPTH = 6
"""Objects that lie deeper are kept as JSON."""


class Number(str):
    """A number as it is written, so that 1.10 stays 1.10."""

    __slots__ = ()


class Repeated:
    """An object in which a key comes twice, so that a mapping would lose one of its values."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.pairs = pairs


class Unfit(Exception):
    """A record that cannot become cells without losing something; holds the reason code."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Repeated:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Repeated(pairs)


def _constant(word: str) -> Number | None:
    """NaN is how some writers put a missing number."""
    return None if word == "NaN" else Number(word)


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=_constant
)
"""Keeps numbers as written and objects with a repeated key whole."""

KeyPath = str | tuple[str, ...]
"""The key of a cell, or the keys that lead to it."""

Cells = dict[KeyPath, str | None]
"""A record."""


def flatten(item: dict[str, Any]) -> Cells:
    """Spread an object over cells.

    Args:
        item: A decoded object.

    Returns:
        Texts by key; an object inside gives a cell for each of its keys, a list one packed cell, a list of objects a
        packed cell for each key of its objects.

    Raises:
        Unfit: An object inside has a repeated key, or a text inside a list holds the separator of packed lists.
    """
    cells: Cells = {}
    for key, value in item.items():
        if type(value) is str or type(value) is Number:
            cells[key] = value or None
        elif value is None:
            cells[key] = None
        else:
            _spread(cells, (key,), value, packed=False)
    return cells


def _spread(cells: Cells, path: tuple[str, ...], value: Any, *, packed: bool) -> None:
    if isinstance(value, Repeated):
        raise Unfit("repeated_key")
    if isinstance(value, dict) and value and len(path) < _DEPTH:
        for key, inner in value.items():
            _spread(cells, (*path, key), inner, packed=packed)
    elif isinstance(value, list) and value and not packed:
        _pack(cells, path, value)
    else:
        cells[path if len(path) > 1 else path[0]] = as_cell(value)


def _pack(cells: Cells, path: tuple[str, ...], items: list[Any]) -> None:
    if all(isinstance(item, dict) for item in items):
        packed: dict[tuple[str, ...], list[str]] = {}
        for number, item in enumerate(items):
            inside: Cells = {}
            for key, value in item.items():
                _spread(inside, (key,), value, packed=True)
            for inner, text in inside.items():
                place = (*path, inner) if isinstance(inner, str) else (*path, *inner)
                texts = packed.setdefault(place, [])
                if text is not None:
                    texts.append(f"{number}{KEYED}{_separable(text)}")
        cells.update({place: ITEMS.join(texts) or None for place, texts in packed.items()})
        return
    key = path if len(path) > 1 else path[0]
    if any(isinstance(item, dict | list | Repeated) for item in items):
        cells[key] = as_cell(items)
    else:
        texts = [_separable(text) for item in items if (text := as_cell(item)) is not None]
        cells[key] = ITEMS.join(texts) or None


def _separable(text: str) -> str:
    if ITEMS in text:
        raise Unfit("separator_in_list")
    return text


def as_cell(value: Any) -> str | None:
    """Give the text of a value.

    Args:
        value: A decoded value.

    Returns:
        The text; compact JSON for what is nested; ``None`` for null and whatever is empty.
    """
    if isinstance(value, str):
        return value or None
    if value is None or (isinstance(value, dict | list) and not value):
        return None
    return _compact(value)


def _compact(value: Any) -> str:
    """JSON without blanks, numbers as they were written."""
    if isinstance(value, Number):
        return value
    if isinstance(value, dict | Repeated):
        pairs = value.items() if isinstance(value, dict) else value.pairs
        inside = ",".join(
            f"{json.dumps(key, ensure_ascii=False)}:{_compact(one)}" for key, one in pairs
        )
        return f"{{{inside}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_compact, value))}]"
    return json.dumps(value, ensure_ascii=False)


def as_bytes(item: Any) -> bytes:
    """Give an item as compact JSON.

    Args:
        item: A decoded item.

    Returns:
        Its bytes in UTF-8; half surrogates are escaped.
    """
    return _compact(item).encode("utf-8", "backslashreplace")
