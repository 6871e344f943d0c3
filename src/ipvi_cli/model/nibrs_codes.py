"""The codes that NIBRS has for its data elements, and what kind of crime each offence is.

FBI, NIBRS Technical Specification and NIBRS User Manual; federal offences of 2020 included.
"""

from __future__ import annotations

from typing import Final

from ipvi_cli.model.codelists import CODE_LISTS

AGAINST_PERSONS: Final = (
    "09A", "09B", "09C", "100", "11A", "11B", "11C", "11D", "13A", "13B", "13C", "36A", "36B", "64A",
    "64B",
)  # fmt: skip
"""Crimes against persons, justifiable homicide included."""

AGAINST_PROPERTY: Final = (
    "120", "200", "210", "220", "23A", "23B", "23C", "23D", "23E", "23F", "23G", "23H", "240", "250",
    "26A", "26B", "26C", "26D", "26E", "26F", "26G", "270", "280", "290", "510",
)  # fmt: skip
"""Crimes against property."""

AGAINST_SOCIETY: Final = (
    "35A", "35B", "370", "39A", "39B", "39C", "39D", "40A", "40B", "40C", "520", "720",
)  # fmt: skip
"""Crimes against society."""

FEDERAL: Final = (
    "101", "103", "26H", "30A", "30B", "30C", "30D", "360", "49A", "49B", "49C", "521", "522", "526",
    "58A", "58B", "61A", "61B", "620",
)  # fmt: skip
"""Group A offences that federal and tribal agencies alone report."""

GROUP_A: Final = (*AGAINST_PERSONS, *AGAINST_PROPERTY, *AGAINST_SOCIETY, *FEDERAL)
GROUP_B: Final = (
    "90A", "90B", "90C", "90D", "90E", "90F", "90G", "90H", "90I", "90J", "90K", "90L", "90M", "90Z",
)  # fmt: skip

PERSONS: Final = ("I", "L")
"""Types of victim that are persons."""

FIREARMS: Final = ("11", "12", "13", "14", "15")
AUTOMATICS: Final = tuple(f"{code}A" for code in FIREARMS)

RELATIONSHIPS: Final = (
    "SE", "CS", "PA", "SB", "CH", "GP", "GC", "IL", "SP", "SC", "SS", "OF", "VO", "AQ", "FR", "NE",
    "BE", "BG", "CF", "HR", "XS", "XR", "EE", "ER", "OK", "ST", "RU", "FC", "FP", "CO",
)  # fmt: skip

_PERSON: Final = {
    "sex": ("M", "F", "U", "X"),
    "race": ("W", "B", "I", "A", "P", "U"),
    "ethnicity": ("H", "N", "U"),
}
_ARREST: Final = {
    **_PERSON,
    "sex": ("M", "F", "X"),
    "arrest_type": ("O", "S", "T"),
    "offense_code": (*GROUP_A, *GROUP_B),
    "armed_with": ("01", *FIREARMS, *AUTOMATICS, "16", "17"),
    "resident": ("R", "N", "U"),
    "juvenile_disposition": ("H", "R"),
}

CODES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "incident": {
        "report_date": ("R",),
        "clearance": ("A", "B", "C", "D", "E", "N"),
        "cargo_theft": ("Y", "N"),
    },
    "offense": {
        "offense_code": (*GROUP_A, *GROUP_B),
        "attempted": ("A", "C"),
        "suspected_use": ("A", "C", "D", "N"),
        "bias": (
            "11", "12", "13", "14", "15", "16", "21", "22", "23", "24", "25", "26", "27", "28", "29",
            "31", "32", "33", "41", "42", "43", "44", "45", "51", "52", "61", "62", "71", "72", "81",
            "82", "83", "84", "85", "88", "99",
        ),
        "location": tuple(sorted(set(CODE_LISTS["location"].values()))),
        "entry": ("F", "N"),
        "activities": tuple("ABCDEFGIJNOPSTUX"),
        "weapons": (
            *FIREARMS, *AUTOMATICS, "20", "30", "35", "40", "50", "60", "65", "70", "85", "90", "95",
            "99",
        ),
    },
    "victim": {
        **_PERSON,
        "offense_codes": (*GROUP_A, *GROUP_B),
        "victim_type": tuple("ILBFGRSOU"),
        "officer_activity": tuple(f"{number:02d}" for number in range(1, 12)),
        "officer_assignment": tuple("FGHIJKL"),
        "resident": ("R", "N", "U"),
        "circumstances": (
            *(f"{number:02d}" for number in range(1, 11)), "20", "21", "30", "31", "32", "33", "34",
        ),
        "justifiable": tuple("ABCDEFG"),
        "injuries": tuple("NBILMOTU"),
        "relationships": RELATIONSHIPS,
    },
    "offender": _PERSON,
    "arrestee": {**_ARREST, "multiple_arrests": ("M", "C", "N")},
    "group_b_arrest": _ARREST,
}  # fmt: skip
"""Codes of each element by level and column of the segment frame; elements without a list are absent."""

EXCLUSIVE: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "offense": {"suspected_use": ("N",), "bias": ("88", "99"), "activities": ("N",), "weapons": ("99",)},
    "arrestee": {"armed_with": ("01",)},
    "group_b_arrest": {"armed_with": ("01",)},
}  # fmt: skip
"""Codes that nothing may stand beside in the same element."""
