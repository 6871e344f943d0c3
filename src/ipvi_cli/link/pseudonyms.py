"""Names for persons that say nothing of them: keyed, so that only who holds the key can make them again."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final

KEY_BYTES: Final = 32
_LENGTH: Final = 24


def pseudonym(key: bytes, what: str) -> str:
    """Give the HMAC-SHA-256 of a text (RFC 2104), shortened to 96 bits, in hexadecimal.

    Args:
        key: The agency's secret.
        what: Any text.
    """
    return hmac.digest(key, what.encode(), "sha256").hex()[:_LENGTH]


def pseudonyms(key: bytes, texts: Iterable[str]) -> dict[str, str]:
    """Give the pseudonym of each distinct text."""
    return {text: pseudonym(key, text) for text in dict.fromkeys(texts)}
