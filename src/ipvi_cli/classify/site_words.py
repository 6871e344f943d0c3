"""Site words for offences, weapons, injuries, outcomes and calls, cut into comparable tokens."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

AMOUNT: Final = "AMOUNT"
"""Token that stands for a sum of money with its comparison, such as ``<$200`` or ``$950 & UNDER``."""

_WITHOUT: Final = re.compile(r"\bW\s?/\s?O(?:UT)?\b")
_WITH: Final = re.compile(r"\bW\s?/")
_SUM: Final = re.compile(r"[<>=]*(?:\s*OR EQUAL(?: TO)?)?\s*\$\s?\d[\d,]*(?:\.\d+)?K?\+?")
_SUM_WORDS: Final = re.compile(
    rf"(?:(?:UNDER|OVER|BUT)\s*)?{AMOUNT}(?:\s*(?:[-&<>]|AND|OR|BUT)*\s*(?:UNDER|OVER|MORE|LESS|{AMOUNT}))*"
)
_DROPPED: Final = re.compile(r"['’`´\"]")
_BLANK: Final = re.compile(r"[\W_]+")


def tokens(text: str) -> tuple[str, ...]:
    """Cut a site word into tokens, so that spellings that differ only in writing are the same.

    Case, accents, punctuation and spacing do not count; ``W/`` and ``W/O`` are words; sums of money become ``AMOUNT``.
    Negations stay.

    Args:
        text: A value as written.

    Returns:
        Tokens in their order; none for a value without a letter or digit.
    """
    folded = text.upper()
    if not folded.isascii():
        letters = unicodedata.normalize("NFKD", folded)
        folded = "".join(one for one in letters if not unicodedata.combining(one)).upper()
    if "/" in folded:
        folded = _WITH.sub(" WITH ", _WITHOUT.sub(" WITHOUT ", folded))
    if "$" in folded:
        folded = _SUM_WORDS.sub(f" {AMOUNT} ", _SUM.sub(f" {AMOUNT} ", folded))
    return tuple(_BLANK.sub(" ", _DROPPED.sub("", folded)).split())
