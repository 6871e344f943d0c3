"""A bare list of site words, read so that each comes back byte for byte."""

from __future__ import annotations

import csv
import difflib
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ipvi_cli.model.errors import InputError

_SEPARATORS: Final = (",", ";", "\t")


def read_words(path: Path | None, column: str, say: Callable[[str], None]) -> list[str]:
    """Read one column of a CSV with a header.

    Args:
        path: The file; ``None`` for standard input.
        column: The column's name.
        say: Told what a person should know.

    Returns:
        One word for each row, in order and unchanged. A blank line is an empty word where there is one column only,
        and no row where there are several.

    Raises:
        InputError: The file cannot be read or has no such column.
    """
    where = str(path) if path is not None else "standard input"
    try:
        content = path.read_bytes() if path is not None else sys.stdin.buffer.read()
    except OSError:
        raise InputError("cannot be read.", where=where, mend="Check the path.") from None
    text = _decoded(content, where, say)
    # The limit is of the whole process; it may grow, never shrink.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    first: list[str] = []
    for separator in _SEPARATORS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        header = [name.strip() for name in next(rows, [])]
        first = first or header
        if column in header:
            place, alone = header.index(column), len(header) == 1
            return [row[place] if place < len(row) else "" for row in rows if row or alone]
    near = difflib.get_close_matches(column, first, n=1)
    hint = f"Did you mean --column {near[0]}?" if near else "Name one with --column."
    raise InputError(
        f"has no column {column!r}; it has {', '.join(first) or 'none'}.", where=where, mend=hint
    )


def _decoded(content: bytes, where: str, say: Callable[[str], None]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        say(f"{where}: not UTF-8; read as Windows-1252.")
        return content.decode("cp1252", errors="replace")
