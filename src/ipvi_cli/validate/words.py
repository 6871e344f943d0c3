"""Rules about single values that cannot be understood, found while reading: dates, numbers, codes, site words."""

from __future__ import annotations

from typing import Final

from ipvi_cli.validate.rule import Rule

_MAP: Final = (
    "Map the words in the profile's site_words; the unmapped ones are listed under restricted/."
)

RULES: Final = (
    Rule(
        "IPVI-201", "date-unreadable", "error", "type",
        "A date cannot be read.",
        "The value is unknown, so the row falls out of every count by time.",
        "Correct the dates, or declare date_formats for the column.",
        "ISO 8601-1:2019; FBI NIBRS edits 105, 605 and 705.",
    ),
    Rule(
        "IPVI-202", "date-order-undecided", "error", "type",
        "All dates of a column can be read as day-month or as month-day.",
        "A guess would move incidents between months, so none was made.",
        "Declare date_formats for the column.", "ISO 8601-1:2019.",
    ),
    Rule(
        "IPVI-203", "number-unreadable", "error", "type",
        "A number cannot be read.",
        "The value is unknown in every count that needs it.",
        "Correct the values, or map the column through codes.", "FBI NIBRS edits 202, 402, 502, 602 and 702.",
    ),
    Rule(
        "IPVI-204", "yes-no-unknown", "warning", "type",
        "A word is neither a declared yes nor a declared no.",
        "The flag is unknown for these rows.",
        "Declare the words under yes, no or otherwise of the column.",
    ),
    Rule(
        "IPVI-205", "time-unreadable", "warning", "type",
        "A time cannot be read, or its hour is not 00 to 23.",
        "The row falls out of counts by hour.",
        "Correct the times, or declare date_formats for the column.", "FBI NIBRS edit 152.",
    ),
    Rule(
        "IPVI-206", "two-date-orders", "warning", "type",
        "A column holds dates in both orders, day-month and month-day.",
        "Dates that fit both orders may be read wrongly.",
        "Ask which rows come from which system, and have one order.", "ISO 8601-1:2019.",
    ),
    Rule(
        "IPVI-301", "code-not-on-list", "warning", "code-list",
        "A code is not on the list of its column.",
        "The value is unknown; it may be a local code that has a meaning.",
        "Map the code through codes in the profile, or correct it.", "FBI NIBRS edit 404.",
    ),
    Rule(
        "IPVI-302", "offense-unmapped", "warning", "code-list",
        "Offence words map to no NIBRS offence.",
        "The incident is missing from the offence mix and from the violent offences.",
        _MAP, "FBI NIBRS data element 6.",
    ),
    Rule(
        "IPVI-303", "weapon-unmapped", "warning", "code-list",
        "Weapon words map to no NIBRS weapon.",
        "A firearm may be missed.",
        _MAP, "FBI NIBRS data element 13.",
    ),
    Rule(
        "IPVI-304", "injury-unmapped", "warning", "code-list",
        "Injury words map to no NIBRS injury.",
        "A severe injury may be missed.",
        _MAP, "FBI NIBRS data element 33.",
    ),
    Rule(
        "IPVI-305", "disposition-unmapped", "warning", "code-list",
        "Disposition words map to no known outcome.",
        "The charge counts as neither open nor closed.",
        _MAP, "N-DEx Incident/Arrest IEPD, disposition.",
    ),
    Rule(
        "IPVI-306", "call-type-unmapped", "warning", "code-list",
        "Call types map to no known kind of call.",
        "Domestic calls may be missed.",
        _MAP,
    ),
    Rule(
        "IPVI-307", "district-withheld", "info", "code-list",
        "District names that are rare and not code-like are kept in the restricted part only.",
        "Such a name may be an address or a person.",
        "List the names that may be shown under districts in the profile.",
    ),
    Rule(
        "IPVI-310", "area-unknown", "error", "tally",
        "The area of a published count is not recognised.",
        "Its counts enter the whole, but no district.",
        "List the area under districts in the profile.",
    ),
    Rule(
        "IPVI-311", "tally-year-undeclared", "error", "tally",
        "Published counts state no year.",
        "Counts of unknown years cannot be set beside others, nor added up.",
        "Map year as a constant in the profile.",
    ),
    Rule(
        "IPVI-312", "tally-row-contradicted", "warning", "tally",
        "Two rows give different counts for the same year and area.",
        "The first stands; the other is kept and not counted.",
        "Ask which of the two publications is right, and deliver that one alone.",
    ),
)  # fmt: skip
"""Rules of single values."""
