"""The files of a records system in which persons recur, with those of its partners, and the truth about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from ipvi_cli.sample.careers.level import mark_violations, order_days
from ipvi_cli.sample.careers.lives import CAREERS, Act, Life, Lives
from ipvi_cli.sample.careers.someone import Crowd, Hand, Someone
from ipvi_cli.sample.careers.truth import write_person_truth
from ipvi_cli.sample.careers.words import Words, career_words
from ipvi_cli.sample.chance import Chance, split
from ipvi_cli.sample.incidents import Truth, span, write_truth
from ipvi_cli.sample.paper import damaged, record, site_words, some, template
from ipvi_cli.sample.vocabulary import vocabulary

_AGENCIES: Final = (
    ("ZZ0040000", "RIVER CITY PD", ("R1", "R2", "R3", "R4")),
    ("ZZ0040100", "MILL TOWN PD", ("M1", "M2")),
)
_PASSERS_BY: Final = {
    "other_family": 40, "undetermined": 12, "known_not_domestic": 28, "stranger": 20,
}  # fmt: skip
"""What the incidents are that neither belong to a career nor are between partners."""

HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "incidents.csv": ("IncidentNum", "AgencyName", "Occurred", "Reported", "Beat", "DVFlag", "Address"),
    "persons.csv": (
        "IncidentNum", "AgencyName", "Seq", "PersonNum", "Role", "Name", "DOB", "Age", "Sex", "Race",
        "VictimType", "Injury", "PrimaryAggressor", "HomeAddress", "Phone",
    ),
    "relationships.csv": ("IncidentNum", "AgencyName", "VictimSeq", "SuspectSeq", "Relationship"),
    "offenses.csv": ("IncidentNum", "AgencyName", "Offense", "Statute", "Weapon"),
    "arrests.csv": (
        "ArrestNo", "IncidentNum", "AgencyName", "SuspectSeq", "PersonNum", "StateID", "Name", "DOB", "Sex",
        "Age", "ArrestDate", "ArrestType", "Offense", "Sealed",
    ),
    "charges.csv": (
        "ArrestNo", "IncidentNum", "AgencyName", "PersonNum", "StateID", "Name", "DOB", "Sex", "ChargeDate",
        "Charge", "Statute", "Grade", "Filed", "Disposition", "DispositionDate", "JailDays", "ProbationDays",
        "Sealed",
    ),
    "orders.csv": (
        "OrderNo", "AgencyName", "RespondentNum", "RespondentName", "RespondentDOB", "ProtectedNum",
        "ProtectedName", "ProtectedDOB", "Relationship", "Kind", "Issued", "Served", "Expires", "Violated",
    ),
    "supervision.csv": (
        "AgencyName", "StateID", "Name", "DOB", "Kind", "Started", "Ended", "NoContact",
    ),
    "priors.csv": (
        "AgencyName", "StateID", "Name", "DOB", "Sex", "Event", "EventDate", "Offense", "Statute", "Grade",
        "Disposition",
    ),
    "other_lists.csv": ("AgencyName", "Name", "DOB", "Focus", "Listed"),
    "notifications.csv": (
        "AgencyName", "IncidentNum", "PersonNum", "Name", "DOB", "Level", "Qualified", "Notified", "Delivered",
        "Declined", "Method", "VictimBefore", "VictimAfter", "Service", "ExitDate", "ExitKind",
    ),
}  # fmt: skip
_UNTIDY_FILES: Final = ("incidents.csv", "persons.csv")
_METHODS: Final = {"B": "CALL-IN", "C": "DETECTIVE", "D": "LETTER"}


def make_careers(
    *, seed: int, incidents: int, intimate: int, years: int, mess: float, effect: float | None,
    asked: Mapping[str, Any],
) -> tuple[dict[str, bytes], str, dict[str, bytes]]:  # fmt: skip
    """Make the delivery, the profile and the truth of a records system in which persons recur.

    Args:
        seed: Seed.
        incidents: Number of incidents of all kinds.
        intimate: Number of them that are intimate partner.
        years: Number of years.
        mess: Share of messy rows; names and births are written wrong ten times as often, as a share of what is usual.
        effect: Share of the incidents with partners that happen all the same after a delivered notification;
            ``None``: nobody is notified.
        asked: What the truth says that the sample was made with.

    Returns:
        Files, profile, truth.
    """
    words = career_words()
    crowd = Crowd(words, Chance(seed, "careers/people"), vocabulary().names["street"], mess)
    lives = Lives(
        crowd, Chance(seed, "careers/lives"), words, vocabulary(), span=span(years), effect=effect
    )
    drawn = _draw(lives, Chance(seed, "careers/which"), incidents, intimate)
    for life in drawn:
        mark_violations(life.acts)
    clerk = _Clerk(seed, mess, words, span(years))
    acts = clerk.numbered([act for life in drawn for act in life.acts])
    truths = [clerk.enter(act) for act in acts]
    for life in drawn:
        clerk.beside(life)
    files: dict[str, bytes] = {}
    rows: dict[str, dict[str, int]] = {}
    places: dict[str, list[int]] = {}
    for name in HEADERS:
        if name != "notifications.csv" or effect is not None:
            files[name], rows[name], places[name] = clerk.file(name)
    codes = {
        "OFFENSES": {one.say: one.code for one in words.crimes},
        "WEAPONS": vocabulary().codes["weapon"],
        "INJURIES": vocabulary().codes["injury"],
    }
    start, end = span(years)
    profile = template(
        "careers",
        {
            "START": start,
            "END": end,
            "ROWS": sum(one["read"] for one in rows.values()),
            "INCIDENTS": incidents,
            **{name: site_words(some_) for name, some_ in codes.items()},
        },
    )
    if effect is not None:
        profile += template("notifications", {})
    truth = write_truth(truths, asked=asked, files=rows)
    return files, profile, {**truth, **write_person_truth(drawn, clerk.named, places, clerk.orders)}


def _draw(lives: Lives, chance: Chance, incidents: int, intimate: int) -> list[Life]:
    """Draw lives until there are as many incidents as asked; what does not fit is not taken."""
    drawn: list[Life] = []
    left = {"intimate": intimate, "others": incidents - intimate}
    while left["intimate"]:
        life = lives.offender(chance.weighted(CAREERS))
        own = life.count("intimate_partner")
        if own > left["intimate"]:
            continue
        others = [act for act in life.acts if act.meaning != "intimate_partner"]
        for act in others[left["others"] :]:
            life.acts.remove(act)
        if not life.acts:
            continue
        left["intimate"] -= own
        left["others"] -= len(life.acts) - own
        drawn.append(life)
    counts = split(left["others"], list(_PASSERS_BY.values()))
    for meaning, count in zip(_PASSERS_BY, counts, strict=True):
        drawn += [lives.passer_by(meaning) for _ in range(count)]
    return drawn


class _Clerk:
    """Enters acts into the files, and remembers whom each record names."""

    def __init__(self, seed: int, mess: float, words: Words, period: tuple[date, date]) -> None:
        self.mess, self.words, self.period = mess, words, period
        self.facts = Chance(seed, "careers/facts")
        self.spoil = Chance(seed, "careers/hand")
        self.hand = Hand(self.spoil, words, mess)
        self.rows: dict[str, list[list[str]]] = defaultdict(list)
        self.named: list[tuple[str, int, str, Someone]] = []
        """File, place among its records, role, person."""
        self.orders: list[tuple[str, Act]] = []
        """Number of each order, and the act that it follows."""

    def numbered(self, acts: Sequence[Act]) -> list[Act]:
        """Number acts in the order of their days."""
        order = sorted(range(len(acts)), key=lambda place: (acts[place].day, place))
        serials: Counter[tuple[int, int]] = Counter()
        for place in order:
            act = acts[place]
            serials[act.agency, act.day.year] += 1
            act.incident = f"{act.day.year}-{serials[act.agency, act.day.year]:06d}"
        return [acts[place] for place in order]

    def enter(self, act: Act) -> Truth:
        """Enter an incident, and say what the audit has to find."""
        domestic = act.meaning in ("intimate_partner", "other_family")
        flagged: bool | None = None
        if domestic:
            flagged = self.facts.weighted(((True, 88), (None, 10), (False, 2)))
        elif act.meaning == "undetermined":
            flagged = self.facts.weighted(((True, 60), (None, 30), (False, 10)))
        clock = f"{self.facts.between(0, 23):02d}:{self.facts.between(0, 59):02d}"
        self.add(
            "incidents.csv", self.key(act), f"{act.day:%m/%d/%Y} {clock}", _day(act.day),
            self.facts.pick(_AGENCIES[act.agency][2]), {True: "Y", False: "N", None: ""}[flagged],
            act.offender.address,
        )  # fmt: skip
        self.persons(act)
        statute = f"PL {self.facts.between(100, 299)}.00 (invented)"
        self.add("offenses.csv", self.key(act), act.crime.say, statute, act.weapon)
        if act.arrested:
            self.arrest(act, act.offender, "1", statute)
        if act.dual and act.victim is not None:
            self.arrest(act, act.victim, "2", statute)
        if act.order and act.victim is not None and act.said is not None:
            self.order(act, act.victim, act.said)
        meaning = act.meaning
        reasons = {"undetermined": "unknown", "not_applicable": "not_called_for"}
        counted = domestic or meaning == "undetermined"
        identifier = f"{_AGENCIES[act.agency][0]}:{act.incident}"
        return Truth(identifier, meaning, reasons.get(meaning), counted, False, flagged)

    def persons(self, act: Act) -> None:
        """Enter who was there, and their ties."""
        both = act.dual != ""
        named = act.dual == "named"
        self.person(act, "VICTIM", 1, act.victim, "")
        self.person(act, "SUSPECT", 1, act.offender, "Y" if named else "")
        if act.said is not None:
            self.add("relationships.csv", self.key(act), "1", "1", act.said)
        if both:
            self.person(act, "VICTIM", 2, act.offender, "")
            self.person(act, "SUSPECT", 2, act.victim, "N" if named else "")
            self.add("relationships.csv", self.key(act), "2", "2", act.back)

    def person(self, act: Act, role: str, seq: int, one: Someone | None, first: str) -> None:
        """Enter a person; society has neither name nor birth."""
        if one is None:
            self.add(
                "persons.csv", self.key(act), str(seq), "", role, *[""] * 5, "SOCIETY", *[""] * 4
            )
            return
        self.name("persons.csv", {"VICTIM": "victim", "SUSPECT": "offender"}[role], one)
        self.add(
            "persons.csv", self.key(act), str(seq), self.hand.number(one, act.agency), role,
            self.hand.name(one, act.day), self.hand.born(one), str(one.age(act.day)), one.sex, one.race,
            "INDIVIDUAL" if role == "VICTIM" else "", act.injury if role == "VICTIM" and seq == 1 else "",
            first, one.address, one.phone,
        )  # fmt: skip

    def arrest(self, act: Act, one: Someone, seq: str, statute: str) -> None:
        """Enter an arrest and what is charged; whoever is convicted may come under supervision."""
        facts, hand = self.facts, self.hand
        day = act.day + timedelta(days=facts.weighted(((0, 80), (1, 15), (9, 5))))
        number = f"A-{len(self.rows['arrests.csv']) + 1:05d}"
        said = (hand.number(one, act.agency), self.state(one), hand.name(one, day), hand.born(one))
        sealed = "Y" if act.sealed else "N"
        self.name("arrests.csv", "arrestee", one)
        self.add(
            "arrests.csv", (number, *self.key(act)), seq, *said, one.sex, str(one.age(day)), _day(day),
            facts.weighted((("ON-VIEW", 75), ("WARRANT", 15), ("SUMMONS", 10))), act.crime.say, sealed,
        )  # fmt: skip
        for crime in act.charges:
            end = facts.weighted(
                (("CONVICTED", 40), ("DISMISSED", 35), ("PENDING", 15), ("DECLINED", 10))
            )
            closed = day + timedelta(days=facts.between(30, 240))
            open_ = end == "PENDING" or closed > self.period[1]
            jail = facts.pick((0, 0, 30, 90)) if end == "CONVICTED" and not open_ else 0
            spell = 365 if end == "CONVICTED" and not open_ and facts.hit(0.6) else 0
            self.name("charges.csv", "charged", one)
            self.add(
                "charges.csv", (number, *self.key(act)), *said, one.sex, _day(day), crime.say, statute,
                crime.grade, "N" if end == "DECLINED" else "Y", "PENDING" if open_ else end,
                "" if open_ else _day(closed), str(jail or ""), str(spell or ""), sealed,
            )  # fmt: skip
            if spell and not act.sealed:
                self.supervised(act, one, closed, spell)

    def supervised(self, act: Act, one: Someone, since: date, days: int) -> None:
        """Enter a spell of probation."""
        self.name("supervision.csv", "supervised", one)
        self.add(
            "supervision.csv", (_AGENCIES[act.agency][1],), self.state(one), self.hand.name(one, since),
            self.hand.born(one), "PROBATION", _day(since), _day(since + timedelta(days=days)),
            "Y" if act.meaning == "intimate_partner" else "N",
        )  # fmt: skip

    def order(self, act: Act, protected: Someone, said: str) -> None:
        """Enter an order, with the day on which it was violated."""
        served, expires = order_days(act)
        self.name("orders.csv", "respondent", act.offender)
        self.name("orders.csv", "protected", protected)
        sides = [
            text
            for one in (act.offender, protected)
            for text in (self.hand.number(one, act.agency), self.hand.name(one, act.day), self.hand.born(one))
        ]  # fmt: skip
        number = f"O-{len(self.rows['orders.csv']) + 1:05d}"
        self.orders.append((number, act))
        self.add(
            "orders.csv", (number, _AGENCIES[act.agency][1]), *sides, said, "FINAL", _day(act.day),
            _day(served), _day(expires), "" if act.violated is None else _day(act.violated),
        )  # fmt: skip

    def beside(self, life: Life) -> None:
        """Enter what other files hold of a life: priors, lists, notifications."""
        facts, hand, one, start = self.facts, self.hand, life.who, self.period[0]
        agency = _AGENCIES[life.acts[0].agency][1]
        many = {"chronic": facts.between(3, 9), "occasional": facts.between(0, 2)}
        adult = start - date(one.born.year + 18, 1, 1)
        for _ in range(many.get(life.career, int(facts.hit(0.15)))):
            if adult.days < 400:
                break
            day = start - timedelta(days=facts.between(1, min(adult.days - 366, 3000)))
            crime = self.words.crime(facts.pick(("violence", "property", "drug", "weapon")), facts)
            event = facts.pick(("ARREST", "CONVICTION"))
            self.name("priors.csv", "prior", one)
            self.add(
                "priors.csv", (agency,), self.state(one), hand.name(one, day), hand.born(one), one.sex, event,
                _day(day), crime.say, f"PL {facts.between(100, 299)}.00 (invented)", crime.grade,
                "CONVICTED" if event == "CONVICTION" else facts.pick(("DISMISSED", "PENDING")),
            )  # fmt: skip
        if life.career == "chronic" and facts.hit(0.25):
            self.name("other_lists.csv", "listed", one)
            self.add(
                "other_lists.csv", (agency,), hand.name(one, start), hand.born(one),
                facts.pick(("GROUP", "GUN", "DRUG")), _day(start + timedelta(days=facts.between(0, 300))),
            )  # fmt: skip
        for notice in life.notices:
            act = notice.act
            self.name("notifications.csv", "notified", one)
            last = notice is life.notices[-1] and life.exit
            self.add(
                "notifications.csv", (_AGENCIES[act.agency][1], act.incident),
                hand.number(one, act.agency), hand.name(one, notice.notified), hand.born(one), notice.level,
                _day(notice.qualified), _day(notice.notified), "Y" if notice.delivered else "N",
                "N" if notice.delivered else facts.pick("YN"), _METHODS[notice.level],
                facts.pick("YN"), facts.pick("YN"), "Y" if notice.delivered and facts.hit(0.2) else "N",
                *((_day(last[0]), last[1]) if last else ("", "")),
            )  # fmt: skip

    def key(self, act: Act) -> tuple[str, str]:
        """Give number and agency as the files write them."""
        return act.incident, _AGENCIES[act.agency][1]

    def state(self, one: Someone) -> str:
        """Write the state's number, which a third of the records lacks."""
        return one.state_id if self.facts.hit(0.65) else ""

    def add(self, file: str, key: Sequence[str], *cells: str) -> None:
        """Add a record."""
        self.rows[file].append([*key, *cells])

    def name(self, file: str, role: str, one: Someone) -> None:
        """Remember whom the record names that is added next."""
        self.named.append((file, len(self.rows[file]), role, one))

    def file(self, name: str) -> tuple[bytes, dict[str, int], list[int]]:
        """Write a file: some records twice, some also as a damaged copy; give the line of each record too."""
        rows = self.rows[name]
        mess = self.mess if name in _UNTIDY_FILES else 0.0
        repeats = [self.spoil.between(0, len(rows) - 1) for _ in range(some(len(rows), 0.02, mess))]
        # A record that ends in a blank can take one more field without anybody noticing.
        full = [place for place, cells in enumerate(rows) if cells[-1]]
        broken = [self.spoil.pick(full) for _ in range(some(len(full), 0.01, mess))]
        after: dict[int, list[str]] = defaultdict(list)
        for place in repeats:
            after[place].append(record(rows[place]))
        for number, place in enumerate(broken):
            after[place].append(damaged(rows[place], number))
        lines, places = [record(HEADERS[name])], []
        for place, cells in enumerate(rows):
            places.append(len(lines) + 1)
            lines += [record(cells), *after[place]]
        counts = {
            "read": len(rows) + len(repeats) + len(broken),
            "quarantined": len(broken),
            "duplicate": len(repeats),
        }
        return "".join(lines).encode(), counts, places


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"
