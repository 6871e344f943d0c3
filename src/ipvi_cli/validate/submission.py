"""Rules about the shape of a NIBRS submission, found while reading: segments, reports, actions."""

from __future__ import annotations

from typing import Final

from ipvi_cli.validate.rule import Rule

_SPEC: Final = "FBI NIBRS Technical Specification"
_AGAIN: Final = "Ask the agency to correct the report and to send it again."

RULES: Final = (
    Rule(
        "IPVI-141", "segment-level", "error", "structure",
        "A segment has a level other than 0 to 7, and was set aside.",
        "Nobody can say what its fields mean.",
        _AGAIN, f"{_SPEC}, edit 051.",
    ),
    Rule(
        "IPVI-142", "segment-cut", "error", "structure",
        "A segment is cut short before its mandatory fields end, and was set aside.",
        "What lacks may be a victim, an offender or the tie of the two.",
        "Compare the file's size with the sender's, and ask for it again.",
    ),
    Rule(
        "IPVI-143", "segment-bytes", "error", "structure",
        "A segment holds bytes that are not ASCII text, and was set aside.",
        "A letter of several bytes shifts all fields behind it.",
        "Ask for the submission as it was sent, without conversion of its characters.",
    ),
    Rule(
        "IPVI-144", "segment-shifted", "error", "structure",
        "The fields of a segment stand one column off, and it was set aside.",
        "Offender numbers and relationships would be read as other codes.",
        "Ask for the submission as it was sent, not for a copy that was edited.",
    ),
    Rule(
        "IPVI-145", "segment-action", "error", "structure",
        "A segment has an action other than I, A, M, D, R or W, and was set aside.",
        "Nobody can say whether it adds or deletes.",
        _AGAIN, f"{_SPEC}, section Segment Action Type.",
    ),
    Rule(
        "IPVI-146", "orphan-segment", "error", "structure",
        "A segment belongs to no administrative segment, and was set aside.",
        "Victims and offenders of an incident that is not there cannot be counted.",
        _AGAIN, f"{_SPEC}, edit 055.",
    ),
    Rule(
        "IPVI-147", "incident-submitted-twice", "error", "duplicate",
        "An incident is reported twice with different contents and no delete between; the second was set aside.",
        "It would be counted twice, or one of two incidents has the other's number.",
        "Ask which of the two is right.", f"{_SPEC}, edit 056.",
    ),
    Rule(
        "IPVI-148", "state-segment", "info", "structure",
        "A segment of level 8 or 9 is the state's own and was not read.",
        "States carry fields there that NIBRS has not, such as a domestic violence flag.",
        "Ask the state program for the layout, and for the flag as a column.",
    ),
    Rule(
        "IPVI-149", "incident-damaged", "warning", "structure",
        "An incident has lost a segment that could not be read; the rest of it is counted.",
        "Its persons or ties may be incomplete.",
        "Look at the segment named in the quarantine.",
    ),
    Rule(
        "IPVI-150", "segment-versions-mixed", "info", "structure",
        "Segments of one level have several lengths in one file.",
        "Records of different versions of the specification were joined; each is read by its own length.",
        "Nothing need be done.", f"{_SPEC}, edits 178, 284, 484 and 584.",
    ),
    Rule(
        "IPVI-151", "segment-blanks-lost", "info", "structure",
        "Segments end before the length that they state.",
        "A system dropped the blanks at their end; a cut field would look the same.",
        "Nothing need be done if the counts agree with the agency's.",
    ),
    Rule(
        "IPVI-152", "delete-of-nothing", "info", "structure",
        "A delete is of a report that the delivery does not hold.",
        "It concerns an earlier submission, which may still be counted elsewhere.",
        "Add the earlier submissions to the delivery, if their months are to be counted.",
    ),
    Rule(
        "IPVI-153", "submission-month-unreadable", "error", "structure",
        "The month and year of submission cannot be read.",
        "Submissions of several months cannot be put in order.",
        _AGAIN, f"{_SPEC}, edits 001, 101 and 701.",
    ),
    Rule(
        "IPVI-154", "bundle-part-missing", "warning", "structure",
        "A state-year bundle lacks a table, or nothing says what its numbers mean.",
        "What the table says of incidents, persons or codes stays unknown, and figures that rest on it are floors.",
        "Download the state and year again, and leave all its files in one folder or archive.",
    ),
    Rule(
        "IPVI-155", "segment-length", "error", "structure",
        "A segment has a length that its level does not have, and was set aside.",
        "Its fields may stand in other columns than they are read from.",
        _AGAIN, f"{_SPEC}, edits 178, 284, 484 and 584.",
    ),
)  # fmt: skip
"""Rules of the shape of a NIBRS submission."""
