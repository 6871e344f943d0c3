"""What is asked about: a code with or without its kind, a word, or a record of the workspace."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ipvi_cli.model.errors import UsageError

VALUE: Final = "value"
RECORD: Final = "record"
FINDING: Final = "finding"

Known = Mapping[str, Iterable[str]]
"""Codes by kind."""


@dataclass(frozen=True)
class Subject:
    """What is asked about.

    Attributes:
        kind: A kind of code, ``finding``, ``value``, or ``record`` for what only a workspace can know.
        code: The code as declared, the word as written, or an identifier.
    """

    kind: str
    code: str


def find_subject(what: str, known: Known) -> Subject:
    """Say what is asked about.

    Args:
        what: ``kind:code``, ``value:word``, a code that only one kind has, or an identifier.
        known: Declared codes by kind; those of ``rule`` may be asked for as ``finding`` too.

    Returns:
        The code as it is declared, whatever its case. What no declaration has is a record.

    Raises:
        UsageError: The kind has no such code, or several kinds have it.
    """
    known = {**known, FINDING: known["rule"]}
    kind, colon, code = what.partition(":")
    kind = kind.strip().lower()
    if colon and kind == VALUE:
        return Subject(VALUE, code)
    if colon and kind in known:
        found = _as_declared(code, known[kind])
        if found is None:
            raise unknown(what, {kind: known[kind]})
        return Subject(kind, found)
    named = [
        Subject(kind, found)
        for kind, codes in known.items()
        if kind != FINDING and (found := _as_declared(what, codes)) is not None
    ]
    if len(named) > 1:
        options = ", ".join(f"{one.kind}:{one.code}" for one in named)
        raise UsageError(f"'{what}' is the code of several things.", mend=f"Say which: {options}.")
    return named[0] if named else Subject(RECORD, what)


def unknown(what: str, known: Known, *, records: Iterable[str] = ()) -> UsageError:
    """Make the refusal of what nobody knows, with what was perhaps meant.

    Args:
        what: What was asked about.
        known: Codes that it may have been meant for, by kind.
        records: Identifiers that it may have been meant for.
    """
    near = [*list(records)[:3], *_near(what, known)]
    kinds = ", ".join(f"{kind}:" for kind in known)
    mend = (
        f"Did you mean {' or '.join(near[:3])}?"
        if near
        else f"It takes {kinds} and a code, value: and a word, or an incident or pair of a workspace."
    )
    return UsageError(f"'{what}' is not known.", mend=mend)


_SHORT: Final = 2
"""Letters of a code that without its kind is like too much else."""


def _near(what: str, known: Known) -> list[str]:
    """Name the nearest codes with their kind, compared with and without it."""
    names: dict[str, str] = {}
    for kind, codes in known.items():
        for code in codes:
            names.setdefault(f"{kind}:{code}".casefold(), f"{kind}:{code}")
            if len(str(code)) > _SHORT:
                names.setdefault(str(code).casefold(), f"{kind}:{code}")
    found = difflib.get_close_matches(what.strip().casefold(), list(names), n=3, cutoff=0.7)
    return list(dict.fromkeys(names[name] for name in found))


def _as_declared(code: str, codes: Iterable[str]) -> str | None:
    wanted = code.strip()
    exact = [one for one in codes if one == wanted]
    same = exact or [one for one in codes if one.casefold() == wanted.casefold()]
    return same[0] if same else None
