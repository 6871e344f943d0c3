"""Shape ``dir``: one flat export of domestic incident reports, a line for each report, messy as printed exports are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from ipvi_cli.sample.chance import Chance, split
from ipvi_cli.sample.incidents import Incident, Truth, draw_incidents, span, write_truth
from ipvi_cli.sample.paper import damaged, record, site_words, some, template, untidy
from ipvi_cli.sample.people import People, Person
from ipvi_cli.sample.vocabulary import Tie, vocabulary

INCIDENTS: Final = 560
INTIMATE: Final = 465
YEARS: Final = 1

_ORI = "ZZ0010000"
_AGENCY = "SAMPLE CITY PD"
_POSTS = (("P1", 34), ("P2", 28), ("P3", 22), ("P4", 16))
_OTHERS = {"other_family": 80, "other_domestic": 11, "known_not_domestic": 4}
_NEWLINE = "\r\n"
_ENCODING = "cp1252"

HEADER: Final = (
    "Report No ", "Agency", "Date Reported", "Date Occurred ", "Time Occurred", "Post",
    "Place of Occurrence", "Victim Name", "Victim DOB", "Victim Sex", "Victim Race",
    "Victim Phone", "Injury ", "Suspect Name", "Suspect DOB", "Suspect Sex", "Suspect Race",
    "Suspect Address", "Relation of Suspect to Victim ", "Child in Common", "Living Together",
    "Children Present", "Order of Protection", "Offense", "Weapon", "Arrest", "Arrest Date",
    "Narrative",
)  # fmt: skip
_OCCURRED: Final = HEADER.index("Date Occurred ")
_SAID_ONCE = ("Injury ", "Offense", "Weapon", "Arrest", "Arrest Date")
"""Columns that a supplement leaves empty, because the first report states them."""

_STORIES = (
    "SYNTHETIC NARRATIVE. Nobody was hurt, because nobody exists.",
    'SYNTHETIC NARRATIVE. The victim, who is invented, said "nothing" to the officer.',
    "SYNTHETIC NARRATIVE.\nSecond line of it, with a comma; and a semicolon.",
    "SYNTHETIC NARRATIVE. Señal de prueba: no se refiere a nadie.",
)
_SUPPLEMENT = "SYNTHETIC NARRATIVE. Supplement to the report of the same number."


@dataclass(frozen=True)
class _Line:
    """A record on its way into the file, and where in the file it goes."""

    place: tuple[int, int, int]
    text: str


def make_reports(
    *, seed: int, incidents: int, intimate: int, years: int, mess: float, asked: Mapping[str, Any]
) -> tuple[dict[str, bytes], str, dict[str, bytes]]:
    """Make the delivery, the profile and the truth of the shape.

    Args:
        seed: Seed.
        incidents: Number of incidents.
        intimate: Number of them that are intimate partner.
        years: Number of years, a file for each.
        mess: Share of messy cells and rows.
        asked: What the truth says that the sample was made with.

    Returns:
        Files, profile, truth.
    """
    others = split(incidents - intimate, list(_OTHERS.values()))
    meanings = {"intimate_partner": intimate, **dict(zip(_OTHERS, others, strict=True))}
    drawn = draw_incidents(meanings, years=years, agencies=(1,), chance=Chance(seed, "incidents"))
    writer = _Writer(seed, mess)
    files: dict[str, bytes] = {}
    rows: dict[str, dict[str, int]] = {}
    for year in range(span(years)[0].year, span(years)[1].year + 1):
        name = f"dir_{year}.csv"
        files[name], rows[name] = writer.file([one for one in drawn if one.year == year], year)
    truths = [Truth(f"{_ORI}:{one.year}-{one.serial:05d}", one.meaning) for one in drawn]
    words = vocabulary()
    profile = template(
        "dir",
        {
            "START": span(years)[0],
            "END": span(years)[1],
            "ROWS": sum(one["read"] for one in rows.values()),
            "INCIDENTS": incidents,
            "INTIMATE": intimate,
            "OFFENSES": site_words(words.codes["offense"]),
            "WEAPONS": site_words(words.codes["weapon"]),
            "INJURIES": site_words(words.codes["injury"]),
        },
    )
    return files, profile, write_truth(truths, asked=asked, files=rows)


class _Writer:
    def __init__(self, seed: int, mess: float) -> None:
        self.mess = mess
        self.words = vocabulary()
        self.people = People(self.words, Chance(seed, "people"))
        self.facts = Chance(seed, "facts")
        self.hand = Chance(seed, "hand")

    def file(self, incidents: Sequence[Incident], year: int) -> tuple[bytes, dict[str, int]]:
        """Write the reports of a year: preamble, header, records with their mess, footer."""
        reports = [self.report(one) for one in incidents]
        spoilt, slips = self.slips(reports, incidents)
        lines = [_Line((i, 0, 0), _written(cells)) for i, cells in enumerate(reports)]
        supplements = [i for i in self.chosen(len(reports), 0.4) if i not in spoilt]
        lines += [self.later(i, _written(self.supplement(reports[i]))) for i in supplements]
        repeats = [i for i in self.chosen(len(reports), 0.03) if i not in spoilt]
        lines += [self.later(i, _written(reports[i])) for i in repeats]
        broken = self.chosen(len(reports), 0.03)
        lines += [
            self.later(i, damaged(reports[i], n, newline=_NEWLINE)) for n, i in enumerate(broken)
        ]
        nameless = self.chosen(len(reports), 0.005)
        lines += [self.later(i, _written(("", *reports[i][1:]))) for i in nameless]
        blanks = self.chosen(len(reports), 0.1)
        records = len(lines)
        lines += [self.later(i, _NEWLINE) for i in blanks]
        body = "".join(line.text for line in sorted(lines, key=lambda line: line.place))
        top = (
            "SYNTHETIC SAMPLE - no real person - made by ipvi sample",
            f"Domestic incident reports {year}",
            "",
        )
        bottom = ("", "End of report", f"Records printed: {records}")
        text = _NEWLINE.join((*top, _written(HEADER))) + body + _NEWLINE.join((*bottom, ""))
        counts = {
            "read": records,
            "quarantined": len(broken) + len(nameless),
            "duplicate": len(repeats),
            **slips,
        }
        return text.encode(_ENCODING), counts

    def slips(
        self, reports: Sequence[list[str]], incidents: Sequence[Incident]
    ) -> tuple[set[int], dict[str, int]]:
        """Spoil dates in some reports: one that no calendar has, and reports from before the occurrence."""
        unreadable = set(self.chosen(len(reports), 0.01))
        early = set(self.chosen(len(reports), 0.02)) - unreadable
        for place in sorted(unreadable):
            reports[place][_OCCURRED] = f"02/31/{incidents[place].year}"
        for place in sorted(early):
            reports[place][_OCCURRED] = self.date(incidents[place].reported + timedelta(days=2))
        counts = {
            "occurrence_unreadable": len(unreadable),
            "reported_before_occurrence": len(early),
        }
        return unreadable | early, counts

    def chosen(self, count: int, share: float) -> list[int]:
        """Choose the reports that a kind of mess befalls."""
        return self.hand.shuffled(range(count))[: some(count, share, self.mess)]

    def later(self, place: int, text: str) -> _Line:
        """Put a line some lines after the report that it is about."""
        return _Line((place + self.hand.between(1, 15), 1, self.hand.between(0, 1_000_000)), text)

    def report(self, incident: Incident) -> list[str]:
        """Write the cells of a report."""
        facts, mess, day = self.facts, self.mess, incident.occurred.date()
        tie = self.words.tie(incident.meaning, "offender", facts)
        victim, suspect = self.people.pair(tie, day, "offender")
        arrested = facts.hit(0.38)
        crime = self.words.offense(facts, domestic=True) if facts.hit(0.85) else None
        hurt = facts.weighted(crime.injuries) if crime else "NO VISIBLE INJURY"
        cells = {
            "Report No ": self.number(incident),
            "Agency": untidy(_AGENCY, self.hand, mess),
            "Date Reported": self.date(incident.reported),
            "Date Occurred ": self.date(day),
            "Time Occurred": self.time(incident),
            "Post": untidy(facts.weighted(_POSTS), self.hand, mess),
            "Place of Occurrence": suspect.address,
            "Relation of Suspect to Victim ": self.relation(tie),
            "Child in Common": self.child(tie),
            "Living Together": facts.pick(("Y", "N", "")),
            "Children Present": facts.weighted((("N", 6), ("Y", 4), ("", 1))),
            "Order of Protection": facts.weighted((("NONE", 80), ("STAY AWAY", 12), ("REFRAIN", 8))),
            "Injury ": untidy(hurt, self.hand, mess),
            "Offense": untidy(crime.say, self.hand, mess) if crime else "",
            "Weapon": facts.weighted(crime.weapons) if crime else "",
            "Arrest": "Y" if arrested else "N",
            "Arrest Date": self.date(day + timedelta(days=facts.pick((0, 0, 0, 1)))) if arrested else "",
            "Narrative": facts.pick(_STORIES),
        }  # fmt: skip
        cells |= self.person("Victim", victim) | self.person("Suspect", suspect)
        return [cells[name] for name in HEADER]

    def person(self, role: str, person: Person) -> dict[str, str]:
        """Write the cells of a person."""
        sex = {"F": "Female", "M": "Male"}[person.sex] if self.hand.hit(self.mess) else person.sex
        return {
            f"{role} Name": untidy(person.name, self.hand, self.mess),
            f"{role} DOB": self.date(person.born),
            f"{role} Sex": sex,
            f"{role} Race": person.race,
            f"{role} Phone": person.phone,
            f"{role} Address": person.address,
        }

    def supplement(self, cells: Sequence[str]) -> list[str]:
        """Write a later report on the same incident, which repeats who and leaves out what."""
        told = dict(zip(HEADER, cells, strict=True)) | dict.fromkeys(_SAID_ONCE, "")
        told["Narrative"] = _SUPPLEMENT
        return list(told.values())

    def relation(self, tie: Tie) -> str:
        """Write the relation in one of its spellings."""
        return untidy(tie.spelled(self.facts, self.mess), self.hand, self.mess)

    def child(self, tie: Tie) -> str:
        """Say whether the two share a child: only partners do."""
        if tie.child:
            return "Y"
        shared = tie.meaning == "intimate_partner" and self.facts.hit(0.2)
        return "Y" if shared else self.facts.pick(("N", "N", ""))

    def number(self, incident: Incident) -> str:
        """Write the report number, at times in one of the ways that the profile declares to be the same."""
        short = f"{incident.year % 100:02d}-{incident.serial:05d}"
        if not self.hand.hit(self.mess):
            return short
        unpadded = f"{incident.year % 100:02d}-{incident.serial}"
        return self.hand.pick((f"{incident.year}-{incident.serial:05d}", unpadded, f"#{short} "))

    def date(self, day: date) -> str:
        """Write a date month first, at times in another of the profile's formats."""
        if not self.hand.hit(self.mess):
            return f"{day:%m/%d/%Y}"
        return self.hand.pick((f"{day.month}/{day.day}/{day.year}", f"{day:%Y-%m-%d}", _named(day)))

    def time(self, incident: Incident) -> str:
        """Write a time of day on the 24-hour clock, at times without its colon or on the 12-hour one."""
        clock = incident.occurred
        if not self.hand.hit(self.mess):
            return f"{clock:%H:%M}"
        half = "PM" if clock.hour >= 12 else "AM"
        return self.hand.pick((f"{clock:%H%M}", f"{clock.hour % 12 or 12}:{clock:%M} {half}"))


def _named(day: date) -> str:
    # %b follows the locale of the machine; the names of months must not.
    months = "JanFebMarAprMayJunJulAugSepOctNovDec"
    return f"{day.day:02d}-{months[day.month * 3 - 3 : day.month * 3]}-{day.year}"


def _written(cells: Sequence[str]) -> str:
    return record(cells, newline=_NEWLINE)
