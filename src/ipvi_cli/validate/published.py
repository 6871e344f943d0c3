"""The published edits of the FBI by number: what each one asks, which rules judge it, and why some are not judged.

Numbers are those of the FBI's NIBRS Technical Specification and of the edit list of the SEARCH validator. Which rules
judge an edit is read from the sources that the rules themselves cite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ipvi_cli.validate.rule import Rule

_PROPERTY: Final = "property and drug segments are out of scope"
_LIST: Final = "needs the FBI's list of agencies and of the dates from which they report"
_BASE: Final = "needs the FBI's database of what was submitted before"
_BLANKS: Final = (
    "blanks around a value are taken off while reading, and the value is read all the same"
)
_CLEARANCE: Final = "the clearance indicator and offence of an arrestee are not read"
_ZERO: Final = "the number of a zero report is not read"
_DELETES: Final = "deletes are matched by their number, with or without a date"


@dataclass(frozen=True)
class Published:
    """One published edit.

    Attributes:
        number: Its number, three digits.
        gist: What it asks, in our words.
        why_not: Why no rule judges it; empty where one does.
    """

    number: str
    gist: str
    why_not: str = ""


def _family(first: Iterable[str], last: str, gist: str, why_not: str = "") -> list[Published]:
    """Give the edits of one meaning, one a level."""
    return [Published(f"{level}{last}", gist, why_not) for level in first]


_AGED: Final = ("4", "5", "6", "7")
_NUMBERED: Final = ("1", "2", "4", "5", "6", "7")

PUBLISHED: Final[tuple[Published, ...]] = tuple(
    sorted(
        [
            Published("001", "zero report: mandatory elements are there"),
            Published("004", "zero report: month and year are such"),
            Published("015", "zero report: no blank inside the incident number", _ZERO),
            Published("016", "zero report: incident number left-justified", _ZERO),
            Published("017", "zero report: characters of the incident number", _ZERO),
            Published("028", "zero report: no incident on file for the month", _BASE),
            Published("029", "zero report: no Group B arrest on file for the month", _BASE),
            Published("050", "segments of an incident in the order of their levels"),
            Published("051", "segment level 0 to 7"),
            Published("052", "ORI is one of the FBI's", _LIST),
            Published("055", "an incident starts with its administrative segment"),
            Published("056", "incident numbers are unique"),
            Published("058", "one month of submission in a file"),
            Published("059", "one state in a file"),
            Published("060", "submission before the day of processing", "findings are the same on any day"),
            Published("065", "every offence has a connected victim"),
            Published("070", "offenders named by victims are there"),
            Published("071", "no arrest on or before an exceptional clearance"),
            *(
                Published(number, "property loss and recovery", _PROPERTY)
                for number in ("072", "073", "074", "076", "077", "078", "081", "084")
            ),
            Published("075", "administrative, offence, victim and offender segments are there"),
            Published("080", "crimes against society have one victim"),
            Published("085", "with three or more offenders, a victim is connected to two or more"),
            Published("086", "ORI of the submission", _LIST),
            Published("088", "an incident and a Group B arrest have different numbers"),
            Published("090", "zero report: month 01 to 12"),
            Published("091", "zero report: year of four digits"),
            Published("092", "zero report: incident number of zeros", _ZERO),
            Published("093", "zero report: not before the base date", _BASE),
            Published("094", "zero report: not after the submission"),
            Published("096", "zero report: agency not covered by another", _LIST),
            *_family(_NUMBERED, "01", "mandatory elements are there"),
            *_family(("1", "2", "4", "5", "6", "7"), "04", "codes are on their lists"),
            *_family(("1", "6", "7"), "05", "dates are dates"),
            *_family(_NUMBERED, "15", "no blank inside incident and arrest numbers"),
            *_family(_NUMBERED, "16", "numbers are left-justified", _BLANKS),
            *_family(_NUMBERED, "17", "incident and arrest numbers of capital letters, digits and hyphens"),
            Published("118", "agency was active", _LIST),
            Published("119", "cargo theft stated where the offence calls for it"),
            Published("122", "cargo theft only with some offences"),
            Published("151", "report date indicator blank or R"),
            Published("152", "hour 00 to 23"),
            Published("153", "no clearance date without clearance"),
            Published("155", "clearance not before the incident"),
            Published("156", "clearance has a date"),
            Published("157", "clearance stated in changes of the incident", "a change is read as it stands"),
            Published("170", "incident not after the month of submission"),
            Published("171", "incident not before the year before submission", "no longer specified; the period tells"),
            Published("172", "incident not before 1991"),
            Published("173", "incident not before the agency began with NIBRS", _LIST),
            Published("175", "base date can be calculated", "dates and months of submission are judged by themselves"),
            *(Published(number, "length of the segment") for number in ("178", "284", "484", "584")),
            *(Published(number, "date of a delete", _DELETES) for number in ("197", "198", "199", "797", "798", "799")),
            *_family(("2", "4", "5", "6", "7"), "02", "sequence numbers and counts are numbers"),
            Published("205", "cyberspace only with some offences"),
            *_family(("2", "4", "6", "7"), "06", "no code twice in an element"),
            *_family(("2", "4", "6", "7"), "07", "codes that exclude all others stand alone"),
            Published("219", "criminal activity only with some offences"),
            Published("220", "criminal activity stated where the offence calls for it"),
            Published("221", "weapon stated where the offence calls for it"),
            Published("222", "weapon only with some offences"),
            Published("251", "attempted or completed is A or C"),
            Published("252", "premises only with burglary of lodgings or storage"),
            Published("253", "method of entry stated for burglary"),
            Published("254", "method of entry only for burglary"),
            Published("255", "automatic indicator blank or A"),
            Published("256", "homicide and assault are completed"),
            Published("257", "premises stated for burglary of lodgings or storage"),
            Published("258", "automatic weapons are firearms"),
            Published("262", "no offence twice"),
            Published("263", "no more than ten offences"),
            Published("264", "no Group B offence in an incident"),
            Published("265", "weapons of a simple assault"),
            Published("266", "justifiable homicide stands alone"),
            Published("267", "homicide has a weapon"),
            Published("268", "larceny without motor vehicles", _PROPERTY),
            Published("269", "simple assault without firearm"),
            Published("270", "justifiable homicide without bias"),
            *(
                Published(f"{number}", "property segment", _PROPERTY)
                for number in (
                    301, 302, 304, 305, 306, 315, 316, 317, 320, 342, 343, 351, 352, 353, 354, 355, 356, 357, 358,
                    359, 360, 361, 362, 363, 364, 365, 366, 367, 368, 372, 375, 376, 382, 383, 384, 387, 388, 389,
                    390, 391, 392,
                )
            ),
            *_family(_AGED, "08", "age left-justified", _BLANKS),
            *_family(_AGED, "09", "an age range is of four digits"),
            *_family(_AGED, "10", "an age range is not reversed"),
            *_family(_AGED, "22", "an age range does not start at 00"),
            Published("419", "circumstances and injuries only with some offences"),
            Published("449", "spouse under 18 (victim)"),
            Published("450", "spouse under 10, since 2019 under 13 (victim)"),
            Published("451", "victim numbers are unique"),
            Published("453", "age, sex and race of a person are there"),
            Published("454", "activity, assignment, age, sex and race of an officer are there"),
            Published("455", "justifiable homicide has additional circumstances"),
            Published("456", "circumstances from 10 on stand alone"),
            Published("457", "additional circumstances only in justifiable homicide"),
            Published("458", "personal elements only of persons"),
            Published("459", "ties only with crimes against persons and robbery"),
            Published("460", "a tie for every offender named"),
            Published("461", "society no victim of burglary"),
            Published("462", "circumstances of an aggravated assault"),
            Published("463", "circumstances of a justifiable homicide"),
            Published("464", "victim of a crime against persons is a person"),
            Published("465", "victim of a crime against society is society"),
            Published("466", "connected offences are there"),
            Published("467", "victim of a crime against property is not society"),
            Published("468", "no tie to offender 00"),
            Published("469", "sex of a rape victim is known"),
            Published("470", "victim was offender: two victims and two offenders"),
            Published("471", "victim was offender once a victim"),
            Published("472", "tie to an undescribed offender is unknown"),
            Published("474", "victim was offender once an offender"),
            Published("475", "one spouse a victim"),
            Published("476", "one spouse an offender"),
            Published("477", "circumstances fit the offence"),
            Published("478", "no offence beside its part on one victim"),
            Published("479", "simple assault without major injury"),
            Published("480", "other felony needs another offence or victim"),
            Published("481", "victim of statutory rape under age"),
            Published("482", "officers are victims of murder and assault"),
            Published("483", "officer elements only of officers"),
            Published("490", "hour known where an officer is the victim"),
            Published("549", "spouse under 18 (offender)"),
            Published("550", "spouse under 10, since 2019 under 13 (offender)"),
            Published("551", "offender numbers are unique"),
            Published("552", "nothing known of offender 00"),
            Published("553", "sexes of the two persons fit the tie", "old: it would call same-sex couples wrong"),
            Published("554", "ages of the two persons fit the tie"),
            Published("555", "offender 00 stands alone"),
            Published("556", "age is digits (offender)"),
            Published("557", "exceptional clearance has an offender other than 00"),
            Published("558", "exceptional clearance has a described offender"),
            Published("559", "justifiable homicide has a described offender"),
            Published("560", "an offender of a rape is of another sex than the victim"),
            Published("572", "undescribed offender has unknown ties"),
            Published("618", "agency was active", _LIST),
            Published("623", "no clearance indicator in new reports", _CLEARANCE),
            *_family(("6", "7"), "40", "possible juvenile has a disposition"),
            *_family(("6", "7"), "41", "arrestee of 99"),
            *_family(("6", "7"), "52", "juvenile has a disposition"),
            *_family(("6", "7"), "53", "adult has no juvenile disposition"),
            *_family(("6", "7"), "54", "automatic indicator blank or A"),
            *_family(("6", "7"), "55", "automatic weapons are firearms"),
            Published("656", "no more arrestees than offenders"),
            Published("661", "arrestee numbers are unique"),
            Published("664", "age is digits (arrestee)"),
            Published("665", "arrest not before the incident"),
            Published("667", "sex of an arrestee is known"),
            Published("668", "one clearance indicator", _CLEARANCE),
            Published("669", "nobody arrested for a justifiable homicide"),
            Published("670", "justifiable homicide is no arrest offence"),
            Published("671", "clearance offence on the list", _CLEARANCE),
            Published("718", "agency was active", _LIST),
            Published("720", "arrest not before the base date", _BASE),
            Published("751", "Group B arrestee numbers are unique"),
            Published("757", "age is digits (Group B)"),
            Published("758", "sex of a Group B arrestee is known"),
            Published("759", "Group B arrest is new"),
            Published("760", "Group B arrest has a Group B offence"),
            Published("761", "runaways are 1 to 17"),
            *(Published(number, "ORI is valid", _LIST) for number in ("930", "931", "932", "933", "934", "952")),
        ],
        key=lambda one: one.number,
    )
)  # fmt: skip
"""Every published edit in the order of its number."""

_CITED: Final = re.compile(r"\bedits? ((?:\d{3}(?:, | and )?)+)")


def judged_by(rules: Iterable[Rule]) -> Mapping[str, tuple[str, ...]]:
    """Say which rules judge each edit.

    Args:
        rules: The rules, each citing the edits that it judges in its source.

    Returns:
        Codes of rules by number of the edit.
    """
    found: dict[str, list[str]] = {}
    for rule in rules:
        for cited in _CITED.findall(rule.source):
            for number in re.findall(r"\d{3}", cited):
                found.setdefault(number, []).append(rule.code)
    return {number: tuple(codes) for number, codes in sorted(found.items())}
