"""What a NIBRS submission states, by canonical column: the same for every format and every jurisdiction.

Numbers are data elements of the FBI NIBRS Technical Specification. A profile that says ``format = "nibrs-flat"`` of a
source need map nothing; these are its maps.
"""

from __future__ import annotations

from typing import Any, Final, Literal

NibrsFormat = Literal["nibrs-flat", "nibrs-xml", "nibrs-cde"]

NIBRS_COLUMNS: Final[dict[str, dict[str, str]]] = {
    "incident": {
        "occurred_on": "3",
        "occurred_time": "3",
        "reported_on": "3",
        "clearance": "4",
        "cleared_on": "5",
    },
    "offense": {
        "offense_raw": "6",
        "attempted": "7",
        "location_code": "9",
        "weapon_raw": "13",
    },
    "victim": {
        "victim_number": "23",
        "victim_type": "25",
        "age_years": "26",
        "sex": "27",
        "race": "28",
        "injury_raw": "33",
    },
    "offender": {"offender_number": "36", "age_years": "37", "sex": "38", "race": "39"},
    "relationship": {
        "victim_number": "23",
        "offender_number": "34",
        "relationship_raw": "35",
    },
    "arrest": {
        "arrest_number": "41",
        "arrested_on": "42",
        "arrest_type": "43",
        "offense_raw": "45",
        "age_years": "47",
        "sex": "48",
        "race": "49",
    },
}
"""Canonical table to its columns to the data element that each comes from."""


def nibrs_tables() -> list[dict[str, Any]]:
    """Give the maps of a NIBRS source as a profile would write them."""

    def mapped(column: str, element: str) -> dict[str, Any]:
        ties = {"direction": "victim_to_offender"} if column == "relationship_raw" else {}
        return {"column": f"data element {element}", "code_system": "nibrs", **ties}

    return [
        {
            "table": table,
            "columns": {column: mapped(column, element) for column, element in columns.items()},
        }
        for table, columns in NIBRS_COLUMNS.items()
    ]


def nibrs_keys() -> dict[str, Any]:
    """Give the keys of a NIBRS source as a profile would write them."""
    return {"agency": {"column": "data element 1"}, "incident_number": {"column": "data element 2"}}
