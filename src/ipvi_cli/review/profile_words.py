"""Decisions about words written into the text of a profile: only their own lines change."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from ipvi_cli.model.errors import InputError
from ipvi_cli.review.filled import Filled

SITE_WORDS: Final = "site_words"

_HEADER: Final = re.compile(r"\s*\[")


def with_words(
    text: str, rows: Iterable[Filled], *, same: Callable[[str, str], str], today: date, where: str
) -> str:
    """Write decided words under ``[site_words.<kind>]``.

    A word that is there in any spelling gets the new meaning; a new one goes to the end of its section. Who decided,
    when, and the note follow as a comment. Every other line stays byte for byte.

    Args:
        text: Text of the profile.
        rows: Checked rows about values.
        same: Form in which two spellings of a word of a kind are the same.
        today: Day of the decisions.
        where: Name of the profile for messages.

    Returns:
        The new text; the old one where nothing is new.

    Raises:
        InputError: The sections are written in a way that cannot be changed line by line.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace(end, "\n").removesuffix("\n").split("\n")
    wanted = tomllib.loads(text)
    before = json.dumps(wanted, default=str)
    for row in rows:
        section = wanted.setdefault(SITE_WORDS, {}).setdefault(row.word_kind, {})
        key = same(row.word_kind, row.value)
        word = next((one for one in section if same(row.word_kind, one) == key), row.value)
        if section.get(word) != row.decision:
            lines = _put(lines, row, word, _line(word, row, today), known=word in section)
            section[word] = row.decision
    if json.dumps(wanted, default=str) == before:
        return text
    made = end.join(lines) + end
    if not _says(made, wanted):
        raise InputError(
            "its site words cannot be changed line by line.",
            where=where,
            mend=f"Write each kind as one section [{SITE_WORDS}.<kind>] with one word a line.",
        )
    return made


def _put(lines: list[str], row: Filled, word: str, line: str, *, known: bool) -> list[str]:
    header = re.compile(rf"\s*\[\s*{SITE_WORDS}\s*\.\s*{row.word_kind}\s*\]\s*(#.*)?")
    start = next((n for n, one in enumerate(lines) if header.fullmatch(one)), None)
    if start is None:
        return [*lines, "", f"[{SITE_WORDS}.{row.word_kind}]", line]
    stop = next(
        (n for n in range(start + 1, len(lines)) if _HEADER.match(lines[n])),
        len(lines),
    )
    entries = {n: _word(lines[n]) for n in range(start + 1, stop)}
    if known:
        return [line if entries.get(n) == word else one for n, one in enumerate(lines)]
    last = max((n for n, one in entries.items() if one is not None), default=start)
    return [*lines[: last + 1], line, *lines[last + 1 :]]


def _word(line: str) -> str | None:
    """Give the word of a line ``"word" = "meaning"``."""
    try:
        entry = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    return next(iter(entry), None)


def _line(word: str, row: Filled, today: date) -> str:
    note = f": {row.note}" if row.note and row.note.isprintable() else ""
    return f"{_quoted(word)} = {_quoted(row.decision)}  # {row.by}, {today.isoformat()}{note}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _says(text: str, wanted: object) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
