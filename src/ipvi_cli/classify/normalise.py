"""Relationship words brought to one form, so that ``B/F``, ``b-f`` and ``B F`` are one key."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

STRAY: Final = ".\"'`*!~\u00b4\u2018\u2019\u201c\u201d"
"""Signs that say nothing of a tie."""

_DROPPED: Final = dict.fromkeys(map(ord, STRAY + "()"))
_BLANKED: Final = re.compile(r"[-_/,\u2010-\u2015\u2212\s]+")
_LEADING: Final = re.compile(
    r"^(?:(?P<victim>VICTIM WAS|VICTIM IS|V WAS)|(?P<offender>SUSPECT IS|SUSP IS|OFFENDER IS)|IS|WAS|HIS|HER|THEIR|MY) "
)


def plain(text: str) -> str:
    """Bring a text to upper case without accents, its separators kept and wrongly decoded letters mended."""
    if text.isascii():
        return " ".join(text.upper().split())
    import ftfy

    wide = unicodedata.normalize("NFKC", ftfy.fix_encoding(text)).upper()
    marks = unicodedata.normalize("NFD", wide)
    bare = "".join(letter for letter in marks if not unicodedata.combining(letter))
    return " ".join(bare.split())


def fold(text: str) -> str:
    """Bring a text to the form in which it is looked up.

    Args:
        text: A cell, as written.

    Returns:
        Compatibility forms resolved, upper case; accents, full stops, quotes, stray signs and parentheses dropped;
        hyphens, underscores, slashes and commas turned to blanks; blanks collapsed. The separators that tell several
        ties apart (``;``, ``&``, ``+``) stay.
    """
    return " ".join(_BLANKED.sub(" ", plain(text).translate(_DROPPED)).split())


def without_lead(key: str) -> tuple[str, str | None]:
    """Take the words off a folded key that say whose tie follows.

    Args:
        key: A folded key.

    Returns:
        The rest, and ``victim`` or ``offender`` where the words said that the tie of this person follows.
    """
    found = _LEADING.match(key)
    return (key[found.end() :], found.lastgroup) if found else (key, None)
