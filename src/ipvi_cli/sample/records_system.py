"""Shape ``rms``: the normalised export of a records system, two agencies, one file for each kind of record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from ipvi_cli.sample.chance import Chance, split
from ipvi_cli.sample.incidents import Incident, Truth, draw_incidents, span, write_truth
from ipvi_cli.sample.paper import damaged, record, site_words, some, template, untidy
from ipvi_cli.sample.people import People, Person
from ipvi_cli.sample.vocabulary import Offense, Tie, vocabulary
from ipvi_cli.sample.workbook import Cell, write_workbook

INCIDENTS: Final = 1_500
INTIMATE: Final = 450
YEARS: Final = 3

_BUSINESS, _NOBODY = "business_victim", "no_suspect"
_PROPERTY: Final = "290"
"""Destruction of property (NIBRS): no crime against a person."""

_OTHERS = {
    "other_family": 17, "other_domestic": 4, "undetermined": 14, "known_not_domestic": 25,
    "stranger": 18, _NOBODY: 13, _BUSINESS: 9,
}  # fmt: skip
"""What the incidents are that are not intimate partner. With 30 % intimate partner, about a sixth of the denominator
is undetermined."""


@dataclass(frozen=True)
class _Agency:
    ori: str
    word: str
    beats: tuple[tuple[str, int], ...]


_AGENCIES = (
    _Agency("ZZ0020000", "LAKE CITY PD", (("A1", 5), ("A2", 4), ("A3", 3), ("A4", 2))),
    _Agency("ZZ0020100", "HILL TOWN PD", (("B1", 3), ("B2", 2))),
)
_SIZES = (7, 3)

_HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "incidents.csv": (
        "IncidentNum", "AgencyName", "Occurred", "Reported", "Beat", "DVFlag", "ExcClearance",
        "ExcClearDate", "Address",
    ),
    "persons.csv": (
        "IncidentNum", "AgencyName", "PersonNum", "Role", "Name", "DOB", "Age", "Sex", "Race",
        "VictimType", "Injury", "HomeAddress", "Phone",
    ),
    "relationships.csv": (
        "IncidentNum", "AgencyName", "VictimPersonNum", "OffenderPersonNum", "Relationship",
    ),
    "offenses.csv": (
        "IncidentNum", "AgencyName", "OffenseDesc", "Statute", "AttemptComplete", "Weapon",
    ),
}  # fmt: skip
_ARRESTS = ("Arrest No", "Incident No", "Agency", "Person No", "Arrest Date", "Arrest Type", "Sex", "Age")  # fmt: skip
_ARREST_FILE = "arrests.xlsx"
_DELIMITERS = {"offenses.csv": "|"}
_ROLES = {"victim": ("VICTIM", "VIC"), "suspect": ("SUSPECT", "SUSP")}
_DOMESTIC = ("intimate_partner", "other_family", "other_domestic")

Pair = tuple[Person, Person, str | None]
"""Victim, offender, and what the relationship file says; ``None``: it has no row for the two."""


@dataclass(frozen=True)
class _Scene:
    """What happened in one incident, and what the records say of it.

    Attributes:
        pairs: Who was victim of whom.
        flagged: The agency's domestic flag; ``None``: not stated.
        reason: Why the incident stays undetermined, if it does.
        mixed: Whether its pairs are of several determinate classes.
        related: Whether a pair of relatives is in it beside one whose tie is open.
    """

    pairs: tuple[Pair, ...]
    flagged: bool | None
    reason: str | None = None
    mixed: bool = False
    related: bool = False


def make_records(
    *, seed: int, incidents: int, intimate: int, years: int, mess: float, asked: Mapping[str, Any]
) -> tuple[dict[str, bytes], str, dict[str, bytes]]:
    """Make the delivery, the profile and the truth of the shape.

    Args:
        seed: Seed.
        incidents: Number of incidents of all kinds.
        intimate: Number of them that are intimate partner.
        years: Number of years.
        mess: Share of messy cells and rows.
        asked: What the truth says that the sample was made with.

    Returns:
        Files, profile, truth.
    """
    others = split(incidents - intimate, list(_OTHERS.values()))
    meanings = {"intimate_partner": intimate, **dict(zip(_OTHERS, others, strict=True))}
    chance = Chance(seed, "incidents")
    drawn = draw_incidents(meanings, years=years, agencies=_SIZES, chance=chance)
    clerk = _Clerk(seed, mess)
    truths = [clerk.enter(one) for one in drawn]
    files: dict[str, bytes] = {}
    rows: dict[str, dict[str, int]] = {}
    for name in _HEADERS:
        files[name], rows[name] = clerk.file(name)
    start, end = span(years)
    about = f"SYNTHETIC SAMPLE - no real person - arrests {start.year} to {end.year}"
    files[_ARREST_FILE] = write_workbook(about, _ARRESTS, clerk.arrests)
    rows[f"{_ARREST_FILE}#Arrests"] = {"read": len(clerk.arrests), "quarantined": 0, "duplicate": 0}
    words = vocabulary()
    profile = template(
        "rms",
        {
            "START": start,
            "END": end,
            "ROWS": sum(one["read"] for one in rows.values()),
            "INCIDENTS": incidents,
            "OFFENSES": site_words(words.codes["offense"]),
            "WEAPONS": site_words(words.codes["weapon"]),
            "INJURIES": site_words(words.codes["injury"]),
        },
    )
    return files, profile, write_truth(truths, asked=asked, files=rows)


class _Clerk:
    """Enters incidents into the files of the records system."""

    def __init__(self, seed: int, mess: float) -> None:
        self.mess = mess
        self.words = vocabulary()
        self.people = People(self.words, Chance(seed, "people"))
        self.facts = Chance(seed, "facts")
        self.hand = Chance(seed, "hand")
        self.rows: dict[str, list[list[str]]] = defaultdict(list)
        self.arrests: list[tuple[Cell, ...]] = []

    def enter(self, incident: Incident) -> Truth:
        """Enter one incident and say what the audit has to find."""
        agency = _AGENCIES[incident.agency]
        scene = self.happened(incident)
        victims = list(dict.fromkeys(pair[0] for pair in scene.pairs))
        suspects = list(dict.fromkeys(pair[1] for pair in scene.pairs))
        if incident.meaning == _NOBODY:
            victims, suspects = [self.people.any(incident.occurred.date())], []
        arrested = bool(suspects) and self.facts.hit(0.3)
        crime = self.crime(incident)
        self.incident(incident, scene.flagged, arrested)
        for victim in victims:
            kind = "BUSINESS" if incident.meaning == _BUSINESS else "INDIVIDUAL"
            hurt = self.facts.weighted(crime.injuries) if kind == "INDIVIDUAL" else ""
            self.person(incident, "victim", victim, (kind, hurt))
        for suspect in suspects:
            self.person(incident, "suspect", suspect)
        if self.facts.hit(0.25):
            witness = self.people.any(incident.occurred.date())
            self.person(incident, self.facts.pick(("WITNESS", "RP")), witness)
        for one, other, said in scene.pairs:
            if said is not None:
                keys = self.keys("relationships.csv", incident)
                self.rows["relationships.csv"].append([*keys, one.number, other.number, said])
        self.offense(incident, crime)
        if arrested:
            self.arrest(incident, suspects[0])
        counted = incident.meaning in (*_DOMESTIC, "undetermined") or scene.flagged is True
        meaning = {_NOBODY: "undetermined", _BUSINESS: "not_applicable"}.get(
            incident.meaning, incident.meaning
        )
        reason = scene.reason
        if crime.code == _PROPERTY and reason in ("no_offender", "missing"):
            # No tie is asked for where a thing was damaged and nothing is known of the tie to who did it.
            meaning = "other_family" if scene.related else "not_applicable"
            reason = None if scene.related else "not_called_for"
        return Truth(
            f"{agency.ori}:{incident.year}-{incident.serial:06d}",
            meaning,
            reason,
            counted and meaning != "not_applicable",
            scene.mixed,
            scene.flagged,
            scene.related,
        )

    def happened(self, incident: Incident) -> _Scene:
        """Draw who was there, what was written of their tie, and the domestic flag."""
        facts, day = self.facts, incident.occurred.date()
        flagged: bool | None
        if incident.meaning == _NOBODY:
            flagged = facts.weighted(((False, 70), (None, 27), (True, 3)))
            return _Scene((), flagged, "no_offender")
        if incident.meaning == _BUSINESS:
            return _Scene(((self.people.any(day), self.people.any(day), None),), False)
        tie = self.words.tie(incident.meaning, "victim", facts)
        reason = tie.reason
        if incident.meaning in _DOMESTIC:
            flagged = facts.weighted(((True, 86), (None, 11), (False, 3)))
        elif incident.meaning == "undetermined":
            flagged = facts.weighted(((True, 55), (None, 30), (False, 15)))
            if flagged and facts.hit(0.12):
                tie = self.known_only(tie)
                reason = tie.flagged or tie.reason
        else:
            flagged = None if tie.flagged else facts.weighted(((False, 80), (None, 17), (True, 3)))
        victim, suspect = self.people.pair(tie, day, "victim")
        said: str | None = untidy(tie.spelled(facts, self.mess), self.hand, self.mess)
        if reason == "missing" and facts.hit(0.3):
            said = None
        pairs: list[Pair] = [(victim, suspect, said)]
        mixed = related = False
        if incident.meaning == "intimate_partner" and facts.hit(0.06):
            child = self.people.one(day, facts.between(1, 16), facts.pick("FM"))
            pairs.append((child, suspect, facts.pick(("CHILD", "STEPCHILD"))))
            mixed = True
        elif incident.meaning == "known_not_domestic" and not tie.flagged and facts.hit(0.1):
            pairs.append((victim, self.people.any(day), "FRIEND"))
        elif incident.meaning == "undetermined" and facts.hit(0.05):
            pairs.append((self.people.any(day), suspect, "SIBLING"))
            related = True
        return _Scene(tuple(pairs), flagged, reason, mixed, related)

    def known_only(self, otherwise: Tie) -> Tie:
        """Give the tie that says only that the two know each other, which decides nothing where the flag is set."""
        ties = self.words.ties["known_not_domestic"]
        return next((tie for tie in ties if tie.flagged), otherwise)

    def keys(self, name: str, incident: Incident) -> tuple[str, str]:
        """Write number and agency as the file writes them; the profile makes one number of the ways."""
        number = {
            "incidents.csv": f"{incident.year % 100:02d}-{incident.serial:06d}",
            "persons.csv": f"{incident.year}-{incident.serial:06d}",
            "relationships.csv": f"{incident.year % 100:02d}-{incident.serial:06d}",
            "offenses.csv": f"{incident.year % 100:02d}-{incident.serial}",
            _ARREST_FILE: f"{incident.year}-{incident.serial}",
        }[name]
        agency = _AGENCIES[incident.agency]
        word = agency.ori if name == "offenses.csv" else agency.word
        return untidy(number, self.hand, self.mess), untidy(word, self.hand, self.mess)

    def incident(self, incident: Incident, flagged: bool | None, arrested: bool) -> None:
        """Enter the incident itself; one in twenty without an arrest is cleared exceptionally."""
        cleared = not arrested and self.facts.hit(0.05)
        closed = incident.reported + timedelta(days=self.facts.between(1, 40))
        self.rows["incidents.csv"].append(
            [
                *self.keys("incidents.csv", incident),
                f"{incident.occurred:%Y-%m-%d %H:%M}",
                f"{incident.reported:%Y-%m-%d}",
                untidy(self.facts.weighted(_AGENCIES[incident.agency].beats), self.hand, self.mess),
                {True: "DV", False: "N", None: ""}[flagged],
                self.facts.pick(("REFUSED PROS", "DA DECLINED")) if cleared else "",
                f"{closed:%Y-%m-%d}" if cleared else "",
                f"{self.facts.between(1, 999)} {self.facts.pick(self.words.names['street'])}",
            ]
        )

    def person(
        self, incident: Incident, role: str, person: Person, harmed: tuple[str, str] = ("", "")
    ) -> None:
        """Enter a person; a business has neither birth nor sex.

        Args:
            incident: The incident.
            role: Role in it.
            person: The person.
            harmed: Kind of victim, and injury.
        """
        business = harmed[0] == "BUSINESS"
        said = self.hand.pick(_ROLES[role]) if self.hand.hit(self.mess) and role in _ROLES else ""
        age = person.age(incident.occurred.date())
        born = f"{person.born:%m/%d/%Y}" if self.facts.hit(0.9) else ""
        name = f"TESTBUSINESS-{self.facts.pick(self.words.names['business']).upper()}"
        self.rows["persons.csv"].append(
            [
                *self.keys("persons.csv", incident),
                person.number,
                said or _ROLES.get(role, (role,))[0],
                name if business else untidy(person.name, self.hand, self.mess),
                "" if business else born,
                "" if business else f"{age} YRS" if self.hand.hit(self.mess) else str(age),
                "" if business else person.sex,
                "" if business else person.race,
                *harmed,
                person.address,
                person.phone,
            ]
        )

    def crime(self, incident: Incident) -> Offense:
        """Draw the offence."""
        if incident.meaning == _BUSINESS:
            return self.words.named("CRIMINAL MISCHIEF")
        domestic = incident.meaning in (*_DOMESTIC, "undetermined")
        return self.words.offense(self.facts, domestic=domestic)

    def offense(self, incident: Incident, crime: Offense) -> None:
        """Enter the offence, and the weapon where there was one; assaults are never mere attempts in NIBRS."""
        weapon = self.facts.weighted(crime.weapons).split(";")[0]
        statute = f"PL {self.facts.between(100, 299)}.00, sub {self.facts.between(1, 4)} (invented)"
        tried = not crime.code.startswith("13") and self.facts.hit(0.1)
        keys = self.keys("offenses.csv", incident)
        said = untidy(crime.say, self.hand, self.mess)
        self.rows["offenses.csv"].append([*keys, said, statute, "A" if tried else "C", weapon])

    def arrest(self, incident: Incident, person: Person) -> None:
        """Enter an arrest; the workbook holds a real date."""
        day = incident.occurred.date() + timedelta(
            days=self.facts.weighted(((0, 80), (1, 15), (9, 5)))
        )
        self.arrests.append(
            (
                f"A-{len(self.arrests) + 1:05d}",
                *self.keys(_ARREST_FILE, incident),
                person.number,
                day,
                self.facts.weighted((("AT SCENE", 75), ("ON WARRANT", 15), ("TICKET", 10))),
                person.sex,
                person.age(day),
            )
        )  # fmt: skip

    def file(self, name: str) -> tuple[bytes, dict[str, int]]:
        """Write a file: some records twice, some also as a damaged copy; nothing is there only damaged."""
        rows, delimiter = self.rows[name], _DELIMITERS.get(name, ",")
        lines = [record(cells, delimiter=delimiter) for cells in rows]
        repeats = [
            self.hand.between(0, len(rows) - 1) for _ in range(some(len(rows), 0.02, self.mess))
        ]
        broken = [
            self.hand.between(0, len(rows) - 1) for _ in range(some(len(rows), 0.01, self.mess))
        ]
        after: dict[int, list[str]] = defaultdict(list)
        for place in repeats:
            after[place].append(lines[place])
        for number, place in enumerate(broken):
            after[place].append(damaged(rows[place], number, delimiter=delimiter))
        body = "".join(line + "".join(after[place]) for place, line in enumerate(lines))
        text = record(_HEADERS[name], delimiter=delimiter) + body
        counts = {
            "read": len(lines) + len(repeats) + len(broken),
            "quarantined": len(broken),
            "duplicate": len(repeats),
        }
        return text.encode("utf-8-sig"), counts
