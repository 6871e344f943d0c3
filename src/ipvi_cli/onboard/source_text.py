"""The text of one source of a drafted profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ipvi_cli.onboard.doubts import FLAGS, YES, doubts, notes, yes_no
from ipvi_cli.onboard.guess import Candidate
from ipvi_cli.onboard.shape import Placed, Shape
from ipvi_cli.onboard.sources import Drafted, direction_of
from ipvi_cli.onboard.toml_text import comment, value

ASK: Final = "ASK: "
_ATTEMPTED: Final = (["A", "ATTEMPTED", "ATTEMPT"], ["C", "COMPLETED", "COMPLETE"])
_SPLITS: Final = (";", "|")
_SPLIT_SHARE: Final = 0.005

Answers = Mapping[tuple[str, str], str]
"""Key and place of a question to the answer."""


def list_name(one: Candidate) -> str:
    """Name the code list of a column."""
    return one.concept


def source_lines(source: Drafted, said: Answers) -> Iterator[str]:
    """Write a source of the draft.

    Args:
        source: The source.
        said: What the site answered.

    Yields:
        Lines of TOML, each mapping under its evidence and its questions.
    """
    file = source.shape.file
    told = [
        f"{file.rows} rows",
        *(part for part in (file.encoding, _delimiter(file.delimiter)) if part),
    ]
    yield "[[sources]]"
    yield from comment(
        f"{', '.join(source.inputs[:3])}{' ...' if len(source.inputs) > 3 else ''}: {', '.join(told)}."
    )
    yield f"name = {value(source.name)}"
    yield f"files = {value(source.files)}"
    if source.sheet:
        yield f"sheet = {value(source.sheet)}"
    if file.encoding and file.encoding not in ("utf-8", "utf-8-sig"):
        yield f"encoding = {value(file.encoding)}"
    keys = [one for one in source.shape.placed if one.table == "keys"]
    if keys:
        yield ""
        yield "[sources.keys]"
        for one in sorted(keys, key=lambda item: item.column):
            yield from _mapping(one, source, said)
    for table in source.shape.tables:
        yield ""
        yield from _table(table, source, said)
    yield from open_lines(source.shape)


def _delimiter(delimiter: str) -> str:
    names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    return f"{names.get(delimiter, delimiter)}-separated" if delimiter else ""


def _table(table: str, source: Drafted, said: Answers) -> Iterator[str]:
    shape = source.shape
    yield "[[sources.tables]]"
    yield f"table = {value(table)}"
    own = [one for one in shape.placed if one.table == table]
    repeat = _repeat(own)
    if shape.role is not None and table in ("victim", "offender"):
        words = shape.role.values.role_values(table)
        if words and not all(table in one.source.header.roles for one in own):
            yield f"where = {value({shape.role.name: words})}"
    number = shape.get("keys", "incident_number")
    if (
        table == "incident"
        and "call" in shape.tables
        and number
        and number.source.values.filled_share < 1
    ):
        # A call without a report is a call all the same.
        yield f"unless = {value({number.source.name: ['']})}"
    if table == "arrest" and shape.arrest_flag is not None:
        words = sorted({word for word in shape.arrest_flag.values.words() if word.upper() in YES})
        if words:
            yield f"where = {value({shape.arrest_flag.name: words})}"
    if repeat > 1:
        yield f"repeat = {repeat}"
    packed = next((one.source.packed for one in own if one.source.packed is not None), None)
    if packed is not None:
        names = [one.source.name for one in own if one.source.packed == packed]
        if (
            shape.role is not None
            and shape.role.packed == packed
            and table in ("victim", "offender")
        ):
            names.insert(0, shape.role.name)
        yield f"packed = {value({'columns': names, 'items': packed.items, 'key': packed.key})}"
    yield "[sources.tables.columns]"
    for one in own:
        yield from _mapping(one, source, said)


def _repeat(own: list[Placed]) -> int:
    """Give the number of column groups that every numbered column of a table has."""
    return min((one.repeat for one in own if one.repeat > 1), default=1)


def _mapping(one: Placed, source: Drafted, said: Answers) -> Iterator[str]:
    yield from comment(
        "; ".join([f"{one.candidate.score:.2f}: {one.candidate.evidence}", *notes(one)])
    )
    for question in doubts(one, _direction(one, source, said)):
        yield from comment(f"{ASK}{question.text}")
    yield f"{one.column} = {value(_origin(one, source, said))}"


def _direction(one: Placed, source: Drafted, said: Answers) -> str:
    where = f"{source.name}: column '{one.source.name}'"
    return said.get(("direction", where), "") or direction_of(one)


def _origin(one: Placed, source: Drafted, said: Answers) -> Any:
    """Write where a canonical column comes from: a name, or a name with what has to be said of it."""
    origin: dict[str, Any] = {"column": one.written}
    if len(one.joined) > 1:
        origin = {"columns": list(one.joined), "join": ", "}
    candidate, values = one.candidate, one.source.values
    if candidate.lookup is not None:
        origin["codes"] = list_name(candidate)
    if candidate.fit.code_system != "text":
        origin["code_system"] = candidate.fit.code_system
    if candidate.fit.serial:
        origin["date_formats"] = ["excel"]
    if one.column == "relationship_raw":
        origin["direction"] = _direction(one, source, said)
    if candidate.concept in FLAGS:
        origin.update(yes_no(one))
    if candidate.concept == "attempted":
        upper = {word.upper(): word for word in values.words()}
        yes, no = ([upper[word] for word in words if word in upper] for words in _ATTEMPTED)
        if yes or no:
            origin.update({"yes": yes or ["A"], "no": no or ["C"]})
    if candidate.concept in ("weapon", "injury"):
        split = next(
            (sign for sign in _SPLITS if values.matching(f"\\{sign}") > _SPLIT_SHARE), None
        )
        if split:
            origin["split"] = split
    return origin["column"] if list(origin) == ["column"] else origin


def open_lines(shape: Shape) -> Iterator[str]:
    """Write the questions about columns of a file that are not mapped."""
    for column, candidate, why in shape.open:
        yield from comment(
            f"{ASK}'{column.name}' looks like {candidate.concept.replace('_', ' ')} ({candidate.score:.2f}: "
            f"{candidate.evidence}); {why}"
        )
