"""When two headers name the same column."""

from __future__ import annotations

from typing import Final

_FILLING: Final = str.maketrans("", "", "_-.")


def plain_header(name: str) -> str:
    """Give what tells one header from another, whatever an export makes of case and blanks.

    Args:
        name: The header as it stands.

    Returns:
        Its letters, digits and other signs in small letters; blanks, underscores, hyphens and dots, which systems put
        for one another, left out.
    """
    return "".join(name.translate(_FILLING).split()).casefold()
