"""Which format a file has, told by its content; the name is only what a person calls it."""

from __future__ import annotations

import json
import mmap
import re
import zipfile
from pathlib import Path
from typing import Final, Literal

from ipvi_cli.model.errors import InputError

Format = Literal["delimited", "excel", "json", "ndjson", "parquet"]
"""Formats that are read here."""

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GZIP: Final = b"\x1f\x8b"
ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")

_HEAD = 1 << 16
_LONGEST_LINE = 1 << 24
_LINES_TRIED = 50
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ASK_CSV = "Ask for the export as CSV or as an Excel workbook."

_OTHERS: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    (0, b"%PDF", "a PDF document", _ASK_CSV),
    (0, b"\x89PNG", "a PNG image", _ASK_CSV),
    (0, b"\xff\xd8\xff", "a JPEG image", _ASK_CSV),
    (0, b"GIF8", "a GIF image", _ASK_CSV),
    (0, b"II*\x00", "a TIFF image", _ASK_CSV),
    (0, b"MM\x00*", "a TIFF image", _ASK_CSV),
    (0, b"SQLite format 3\x00", "an SQLite database", "Export its tables as CSV."),
    (4, b"Standard Jet DB", "an Access database", "Export its tables as CSV."),
    (4, b"Standard ACE DB", "an Access database", "Export its tables as CSV."),
    (0, b"{\\rtf", "a rich text document", _ASK_CSV),
    (0, b"MZ", "a Windows program", "Do not open it; ask the agency what was sent."),
    (0, b"\x7fELF", "a program", "Do not open it; ask the agency what was sent."),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first."),
    (0, b"Rar!\x1a\x07", "a RAR archive", "Unpack it first."),
    (0, b"BZh", "a bzip2 archive", "Unpack it first."),
    (0, b"\xfd7zXZ\x00", "an xz archive", "Unpack it first."),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive", "Unpack it first."),
    (257, b"ustar", "a tar archive", "Unpack it first."),
    (0, GZIP, "a gzip archive inside an archive", "Unpack it first."),
    (0, b"$FL2", "an SPSS file", _ASK_CSV),
    (0, b"$FL3", "an SPSS file", _ASK_CSV),
    (0, b"<stata_dta>", "a Stata file", _ASK_CSV),
    (84, b"SAS FILE", "a SAS data set", _ASK_CSV),
    (0, b"HEADER RECORD*******LIBRARY", "a SAS transport file", _ASK_CSV),
    (0, b"ARROW1", "an Arrow file", "Write it as Parquet."),
    (0, b"FEA1", "a Feather file", "Write it as Parquet."),
    (0, b"PARE", "an encrypted Parquet file", "Ask for it without encryption."),
    (0, b"\x09\x00\x04\x00", "a workbook of a very old Excel", "Save it as .xlsx."),
    (0, b"\x09\x02\x06\x00", "a workbook of a very old Excel", "Save it as .xlsx."),
    (0, b"\x09\x04\x06\x00", "a workbook of a very old Excel", "Save it as .xlsx."),
)
"""Offset, signature, what it is, how to mend."""

_WEB_PAGE: Final = re.compile(
    rb"<(!doctype html|html|head|body|table|meta|div|style|!--)|mime-version:"
)


def sniff_format(path: Path, label: str = "") -> Format:
    """Say which format a file has.

    Args:
        path: The file, already taken out of its archive.
        label: Name of the input in messages.

    Returns:
        The format. Every text that is neither JSON nor a known other format is ``delimited``.

    Raises:
        InputError: The file is empty, cannot be opened, or holds what is not read here; the message says what it
            looks like and what to ask for.
    """
    where = label or path.name
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        what = "the file cannot be opened."
        raise InputError(what, where=where, mend="Check its permissions.") from None
    if not head:
        raise InputError("the file is empty.", where=where, mend="Ask for the file again.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(OLE):
        return _ole(path, where)
    if head.startswith(ZIP):
        return _zip(path, where)
    for offset, signature, what, mend in _OTHERS:
        if head.startswith(signature, offset):
            raise InputError(f"this is {what}, which is not read.", where=where, mend=mend)
    return _text(path, head, where)


def is_ndjson(path: Path) -> bool:
    """Say whether a JSON file holds one object a line rather than one document.

    Args:
        path: The file.

    Returns:
        Whether it starts with a brace and has several lines, of which the first or most are objects by themselves.
    """
    lines = objects = 0
    first = False
    with path.open("rb") as file:
        while lines < _LINES_TRIED and (line := file.readline(_LONGEST_LINE)):
            text = line.removeprefix(b"\xef\xbb\xbf").strip()
            if not text:
                continue
            if not lines and not text.startswith(b"{"):
                return False
            lines += 1
            if text.startswith(b"{") and text.endswith(b"}") and _parses(text):
                objects += 1
                first = first or lines == 1
    return lines > 1 and (first or objects * 2 > lines)


def _parses(text: bytes) -> bool:
    try:
        json.loads(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return True


def zip_kind(names: list[str]) -> str | None:
    """Say what document a ZIP container is.

    Args:
        names: Names of its members.

    Returns:
        ``excel``, the words for another kind of document, or ``None`` for a plain archive.
    """
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return "excel"
        if any(name.startswith("word/") for name in names):
            return "a Word document"
        return "an Office document"
    if "mimetype" in names and "content.xml" in names:
        return "an OpenDocument file"
    return None


def _zip(path: Path, where: str) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            kind = zip_kind(archive.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raise InputError(
            "the workbook or archive is damaged or cut short.",
            where=where,
            mend="Ask for the file again.",
        ) from None
    if kind == "excel":
        return "excel"
    if kind == "an OpenDocument file":
        mend = "Save the sheet as .xlsx or CSV."
        raise InputError(f"this is {kind}, which is not read.", where=where, mend=mend)
    if kind is not None:
        raise InputError(f"this is {kind}, which is not read.", where=where, mend=_ASK_CSV)
    raise InputError(
        "this is an archive inside an archive, which is not opened.",
        where=where,
        mend="Unpack it first.",
    )


def _ole(path: Path, where: str) -> Format:
    """Tell an .xls from the other documents that share its container, by the names of its streams."""

    def named(stream: str) -> bool:
        return content.find(stream.encode("utf-16-le")) >= 0

    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if named("EncryptedPackage"):
            raise InputError(
                "the workbook is protected by a password.",
                where=where,
                mend="Open it in Excel, save it without a password, and put that file here.",
            )
        if named("Workbook") or content.find(b"B\x00o\x00o\x00k\x00\x00\x00") >= 0:
            return "excel"
        if named("WordDocument"):
            what = "a Word document"
        elif named("__properties_version1.0"):
            what = "an Outlook message"
        else:
            what = "an old Office document or a damaged workbook"
    raise InputError(f"this is {what}, which is not read.", where=where, mend=_ASK_CSV)


def _text(path: Path, head: bytes, where: str) -> Format:
    wide = head.startswith(_BOMS[1:]) or _wide_pattern(head)
    if not wide and _share_of_controls(head) > 0.02:
        raise InputError("this is a binary file, which is not read.", where=where, mend=_ASK_CSV)
    start = _plain(head).lstrip(b" \t\r\n").lower()
    if not start and path.stat().st_size <= _HEAD:
        raise InputError("the file holds only blanks.", where=where, mend="Ask for the file again.")
    if _WEB_PAGE.match(start):
        raise InputError(
            "this is a web page, which is not read.",
            where=where,
            mend="Open it in Excel and save it as .xlsx, or ask for CSV.",
        )
    if start.startswith(b"<?xml"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
            mend = "Open it in Excel and save it as .xlsx."
            what = "this is an XML spreadsheet, which is not read."
            raise InputError(what, where=where, mend=mend)
        raise InputError("this is an XML file, which is not read.", where=where, mend=_ASK_CSV)
    if re.match(rb"\[\s*([\[{\"\]]|-?\d|true\b|false\b|null\b)", start):
        return "json"
    if re.match(rb'\{\s*["}]', start):
        return "ndjson" if is_ndjson(path) else "json"
    return "delimited"


def _plain(head: bytes) -> bytes:
    """The start of a text without byte-order mark and without the empty halves of UTF-16."""
    for mark in _BOMS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"")


def _wide_pattern(head: bytes) -> bool:
    """Whether every second byte is empty: UTF-16 of Latin text without a byte-order mark."""
    even, odd = head[0::2], head[1::2]
    low, high = sorted((even.count(0) / len(even), odd.count(0) / max(len(odd), 1)))
    return high > 0.7 and low < 0.1


def _share_of_controls(head: bytes) -> float:
    """Share of bytes that no text holds; single empty bytes are the delimited reader's affair."""
    controls = bytes(set(range(1, 32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27, 28, 29, 30, 31})
    strange = len(head) - len(head.translate(None, controls))
    empty = head.count(0)
    return (strange + (empty if empty > len(head) * 0.05 else 0)) / len(head)
