"""Profiles that fit a delivery already: shipped ones, or a neighbour's that is adapted."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from ipvi_cli.model.errors import InputError
from ipvi_cli.model.header_names import plain_header
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.model.profile_sources import Source
from ipvi_cli.onboard.delivered import Delivered
from ipvi_cli.onboard.source_text import source_lines
from ipvi_cli.onboard.sources import Drafted
from ipvi_cli.onboard.toml_text import comment, key, value

_ASK: Final = "ASK: "
_LEAST: Final = 0.3
"""Share of the columns of a source that a file must have to be taken for it."""
_NEAR: Final = 0.85
"""Share of the columns of each required source from which a shipped layout is adapted unasked."""
_FEWEST: Final = 6
"""With fewer columns, nearly all of them tell nothing."""
_FILES: Final = re.compile(r"^files\s*=.*$", re.MULTILINE)


@dataclass(frozen=True)
class Known:
    """A layout that fits.

    Attributes:
        name: Name of the profile.
        columns: Number of its columns that the delivery has.
        lost: Columns that it names and the delivery lacks, with their source.
        whole: Whether everything that it needs is there.
        text: The profile for this delivery.
    """

    name: str
    columns: int
    lost: tuple[str, ...]
    whole: bool
    text: str


def fit_layouts(
    files: Sequence[Delivered],
    layouts: Sequence[tuple[str, str, Profile]],
    *,
    demand: bool,
    sources: Sequence[Drafted] = (),
) -> Known | None:
    """Find the profile that fits the files best.

    Args:
        files: Every input.
        layouts: Name, text and profile of each that may fit.
        demand: Whether the first of them is to be adapted even where it fits in part.
        sources: Sources as drafted without any profile; they stand in where an adapted one does not fit.

    Returns:
        The one of which most columns are there, all of its required ones; where none is whole, the one of which nearly
        all are, adapted. ``None`` when none fits, when files that hold incidents or ties would be left out, or when so
        little of the one to be adapted is left that it is no profile.
    """
    if demand:
        name, text, profile = layouts[0]
        known = _adapted(name, text, profile, files, sources)
        return known if _is_profile(known.text) else None
    settled = [one for one in layouts if _covers(one[2], files, sources)]
    whole = [(name, text, one, _matches(one, files, 1.0)) for name, text, one in settled]
    fitting = [one for one in whole if _has_required(one[2], one[3])]
    if fitting:
        name, text, profile, matches = max(fitting, key=lambda one: (_known_columns(one), one[0]))
        text = _copied(name, text, profile, matches)
        return Known(name, _known_columns((name, text, profile, matches)), (), True, text)
    part = [(name, text, one, _matches(one, files, _NEAR)) for name, text, one in settled]
    near = [one for one in part if _has_required(one[2], one[3]) and _known_columns(one) >= _FEWEST]
    if not near:
        return None
    name, text, profile, _ = max(near, key=lambda one: (_known_columns(one), one[0]))
    known = _adapted(name, text, profile, files, sources)
    return known if _is_profile(known.text) else None


_Match = tuple[str, str, Profile, Mapping[str, list[Delivered]]]


def _matches(
    profile: Profile, files: Sequence[Delivered], least: float
) -> Mapping[str, list[Delivered]]:
    return {source.name: _best(source, files, least) for source in profile.sources}


def _has_required(profile: Profile, matches: Mapping[str, list[Delivered]]) -> bool:
    return all(matches[source.name] for source in profile.sources if source.required)


def _known_columns(one: _Match) -> int:
    """Count the columns of a profile that the delivery has."""
    _, _, profile, matches = one
    return sum(
        len(_hits(source, matches[source.name][0]))
        for source in profile.sources
        if matches[source.name]
    )


def _covers(profile: Profile, files: Sequence[Delivered], sources: Sequence[Drafted]) -> bool:
    """Say whether a profile reads the files that hold the incidents and the ties, and not some others beside them."""
    read = {
        file.file
        for source in profile.sources
        for file in files
        if source.source_columns()
        and len(_hits(source, file)) >= _NEAR * len(source.source_columns())
    }
    return not any(
        {"incident", "relationship"} & set(one.shape.tables) and not read & set(one.inputs)
        for one in sources
    )


def _is_profile(text: str) -> bool:
    try:
        parse_profile(text, where="draft")
    except InputError:
        return False
    return True


def _hits(source: Source, file: Delivered) -> set[str]:
    have = {plain_header(column) for column in file.columns}
    return {column for column in source.source_columns() if plain_header(column) in have}


def _best(source: Source, files: Sequence[Delivered], least: float) -> list[Delivered]:
    """Give the files that hold so many of the columns of a source; of several those whose name fits its glob."""
    wanted = source.source_columns()
    if not wanted:
        return []
    whole = [file for file in files if len(_hits(source, file)) >= least * len(wanted)]
    named = [file for file in whole if _named(file, source)]
    return named or whole[:1]


def _named(file: Delivered, source: Source) -> bool:
    path = file.file.split("#")[0].casefold()
    names = {path, path.rsplit("/", 1)[-1].rsplit("!", 1)[-1]}
    return any(fnmatch.fnmatchcase(name, source.files.casefold()) for name in names)


def _copied(name: str, text: str, profile: Profile, matches: Mapping[str, list[Delivered]]) -> str:
    """Take a profile over as it stands, with the delivered files' names where its own do not fit."""
    globs = []
    for source in profile.sources:
        files = matches[source.name]
        fits = bool(files) and _named(files[0], source)
        globs.append(source.files if fits or not files else files[0].file.split("#")[0])
    places = iter(globs)
    lines = list(_FILES.finditer(text))
    if len(lines) == len(globs):
        text = _FILES.sub(lambda _: f"files = {value(next(places))}", text)
    head = comment(
        f"Drafted by ipvi init from the profile {name}, whose columns are all here. "
        f"{_ASK}are its name, period, state and agencies yours?"
    )
    text = re.sub(
        r"(?m)^(period\s*=.*)$",
        f"# {_ASK}is this the period of your extract? Then take the hash away.\n# \\1",
        text,
    )
    return "\n".join(head) + "\n\n" + text


def _adapted(
    name: str,
    text: str,
    profile: Profile,
    files: Sequence[Delivered],
    sources: Sequence[Drafted],
) -> Known:
    """Take over what fits of a profile, mark what does not, and draft what it does not know."""
    document = tomllib.loads(text)
    lost: list[str] = []
    kept = 0
    used: set[str] = set()
    lines = [
        *comment(
            f"Drafted by ipvi init from the profile {name}. Every line marked {_ASK.strip()} is a question: answer it, "
            "mend the line under it, and take the mark away."
        ),
        *_plain_values(document),
        "",
        *comment(
            f"{_ASK}name, population, period, state and agencies are those of {name}; what are yours?"
        ),
        *_section(
            "jurisdiction",
            document["jurisdiction"],
            open_={"period": "which days does yours cover?"},
        ),
        "",
    ]
    for part, content in document.items():
        if part not in ("jurisdiction", "sources"):
            lines += _rest(part, content)
    for source, raw in zip(profile.sources, document["sources"], strict=True):
        file = max(files, key=partial(_likeness, source), default=None)
        hits = _hits(source, file) if file is not None else set()
        if file is None or len(hits) < _LEAST * len(source.source_columns()):
            lines += comment(f"{_ASK}no file looks like source {source.name}; is there one?")
            lost.extend(f"{source.name}: {column}" for column in sorted(source.source_columns()))
            continue
        gone = source.source_columns() - hits
        kept += len(hits)
        used.add(file.file)
        lost.extend(f"{source.name}: {column}" for column in sorted(gone))
        own = next((one for one in sources if file.file in one.inputs), None)
        lines += _source(raw, file, gone, own, named=_named(file, source))
    for drafted in sources:
        if not used & set(drafted.inputs):
            lines += [
                *comment(f"{name} has no source like this one; it is drafted anew."),
                *source_lines(drafted, {}),
                "",
            ]
    return Known(name, kept, tuple(lost), not lost, "\n".join(lines).rstrip() + "\n")


def _likeness(source: Source, file: Delivered) -> tuple[int, bool]:
    return len(_hits(source, file)), _named(file, source)


def _plain_values(document: Mapping[str, Any]) -> Iterator[str]:
    """Write what belongs to no section; it has to stand above the first."""
    for name, one in document.items():
        if not isinstance(one, dict) and not (
            one and isinstance(one, list) and isinstance(one[0], dict)
        ):
            yield f"{key(name)} = {value(one)}"


def _section(
    title: str, content: Mapping[str, Any], *, open_: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Write a section; keys of ``open_`` as comments under their question."""
    yield f"[{title}]"
    for name, one in content.items():
        asked = (open_ or {}).get(name)
        if asked:
            yield from comment(f"{_ASK}{asked}")
        yield f"{'# ' if asked else ''}{key(name)} = {value(one)}"


def _rest(part: str, content: Any) -> Iterator[str]:
    if isinstance(content, list) and content and isinstance(content[0], dict):
        for one in content:
            yield f"[[{part}]]"
            for name, inner in one.items():
                yield f"{key(name)} = {value(inner)}"
            yield ""
    elif isinstance(content, dict) and part in ("code_lists", "site_words"):
        for name, inner in content.items():
            yield from _section(f"{part}.{key(name)}", inner)
            yield ""
    elif isinstance(content, dict):
        asked = {
            "pattern": "do all your numbers look like this? Rows whose number does not are refused."
        }
        if part == "control":
            asked = dict.fromkeys(content, "what does your cover letter say?")
        yield from _section(part, content, open_=asked)
        yield ""


def _source(
    raw: Mapping[str, Any],
    file: Delivered,
    gone: frozenset[str],
    own: Drafted | None,
    *,
    named: bool,
) -> Iterator[str]:
    yield "[[sources]]"
    for name, one in raw.items():
        if name not in ("keys", "tables", "files"):
            yield f"{key(name)} = {value(one)}"
    yield f"files = {value(raw['files'] if named else file.file.split('#')[0])}"
    lost = {plain_header(one) for one in gone}
    if raw.get("keys"):
        yield "[sources.keys]"
        yield from _columns("keys", raw["keys"], lost, file, own)
    for table in raw["tables"]:
        yield ""
        broken = [
            name for name in ("where", "unless", "packed") if _names(table.get(name, {})) & gone
        ]
        if broken:
            yield from comment(
                f"{_ASK}{broken[0]} of table {table['table']} names a column that no file has; which rows feed it?"
            )
            continue
        yield "[[sources.tables]]"
        for name, one in table.items():
            if name != "columns":
                yield f"{key(name)} = {value(one)}"
        yield "[sources.tables.columns]"
        yield from _columns(table["table"], table.get("columns", {}), lost, file, own)
    yield ""


def _names(part: Any) -> set[str]:
    if isinstance(part, dict):
        return set(part.get("columns", ())) | set(part)
    return set()


def _columns(
    table: str,
    columns: Mapping[str, Any],
    lost: set[str],
    file: Delivered,
    own: Drafted | None,
) -> Iterator[str]:
    for name, origin in columns.items():
        read = _read_by(origin)
        missing = sorted(one for one in read if plain_header(one) in lost)
        if not missing:
            yield f"{key(name)} = {value(origin)}"
            continue
        placed = own.shape.get(table, name) if own is not None else None
        said = f"{_ASK}{file.file} has no column '{missing[0]}'; "
        if placed is None or len(read) > 1:
            yield from comment(f"{said}which one is it?")
            yield f"# {key(name)} = {value(origin)}"
        else:
            column = placed.written
            yield from comment(
                f"{said}is it '{column}' ({placed.candidate.score:.2f}: {placed.candidate.evidence})?"
            )
            changed = column if isinstance(origin, str) else {**origin, "column": column}
            yield f"{key(name)} = {value(changed)}"


def _read_by(origin: Any) -> set[str]:
    if isinstance(origin, str):
        return {origin}
    return {origin["column"]} if "column" in origin else set(origin.get("columns", ()))
