"""Which rules are meant by codes and beginnings of codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final

from ipvi_cli.model.errors import UsageError
from ipvi_cli.validate.registry import RULES

_CODES: Final = tuple(rule.code for rule in RULES)
_FAMILY: Final = "IPVI"


def unknown_codes(codes: Iterable[str]) -> list[str]:
    """Tell of each code that no rule has, with the nearest that one has.

    Args:
        codes: Whole codes.
    """
    return [f"no rule has the code {code}{_near(code)}" for code in codes if code not in _CODES]


def wanted_codes(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[str, ...]:
    """Name the rules that are wanted.

    Args:
        select: Codes or beginnings of codes, as ``IPVI-4``; without any every rule is wanted.
        ignore: Codes or beginnings of codes of rules that are not wanted, even where selected.

    Raises:
        UsageError: No rule's code begins so.
    """
    inside = tuple(_beginning(one, "--select") for one in select)
    outside = tuple(_beginning(one, "--ignore") for one in ignore)
    return tuple(
        code
        for code in _CODES
        if (not inside or code.startswith(inside)) and not code.startswith(outside)
    )


def _beginning(given: str, option: str) -> str:
    text = given.strip().upper()
    if not text.startswith(_FAMILY) or not any(code.startswith(text) for code in _CODES):
        raise UsageError(
            f"no rule's code begins so{_near(text)}.",
            where=f"{option} {given}",
            mend="`ipvi rules` lists them.",
        )
    return text


def _near(code: str) -> str:
    near = difflib.get_close_matches(code, _CODES, n=len(_CODES), cutoff=0.5)
    if not near:
        return ""
    # The digits in front name the kind of rule, so they count most.
    best = max(near, key=lambda one: _shared(one, code))
    return f" (did you mean '{best}'?)"


def _shared(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
