"""The letter to the jurisdiction: what came, what is still open, and what is missing for which figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ipvi_cli.model.tables import TABLES as RECORDS
from ipvi_cli.model.tables import metadata
from ipvi_cli.onboard.run import Study

Needs = Sequence[tuple[str, str, Sequence[str]]]
"""Figure, title, and the columns that it needs; of several joined by ``|`` one is enough."""

TABLES: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("incident", "Incidents", "one row for each incident",
     "ORI, incident number, date and time, report date, district, domestic violence flag, clearance"),
    ("offense", "Offences", "one row for each incident and offence", "code, statute, grade, attempted, weapon"),
    ("victim", "Victims", "one row for each person in an incident",
     "the agency's number of the person, role, age or birth date, sex as recorded, injury"),
    ("offender", "Suspects", "one row for each person in an incident",
     "the agency's number of the person, sequence number (also of the unknown), age or birth date, sex as recorded"),
    ("relationship", "Pairs", "one row for each victim and suspect of an incident",
     "both persons, what they were to each other, whose tie to whom that states, and the list of codes"),
    ("arrest", "Arrests", "one row for each arrest", "arrest number, person, date, incident number, kind of arrest"),
    ("charge", "Charges", "one row for each charge", "arrest number, statute, grade, disposition, date"),
    ("call", "Calls for service", "one row for each call",
     "call number, first and final type, times, disposition, incident number"),
    ("order", "Protective orders", "one row for each order",
     "both persons, kind, relationship, dates of issue, service and expiry, violations"),
    ("history", "Prior record", "one row for each earlier arrest or conviction of a person in the files",
     "person, date, statute, disposition, whether it is sealed"),
    ("supervision", "Supervision", "one row for each spell of probation, parole or pretrial release",
     "person, first and last day, kind, whether contact is forbidden"),
    ("notification", "Notifications, where there are any", "one row for each attempt",
     "person, level, date, method, whether it was delivered"),
    ("population", "Residents", "one row for each year and area", "count, adults where known, source"),
    ("change", "Changes", "one row for each change of a system, a policy, the law or a definition", "date, kind"),
)  # fmt: skip
"""Canonical table, its name for people, what a row is, and what it must have."""

_WITH_EACH: Final = (
    "the code book of every coded column",
    "who enters the relationship, and when",
    "changes of system or of policy in the period, with their dates",
    "what is left out: juveniles, sealed records, other agencies",
    "the number of rows and of incidents sent",
    "whom to ask about the data",
    "the legal basis, how long the files are kept, and when they are destroyed",
)
_WORDS: Final = {
    "jurisdiction.period": "the first and last day that the extract covers",
    "jurisdiction.population": "whether the files hold only domestic incidents",
}


def write_letter(found: Study, needs: Needs, *, name: str | None = None) -> str:
    """Write the letter, as Markdown.

    Args:
        found: What was found out about the delivery.
        needs: What each figure needs.
        name: Name of the jurisdiction; by default the draft's.

    Returns:
        Its text. It names files, columns and common words of codes, and nobody.
    """
    lines = [
        f"# Data request: {name or found.name}",
        "",
        "Thank you for the files. This is what we read, what we have to ask about them, and what is still missing.",
        "Please answer beside each point, and send files by the agreed secure way only.",
        "",
        "## What we received",
        "",
        *_received(found),
        "",
        "## Questions about these files",
        "",
        *(
            f"{number}. {_sentence(question.line())}"
            for number, question in enumerate(found.questions, start=1)
        ),
        "",
        "## What is missing, and for which figures",
        "",
        *_missing(found, needs),
        "",
        "## What to send with every extract",
        "",
        *(f"- {item}" for item in _WITH_EACH),
        "",
        "Five years are asked for, three at least. Narratives are not wanted, and names only where persons are to be"
        " known again from one incident to the next; they do not leave the analyst's machine.",
    ]
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    plain = re.sub(r" \((?:codes|date_formats|null_words) = .*?[}\"]\)", "", text)
    return re.sub(r"\s+", " ", plain).replace("|", "/")


def _received(found: Study) -> Iterator[str]:
    yield "| file | rows | could not be read | used as |"
    yield "|---|---:|---:|---|"
    used = {name: source.shape.tables for source in found.sources for name in source.inputs}
    for file in found.files:
        tables = ", ".join(used.get(file.file, ())) or (
            "list of codes" if file.file in found.lists else "not used"
        )
        yield f"| {_sentence(file.file)} | {file.rows} | {file.refused} | {tables} |"
    for label, why in found.unread:
        yield f"| {_sentence(label)} | - | all | {_sentence(why)} |"


def _missing(found: Study, needs: Needs) -> Iterator[str]:
    mapped = {*found.mapped, "incident.incident_number"} if _numbered(found) else set(found.mapped)
    tally = any(name.startswith("tally.") for name in mapped)
    lacking: dict[str, list[str]] = {}
    for figure, title, columns in needs:
        for need in columns:
            parts = [part.strip() for part in need.split("|")]
            if all(part.startswith("tally.") or "a second" in part for part in parts) != tally:
                continue
            if any(part in mapped or part.startswith("jurisdiction.population") for part in parts):
                continue
            told = " or ".join(_WORDS.get(part) or _described(part) for part in parts)
            lacking.setdefault(told, []).append(f"{figure} {title}")
    if not lacking:
        yield "Nothing: every figure can be made of these files."
        return
    yield "| missing | figures that cannot be made without it |"
    yield "|---|---|"
    for told, figures in lacking.items():
        yield f"| {told} | {'; '.join(figures)} |"
    if tally:
        return
    yield ""
    fed = {name.split(".")[0] for name in mapped}
    for table, title, row, columns in TABLES:
        if table not in fed:
            yield f"- **{title}** ({row}): {columns}."


def _described(need: str) -> str:
    """Say in words what a figure needs, with the canonical name for whoever maps it."""
    table, _, column = need.partition(".")
    if table not in RECORDS or column not in RECORDS[table].columns():
        return f"`{need}`"
    said = str(metadata(table, column).get("description", "")).partition(";")[0]
    return f"{said} (`{need}`)" if said else f"`{need}`"


def _numbered(found: Study) -> bool:
    return "keys.incident_number" in found.mapped
