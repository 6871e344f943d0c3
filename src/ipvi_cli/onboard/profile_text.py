"""The text of a drafted profile: mappings with their evidence beside them, questions marked ``# ASK:``."""

from __future__ import annotations

from collections.abc import Iterator

from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.onboard.asking import NO_INCIDENTS
from ipvi_cli.onboard.guess import Candidate
from ipvi_cli.onboard.headers import kind_of
from ipvi_cli.onboard.run import Study
from ipvi_cli.onboard.source_text import ASK, Answers, list_name, open_lines, source_lines
from ipvi_cli.onboard.toml_text import comment, key, value


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
    if any(one.key == "incident" for one in found.questions):
        lines += comment(f"{ASK}{NO_INCIDENTS}")
    for source in found.sources:
        lines += ["", *source_lines(source, said)]
    lines += _left_out(found)
    return "\n".join(lines).rstrip() + "\n"


def _answer(said: Answers, name: str, where: str = "") -> str | None:
    return next(
        (
            text
            for (one, place), text in said.items()
            if one == name and where in ("", place) and text
        ),
        None,
    )


def _jurisdiction(found: Study, said: Answers) -> Iterator[str]:
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


def _agencies(found: Study, said: Answers) -> Iterator[str]:
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


def _code_lists(found: Study) -> Iterator[str]:
    done: dict[str, Candidate] = {}
    for source in found.sources:
        for one in source.shape.placed:
            if one.candidate.lookup is not None:
                done.setdefault(list_name(one.candidate), one.candidate)
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


def _left_out(found: Study) -> Iterator[str]:
    shown = [shape for shape in found.shapes if not shape.placed]
    if not (shown or found.lists or found.unread):
        return
    yield ""
    for shape in shown:
        yield from comment(
            f"Not read: {shape.file.file} ({shape.file.rows} rows); no table can be fed from it alone."
        )
        yield from open_lines(shape)
        unique = [column.name for column in shape.columns if column.values.unique]
        if unique and not found.sources:
            yield from comment(f"Columns in which no value occurs twice: {', '.join(unique[:8])}.")
    if found.lists:
        yield from comment(f"Lists of codes: {', '.join(found.lists)}.")
    for label, why in found.unread:
        yield from comment(f"Could not be read: {label}: {why}")
