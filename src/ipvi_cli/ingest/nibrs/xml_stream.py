"""The reports of a NIBRS submission in XML, one at a time, whatever the size of the file and the state it is in.

The text is cut behind each closing tag of a report and fed to the parser piece by piece, so that it is known at any
time which bytes are not yet accounted for. Where they are not well-formed, reading begins again at the next report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from ipvi_cli.ingest.nibrs.xml_window import Window, open_text
from ipvi_cli.ingest.raw import Note
from ipvi_cli.model.errors import InputError

PASSED_OVER: Final = "IPVI-116"

REASONS: Final = {
    "bad_xml": "the report is not well-formed XML",
    "cut_short": "the XML ends in the middle of this report",
    "too_large": "the report is larger than any that can be meant",
}
"""Why the bytes of a report are refused."""

_KEPT: Final = 1 << 20
"""Bytes that are kept of a refused report."""
_PROLOG: Final = re.compile(rb"<!--.*?(?:-->|\Z)|<!DOCTYPE|<\w", re.DOTALL | re.IGNORECASE)


class Reports:
    """The reports of one input, to be gone through once.

    Attributes:
        refused: Line, reason (``REASONS``), byte offset and bytes of each report that is not well-formed.
        notes: What was noticed outside of the reports.
    """

    def __init__(self, path: Path, file: str) -> None:
        self.refused: list[tuple[int, str, int, bytes]] = []
        self.notes: list[Note] = []
        self._path = path
        self._file = file
        self._head: bytes | None = None
        self._encoding: str | None = None
        self._resumed = -1
        self._doubt: int | None = None

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Give each report with its line; it is gone as soon as the next is asked for.

        Raises:
            InputError: The file declares a document type, or is not XML from its beginning on.
        """
        handle, self._encoding = open_text(self._path)
        with closing(handle):
            window = Window(handle)
            try:
                self._refuse_document_type(window)
                yield from self._read(window)
            except UnicodeDecodeError:
                raise self._no_xml(window.line) from None

    def _read(self, window: Window) -> Iterator[tuple[int, Any]]:
        parser: Any = self._parser()
        opened = last = False
        while parser is not None and not last:
            failed = ""
            try:
                begins = not window.offset
                piece, last = window.piece()
                parser.feed(piece.lstrip() if begins else piece)  # blank lines may stand before
                if last:
                    parser.close()
            except OverflowError:
                failed = "too_large"
            except etree.XMLSyntaxError:
                failed = "cut_short" if last else "bad_xml"
            seen = nested = False
            for event, element in parser.read_events():
                self._remember(element)
                if element.tag.rpartition("}")[2] != "Report":
                    continue
                seen = True
                if event == "start":
                    nested = nested or opened
                    opened = True
                elif opened and not nested:
                    opened = False
                    self._vindicate()
                    yield window.opening_line, element
                    _free(element)
                    window.settle()
            if opened and not failed and parser.feed_error_log:
                # An entity that nobody declares stops the parser without a word.
                failed = "bad_xml"
            if failed or nested:
                # Where a report begins inside another, the outer one is never closed.
                opened = last = False
                parser = self._recover(window, failed or "bad_xml")
            elif not (seen or opened):
                window.settle()

    def _parser(self) -> Any:
        """Make a parser that expands nothing, fetches nothing, and keeps to the usual limits of size and depth."""
        parser: Any = etree.XMLPullParser(
            events=("start", "end"),
            tag=("{*}Report", "{*}Submission"),
            encoding=self._encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
        )
        parser.feed(self._head or b"")
        return parser

    def _refuse_document_type(self, window: Window) -> None:
        """Refuse a document type before the parser sees it: only with one can entities be declared."""
        window.more()
        for found in _PROLOG.finditer(window.data):
            if found.group()[:3].upper() == b"<!D":
                raise self._document_type()
            if not found.group().startswith(b"<!"):
                return

    def _document_type(self) -> InputError:
        return InputError(
            "the XML declares a document type, with which a small file can fill the memory or have other files read;"
            " no NIBRS submission has one, and it was not read.",
            where=self._file,
            mend="Ask who made the file, and for a submission without <!DOCTYPE.",
        )

    def _no_xml(self, line: int) -> InputError:
        return InputError(
            "this is not well-formed XML from its beginning on.",
            where=f"{self._file}, line {line}",
            mend="Ask for the file again.",
        )

    def _remember(self, element: Any) -> None:
        """Keep the encoding and the tags around the reports, with which reading can begin again."""
        if self._head is not None:
            return
        document = element.getroottree().docinfo
        if document.internalDTD is not None:
            raise self._document_type()
        self._encoding = self._encoding or document.encoding
        around = list(element.iterancestors())[::-1]
        if not element.tag.endswith("}Report"):
            around.append(element)
        self._head = b"".join(_opening_tag(one) for one in around)

    def _vindicate(self) -> None:
        """Say that what stood before a report was at fault, now that the report itself is not."""
        if self._doubt is not None:
            said = "what stands between two reports is not well-formed XML and was passed over"
            self.notes.append(Note(PASSED_OVER, said, source_row=self._doubt))
            self._doubt = None

    def _recover(self, window: Window, failed: str) -> Any:
        """Set aside what cannot be parsed, and begin again at the next report; ``None`` where there is none."""
        if self._head is None:
            raise self._no_xml(window.line)
        before = window.line
        if not window.seek():
            said = "the XML is not closed at its end: it may be cut short between two reports"
            self.notes.append(Note(PASSED_OVER, said, source_row=before))
            return None
        if window.offset != self._resumed:
            # What stands before the report may be at fault: the report gets a chance of its own.
            self._doubt = before if window.passed.strip() else None
        else:
            self._doubt = None
            if not self._refuse(window, failed):
                return None
        self._resumed = window.offset
        return self._parser()

    def _refuse(self, window: Window, failed: str) -> bool:
        """Set a report aside; say whether there is another behind it."""
        line, offset = window.line, window.offset
        there = window.seek(1)
        self.refused.append((line, failed, offset, window.passed[:_KEPT]))
        if not there and window.more():
            said = "no report begins here for a long way; nothing behind this line was read"
            self.notes.append(Note(PASSED_OVER, said, source_row=window.line))
        return there


def _opening_tag(element: Any) -> bytes:
    """Write the opening tag of an element with the namespaces that are in force in it."""
    spaces = "".join(
        f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(space)}"
        for prefix, space in element.nsmap.items()
    )
    name = element.tag.rpartition("}")[2]
    return f"<{f'{element.prefix}:' if element.prefix else ''}{name}{spaces}>".encode()


def _free(element: Any) -> None:
    """Let go of everything before an element that has been read."""
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]
