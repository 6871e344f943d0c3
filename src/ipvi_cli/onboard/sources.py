"""Files of the same layout taken together as the sources of a profile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from ipvi_cli.onboard.shape import Placed, Shape

_GLOB: Final = re.compile(r"([\[*?])")


@dataclass(frozen=True)
class Drafted:
    """One source of the draft.

    Attributes:
        name: Its name.
        files: Glob of its files.
        sheet: Name of the sheet, for a workbook.
        shape: How its first file feeds the canonical tables; the others have the same columns.
        inputs: Names of its files.
    """

    name: str
    files: str
    sheet: str
    shape: Shape
    inputs: tuple[str, ...]


def direction_of(placed: Placed) -> str:
    """Say whose tie to whom a relationship column states, as far as its header or its codes tell."""
    if placed.candidate.fit.code_system == "nibrs":
        return "victim_to_offender"
    known = {"victim": "offender_to_victim", "offender": "victim_to_offender"}
    return known.get(str(placed.source.header.turn), "undeclared")


def draft_sources(shapes: Sequence[Shape]) -> tuple[Drafted, ...]:
    """Make sources of the files that feed a table.

    Args:
        shapes: How files feed the tables.

    Returns:
        One source for each layout, in the order of the files.
    """
    layouts: dict[tuple[object, ...], list[Shape]] = {}
    for shape in shapes:
        if shape.placed:
            sheet = _split(shape.file.file)[1]
            where = tuple((one.table, one.column, one.source.name) for one in shape.placed)
            layouts.setdefault((shape.file.columns, sheet, where), []).append(shape)
    found: list[Drafted] = []
    used: set[str] = set()
    for members in layouts.values():
        for group in _globbed(members):
            name = _name(group, used)
            used.add(name)
            path, sheet = _split(group[0].file.file)
            inputs = tuple(one.file.file for one in group)
            found.append(
                Drafted(
                    name, _glob([_split(one)[0] for one in inputs]) or path, sheet, group[0], inputs
                )
            )
    return tuple(found)


def _split(file: str) -> tuple[str, str]:
    path, _, sheet = file.partition("#")
    return path, sheet


def _globbed(members: list[Shape]) -> list[list[Shape]]:
    """Put files together whose names differ in numbers alone; others stay apart."""
    groups: dict[str, list[Shape]] = {}
    for one in members:
        groups.setdefault(re.sub(r"\d+", "0", one.file.file), []).append(one)
    return list(groups.values())


def _glob(paths: list[str]) -> str:
    plain = [_GLOB.sub(r"[\1]", path) for path in paths]
    if len(set(plain)) == 1:
        return plain[0]
    # Names of one source differ in their numbers alone.
    return re.sub(r"\d+", "*", plain[0])


def _name(group: list[Shape], used: set[str]) -> str:
    path, sheet = _split(group[0].file.file)
    stem = PurePosixPath(path.replace("!", "/")).name
    stem = re.sub(r"\.[A-Za-z0-9]{1,7}$", "", stem)
    stem = f"{stem}_{sheet}" if sheet and sheet.upper() not in stem.upper() else stem
    if len(group) > 1:
        stem = re.sub(r"[\d_-]+$", "", stem) or stem
    base = re.sub(r"[^A-Za-z0-9_.-]+", "_", stem).strip("_").lower() or "source"
    name, number = base, 2
    while name in used:
        name, number = f"{base}_{number}", number + 1
    return name
