"""A delivery of NIBRS submissions that comes without a profile: recognised by its content, its profile made."""

from __future__ import annotations

import fnmatch
import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ipvi_cli.ingest.delivery import Found, find
from ipvi_cli.ingest.nibrs.formats import FORMATS, recognise
from ipvi_cli.model.errors import InputError


@dataclass(frozen=True)
class Recognised:
    """What a delivery was recognised as.

    Attributes:
        sources: Format and globs of files, a source each.
        agencies: ORIs of all submissions, sorted.
        years: Years that the submissions are of by their own word, sorted; none where some do not say it.
    """

    sources: tuple[tuple[str, str], ...]
    agencies: tuple[str, ...]
    years: tuple[int, ...] = ()


def recognise_delivery(delivery: Path, scratch: Path, format_in: str | None) -> Recognised | None:
    """Say which NIBRS submissions a delivery holds.

    Args:
        delivery: A file or a folder.
        scratch: Folder for members of archives.
        format_in: Format of every file, whatever its content looks like.

    Returns:
        The submissions; ``None`` when no file is one.

    Raises:
        InputError: There is nothing at this path, or nothing of it can be opened.
    """
    labels: list[str] = []
    closed: list[InputError] = []
    formats: dict[str, list[str]] = {}
    agencies: set[str] = set()
    years: set[int] = set()
    for found in find(delivery, scratch):
        if not isinstance(found, Found):
            labels.append(found[0])
            closed.append(found[1])
            continue
        labels.append(found.label)
        format = format_in or recognise(found)
        if format is None:
            continue
        formats.setdefault(format, []).append(found.label)
        if format in FORMATS:
            agencies |= FORMATS[format].agencies(found)
            years |= FORMATS[format].years(found)
    if closed and len(closed) == len(labels):
        raise closed[0]
    if not formats:
        return None
    sources = [
        (format, glob)
        for format, own in sorted(formats.items())
        for glob in _globs(own, [label for label in labels if label not in own])
    ]
    stated = years if formats.keys() == {"nibrs-cde"} else ()
    return Recognised(tuple(sources), tuple(sorted(agencies)), tuple(sorted(stated)))


def _globs(own: list[str], others: list[str]) -> list[str]:
    """Find one glob for the files of a format that fits no other, so that their actions play together."""
    endings = {PurePosixPath(label).suffix for label in own}
    tried = ["*", *(f"*{ending}" for ending in endings if ending and len(endings) == 1)]
    for glob in tried:
        if not any(fnmatch.fnmatch(label, glob) for label in others):
            return [glob]
    return own


def submission_profile(found: Recognised) -> str:
    """Write the profile of a delivery of NIBRS submissions.

    Args:
        found: What the delivery was recognised as.

    Returns:
        TOML: the jurisdiction named after its ORIs, a whole export, every ORI an agency.
    """
    states = sorted({ori[:2] for ori in found.agencies})
    lines = ["[jurisdiction]", f"name = {json.dumps(_name(found.agencies, states))}"]
    lines.append('population = "all"')
    if found.years:
        lines.append(
            f"period = {{ start = {found.years[0]}-01-01, end = {found.years[-1]}-12-31 }}"
        )
    if len(states) == 1 and states[0].isalpha() and states[0].isupper():
        lines.append(f'state = "{states[0]}"')
    for ori in found.agencies:
        lines += ["", "[[agencies]]", f"id = {json.dumps(ori)}"]
    for number, (format, glob) in enumerate(found.sources, start=1):
        name = "nibrs" if len(found.sources) == 1 else f"nibrs{number}"
        lines += ["", "[[sources]]", f'name = "{name}"', f"files = {json.dumps(glob)}"]
        lines.append(f'format = "{format}"')
    return "\n".join([*lines, ""])


def _name(agencies: tuple[str, ...], states: list[str]) -> str:
    if len(agencies) == 1:
        return agencies[0]
    if not agencies:
        return "NIBRS"
    if len(states) == 1:
        return f"{states[0]}, {len(agencies):,} agencies"
    return f"{len(agencies):,} agencies of {len(states)} states"
