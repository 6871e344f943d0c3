"""Why a segment is set aside, and what is said of the reading of a submission: codes of the registry of rules."""

from __future__ import annotations

from typing import Final

LENGTH: Final = "IPVI-155"
LEVEL: Final = "IPVI-141"
CUT: Final = "IPVI-142"
BYTES: Final = "IPVI-143"
SHIFTED: Final = "IPVI-144"
ACTION: Final = "IPVI-145"
ORPHAN: Final = "IPVI-146"
REPEATED: Final = "IPVI-147"
STATE: Final = "IPVI-148"
DAMAGED: Final = "IPVI-149"
VERSIONS: Final = "IPVI-150"
STRIPPED: Final = "IPVI-151"
DELETED: Final = "IPVI-152"
MONTH: Final = "IPVI-153"

REASONS: Final[dict[str, str]] = {
    LENGTH: "the length of the segment is not one that its level has",
    LEVEL: "the level of the segment is not 0 to 7",
    CUT: "the segment is cut short",
    BYTES: "the segment holds bytes that are not ASCII text",
    SHIFTED: "the fields of the segment stand one column off",
    ACTION: "the action of the segment is not I, A, M, D, R or W",
    ORPHAN: "the segment has no administrative segment",
    REPEATED: "the incident stands in the file before, with other contents, and was not deleted between",
    STATE: "a segment of the state's own, level 8 or 9, which is not part of NIBRS",
}
"""Why a segment is refused, by rule code; without any value."""

CODES: Final = ("", *REASONS)
"""Refusals by number; 0 is none."""


def number(code: str) -> int:
    """Give the number of a refusal."""
    return CODES.index(code)
