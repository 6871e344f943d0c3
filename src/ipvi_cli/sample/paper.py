"""How records get onto paper: delimited text, and the mess of hands and exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from importlib import resources

from ipvi_cli.sample.chance import Chance

_UNTIDY: tuple[Callable[[str], str], ...] = (
    str.lower,
    str.title,
    lambda text: f"{text} ",
    lambda text: f"  {text}",
    lambda text: text.replace(" ", "  "),
)


def untidy(text: str, chance: Chance, mess: float) -> str:
    """Write a cell in another case or with stray blanks; what it says stays the same."""
    if not text or not chance.hit(mess):
        return text
    return chance.pick(_UNTIDY)(text)


def some(count: int, share: float, mess: float) -> int:
    """Say how many rows a kind of mess spoils: none without mess, at least one with it."""
    return max(1, round(count * share * mess)) if mess > 0 and count else 0


def record(cells: Sequence[str], *, delimiter: str = ",", newline: str = "\n") -> str:
    """Write one delimited record, quoted where it must be."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=newline).writerow(cells)
    return buffer.getvalue()


def damaged(cells: Sequence[str], how: int, *, delimiter: str = ",", newline: str = "\n") -> str:
    """Write a copy of a record as a broken export does: cut short, or with a field too many.

    Args:
        cells: Cells of the record.
        how: Number of the damaged record; the kinds take turns.
        delimiter: Field separator.
        newline: End of the record.

    Returns:
        A record whose number of fields is wrong, so that no reader can say what its cells mean.
    """
    if how % 2:
        return record(cells[: len(cells) // 2], delimiter=delimiter, newline=newline)
    return record([*cells[:3], "STRAY", *cells[3:]], delimiter=delimiter, newline=newline)


def template(name: str, values: Mapping[str, object]) -> str:
    """Fill in the packaged profile of a shape."""
    file = resources.files("ipvi_cli.sample") / "templates" / f"{name}.toml"
    text = file.read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", str(value))
    return text


def site_words(codes: Mapping[str, str]) -> str:
    """Write the words of a vocabulary as a table of a profile."""
    return "\n".join(f'"{word}" = "{code}"' for word, code in codes.items())
