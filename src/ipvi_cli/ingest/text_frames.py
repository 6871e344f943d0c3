"""Accepted records parsed into frames: every column as text, what repeats the header or holds nothing left out."""

from __future__ import annotations

import codecs
import re
from io import BytesIO
from typing import Final

import polars as pl

from ipvi_cli.ingest.raw import SOURCE_ROW
from ipvi_cli.ingest.repair import repair_mojibake
from ipvi_cli.ingest.text_layout import Layout
from ipvi_cli.ingest.text_pieces import Piece

_SUSPECT: Final = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|[\xc5\xc6\xcb\xe2])")
"""Bytes that text decoded wrongly shows; see ``repair``."""

_BOM: Final = codecs.BOM_UTF8


class Frames:
    """Parses the records of one file, piece by piece.

    Args:
        layout: Where its table lies.

    Attributes:
        accepted: Records so far.
        last_line: Line of the last of them.
        blank: Records without any content so far.
        headers: Lines so far that repeat the header.
        first_header: The first of them.
        repaired: Column to the cells that were repaired so far, and the line of the first.
    """

    def __init__(self, layout: Layout) -> None:
        self.accepted = 0
        self.last_line = 0
        self.blank = 0
        self.headers = 0
        self.first_header: int | None = None
        self.repaired: dict[str, tuple[int, int]] = {}
        self._layout = layout
        self._names = [f"c{position}" for position in range(layout.fields)]

    def frame(self, piece: Piece) -> pl.DataFrame:
        """Parse records.

        Args:
            piece: Accepted records.

        Returns:
            The source row and the columns as text, null where empty; without repeated headers and empty records.
        """
        frame = pl.read_csv(
            BytesIO(piece.data),
            has_header=False,
            schema=dict.fromkeys(self._names, pl.String),
            separator=self._layout.delimiter.decode(),
            quote_char='"' if piece.marked else None,
            infer_schema=False,
        )
        if frame.height != len(piece.lines):
            raise AssertionError("the scanner and polars count records differently")
        frame = frame.select(
            pl.Series(SOURCE_ROW, piece.lines, dtype=pl.Int64),
            *(
                pl.col(old).alias(new)
                for old, new in zip(self._names, self._layout.columns, strict=False)
            ),
        )
        columns = self._layout.columns
        if not piece.data.isascii() and _BOM in piece.data:
            frame = frame.with_columns(
                pl.col(columns[0]).str.strip_prefix("\ufeff").replace("", None)
            )
        if piece.marked and b'""' in piece.data:
            frame = frame.with_columns(pl.col(columns).replace("", None))
        frame = self._without_blank(self._without_headers(frame))
        if _SUSPECT.search(piece.data):
            frame = self._mended(frame)
        if frame.height:
            self.accepted += frame.height
            self.last_line = frame[SOURCE_ROW][-1]
        return frame

    def _mended(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Repair what was certainly decoded wrongly."""
        for name in self._layout.columns:
            pairs = repair_mojibake(frame[name])
            if pairs.height:
                wrong = frame[name].is_in(pairs["old"].implode())
                line = frame[SOURCE_ROW].filter(wrong)[0]
                count, seen = self.repaired.get(name, (0, line))
                self.repaired[name] = (count + int(wrong.sum()), seen)
                frame = frame.with_columns(pl.col(name).replace(pairs["old"], pairs["new"]))
        return frame

    def _without_headers(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Leave out lines that repeat the header."""
        cells = {
            name: cell
            for name, cell in zip(self._layout.columns, self._layout.header, strict=True)
            if cell
        }
        if not cells:
            return frame
        first, cell = next(iter(cells.items()))
        if not (frame[first] == cell).any():
            return frame
        again = frame.select(
            pl.all_horizontal(pl.col(name).eq_missing(cell) for name, cell in cells.items())
        ).to_series()
        if again.any():
            self.headers += int(again.sum())
            self.first_header = self.first_header or frame[SOURCE_ROW].filter(again)[0]
            return frame.filter(~again)
        return frame

    def _without_blank(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Leave out records without any content."""
        if any(frame[name].null_count() == 0 for name in self._layout.columns):
            return frame
        blank = frame.select(pl.all_horizontal(pl.col(self._layout.columns).is_null())).to_series()
        self.blank += int(blank.sum())
        return frame.filter(~blank)
