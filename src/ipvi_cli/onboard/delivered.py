"""What onboarding is given: the files as read, and what words mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl


@dataclass(frozen=True)
class Delivered:
    """One input of a delivery: a file, a sheet, or a member of an archive.

    Attributes:
        file: Its name, as in the manifest.
        form: Format.
        encoding: Encoding of a text; empty for other formats.
        delimiter: Field separator of a delimited text.
        header_row: Physical line (sheet row) of the header; 0 when that is not known.
        rows: Records after the header, refused ones left out.
        refused: Records that could not be read.
        columns: Source columns in order.
        cells: The records, or an even sample of them, every column as text.
    """

    file: str
    form: str
    encoding: str
    delimiter: str
    header_row: int
    rows: int
    refused: int
    columns: tuple[str, ...]
    cells: pl.DataFrame


class Vocabulary(Protocol):
    """What site words of a kind mean, from the packaged crosswalks."""

    def __call__(
        self, kind: str, words: Sequence[str], code_system: str
    ) -> Mapping[str, str | None]:
        """Map words.

        Args:
            kind: ``relationship``, ``offense``, ``weapon``, ``injury``, ``disposition`` or ``call``.
            words: Distinct words.
            code_system: Code system that they are of.

        Returns:
            Word to code; for relationships the class, or ``?`` and the reason of what is undetermined; ``None`` when
            no list has the word.
        """
