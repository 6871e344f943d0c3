"""A made-up state-year in both layouts of the Crime Data Explorer: upper-case, and lower-case with offence codes."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

Rows = list[dict[str, object]]

RELATIONSHIPS = dict(enumerate(("SE", "BG", "XS", "PA", "CH", "AQ", "ST", "RU", "VO"), start=201))
OFFENSES = dict(enumerate(("13B", "13A", "220", "90Z", "09A", "290"), start=301))
TYPES = {1: "I", 2: "B", 3: "S", 4: "L"}
RACES = {11: "W", 12: "B", 13: "NS"}
AGES = {1: "NN", 4: "00", 5: "AG", 6: "99"}
"""Numbers that no published bundle uses, so that only its own look-up tables can tell what they mean."""

INCIDENTS = [
    # number, agency, day, hour, offence, ties of (victim, offender)
    (9001, 71, "2023-01-05", 22, "13B", "SE"),
    (9002, 71, "2023-01-06", 1, "13A", "BG"),
    (9003, 72, "2023-02-10", 13, "13B", "PA"),
    (9004, 72, "2023-02-11", None, "220", None),
    (9005, 72, "2023-03-01", 9, "13B", "RU"),
    (9006, 71, "2023-03-02", 0, "13A", "ST"),
    (9007, 71, "2023-03-03", 5, "290", None),
    (9008, 71, "2023-04-03", 5, "13B", "XS CH"),
    (9009, 72, "2023-04-04", 6, "13B", ""),
]
"""The last one has an offender of whom nothing is known; the burglary and the vandalism have a business as victim."""


def _numbers(codes: dict[int, str]) -> dict[str, int]:
    return {code: number for number, code in codes.items()}


def tables() -> dict[str, Rows]:
    """Give the rows of every table, in the columns of the upper-case layout."""
    relationship, offense = _numbers(RELATIONSHIPS), _numbers(OFFENSES)
    found: dict[str, Rows] = {
        "agencies": [
            {"AGENCY_ID": 71, "ORI": "ZZ0010000", "STATE_ABBR": "ZZ", "STATE_NAME": "Zedland"},
            {"AGENCY_ID": 72, "ORI": "ZZ0020000", "STATE_ABBR": "ZZ", "STATE_NAME": "Zedland"},
        ]
    }
    for number, agency, day, hour, code, ties in INCIDENTS:
        person = ties is not None
        found.setdefault("NIBRS_incident", []).append(
            {
                "DATA_YEAR": 2023, "AGENCY_ID": agency, "INCIDENT_ID": number, "NIBRS_MONTH_ID": 5,
                "INCIDENT_DATE": day, "REPORT_DATE_FLAG": "", "INCIDENT_HOUR": "" if hour is None else hour,
                "CLEARED_EXCEPT_ID": 2, "CLEARED_EXCEPT_DATE": day,
            }
        )  # fmt: skip
        found.setdefault("NIBRS_OFFENSE", []).append(
            {
                "DATA_YEAR": 2023, "OFFENSE_ID": number * 10, "INCIDENT_ID": number,
                "OFFENSE_TYPE_ID": offense[code], "ATTEMPT_COMPLETE_FLAG": "C", "LOCATION_ID": 20,
            }
        )  # fmt: skip
        found.setdefault("NIBRS_WEAPON", []).append({"WEAPON_ID": 9, "OFFENSE_ID": number * 10})
        for seq, tie in enumerate((ties or "").split() or [""], start=1):
            victim, offender = number * 100 + seq, number * 1000 + seq
            found.setdefault("NIBRS_VICTIM", []).append(
                {
                    "DATA_YEAR": 2023, "VICTIM_ID": victim, "INCIDENT_ID": number, "VICTIM_SEQ_NUM": seq,
                    "VICTIM_TYPE_ID": 1 if person else 2, "AGE_ID": 5 if person else "",
                    "AGE_NUM": 20 + seq if person else "", "SEX_CODE": "F" if person else "",
                    "RACE_ID": 11 if person else "", "AGE_RANGE_LOW_NUM": 20 + seq if person else "",
                    "AGE_RANGE_HIGH_NUM": 0 if person else "",
                }
            )  # fmt: skip
            found.setdefault("NIBRS_OFFENDER", []).append(
                {
                    "DATA_YEAR": 2023, "OFFENDER_ID": offender, "INCIDENT_ID": number,
                    "OFFENDER_SEQ_NUM": seq if tie else 0, "AGE_ID": 4, "AGE_NUM": "",
                    "SEX_CODE": "M" if tie else "", "RACE_ID": 12 if tie else "",
                    "AGE_RANGE_LOW_NUM": 30, "AGE_RANGE_HIGH_NUM": 35,
                }
            )  # fmt: skip
            found.setdefault("NIBRS_VICTIM_OFFENSE", []).append(
                {"VICTIM_ID": victim, "OFFENSE_ID": number * 10}
            )
            if tie:
                found.setdefault("NIBRS_VICTIM_INJURY", []).append(
                    {"VICTIM_ID": victim, "INJURY_ID": 3}
                )
                found.setdefault("NIBRS_VICTIM_OFFENDER_REL", []).append(
                    {
                        "VICTIM_ID": victim, "OFFENDER_ID": offender,
                        "RELATIONSHIP_ID": relationship[tie],
                    }
                )  # fmt: skip
    found["NIBRS_VICTIM_CIRCUMSTANCES"] = [{"VICTIM_ID": 900201, "CIRCUMSTANCES_ID": 6}]
    found["NIBRS_ARRESTEE"] = [
        {
            "DATA_YEAR": 2023, "ARRESTEE_ID": 1, "INCIDENT_ID": 9001, "ARRESTEE_SEQ_NUM": 1,
            "ARREST_DATE": "2023-01-05", "ARREST_TYPE_ID": 8, "MULTIPLE_INDICATOR": "N",
            "OFFENSE_TYPE_ID": offense["13B"], "AGE_ID": 5, "AGE_NUM": 33, "SEX_CODE": "M",
            "RACE_ID": 12, "AGE_RANGE_LOW_NUM": 33, "AGE_RANGE_HIGH_NUM": 0,
        }
    ]  # fmt: skip
    found["NIBRS_month"] = [
        {"NIBRS_MONTH_ID": 5, "AGENCY_ID": 71, "MONTH_NUM": 1, "DATA_YEAR": 2023}
    ]
    return found | _lookups()


def _lookups() -> dict[str, Rows]:
    def listed(codes: dict[int, str], name: str) -> Rows:
        return [{f"{name}_ID": number, f"{name}_CODE": code} for number, code in codes.items()]

    offenses = [
        {"OFFENSE_TYPE_ID": number, "OFFENSE_CODE": code} for number, code in OFFENSES.items()
    ]
    return {
        "NIBRS_RELATIONSHIP": listed(RELATIONSHIPS, "RELATIONSHIP"),
        "NIBRS_OFFENSE_TYPE": offenses,
        "NIBRS_VICTIM_TYPE": listed(TYPES, "VICTIM_TYPE"),
        "REF_RACE": listed(RACES, "RACE"),
        "NIBRS_AGE": listed(AGES, "AGE"),
        "NIBRS_CLEARED_EXCEPT": listed({1: "N", 2: "B"}, "CLEARED_EXCEPT"),
        "NIBRS_LOCATION_TYPE": listed({20: "20"}, "LOCATION"),
        "NIBRS_WEAPON_TYPE": listed({9: "40"}, "WEAPON"),
        "NIBRS_INJURY": listed({3: "M"}, "INJURY"),
        "NIBRS_CIRCUMSTANCES": listed({6: "6"}, "CIRCUMSTANCES"),
        "NIBRS_ARREST_TYPE": listed({8: "T"}, "ARREST_TYPE"),
    }


def write_bundle(
    folder: Path,
    *,
    lower: bool = False,
    without: Collection[str] = (),
    more: dict[str, Rows] | None = None,
) -> dict[str, Path]:
    """Write the state-year; give the files by their names.

    Args:
        folder: Where the files go.
        lower: Whether in the lower-case layout, which states offences by their codes.
        without: Tables that are left out, by their lower-case names.
        more: Rows that are added to tables.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, own in tables().items():
        if name.lower() in without:
            continue
        together = [*own, *(more or {}).get(name, [])]
        of_types = name == "NIBRS_OFFENSE_TYPE"
        rows = [_lowered(row, of_types=of_types) if lower else _dated(row) for row in together]
        title = f"{name.lower() if lower else name}.csv"
        path = folder / title
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_NONNUMERIC)
            writer.writeheader()
            writer.writerows(rows)
        files[title] = path
    return files


def _lowered(row: dict[str, object], *, of_types: bool) -> dict[str, object]:
    plain = {key.lower(): cell for key, cell in row.items()}
    if "offense_type_id" in plain and not of_types:
        plain["offense_code"] = OFFENSES[int(str(plain.pop("offense_type_id")))]
    return plain


_MONTHS = ("JAN", "FEB", "MAR", "APR")


def _dated(row: dict[str, object]) -> dict[str, object]:
    """Write the days of a row as the older bundles do, 05-JAN-23."""

    def old(cell: object) -> str:
        year, month, day = str(cell).split("-")
        return f"{day}-{_MONTHS[int(month) - 1]}-{year[2:]}"

    return {key: old(cell) if key.endswith("_DATE") else cell for key, cell in row.items()}
