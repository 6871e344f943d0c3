"""The text of a drafted profile: mappings with their evidence beside them, questions marked ``# ASK:``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.onboard.doubts import YES, doubts, notes, yes_no
from ipvi_cli.onboard.guess import Candidate
from ipvi_cli.onboard.headers import kind_of
from ipvi_cli.onboard.run import Study
from ipvi_cli.onboard.shape import Placed, Shape
from ipvi_cli.onboard.sources import Drafted, direction_of
from ipvi_cli.onboard.toml_text import comment, key, value

ASK: Final = "ASK: "
_ATTEMPTED: Final = (["A", "ATTEMPTED", "ATTEMPT"], ["C", "COMPLETED", "COMPLETE"])
_SPLITS: Final = (";", "|")
_SPLIT_SHARE: Final = 0.005

Answers = Mapping[tuple[str, str], str]
"""Key and place of a question to the answer."""


def write_profile(found: Study, answers: Answers | None = None) -> str:
    """Write the draft of ``jurisdiction.toml``.

    Args:
        found: What was found out.
        answers: What the site said, by key and place of the question; what is not answered stays open.

    Returns:
        Its text.
    """
    said = dict(answers or {})
    if found.known is not None:
        return found.known.text
    lines = [
        *comment(
            "Drafted by ipvi init. Beside each mapping stands how sure it is (0 to 1) and why. Every line marked "
            f"{ASK.strip()} is a question that only the site can answer: answer it, mend the line under it, and take "
            "the mark away. What no line names is not read."
        ),
        "",
        *_jurisdiction(found, said),
        *_agencies(found, said),
        *_numbering(found),
        *_code_lists(found),
    ]
    if not found.sources:
        lines += comment(
            f"{ASK}no file of this delivery could be mapped: none has a column that looks like an incident number. "
            "Which files hold the incidents, and which column is their number?"
        )
    for source in found.sources:
        lines += ["", *_source(source, said)]
    lines += _left_out(found)
    return "\n".join(lines).rstrip() + "\n"


def _answer(said: Mapping[tuple[str, str], str], name: str, where: str = "") -> str | None:
    return next(
        (
            text
            for (one, place), text in said.items()
            if one == name and where in ("", place) and text
        ),
        None,
    )


def _jurisdiction(found: Study, said: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield "[jurisdiction]"
    name = _answer(said, "name")
    if name is None:
        yield from comment(
            f"{ASK}what is the jurisdiction called? The workspace is named after it."
        )
    yield f"name = {value(name or found.name)}"
    population = _answer(said, "population")
    if population is None:
        yield from comment(
            f'{ASK}do the files hold only domestic incidents ("domestic"), or everything ("all")? This decides the '
            "denominator of every share."
        )
    yield f"population = {value(population or found.population)}"
    period = _answer(said, "period")
    if period:
        start, _, end = period.partition("..")
        yield f"period = {{ start = {start}, end = {end} }}"
    else:
        yield from comment(
            f"{ASK}which first and last day does the extract cover? The dates in the rows do not say it."
        )
        first, last = found.observed or ("2019-01-01", "2019-12-31")
        told = " (first and last date in the rows)" if found.observed else ""
        yield f"# period = {{ start = {first}, end = {last} }}{told and '  #' + told}"
    states = {one.id[:2] for one in found.agencies if len(one.id) == 9 and one.id[2:].isdigit()}
    if len(states) == 1:
        yield f"state = {value(states.pop())}"
    yield ""


def _agencies(found: Study, said: Mapping[tuple[str, str], str]) -> Iterator[str]:
    if not any(source.shape.get("keys", "incident_number") for source in found.sources):
        return
    if not found.agencies:
        agency = _answer(said, "agency")
        if agency is None:
            yield from comment(
                f"{ASK}what is the agency's ORI or short name? All rows are taken to be of this agency."
            )
        if found.agency_in_part:
            yield from comment(
                f"{ASK}only some files name the agency. Are incident numbers unique over all agencies?"
            )
        yield "[[agencies]]"
        yield f"id = {value(agency or 'AGENCY')}"
        yield ""
        return
    if found.agencies_matched:
        yield from comment(
            "Names and identifiers are set beside each other by the incident numbers that only one agency has."
        )
    elif len(found.agencies) > 1:
        yield from comment(
            f"{ASK}do two of these words name the same agency? Then list both as aliases of one."
        )
    for one in found.agencies:
        yield "[[agencies]]"
        yield f"id = {value(one.id)}"
        if one.aliases and one.aliases != (one.id,):
            yield f"aliases = {value(one.aliases)}"
        yield ""


def _numbering(found: Study) -> Iterator[str]:
    how = found.numbering
    if not how.changes:
        return
    yield "[incident_number]"
    yield from comment(f"Seen: {how.told}.")
    for join in found.found_joins:
        if join.share_normalised > join.share:
            yield from comment(
                f"Of the numbers in {join.file}, {join.share:.0%} are found in {join.other_file} as they stand, "
                f"{join.share_normalised:.0%} after this."
            )
    yield from comment(f"{ASK}are numbers that become equal by these rules the same incident?")
    if how.strip:
        yield f"strip = {value(how.strip)}"
    if how.century:
        yield f"century = {how.century}"
    if how.pad:
        yield f"pad = {how.pad}"
    yield ""


def _list_name(one: Candidate) -> str:
    return one.concept


def _code_lists(found: Study) -> Iterator[str]:
    done: dict[str, Candidate] = {}
    for source in found.sources:
        for one in source.shape.placed:
            if one.candidate.lookup is not None:
                done.setdefault(_list_name(one.candidate), one.candidate)
    for name, candidate in done.items():
        lookup = candidate.lookup
        assert lookup is not None
        yield from comment(
            f"From the delivered list {lookup.file}: {lookup.key} to {lookup.column}."
        )
        yield f"[code_lists.{key(name)}]"
        listed = CODE_LISTS.get(kind_of(candidate.concept))
        for code, meaning in lookup.meanings.items():
            meant = listed.get(meaning.strip().upper()) if listed is not None else meaning
            if meant is not None:
                yield f"{value(code)} = {value(meant)}"
        yield ""


def _source(source: Drafted, said: Mapping[tuple[str, str], str]) -> Iterator[str]:
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
    yield from _open(source.shape)


def _delimiter(delimiter: str) -> str:
    names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    return f"{names.get(delimiter, delimiter)}-separated" if delimiter else ""


def _table(table: str, source: Drafted, said: Mapping[tuple[str, str], str]) -> Iterator[str]:
    shape = source.shape
    yield "[[sources.tables]]"
    yield f"table = {value(table)}"
    own = [one for one in shape.placed if one.table == table]
    repeat = _repeat(own)
    if shape.role is not None and table in ("victim", "offender"):
        words = shape.role.values.role_values(table)
        if words and not all(table in one.source.header.roles for one in own):
            yield f"where = {value({shape.role.name: words})}"
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


def _mapping(one: Placed, source: Drafted, said: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield from comment(
        "; ".join([f"{one.candidate.score:.2f}: {one.candidate.evidence}", *notes(one)])
    )
    for question in doubts(one, _direction(one, source, said)):
        yield from comment(f"{ASK}{question.text}")
    yield f"{one.column} = {value(_origin(one, source, said))}"


def _direction(one: Placed, source: Drafted, said: Mapping[tuple[str, str], str]) -> str:
    where = f"{source.name}: column '{one.source.name}'"
    return said.get(("direction", where), "") or direction_of(one)


def _origin(one: Placed, source: Drafted, said: Mapping[tuple[str, str], str]) -> Any:
    """Write where a canonical column comes from: a name, or a name with what has to be said of it."""
    origin: dict[str, Any] = {"column": one.written}
    if len(one.joined) > 1:
        origin = {"columns": list(one.joined), "join": ", "}
    candidate, values = one.candidate, one.source.values
    if candidate.lookup is not None:
        origin["codes"] = _list_name(candidate)
    if candidate.fit.code_system != "text":
        origin["code_system"] = candidate.fit.code_system
    if one.column == "relationship_raw":
        origin["direction"] = _direction(one, source, said)
    if candidate.concept in ("dv_flag", "child_in_common"):
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


def _open(shape: Shape) -> Iterator[str]:
    for column, candidate, why in shape.open:
        yield from comment(
            f"{ASK}'{column.name}' looks like {candidate.concept.replace('_', ' ')} ({candidate.score:.2f}: "
            f"{candidate.evidence}); {why}"
        )


def _left_out(found: Study) -> Iterator[str]:
    shown = [shape for shape in found.shapes if not shape.placed]
    if not (shown or found.lists or found.unread):
        return
    yield ""
    for shape in shown:
        yield from comment(
            f"Not read: {shape.file.file} ({shape.file.rows} rows); no table can be fed from it alone."
        )
        yield from _open(shape)
        unique = [column.name for column in shape.columns if column.values.unique]
        if unique and not found.sources:
            yield from comment(f"Columns in which no value occurs twice: {', '.join(unique[:8])}.")
    if found.lists:
        yield from comment(f"Lists of codes: {', '.join(found.lists)}.")
    for label, why in found.unread:
        yield from comment(f"Could not be read: {label}: {why}")
