"""What is wrong with a profile, told without any value that stands in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel


def fault(
    item: Mapping[str, Any], document: Mapping[str, Any], models: Mapping[str, type[BaseModel]]
) -> str:
    """Say what is wrong and where, as a person who wrote the profile would look for it.

    Args:
        item: One error of pydantic, without the input.
        document: The profile as written.
        models: What each key of the profile holds; ``""`` for the whole.

    Returns:
        One sentence without its full stop, with the nearest name where one is not known.
    """
    place = [
        part
        for part in item["loc"]
        if not (isinstance(part, str) and (part.startswith("function") or part == "[key]"))
    ]
    path = _path(place, document)
    if item["loc"][-1:] == ("[key]",):
        known = re.findall(r"'([^']+)'", str(item.get("ctx", {}).get("expected", "")))
        return f"unknown key {path}{suggest(str(place[-1]), known)}"
    if item["type"] == "extra_forbidden":
        return f"unknown key {path}{suggest(str(place[-1]), _known_keys(place, models))}"
    if item["type"] == "missing":
        return f"{path} is missing"
    message = str(item["msg"]).removeprefix("Value error, ")
    return f"{path}: {message}" if path else message


def _path(place: list[Any], document: Any) -> str:
    """Write where a problem is, items of a list by the name that the profile gives them or their number from 1."""
    parts = []
    for part in place:
        try:
            document = document[part]
        except (LookupError, TypeError):
            document = None
        name = part
        if isinstance(part, int):
            named = document if isinstance(document, dict) else {}
            name = next((named[key] for key in ("name", "table", "id") if key in named), part + 1)
        parts.append(str(name))
    return ".".join(parts)


def _known_keys(place: list[Any], models: Mapping[str, type[BaseModel]]) -> list[str]:
    """Field names of the part of the profile at which an unknown key stands."""
    model = models[""]
    for number, part in enumerate(place[:-1]):
        if part == "incident_number" and number > 0:
            continue
        model = models.get(part, model)
    return list(model.model_fields)


def suggest(word: str, known: Iterable[str]) -> str:
    """Name the nearest known name in brackets, or nothing when none is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{near[0]}'?)" if near else ""
