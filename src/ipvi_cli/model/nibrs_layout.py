"""Where the data elements stand in the segments of a NIBRS flat file, and how long these are.

Positions count from 1, as in the FBI NIBRS Technical Specification, "Data record descriptions".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KEY_WIDTH: Final = 37
"""Every segment starts with its length (1-4), level (5), action (6), month (7-8), year (9-12), a city indicator
(13-16), the ORI (17-25) and the incident number (26-37)."""

HEADER: Final = {"submission_month": (7, 2), "submission_year": (9, 4), "ori": (17, 9)}
NUMBER: Final = {"incident_number": (26, 12)}
"""Key columns: first position and width. Level 7 has the arrest transaction number in place of the incident's."""

LENGTHS: Final[dict[int, tuple[int, ...]]] = {
    0: (43,),
    1: (87, 88, 91),
    2: (63, 71),
    3: (307,),
    4: (129, 141),
    5: (45, 46),
    6: (110,),
    7: (66, 69),
}
"""Lengths of a segment by its level: with and without cargo theft and judicial district (1, 7), further bias
motivations (2), officers killed or assaulted (4) and ethnicity (5)."""

LEAST: Final = {0: 43, 1: 45, 2: 46, 3: 38, 4: 71, 5: 39, 6: 64, 7: 51}
"""How far the elements go that are never blank: a segment that ends before has been cut, one that ends after it may
only lack the blanks at its end."""

LENGTH_EDITS: Final = {1: "178", 2: "284", 3: "384", 4: "484", 5: "584", 6: "684", 7: "784"}
"""Edits of the FBI on the length of a segment by its level."""


@dataclass(frozen=True)
class Field:
    """Where an element stands.

    Attributes:
        start: First position.
        width: Characters, of one slot where there are several.
        step: Characters from one slot to the next.
    """

    start: int
    width: int
    step: int = 0


LAYOUT: Final[dict[str, dict[str, Field]]] = {
    "zero": {"report_month": Field(38, 2), "report_year": Field(40, 4)},
    "incident": {
        "occurred_on": Field(38, 8),
        "report_date": Field(46, 1),
        "hour": Field(47, 2),
        "clearance": Field(49, 1),
        "cleared_on": Field(50, 8),
        "cargo_theft": Field(88, 1),
    },
    "offense": {
        "offense_code": Field(38, 3),
        "attempted": Field(41, 1),
        "suspected_use": Field(42, 1, 1),
        "bias": Field(62, 2, 2),
        "location": Field(45, 2),
        "premises": Field(47, 2),
        "entry": Field(49, 1),
        "activities": Field(50, 1, 1),
        "weapons": Field(53, 3, 3),
    },
    "property": {"loss_type": Field(38, 1)},
    "victim": {
        "victim_number": Field(38, 3),
        "offense_codes": Field(41, 3, 3),
        "victim_type": Field(71, 1),
        "officer_activity": Field(130, 2),
        "officer_assignment": Field(132, 1),
        "officer_ori": Field(133, 9),
        "age": Field(72, 4),
        "sex": Field(76, 1),
        "race": Field(77, 1),
        "ethnicity": Field(78, 1),
        "resident": Field(79, 1),
        "circumstances": Field(80, 2, 2),
        "justifiable": Field(84, 1),
        "injuries": Field(85, 1, 1),
        "offender_numbers": Field(90, 2, 4),
        "relationships": Field(92, 2, 4),
    },
    "offender": {
        "offender_number": Field(38, 2),
        "age": Field(40, 4),
        "sex": Field(44, 1),
        "race": Field(45, 1),
        "ethnicity": Field(46, 1),
    },
    "arrestee": {
        "arrestee_number": Field(38, 2),
        "arrest_number": Field(40, 12),
        "arrested_on": Field(52, 8),
        "arrest_type": Field(60, 1),
        "multiple_arrests": Field(61, 1),
        "offense_code": Field(62, 3),
        "armed_with": Field(65, 3, 3),
        "age": Field(71, 4),
        "sex": Field(75, 1),
        "race": Field(76, 1),
        "ethnicity": Field(77, 1),
        "resident": Field(78, 1),
        "juvenile_disposition": Field(79, 1),
    },
    "group_b_arrest": {
        "arrestee_number": Field(38, 2),
        "arrest_number": Field(26, 12),
        "arrested_on": Field(40, 8),
        "arrest_type": Field(48, 1),
        "offense_code": Field(49, 3),
        "armed_with": Field(52, 3, 3),
        "age": Field(58, 4),
        "sex": Field(62, 1),
        "race": Field(63, 1),
        "ethnicity": Field(64, 1),
        "resident": Field(65, 1),
        "juvenile_disposition": Field(66, 1),
    },
}
"""Positions of the data elements by level and column of the segment frame."""

ANCHORS: Final[dict[int, tuple[int, str]]] = {
    1: (38, "dddddddd"),
    2: (38, "ddx"),
    4: (90, "ddxx"),
    5: (38, "dd"),
    6: (52, "dddddddd"),
    7: (40, "dddddddd"),
}
"""By level, where digits (``d``) and letters, digits or blanks (``x``) must stand, if anything does: a segment that
fits only when it is read one column further left or right has been shifted."""
