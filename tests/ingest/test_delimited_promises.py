"""Promises of the delimited reader, under generated mess."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers_delimited import read
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.ingest.raw import ReadOptions

_HEADER = ("incident no", "victim", "narrative", "district", "flag")
_LINE_END = re.compile(r"\r\n|\r|\n")
_UTF = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@dataclass(frozen=True)
class Line:
    """One piece of a file: its text without line end, and what must become of it."""

    text: str
    kind: str
    cells: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Delivery:
    content: bytes
    options: ReadOptions
    rows: list[tuple[int, tuple[str | None, ...]]]
    refused: list[int]
    skipped: int


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _letters(legacy: bool) -> str:
    return "abz 5é" if legacy else "abz 5é中🙂"


@st.composite
def _intact(draw, width: int, delimiter: str, legacy: bool, tame: bool) -> Line:
    letters = _letters(legacy) + delimiter + ("" if tame else '"\n\r')
    plain = _letters(legacy) + "'#"
    written, cells = [], []
    for _ in range(width):
        if draw(st.booleans()):
            cell = draw(st.text(plain, max_size=4))
            quoted = draw(st.booleans()) and (bool(cell) or not tame)
        else:
            cell = draw(st.text(letters, max_size=6))
            if tame:
                cell = "q" + cell
            quoted = True
        written.append(_quoted(cell) if quoted else cell)
        cells.append(cell or None)
    if width == 1 and not quoted and not cell.strip():
        return Line("x", "row", ("x",))
    return Line(delimiter.join(written), "row", tuple(cells))


@st.composite
def _line(draw, width: int, delimiter: str, legacy: bool, tame: bool, mess: bool) -> Line:
    kinds = ["row"] * 4 + ["stray"]
    if mess:
        kinds += ["blank", "nul", "long"] + ["short"] * (width > 2) + ["open"] * tame
    kind = draw(st.sampled_from(kinds))
    filled = st.text("abz5", min_size=1, max_size=3)
    if kind == "row":
        return draw(_intact(width, delimiter, legacy, tame))
    cells = [draw(filled) for _ in range(width)]
    place = draw(st.integers(0, width - 1))
    if kind == "blank":
        return Line(draw(st.sampled_from(("", " ", "  "))), kind)
    if kind == "stray":
        # A mark that was never closed and one that ends a later field make a well-formed record.
        ending = () if tame and mess else ("5'10\"", 'a"')
        cells[place] = draw(st.sampled_from(('"Bob" a', 'a "b"', '"a" "b"', *ending)))
        return Line(delimiter.join(cells), "row", tuple(cells))
    if kind == "nul":
        cells[place] += "\x00"
    elif kind == "open":
        cells[place] = '"' + cells[place]
    elif kind == "short":
        cells = cells[: draw(st.integers(1, width - 1))]
    elif kind == "long":
        cells += [draw(filled)] * draw(st.integers(1, 3))
    return Line(delimiter.join(cells), kind)


@st.composite
def deliveries(draw) -> Delivery:
    width = draw(st.integers(1, 5))
    delimiter = draw(st.sampled_from(",;\t|^~"))
    encoding = draw(st.sampled_from((*_UTF, "cp1252", "latin-1", "cp437")))
    legacy = encoding not in _UTF
    tame, mess = draw(st.booleans()), draw(st.booleans())
    body = draw(st.lists(_line(width, delimiter, legacy, tame, mess), max_size=12))
    above = draw(st.sampled_from(((), ("",), ("Police Department", ""))))
    ends = draw(st.sampled_from((("\n",), ("\r\n",), ("\r",), ("\n", "\r\n", "\r"))))
    lines = [
        *(Line(text, "above") for text in above),
        Line(delimiter.join(_HEADER[:width]), "header"),
        *body,
    ]
    text = ""
    rows: list[tuple[int, tuple[str | None, ...]]] = []
    refused = []
    skipped = 0
    for one in lines:
        number = len(_LINE_END.findall(text)) + 1
        if one.kind == "row" and any(one.cells):
            rows.append((number, one.cells))
        elif one.kind in ("short", "long", "nul", "open"):
            refused.append(number)
        elif one.kind != "header":
            skipped += 1
        end = draw(st.sampled_from(ends))
        text += one.text + ("\r\n" if text.endswith("\r") and not one.text else end)
    if lines[-1].text and draw(st.booleans()):
        text = text.removesuffix("\n").removesuffix("\r")
    options = ReadOptions(
        encoding=encoding if legacy else None,
        delimiter=draw(st.sampled_from((None, delimiter))) if width > 1 else delimiter,
        expected=frozenset(_HEADER[:width]),
    )
    return Delivery(text.encode(encoding), options, rows, refused, skipped)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(deliveries(), st.sampled_from((1, 2, 3, 7, 64, 1 << 24)))
def test_every_record_is_read_or_set_aside(delivery: Delivery, block: int) -> None:
    seen = read(delivery.content, delivery.options, block=block)

    assert list(zip(seen.lines, seen.rows, strict=True)) == delivery.rows
    assert [row for row, _ in seen.refused] == delivery.refused
    assert seen.raw.rows_read == len(delivery.rows) + len(delivery.refused)
    assert seen.raw.lines_skipped == delivery.skipped


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(('"', ",", "\n", "\r", "\r\n", "a", "é", "\x00", '"a"', "a,b\n")),
        max_size=40,
    ),
    st.sampled_from((1, 3, 64)),
    st.sampled_from((8, 1 << 24)),
)
def test_no_byte_of_the_body_is_lost_whatever_the_block(
    parts: list[str], block: int, longest: int
) -> None:
    content = ("first,second\n" + "".join(parts)).encode()
    longest = max(longest, max(map(len, re.split(rb"[\r\n]", content))) + 2)

    options = ReadOptions(delimiter=",", header_row=1)

    whole = read(content, options, block=1 << 24, longest=longest)
    cut = read(content, options, block=block, longest=longest)

    assert cut.data.equals(whole.data)
    assert cut.raw.quarantine.equals(whole.raw.quarantine)
    assert cut.raw.lines_skipped == whole.raw.lines_skipped
    assert cut.raw.notes == whole.raw.notes
    assert cut.lines == sorted(cut.lines)
    for one in cut.raw.quarantine.iter_rows(named=True):
        start = one["byte_offset"]
        assert content[start : start + len(one["raw"])] == one["raw"]
    text = "".join(cell or "" for row in cut.rows for cell in row)
    refused = b"".join(cut.raw.quarantine["raw"]).decode()
    kept = sum((text + refused).count(letter) for letter in "aé")
    assert kept == sum(map("".join(parts).count, "aé"))
