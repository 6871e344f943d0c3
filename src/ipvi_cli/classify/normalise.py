"""Relationship words brought to one form, so that ``B/F``, ``b-f`` and ``B F`` are one key."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

STRAY: Final = ".\"'`*!~\u00b4\u2018\u2019\u201c\u201d"
"""Signs that say nothing of a tie."""

_FOLDED: Final = {
    **dict.fromkeys(map(ord, STRAY + "()")),
    **dict.fromkeys(map(ord, "-_/,\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), " "),
}
_MISREAD: Final = re.compile(r"[\x1a\x80-\x9f]|[^\x00-\x7f](?:[^\x00-\x7f]|[ ?])")
"""Signs that a text may be wrongly decoded: a letter of two bytes leaves two that are not ASCII, or has lost one."""
_LEADING: Final = re.compile(
    r"^(?:(?P<victim>VICTIM WAS|VICTIM IS|V WAS)|(?P<offender>SUSPECT IS|SUSP IS|OFFENDER IS)|IS|WAS|HIS|HER|THEIR|MY) "
)


def plain(text: str) -> str:
    """Bring a text to upper case without accents, its separators kept and wrongly decoded letters mended."""
    if text.isascii():
        return " ".join(text.upper().split())
    if _MISREAD.search(text):
        import ftfy

        text = ftfy.fix_encoding(text)
    wide = unicodedata.normalize("NFKC", text).upper()
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
    wide = text.upper() if text.isascii() else plain(text)
    return " ".join(wide.translate(_FOLDED).split())


def without_lead(key: str) -> tuple[str, str | None]:
    """Take the words off a folded key that say whose tie follows.

    Args:
        key: A folded key.

    Returns:
        The rest, and ``victim`` or ``offender`` where the words said that the tie of this person follows.
    """
    found = _LEADING.match(key)
    return (key[found.end() :], found.lastgroup) if found else (key, None)
