"""How a NIBRS submission in XML is recognised, and whose reports it holds."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Final

from ipvi_cli.ingest.nibrs.xml_window import open_text

_HEAD: Final = 1 << 16
_BLOCK: Final = 1 << 20
_SPAN: Final = 4_096
"""Longer than the part of a report that names its agency."""
_ROOT: Final = re.compile(rb"<(?:[\w.\-]+:)?(?:Submission|Report)[\s>/]")
_NAMESPACE: Final = re.compile(rb"""=\s*["']http://fbi\.gov/cjis/nibrs/[\w.]*["']""")
_AGENCY: Final = re.compile(
    rb"<(?:[\w.\-]+:)?ReportingAgency>.{0,2000}?IdentificationID>\s*([A-Za-z0-9]{2,9})\s*<",
    re.DOTALL,
)


def is_xml(path: Path) -> bool:
    """Say whether a file is a NIBRS submission in XML: by the namespace of NIBRS and the name of its root element."""
    with path.open("rb") as file:
        head = file.read(_HEAD).replace(b"\x00", b"")
    return _NAMESPACE.search(head) is not None and _ROOT.search(head) is not None


def xml_agencies(path: Path) -> frozenset[str]:
    """Find the ORIs of the agencies that report, without parsing the file."""
    found: set[str] = set()
    handle, _ = open_text(path)
    with closing(handle):
        held = b""
        try:
            while block := handle.read(_BLOCK):
                held = held[-_SPAN:] + block
                found |= {match.group(1).upper().decode() for match in _AGENCY.finditer(held)}
        except UnicodeDecodeError:
            # Reading says what is wrong with it.
            pass
    return frozenset(found)
